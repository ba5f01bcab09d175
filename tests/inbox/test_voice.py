"""Voice notes in the inbox: played within the lead once they have arrived, and only by those who may read the note."""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import select

from protocol.observation import Flag, FlagKind
from protocol.pairing import Role
from protocol.voice import spoken_text
from sync_server.crm import missing_photos
from sync_server.crm.users import User
from sync_server.store import schema as t
from tests.inbox.desk import Desk, Lead, words
from tests.server.firm import Firm, Tablet
from tests.server.sounds import note_of, webm


def _store(firm: Firm, data: bytes) -> None:
    with firm.database.writing() as connection:
        firm.app.state.blobs.keep(connection, data, datetime.now(UTC))


def test_a_voice_note_is_played_within_the_lead_once_it_has_arrived(
    firm: Firm, nora: Desk, arrive: Callable[..., Lead]
) -> None:
    here, there = webm(1), webm(2)
    notes = (note_of(here, 62.0), note_of(there, 7.0))
    lead = arrive("", voice=notes)
    _store(firm, here)
    opened = nora.get(lead.path)
    assert f'src="/voice/{notes[0].id.hex}"' in opened.text
    assert "Sprachnotiz (0:07) noch auf dem Tablet" in words(opened.text)
    assert "media-src 'self'" in opened.headers["content-security-policy"]
    assert "Sprachnotiz ohne Text" in words(nora.get("/").text)
    played = nora.get(f"/voice/{notes[0].id.hex}")
    assert (played.content, played.headers["content-type"]) == (here, "audio/webm")
    assert "sandbox" in played.headers["content-security-policy"]
    assert nora.get(f"/voice/{notes[1].id.hex}").status_code == 404
    assert nora.get(f"/photos/{notes[0].id.hex}").status_code == 404
    _store(firm, there)
    fresh = nora.get(f"/leads/{lead.id.hex}/photos").text
    assert f'id="voice-{notes[1].id.hex}"' in fresh
    assert f'src="/voice/{notes[1].id.hex}"' in fresh


def test_a_player_may_ask_for_a_part(firm: Firm, nora: Desk, arrive: Callable[..., Lead]) -> None:
    data = webm(3)
    note = note_of(data)
    arrive(voice=(note,))
    _store(firm, data)
    part = nora.get(f"/voice/{note.id.hex}", headers={"range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, data[100:200])


def test_a_voice_note_needs_a_session_and_follows_the_flag(
    firm: Firm, nora: Desk, employ: Callable[[str, Role], User], arrive: Callable[..., Lead]
) -> None:
    data = webm()
    note = note_of(data)
    arrive(voice=(note,), flag=Flag(kind=FlagKind.SPECIAL_CATEGORY, purpose="Unfall melden"))
    _store(firm, data)
    path = f"/voice/{note.id.hex}"
    assert nora.get(path).status_code == 200
    assert Desk(firm.http).get(path).status_code == 303
    assert Desk(firm.http).sit_down(firm, employ("rosa", Role.FIELD_SALES)).get(path).status_code == 404


def test_a_spoken_answer_is_played_where_its_words_would_be(
    firm: Firm, nora: Desk, anna: Tablet, arrive: Callable[..., Lead]
) -> None:
    only, both = webm(1), webm(2)
    lead = arrive()
    notes = (note_of(only, 5.0), note_of(both, 9.0))
    said = anna.comment(lead.change, spoken_text(notes[0])).model_copy(update={"voice": notes[0]})
    more = anna.comment(lead.change, "Die Nummer ist 4711").model_copy(update={"voice": notes[1]})
    anna.push(said, more)
    for data in (only, both):
        _store(firm, data)
    page = nora.get(lead.path).text
    for note in notes:
        assert f'src="/voice/{note.id.hex}"' in page
    assert "Die Nummer ist 4711" in words(page)
    assert spoken_text(notes[0]) not in words(page)  # the player says it
    assert "2 Sprachnotizen" in words(nora.get("/").text)


def test_s13_a_voice_note_that_is_nowhere_any_more_is_said_to_be_missing(
    firm: Firm, nora: Desk, arrive: Callable[..., Lead]
) -> None:
    note = note_of(webm())
    lead = arrive(voice=(note,))
    with firm.database.writing() as connection:
        (author,) = connection.execute(select(t.observations.c.author_id)).scalars()
        missing_photos.note(connection, author, [note.sha256], datetime.now(UTC))
    page = words(nora.get(lead.path).text)
    assert "Sprachnotiz fehlt: Es gibt sie weder auf dem Server noch auf dem Tablet" in page
