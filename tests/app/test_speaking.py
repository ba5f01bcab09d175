"""Speaking: each second is kept, whatever happens next; what was spoken becomes part of what it is for, once."""

import asyncio
import json
import zipfile
from dataclasses import replace
from io import BytesIO
from uuid import UUID

import pytest

from app.device.voice import Began, Ended, Failed, Level, Muted, Piece, Played, Playing, Silent, Stopped
from app.state.drafting import DraftEditor
from app.state.errors import StorageFull
from app.state.notebook import Notebook
from app.state.session import Tablet
from app.state.speaking import For, Phase, Speaker, Speaking, Trouble, after
from app.state.views import Progress
from app.store.outbox import Gone
from app.store.thinning import thin
from protocol.limits import MAX_VOICE_SECONDS
from protocol.rules.sound import sound_type
from protocol.voice import VoiceNote, spoken_text
from tests.app.a_tablet import Shelf, draft, paired, synchronized
from tests.app.microphone import ScriptedVoice
from tests.app.scripted_server import USER, ScriptedServer, name

pytestmark = pytest.mark.anyio

OWN = f"rundgang-own-{USER}"
ID = str(name("recording"))


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def server() -> ScriptedServer:
    return ScriptedServer()


async def never(_: float) -> None:
    await asyncio.Event().wait()


async def at_once(_: float) -> None:
    await asyncio.sleep(0)


async def settled(times: int = 400) -> None:
    for _ in range(times):
        await asyncio.sleep(0)


async def speaking(
    shelf: Shelf, server: ScriptedServer, voice: ScriptedVoice, **more: object
) -> tuple[Tablet, Notebook, DraftEditor]:
    """A tablet on which a draft has been begun."""
    tablet, notebook = await paired(shelf, server, open_voice=lambda: voice, **{"sleep": never, **more})
    editor = DraftEditor(notebook, draft(notebook, "Halle C"), stored=False, sleep=never)
    await editor.require_durable()
    return tablet, notebook, editor


async def begin(notebook: Notebook, editor: DraftEditor) -> Speaker:
    speaker = notebook.speaker
    await speaker.record(For(draft=editor.draft.id), editor.add_voice)
    await settled()
    return speaker


def pieces(shelf: Shelf) -> list[str]:
    return [key for key in shelf.disks[OWN].files if key.startswith("recording-")]


# -- the rule ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        (Began(ID, "audio/webm"), Speaking(Phase.RECORDING, seconds=3.0)),
        (Level(ID, 4.0, 0.5), Speaking(Phase.ASKING, seconds=4.0, level=0.5, heard=True)),
        (Level(ID, 4.0, 0.1), Speaking(Phase.ASKING, seconds=4.0, level=0.1, heard=False)),
        (Piece(ID, 0, 2.0, b""), Speaking(Phase.ASKING, seconds=3.0)),
        (Muted(ID), Speaking(Phase.PAUSED, seconds=3.0, trouble=Trouble.MUTED)),
        (Stopped(ID, Ended.ASKED), Speaking(Phase.ENDING, seconds=3.0)),
        (Stopped(ID, Ended.LIMIT), Speaking(Phase.ENDING, seconds=3.0, trouble=Trouble.LIMIT)),
        (Stopped(ID, Ended.LOST), Speaking(Phase.ENDING, seconds=3.0, trouble=Trouble.LOST)),
        (Failed(ID, Silent.TAKEN), Speaking(trouble=Trouble.TAKEN)),
        (Playing(ID, 1.0), Speaking(Phase.ASKING, seconds=3.0)),
        (Played(ID), Speaking(Phase.ASKING, seconds=3.0)),
    ],
)
def test_what_is_to_be_seen_follows_what_is_heard(heard: object, expected: Speaking) -> None:
    assert after(Speaking(Phase.ASKING, seconds=3.0), heard) == expected  # type: ignore[arg-type]


def test_that_no_sound_comes_in_is_told_after_a_few_seconds() -> None:
    now = Speaking(Phase.RECORDING)
    assert not after(now, Level(ID, 2.0, 0.05)).silent
    assert after(now, Level(ID, 5.0, 0.05)).silent
    assert not after(after(now, Level(ID, 1.0, 0.6)), Level(ID, 5.0, 0.05)).silent


# -- the common way ------------------------------------------------------------------------------------------------


async def test_a_recording_with_a_pause_becomes_part_of_the_draft(
    shelf: Shelf, server: ScriptedServer
) -> None:
    voice = ScriptedVoice()
    tablet, notebook, editor = await speaking(shelf, server, voice)
    speaker = await begin(notebook, editor)
    voice.speak(2)
    await settled()
    assert len(pieces(shelf)) == 3, "two seconds and the room that is held"
    speaker.pause()
    assert (speaker.now.phase, voice.held) == (Phase.PAUSED, True)
    speaker.go_on()
    voice.speak(1)
    await speaker.finish()
    assert speaker.now == Speaking(spoken_for=For(draft=editor.draft.id))
    (note,) = editor.draft.voice
    assert note.seconds == 3.0
    stored = notebook.draft(editor.draft.id)
    assert stored is not None
    assert stored.voice == (note,)
    data = await notebook.photo(note.sha256)
    assert data is not None
    assert sound_type(data) == "audio/webm"
    assert pieces(shelf) == []
    await tablet.close()


async def test_a_saved_voice_note_is_sent_after_its_text_and_confirmed(
    shelf: Shelf, server: ScriptedServer
) -> None:
    voice = ScriptedVoice()
    tablet, notebook, editor = await speaking(shelf, server, voice)
    await begin(notebook, editor)
    voice.speak(4)
    await notebook.finish_speaking()
    await editor.finish()
    (row,) = notebook.observations()
    assert (row.progress, row.photos_total, row.voices) == (Progress.WAITING, 1, 1)
    assert notebook.transfer().others_waiting == 1
    await synchronized(tablet)
    (body,) = server.revisions
    (sent,) = body["content"]["voice"]
    assert sent["sha256"] in server.blobs
    (row,) = notebook.observations()
    assert (row.photos_received, notebook.transfer().photos_waiting) == (1, 0)
    assert await thin(notebook._own, 1), "confirmed, it may go when room is short"
    (record,) = notebook._own.photos()
    assert record.gone is Gone.THINNED
    await tablet.close()


async def test_what_was_only_spoken_can_be_saved_and_corrected(shelf: Shelf, server: ScriptedServer) -> None:
    voice = ScriptedVoice()
    tablet, notebook, editor = await speaking(shelf, server, voice)
    editor.change(seen="")
    await begin(notebook, editor)
    voice.speak(1)
    await notebook.finish_speaking()
    await editor.finish()
    correction = notebook.correction(editor.draft.id)
    assert [note.seconds for note in correction.voice] == [1.0]
    await tablet.close()


async def test_five_minutes_are_the_longest(shelf: Shelf, server: ScriptedServer) -> None:
    voice = ScriptedVoice()
    tablet, notebook, editor = await speaking(shelf, server, voice)
    speaker = await begin(notebook, editor)
    voice.speak(MAX_VOICE_SECONDS + 10)
    await settled(3_000)
    assert speaker.now.trouble is Trouble.LIMIT
    assert [note.seconds for note in editor.draft.voice] == [MAX_VOICE_SECONDS]
    await tablet.close()


async def test_a_second_recording_ends_the_first(shelf: Shelf, server: ScriptedServer) -> None:
    voice = ScriptedVoice()
    tablet, notebook, editor = await speaking(shelf, server, voice)
    await begin(notebook, editor)
    voice.speak(2)
    await begin(notebook, editor)
    voice.speak(3)
    await notebook.finish_speaking()
    assert [note.seconds for note in editor.draft.voice] == [2.0, 3.0]
    await tablet.close()


# -- what goes wrong -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("why", list(Silent))
async def test_a_microphone_that_cannot_be_used_is_told_and_costs_nothing(
    shelf: Shelf, server: ScriptedServer, why: Silent
) -> None:
    tablet, notebook, editor = await speaking(shelf, server, ScriptedVoice(broken=why))
    speaker = await begin(notebook, editor)
    assert (speaker.now.phase, speaker.now.trouble) == (Phase.IDLE, Trouble(why.value))
    stored = notebook.draft(editor.draft.id)
    assert stored is not None
    assert (stored.seen, stored.voice) == ("Halle C", ())
    assert pieces(shelf) == []
    await tablet.close()


async def test_a_recording_of_no_length_leaves_nothing_behind(shelf: Shelf, server: ScriptedServer) -> None:
    voice = ScriptedVoice()
    tablet, notebook, editor = await speaking(shelf, server, voice)
    speaker = await begin(notebook, editor)
    await speaker.finish()
    assert (speaker.now.trouble, editor.draft.voice, pieces(shelf)) == (Trouble.EMPTY, (), [])
    await tablet.close()


async def test_a_microphone_that_is_pulled_out_costs_nothing_of_what_was_spoken(
    shelf: Shelf, server: ScriptedServer
) -> None:
    voice = ScriptedVoice()
    tablet, notebook, editor = await speaking(shelf, server, voice)
    speaker = await begin(notebook, editor)
    voice.speak(2)
    voice.end(Ended.LOST)
    await settled()
    assert speaker.now.trouble is Trouble.LOST
    assert [note.seconds for note in editor.draft.voice] == [2.0]
    await tablet.close()


async def test_when_the_system_takes_the_sound_away_the_recording_waits(
    shelf: Shelf, server: ScriptedServer
) -> None:
    voice = ScriptedVoice()
    tablet, notebook, editor = await speaking(shelf, server, voice)
    speaker = await begin(notebook, editor)
    voice.speak(1)
    voice.hear(Muted(voice.recording or ""))
    assert (speaker.now.phase, speaker.now.trouble) == (Phase.PAUSED, Trouble.MUTED)
    speaker.go_on()
    voice.speak(1)
    await speaker.finish()
    assert [note.seconds for note in editor.draft.voice] == [2.0]
    await tablet.close()


async def test_a_page_that_does_not_answer_any_more_does_not_keep_the_person_from_saving(
    shelf: Shelf, server: ScriptedServer
) -> None:
    voice = ScriptedVoice(answers=False)
    tablet, notebook, editor = await speaking(shelf, server, voice, sleep=at_once)
    await begin(notebook, editor)
    voice.speak(2)
    await settled()
    await notebook.finish_speaking()
    assert [note.seconds for note in editor.draft.voice] == [2.0]
    await tablet.close()


async def test_a_recording_until_the_storage_is_full_ends_there_and_is_whole(
    shelf: Shelf, server: ScriptedServer
) -> None:
    voice = ScriptedVoice()
    tablet, notebook, editor = await speaking(shelf, server, voice)
    speaker = await begin(notebook, editor)
    room_for(shelf, 3)
    voice.speak(6)
    await settled(2_000)
    assert speaker.now.trouble is Trouble.FULL
    assert [note.seconds for note in editor.draft.voice] == [3.0]
    (note,) = editor.draft.voice
    assert await notebook.photo(note.sha256) is not None
    await tablet.close()


async def test_without_room_no_recording_begins(shelf: Shelf, server: ScriptedServer) -> None:
    voice = ScriptedVoice()
    tablet, notebook, editor = await speaking(shelf, server, voice)

    def refuse(_: int) -> None:
        raise StorageFull("full")

    shelf.backings[OWN].before = refuse
    speaker = await begin(notebook, editor)
    assert speaker.now == Speaking(spoken_for=For(draft=editor.draft.id), trouble=Trouble.NO_ROOM)
    shelf.backings[OWN].before = lambda _: None
    assert notebook._own.recordings.all() == []
    await tablet.close()


def room_for(shelf: Shelf, count: int) -> None:
    """From now on as many pieces fit as that, until something is removed: as on a disk."""
    disk, backing = shelf.disks[OWN], shelf.backings[OWN]
    free = sum(map(len, disk.files.values())) + 1_000 * count

    put = backing.put_file

    async def put_file(key: str, data: bytes) -> None:
        others = sum(len(kept) for other, kept in disk.files.items() if other != key)
        if others + len(data) > free:
            raise StorageFull("full")
        await put(key, data)

    backing.put_file = put_file  # type: ignore[method-assign]


# -- the app dies ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spoken", [1, 7])
async def test_what_was_spoken_until_the_app_died_is_in_the_draft_again(
    shelf: Shelf, server: ScriptedServer, spoken: int
) -> None:
    voice = ScriptedVoice()
    _, notebook, editor = await speaking(shelf, server, voice)
    await begin(notebook, editor)
    voice.speak(spoken)
    await settled()  # and now the battery is empty: nobody closes anything
    tablet, notebook = await paired(shelf, server)
    stored = notebook.draft(editor.draft.id)
    assert stored is not None
    (note,) = stored.voice
    assert note.seconds == spoken
    assert notebook.recordings.recovered == {note.id}
    assert await notebook.photo(note.sha256) is not None
    assert pieces(shelf) == []
    await tablet.close()
    tablet, notebook = await paired(shelf, server)
    assert notebook.recordings.recovered == frozenset(), "it is told once"
    assert len(stored.voice) == 1
    await tablet.close()


@pytest.mark.parametrize("step", range(1, 16))
async def test_wherever_the_app_dies_while_a_recording_ends_it_is_there_once(
    shelf: Shelf, server: ScriptedServer, step: int
) -> None:
    voice = ScriptedVoice()
    _, notebook, editor = await speaking(shelf, server, voice)
    await begin(notebook, editor)
    voice.speak(2)
    await settled()
    backing = shelf.backings[OWN]
    last = backing.operations + step

    def die(operation: int) -> None:
        if operation >= last:
            raise StorageFull("nothing is written any more: as after a crash")

    backing.before = die
    await notebook.finish_speaking()
    tablet, notebook = await paired(shelf, server)
    stored = notebook.draft(editor.draft.id)
    assert stored is not None
    assert [note.seconds for note in stored.voice] == [2.0]
    assert pieces(shelf) == []
    await tablet.close()


async def test_a_draft_that_was_given_up_meanwhile_gives_the_recording_to_a_new_one(
    shelf: Shelf, server: ScriptedServer
) -> None:
    voice = ScriptedVoice()
    _, notebook, editor = await speaking(shelf, server, voice)
    await begin(notebook, editor)
    voice.speak(2)
    await settled()
    await notebook._own.remove_draft(editor.draft.id)
    tablet, notebook = await paired(shelf, server)
    (found,) = notebook.drafts()
    assert [note.seconds for note in found.voice] == [2.0]
    await tablet.close()


# -- answers, the copy, playing ------------------------------------------------------------------------------------


async def observed(tablet: Tablet, notebook: Notebook, server: ScriptedServer) -> UUID:
    fresh = draft(notebook)
    await notebook.save(fresh)
    await synchronized(tablet)
    return fresh.id


async def speak_answer(notebook: Notebook, voice: ScriptedVoice, observation: UUID) -> VoiceNote:
    async def take(note: VoiceNote) -> None:
        await notebook.recordings.keep_answer(observation, note)

    await notebook.speaker.record(For(answer_to=observation), take)
    voice.speak(3)
    await notebook.finish_speaking()
    note = notebook.recordings.answer(observation)
    assert note is not None
    return note


async def test_a_spoken_answer_survives_a_restart_and_is_sent_once(
    shelf: Shelf, server: ScriptedServer
) -> None:
    voice = ScriptedVoice()
    tablet, notebook, _ = await speaking(shelf, server, voice)
    observation = await observed(tablet, notebook, server)
    note = await speak_answer(notebook, voice, observation)
    await tablet.close()
    tablet, notebook = await paired(shelf, server)
    assert notebook.recordings.answer(observation) == note
    await notebook.answer(observation, "", note)
    assert notebook.recordings.answer(observation) is None
    shown = notebook.observation(observation)
    assert shown is not None
    assert [(comment.text, comment.voice) for comment in shown.comments] == [(spoken_text(note), note)]
    await synchronized(tablet)
    assert note.sha256 in server.blobs
    await tablet.close()


async def test_a_discarded_answer_can_be_brought_back(shelf: Shelf, server: ScriptedServer) -> None:
    voice = ScriptedVoice()
    tablet, notebook, _ = await speaking(shelf, server, voice)
    observation = await observed(tablet, notebook, server)
    note = await speak_answer(notebook, voice, observation)
    await notebook.recordings.forget_answer(note.id)
    assert notebook.recordings.answer(observation) is None
    await notebook.recordings.keep_answer(observation, note)
    assert notebook.recordings.answer(observation) == note
    assert await notebook.photo(note.sha256) is not None
    await tablet.close()


async def test_the_copy_holds_what_was_spoken_in_drafts_changes_and_answers(
    shelf: Shelf, server: ScriptedServer
) -> None:
    voice = ScriptedVoice()
    tablet, notebook, editor = await speaking(shelf, server, voice)
    observation = await observed(tablet, notebook, server)
    await begin(notebook, editor)
    voice.speak(2)
    await notebook.finish_speaking()
    answer = await speak_answer(notebook, voice, observation)
    (spoken,) = editor.draft.voice
    with zipfile.ZipFile(BytesIO(await notebook.export_outbox())) as packed:
        outbox = json.loads(packed.read("outbox.json"))
        assert outbox["version"] == 2
        assert {f"voice/{note.sha256}.webm" for note in (spoken, answer)} <= set(packed.namelist())
        assert outbox["answers_begun"] == [{"observation_id": str(observation), "voice": answer.as_dict()}]
    await tablet.close()


async def test_playing_stops_and_goes_on_where_it_was(shelf: Shelf, server: ScriptedServer) -> None:
    voice = ScriptedVoice()
    tablet, notebook, editor = await speaking(shelf, server, voice)
    await begin(notebook, editor)
    voice.speak(4)
    await notebook.finish_speaking()
    (note,), speaker = editor.draft.voice, notebook.speaker
    speaker.play(note, b"x")
    assert speaker.playing == note.id
    voice.hear(Playing(str(note.id), 2.5))
    speaker.be_quiet()
    speaker.play(note, b"x")
    assert [place for _, _, place in voice.played] == [0.0, 2.5]
    voice.hear(Played(str(note.id)))
    assert not speaker.played_to
    voice.hear(Played(str(note.id), failed=True))
    assert speaker.unplayable == {note.id}
    await tablet.close()


async def test_a_colleagues_or_an_older_tablets_observation_without_voice_is_read(
    shelf: Shelf, server: ScriptedServer
) -> None:
    voice = ScriptedVoice()
    tablet, notebook, _ = await speaking(shelf, server, voice)
    await notebook.save(replace(draft(notebook, "ohne Stimme"), voice=()))
    await synchronized(tablet)
    (body,) = server.revisions
    assert "voice" not in body["content"]
    await tablet.close()
