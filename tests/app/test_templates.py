"""The template on the tablet: read when the server asks another one, kept for begun drafts, never in anybody's way."""

import json
from copy import deepcopy
from typing import Any
from uuid import UUID

import pytest

from app.state.notebook import Notebook
from app.state.views import Draft
from app.store.drafts import DraftAnswer
from app.store.template_shelf import TEMPLATES
from protocol.answers import Answers
from protocol.changes import ReviseObservation
from protocol.first_template import FIRST_TEMPLATE, first_template
from protocol.observation import Kind
from protocol.problems import Code
from protocol.reference import Entity
from tests.app.a_tablet import Shelf, draft, paired, synchronized, told
from tests.app.scripted_server import ScriptedServer, lost_before, name, portal, refuse

pytestmark = pytest.mark.anyio

NEWER, NEWEST = name("newer template"), name("newest template")


def version(template_id: UUID, plan: str = "Wann?", **more: Any) -> dict[str, Any]:
    """Another version, whose plan asks one question."""
    questions = [{"id": "plan_when", "type": "period", "words": {"de": plan}}]
    kinds = [{"kind": "plan", "questions": questions}, {"kind": "note", "questions": []}]
    return {"type": "rundgang.template", "id": str(template_id), "kinds": kinds, **more}


def asked(notebook: Notebook, one: Draft) -> list[str]:
    """The questions that a draft's kind asks."""
    return [question.words.de for question in notebook.template(one).questions_of(one.kind)]


@pytest.fixture
def server() -> ScriptedServer:
    """A server that still asks what the product brings along."""
    return ScriptedServer()


@pytest.fixture
def shelf() -> Shelf:
    """The tablet's disks."""
    return Shelf()


async def test_without_a_word_from_the_server_the_products_own_questions_are_asked(
    shelf: Shelf, server: ScriptedServer
) -> None:
    tablet, notebook = await paired(shelf, server)
    await synchronized(tablet)
    assert notebook.new_draft().template == FIRST_TEMPLATE
    assert not [request for request in server.seen if "templates" in request]
    await tablet.close()


async def test_a_draft_is_finished_with_the_version_with_which_it_was_begun(
    shelf: Shelf, server: ScriptedServer
) -> None:
    tablet, notebook = await paired(shelf, server)
    begun = draft(notebook, answers=(DraftAnswer("plan_budget", "50000", "50.000 €"),))
    await notebook.keep_draft(begun)
    server.ask(version(NEWER))
    await synchronized(tablet)
    server.ask(version(NEWEST, "Wann denn?"))
    await synchronized(tablet)
    await tablet.close()

    tablet, notebook = await paired(shelf, server)
    again = notebook.draft(begun.id)
    assert again is not None
    assert len(asked(notebook, again)) == 3
    assert asked(notebook, draft(notebook)) == ["Wann denn?"]
    await notebook.save(again)
    await synchronized(tablet)
    sent = server.revisions[0]["content"]["answers"]
    assert sent == {
        "template": str(FIRST_TEMPLATE),
        "given": [{"question": "plan_budget", "value": "50000", "said": "50.000 €"}],
    }
    await tablet.close()


async def test_a_version_is_read_once(shelf: Shelf, server: ScriptedServer) -> None:
    tablet, _ = await paired(shelf, server)
    server.ask(version(NEWER))
    for _ in range(3):
        await synchronized(tablet)
    assert server.seen.count(f"GET /sync/v1/templates/{NEWER}") == 1
    await tablet.close()


async def test_the_version_of_an_observation_from_elsewhere_is_read_too(
    shelf: Shelf, server: ScriptedServer
) -> None:
    """The technician has another tablet, or this one was paired anew: his observations were asked older questions."""
    tablet, notebook = await paired(shelf, server)
    server.ask(version(NEWER, "Wann von damals?"))
    server.ask(version(NEWEST))
    change = recorded(notebook, NEWER)
    server.publish(Entity.OBSERVATION, change.observation_id, told(change))

    await synchronized(tablet)

    question = notebook.question(NEWER, "plan_when")
    assert question is not None
    assert question.words.de == "Wann von damals?"
    await tablet.close()


async def test_a_version_that_the_server_lost_is_asked_for_once_and_other_words_are_taken(
    shelf: Shelf, server: ScriptedServer
) -> None:
    tablet, notebook = await paired(shelf, server)
    change = recorded(notebook, NEWER)
    server.publish(Entity.OBSERVATION, change.observation_id, told(change))
    for _ in range(3):
        await synchronized(tablet)
    assert server.seen.count(f"GET /sync/v1/templates/{NEWER}") == 1
    assert notebook.question(NEWER, "plan_when") == first_template().question("plan_when")
    assert notebook.question(NEWER, "noise_level") is None
    await tablet.close()


@pytest.mark.parametrize("fault", [lost_before, portal, refuse(Code.BUSY)])
async def test_a_version_that_did_not_arrive_is_read_at_the_next_contact(
    shelf: Shelf, server: ScriptedServer, fault: Any
) -> None:
    tablet, notebook = await paired(shelf, server)
    server.ask(version(NEWER))
    await synchronized_until_templates(tablet, server, fault)
    assert notebook.new_draft().template == FIRST_TEMPLATE
    await synchronized(tablet)
    assert notebook.new_draft().template == NEWER
    await tablet.close()


@pytest.mark.parametrize(
    "changes",
    [
        {"kinds": [{"kind": "smell", "questions": []}]},
        {"kinds": []},
        {"kinds": "all"},
        {"kinds": [{"kind": "plan", "questions": [{"id": "?", "type": "year", "words": {"de": "Jahr"}}]}]},
    ],
)
async def test_a_version_that_this_app_cannot_use_is_kept_for_a_newer_one_and_the_old_questions_go_on(
    shelf: Shelf, server: ScriptedServer, changes: dict[str, Any]
) -> None:
    tablet, notebook = await paired(shelf, server)
    server.ask({**version(NEWER), **changes})
    for _ in range(2):
        await synchronized(tablet)
    assert notebook.new_draft().template == FIRST_TEMPLATE
    assert server.seen.count(f"GET /sync/v1/templates/{NEWER}") == 1
    await tablet.close()


async def test_reading_everything_anew_keeps_the_versions(shelf: Shelf, server: ScriptedServer) -> None:
    tablet, notebook = await paired(shelf, server)
    server.ask(version(NEWER))
    await synchronized(tablet)
    begun = draft(notebook)
    backup = deepcopy(server.backup())
    server.restore(backup)
    server.template, server.templates = None, {}
    await synchronized(tablet)
    assert begun.template == NEWER
    assert asked(notebook, begun) == ["Wann?"]
    await tablet.close()


async def test_a_damaged_version_is_noticed_and_read_again(shelf: Shelf, server: ScriptedServer) -> None:
    tablet, _ = await paired(shelf, server)
    server.ask(version(NEWER))
    await synchronized(tablet)
    await tablet.close()
    (store,) = (name for name in shelf.disks if "reference" in name)
    documents = shelf.disks[store].documents
    documents[TEMPLATES, str(NEWER)] = documents[TEMPLATES, str(NEWER)].replace("Wann?", "Wnan?")

    tablet, notebook = await paired(shelf, server)
    assert asked(notebook, draft(notebook)) != ["Wann?"]
    for _ in range(2):
        await synchronized(tablet)
    assert asked(notebook, draft(notebook)) == ["Wann?"]
    await tablet.close()


async def test_a_correction_begins_with_the_answers_and_their_version(
    shelf: Shelf, server: ScriptedServer
) -> None:
    tablet, notebook = await paired(shelf, server)
    change = recorded(notebook, FIRST_TEMPLATE)
    server.ask(version(NEWER))
    server.publish(Entity.OBSERVATION, change.observation_id, told(change))
    await synchronized(tablet)

    correction = notebook.correction(change.observation_id)
    assert correction.template == FIRST_TEMPLATE
    assert correction.answers == (DraftAnswer("plan_when", "2027"),)
    await tablet.close()


def recorded(notebook: Notebook, template: UUID) -> ReviseObservation:
    """An observation as another tablet recorded it, with an answer to a question of this version."""
    answers = {"template": str(template), "given": [{"question": "plan_when", "value": "2027"}]}
    content = {
        "kind": Kind.PLAN, "customer_id": name("Käsmayr"), "observed_at": "2026-11-20T09:00:00Z",
        "heard": "Halle C", "answers": Answers.model_validate_json(json.dumps(answers)),
    }  # fmt: skip
    return ReviseObservation(
        id=name("change"),
        observation_id=name("observation"),
        revision_id=name("revision"),
        content=content,  # type: ignore[arg-type]
        recorded_at="2026-11-20T09:00:00Z",  # type: ignore[arg-type]
    )


async def synchronized_until_templates(tablet: Any, server: ScriptedServer, fault: Any) -> None:
    """One synchronisation in which the request for a template goes wrong."""
    server.faults = [None, None, fault]  # hello, pull, template
    with pytest.raises(Exception, match=r".+"):
        await synchronized(tablet)
    assert server.seen[-1].startswith("GET /sync/v1/templates/")
