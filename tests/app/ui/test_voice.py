"""Speaking on the screen: every state says what goes on and what is safe; what was spoken can be heard and taken back."""

from typing import Any
from uuid import UUID

import pytest

from app.device.voice import Ended, Muted, Played, Playing, Silent
from app.state.notebook import Notebook
from app.ui.surroundings import Surroundings
from app.ui.theme import PRIMARY_HEIGHT
from protocol.ids import new_id
from protocol.limits import MAX_VOICE_NOTES
from protocol.voice import VoiceNote
from tests.app.a_tablet import Shelf, draft, paired, synchronized, told
from tests.app.microphone import ScriptedVoice
from tests.app.scripted_server import NOW, USER, ScriptedServer, name
from tests.app.ui.conftest import OpenApp
from tests.app.ui.headless import HeadlessPage

pytestmark = pytest.mark.anyio


async def settled(page: HeadlessPage) -> None:
    for _ in range(6):
        await page.settle()


async def capturing(
    open_app: OpenApp, voice: ScriptedVoice, **more: Any
) -> tuple[HeadlessPage, Surroundings]:
    page, here = await open_app(voice=voice, **more)
    await page.tap("capture-here")
    await page.tap("kind-plan")
    return page, here


async def spoken(page: HeadlessPage, voice: ScriptedVoice, seconds: int = 3) -> None:
    await page.tap("voice-record")
    voice.speak(seconds)
    await settled(page)
    await page.tap("voice-done")
    await settled(page)


def notes(notebook: Notebook) -> tuple[VoiceNote, ...]:
    (found,) = notebook.drafts()
    return found.voice


async def test_what_is_spoken_is_seen_held_and_kept(open_app: OpenApp) -> None:
    voice = ScriptedVoice()
    page, here = await capturing(open_app, voice)
    assert "Nur deine eigene Stimme, bis 5 Minuten" in page.text("voice-record")
    await page.tap("voice-record")
    assert "Aufnahme läuft" in page.text("voice-phase")
    assert "Andere heimlich aufzunehmen ist strafbar (§ 201 StGB)" in page.text()
    voice.speak(4)
    await settled(page)
    assert page.find("voice-time").label == "0:04 von 5:00 Minuten"
    await page.tap("voice-hold")
    assert "Aufnahme hält an" in page.text("voice-phase")
    assert voice.held
    await page.tap("voice-hold")
    voice.speak(1)
    await settled(page)
    await page.tap("voice-done")
    await settled(page)
    (note,) = notes(here.notebook)
    assert note.seconds == 5.0
    assert "0:05" in page.text(f"voice-said-{note.id}")
    assert "voice-record" in page.identifiers(), "another one may follow"


async def test_a_voice_note_is_heard_before_it_is_saved(open_app: OpenApp) -> None:
    voice = ScriptedVoice()
    page, here = await capturing(open_app, voice)
    await spoken(page, voice)
    (note,) = notes(here.notebook)
    button = f"voice-play-{note.id}"
    assert page.find(button).label == "Sprachnotiz abspielen, 0:03 Minuten"
    await page.tap(button)
    await settled(page)
    assert voice.played == [(str(note.id), note.size, 0.0)]
    voice.hear(Playing(str(note.id), 2.0))
    await settled(page)
    assert "0:02 von 0:03" in page.text(f"voice-said-{note.id}")
    assert page.find(button).label == "Sprachnotiz anhalten"
    voice.hear(Played(str(note.id)))
    await settled(page)
    assert page.find(button).label == "Sprachnotiz abspielen, 0:03 Minuten"


async def test_discarding_asks_nothing_and_can_be_undone(open_app: OpenApp) -> None:
    voice = ScriptedVoice()
    page, here = await capturing(open_app, voice)
    await spoken(page, voice)
    (note,) = notes(here.notebook)
    await page.tap(f"voice-remove-{note.id}")
    assert f"voice-play-{note.id}" not in page.identifiers()
    assert "Sprachnotiz verworfen." in page.text()
    await page.undo()
    assert f"voice-play-{note.id}" in page.identifiers()
    assert await here.notebook.photo(note.sha256) is not None


async def test_saving_while_recording_takes_what_was_spoken_with_it(open_app: OpenApp) -> None:
    voice = ScriptedVoice()
    page, here = await capturing(open_app, voice)
    await page.tap("voice-record")
    voice.speak(2)
    await settled(page)
    await page.tap("capture-save")
    await settled(page)
    (row,) = here.notebook.observations()
    assert (row.voices, row.photos_total) == (1, 1)
    assert "Gespeichert. Sicher auf diesem Tablet" in page.text()


async def test_leaving_the_screen_keeps_what_was_spoken(open_app: OpenApp) -> None:
    voice = ScriptedVoice()
    page, here = await capturing(open_app, voice)
    await page.tap("voice-record")
    voice.speak(2)
    await settled(page)
    here.go("/")
    await settled(page)
    assert [note.seconds for note in notes(here.notebook)] == [2.0]


@pytest.mark.parametrize(
    ("why", "words"),
    [
        (Silent.REFUSED, "Das Mikrofon ist nicht erlaubt."),
        (Silent.MISSING, "Dieses Gerät hat kein Mikrofon."),
        (Silent.TAKEN, "Das Mikrofon ist belegt."),
        (Silent.UNSUPPORTED, "Dieses Gerät kann hier nicht aufnehmen."),
        (Silent.OTHER, "Die Aufnahme konnte nicht beginnen."),
    ],
)
async def test_why_nothing_is_recorded_is_said(open_app: OpenApp, why: Silent, words: str) -> None:
    page, here = await capturing(open_app, ScriptedVoice(broken=why))
    await page.type("capture-text", "Halle C kommt")
    await page.tap("voice-record")
    await settled(page)
    assert words in page.text("voice-trouble")
    assert here.notebook.drafts()[0].heard == "Halle C kommt"
    assert "voice-record" in page.identifiers()
    await page.tap("voice-ok")
    assert "voice-trouble" not in page.identifiers()


async def test_how_a_recording_ended_is_said(open_app: OpenApp) -> None:
    voice = ScriptedVoice()
    page, _ = await capturing(open_app, voice)
    await page.tap("voice-record")
    await page.tap("voice-done")
    await settled(page)
    assert "Es wurde nichts aufgenommen." in page.text("voice-trouble")
    await page.tap("voice-record")
    voice.speak(1)
    voice.hear(Muted(voice.recording or ""))
    await settled(page)
    assert "Das Gerät hat den Ton weggenommen" in page.text("voice-trouble")
    await page.tap("voice-hold")
    voice.speak(1)
    voice.end(Ended.LOST)
    await settled(page)
    assert "Das Mikrofon war plötzlich weg." in page.text("voice-trouble")


async def test_a_microphone_that_hears_nothing_is_told(open_app: OpenApp) -> None:
    voice = ScriptedVoice()
    page, _ = await capturing(open_app, voice)
    await page.tap("voice-record")
    voice.speak(6, level=0.02)
    await settled(page)
    assert "Es kommt kein Ton an." in page.text()


async def test_more_than_enough_is_not_offered(open_app: OpenApp) -> None:
    voice = ScriptedVoice()
    page, _ = await capturing(open_app, voice)
    for _ in range(MAX_VOICE_NOTES):
        await spoken(page, voice, 1)
    assert "voice-record" not in page.identifiers()


async def test_an_interrupted_recording_is_found_again_and_said(open_app: OpenApp) -> None:
    voice = ScriptedVoice()
    page, here = await capturing(open_app, voice)
    draft_id = here.notebook.drafts()[0].id if here.notebook.drafts() else UUID(here.route.split("/")[2])
    await page.tap("voice-record")
    voice.speak(3)
    await settled(page)  # the tablet's battery is empty
    page, here = await open_app(f"/capture/{draft_id}", voice=ScriptedVoice(), pair=False)
    assert "Eine Aufnahme wurde unterbrochen." in page.text("voice-recovered")
    (note,) = notes(here.notebook)
    assert "0:03" in page.text(f"voice-said-{note.id}")


async def test_targets_are_large_and_named(open_app: OpenApp) -> None:
    voice = ScriptedVoice()
    page, here = await capturing(open_app, voice)
    await spoken(page, voice)
    (note,) = notes(here.notebook)
    for identifier, least in ((f"voice-play-{note.id}", PRIMARY_HEIGHT), (f"voice-remove-{note.id}", 48)):
        control = page.find(identifier)
        area: Any = control.content
        assert control.label
        assert area.height >= least
        assert area.width >= least
    assert page.find("voice-record").content.height >= PRIMARY_HEIGHT  # type: ignore[union-attr]


# -- answers ------------------------------------------------------------------------------------------------------


async def asked(shelf: Shelf, server: ScriptedServer, **fields: Any) -> UUID:
    """An observation of which inside sales wants to know more."""
    tablet, notebook = await paired(shelf, server)
    fresh = draft(notebook)
    await notebook.save(fresh)
    await synchronized(tablet)
    (entry,) = notebook._own.entries()
    question = {
        "id": str(name("question")), "author_id": str(name("Nora")), "author_name": "Nora Özdemir",
        "by_technician": False, "text": "Wann genau?", "at": NOW.isoformat(),
    }  # fmt: skip
    comments = [question, *fields.pop("more", ())]
    server.publish("observation", fresh.id, told(entry.change, "question", comments))  # type: ignore[arg-type]
    await synchronized(tablet)
    await tablet.close()
    return fresh.id


async def test_a_question_is_answered_by_voice(
    open_app: OpenApp, shelf: Shelf, server: ScriptedServer
) -> None:
    observation, voice = await asked(shelf, server), ScriptedVoice()
    page, here = await open_app(f"/observations/{observation}", voice=voice)
    await spoken(page, voice, 4)
    note = here.notebook.recordings.answer(observation)
    assert note is not None
    assert "0:04" in page.text(f"voice-said-{note.id}")
    await page.tap(f"voice-remove-{note.id}")
    await settled(page)
    assert here.notebook.recordings.answer(observation) is None
    await page.undo()
    await settled(page)
    page.moved = ("voice-play-",)  # into the thread
    await page.tap("answer-send")
    await settled(page)
    shown = here.notebook.observation(observation)
    assert shown is not None
    assert [comment.voice for comment in shown.comments] == [None, note]
    assert f"voice-play-{note.id}" in page.identifiers()
    assert "Sprachnotiz (0:04)" not in page.text(), "the player says it"
    assert "Wartet auf Netz" in page.text()


async def test_a_voice_note_that_is_not_here_any_more_says_where_it_is(
    open_app: OpenApp, shelf: Shelf, server: ScriptedServer
) -> None:
    note = VoiceNote(id=new_id(), sha256="0" * 64, size=100, media_type="audio/webm", seconds=7.0)
    answer = {
        "id": str(new_id()), "author_id": str(USER), "author_name": "Jonas Weber", "by_technician": True,
        "text": "Sprachnotiz (0:07)", "at": NOW.isoformat(), "voice": note.as_dict(),
    }  # fmt: skip
    observation = await asked(shelf, server, more=[answer])
    page, _ = await open_app(f"/observations/{observation}", voice=ScriptedVoice())
    await page.tap(f"voice-play-{note.id}")
    await settled(page)
    assert "nicht mehr auf diesem Tablet, beim Server" in page.text(f"voice-said-{note.id}")
