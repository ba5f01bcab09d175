"""Stored photos and their small versions."""

from pathlib import Path

import pytest
from PIL import Image

from sync_server.media.blobs import SIZES, Blobs, NoSuchBlob
from sync_server.media.examining import NotMedia
from sync_server.media.in_folder import InFolder
from sync_server.store import Database
from tests.server.firm import NOW
from tests.server.pictures import hash_of, in_format, jpeg


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(InFolder(tmp_path / "blobs"), tmp_path / "thumbnails")


def keep(blobs: Blobs, database: Database, data: bytes) -> str:
    with database.writing() as connection:
        return blobs.keep(connection, data, NOW)


def test_a_kept_photo_is_found_by_its_hash(blobs: Blobs, database: Database) -> None:
    data = jpeg()
    sha256 = keep(blobs, database, data)
    assert sha256 == hash_of(data)
    assert blobs.read(sha256) == data
    assert keep(blobs, database, data) == sha256


def test_what_is_no_photo_is_not_kept(blobs: Blobs, database: Database, tmp_path: Path) -> None:
    with pytest.raises(NotMedia):
        keep(blobs, database, b"no photo")
    assert [file for file in (tmp_path / "blobs").rglob("*") if file.is_file()] == []


@pytest.mark.parametrize("name", ["../../../etc/passwd", "", "A" * 64, "a" * 63])
def test_only_a_hash_leads_to_a_file(blobs: Blobs, name: str) -> None:
    for look in (blobs.read, blobs.has, lambda sha256: blobs.thumbnail(sha256, 160)):
        with pytest.raises(NoSuchBlob):
            look(name)


def test_a_thumbnail_is_small_upright_and_without_metadata(blobs: Blobs, database: Database) -> None:
    sha256 = keep(blobs, database, jpeg(1600, 800, orientation=6))

    with Image.open(blobs.thumbnail(sha256, 320)) as small:
        assert (small.format, small.size) == ("JPEG", (160, 320))
        assert dict(small.getexif()) == {}


def test_a_thumbnail_is_made_once_and_made_again_when_it_was_deleted(
    blobs: Blobs, database: Database
) -> None:
    sha256 = keep(blobs, database, jpeg())
    first = blobs.thumbnail(sha256, 100)
    made_at = first.stat().st_mtime_ns
    assert blobs.thumbnail(sha256, 160).stat().st_mtime_ns == made_at  # the same step
    first.unlink()
    assert blobs.thumbnail(sha256, 100).is_file()


def test_there_are_few_sizes(blobs: Blobs, database: Database) -> None:
    sha256 = keep(blobs, database, jpeg())
    files = {blobs.thumbnail(sha256, size) for size in range(1, 5000, 50)}
    assert len(files) == len(SIZES)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "CMYK"])
def test_every_colour_mode_becomes_a_jpeg(blobs: Blobs, database: Database, mode: str) -> None:
    data = in_format("JPEG" if mode == "CMYK" else "PNG", mode)
    with Image.open(blobs.thumbnail(keep(blobs, database, data), 160)) as small:
        assert small.mode == "RGB"
