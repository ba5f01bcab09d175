"""`rundgang demo`: puts the demo company into an empty database, or keeps an existing one fresh."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from sync_server.commands.speaking import data_option, database_url, media_url

if TYPE_CHECKING:
    from sync_server.store import Database


@click.command()
@data_option
@click.option("--seed", type=int, default=None, help="Another number gives another company.")
@click.option(
    "--scale",
    type=click.IntRange(1, 50),
    default=1,
    show_default=True,
    help="So many times the customers and observations.",
)
def demo(data: Path, seed: int | None, scale: int) -> None:
    """Fill an empty database with the demo company.

    A database that holds the demo already only gets today's visits if it has none; a database with a real
    company's users is refused and left as it is.
    """
    if media_url() is not None:
        _refuse(
            "Die Demofirma legt ihre Fotos in den Datenordner, nicht nach S3. Bitte ohne MEDIA_URL anlegen, danach "
            "`rundgang move-photos` mit MEDIA_URL.",
            "The demo company puts its photos into the data folder, not to S3. Please make it without MEDIA_URL, then "
            "run `rundgang move-photos` with MEDIA_URL.",
        )
    # What follows takes a moment to load: `rundgang --help` and the other commands need not wait for it.
    from sync_server.settings import Settings
    from sync_server.store import Database, StoreError
    from sync_server.store.migrating import migrate

    settings = Settings(data=data, database_url=database_url())
    try:
        data.mkdir(parents=True, exist_ok=True)
        database = Database(settings.url)
        try:
            migrate(database)
            click.echo(_fill_or_freshen(database, settings.blobs, seed, scale))
        finally:
            database.close()
    except StoreError as error:
        _refuse(
            f"Die Datenbank in {data} ist nicht benutzbar: {error or type(error).__name__}.",
            f"The database in {data} cannot be used: {error or type(error).__name__}.",
        )
    except OSError as error:
        _refuse(
            f"{data} ist nicht beschreibbar: {error.strerror}. Anderen Ordner mit --data angeben.",
            f"{data} cannot be written: {error.strerror}. Name another folder with --data.",
        )


def _fill_or_freshen(database: "Database", blobs: Path, seed: int | None, scale: int) -> str:
    from sync_server.demo.fill import PASSWORD, NotADemo, fill, freshen, is_demo
    from sync_server.demo.worktime import BERLIN

    now = datetime.now(UTC)
    here = now.astimezone(BERLIN)
    try:
        with database.reading() as connection:
            filled = is_demo(connection)
        if filled:
            added = freshen(database, here.date(), now)
            return (
                f"Demofirma ist da, {added} Besuche ergänzt." if added else "Demofirma ist da, nichts zu tun."
            )
    except NotADemo:
        _refuse(
            "In dieser Datenbank arbeiten schon Menschen: die Demofirma wird nicht hineingeschrieben. "
            "Für die Demo einen leeren Ordner mit --data angeben.",
            "People already work in this database: the demo company is not written into it. "
            "Name an empty folder with --data for the demo.",
        )
    from sync_server.demo import CUSTOMERS, OBSERVATIONS, SEED, generate

    company = generate(
        SEED if seed is None else seed,
        here.date(),
        CUSTOMERS * scale,
        OBSERVATIONS * scale,
        at=here.time(),
    )
    fill(database, company, blobs, now)
    counts = {name: len(company.rows[name]) for name in ("customers", "observations")}
    return (
        f"Demofirma {company.name} angelegt: {counts['customers']} Kunden, {counts['observations']} "
        f"Beobachtungen, {len(company.pictures)} Fotos. Passwort aller Benutzer / everybody's password: {PASSWORD}"
    )


def _refuse(german: str, english: str) -> NoReturn:
    click.echo(f"{german}\n{english}", err=True)
    sys.exit(1)
