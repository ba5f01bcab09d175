"""The brief before a visit: what is known in its order, what is missing, and one tap that fills it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from protocol.observation import Kind, Side
from protocol.reference import Entity
from tests.app.a_tablet import Shelf, customer, draft, paired, synchronized, told
from tests.app.scripted_server import NOW, ScriptedServer, name
from tests.app.ui.conftest import OpenApp

pytestmark = pytest.mark.anyio

HERE = f"/customers/{name('Käsmayr')}"


def history(text: str, days_ago: int, **fields: Any) -> tuple[Entity, Any, dict[str, Any]]:
    body = {
        "id": str(name(text)), "customer_id": str(name("Käsmayr")), "summary": text, "channel": "phone",
        "at": (NOW - timedelta(days=days_ago)).isoformat(), "by_name": "Jonas Weber", **fields,
    }  # fmt: skip
    return Entity.HISTORY, name(text), body


async def test_the_sections_stand_in_the_order_in_which_they_matter(
    open_app: OpenApp, server: ScriptedServer
) -> None:
    server.publish(*history("Angebot verschickt", 3, occasion="offer"))
    page, _ = await open_app(HERE)
    text = page.text()
    order = ["Fragen an den Kunden", "Zusagen", "Zuletzt", "Anlagen von uns", "Wettbewerb", "Menschen", "Kundenwert", "Standorte"]  # fmt: skip
    places = [text.index(heading) for heading in order]
    assert places == sorted(places)


async def test_a_section_that_was_opened_is_open_after_an_observation(
    open_app: OpenApp, server: ScriptedServer
) -> None:
    for number in range(9):
        server.publish(*history(f"Anruf {number}", number + 1))
    page, _ = await open_app(HERE)
    assert "Anruf 8" not in page.text()
    await page.tap("all-last")
    assert "Anruf 8" in page.text()
    await page.tap("capture-here")
    await page.tap("back")
    assert "Anruf 8" in page.text()


async def test_a_colleagues_promise_says_whose_turn_it_is_and_since_when_it_is_late(
    open_app: OpenApp, server: ScriptedServer
) -> None:
    step = {
        "text": "Angebot Wärmerückgewinnung",
        "responsible": "field_sales",
        "due_on": str((NOW - timedelta(days=4)).date()),
    }
    server.publish(
        *history("Will Abwärme nutzen", 9, kind="plan", observation_id=str(name("o")), next_step=step)
    )
    done = history(
        "Ist erledigt",
        8,
        kind="note",
        observation_id=str(name("d")),
        next_step={"text": "Datenblatt", "responsible": "technician"},
        step_done_at=NOW.isoformat(),
    )
    server.publish(*done)
    page, _ = await open_app(HERE)
    row = page.text(f"step-{name('o')}")
    assert "Angebot Wärmerückgewinnung" in row
    assert "Außendienst ist dran · vereinbart am 16. November, Jonas Weber" in row
    assert "überfällig seit 4 Tagen" in row
    assert f"step-{name('d')}" not in page.identifiers()


async def test_ones_own_promise_is_there_before_any_network(
    open_app: OpenApp, server: ScriptedServer, shelf: Shelf
) -> None:
    page, here = await open_app(HERE)
    notebook = here.notebook
    made = draft(
        notebook, next_step="Ersatzteil mitbringen", next_step_by=Side.TECHNICIAN, next_step_due=NOW.date()
    )
    await notebook.save(made)
    await page.settle()
    row = page.text(f"step-{made.id}")
    assert "Du bist dran" in row
    assert "heute fällig" in row
    assert "Plan:" in page.text(), "what was just recorded is in the history at once"


async def test_a_question_of_inside_sales_leads_to_its_answer(
    open_app: OpenApp, server: ScriptedServer, shelf: Shelf
) -> None:
    tablet, notebook = await paired(shelf, server)
    await notebook.save(draft(notebook))
    await synchronized(tablet)
    (revision,) = server.revisions
    comment = {
        "id": str(name("c")), "author_id": str(name("Nora")), "author_name": "Nora Özdemir",
        "by_technician": False, "text": "Wer entscheidet?", "at": (NOW - timedelta(days=2)).isoformat(),
    }  # fmt: skip
    change = notebook._own.entries()[0].revision
    assert change is not None
    server.publish(Entity.OBSERVATION, change.observation_id, told(change, "question", [comment]))
    assert revision
    await tablet.close()

    page, here = await open_app(HERE)
    row = page.text(f"question-{change.observation_id}")
    assert "Wer entscheidet?" in row
    assert "Nora Özdemir, Innendienst · gefragt am 23. November" in row
    await page.tap(f"question-{change.observation_id}")
    assert here.route == f"/observations/{change.observation_id}?answer=1"


async def test_people_carry_what_they_decide_and_what_may_be_said_to_them(
    open_app: OpenApp, server: ScriptedServer
) -> None:
    contacts = [
        {"id": str(name("Lutz")), "name": "Karl Lutz", "role": "Einkauf", "left": True},
        {
            "id": str(name("Bauer")), "name": "Thomas Bauer", "role": "Leiter Technik", "influence": "decides",
            "reachable": "vormittags", "preferred_channel": "phone", "phone": "+49 751 1",
            "permissions": [
                {"channel": "phone", "purpose": "Angebote", "granted": True, "at": "2025-10-10T08:00:00Z"},
                {"channel": "email", "purpose": "Angebote", "granted": False, "at": "2025-10-10T08:00:00Z"},
            ],
        },
    ]  # fmt: skip
    server.publish(Entity.CUSTOMER, name("Käsmayr"), customer("Käsmayr", contacts=contacts))
    page, _ = await open_app(HERE)
    row = page.text(f"person-{name('Bauer')}")
    assert "Thomas Bauer · Leiter Technik · entscheidet" in row
    assert "am liebsten Telefon · vormittags" in row
    assert "Telefon: Werbung erlaubt" in row
    assert "E-Mail: keine Werbung" in row
    assert "Stand 10. Oktober 2025" in row
    assert "hat die Firma verlassen" in page.text(f"person-{name('Lutz')}")
    assert "gap-buyer" in page.identifiers(), "who has left does not buy any more"
    assert page.identifiers().index(f"person-{name('Bauer')}") < page.identifiers().index(
        f"person-{name('Lutz')}"
    )


@pytest.mark.parametrize(
    ("gap", "kind"),
    [("contact", Kind.CONTACT_CHANGE), ("machine", Kind.NOTE), ("competitor", Kind.COMPETITOR), ("plan", Kind.PLAN)],
)  # fmt: skip
async def test_what_is_missing_is_filled_by_one_tap(
    open_app: OpenApp, server: ScriptedServer, gap: str, kind: Kind
) -> None:
    server.publish(Entity.CUSTOMER, name("Käsmayr"), customer("Käsmayr"))
    page, here = await open_app(HERE)
    await page.tap(f"gap-{gap}")
    (editor,) = here.editors.values()
    assert (editor.draft.kind, editor.draft.customer_id) == (kind, name("Käsmayr"))
    assert here.route == f"/capture/{editor.draft.id}"


async def test_a_competitor_seen_by_a_colleague_is_told_with_day_and_name(
    open_app: OpenApp, server: ScriptedServer
) -> None:
    server.publish(
        *history("Hofacker V 15 neben unserer", 260, kind="competitor", observation_id=str(name("o")))
    )
    page, _ = await open_app(HERE)
    assert "gemeldet von Jonas Weber, 10. März" in page.text()
    assert "gap-competitor" not in page.identifiers()


async def test_the_class_is_told_with_its_reason_and_day(open_app: OpenApp, server: ScriptedServer) -> None:
    ranked = customer(
        "Käsmayr",
        customer_class="A",
        class_reason="84.200 € in 24 Monaten",
        class_decided_on="2026-09-03",
    )
    server.publish(Entity.CUSTOMER, name("Käsmayr"), ranked)
    page, here = await open_app(HERE)
    assert "84.200 € in 24 Monaten · eingestuft am 3. September" in page.text()
    here.go(f"/customers/{name('Müller')}")
    await page.settle()
    assert "Noch nicht eingestuft" in page.text()


async def test_the_brief_is_complete_in_english_too(open_app: OpenApp, server: ScriptedServer) -> None:
    page, here = await open_app(HERE)
    here.speak("en")
    await page.settle()
    text = page.text()
    assert "Promises and next steps" in text
    for german in ("Zusagen", "nachtragen", "Menschen", "Anlage", "Kundenwert", "fehlt"):
        assert german not in text


async def test_a_page_looks_only_at_the_observations_of_its_customer(
    open_app: OpenApp, server: ScriptedServer
) -> None:
    _, here = await open_app(HERE)
    notebook = here.notebook
    await notebook.save(draft(notebook, "hier"))
    await notebook.save(draft(notebook, "dort", customer_id=name("Müller")))
    moved = draft(notebook, "zog um", customer_id=name("Müller"))
    await notebook.save(moved)
    again = notebook.correction(moved.id)

    await notebook.save(replace(again, customer_id=name("Käsmayr")))
    page = notebook.customer(name("Käsmayr"))
    other = notebook.customer(name("Müller"))
    assert page is not None
    assert other is not None
    assert sorted(row.title for row in page.my_observations) == ["hier", "zog um"]
    assert [row.title for row in other.my_observations] == ["dort"]


async def test_a_competitors_machine_that_was_reported_says_how_it_looked_when_and_to_whom(
    open_app: OpenApp, server: ScriptedServer
) -> None:
    report = name("report")
    asset = {
        "id": str(name("C 30")), "maker": "Boge", "model": "C 30", "ours": False, "built_in": 2009, "condition": "worn",
        "seen_at": (NOW - timedelta(days=2)).isoformat(), "seen_by": "Jonas Weber", "observation_id": str(report),
    }  # fmt: skip
    unnamed = {"id": str(name("unnamed")), "maker": "", "model": "", "serial_number": "99-1", "ours": False}
    server.publish(Entity.CUSTOMER, name("Käsmayr"), customer("Käsmayr", assets=[asset, unnamed]))
    server.publish(*history("Boge steht im Keller", 2, kind="competitor", observation_id=str(report)))
    server.publish(*history("Noch eine im Anbau", 3, kind="competitor", observation_id=str(name("other"))))
    page, _ = await open_app(HERE)
    row = page.text(f"machine-{name('C 30')}")
    assert "Boge C 30" in row
    assert "Abgenutzt" in row
    assert "gesehen 23. November, Jonas Weber" in row
    assert "Hersteller unbekannt" in page.text(f"machine-{name('unnamed')}")
    competitors = page.text().split("\nWettbewerb\n", maxsplit=1)[1]
    assert "Boge steht im Keller" not in competitors, "it stands there as a machine already"
    assert "Noch eine im Anbau" in competitors


async def test_that_a_replacement_is_due_is_the_firms_word_and_nobodys_guess(
    open_app: OpenApp, server: ScriptedServer
) -> None:
    machines = [
        {"id": str(name(model)), "maker": "Albwerk", "model": model, "built_in": NOW.year - 15, **more}
        for model, more in (("RV 75", {"expected_life": 14}), ("KT 60", {}))
    ]
    server.publish(Entity.CUSTOMER, name("Käsmayr"), customer("Käsmayr", assets=machines))
    page, _ = await open_app(HERE)
    assert "Ersatz steht an: die Firma rechnet mit 14 Jahren" in page.text(f"machine-{name('RV 75')}")
    assert "Ersatz" not in page.text(f"machine-{name('KT 60')}")


async def test_offers_that_are_valid_today_stand_with_their_end_and_others_never(
    open_app: OpenApp, server: ScriptedServer
) -> None:
    def offer(title: str, begins: int, ends: int) -> dict[str, str]:
        days = [str((NOW + timedelta(days=day)).date()) for day in (begins, ends)]
        return {
            "id": str(name(title)), "title": title, "text": "Nur solange Vorrat", "valid_from": days[0],
            "valid_until": days[1], "by_name": "Nora Özdemir", "changed_at": NOW.isoformat(),
        }  # fmt: skip

    offers = [offer("Trockner -10 %", -3, 6), offer("Schon vorbei", -9, -1), offer("Kommt noch", 2, 9)]
    server.publish(Entity.CUSTOMER, name("Käsmayr"), customer("Käsmayr", offers=offers))
    page, here = await open_app(HERE)
    text = page.text()
    assert "Angebote, die passen" in text
    assert "gilt bis 1. Dezember · Nora Özdemir · Stand 25. November" in page.text(
        f"offer-{name('Trockner -10 %')}"
    )
    assert "Schon vorbei" not in text
    assert "Kommt noch" not in text
    here.go(f"/customers/{name('Müller')}")
    await page.settle()
    assert "Angebote, die passen" not in page.text()


async def test_to_whom_the_customer_sells_stands_with_trend_and_source_or_as_missing(
    open_app: OpenApp, server: ScriptedServer
) -> None:
    own = [{"id": str(name("Autowerk")), "name": "Autowerk Süd", "trend": "shrinking", "note": "40 % vom Umsatz",
            "as_of": "2026-09-03", "source": "Messegespräch"}]  # fmt: skip
    server.publish(Entity.CUSTOMER, name("Käsmayr"), customer("Käsmayr", own_customers=own))
    page, here = await open_app(HERE)
    row = page.text(f"own-customer-{name('Autowerk')}")
    assert "40 % vom Umsatz · Messegespräch · Stand 3. September" in row
    assert "wird kleiner" in row
    assert "gap-own_customers" not in page.identifiers()
    here.go(f"/customers/{name('Müller')}")
    await page.settle()
    await page.tap("gap-own_customers")
    (editor,) = here.editors.values()
    assert (editor.draft.kind, editor.draft.customer_id) == (Kind.NOTE, name("Müller"))


async def test_an_interest_is_shown_with_the_agreement_and_never_without(
    open_app: OpenApp, server: ScriptedServer
) -> None:
    contacts = [{
        "id": str(name("Bauer")), "name": "Thomas Bauer",
        "interests": [{"text": "Segelfliegen", "agreed_on": "2026-05-04"}, {"text": "Imkerei"}],
    }]  # fmt: skip
    server.publish(Entity.CUSTOMER, name("Käsmayr"), customer("Käsmayr", contacts=contacts))
    page, _ = await open_app(HERE)
    row = page.text(f"person-{name('Bauer')}")
    assert "Interesse: Segelfliegen · eingewilligt am 4. Mai" in row
    assert "Imkerei" not in page.text()
