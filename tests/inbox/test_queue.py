"""The list: views, filters, search, stable pages, and next and previous inside what is filtered."""

import re
from collections.abc import Callable

import pytest

from protocol.observation import Kind, NextStep, Urgency
from sync_server.inbox import triage
from tests.inbox.desk import Desk, Lead, listed, row_of, words
from tests.server.firm import Firm, Tablet


def test_new_leads_are_listed_newest_first_with_counts(nora: Desk, arrive: Callable[..., Lead]) -> None:
    leads = [arrive(f"Meldung {number}") for number in range(3)]
    page = nora.get("/").text
    assert listed(page) == [lead.id.hex for lead in reversed(leads)]
    assert re.search(r"Neu\s+3 Meine\s+0", words(page))


def test_each_view_holds_its_leads(nora: Desk, arrive: Callable[..., Lead]) -> None:
    urgent = arrive("Sofort", urgency=Urgency.URGENT)
    asked = arrive("Unklar")
    taken = arrive("Meins")
    done = arrive("Fertig")
    nora.post(f"{asked.path}/ask", {"revision": "1", "text": "Wo?"})
    nora.post(f"{taken.path}/take", {"revision": "1"})
    nora.post(f"{done.path}/accept", {"revision": "1"})

    def view(name: str) -> set[str]:
        return set(listed(nora.get(f"/?view={name}").text))

    assert view("new") == {urgent.id.hex}
    assert view("mine") == {asked.id.hex, taken.id.hex}
    assert view("question") == {asked.id.hex}
    assert view("urgent") == {urgent.id.hex}
    assert view("a_customers") == {urgent.id.hex, asked.id.hex, taken.id.hex}
    assert view("decided") == {done.id.hex}
    assert view("all") == {lead.id.hex for lead in (urgent, asked, taken, done)}
    assert view("due") == view("deferred") == set()


def test_filters_narrow_by_state_kind_customer_and_technician(
    firm: Firm, nora: Desk, arrive: Callable[..., Lead]
) -> None:
    plan = arrive("Plan hier")
    complaint = arrive("Ärger dort", kind=Kind.COMPLAINT, customer_id=firm.werft)
    jan = firm.pair(firm.jan)
    note = jan.observe("Jans Notiz", kind=Kind.NOTE)
    jan.push(note)
    nora.post(f"{plan.path}/accept", {"revision": "1"})

    def found(query: str) -> set[str]:
        return set(listed(nora.get(f"/?view=all&{query}").text))

    assert found("state=accepted") == {plan.id.hex}
    assert found("kind=complaint") == {complaint.id.hex}
    assert found(f"customer={firm.werft.hex}") == {complaint.id.hex}
    assert found(f"technician={firm.anna.id.hex}") == {plan.id.hex, complaint.id.hex}
    assert found(f"technician={firm.anna.id.hex}&kind=plan") == {plan.id.hex}
    assert found("kind=nonsense&customer=nonsense") == found("")


@pytest.mark.parametrize(
    "query",
    [
        "kältetrockner",
        "kaeltetrockner",
        "KALTETROCKNER",
        "brandle kält",
        "Brändle",
        "trockner kaputt kält",
        "k0",
    ],
)
def test_search_tolerates_umlauts_order_and_beginnings(
    firm: Firm, nora: Desk, arrive: Callable[..., Lead], query: str
) -> None:
    wanted = arrive("Kältetrockner und anderer Trockner kaputt")
    arrive("Etwas ganz anderes", customer_id=firm.werft)
    assert listed(nora.get("/", params={"view": "all", "q": query}).text) == [wanted.id.hex]


@pytest.mark.parametrize("query", ["%", "_", "'; DROP TABLE leads; --", "\x00", "ä" * 5_000])
def test_odd_searches_are_only_searches(nora: Desk, arrive: Callable[..., Lead], query: str) -> None:
    arrive("Halle")
    assert nora.get("/", params={"view": "all", "q": query}).status_code == 200


def test_next_and_previous_stay_inside_the_filter_while_new_leads_arrive(
    nora: Desk, arrive: Callable[..., Lead]
) -> None:
    first = arrive("Plan 1")
    arrive("Reklamation", kind=Kind.COMPLAINT)
    second = arrive("Plan 2")
    third = arrive("Plan 3")
    page = nora.htmx("GET", f"{second.path}?view=new&kind=plan").text
    assert "2 von 3" in words(page)
    assert f'data-key="k" href="{third.path}?view=new&amp;kind=plan"' in page
    assert f'data-key="j" href="{first.path}?view=new&amp;kind=plan"' in page
    arrive("Plan 4")
    assert "3 von 4" in words(nora.htmx("GET", f"{second.path}?view=new&kind=plan").text)


def test_after_a_decision_the_next_one_is_still_a_key_away(nora: Desk, arrive: Callable[..., Lead]) -> None:
    older, decided, newer = arrive("eins"), arrive("zwei"), arrive("drei")
    page = nora.htmx("POST", f"{decided.path}/accept?view=new", data={"revision": "1"}).text
    assert "von 2" not in words(page)
    assert f'data-key="j" href="{older.path}?view=new"' in page
    assert f'data-key="k" href="{newer.path}?view=new"' in page


def test_pages_follow_each_other_without_gap_or_repetition_while_leads_arrive(
    firm: Firm, nora: Desk, anna: Tablet, arrive: Callable[..., Lead]
) -> None:
    # All of one push arrive at the same moment: the order must not hang on the time alone.
    changes = [anna.observe(f"Meldung {number}") for number in range(triage.PAGE * 2 + 5)]
    anna.push(*changes)
    page = nora.get("/").text
    seen = listed(page)
    assert len(seen) == triage.PAGE
    while (following := re.search(r'hx-get="(/list\?[^"]+after=[^"]+)"', page)) is not None:
        arrive("dazwischen")
        page = nora.htmx("GET", following[1].replace("&amp;", "&")).text
        seen += listed(page)
    assert len(seen) == len(set(seen)) == len(changes)


def test_a_lead_far_down_opens_with_its_surroundings(nora: Desk, anna: Tablet) -> None:
    changes = [anna.observe(f"Meldung {number}") for number in range(triage.PAGE + 20)]
    anna.push(*changes)
    rows = listed(nora.get("/").text)
    more = nora.htmx("GET", re.search(r'hx-get="(/list[^"]+)"', nora.get("/").text)[1].replace("&amp;", "&"))  # type: ignore[index]
    last = listed(more.text)[-1]
    page = nora.get(f"/leads/{last}?view=new").text
    assert rows[0] in listed(page)
    assert last in listed(page)


def test_opening_marks_as_read_for_this_reader_only_and_keeps_the_state(
    firm: Firm, nora: Desk, otto: Desk, arrive: Callable[..., Lead]
) -> None:
    lead = arrive()
    unread = f'id="lead-{lead.id.hex}" class="row unread"'
    assert unread in nora.get("/").text
    nora.get(lead.path)
    assert unread not in nora.get("/").text
    assert unread in otto.get("/").text
    assert row_of(firm, lead).state == "new"


def test_a_correction_makes_it_unread_again_and_keeps_the_earlier_version(
    nora: Desk, anna: Tablet, arrive: Callable[..., Lead]
) -> None:
    lead = arrive("Halle B geplant")
    nora.get(lead.path)
    anna.push(anna.revise(lead.change, "Halle C geplant"))
    assert f'id="lead-{lead.id.hex}" class="row unread"' in nora.get("/").text
    page = words(nora.get(lead.path).text)
    assert "Fassung 2" in page
    assert "1 frühere Fassung" in page
    assert "Halle B geplant" in page


def test_two_versions_made_apart_are_both_shown(
    nora: Desk, anna: Tablet, arrive: Callable[..., Lead]
) -> None:
    lead = arrive("Halle B")
    anna.push(anna.revise(lead.change, "Halle C"))
    anna.push(anna.revise(lead.change, "Halle D"))
    page = words(nora.get(lead.path).text)
    assert "Es gibt 2 Fassungen, die unabhängig voneinander entstanden sind." in page
    assert "Halle C" in page
    assert "Halle D" in page
    assert "zwei Fassungen" in words(nora.get("/").text)


def test_an_observation_without_text_has_words_in_the_list(nora: Desk, arrive: Callable[..., Lead]) -> None:
    arrive("", next_step=NextStep(text="Angebot schicken"))
    assert "Angebot schicken" in words(nora.get("/").text)


def test_empty_lists_say_why(nora: Desk) -> None:
    assert "Alles gesichtet" in words(nora.get("/").text)
    assert "Keine Meldung passt" in words(nora.get("/?view=new&q=xyz").text)


def test_the_customers_page_shows_what_was_observed_there(
    firm: Firm, nora: Desk, arrive: Callable[..., Lead]
) -> None:
    arrive("Zweite Halle ist geplant")
    assert "Brändle Maschinenbau" in words(nora.htmx("GET", "/customers?q=braendle").text)
    assert "Werft" not in words(nora.htmx("GET", "/customers?q=braendle").text)
    assert "Zweite Halle ist geplant" in words(nora.get(f"/customers/{firm.brandl.hex}").text)


def test_a_tablet_is_paired_by_a_code_and_blocked(firm: Firm, nora: Desk, anna: Tablet) -> None:
    page = nora.post("/tablets/pair", {"user": firm.jan.id.hex}).text
    code = re.search(r"#/pair\?code=([2-9A-Z]{8})", page)
    assert code is not None
    assert f"{code[1][:4]}-{code[1][4:]}" in page
    assert "<svg" in page
    paired = firm.http.post("/sync/v1/pair", json={"code": code[1], "device_name": "Neu"})
    assert paired.status_code == 200
    nora.post(f"/tablets/{anna.paired.device_id.hex}/block")
    assert "gesperrt" in words(nora.get("/tablets").text)
    assert anna.ask_page().status_code == 403
    nora.post(f"/tablets/{anna.paired.device_id.hex}/unblock")
    assert anna.ask_page().status_code == 200


def test_no_code_is_made_for_somebody_without_a_tablet(firm: Firm, nora: Desk) -> None:
    answer = nora.post("/tablets/pair", {"user": firm.nora.id.hex})
    assert answer.status_code == 422
    assert "#/pair" not in answer.text
