"""What was typed and not sent is found again: an answer until it is sent, a search for as long as it is of use."""

import asyncio
import io
import zipfile
from datetime import timedelta

import pytest

from app.state.begun_text import BegunText
from app.state.drafting import Kept
from app.state.errors import StorageFull
from app.state.notebook import Notebook
from app.state.unsent import SEARCH_KEPT, Unsent
from app.store.documents import Documents
from app.store.memory import MemoryBacking
from app.store.own_work import OwnWork
from app.ui.surroundings import Surroundings
from protocol.changes import AddComment
from protocol.ids import new_id
from protocol.limits import MAX_TEXT
from tests.app.scripted_server import NOW, name
from tests.app.ui.conftest import OpenApp
from tests.app.ui.headless import HeadlessPage

pytestmark = pytest.mark.anyio

ABOUT = name("observation")


def told(text: BegunText) -> Kept:
    """What is said about the text now."""
    return text.kept


async def written(open_app: OpenApp) -> tuple[HeadlessPage, Surroundings]:
    """An observation is on the screen, and half an answer in the field below it."""
    page, here = await open_app()
    await page.tap("capture-here")
    await page.tap("kind-note")
    await page.type("capture-text", "Kantine wird umgebaut")
    await page.tap("capture-save")
    await page.tap("nav-observations")
    await page.tap(f"observation-{here.notebook.observations()[0].id}")
    await page.type("answer-text", "Typenschild sagt 8 m³, aber")
    return page, here


async def test_an_answer_not_sent_is_there_after_a_restart(open_app: OpenApp) -> None:
    page, here = await written(open_app)
    assert "Wird gesichert …" in page.text("answer-state")
    await here.flush()
    await page.settle()
    assert "Entwurf gesichert" in page.text("answer-state")

    again, _ = await open_app(here.route, pair=False)
    assert "Typenschild sagt 8 m³, aber" in again.text("answer-text")


async def test_a_begun_answer_is_in_the_copy_that_is_taken_out(open_app: OpenApp) -> None:
    _, here = await written(open_app)
    await here.flush()
    with zipfile.ZipFile(io.BytesIO(await here.notebook.export_outbox())) as archive:
        assert "Typenschild sagt 8 m³, aber" in archive.read("outbox.json").decode()


async def test_a_sent_answer_is_not_there_again(open_app: OpenApp) -> None:
    page, here = await written(open_app)
    await here.flush()
    await page.tap("answer-send")
    assert "Typenschild" not in page.text("answer-text")

    again, there = await open_app(here.route, pair=False)
    assert "Typenschild" not in again.text("answer-text")
    shown = there.notebook.observation(there.notebook.observations()[0].id)
    assert shown is not None
    assert [comment.text for comment in shown.comments] == ["Typenschild sagt 8 m³, aber"]
    assert "Typenschild" not in there.notebook.preference("answers-begun", "nothing kept")


async def test_an_answer_that_cannot_be_sent_stays_in_its_field(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, _ = await written(open_app)

    async def full(*_: object) -> None:
        raise StorageFull

    monkeypatch.setattr(Notebook, "answer", full)
    await page.tap("answer-send")
    assert "Speicher des Tablets ist voll" in page.text()
    assert "Antwort gespeichert" not in page.text()
    assert "Typenschild sagt 8 m³, aber" in page.text("answer-text")


async def test_too_long_an_answer_is_said_at_the_field(open_app: OpenApp) -> None:
    page, _ = await written(open_app)
    await page.type("answer-text", "x" * (MAX_TEXT + 1))
    await page.tap("answer-send")
    assert "Zu lang" in page.text("answer-text")


async def test_a_search_is_there_when_one_comes_back(open_app: OpenApp) -> None:
    page, here = await open_app()
    await page.tap("nav-customers")
    await page.type("customer-search", "ulm")
    await page.tap("nav-today")
    await page.tap("nav-customers")
    assert "ulm" in page.text("customer-search")
    assert f"customer-{name('Käsmayr')}" not in page.identifiers()

    await here.flush()
    again, _ = await open_app("/customers", pair=False)
    assert "ulm" in again.text("customer-search")


async def own_work() -> OwnWork:
    """A technician's own store, empty."""
    return OwnWork(await Documents.open(MemoryBacking(), name="own work", schema=1))


async def test_an_answer_is_forgotten_when_the_tablet_died_right_after_sending() -> None:
    own = await own_work()
    unsent = Unsent(own, new_id, lambda: NOW)
    await unsent.keep_answer(ABOUT, "Ja, seit Mai")
    sent = unsent.comment_id(ABOUT)
    await own.add(
        AddComment(id=new_id(), observation_id=ABOUT, comment_id=sent, text="Ja, seit Mai", recorded_at=NOW)
    )
    assert unsent.answer(ABOUT) == ""
    assert unsent.comment_id(ABOUT) != sent


async def test_a_search_of_yesterday_is_not_there() -> None:
    own = await own_work()
    now = NOW
    unsent = Unsent(own, new_id, lambda: now)
    await unsent.keep_search("customers", "ulm")
    now = NOW + SEARCH_KEPT - timedelta(seconds=1)
    assert unsent.search("customers") == "ulm"
    now = NOW + SEARCH_KEPT
    assert unsent.search("customers") == ""


async def test_what_is_typed_while_sending_is_kept() -> None:
    kept: list[str] = []
    gate = asyncio.Event()

    async def keep(text: str) -> None:
        kept.append(text)

    async def send(_: str) -> None:
        await gate.wait()

    text = BegunText(keep)
    text.change("eins")
    sending = asyncio.create_task(text.send(send))
    await asyncio.sleep(0)
    text.change("zwei")
    gate.set()
    await sending
    assert (text.text, kept[-1], told(text)) == ("zwei", "zwei", Kept.KEPT)


async def test_a_full_storage_is_never_called_kept() -> None:
    async def full(_: str) -> None:
        raise StorageFull

    text = BegunText(full)
    text.change("eins")
    await text.flush()
    assert told(text) is Kept.FULL
