"""`rundgang import outbox`: what a tablet has taken out as a file comes to the server, after somebody has looked at it.

`rundgang import visits` is in `import_visits`.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click

from protocol.changes import Receipt
from sync_server.commands.backup_words import moment, more
from sync_server.commands.import_visits import visits
from sync_server.commands.speaking import data_option, failed, media_url, opened, say
from sync_server.commands.user import the_user
from sync_server.crm.users import User
from sync_server.media.blobs import open_blobs
from sync_server.settings import Settings
from sync_server.store import Database
from sync_server.taking_in.file import Flaw, NotTakenOut, TakenOutFile, open_file
from sync_server.taking_in.taking import Looked, Proof, TakenIn, look, take_in

INCOMPLETE = 3
"""Exit code: something in the file was not taken; it is listed with the reason."""


@click.group(
    "import", help=say("Daten hereinholen, die als Datei kommen.", "Take in data that comes as a file.")
)
def import_() -> None:
    """Taking in."""


import_.add_command(visits)


@import_.command(
    help=say(
        "Die Sicherungskopie eines Tablets übernehmen; beliebig oft, nichts wird doppelt.",
        "Take in the copy that a tablet has made; as often as you like, nothing is doubled.",
    )
)
@click.argument(
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar=say("DATEI", "FILE"),
)
@click.option(
    "--as",
    "login",
    metavar="LOGIN",
    help=say(
        "Bürgen: das ist von diesem Konto, auch wenn die Datei es nicht zeigt.",
        "Vouch: this is from this account, even if the file does not show it.",
    ),
)
@click.option("--yes", is_flag=True, help=say("Nicht nachfragen.", "Do not ask."))
@data_option
def outbox(file: Path, login: str | None, yes: bool, data: Path) -> None:
    """Take in a tablet's copy. Exit code 0: all of it; 1: nothing was changed; 3: something was not taken."""
    try:
        with open_file(file) as found, opened(data) as database:
            looked = look(database, found)
            _describe(file, found, looked)
            user = _whose(database, found, looked, login)
            if not yes:
                click.confirm(
                    say(f"Als Arbeit von {user.name} übernehmen?", f"Take it in as {user.name}'s work?"),
                    abort=True,
                )
            photos = open_blobs(Settings(data=data, media_url=media_url()))
            now, language = datetime.now(UTC), say("de", "en")
            taken = take_in(database, photos, found, user, looked.proof, now, language)
            _tell(found, looked, taken)
    except NotTakenOut as error:
        _refuse(file, error)
    if not taken.whole:
        raise SystemExit(INCOMPLETE)


def _describe(file: Path, found: TakenOutFile, looked: Looked) -> None:
    """Who and what: all that is known before the question is asked."""
    it = found.outbox
    author = f"{_line(it.author.name)} ({it.author.user_id})"
    account = looked.author
    here = say("hier kein Konto", "no account here") if account is None else account.login
    if account is not None and not account.active:
        here += say(", geschlossen", ", closed")
    tablet = _line(looked.tablet) or say("hier unbekannt", "not known here")
    for name, value in (
        (say("Datei", "File"), str(file)),
        (say("Von", "From"), f"{author}: {here}"),
        (say("Tablet", "Tablet"), f"{it.device_id}: {tablet}"),
        (
            say("Gemacht", "Made"),
            f"{moment(it.taken_out_at)}, {_line(it.company) or '-'}, {_line(it.server) or '-'}",
        ),
        (say("Inhalt", "Holds"), _holds(found, looked)),
        (say("Nachweis", "Evidence"), _evidence(looked.proof)),
    ):
        click.echo(f"{name + ':':<10} {value}")


def _holds(found: TakenOutFile, looked: Looked) -> str:
    it = found.outbox
    text = say(
        f"{len(it.changes)} Änderungen ({looked.known} davon schon quittiert), {len(found.photos)} Fotos",
        f"{len(it.changes)} changes ({looked.known} of them confirmed already), {len(found.photos)} photos",
    )
    left = len(it.drafts), len(it.answers_begun)
    if any(left):
        text += say(
            f"; {left[0]} Entwürfe und {left[1]} begonnene Antworten bleiben in der Datei: sie wurden nie gesichert",
            f"; {left[0]} drafts and {left[1]} answers begun stay in the file: they were never saved",
        )
    if it.damaged:
        text += say(
            f"; {len(it.damaged)} Einträge konnte schon das Tablet nicht lesen: bitte in outbox.json nachsehen",
            f"; {len(it.damaged)} entries the tablet itself could not read: please look into outbox.json",
        )
    return text


def _evidence(proof: Proof) -> str:
    words = {
        Proof.SEALED: (
            "Das Siegel ist das dieses Tablets, die Datei ist unverändert.",
            "The seal is this tablet's, the file is unchanged.",
        ),
        Proof.BLOCKED: (
            "Das Siegel ist das dieses Tablets, aber es ist gesperrt: vielleicht hat es ein anderer.",
            "The seal is this tablet's, but it is blocked: somebody else may have it.",
        ),
        Proof.UNKNOWN_TABLET: (
            "Keiner. Dieser Server kennt das Tablet nicht; jeder kann eine solche Datei schreiben.",
            "None. This server does not know the tablet; anybody can write such a file.",
        ),
        Proof.CHANGED: (
            "Keiner. Das Siegel passt nicht: die Datei wurde verändert oder nicht von diesem Tablet gemacht.",
            "None. The seal does not fit: the file was changed, or not made by this tablet.",
        ),
    }
    return say(*words[proof])


def _whose(database: Database, found: TakenOutFile, looked: Looked, login: str | None) -> User:
    """As whose work it is taken in: the author's if the file shows it, else whom the administrator vouches for."""
    author = looked.author
    if login is None:
        if author is None:
            raise failed(
                "Das Konto, das die Datei nennt, gibt es hier nicht. Wurde es neu angelegt, dann mit --as LOGIN "
                "sagen, welches es ist. Es wurde nichts verändert.",
                "There is no such account here as the file names. If it was made anew, say with --as LOGIN which "
                "one it is. Nothing was changed.",
            )
        if looked.proof is not Proof.SEALED:
            raise failed(
                "Die Datei zeigt nicht, dass sie von diesem Tablet kommt. Wer sich sicher ist (etwa weil er sie selbst "
                f"vom Tablet geholt hat), bürgt dafür mit --as {author.login}. Es wurde nichts verändert.",
                "The file does not show that it comes from this tablet. Whoever is sure (having fetched it from the "
                f"tablet himself, say) vouches for it with --as {author.login}. Nothing was changed.",
            )
        return author
    with database.reading() as connection:
        vouched = the_user(connection, login)
    if author is not None and author.id != vouched.id:
        raise failed(
            f"Die Datei ist von {author.name} ({author.login}); unter anderem Namen wird sie nicht übernommen. "
            "Es wurde nichts verändert.",
            f"The file is from {author.name} ({author.login}); it is not taken in under another name. "
            "Nothing was changed.",
        )
    return vouched


def _tell(found: TakenOutFile, looked: Looked, taken: TakenIn) -> None:
    stored = len(taken.receipts) - len(taken.refused)
    click.echo(
        say(
            f"Übernommen: {stored} von {len(taken.receipts)} Änderungen, {taken.photos} Fotos gespeichert.",
            f"Taken in: {stored} of {len(taken.receipts)} changes, {taken.photos} photos stored.",
        )
    )
    if looked.proof is not Proof.SEALED:
        click.echo(
            say(
                "Im Verlauf jeder Meldung steht, dass sie aus einer Datei ohne Nachweis übernommen wurde.",
                "The history of each lead says that it was taken in from a file without evidence.",
            )
        )
    if taken.unnamed:
        click.echo(
            say(
                f"{taken.unnamed} Fotos gehören zu Entwürfen oder Abgelehntem und blieben in der Datei.",
                f"{taken.unnamed} photos belong to drafts or to what was refused, and stayed in the file.",
            )
        )
    changes = {str(change.get("id")): change for change in found.outbox.changes}
    _list(
        say("Nicht übernommen:", "Not taken in:"),
        [_reason(receipt, changes.get(str(receipt.change_id), {})) for receipt in taken.refused],
    )
    _list(say("Beschädigte Fotos:", "Damaged photos:"), taken.spoilt)
    _list(say("Fotos, die in der Datei fehlen:", "Photos that the file lacks:"), taken.lacking)


def _list(title: str, lines: list[str]) -> None:
    if lines:
        click.echo(title, err=True)
        for line in more(lines):
            click.echo(f"  {line}", err=True)


def _reason(receipt: Receipt, change: dict[str, object]) -> str:
    """One refused change: which, of when, at whom, and why."""
    problem = receipt.problem
    why = problem.title if problem else ""
    if problem and problem.errors:
        why += f" ({_line(problem.errors[0].pointer)})"
    at, customer = _line(str(change.get("recorded_at") or "-")), _line(str(change.get("customer") or "-"))
    return f"{receipt.change_id}  {at}  {customer}: {why}"


def _refuse(file: Path, error: NotTakenOut) -> NoReturn:
    words = {
        Flaw.NO_ZIP: ("ist keine Zip-Datei, oder sie ist abgeschnitten", "is no zip file, or is cut off"),
        Flaw.FOREIGN_ENTRY: (
            f"enthält etwas, das kein Tablet hineinlegt ({error.detail})",
            f"holds something that no tablet puts there ({error.detail})",
        ),
        Flaw.TOO_LARGE: (f"ist zu groß ({error.detail})", f"is too large ({error.detail})"),
        Flaw.DAMAGED: (f"ist beschädigt ({error.detail})", f"is damaged ({error.detail})"),
        Flaw.NO_OUTBOX: (
            f"ist nicht die Sicherungskopie eines Tablets {error.detail and f'({error.detail})'}".rstrip(),
            f"is not the copy that a tablet makes {error.detail and f'({error.detail})'}".rstrip(),
        ),
        Flaw.NEWER: (
            "stammt von einer neueren App; bitte zuerst den Server aktualisieren",
            "was made by a newer app; please update the server first",
        ),
    }
    de, en = words[error.flaw]
    raise failed(f"{file} {de}. Es wurde nichts verändert.", f"{file} {en}. Nothing was changed.") from error


def _line(text: str) -> str:
    """What a stranger wrote, as one line that cannot steer the terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)[:120]
