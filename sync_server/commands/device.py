"""`rundgang device`: pairing, listing and blocking tablets."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import click
import segno

from protocol.limits import PAIRING_VALID
from sync_server.commands.opening import pairing_link
from sync_server.commands.speaking import data_option, failed, opened, say
from sync_server.commands.user import the_user
from sync_server.crm import pairing, tablets
from sync_server.crm.pairing import NotForTablets
from sync_server.store import facts


@click.group(help=say("Tablets koppeln und sperren.", "Pair and block tablets."))
def device() -> None:
    """Tablets."""


@device.command(help=say("Code, Link und QR-Code für ein Tablet.", "Code, link and QR code for a tablet."))
@click.argument("login")
@click.option("--url", help=say("Adresse des Servers.", "The server's address."))
@data_option
def pair(login: str, url: str | None, data: Path) -> None:
    """Make a pairing code."""
    with opened(data) as database, database.writing() as connection:
        user = the_user(connection, login)
        try:
            code = pairing.make_code(connection, user.id, datetime.now(UTC))
        except NotForTablets as error:
            raise failed(
                f"{login} ({user.role}) trägt kein Tablet, oder das Konto ist geschlossen.",
                f"{login} ({user.role}) carries no tablet, or the account is closed.",
            ) from error
        reached = url or facts.get(connection, facts.PUBLIC_URL) or "http://127.0.0.1:8000"
    link = pairing_link(reached.rstrip("/"), code)
    minutes = round(PAIRING_VALID.total_seconds() / 60)
    click.echo(say(f"Code für {user.name}: {code}", f"Code for {user.name}: {code}"))
    click.echo(
        say(f"{minutes} Minuten gültig, für ein Tablet.", f"Valid for {minutes} minutes, for one tablet.")
    )
    click.echo(link)
    segno.make(link, error="m").terminal(out=sys.stdout, compact=True)


@device.command("list", help=say("Alle Tablets zeigen.", "Show all tablets."))
@data_option
def list_(data: Path) -> None:
    """Show all tablets."""
    with opened(data) as database, database.reading() as connection:
        everyone = tablets.everyone(connection)
    now = datetime.now(UTC)
    for one in everyone:
        seen = one.last_seen_at.astimezone().strftime("%Y-%m-%d %H:%M")
        state = ""
        if one.blocked_at is not None:
            state = say("  gesperrt", "  blocked")
        elif one.expires_at <= now:
            state = say("  abgelaufen", "  expired")
        click.echo(f"{one.id}  {seen}  {one.login:<24} {one.name or '-'}{state}")


@device.command(help=say("Ein Tablet sperren.", "Block a tablet."))
@click.argument("device_id", type=click.UUID)
@data_option
def block(device_id: UUID, data: Path) -> None:
    """Block a tablet."""
    with opened(data) as database, database.writing() as connection:
        found = tablets.block(connection, device_id, datetime.now(UTC))
    _confirm(found, say("Gesperrt; beim nächsten Kontakt erfährt es das Tablet.",
                        "Blocked; the tablet learns of it at its next contact."))  # fmt: skip


@device.command(help=say("Ein gesperrtes Tablet wieder zulassen.", "Let a blocked tablet in again."))
@click.argument("device_id", type=click.UUID)
@data_option
def unblock(device_id: UUID, data: Path) -> None:
    """Let a blocked tablet in again."""
    with opened(data) as database, database.writing() as connection:
        found = tablets.unblock(connection, device_id)
    _confirm(found, say("Wieder zugelassen.", "Let in again."))


def _confirm(found: bool, sentence: str) -> None:
    if not found:
        raise failed(
            "Dieses Tablet gibt es nicht. `rundgang device list` zeigt alle.",
            "There is no such tablet. `rundgang device list` shows all.",
        )
    click.echo(sentence)
