"""`rundgang backup`: a checked copy of everything, while the server runs."""

from datetime import UTC, datetime
from pathlib import Path

import click

from sync_server.commands.backup_words import in_backup_words, megabytes, more, summary
from sync_server.commands.speaking import data_option, database_url, failed, in_words, media_url, say
from sync_server.safekeeping import folder
from sync_server.safekeeping.making import Made, make_backup
from sync_server.settings import Settings

INCOMPLETE = 3
"""Exit code: the backup was made, but photos were missing or damaged before."""


@click.command(
    help=say(
        "Datenbank und Fotos sichern, auch während der Server läuft. ZIEL ist eine neue Datei oder ein Ordner.",
        "Back up database and photos, also while the server runs. TARGET is a new file or a folder.",
    )
)
@click.argument("target", type=click.Path(path_type=Path), metavar=say("ZIEL", "TARGET"))
@data_option
def backup(target: Path, data: Path) -> None:
    """Make a backup. Exit code 0: whole; 1: none was made; 3: made, but photos were missing before."""
    if not data.is_dir():
        raise failed(
            f"Den Ordner {data} gibt es nicht. Mit --data den Ordner des Servers angeben.",
            f"There is no folder {data}. Name the server's folder with --data.",
        )
    if not target.absolute().parent.is_dir():
        raise failed(
            f"Den Ordner {target.parent} für die Sicherung gibt es nicht.",
            f"There is no folder {target.parent} for the backup.",
        )
    settings = Settings(data=data, database_url=database_url(), media_url=media_url())
    with in_words(data), in_backup_words(target, data), folder.shared(data):
        made = make_backup(settings, target, datetime.now(UTC))
    click.echo(
        say(
            f"Gesichert und geprüft: {made.file} ({megabytes(made.size)}, {summary(made.manifest)}).",
            f"Backed up and checked: {made.file} ({megabytes(made.size)}, {summary(made.manifest)}).",
        )
    )
    if made.manifest.lacking:
        _say_lacking(made)


def _say_lacking(made: Made) -> None:
    lacking = made.manifest.lacking
    click.echo(
        say(
            f"Achtung: {len(lacking)} Fotos, die die Datenbank nennt, fehlen auf dem Server oder sind "
            "beschädigt; sie sind nicht in der Sicherung:",
            f"Attention: {len(lacking)} photos that the database names are missing on the server or damaged; "
            "they are not in the backup:",
        ),
        err=True,
    )
    for line in more(lacking):
        click.echo(f"  {line}", err=True)
    raise SystemExit(INCOMPLETE)
