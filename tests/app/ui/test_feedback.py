"""Rückmeldungen: what became of an observation, readable without network; thanks, and nobody compared with anybody."""

import re
from typing import Any
from uuid import UUID

import pytest

from app.state.views import Progress
from app.ui.surroundings import Surroundings
from protocol.changes import ReviseObservation
from protocol.reference import Entity
from tests.app.a_tablet import customer, draft, synchronized, told
from tests.app.scripted_server import NOW, ScriptedServer, lost_before, name
from tests.app.ui.conftest import OpenApp

pytestmark = pytest.mark.anyio

COLLEAGUES_ORDERS = 37
"""A number that nothing else on these screens has."""


async def answered(here: Surroundings, server: ScriptedServer, state: str, **review: Any) -> UUID:
    """One observation of the technician's, sent, and what inside sales makes of it."""
    made = draft(here.notebook, f"Halle C {state}")
    await here.notebook.save(made)
    await synchronized(here.tablet)
    (change,) = [r for r in server.revisions if r["observation_id"] == str(made.id)]
    comments = review.pop("comments", ())
    body = told(ReviseObservation.model_validate(change), state, comments)
    body["review"] |= {"decided_by_name": "Frau Özdemir", **review}
    server.publish(Entity.OBSERVATION, made.id, body)
    await synchronized(here.tablet)
    return made.id


@pytest.mark.parametrize(
    ("state", "review", "chip", "sentence"),
    [
        ("accepted", {"note": "Ich rufe an."}, "Angenommen", "Der Innendienst geht der Sache nach."),
        ("rejected", {"reason": "no_relation", "note": "Kantine"}, "Abgelehnt: kein Bezug zu uns", "Kantine"),
        ("duplicate", {}, "Schon gemeldet", "Das hatte schon jemand gemeldet."),
        ("handed_over", {}, "An den Vertrieb übergeben", "Der Vertrieb hat übernommen."),
        (
            "handed_over",
            {"offered_at": NOW.isoformat()},
            "Angebot gemacht",
            "Der Kunde hat ein Angebot bekommen.",
        ),
        ("accepted", {"offered_at": NOW.isoformat()}, "Angebot gemacht", "vermerkt heute"),
        ("won", {"offered_at": NOW.isoformat()}, "Auftrag", "Danke, Jonas."),
        ("lost", {}, "Kein Auftrag", "Daraus ist kein Auftrag geworden."),
    ],
)
async def test_what_became_of_it_can_be_read_without_network(
    open_app: OpenApp, server: ScriptedServer, state: str, review: dict[str, Any], chip: str, sentence: str
) -> None:
    page, here = await open_app()
    key = await answered(here, server, state, **review)
    server.faults = [lost_before] * 20
    here.go("/observations")
    await page.settle()
    assert chip in page.text(f"observation-{key}")
    await page.tap(f"observation-{key}")
    assert sentence in page.text()
    assert chip in page.text()


async def test_a_question_stands_in_the_list_with_the_way_to_answer(
    open_app: OpenApp, server: ScriptedServer
) -> None:
    page, here = await open_app()
    comment = {
        "id": str(name("asked")), "author_id": str(name("özdemir")), "author_name": "Frau Özdemir",
        "by_technician": False, "text": "Welche Liefermenge?", "at": NOW.isoformat(),
    }  # fmt: skip
    key = await answered(here, server, "question", comments=[comment])
    here.go("/observations")
    await page.settle()
    assert "„Welche Liefermenge?“ · Frau Özdemir" in page.text()
    await page.tap(f"answer-{key}")
    assert here.route == f"/observations/{key}?answer=1"


async def test_thanks_are_said_on_the_first_screen_and_in_english(
    open_app: OpenApp, server: ScriptedServer
) -> None:
    page, here = await open_app()
    key = await answered(here, server, "won")
    here.go("/")
    await page.settle()
    assert "Danke, Jonas." in page.text(f"news-{key}")
    here.speak("en")
    await page.settle()
    assert "Thank you, Jonas." in page.text(f"news-{key}")


async def test_an_offer_is_news(open_app: OpenApp, server: ScriptedServer) -> None:
    _, here = await open_app()
    key = await answered(here, server, "accepted", offered_at=NOW.isoformat())
    (row,) = [row for row in here.notebook.observations() if row.id == key]
    assert row.progress is Progress.OFFERED
    assert row in here.notebook.today(NOW).answers


async def test_no_screen_tells_how_many_observations_or_orders_a_colleague_has(
    open_app: OpenApp, server: ScriptedServer
) -> None:
    page, here = await open_app()
    for number in range(COLLEAGUES_ORDERS):
        server.publish(
            Entity.HISTORY,
            name(f"colleague {number}"),
            {
                "id": str(name(f"colleague {number}")), "customer_id": str(name("Müller" if number % 2 else "Käsmayr")),
                "at": NOW.isoformat(), "channel": "observation", "summary": "Neue Presse bestellt",
                "by_name": "Petra Kollegin", "observation_id": str(name(f"observed {number}")),
                "occasion": "order", "kind": "plan",
            },
        )  # fmt: skip
    for number in range(4):  # the log tells how much was read at once: that is not the colleague's number
        server.publish(Entity.CUSTOMER, name(f"more {number}"), customer(f"more {number}"))
    mine = await answered(here, server, "won")
    read = {}
    for tongue in ("de", "en"):
        here.speak(tongue)
        for route in (
            "/", "/customers", "/observations", "/me", "/visits", "/tasks", "/day", "/day/list", "/log",
            f"/customers/{name('Müller')}", f"/customers/{name('Käsmayr')}", f"/observations/{mine}",
        ):  # fmt: skip
            here.go(route)
            await page.settle()
            read[tongue, route] = page.text()
    for place, text in read.items():
        assert text, place
        assert not re.search(rf"\b{COLLEAGUES_ORDERS}\b", text), place
        compared = (
            r"(?i)\b(rang|rangliste|ranking|bestenliste|platz \d|leaderboard|top \d|durchschnitt|average)\b"
        )
        assert not re.search(compared, text), place
        if not place[1].startswith("/customers/"):  # there, what a colleague has done is told, not counted
            assert "Petra Kollegin" not in text, place
