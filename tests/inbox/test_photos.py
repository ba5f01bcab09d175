"""Photos in the inbox: shown when they have arrived, said when they have not, and only to those who may."""

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO

from PIL import Image
from sqlalchemy import select

from protocol.observation import Flag, FlagKind
from protocol.pairing import Role
from sync_server.crm import missing_photos
from sync_server.crm.users import User
from sync_server.store import schema as t
from tests.inbox.desk import Desk, Lead, words
from tests.server.firm import Firm, photo_of


def _jpeg(colour: str) -> bytes:
    file = BytesIO()
    Image.new("RGB", (640, 480), colour).save(file, "JPEG")
    return file.getvalue()


def _store(firm: Firm, data: bytes) -> None:
    with firm.database.writing() as connection:
        firm.app.state.blobs.keep(connection, data, datetime.now(UTC))


def test_a_photo_is_shown_once_it_has_arrived(firm: Firm, nora: Desk, arrive: Callable[..., Lead]) -> None:
    here, there = _jpeg("teal"), _jpeg("olive")
    photos = tuple(photo_of(sha256(data).hexdigest(), len(data), "Typenschild") for data in (here, there))
    lead = arrive(photos=photos)
    _store(firm, here)
    page = nora.get(lead.path).text
    assert f'src="/photos/{photos[0].id.hex}?size=small"' in page
    assert "Foto 2 von 2 noch auf dem Tablet" in words(page)
    whole = nora.get(f"/photos/{photos[0].id.hex}")
    assert whole.content == here
    assert whole.headers["content-type"] == "image/jpeg"
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert whole.headers["content-disposition"].startswith("inline")
    assert "sandbox" in whole.headers["content-security-policy"]
    small = nora.get(f"/photos/{photos[0].id.hex}?size=small")
    assert Image.open(BytesIO(small.content)).width <= 320
    assert nora.get(f"/photos/{photos[1].id.hex}").status_code == 404


def test_a_photo_needs_a_session_and_follows_the_flag(
    firm: Firm, nora: Desk, employ: Callable[[str, Role], User], arrive: Callable[..., Lead]
) -> None:
    data = _jpeg("teal")
    photo = photo_of(sha256(data).hexdigest(), len(data))
    arrive(photos=(photo,), flag=Flag(kind=FlagKind.SPECIAL_CATEGORY, purpose="Unfall melden"))
    _store(firm, data)
    path = f"/photos/{photo.id.hex}"
    assert nora.get(path).status_code == 200
    assert Desk(firm.http).get(path).status_code == 303
    assert Desk(firm.http).sit_down(firm, employ("rosa", Role.FIELD_SALES)).get(path).status_code == 404


def test_s13_a_photo_that_is_nowhere_any_more_is_said_to_be_missing(
    firm: Firm, nora: Desk, arrive: Callable[..., Lead]
) -> None:
    here, lost = _jpeg("teal"), _jpeg("olive")
    photos = tuple(photo_of(sha256(data).hexdigest(), len(data)) for data in (here, lost))
    lead = arrive(photos=photos)
    _store(firm, here)
    hashes = [photo.sha256 for photo in photos]
    with firm.database.writing() as connection:
        (author,) = connection.execute(select(t.observations.c.author_id)).scalars()
        noted = missing_photos.note(connection, author, hashes, datetime.now(UTC))
        again = missing_photos.note(connection, author, hashes, datetime.now(UTC))
    assert (noted.received, len(noted.leads)) == ([hashes[0]], 1)
    assert again.leads == []
    page = words(nora.get(lead.path).text)
    assert "Foto fehlt: 2 von 2 gibt es weder auf dem Server noch auf dem Tablet" in page
    assert "noch auf dem Tablet" not in page.replace("weder auf dem Server noch auf dem Tablet", "")
    _store(firm, lost)
    assert "fehlt" not in words(nora.get(lead.path).text)
