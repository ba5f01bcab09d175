"""Head of sales gives kinds their names and hints: in a version, for tablets and inbox, and told what is missing."""

from collections.abc import Callable

import pytest

from protocol.first_template import first_template
from protocol.observation import Kind
from protocol.pairing import Hello, Role
from protocol.rules.kind_words import called, usual_words
from protocol.template import Template
from sync_server.crm import templates
from sync_server.crm.template_history import Changed, Part, changes
from sync_server.crm.users import User
from tests.inbox.desk import Desk, Lead, words
from tests.server.firm import Firm, Tablet

NAMED = {
    "name-de": "Vorhaben", "name-en": "Project", "heard-de": "Was haben sie vor?", "heard-en": "What are they up to?",
    "seen-de": "Was ist davon schon zu sehen?", "seen-en": "What can be seen of it already?",
}  # fmt: skip


@pytest.fixture
def heike(firm: Firm, employ: Callable[[str, Role], User]) -> Desk:
    """Heike, head of sales."""
    return Desk(firm.http).sit_down(firm, employ("heike", Role.HEAD_OF_SALES))


def asked_now(firm: Firm) -> Template:
    """What tablets are asked now."""
    with firm.database.reading() as connection:
        return templates.current(connection)


def form(firm: Firm, **changed: str) -> dict[str, str]:
    """The form of a plan's words as a browser sends it."""
    fields = {"base": asked_now(firm).id.hex, "kind": "plan", **NAMED}
    return fields | {name.replace("__", "-"): value for name, value in changed.items()}


def test_a_name_reaches_the_tablets_as_another_version_and_changes_nothing_else(
    firm: Firm, heike: Desk, anna: Tablet
) -> None:
    page = heike.get("/questions?kind=plan").text
    assert 'name="name-de" value="Plan"' in page
    assert heike.post("/questions/words", form(firm)).status_code == 303

    hello = Hello.model_validate_json(firm.http.get("/sync/v1/hello").content)
    answer = firm.http.get(f"/sync/v1/templates/{hello.template}", headers=anna.headers)
    told = Template.model_validate_json(answer.content)
    assert told.kinds == first_template().kinds
    said = called(told, Kind.PLAN)
    assert (said.name.de, said.name.en, said.heard.en) == ("Vorhaben", "Project", "What are they up to?")
    (own,) = told.words or ()
    assert own.seen is None, "what reads as the product's words stays the product's"
    assert called(told, Kind.NOTE) == usual_words()[Kind.NOTE]


def test_the_inbox_says_the_same_word_as_the_tablet(
    firm: Firm, heike: Desk, nora: Desk, arrive: Callable[..., Lead]
) -> None:
    lead = arrive()
    heike.post("/questions/words", form(firm))
    for path in ("/", lead.path):
        page = words(nora.get(path).text)
        assert "Vorhaben" in page
        assert " Plan " not in page
    nora.post("/language", {"language": "en", "back": "/"})
    assert "Project" in words(nora.get("/").text)


def test_words_survive_whatever_else_is_edited_and_stay_with_a_kind_that_is_left_out(
    firm: Firm, heike: Desk
) -> None:
    heike.post("/questions/words", form(firm))
    heike.post("/questions/kinds", {"base": asked_now(firm).id.hex, "kind": "plan", "place-note": "1"})
    heike.post(
        "/questions/preparation", {"base": asked_now(firm).id.hex, "kind": "note", "points": "Angerufen"}
    )
    heike.post("/lifetimes", {"base": asked_now(firm).id.hex, "lives": "Albwerk | RV | 14"})
    now = asked_now(firm)
    assert [asked.kind for asked in now.kinds] == [Kind.NOTE]
    assert called(now, Kind.PLAN).name.de == "Vorhaben"
    assert now.lives is not None


def test_a_missing_translation_is_told_and_said_in_german(firm: Firm, heike: Desk) -> None:
    heike.post("/questions/words", form(firm, name__en="", heard__en=""))
    assert called(asked_now(firm), Kind.PLAN).name.spoken("en") == "Vorhaben"
    assert "2 englische Texte fehlen" in words(heike.get("/questions").text)


def test_emptied_words_are_the_products_again(firm: Firm, heike: Desk) -> None:
    heike.post("/questions/words", form(firm))
    nothing = dict.fromkeys(NAMED, "")
    heike.post("/questions/words", form(firm) | nothing)
    assert asked_now(firm).words is None
    assert called(asked_now(firm), Kind.PLAN) == usual_words()[Kind.PLAN]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name__de": " "}, "Der deutsche Text fehlt."),
        ({"name__de": "Ein Vorhaben, das sehr lange dauert"}, "zu lang für eine Kachel"),
        ({"name__de": "notiz"}, "So heißt schon eine andere Art."),
        ({"name__en": "Need"}, "So heißt schon eine andere Art."),
        ({"seen__de": "x" * 501}, "zu lang"),
    ],
)
def test_what_cannot_be_published_is_explained_and_stands_there_still(
    firm: Firm, heike: Desk, changed: dict[str, str], said: str
) -> None:
    answer = heike.post("/questions/words", form(firm, heard__de="Was <noch>?", **changed))
    assert (answer.status_code, said in words(answer.text)) == (422, True)
    assert "Was &lt;noch&gt;?" in answer.text
    assert asked_now(firm) == first_template()


def test_who_publishes_on_an_outdated_page_is_told(firm: Firm, heike: Desk) -> None:
    before = form(firm)
    heike.post("/lifetimes", {"base": asked_now(firm).id.hex, "lives": "Albwerk | RV | 14"})
    late = heike.post("/questions/words", before)
    assert late.status_code == 409
    assert 'value="Vorhaben"' in late.text
    assert asked_now(firm).words is None


def test_the_page_says_who_changed_what(firm: Firm, heike: Desk) -> None:
    heike.post("/questions/words", form(firm))
    heike.post("/lifetimes", {"base": asked_now(firm).id.hex, "lives": "Albwerk | RV | 14"})
    page = words(heike.get("/questions").text)
    assert "Heike" in page.split("Wer zuletzt was geändert hat")[1]
    assert "Lebensdauer" in page.split("Fassung 2 ·")[1].split("Fassung 1 ·")[0]
    assert "Wörter (Vorhaben)" in page.split("Fassung 1 ·")[1]


def test_what_a_version_changed_is_found_by_comparing() -> None:
    before = first_template()
    after = before.model_copy(update={"kinds": before.kinds[1:], "preparation": ()})
    assert changes(before, after) == (Changed(Part.KINDS), Changed(Part.PREPARATION))
    assert changes(before, before) == ()
