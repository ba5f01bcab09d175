"""`rundgang move-photos`: copies the photos of the data folder to the S3 store, checked; again as often as wanted."""

from hashlib import file_digest
from pathlib import Path

import click

from sync_server.commands.speaking import data_option, failed, in_words, media_url, say
from sync_server.media.blobs import open_blobs
from sync_server.media.in_folder import InFolder
from sync_server.settings import Settings

INCOMPLETE = 3
"""Exit code: all others are there, but some files were damaged before."""


@click.command(
    "move-photos",
    help=say(
        "Die Fotos des Datenordners in den S3-Speicher (MEDIA_URL) kopieren, geprüft; der Ordner bleibt.",
        "Copy the photos of the data folder to the S3 store (MEDIA_URL), checked; the folder stays.",
    ),
)
@data_option
def move_photos(data: Path) -> None:
    """Copy what is not there yet. Exit code 0: all are there; 1: stopped, run it again; 3: some were damaged before."""
    settings = Settings(data=data, media_url=media_url())
    if settings.media_url is None:
        raise failed(
            "Wohin? Bitte MEDIA_URL setzen oder --media-url s3://bucket/prefix angeben.",
            "Where to? Please set MEDIA_URL, or give --media-url s3://bucket/prefix.",
        )
    if not settings.blobs.is_dir():
        raise failed(
            f"In {data} liegen keine Fotos. Mit --data den Ordner des Servers angeben.",
            f"There are no photos in {data}. Name the server's folder with --data.",
        )
    with in_words(data):
        copied, there, damaged = _copy(settings)
    click.echo(
        say(
            f"{copied} Fotos kopiert und geprüft, {there} waren schon da. Der Ordner {settings.blobs} ist "
            "unverändert; löschen, sobald alles stimmt.",
            f"{copied} photos copied and checked, {there} were there before. The folder {settings.blobs} is unchanged; "
            "delete it as soon as all is well.",
        )
    )
    if damaged:
        click.echo(
            say("Beschädigt und nicht kopiert:", "Damaged and not copied:")
            + "".join(f"\n  {one}" for one in damaged),
            err=True,
        )
        raise SystemExit(INCOMPLETE)


def _copy(settings: Settings) -> tuple[int, int, list[str]]:
    source, target = InFolder(settings.blobs), open_blobs(settings).backing
    target.require_usable()
    held = set(target.names())
    copied, there, damaged = 0, 0, []
    for sha256 in source.names():
        if sha256 in held:
            there += 1
            continue
        with source.file(sha256) as file:
            with file.open("rb") as reading:
                whole = file_digest(reading, "sha256").hexdigest() == sha256
            if whole:
                target.put(file, sha256)
                copied += 1
            else:
                damaged.append(sha256)
    return copied, there, damaged
