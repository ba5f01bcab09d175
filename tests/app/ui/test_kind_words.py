"""The firm's names for kinds on the glass: on tiles, in fields and lists; a begun draft keeps those it was begun with."""

from typing import Any
from uuid import UUID

import pytest

from app.state.views import Draft
from protocol.first_template import first_template
from protocol.observation import Kind
from protocol.reference import Entity
from tests.app.a_tablet import Shelf, customer
from tests.app.scripted_server import NOW, ScriptedServer, name
from tests.app.ui.conftest import OpenApp
from tests.app.ui.headless import HeadlessPage

pytestmark = pytest.mark.anyio


def version(number: int, *named: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Another version, with words for kinds."""
    return first_template().as_dict() | {"id": str(name(f"version {number}")), "words": list(named), **more}


def named(kind: Kind, german: str, english: str = "", **more: Any) -> dict[str, Any]:
    """The name of a kind."""
    return {"kind": kind.value, "name": {"de": german, "en": english}, **more}


HEARD = {"heard": {"de": "Was haben sie vor?", "en": "What are they up to?"}}


@pytest.mark.parametrize(
    ("language", "tile", "field", "untranslated"),
    [
        ("de-DE", "Vorhaben", "Was haben sie vor?", "Energie"),
        ("en-GB", "Project", "What are they up to?", "Energie"),
    ],
)
async def test_tiles_and_fields_speak_the_firms_words(
    open_app: OpenApp, server: ScriptedServer, language: str, tile: str, field: str, untranslated: str
) -> None:
    server.ask(version(1, named(Kind.PLAN, "Vorhaben", "Project", **HEARD), named(Kind.NOTE, "Energie")))
    page, _ = await open_app(language=language)
    await page.tap("capture-here")
    assert page.find("kind-plan").label == tile
    assert tile in page.text("kind-plan")
    assert page.find("kind-note").label == untranslated, "a word without a translation is said as it is"
    await page.tap("kind-plan")
    assert field in page.text()


async def test_a_begun_draft_keeps_the_words_it_was_begun_with_and_lists_say_todays(
    open_app: OpenApp, shelf: Shelf, server: ScriptedServer
) -> None:
    server.ask(version(1, named(Kind.PLAN, "Vorhaben")))
    page, here = await open_app()
    await page.tap("capture-here")
    await page.tap("kind-plan")
    await page.type("capture-text", "Zweite Halle")
    await page.tap("capture-save")
    await page.tap("capture-here")
    await page.tap("kind-plan")
    await page.type("capture-text", "Noch eine Halle")
    here.go("/")
    await page.settle()
    begun = draft_of(here.notebook.drafts())
    await here.close()

    server.ask(version(2, named(Kind.PLAN, "Investition")))
    page, here = await open_app(f"/capture/{begun.id}")
    assert "Vorhaben" in page.text("kind-plan")
    here.go("/observations")
    await page.settle()
    saved = here.notebook.observations()[0].id
    assert "Investition" in page.text(f"observation-{saved}")
    fresh = here.notebook.new_draft()
    assert fresh.template == UUID(version(2)["id"])


def draft_of(drafts: Any) -> Draft:
    """The only draft."""
    (one,) = drafts
    assert isinstance(one, Draft)
    return one


async def test_the_brief_says_whose_replacement_is_due_by_the_firms_figures(
    open_app: OpenApp, server: ScriptedServer
) -> None:
    def machine(maker: str, model: str, age: int, **more: Any) -> dict[str, Any]:
        return {
            "id": str(name(f"{maker} {model}")),
            "maker": maker,
            "model": model,
            "built_in": NOW.year - age,
            **more,
        }

    machines = [
        machine("Albwerk", "RV 75", 14), machine("Albwerk", "RV 22", 13), machine("Albwerk", "KT 60", 30),
        machine("Albwerk", "RV 90", 14, expected_life=20), machine("Boge", "C 30", 12, ours=False),
    ]  # fmt: skip
    server.publish(Entity.CUSTOMER, name("Käsmayr"), customer("Käsmayr", assets=machines))
    lives = [{"maker": "Albwerk", "model": "RV", "years": 14}, {"maker": "Boge", "years": 12}]
    server.ask(version(1, lives=lives))
    page, _ = await open_app(f"/customers/{name('Käsmayr')}")
    assert due(page, "Albwerk RV 75") == "Ersatz steht an: die Firma rechnet mit 14 Jahren"
    assert due(page, "Albwerk RV 22") is None
    assert due(page, "Albwerk KT 60") is None, "where the firm does not say, nobody guesses"
    assert due(page, "Albwerk RV 90") is None, "the machine's own figure comes first"
    assert due(page, "Boge C 30") == "Ersatz steht an: die Firma rechnet mit 12 Jahren"


def due(page: HeadlessPage, machine: str) -> str | None:
    """What is said of its replacement."""
    text = page.text(f"machine-{name(machine)}")
    return next((part for line in text.split("\n") for part in line.split(" · ") if "Ersatz" in part), None)
