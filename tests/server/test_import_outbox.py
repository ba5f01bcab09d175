"""`rundgang import outbox`: the way back for what a real tablet has taken out, and what strangers' files cannot do."""

import json
import zipfile
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select, update
from starlette.applications import Starlette

from app.photo.geometry import Point
from app.state.drafting import DraftEditor
from app.state.notebook import Notebook
from app.state.recordings import For
from app.state.session import Tablet
from app.state.signing import Signer, Signing
from protocol.ids import new_id
from protocol.observation import Kind
from protocol.rules.sound import sound_type
from protocol.voice import VoiceNote
from sync_server.application import build
from sync_server.cli import main
from sync_server.crm import pairing, tablets, users
from sync_server.crm.users import User
from sync_server.settings import Settings
from sync_server.store import schema as t
from tests.app.a_tablet import Shelf, platform, synchronized
from tests.server.calling import calling
from tests.server.firm import Firm, found
from tests.server.pictures import jpeg
from tests.server.sounds import webm

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@dataclass
class Network(httpx.AsyncBaseTransport):
    """The way to the server; there may be none."""

    app: Starlette
    up: bool = True

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if not self.up:
            raise httpx.ConnectError("no network", request=request)
        return await httpx.ASGITransport(app=self.app).handle_async_request(request)


@dataclass
class Cellar:
    """Anna's tablet without network, and what an administrator does with its copy."""

    firm: Firm
    network: Network
    tablet: Tablet
    data: Path
    folder: Path

    @property
    def notebook(self) -> Notebook:
        notebook = self.tablet.notebook
        assert notebook is not None
        return notebook

    async def saves(self, text: str, *pictures: bytes, customer: UUID | None = None) -> UUID:
        fresh = self.notebook.new_draft(customer_id=customer or self.firm.brandl, kind=Kind.PLAN)
        photos = [await self.notebook.add_photo(fresh.id, picture) for picture in pictures]
        await self.notebook.save(replace(fresh, heard=text, photos=tuple(photos)))
        return fresh.id

    async def speaks(self, spoken_for: For, seconds: float) -> VoiceNote:
        """Something is recorded: what the microphone gives, piece by piece."""
        recordings, recording_id, sound = self.notebook.recordings, new_id(), webm(seconds)
        await recordings.begin(recording_id, spoken_for, "audio/webm")
        half = len(sound) // 2
        await recordings.keep_piece(recording_id, 0, seconds / 2, sound[:half])
        await recordings.keep_piece(recording_id, 1, seconds, sound[half:])
        note = await recordings.finish(recording_id)
        assert note is not None
        await recordings.forget(recording_id)
        return note

    async def takes_out(self) -> Path:
        file = self.folder / "sicherung.zip"
        file.write_bytes(await self.notebook.export_outbox())
        return file

    def count(self, table: str) -> int:
        with self.firm.database.reading() as connection:
            return connection.execute(select(func.count()).select_from(t.metadata.tables[table])).scalar_one()

    def counts(self) -> dict[str, int]:
        tables = ("observations", "revisions", "comments", "photos", "blobs", "receipts")
        return {table: self.count(table) for table in tables}

    def trace(self) -> list[dict[str, str]]:
        """What the leads' histories say about files."""
        with self.firm.database.reading() as connection:
            events = connection.execute(
                select(t.lead_events.c.detail).where(t.lead_events.c.action == "taken_in")
            )
            return [json.loads(detail) for detail in events.scalars()]

    def takes_in(self, file: Path, *options: str, answer: str = "", language: str = "C") -> Result:
        environment = {"LANG": language, "LC_ALL": "", "LC_MESSAGES": ""}
        arguments = ["import", "outbox", str(file), *options, f"--data={self.data}"]
        return CliRunner().invoke(main, arguments, input=answer, env=environment)


@pytest.fixture
async def cellar(settings: Settings, tmp_path: Path) -> AsyncIterator[Cellar]:
    app = build(settings)
    with calling(app) as http:
        firm = found(app, http)
        network = Network(app)
        tablet = await Tablet.open(platform(Shelf(), network, lambda: datetime.now(UTC)))
        await tablet.pair("http://127.0.0.1:8000", code_for(firm, firm.anna), "Tablet 7")
        await synchronized(tablet)
        network.up = False
        yield Cellar(firm, network, tablet, settings.data, tmp_path)
        await tablet.close()


def code_for(firm: Firm, user: User) -> str:
    with firm.database.writing() as connection:
        return pairing.make_code(connection, user.id, datetime.now(UTC))


async def test_what_a_tablet_has_taken_out_arrives_once_however_often_it_is_fed(cellar: Cellar) -> None:
    first = await cellar.saves("Halle C geplant", jpeg(seed=1), jpeg(seed=2))
    await cellar.notebook.save(replace(cellar.notebook.correction(first), heard="Halle C und D"))
    await cellar.notebook.answer(first, "Frau Brändle entscheidet")
    await cellar.saves("Typenschild", jpeg(seed=1))
    file = await cellar.takes_out()

    printed = cellar.takes_in(file, answer="y\n")

    assert printed.exit_code == 0, printed.output
    for words in ("Anna Wieland", "anna", "Tablet 7", "4 changes (0 of", "2 photos", "the file is unchanged"):
        assert words in printed.output
    once = {"observations": 2, "revisions": 3, "comments": 1, "photos": 3, "blobs": 2, "receipts": 4}
    assert cellar.counts() == once
    assert [one["proof"] for one in cellar.trace()] == ["sealed"] * 2, "each lead says where it comes from"
    again = cellar.takes_in(file, "--yes")
    assert (again.exit_code, "4 of them confirmed already" in again.output) == (0, True)
    assert cellar.counts() == once
    cellar.network.up = True
    await synchronized(cellar.tablet)
    assert cellar.counts() == once, "the tablet sends the same and nothing is doubled"
    transfer = cellar.notebook.transfer()
    assert (transfer.waiting, transfer.refused, transfer.photos_waiting) == (0, 0, 0)
    page = cellar.notebook.observation(first)
    assert page is not None
    assert page.content is not None
    assert (page.content.heard, page.row.conflict, len(page.comments)) == ("Halle C und D", False, 1)


async def test_what_was_spoken_is_taken_from_the_file_once_and_can_be_heard(cellar: Cellar) -> None:
    begun = cellar.notebook.new_draft(customer_id=cellar.firm.brandl, kind=Kind.PLAN)
    note = await cellar.speaks(For(draft=begun.id), 2.0)
    await cellar.notebook.save(replace(begun, voice=(note,)))
    answered = await cellar.speaks(For(answer_to=begun.id), 3.0)
    await cellar.notebook.answer(begun.id, "", answered)
    file = await cellar.takes_out()

    for _ in range(2):
        result = cellar.takes_in(file, "--yes")
        assert result.exit_code == 0, result.output
        wanted = {"observations": 1, "revisions": 1, "comments": 1, "photos": 2, "blobs": 2, "receipts": 2}
        assert cellar.counts() == wanted
    for spoken in (note, answered):
        sound = cellar.firm.app.state.blobs.read(spoken.sha256)
        assert sound == await cellar.notebook.photo(spoken.sha256)
        assert sound_type(sound) == "audio/webm"
    cellar.network.up = True
    await synchronized(cellar.tablet)
    assert cellar.counts() == wanted, "the tablet sends the same and nothing is doubled"
    page = cellar.notebook.observation(begun.id)
    assert page is not None
    assert page.content is not None
    assert (page.content.voice, [one.voice for one in page.comments]) == ((note,), [answered])


async def test_a_photo_whose_text_had_arrived_is_taken_from_the_file(cellar: Cellar) -> None:
    await cellar.saves("mit Foto", jpeg(seed=3))
    cellar.network.up = True
    send = cellar.network.handle_async_request

    async def text_only(request: httpx.Request) -> httpx.Response:
        if "/media" in request.url.path:
            raise httpx.ConnectError("too slow for photos", request=request)
        return await send(request)

    cellar.network.handle_async_request = text_only  # type: ignore[method-assign]
    with pytest.raises(Exception, match="unreachable"):
        await synchronized(cellar.tablet)
    assert cellar.notebook.transfer().waiting == 0
    result = cellar.takes_in(await cellar.takes_out(), "--yes")
    assert result.exit_code == 0, result.output
    assert "0 changes" in result.output
    assert cellar.count("blobs") == 1


async def test_what_was_signed_is_taken_from_the_file_with_its_picture(cellar: Cellar) -> None:
    editor = DraftEditor(
        cellar.notebook,
        replace(cellar.notebook.new_draft(customer_id=cellar.firm.brandl), kind=Kind.CONTACT_CHANGE),
        stored=False,
    )
    signing = Signing(editor, cellar.notebook.photos, "change_consent", "Testfirma\nIch bin einverstanden.")
    signing.draw(tuple(Point(9.0 * step, 100.0 + step % 7 * 9) for step in range(50)), 760, 420)
    signing.name(Signer("Petra Sommer"))
    signature = await signing.finish("Unterschrift von Petra Sommer", datetime.now(UTC))
    await editor.finish()
    file = await cellar.takes_out()
    with zipfile.ZipFile(file) as packed:
        assert json.loads(packed.read("outbox.json"))["version"] == 3
        assert f"photos/{signature.sha256}.png" in packed.namelist()
    result = cellar.takes_in(file, "--yes")
    assert result.exit_code == 0, result.output
    assert (cellar.count("observations"), cellar.count("blobs"), cellar.count("photos")) == (1, 1, 1)


async def test_drafts_and_answers_begun_stay_in_the_file_and_that_is_said(cellar: Cellar) -> None:
    observation = await cellar.saves("gesichert")
    fresh = cellar.notebook.new_draft(customer_id=cellar.firm.brandl, kind=Kind.NOTE)
    photo = await cellar.notebook.add_photo(fresh.id, jpeg(seed=4))
    await cellar.notebook.keep_draft(replace(fresh, heard="Entwurf", photos=(photo,)))
    await cellar.notebook.unsent.keep_answer(observation, "noch nicht gesendet")
    result = cellar.takes_in(await cellar.takes_out(), "--yes")
    assert result.exit_code == 0
    assert "1 drafts and 1 answers begun stay in the file" in result.output
    assert "1 photos belong to drafts" in result.output
    assert (cellar.count("observations"), cellar.count("comments"), cellar.count("blobs")) == (1, 0, 0)


async def test_what_the_tablet_could_not_read_is_said(cellar: Cellar) -> None:
    await cellar.saves("lesbar")
    file = rewritten(await cellar.takes_out(), lambda content: content.update(damaged=[{"text": "{kaputt"}]))
    result = cellar.takes_in(file, "--yes", "--as=anna")
    assert (result.exit_code, "1 entries the tablet itself could not read" in result.output) == (0, True)


async def test_what_is_refused_is_listed_with_its_reason_and_holds_back_nobody(cellar: Cellar) -> None:
    await cellar.saves("bei Unbekannt", jpeg(seed=5), customer=new_id())
    await cellar.saves("bei Brändle")
    result = cellar.takes_in(await cellar.takes_out(), "--yes")
    assert result.exit_code == 3
    assert "1 of 2 changes" in result.output
    assert "customer does not exist" in result.output
    assert cellar.counts()["observations"] == 1
    assert cellar.count("blobs") == 0


async def test_nothing_is_taken_in_before_somebody_has_agreed(cellar: Cellar) -> None:
    await cellar.saves("Halle C geplant")
    file = await cellar.takes_out()
    for answer in ("n\n", ""):
        result = cellar.takes_in(file, answer=answer)
        assert (result.exit_code, "Take it in as Anna Wieland's work?" in result.output) == (1, True)
    assert cellar.count("observations") == 0


def rewritten(file: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """The file with another `outbox.json`, everything else as it was."""
    with zipfile.ZipFile(file) as packed:
        entries = {name: packed.read(name) for name in packed.namelist()}
    content = json.loads(entries["outbox.json"])
    change(content)
    entries["outbox.json"] = json.dumps(content).encode()
    return packed_as(file, entries)


def packed_as(file: Path, entries: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(file, "w", packing) as packed:
        for name, content in entries.items():
            packed.writestr(name, content)
    return file


async def test_a_changed_file_is_taken_in_only_when_somebody_vouches_for_it(cellar: Cellar) -> None:
    await cellar.saves("echt")

    def forge(content: dict[str, Any]) -> None:
        content["changes"][0]["content"]["heard"] = "gefälscht"

    file = rewritten(await cellar.takes_out(), forge)
    refused = cellar.takes_in(file, "--yes")
    assert (refused.exit_code, "--as anna" in refused.output) == (1, True)
    assert cellar.count("observations") == 0
    vouched = cellar.takes_in(file, "--as=anna", "--yes")
    assert vouched.exit_code == 0
    assert "without evidence" in vouched.output
    assert [one["proof"] for one in cellar.trace()] == ["changed"]


async def test_nobody_elses_name_can_be_forged(cellar: Cellar) -> None:
    await cellar.saves("von Anna")
    jan = cellar.firm.jan

    def forge(content: dict[str, Any]) -> None:
        content["author"] = {"user_id": str(jan.id), "name": "Jan Petersen"}

    file = rewritten(await cellar.takes_out(), forge)
    for options in (("--yes",), ("--yes", "--as=anna")):
        result = cellar.takes_in(file, *options)
        assert result.exit_code == 1, result.output
    assert "not taken in under another name" in result.output
    assert cellar.count("observations") == 0
    mine = cellar.takes_in(await cellar.takes_out(), "--yes", "--as=jan")
    assert (mine.exit_code, "not taken in under another name" in mine.output) == (1, True)


async def test_a_copied_seal_does_not_fit_to_another_file(cellar: Cellar) -> None:
    await cellar.saves("eins")
    first = zipfile.ZipFile(await cellar.takes_out())
    seal = first.read("seal.txt")
    first.close()
    await cellar.saves("zwei")
    file = await cellar.takes_out()
    with zipfile.ZipFile(file) as packed:
        entries = {name: packed.read(name) for name in packed.namelist()} | {"seal.txt": seal}
    result = cellar.takes_in(packed_as(file, entries), "--yes")
    assert (result.exit_code, "seal does not fit" in result.output) == (1, True)


async def test_a_blocked_tablets_file_needs_somebody_who_vouches(cellar: Cellar) -> None:
    await cellar.saves("vom gestohlenen Tablet")
    file = await cellar.takes_out()
    with cellar.firm.database.writing() as connection:
        tablets.block(connection, cellar.notebook.identity.device_id, datetime.now(UTC))
    refused = cellar.takes_in(file, "--yes")
    assert (refused.exit_code, "it is blocked" in refused.output) == (1, True)
    assert cellar.takes_in(file, "--yes", "--as=anna").exit_code == 0


async def test_an_account_that_was_made_anew_gets_its_work_when_somebody_vouches(cellar: Cellar) -> None:
    await cellar.saves("vor dem Zurückspielen")

    def of_the_past(content: dict[str, Any]) -> None:
        content["author"]["user_id"], content["device_id"] = str(new_id()), str(new_id())

    file = rewritten(await cellar.takes_out(), of_the_past)
    refused = cellar.takes_in(file, "--yes")
    assert (refused.exit_code, "--as LOGIN" in refused.output) == (1, True)
    assert "no account here" in refused.output
    assert cellar.takes_in(file, "--yes", "--as=nobody").exit_code == 1
    assert cellar.takes_in(file, "--yes", "--as=anna").exit_code == 0
    with cellar.firm.database.reading() as connection:
        (author,) = connection.execute(select(t.observations.c.author_id)).scalars()
    assert author == cellar.firm.anna.id


async def test_somebody_without_a_tablet_has_recorded_nothing(cellar: Cellar) -> None:
    await cellar.saves("Halle C")
    file = rewritten(
        await cellar.takes_out(), lambda content: content["author"].update(user_id=str(cellar.firm.nora.id))
    )
    result = cellar.takes_in(file, "--yes", "--as=nora")
    assert (result.exit_code, "permission" in result.output) == (3, True)
    assert cellar.count("observations") == 0


async def test_a_closed_accounts_last_work_can_be_taken_in(cellar: Cellar) -> None:
    await cellar.saves("letzter Tag")
    file = await cellar.takes_out()
    with cellar.firm.database.writing() as connection:
        connection.execute(update(t.users).where(t.users.c.login == "anna").values(active=False))
        assert users.find_login(connection, "anna") is not None
    result = cellar.takes_in(file, "--yes")
    assert (result.exit_code, "anna, closed" in result.output) == (0, True)


async def test_a_spoilt_photo_is_listed_and_the_right_one_is_taken_later(cellar: Cellar) -> None:
    await cellar.saves("mit Fotos", jpeg(seed=6), jpeg(seed=7))
    file = await cellar.takes_out()
    whole = file.read_bytes()
    with zipfile.ZipFile(file) as packed:
        entries = {name: packed.read(name) for name in packed.namelist()}
    spoilt, gone = (name for name in entries if name.startswith("photos/"))
    entries[spoilt] = jpeg(seed=8)
    del entries[gone]
    result = cellar.takes_in(packed_as(file, entries), "--yes")
    assert result.exit_code == 3
    damaged, _, lacking = result.output.split("Damaged photos:")[1].partition("Photos that the file lacks:")
    assert (spoilt[7:71] in damaged, gone[7:71] in lacking) == (True, True)
    assert (cellar.count("observations"), cellar.count("blobs")) == (1, 0)
    file.write_bytes(whole)
    assert cellar.takes_in(file, "--yes").exit_code == 0
    assert (cellar.count("observations"), cellar.count("blobs")) == (1, 2)


def outbox(entries: dict[str, bytes]) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(entries["outbox.json"])
    return content


HOSTILE: dict[str, tuple[Callable[[dict[str, bytes]], dict[str, bytes]], str]] = {
    "path traversal": (lambda entries: entries | {"../../etc/passwd": b"root"}, "no tablet puts there"),
    "absolute path": (lambda entries: entries | {"/etc/cron.d/x": b"root"}, "no tablet puts there"),
    "path in a photo's name": (lambda entries: entries | {"photos/../x.jpg": b"x"}, "no tablet puts there"),
    "escape codes in a name": (lambda entries: entries | {"photos/\x1b[2J.jpg": b"x"}, r"\x1b[2J"),
    "a bomb": (lambda entries: entries | {"outbox.json": b" " * (65 * 1024 * 1024)}, "too large"),
    "very many entries": (
        lambda entries: entries | {f"photos/{number:064x}.jpg": b"" for number in range(20_001)},
        "too large",
    ),
    "no outbox": (lambda entries: {"photos/" + "0" * 64 + ".jpg": b""}, "not the copy that a tablet makes"),
    "something else": (lambda entries: {"outbox.json": b"[1, 2]"}, "not the copy that a tablet makes"),
    "no author": (
        lambda entries: {
            "outbox.json": json.dumps(
                {key: value for key, value in outbox(entries).items() if key != "author"}
            ).encode()
        },
        "author",
    ),
    "deeply nested": (
        lambda entries: {"outbox.json": b"[" * 200_000 + b"]" * 200_000},
        "not the copy that a tablet makes",
    ),
    "newer": (
        lambda entries: {"outbox.json": json.dumps(outbox(entries) | {"version": 99}).encode()},
        "newer app",
    ),
}


@pytest.mark.parametrize("trick", HOSTILE)
async def test_a_hostile_file_gets_a_clear_answer_and_changes_nothing(cellar: Cellar, trick: str) -> None:
    await cellar.saves("Halle C geplant")
    file = await cellar.takes_out()
    with zipfile.ZipFile(file) as packed:
        entries = {name: packed.read(name) for name in packed.namelist()}
    change, words = HOSTILE[trick]
    result = cellar.takes_in(packed_as(file, change(entries)), "--yes", "--as=anna")
    assert (result.exit_code, words in result.output) == (1, True), result.output[-500:]
    assert "\x1b" not in result.output
    assert "Nothing was changed" in result.output
    assert cellar.count("observations") == 0
    assert [left.name for left in cellar.folder.glob("**/passwd")] == []


@pytest.mark.parametrize("content", [b"", b"PK", b"Liebe Gr\xc3\xbc\xc3\x9fe", b"\x89PNG" * 1000])
async def test_what_is_no_zip_is_said(cellar: Cellar, content: bytes) -> None:
    (cellar.folder / "x.zip").write_bytes(content)
    result = cellar.takes_in(cellar.folder / "x.zip", "--yes")
    assert (result.exit_code, "is no zip file" in result.output) == (1, True)


async def test_a_cut_off_or_flipped_file_is_said(cellar: Cellar) -> None:
    await cellar.saves("Halle C geplant " * 200)
    file = await cellar.takes_out()
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    assert "cut off" in cellar.takes_in(file, "--yes").output
    flipped = bytearray(whole)
    flipped[60] ^= 0xFF
    file.write_bytes(flipped)
    result = cellar.takes_in(file, "--yes")
    assert (result.exit_code, "damaged" in result.output) == (1, True)
    assert cellar.count("observations") == 0


async def test_a_photo_that_is_a_bomb_is_not_unpacked(cellar: Cellar) -> None:
    await cellar.saves("mit Foto", jpeg(seed=9))
    file = await cellar.takes_out()
    with zipfile.ZipFile(file) as packed:
        entries = {name: packed.read(name) for name in packed.namelist()}
    (photo,) = (name for name in entries if name.startswith("photos/"))
    entries[photo] = bytes(26 * 1024 * 1024)
    entries[f"photos/{'0' * 64}.jpg"] = bytes(26 * 1024 * 1024)  # nobody names it
    result = cellar.takes_in(packed_as(file, entries), "--yes")
    assert result.exit_code == 3
    assert "Damaged photos:" in result.output
    assert (cellar.count("observations"), cellar.count("blobs")) == (1, 0)


async def test_the_words_are_german_where_the_shell_is(cellar: Cellar) -> None:
    await cellar.saves("bei Unbekannt", customer=new_id())
    result = cellar.takes_in(await cellar.takes_out(), "--yes", language="de_DE.UTF-8")
    for words in ("Das Siegel ist das dieses Tablets", "0 von 1 Änderungen", "Nicht übernommen:", "Kunde"):
        assert words in result.output
