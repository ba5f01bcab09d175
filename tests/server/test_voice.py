"""Voice notes: they travel like photos (S13, S14), belong to an observation or an answer, and are what they say."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from protocol.changes import AddComment, Outcome
from protocol.ids import new_id
from protocol.limits import MAX_VOICE_BYTES, MAX_VOICE_NOTES
from protocol.problems import Code
from protocol.rules.sound import with_duration
from protocol.voice import VoiceNote, spoken_text
from sync_server.crm import missing_photos, rendering
from sync_server.store import schema as t
from tests.server.firm import Firm, Tablet, photo_of
from tests.server.pictures import hash_of, jpeg
from tests.server.sounds import mp4, note_of, ogg, webm
from tests.server.test_media import begin, metadata, patch, refused


def upload(tablet: Tablet, data: bytes, filetype: str) -> Any:
    begun = begin(tablet, data, headers={"Upload-Metadata": metadata(hash_of(data), filetype)})
    if begun.status_code != 201:
        return begun
    return patch(tablet, begun.headers["location"], data, 0)


def answer(anna: Tablet, observation: Any, note: VoiceNote, text: str | None = None) -> AddComment:
    return anna.comment(observation, text or spoken_text(note)).model_copy(update={"voice": note})


@pytest.mark.parametrize(
    ("data", "filetype"),
    [(with_duration(webm(3), 3), "audio/webm"), (ogg(), "audio/ogg"), (mp4(), "audio/mp4")],
)
def test_a_voice_note_arrives_like_a_photo(anna: Tablet, data: bytes, filetype: str) -> None:
    note = note_of(data, 3.0, filetype)
    observation = anna.observe(voice=(note,))
    assert anna.push(observation).receipts[0].outcome is Outcome.ACCEPTED
    anna.pull()
    assert anna.observation(observation).media_received == ()
    assert upload(anna, data, filetype).status_code == 204
    anna.pull()
    state = anna.observation(observation)
    assert state.media_received == (note.id,)
    assert state.shown.content.voice == (note,)
    given = anna.http.get(f"/sync/v1/media/{note.sha256}", headers=anna.headers)
    assert (given.content, given.headers["content-type"]) == (data, filetype)


def test_what_was_only_spoken_is_an_observation(firm: Firm, anna: Tablet) -> None:
    note = note_of(webm())
    observation = anna.observe("", voice=(note,))
    assert anna.push(observation).receipts[0].outcome is Outcome.ACCEPTED
    with firm.database.reading() as connection:
        (rendered,) = rendering.observations(connection, [observation.observation_id])
    assert rendered.history_entry.summary == "Sprachnotiz"


@pytest.mark.parametrize(
    ("data", "filetype", "code"),
    [
        pytest.param(jpeg(), "audio/webm", Code.MEDIA_NOT_A_VOICE_NOTE, id="a photo"),
        pytest.param(webm(pictures=True), "audio/webm", Code.MEDIA_NOT_A_VOICE_NOTE, id="a film"),
        pytest.param(b"RIFF\x00\x00\x00\x00WAVE" * 9, "audio/webm", Code.MEDIA_NOT_A_VOICE_NOTE, id="WAV"),
        pytest.param(webm(), "audio/wav", Code.MEDIA_NOT_A_VOICE_NOTE, id="a type that is not taken"),
        pytest.param(webm(), "image/jpeg", Code.MEDIA_NOT_A_PHOTO, id="sound that says it is a photo"),
    ],
)
def test_what_is_no_voice_note_is_refused_with_its_reason(
    firm: Firm, anna: Tablet, data: bytes, filetype: str, code: Code
) -> None:
    assert refused(upload(anna, data, filetype)) is code
    with firm.database.reading() as connection:
        assert connection.execute(select(t.blobs.c.sha256)).all() == []


def test_more_than_a_voice_note_may_have_is_refused_before_it_is_sent(anna: Tablet) -> None:
    said = {"Upload-Metadata": metadata("0" * 64, "audio/webm")}
    assert refused(begin(anna, b"", size=MAX_VOICE_BYTES + 1, headers=said)) is Code.MEDIA_TOO_LARGE
    assert begin(anna, b"", size=MAX_VOICE_BYTES, headers=said).status_code == 201


def test_more_voice_notes_than_an_observation_may_have_are_refused(anna: Tablet) -> None:
    notes = [note_of(webm()).as_dict() for _ in range(MAX_VOICE_NOTES + 1)]
    body = anna.body(anna.observe())
    body["changes"][0]["content"]["voice"] = notes
    (receipt,) = anna.http.post("/sync/v1/push", json=body, headers=anna.headers).json()["receipts"]
    assert (receipt["outcome"], receipt["problem"]["code"]) == ("rejected", "invalid_change")


def test_an_answer_may_be_spoken(firm: Firm, anna: Tablet) -> None:
    data, observation = webm(), anna.observe()
    note = note_of(data)
    spoken = answer(anna, observation, note)
    anna.push(observation, spoken)
    assert upload(anna, data, "audio/webm").status_code == 204
    anna.pull()
    state = anna.observation(observation)
    assert [(comment.text, comment.voice) for comment in state.comments] == [("Sprachnotiz (0:01)", note)]
    assert state.media_received == (note.id,)
    assert state.shown.content.media == ()
    # Pushed again, also by itself, it is the same one (S1).
    again = spoken.model_copy(update={"id": new_id()})
    assert [receipt.outcome for receipt in anna.push(spoken, again).receipts] == [
        Outcome.ACCEPTED,
        Outcome.DUPLICATE,
    ]
    with firm.database.reading() as connection:
        assert len(connection.execute(select(t.photos.c.id)).all()) == 1


def test_the_recording_of_somebody_elses_observation_cannot_be_claimed(anna: Tablet, jan: Tablet) -> None:
    note, mine = note_of(webm()), jan.observe(customer_id=jan.firm.werft)
    anna.push(anna.observe(voice=(note,)))
    jan.push(mine)
    (receipt,) = jan.push(answer(jan, mine, note)).receipts
    assert receipt.problem is not None
    assert receipt.problem.code is Code.ID_TAKEN
    assert jan.http.get(f"/sync/v1/media/{note.sha256}", headers=jan.headers).status_code == 404


def test_s13_a_voice_note_that_is_nowhere_any_more_is_told_to_be_missing(firm: Firm, anna: Tablet) -> None:
    spoken, said = note_of(webm(1)), note_of(webm(2))
    observation = anna.observe(voice=(spoken,))
    anna.push(observation, answer(anna, observation, said))
    with firm.database.writing() as connection:
        noted = missing_photos.note(connection, firm.anna.id, [spoken.sha256, said.sha256], datetime.now(UTC))
    assert len(noted.leads) == 1
    anna.pull()
    assert set(anna.observation(observation).media_missing or ()) == {spoken.id, said.id}
    upload(anna, webm(1), "audio/webm")
    anna.pull()
    assert anna.observation(observation).media_missing == (said.id,)


def test_a_correction_keeps_the_recording_and_its_photo(anna: Tablet) -> None:
    photo, note = photo_of(hash_of(jpeg())), note_of(webm())
    observation = anna.observe(photos=(photo,), voice=(note,))
    corrected = anna.revise(observation, heard="Doch erst im Juni")
    outcomes = [receipt.outcome for receipt in anna.push(observation, corrected).receipts]
    assert outcomes == [Outcome.ACCEPTED, Outcome.ACCEPTED]
    upload(anna, webm(), "audio/webm")
    anna.pull()
    assert anna.observation(observation).media_received == (note.id,)


def test_what_an_older_tablet_pushed_equals_itself(anna: Tablet) -> None:
    """Nothing is said of voice notes where there are none: a revision pushed again has the same content."""
    assert "voice" not in anna.observe().content.as_json()


def test_a_row_of_an_older_server_is_a_photo(firm: Firm, anna: Tablet) -> None:
    observation = anna.observe(photos=(photo_of(hash_of(jpeg())),))
    anna.push(observation)
    with firm.database.reading() as connection:
        (row,) = connection.execute(select(t.photos)).all()
    assert (row.seconds, row.comment_id) == (None, None)
