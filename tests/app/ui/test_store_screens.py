"""What the person is told of the tablet's store: room, damage, the log, and over what photos go."""

from dataclasses import replace
from typing import Any

import pytest

from app.device.platform import Connection, StorageUse
from app.i18n import use
from app.state.errors import Damage
from app.store.own_work import LogLine
from app.ui.log_words import as_text
from app.ui.screens.damaged import sentences
from app.ui.surroundings import Surroundings
from tests.app.a_tablet import Shelf, draft, jpeg, synchronized
from tests.app.scripted_server import NOW, USER, ScriptedServer, lost_before, name
from tests.app.ui.conftest import OpenApp
from tests.app.ui.headless import HeadlessPage

pytestmark = pytest.mark.anyio

OWN = f"rundgang-own-{USER}"
MB = 1_000_000


def with_platform(here: Surroundings, **changes: Any) -> None:
    """The platform says something else from now on."""
    changed = replace(here.launch.platform, **changes)
    notebook = here.notebook
    for part in (notebook, notebook.room, notebook.photo_sending):
        part._platform = changed


def storage(here: Surroundings, usage: int, quota: int, *, persistent: bool = False) -> None:
    """What the platform says of its storage from now on."""

    async def estimate() -> StorageUse:
        return StorageUse(usage, quota, persistent)

    with_platform(here, storage_estimate=estimate)


async def test_usage_and_quota_are_said_in_words_with_the_browsers_promise(open_app: OpenApp) -> None:
    page, here = await open_app()
    storage(here, 12 * MB, 2_100 * MB)
    await page.tap("nav-me")
    assert "12,0 MB von 2,1 GB belegt" in page.text()
    assert "noch nicht dauerhaft zugesagt" in page.text()
    await page.tap("nav-today")
    storage(here, 12 * MB, 2_100 * MB, persistent=True)
    await page.tap("nav-me")
    assert "Dauerhaft zugesagt" in page.text()
    await page.tap("language-en")
    assert "12.0 MB of 2.1 GB used" in page.text()


async def test_a_warning_comes_before_the_tablet_is_full_and_goes_again(open_app: OpenApp) -> None:
    page, here = await open_app()
    assert "room-short" not in page.identifiers()
    storage(here, 2_000 * MB, 2_100 * MB)
    await here.notebook.room.look()
    await page.settle()
    assert "wird knapp: noch 100 MB frei" in page.text("room-short")
    storage(here, 1_000 * MB, 2_100 * MB)
    await here.notebook.room.look()
    await page.settle()
    assert "room-short" not in page.identifiers()


async def damaged(open_app: OpenApp, shelf: Shelf) -> tuple[HeadlessPage, Surroundings]:
    """The app, opened again after a letter has changed in a stored draft."""
    _, here = await open_app()
    await here.notebook.keep_draft(draft(here.notebook, "Halle C"))
    await here.notebook.keep_draft(draft(here.notebook, "bleibt"))
    await here.notebook.save(draft(here.notebook, "wartet"))
    await here.close()
    documents = shelf.disks[OWN].documents
    for place, text in documents.items():
        if place[0] == "drafts" and "Halle C" in text:
            documents[place] = text.replace("Halle C", "Halle D")
    return await open_app(pair=False)


async def test_damage_is_told_before_the_rest_with_what_is_safe(open_app: OpenApp, shelf: Shelf) -> None:
    page, here = await damaged(open_app, shelf)
    said = page.text()
    assert "Ein Teil des Speichers war beschädigt" in said
    assert "1 Entwurf ist lesbar. 1 Meldung wartet lesbar auf die Übertragung." in said
    assert "• 1 Entwurf" in said
    assert here.notebook.drafts()[0].seen == "bleibt"
    await page.tap("damage-understood")
    assert "Guten Morgen, Jonas" in page.text()
    assert "beschädigt" not in page.text()
    await here.close()
    again, here = await open_app(pair=False)
    assert "Guten Morgen, Jonas" in again.text(), "it is told once"
    assert "Beschädigung im Speicher bemerkt (1 Stelle)" in as_text(here.notebook.transfer_log(), NOW, None)


async def test_damaged_texts_are_in_the_copy_that_is_taken_out(open_app: OpenApp, shelf: Shelf) -> None:
    _, here = await damaged(open_app, shelf)
    copy = await here.notebook.export_outbox()
    assert b"Halle D" in _member(copy, "outbox.json")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (Damage("outbox", "", "missing", count=2), "2 Meldungen oder Antworten"),
        (Damage("files", "ab", "photo"), "1 Foto"),
        (Damage("_store", "", "dropped", count=0), "Der Browser hat den Speicher verworfen"),
        (Damage("_about", "inventory", "inventory", count=0), "lässt sich nicht mehr feststellen"),
        (Damage("photos", "ab", "checksum"), "Angaben über Fotos"),
        (Damage("_store", "", "file", count=0), "Alles, was gezählt war, ist da"),
    ],
)
def test_each_damage_has_a_sentence(damage: Damage, said: str) -> None:
    assert said in " ".join(sentences([damage]))


async def test_the_log_is_read_and_sent_without_names_and_texts(
    open_app: OpenApp, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, here = await open_app()
    await here.notebook.save(draft(here.notebook, "Frau Dr. Geheim will Halle C"))
    await synchronized(here.tablet)
    server.faults = [lost_before, lost_before, lost_before]
    for _ in range(3):
        with pytest.raises(Exception, match="unreachable"):
            await synchronized(here.tablet)
    saved: list[tuple[str, bytes]] = []

    async def save(name: str, data: bytes) -> None:
        saved.append((name, data))

    monkeypatch.setattr(here.files, "save", save)
    await page.tap("nav-me")
    await page.tap("see-log")
    assert here.route == "/log"
    assert "1 Meldung gesendet" in page.text()
    assert "3 Versuche: kein Netz oder Server nicht erreichbar" in page.text()
    await page.tap("log-save")
    ((file, data),) = saved
    text = data.decode("utf-8-sig")
    assert file.startswith("rundgang-protokoll-")
    assert "1 Meldung gesendet" in text
    for personal in (
        "Geheim",
        "Käsmayr",
        "Weber",
        "Albwerk",
        str(name("Käsmayr")),
        str(USER),
        "rundgang.test",
    ):
        assert personal not in text
    use("en")
    assert "1 report sent" in as_text(here.notebook.transfer_log(), NOW, None)


async def test_the_log_is_bounded(open_app: OpenApp) -> None:
    _, here = await open_app(synchronize=False)
    for number in range(310):
        await here.notebook._own.note(LogLine(at=NOW, what="push", count=number))
    lines = here.notebook.transfer_log()
    assert len(lines) == 300
    assert (lines[0].count, lines[-1].count) == (309, 10)


async def test_photos_wait_for_wifi_and_text_goes(open_app: OpenApp, server: ScriptedServer) -> None:
    page, here = await open_app()
    with_platform(here, connection=lambda: Connection.MOBILE)
    await page.tap("nav-me")
    await page.tap("photos-wifi")
    assert "Gerade Mobilfunk" in page.text()
    fresh = draft(here.notebook, "mit Foto")
    photo = await here.notebook.add_photo(fresh.id, jpeg())
    await here.notebook.save(replace(fresh, photos=(photo,)))
    await synchronized(here.tablet)
    await page.settle()
    assert len(server.revisions) == 1
    assert server.blobs == {}
    assert "1 Foto wartet auf WLAN" in page.text("transfer-banner")

    with_platform(here, connection=lambda: Connection.WIFI)
    await synchronized(here.tablet)
    assert set(server.blobs) == {photo.sha256}


async def test_where_the_browser_does_not_tell_the_person_decides(
    open_app: OpenApp, server: ScriptedServer
) -> None:
    page, here = await open_app()
    await page.tap("nav-me")
    await page.tap("photos-wifi")
    assert "verrät der App nicht" in page.text()
    for number in (1, 2):
        fresh = draft(here.notebook, "mit Foto")
        photo = await here.notebook.add_photo(fresh.id, jpeg(width=100 + number))
        await here.notebook.save(replace(fresh, photos=(photo,)))
        await synchronized(here.tablet)
        await page.settle()
        assert len(server.blobs) == number - 1, "each time anew"
        await page.tap("photos-now")
        await synchronized(here.tablet)
        await page.settle()
        assert len(server.blobs) == number


def _member(archive: bytes, member: str) -> bytes:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return opened.read(member)
