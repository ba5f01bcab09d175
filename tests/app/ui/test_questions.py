"""The questions of a kind on the glass: a touch answers, nothing has to be answered, nothing is lost."""

from dataclasses import replace
from typing import Any

import pytest

from app.store.drafts import DraftAnswer
from app.ui.surroundings import Surroundings
from protocol.answers import Answer
from protocol.first_template import FIRST_TEMPLATE
from protocol.ids import new_id
from protocol.observation import FlagKind, Kind, ObservationContent
from tests.app.a_tablet import Shelf, jpeg
from tests.app.scripted_server import ScriptedServer, name
from tests.app.ui.conftest import OpenApp
from tests.app.ui.headless import HeadlessPage

pytestmark = pytest.mark.anyio


def saved(here: Surroundings) -> ObservationContent:
    """The observation that was saved last."""
    shown = here.notebook.observation(here.notebook.observations()[0].id)
    assert shown is not None
    assert shown.content is not None
    return shown.content


def given(here: Surroundings) -> dict[str, str]:
    """Its answers by question."""
    answers = saved(here).answers
    return {answer.question: answer.value for answer in answers.given} if answers else {}


def all_given(here: Surroundings) -> list[dict[str, str]]:
    """The answers of every observation."""
    shown = [here.notebook.observation(row.id) for row in here.notebook.observations()]
    contents = [one.content for one in shown if one is not None and one.content is not None]
    return [
        {answer.question: answer.value for answer in content.answers.given} if content.answers else {}
        for content in contents
    ]


def asked(page: HeadlessPage) -> list[str]:
    """Which questions stand on the screen, in order."""
    names = [one.split("-")[1] for one in page.identifiers() if one.startswith("ask-")]
    return list(dict.fromkeys(names))


@pytest.mark.parametrize(
    ("kind", "questions"),
    [
        (Kind.PLAN, ["plan_when", "plan_decides", "plan_budget"]),
        (Kind.NEED, ["need_when", "need_reason", "need_person"]),
        (
            Kind.COMPETITOR,
            [
                "rival_maker",
                "rival_model",
                "rival_serial",
                "rival_year",
                "rival_condition",
                "rival_nameplate",
            ],
        ),
        (Kind.COMPLAINT, ["complaint_severity", "complaint_person", "complaint_risk"]),
        (Kind.CONTACT_CHANGE, ["change_what", "change_person", "change_role", "change_consent"]),
        (Kind.NEXT_STEP, []),
        (Kind.NOTE, []),
    ],
)
@pytest.mark.parametrize(
    "size", [(820, 1180), (1180, 820), (390, 844)], ids=["portrait", "landscape", "phone"]
)
async def test_each_kind_asks_its_own_questions_in_their_order(
    open_app: OpenApp, kind: Kind, questions: list[str], size: tuple[int, int]
) -> None:
    page, _ = await open_app(width=size[0], height=size[1])
    await page.tap("capture-here")
    assert asked(page) == []
    await page.tap(f"kind-{kind.value}")
    assert asked(page) == questions
    assert ("Falls du es weißt" in page.text()) is bool(questions)


async def test_a_competitors_machine_is_recorded_by_touch_alone(open_app: OpenApp) -> None:
    page, here = await open_app()
    await page.tap("capture-here")
    await page.tap("kind-competitor")
    await page.type("ask-rival_maker", "Boge")
    await page.tap("ask-rival_year-3")
    await page.tap("ask-rival_condition-4")
    await page.tap("capture-save")

    answers = saved(here).answers
    assert answers is not None
    assert answers.template == FIRST_TEMPLATE
    assert answers.given == (
        Answer(question="rival_maker", value="Boge"),
        Answer(question="rival_year", value="~2015", said="um 2015"),
        Answer(question="rival_condition", value="broken", said="Defekt"),
    )
    assert here.notebook.observations()[0].title == "Boge · um 2015 · Defekt"


async def test_nothing_has_to_be_answered(open_app: OpenApp) -> None:
    page, here = await open_app()
    await page.tap("capture-here")
    await page.tap("kind-complaint")
    await page.type("capture-text", "Lärm nach der Wartung")
    await page.tap("capture-save")
    assert saved(here).answers is None


async def test_a_second_touch_takes_an_answer_back_and_another_one_replaces_it(open_app: OpenApp) -> None:
    page, here = await open_app()
    await page.tap("capture-here")
    await page.tap("kind-plan")
    await page.type("capture-text", "Halle C")
    await page.tap("ask-plan_when-2")
    await page.tap("ask-plan_when-4")
    assert page.find("ask-plan_when-4").selected
    assert not page.find("ask-plan_when-2").selected
    await page.tap("ask-plan_budget-1")
    await page.tap("ask-plan_budget-1")
    await page.tap("capture-save")
    assert given(here) == {"plan_when": "2027"}


async def test_who_decides_is_one_touch_when_the_customer_is_known(open_app: OpenApp) -> None:
    page, here = await open_app()
    await page.tap("capture-here")
    await page.tap("kind-plan")
    assert "Thomas Bauer" in page.text("ask-plan_decides-1")
    await page.tap("ask-plan_decides-1")
    await page.tap("capture-save")
    answers = saved(here).answers
    assert answers is not None
    assert answers.given[0] == Answer(question="plan_decides", value="Thomas Bauer", contact_id=name("Bauer"))


async def test_who_decides_can_be_somebody_whom_nobody_knows_yet(open_app: OpenApp) -> None:
    page, here = await open_app()
    await page.tap("capture-here")
    await page.tap("kind-plan")
    await page.tap("ask-plan_decides-1")
    await page.tap("ask-plan_decides-other")
    await page.type("ask-plan_decides", "Die Tochter vom Chef")
    await page.tap("capture-save")
    answers = saved(here).answers
    assert answers is not None
    assert answers.given[0] == Answer(question="plan_decides", value="Die Tochter vom Chef")


async def test_an_amount_can_be_typed_as_people_write_it(open_app: OpenApp) -> None:
    page, here = await open_app()
    await page.tap("capture-here")
    await page.tap("kind-plan")
    await page.tap("ask-plan_budget-other")
    await page.type("ask-plan_budget", "ca. 80.000 €")
    assert page.stands_in("ask-plan_budget") == "ca. 80.000 €"
    await page.tap("capture-save")
    assert given(here) == {"plan_budget": "80000"}


async def test_letters_typed_quickly_into_an_answer_are_all_there(open_app: OpenApp) -> None:
    page, here = await open_app()
    await page.tap("capture-here")
    await page.tap("kind-competitor")
    await page.type("ask-rival_maker", "B")
    await page.type_quickly("ask-rival_maker", "Bo", "Bog", "Boge")
    assert page.stands_in("ask-rival_maker") == "Boge"
    await page.type("ask-rival_maker", "Boge!")
    await page.tap("capture-save")
    assert given(here) == {"rival_maker": "Boge!"}


async def test_a_suggestion_is_a_touch_and_the_field_below_takes_everything_else(open_app: OpenApp) -> None:
    page, here = await open_app()
    await page.tap("capture-here")
    await page.tap("kind-contact_change")
    await page.type("ask-change_role", "Leitung Labor")
    await page.tap("ask-change_role-3")
    assert page.stands_in("ask-change_role") == ""
    await page.tap("capture-save")
    assert given(here) == {"change_role": "Einkauf"}


async def test_a_kind_chosen_by_mistake_costs_no_answer_and_sends_none(open_app: OpenApp) -> None:
    page, here = await open_app()
    await page.tap("capture-here")
    await page.tap("kind-competitor")
    await page.type("ask-rival_maker", "Boge")
    await page.tap("kind-plan")
    await page.tap("ask-plan_when-4")
    await page.tap("kind-competitor")
    assert page.stands_in("ask-rival_maker") == "Boge"
    await page.tap("kind-plan")
    await page.tap("capture-save")
    assert given(here) == {"plan_when": "2027"}


async def test_answers_are_there_after_the_tablet_died(open_app: OpenApp, shelf: Shelf) -> None:
    page, here = await open_app()
    await page.tap("capture-here")
    await page.tap("kind-complaint")
    await page.tap("ask-complaint_severity-3")
    await here.flush()
    draft = here.notebook.drafts()[0]
    assert draft.answers == (DraftAnswer("complaint_severity", "standstill", "Produktion steht"),)
    for backing in shelf.backings.values():
        await backing.close()

    again, _ = await open_app(f"/capture/{draft.id}", pair=False)
    assert again.find("ask-complaint_severity-3").selected


async def test_a_draft_is_finished_with_the_questions_with_which_it_was_begun(
    open_app: OpenApp, server: ScriptedServer, shelf: Shelf
) -> None:
    page, here = await open_app()
    await page.tap("capture-here")
    await page.tap("kind-competitor")
    await page.type("ask-rival_model", "S 55")
    await here.flush()
    draft = here.notebook.drafts()[0]
    for backing in shelf.backings.values():
        await backing.close()
    loud: dict[str, Any] = {
        "id": "noise",
        "type": "short_text",
        "words": {"de": "Wie laut?", "en": "How loud?"},
    }
    kinds = [{"kind": "note", "questions": []}, {"kind": "competitor", "questions": [loud]}]
    server.ask({"type": "rundgang.template", "id": str(name("newer")), "kinds": kinds})

    again, here = await open_app(f"/capture/{draft.id}")
    assert "rival_model" in asked(again)
    await again.tap("capture-save")
    assert given(here) == {"rival_model": "S 55"}

    await again.tap("capture-here")
    tiles = [one for one in again.identifiers() if one.startswith("kind-")]
    assert tiles == ["kind-note", "kind-competitor"], "the order and the choice of the firm"
    await again.tap("kind-competitor")
    assert asked(again) == ["noise"]


async def test_the_camera_is_opened_for_the_nameplate(open_app: OpenApp) -> None:
    page, here = await open_app()
    await page.tap("capture-here")
    await page.tap("kind-competitor")
    await page.tap("ask-rival_nameplate-camera")
    assert here.route.endswith("/camera?for=rival_nameplate")


async def test_a_photo_taken_for_the_nameplate_answers_and_another_one_can_be_chosen(
    open_app: OpenApp,
) -> None:
    page, here = await open_app()
    await page.tap("capture-here")
    await page.tap("kind-competitor")
    (editor,) = here.editors.values()
    await editor.add_photo(jpeg(), question="rival_nameplate")
    await editor.add_photo(jpeg(800, 600))
    await page.settle()
    assert page.find("ask-rival_nameplate-1").selected
    await page.tap("ask-rival_nameplate-2")
    await page.tap("capture-save")
    assert given(here) == {"rival_nameplate": str(saved(here).photos[1].id)}


async def test_what_was_answered_is_read_again_in_the_language_that_is_spoken_now(open_app: OpenApp) -> None:
    page, here = await open_app()
    await page.tap("capture-here")
    await page.tap("kind-complaint")
    await page.tap("ask-complaint_severity-1")
    await page.tap("capture-save")
    here.go(f"/observations/{here.notebook.observations()[0].id}")
    await page.settle()
    assert "Wie schlimm ist es?" in page.text()
    assert "Lästig" in page.text()
    here.speak("en")
    await page.settle()
    assert "How bad is it?" in page.text()
    assert "A nuisance" in page.text()


async def test_a_long_answer_is_told_at_its_field_until_it_is_mended(open_app: OpenApp) -> None:
    page, here = await open_app()
    await page.tap("capture-here")
    await page.tap("kind-competitor")
    await page.type("ask-rival_model", "x" * 501)
    await page.tap("capture-save")
    assert "Zu lang: 501 von höchstens 500 Zeichen." in page.text("ask-rival_model")
    await page.type("ask-rival_model", "S 55")
    assert "Zu lang" not in page.text("ask-rival_model")
    await page.tap("capture-save")
    assert given(here) == {"rival_model": "S 55"}


async def test_a_next_step_is_asked_for_where_the_other_kinds_have_their_questions(open_app: OpenApp) -> None:
    page, _ = await open_app()
    await page.tap("capture-here")
    await page.tap("kind-plan")
    order = page.identifiers()
    assert order.index("capture-next-step") > order.index("photo-camera")
    await page.tap("kind-next_step")
    order = page.identifiers()
    assert order.index("capture-text") < order.index("capture-next-step") < order.index("photo-camera")


async def test_the_last_maker_is_offered_first_at_the_next_machine_and_chosen_by_nobody_else(
    open_app: OpenApp,
) -> None:
    page, here = await open_app()
    await page.tap("capture-here")
    await page.tap("kind-competitor")
    await page.type("ask-rival_maker", "Boge")
    await page.type("ask-rival_serial", "BG-447711")
    await page.tap("capture-save")

    await page.tap("capture-here")
    await page.tap("kind-competitor")
    assert "Boge" in page.text("ask-rival_maker-1")
    assert "ask-rival_serial-1" not in page.identifiers(), "the next machine has another number"
    await page.type("capture-text", "Noch eine, ohne Schild")
    await page.tap("capture-save")
    assert {} in all_given(here), "what nobody touched is not said"

    await page.tap("capture-here")
    await page.tap("kind-competitor")
    await page.tap("ask-rival_maker-1")
    await page.tap("capture-save")
    assert {"rival_maker": "Boge"} in all_given(here)


async def test_what_is_typed_stays_in_its_field_when_it_reads_like_the_last_answer(open_app: OpenApp) -> None:
    page, here = await open_app()
    for maker in ("Bog", "Boge", "Bogener"):
        await page.tap("capture-here")
        await page.tap("kind-competitor")
        for end in range(1, len(maker) + 1):
            await page.type("ask-rival_maker", maker[:end])
            assert page.stands_in("ask-rival_maker") == maker[:end]
        await page.tap("capture-save")
        assert {"rival_maker": maker} in all_given(here)


async def test_what_needs_care_is_not_shown_again_elsewhere(open_app: OpenApp) -> None:
    page, here = await open_app()
    begun = here.notebook.new_draft(kind=Kind.COMPETITOR, customer_id=name("Käsmayr"))
    plain = replace(begun, answers=(DraftAnswer("rival_maker", "Boge"),), heard="Sagt Herr Mayr")
    flagged = replace(plain, flag_kind=FlagKind.THIRD_PARTY, flag_purpose="Damit keiner nachfragt")
    await here.notebook.save(flagged)
    assert here.notebook.choices.answers("rival_maker") == ()
    await here.notebook.save(replace(plain, id=new_id()))
    assert here.notebook.choices.answers("rival_maker") == ("Boge",)
    assert page.identifiers()
