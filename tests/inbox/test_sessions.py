"""Who gets in, how long, and what a foreign page cannot do in somebody's name."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import httpx
import pytest
from markupsafe import escape
from sqlalchemy import select, update

from protocol.ids import new_id
from protocol.pairing import Role
from sync_server.crm.users import User
from sync_server.inbox import login, sessions
from sync_server.inbox.addresses import own_path
from sync_server.settings import Settings
from sync_server.store import schema as t
from tests.inbox.desk import PASSWORD, Desk, Lead, events_of, hidden, row_of, words
from tests.server.firm import Firm


def test_without_a_login_every_page_leads_to_it_and_back(firm: Firm) -> None:
    answer = Desk(firm.http).get("/?view=all&q=halle")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=/%3Fview%3Dall%26q%3Dhalle"
    logged_in = Desk(firm.http).log_in(firm.nora, next_path="/?view=all&q=halle")
    assert logged_in.headers["location"] == "/?view=all&q=halle"


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/ok\r\nSet-Cookie: a=b",
        "",
    ],
)
def test_the_way_back_never_leads_elsewhere(target: str) -> None:
    assert own_path(target) == "/"


def test_the_cookie_is_out_of_reach_and_the_store_knows_a_hash_only(firm: Firm) -> None:
    desk = Desk(firm.http)
    cookie = desk.log_in(firm.nora).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    with firm.database.reading() as connection:
        stored = connection.execute(select(t.sessions.c.token_hash)).scalar_one()
    assert desk.cookies["rundgang-session"].encode() not in stored


def test_behind_https_the_cookie_is_for_https_and_this_host_only(firm: Firm) -> None:
    from starlette.responses import Response

    response = Response()
    sessions.put_cookie(response, "token", Settings(data=firm.app.state.settings.data, secure=True))
    cookie = response.headers["set-cookie"]
    assert cookie.startswith("__Host-rundgang-session=token")
    assert "Secure" in cookie
    assert "Domain" not in cookie


def test_a_login_gives_a_new_session_and_ends_the_one_before(firm: Firm, nora: Desk) -> None:
    before = dict(nora.cookies)
    answer = nora.post("/login", {"login": "nora", "password": PASSWORD})
    assert answer.status_code == 303
    assert nora.cookies["rundgang-session"] != before["rundgang-session"]
    assert Desk(firm.http, before).get("/").status_code == 303


def test_unknown_login_and_wrong_password_are_answered_alike(firm: Firm) -> None:
    def refused(login_name: str) -> str:
        desk = Desk(firm.http)
        desk.csrf = hidden(desk.get("/login").text, "csrf")
        answer = desk.post("/login", {"login": login_name, "password": "falsch falsch"})
        assert answer.status_code == 422
        return words(answer.text)

    assert refused("nora") == refused("niemand")
    assert "Anmeldename oder Passwort stimmt nicht." in refused("nora")


def test_a_technician_is_told_that_his_account_is_for_the_tablet(firm: Firm) -> None:
    answer = Desk(firm.http).log_in(firm.anna)
    assert answer.status_code == 403
    assert "mit dem Tablet und nicht mit dem Eingang" in words(answer.text)


def test_guessing_ends_after_ten_attempts_even_with_the_right_password(
    firm: Firm, turn_clock: Callable[[timedelta], None]
) -> None:
    for _ in range(login.LOGIN.each):
        Desk(firm.http).log_in(firm.nora, "falsch falsch")
    assert Desk(firm.http).log_in(firm.nora).status_code == 429
    turn_clock(login.LOGIN.within + timedelta(minutes=1))
    assert Desk(firm.http).log_in(firm.nora).status_code == 303


@pytest.mark.parametrize("limit", [sessions.IDLE, sessions.LONGEST])
def test_a_session_ends_when_unused_and_after_a_day_at_work(
    firm: Firm, nora: Desk, turn_clock: Callable[[timedelta], None], limit: timedelta
) -> None:
    if limit == sessions.LONGEST:
        with firm.database.writing() as connection:  # used all day long
            connection.execute(update(t.sessions).values(last_seen_at=t.sessions.c.expires_at))
    turn_clock(limit - timedelta(minutes=1))
    with firm.database.reading() as connection:
        token_hash = connection.execute(select(t.sessions.c.token_hash)).scalar_one()
    from sync_server.inbox import clock

    assert sessions.lives(firm.database, token_hash, clock.now())
    turn_clock(limit + timedelta(minutes=1))
    assert nora.get("/").status_code == 303


def test_a_closed_account_is_out_at_once(firm: Firm, nora: Desk) -> None:
    with firm.database.writing() as connection:
        connection.execute(update(t.users).where(t.users.c.login == "nora").values(active=False))
    assert nora.get("/").status_code == 303


def test_logging_out_ends_the_session_on_the_server(firm: Firm, nora: Desk) -> None:
    kept = Desk(firm.http, dict(nora.cookies))
    assert nora.post("/logout").status_code == 303
    assert kept.get("/").status_code == 303


def test_an_expired_session_sends_htmx_to_the_login_and_back_to_its_page(
    nora: Desk, arrive: Callable[..., Lead], turn_clock: Callable[[timedelta], None]
) -> None:
    lead = arrive()
    turn_clock(sessions.IDLE + timedelta(minutes=1))
    answer = nora.htmx("POST", f"{lead.path}/accept", page=f"{lead.path}?view=new", data={"revision": "1"})
    assert answer.status_code == 401
    assert answer.headers["hx-redirect"] == f"/login?next={lead.path}%3Fview%3Dnew"


@pytest.mark.parametrize(
    ("csrf", "headers"),
    [
        ("", {}),
        ("of-another-session", {}),
        (None, {"origin": "https://evil.example"}),
        (None, {"origin": "null"}),
    ],
)
def test_a_form_that_is_not_from_our_page_changes_nothing(
    firm: Firm, nora: Desk, arrive: Callable[..., Lead], csrf: str | None, headers: dict[str, str]
) -> None:
    lead = arrive()
    data = {"revision": "1"} | ({} if csrf is None else {"csrf": csrf})
    answer = nora.post(f"{lead.path}/accept", data, headers=headers)
    assert answer.status_code == 403
    assert "Nichts wurde geändert" in words(answer.text)
    assert row_of(firm, lead).state == "new"


def test_a_login_form_needs_its_own_token(firm: Firm) -> None:
    answer = Desk(firm.http).post("/login", {"login": "nora", "password": PASSWORD})
    assert answer.status_code == 403


def test_pages_forbid_inline_code_and_frames_and_hold_none(nora: Desk, arrive: Callable[..., Lead]) -> None:
    answer = nora.get(arrive().path)
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "<style" not in answer.text
    assert " style=" not in answer.text
    assert "<script>" not in answer.text
    assert " onclick=" not in answer.text


def test_the_language_is_the_accounts(firm: Firm, nora: Desk, employ: Callable[[str, Role], User]) -> None:
    assert (
        nora.post("/language", {"language": "en", "next": "/?view=all"}).headers["location"] == "/?view=all"
    )
    page = nora.get("/").text
    assert '<html lang="en"' in page
    assert "Due today" in words(page)


def test_the_login_page_speaks_the_browsers_language(firm: Firm) -> None:
    page = Desk(firm.http).get("/login", headers={"accept-language": "en-GB,en;q=0.9,de;q=0.5"}).text
    assert "Log in" in words(page)


def test_a_plain_form_that_meets_an_expired_session_brings_its_text_back_after_the_login(
    firm: Firm, nora: Desk, arrive: Callable[..., Lead], turn_clock: Callable[[timedelta], None]
) -> None:
    lead = arrive()
    turn_clock(sessions.IDLE + timedelta(minutes=1))
    text = 'Welche Halle?\n"Zwei" & <drei>'
    refused = nora.post(f"{lead.path}/ask?view=all", {"revision": "1", "text": text})
    assert refused.status_code == 403
    assert "Das Getippte ist noch da" in words(refused.text)

    def log_in(page: str, password: str) -> httpx.Response:
        fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))
        sent = {name: unescape(value) for name, value in fields.items()}
        return nora.post("/login", {**sent, "login": "nora", "password": password})

    wrong = log_in(refused.text, "falsch falsch")
    assert wrong.status_code == 422
    back = log_in(wrong.text, PASSWORD)
    assert back.status_code == 200
    assert "Der Schritt wurde nicht ausgeführt" in words(back.text)
    assert f">{escape(text)}</textarea>" in back.text
    assert "open>" in back.text.split('data-key="q"')[0].rsplit("<details", 1)[1]
    assert f'action="{lead.path}/ask?view=all"' in back.text
    assert events_of(firm, lead) == ["received"]
    nora.csrf = hidden(back.text, "csrf")
    assert nora.post(f"{lead.path}/ask", {"revision": "1", "text": text}).status_code == 303


def test_a_foreign_page_puts_no_words_into_the_login(
    firm: Firm, arrive: Callable[..., Lead], nora: Desk
) -> None:
    lead = arrive()
    answer = Desk(firm.http).post(
        f"{lead.path}/ask", {"text": "untergeschoben"}, headers={"origin": "https://evil.example"}
    )
    assert (answer.status_code, answer.text) == (303, "")
    assert answer.headers["location"] == f"/login?next={lead.path}"


def test_text_for_a_lead_that_is_gone_leads_to_the_list(firm: Firm) -> None:
    desk = Desk(firm.http)
    desk.csrf = hidden(desk.get("/login").text, "csrf")
    fields = {"login": "nora", "password": PASSWORD, "next": f"/leads/{new_id().hex}"}
    answer = desk.post("/login", {**fields, "unsent-step": "ask", "unsent-text": "x"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
