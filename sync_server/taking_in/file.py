"""The file that a tablet hands out, read as if a stranger had made it: nothing in it is believed, nothing unpacked."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from hashlib import sha256 as new_sha256
from pathlib import Path

from pydantic import ValidationError

from protocol.limits import MAX_PHOTO_BYTES
from protocol.taken_out import ENDINGS, OUTBOX, PHOTOS, SEAL, VERSION, VOICE, VOICE_ENDINGS, TakenOut

MAX_OUTBOX_BYTES = 64 * 1024 * 1024
"""Bytes of `outbox.json`, unpacked: 30,000 observations. What claims more is made to fill the memory."""

MAX_ENTRIES = 20_000
"""Entries of the zip."""

_MEDIA = tuple(
    re.compile(re.escape(folder) + r"([0-9a-f]{64})\.(?:" + "|".join(endings.values()) + ")")
    for folder, endings in ((PHOTOS, ENDINGS), (VOICE, VOICE_ENDINGS))
)
_SEAL = re.compile(r"[0-9a-f]{64}")
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


class Flaw(StrEnum):
    """Why a file is not taken for what a tablet hands out."""

    NO_ZIP = "no_zip"
    FOREIGN_ENTRY = "foreign_entry"
    TOO_LARGE = "too_large"
    DAMAGED = "damaged"
    NO_OUTBOX = "no_outbox"
    NEWER = "newer"


class NotTakenOut(ValueError):
    """The file was not made by the tablet app, or is damaged; nothing of it was taken.

    Attributes:
        flaw: what is wrong.
        detail: where, in a form that is safe to print.
    """

    def __init__(self, flaw: Flaw, detail: str = "") -> None:
        super().__init__(f"{flaw}: {detail}")
        self.flaw = flaw
        self.detail = detail


class SpoiltPhoto(ValueError):
    """A photo or voice note in the file is not the one that its name says, or is too large."""


class TakenOutFile:
    """A file whose `outbox.json` was read. Made by `open_file`.

    Attributes:
        content: the bytes of `outbox.json`, which the seal covers.
        outbox: what stands in them.
        seal: the seal as found, "" if there is none.
        photos: the SHA-256 of every photo and voice note that the file claims to hold.
    """

    def __init__(self, packed: zipfile.ZipFile, photos: dict[str, str]) -> None:
        self._zip = packed
        self._names = photos
        self.photos = frozenset(photos)
        self.content = self._read(OUTBOX, MAX_OUTBOX_BYTES)
        self.outbox = _parsed(self.content)
        self.seal = self._seal()

    def photo(self, sha256: str) -> bytes:
        """The bytes of a photo or voice note, checked.

        Raises:
            SpoiltPhoto: see there.
        """
        try:
            data = self._read(self._names[sha256], MAX_PHOTO_BYTES)
        except NotTakenOut as flaw:
            raise SpoiltPhoto(str(flaw)) from flaw
        if new_sha256(data).hexdigest() != sha256:
            raise SpoiltPhoto("other bytes than its name says")
        return data

    def _seal(self) -> str:
        if SEAL not in self._zip.namelist():
            return ""
        found = self._read(SEAL, 1_000).decode("ascii", "replace").strip()
        return found if _SEAL.fullmatch(found) else ""

    def _read(self, name: str, limit: int) -> bytes:
        """An entry's bytes. What the zip says about its size is not asked: it is read up to the limit."""
        try:
            with self._zip.open(name) as entry:
                data = entry.read(limit + 1)
        except _BROKEN as error:
            raise NotTakenOut(Flaw.DAMAGED, name) from error
        if len(data) > limit:
            raise NotTakenOut(Flaw.TOO_LARGE, name)
        return data


@contextmanager
def open_file(file: Path) -> Iterator[TakenOutFile]:
    """Read a file that a tablet has handed out.

    Raises:
        NotTakenOut: see there.
        OSError: the file cannot be read.
    """
    try:
        packed = zipfile.ZipFile(file)
    except _BROKEN as error:
        raise NotTakenOut(Flaw.NO_ZIP) from error
    with packed:
        yield TakenOutFile(packed, _photos(packed))


def _photos(packed: zipfile.ZipFile) -> dict[str, str]:
    """The names of photos and voice notes by their SHA-256; any entry that the tablet app does not make is refused."""
    entries = packed.infolist()
    if len(entries) > MAX_ENTRIES:
        raise NotTakenOut(Flaw.TOO_LARGE, f"{len(entries)} entries")
    names = [entry.filename for entry in entries]
    if OUTBOX not in names:
        raise NotTakenOut(Flaw.NO_OUTBOX)
    photos: dict[str, str] = {}
    for entry in entries:
        if entry.compress_type not in _PACKINGS or entry.flag_bits & _ENCRYPTED:
            raise NotTakenOut(Flaw.FOREIGN_ENTRY, _printable(entry.filename))
        if entry.filename in (OUTBOX, SEAL):
            continue
        found = next(filter(None, (form.fullmatch(entry.filename) for form in _MEDIA)), None)
        if found is None:
            raise NotTakenOut(Flaw.FOREIGN_ENTRY, _printable(entry.filename))
        photos[found.group(1)] = entry.filename
    if len(set(names)) != len(names):
        raise NotTakenOut(Flaw.FOREIGN_ENTRY, "the same name twice")
    return photos


def _parsed(content: bytes) -> TakenOut:
    try:
        outbox = TakenOut.model_validate_json(content)
    except ValidationError as error:
        places = {"/".join(str(part) for part in found["loc"][:2]) for found in error.errors()}
        raise NotTakenOut(Flaw.NO_OUTBOX, ", ".join(sorted(_printable(place) for place in places))) from error
    if outbox.version > VERSION:
        raise NotTakenOut(Flaw.NEWER, str(outbox.version))
    return outbox


def _printable(name: str) -> str:
    """A name of a stranger, without what could steer a terminal."""
    return ascii(name)[1:-1][:80]
