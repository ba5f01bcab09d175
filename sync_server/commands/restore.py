"""`rundgang restore`: a backup becomes the data again, in a new epoch; says what that means for whom."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from protocol.limits import CONFIRMED_KEPT
from sync_server.commands.backup_words import in_backup_words, moment, summary
from sync_server.commands.speaking import data_option, database_url, failed, in_words, media_url, say
from sync_server.safekeeping import into_postgres, restoring
from sync_server.safekeeping.errors import InUse, NotEmpty, OtherEngine
from sync_server.safekeeping.new_life import NewLife
from sync_server.safekeeping.restoring import Restored
from sync_server.settings import Settings


@click.command(
    help=say(
        "Eine Sicherung zurückspielen; der Server muss dafür stehen.",
        "Restore a backup; the server must be stopped for it.",
    )
)
@click.argument(
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar=say("DATEI", "FILE"),
    required=False,
)
@click.option(
    "--replace",
    is_flag=True,
    help=say("Vorhandene Daten beiseitelegen.", "Set data that is there aside."),
)
@click.option(
    "--in-place",
    is_flag=True,
    help=say(
        "Ohne DATEI: die Daten wurden anders zurückgeholt (Snapshot, kopierter Ordner).",
        "Without FILE: the data was put back by other means (snapshot, copied folder).",
    ),
)
@click.option("--yes", is_flag=True, help=say("Nicht nachfragen.", "Do not ask."))
@data_option
def restore(file: Path | None, replace: bool, in_place: bool, yes: bool, data: Path) -> None:
    """Put a backup back. Exit code 0: done; 1: nothing was changed."""
    if (file is None) != in_place:
        raise click.UsageError(
            say("Entweder DATEI oder --in-place angeben.", "Give either FILE or --in-place.")
        )
    if file is not None and media_url() is not None:
        raise failed(
            "Fotos aus einer Sicherung kommen in den Datenordner, nicht nach S3. Bitte erst ohne MEDIA_URL "
            "zurückspielen (env -u MEDIA_URL rundgang restore DATEI), dann `rundgang move-photos` mit MEDIA_URL, dann "
            "den Server starten. Es wurde nichts verändert.",
            "Photos of a backup go into the data folder, not to S3. Please restore without MEDIA_URL first "
            "(env -u MEDIA_URL rundgang restore FILE), then run `rundgang move-photos` with MEDIA_URL, then start the "
            "server. Nothing was changed.",
        )
    if replace and not yes:
        question = say(
            f"Die Daten in {data} durch die Sicherung ersetzen? Die jetzigen werden beiseitegelegt.",
            f"Replace the data in {data} by the backup? What is there now is set aside.",
        )
        click.confirm(question, abort=True)
    settings, now = Settings(data=data, database_url=database_url()), datetime.now(UTC)
    with in_words(data), in_backup_words(file or data, data), _in_words_of_restoring(data):
        if file is None:
            _tell_tablets_and_sessions(restoring.renew(settings, now))
        else:
            into = restoring if settings.database_url is None else into_postgres
            _tell(into.restore(settings, file, now, replace=replace), now)


@contextlib.contextmanager
def _in_words_of_restoring(data: Path) -> Iterator[None]:
    try:
        yield
    except InUse as error:
        raise failed(
            f"Mit {data} arbeitet gerade ein Server oder ein anderer Befehl. Bitte zuerst den Server "
            "anhalten (systemctl stop rundgang). Es wurde nichts verändert.",
            f"A server or another command works with {data} at the moment. Please stop the server "
            "first (systemctl stop rundgang). Nothing was changed.",
        ) from error
    except NotEmpty as error:
        raise failed(
            f"In {data} liegen schon Daten. Mit --replace werden sie beiseitegelegt, nicht gelöscht; "
            "oder mit --data einen leeren Ordner angeben. Es wurde nichts verändert.",
            f"There is data in {data} already. With --replace it is set aside, not deleted; or name an "
            "empty folder with --data. Nothing was changed.",
        ) from error
    except OtherEngine as error:
        raise failed(
            f"Diese Sicherung ist von der anderen Art von Datenbank ({error}). Mit oder ohne DATABASE_URL "
            "zurückspielen, wie gesichert wurde. Es wurde nichts verändert.",
            f"This backup is of the other kind of database ({error}). Restore it with or without DATABASE_URL, as "
            "it was made. Nothing was changed.",
        ) from error


def _tell(restored: Restored, now: datetime) -> None:
    manifest = restored.manifest
    click.echo(
        say(
            f"Zurückgespielt: die Sicherung vom {moment(manifest.made_at)} ({summary(manifest)}).",
            f"Restored: the backup of {moment(manifest.made_at)} ({summary(manifest)}).",
        )
    )
    if restored.set_aside is not None:
        click.echo(
            say(
                f"Die Daten von vorher liegen in {restored.set_aside}. Sie enthalten Personendaten: bitte löschen, "
                "sobald alles stimmt.",
                f"The data from before is in {restored.set_aside}. It holds personal data: please delete it as "
                "soon as all is well.",
            )
        )
    _tell_tablets_and_sessions(restored.life)
    _tell_what_is_open_again(restored)
    if now - manifest.made_at > CONFIRMED_KEPT:
        click.echo(
            say(
                f"Achtung: die Sicherung ist älter als {CONFIRMED_KEPT.days} Tage. Was Tablets nach ihr und vor "
                f"mehr als {CONFIRMED_KEPT.days} Tagen gesendet haben, haben sie nicht mehr.",
                f"Attention: the backup is older than {CONFIRMED_KEPT.days} days. What tablets sent after it and "
                f"more than {CONFIRMED_KEPT.days} days ago they no longer have.",
            ),
            err=True,
        )


def _tell_tablets_and_sessions(life: NewLife) -> None:
    days = CONFIRMED_KEPT.days
    for sentence in (
        say(
            f"Tablets ({life.devices} gekoppelt): beim nächsten Kontakt bieten sie von selbst noch einmal an, was in "
            f"den letzten {days} Tagen bestätigt wurde, und lesen die Kundendaten neu. Doppelt wird nichts.",
            f"Tablets ({life.devices} paired): at their next contact they offer again, by themselves, what was "
            f"confirmed in the last {days} days, and read the customers anew. Nothing is doubled.",
        ),
        say(
            "Tablets, die erst nach der Sicherung gekoppelt wurden, bitten um neues Koppeln "
            "(rundgang device pair LOGIN); was auf ihnen liegt, bleibt und kommt danach.",
            "Tablets that were paired after the backup ask to be paired again (rundgang device pair LOGIN); what "
            "they hold stays and arrives after that.",
        ),
        say(
            f"Browser: {life.sessions} Sitzungen sind beendet, alle melden sich neu an. Es gelten die Konten und "
            "Passwörter der Sicherung.",
            f"Browsers: {life.sessions} sessions have ended, everybody logs in again. Accounts and passwords are "
            "those of the backup.",
        ),
        say(
            "Was seit der Sicherung auf Wunsch von Personen gelöscht wurde, ist wieder da: bitte noch einmal löschen.",
            "What was erased since the backup at people's request is back: please erase it again.",
        ),
        say(
            "Was der Innendienst seit der Sicherung entschieden und geschrieben hat, kann kein Tablet zurückbringen: "
            "diese Meldungen sind wieder so offen wie damals.",
            "What inside sales decided and wrote since the backup no tablet can bring back: these leads are as "
            "open again as they were.",
        ),
    ):
        click.echo(f"- {sentence}")


def _tell_what_is_open_again(restored: Restored) -> None:
    life = restored.life
    if life.blocked or life.closed:
        click.echo(
            say(
                f"- Gesperrt geblieben, weil vorher gesperrt: {life.blocked} Tablets, {life.closed} Konten.",
                f"- Still blocked because blocked before: {life.blocked} tablets, {life.closed} accounts.",
            )
        )
    if not restored.knows_closed:
        click.echo(
            say(
                "Achtung: Tablets und Konten, die erst nach der Sicherung gesperrt wurden, sind wieder offen. "
                "Bitte `rundgang device list` und `rundgang user list` durchsehen.",
                "Attention: tablets and accounts that were blocked after the backup are open again. Please look "
                "through `rundgang device list` and `rundgang user list`.",
            ),
            err=True,
        )
