"""What is known of a recording from its bytes; and a WebM that learns how long it is."""

import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.rules.sound import NotASound, sound_type, with_duration
from protocol.voice import is_only_spoken, minutes, spoken_text
from tests.server.pictures import jpeg
from tests.server.sounds import mp4, note_of, ogg, webm


@pytest.mark.parametrize(
    ("data", "media_type"), [(webm(), "audio/webm"), (ogg(), "audio/ogg"), (mp4(), "audio/mp4")]
)
def test_what_browsers_record_is_known(data: bytes, media_type: str) -> None:
    assert sound_type(data) == media_type


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\x00" * 100, id="zeros"),
        pytest.param(jpeg(), id="a photo"),
        pytest.param(b"<!doctype html><script>alert(1)</script>", id="a page"),
        pytest.param(webm(codec=b"A_VORBIS"), id="Vorbis"),
        pytest.param(webm(track_type=1), id="a film without sound"),
        pytest.param(webm(pictures=True), id="a film"),
        pytest.param(webm()[:40], id="a WebM cut off in its head"),
        pytest.param(webm().replace(b"webm", b"mkvx"), id="another EBML"),
        pytest.param(ogg(b"\x01vorbis\x00"), id="Ogg Vorbis"),
        pytest.param(mp4(b"vide", b"soun"), id="a film of an iPhone"),
        pytest.param(mp4()[:30], id="an MP4 cut off in its head"),
        pytest.param(struct.pack(">I4s", 0, b"ftyp") + b"\x00" * 20, id="an MP4 of nothing"),
    ],
)
def test_anything_else_is_no_voice_note(data: bytes) -> None:
    with pytest.raises(NotASound):
        sound_type(data)


@given(st.binary(max_size=200), st.integers(0, 300), st.sampled_from([webm(0.1), ogg(), mp4()]))
def test_whatever_is_damaged_is_refused_or_known_and_nothing_else_happens(
    garbage: bytes, at: int, whole: bytes
) -> None:
    damaged = whole[:at] + garbage + whole[at + len(garbage) :]
    with contextlib.suppress(NotASound):
        assert sound_type(damaged) in ("audio/webm", "audio/ogg", "audio/mp4")
    assert len(with_duration(damaged, 3.0)) >= len(damaged)


def test_a_webm_learns_its_length_and_is_otherwise_as_it_was() -> None:
    recorded = webm(2.0)
    finished = with_duration(recorded, 2.5)
    assert struct.pack(">d", 2500.0) in finished  # in its own unit, milliseconds
    assert sound_type(finished) == "audio/webm"
    assert finished.endswith(recorded[recorded.index(bytes.fromhex("1654ae6b")) :])
    assert with_duration(finished, 9.0) == finished  # it has said it already


def test_other_containers_stay_as_they_are() -> None:
    assert (with_duration(ogg(), 3.0), with_duration(mp4(), 3.0)) == (ogg(), mp4())


def test_what_was_only_spoken_has_words_for_readers_that_know_no_voice_notes() -> None:
    note = note_of(webm(), seconds=126.6)
    assert spoken_text(note) == "Sprachnotiz (2:07)"
    assert is_only_spoken(spoken_text(note), note)
    assert not is_only_spoken("Ja, im Mai", note)
    assert not is_only_spoken(spoken_text(note), None)
    assert [minutes(seconds) for seconds in (0.2, 59.6, 300)] == ["0:00", "1:00", "5:00"]
