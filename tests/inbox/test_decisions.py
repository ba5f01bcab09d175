"""Each step of inside sales: what it writes, what the technician's tablet reads, and how it is undone."""

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from protocol.pairing import Role
from protocol.review import LeadState
from sync_server.crm.users import User
from sync_server.inbox import clock, decisions
from sync_server.store import schema as t
from tests.inbox.desk import Desk, Lead, events_of, hidden, row_of, words
from tests.server.firm import Firm, Tablet


def test_accepting_reaches_the_tablet_at_its_next_pull(
    firm: Firm, nora: Desk, anna: Tablet, arrive: Callable[..., Lead]
) -> None:
    lead = arrive()
    assert nora.post(f"{lead.path}/accept", {"revision": "1"}).status_code == 303
    row = row_of(firm, lead)
    assert (row.state, row.decided_by_id, row.assignee_id) == ("accepted", firm.nora.id, firm.nora.id)
    assert row.first_answer_at == row.decided_at
    assert row.revision == 2
    assert events_of(firm, lead)[-1] == "accept"
    anna.pull()
    review = anna.observation(lead.change).review
    assert (review.state, review.decided_by_name) == (LeadState.ACCEPTED, "Nora Kern")


def test_rejecting_tells_the_tablet_reason_and_note(
    firm: Firm, nora: Desk, anna: Tablet, arrive: Callable[..., Lead]
) -> None:
    lead = arrive()
    nora.post(
        f"{lead.path}/reject", {"revision": "1", "reason": "already_known", "note": " Angebot  läuft. "}
    )
    anna.pull()
    review = anna.observation(lead.change).review
    assert (review.state, review.reason, review.note) == ("rejected", "already_known", "Angebot läuft.")
    assert "Schon bekannt: Angebot läuft." in words(nora.get(lead.path).text)


def test_a_question_reaches_the_thread_and_its_answer_comes_back_as_work(
    firm: Firm, nora: Desk, anna: Tablet, arrive: Callable[..., Lead]
) -> None:
    lead = arrive()
    nora.post(f"{lead.path}/ask", {"revision": "1", "text": "Welche Halle genau?"})
    anna.pull()
    held = anna.observation(lead.change)
    assert held.review.state == "question"
    assert [(c.text, c.by_technician) for c in held.comments] == [("Welche Halle genau?", False)]
    assert lead.id.hex in nora.get("/?view=question").text
    anna.push(anna.comment(lead.change, "Halle C, hinter dem Tor."))
    page = nora.get("/?view=mine").text
    assert f'<li id="lead-{lead.id.hex}" class="row unread"' in page
    assert "Halle C, hinter dem Tor." in words(nora.get(lead.path).text)


def test_a_comment_changes_no_state_and_is_no_first_answer(
    firm: Firm, nora: Desk, arrive: Callable[..., Lead]
) -> None:
    lead = arrive()
    nora.post(f"{lead.path}/comment", {"revision": "1", "text": "Danke!"})
    row = row_of(firm, lead)
    assert (row.state, row.first_answer_at, row.revision) == ("new", None, 2)


def test_assigning_begins_the_work_and_giving_back_returns_it_to_the_queue(
    firm: Firm, nora: Desk, otto: Desk, arrive: Callable[..., Lead]
) -> None:
    lead = arrive()
    with firm.database.reading() as connection:
        otto_id = connection.execute(select(t.users.c.id).where(t.users.c.login == "otto")).scalar_one()
    nora.post(f"{lead.path}/assign", {"revision": "1", "assignee": otto_id.hex})
    assert (row_of(firm, lead).state, row_of(firm, lead).assignee_id) == ("in_review", otto_id)
    assert lead.id.hex in otto.get("/?view=mine").text
    assert lead.id.hex not in nora.get("/?view=new").text
    nora.post(f"{lead.path}/assign", {"revision": "2", "assignee": ""})
    assert lead.id.hex in nora.get("/?view=new").text


def test_nobody_is_assigned_who_may_not_decide(firm: Firm, nora: Desk, arrive: Callable[..., Lead]) -> None:
    lead = arrive()
    answer = nora.post(f"{lead.path}/assign", {"revision": "1", "assignee": firm.anna.id.hex})
    assert answer.status_code == 422
    assert "kann keine Meldungen übernehmen" in words(answer.text)


def test_a_follow_up_puts_off_and_comes_back_on_its_day(
    firm: Firm, nora: Desk, arrive: Callable[..., Lead], turn_clock: Callable[[timedelta], None]
) -> None:
    lead = arrive()
    due = (clock.now() + timedelta(days=3)).date()
    nora.post(f"{lead.path}/follow-up", {"revision": "1", "due_on": due.isoformat(), "note": "Nachfassen"})
    assert lead.id.hex not in nora.get("/?view=new").text
    assert lead.id.hex in nora.get("/?view=deferred").text
    assert lead.id.hex not in nora.get("/?view=due").text
    turn_clock(timedelta(days=3))
    desk = Desk(firm.http).sit_down(firm, firm.nora)
    page = desk.get("/?view=due").text
    assert lead.id.hex in page
    detail = desk.get(lead.path).text
    assert "Nachfassen" in words(detail)
    done = {"revision": "2", "follow_up": hidden(detail, "follow_up")}
    assert desk.post(f"{lead.path}/follow-up-done", done).status_code == 303
    assert lead.id.hex not in desk.get("/?view=due").text


def test_an_overdue_follow_up_of_a_colleague_is_everybodys(
    nora: Desk,
    firm: Firm,
    employ: Callable[[str, Role], User],
    arrive: Callable[..., Lead],
    turn_clock: Callable[[timedelta], None],
) -> None:
    lead = arrive()
    today = clock.now().astimezone(ZoneInfo("Europe/Berlin")).date()  # the firm's day, also after 23:00 UTC
    nora.post(f"{lead.path}/follow-up", {"revision": "1", "due_on": today.isoformat()})
    colleague = employ("otto", Role.INSIDE_SALES)
    otto = Desk(firm.http).sit_down(firm, colleague)
    assert lead.id.hex not in otto.get("/?view=due").text
    turn_clock(timedelta(days=1))
    otto = Desk(firm.http).sit_down(firm, colleague)
    page = otto.get("/?view=due").text
    assert lead.id.hex in page
    assert '<span class="chip bad">Wiedervorlage' in page


@pytest.mark.parametrize(
    ("step", "data"),
    [
        ("accept", {}),
        ("reject", {"reason": "too_vague", "note": "Welche Anlage?"}),
        ("ask", {"text": "Wo genau?"}),
        ("comment", {"text": "Danke"}),
        ("assign", {"assignee": "nora"}),
        ("follow-up", {"due_on": "2099-01-04", "note": "später"}),
        ("take", {}),
        ("duplicate", {}),
    ],
)
def test_every_step_can_be_undone_as_if_it_had_not_been_taken(
    firm: Firm, nora: Desk, anna: Tablet, arrive: Callable[..., Lead], step: str, data: dict[str, str]
) -> None:
    lead = arrive()
    if data.get("assignee") == "nora":
        data = {"assignee": firm.nora.id.hex}
    before = row_of(firm, lead)._asdict()
    anna.pull()
    held_before = anna.observation(lead.change)
    taken = nora.htmx("POST", f"{lead.path}/{step}", data={"revision": "1", **data})
    assert taken.status_code == 200, taken.text
    assert "Rückgängig" in words(taken.text)
    undo = {"revision": "2", "event": hidden(taken.text, "event")}
    undone = nora.htmx("POST", f"{lead.path}/undo", data=undo)
    assert undone.status_code == 200
    after = row_of(firm, lead)._asdict()
    volatile = {"revision", "changed_at"}
    assert {k: v for k, v in after.items() if k not in volatile} == {
        k: v for k, v in before.items() if k not in volatile
    }
    with firm.database.reading() as connection:
        assert connection.execute(select(t.comments)).all() == []
        assert connection.execute(select(t.follow_ups)).all() == []
    assert events_of(firm, lead)[-1] == "undo"
    anna.pull()
    held = anna.observation(lead.change)
    assert held.comments == held_before.comments
    assert held.review.state == held_before.review.state


def test_a_step_of_a_colleague_or_of_long_ago_cannot_be_undone(
    firm: Firm, nora: Desk, otto: Desk, arrive: Callable[..., Lead], turn_clock: Callable[[timedelta], None]
) -> None:
    lead = arrive()
    taken = nora.htmx("POST", f"{lead.path}/accept", data={"revision": "1"})
    undo = {"revision": "2", "event": hidden(taken.text, "event")}
    assert otto.htmx("POST", f"{lead.path}/undo", data=undo).status_code == 409
    turn_clock(timedelta(minutes=11))
    late = nora.htmx("POST", f"{lead.path}/undo", data=undo)
    assert late.status_code == 422
    assert "älter als 10 Minuten" in words(late.text)
    assert row_of(firm, lead).state == "accepted"


def test_a_colleague_who_was_faster_is_not_overwritten(
    firm: Firm, nora: Desk, otto: Desk, arrive: Callable[..., Lead]
) -> None:
    lead = arrive()
    nora.post(f"{lead.path}/accept", {"revision": "1"})
    answer = otto.htmx(
        "POST", f"{lead.path}/reject", data={"revision": "1", "reason": "other", "note": "Mein langer Satz"}
    )
    assert answer.status_code == 409
    assert "Inzwischen hat sich diese Meldung geändert: Angenommen (Nora Kern)" in words(answer.text)
    assert "Mein langer Satz" in answer.text
    assert row_of(firm, lead).state == "accepted"
    assert "reject" not in events_of(firm, lead)


@pytest.mark.parametrize(
    ("step", "data", "sentence"),
    [
        ("ask", {"text": "  "}, "Bitte einen Text eingeben."),
        ("ask", {"text": "\x00\x07"}, "Bitte einen Text eingeben."),
        ("comment", {"text": "x" * 100_000}, "Der Text ist zu lang"),
        ("reject", {"note": "ohne Grund"}, "Bitte einen Grund wählen."),
        ("reject", {"reason": "because"}, "Bitte einen Grund wählen."),
        ("reject", {"reason": "other"}, "braucht die Technik einen Satz"),
        ("reject", {"reason": "too_vague", "note": "y" * 501}, "Die Notiz ist zu lang"),
        ("follow-up", {}, "Bitte ein Datum wählen."),
        ("follow-up", {"due_on": "31.02.2027"}, "Bitte ein Datum wählen."),
        ("follow-up", {"due_on": "0001-01-01"}, "Das Datum liegt in der Vergangenheit."),
        ("follow-up", {"due_on": "9999-12-31"}, "Das Datum liegt zu weit in der Zukunft."),
        ("assign", {"assignee": "niemand"}, "kann keine Meldungen übernehmen"),
    ],
)
@pytest.mark.parametrize("with_script", [True, False])
def test_bad_input_is_told_and_what_was_typed_stays(
    firm: Firm,
    nora: Desk,
    arrive: Callable[..., Lead],
    step: str,
    data: dict[str, str],
    sentence: str,
    with_script: bool,
) -> None:
    lead = arrive()
    send = nora.htmx if with_script else lambda _m, path, data: nora.post(path, data)
    answer = send("POST", f"{lead.path}/{step}", data={"revision": "1", **data})
    assert answer.status_code == 422
    assert sentence in words(answer.text)
    for typed in (data.get("text", "").strip("\x00\x07 "), data.get("note", "")):
        assert typed in answer.text
    assert row_of(firm, lead).revision == 1


def test_control_characters_in_a_comment_are_dropped(
    nora: Desk, anna: Tablet, arrive: Callable[..., Lead]
) -> None:
    lead = arrive()
    nora.post(f"{lead.path}/comment", {"revision": "1", "text": "Zeile 1\r\nZeile\x00 2\x1b"})
    anna.pull()
    assert anna.observation(lead.change).comments[0].text == "Zeile 1\nZeile 2"


def test_text_is_shown_as_text(nora: Desk, arrive: Callable[..., Lead]) -> None:
    lead = arrive("<script>alert(1)</script><img src=x onerror=alert(1)>")
    page = nora.get(lead.path).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_form_of_many_megabytes_is_refused(firm: Firm, nora: Desk, arrive: Callable[..., Lead]) -> None:
    lead = arrive()
    answer = nora.post(f"{lead.path}/comment", {"revision": "1", "text": "x" * 3_000_000})
    assert answer.status_code == 413
    assert "höchstens 20.000 Zeichen" in words(answer.text)


@pytest.mark.parametrize(
    "path", ["/leads/0", "/leads/019aa2b0c0de7000800000000000beef", "/photos/x", "/customers/x"]
)
def test_what_does_not_exist_is_said(nora: Desk, path: str) -> None:
    answer = nora.get(path)
    assert answer.status_code == 404
    assert "Das gibt es hier nicht" in words(answer.text)


@pytest.mark.parametrize("step", decisions.STEPS)
def test_every_step_on_an_unknown_lead_says_so(nora: Desk, step: str) -> None:
    data = {"revision": "1", "text": "x", "reason": "too_vague", "due_on": "2099-01-05", "assignee": ""}
    answer = nora.post(f"/leads/019aa2b0c0de7000800000000000beef/{step}", data)
    assert answer.status_code == 404


def test_without_script_the_next_page_offers_the_undo(nora: Desk, arrive: Callable[..., Lead]) -> None:
    lead = arrive()
    answer = nora.post(f"{lead.path}/accept?view=new", {"revision": "1"})
    page = words(nora.get(answer.headers["location"]).text)
    assert "Angenommen. Rückgängig" in page


def test_an_offer_reaches_the_tablet_leaves_the_state_and_can_be_taken_back(
    firm: Firm, nora: Desk, anna: Tablet, arrive: Callable[..., Lead]
) -> None:
    lead = arrive()
    assert nora.post(f"{lead.path}/offer", {"revision": "1"}).status_code == 409, "of nothing undecided"
    nora.post(f"{lead.path}/accept", {"revision": "1"})
    assert "Angebot als gemacht vermerken" in words(nora.get(lead.path).text)
    assert nora.post(f"{lead.path}/offer", {"revision": "2"}).status_code == 303
    assert row_of(firm, lead).state == "accepted"
    assert events_of(firm, lead)[-1] == "offer"
    page = nora.get(lead.path).text
    assert "Angebot gemacht" in words(page)
    assert "Angebot als gemacht vermerken" not in words(page)
    anna.pull()
    review = anna.observation(lead.change).review
    assert (review.state, review.offered_at) == (LeadState.ACCEPTED, row_of(firm, lead).offered_at)
    nora.post(f"{lead.path}/undo", {"revision": "3", "event": hidden(page, "event")})
    assert row_of(firm, lead).offered_at is None
    anna.pull()
    assert anna.observation(lead.change).review.offered_at is None
