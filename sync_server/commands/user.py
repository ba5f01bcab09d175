"""`rundgang user`: accounts."""

from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import Connection

from protocol.pairing import Role
from protocol.rules.access import TABLET_ROLES
from sync_server.commands.speaking import data_option, failed, opened, say
from sync_server.crm import users
from sync_server.crm.users import MAX_PASSWORD, MIN_PASSWORD, LoginTaken, UnfitPassword, User


@click.group(help=say("Konten anlegen und verwalten.", "Make and manage accounts."))
def user() -> None:
    """Accounts."""


@user.command(help=say("Ein Konto anlegen.", "Make an account."))
@click.argument("login")
@click.option("--name", required=True, help=say("Name der Person.", "The person's name."))
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--territory", help=say("Gebiet, das das Tablet liest.", "Territory that the tablet reads."))
@click.option("--email")
@click.option("--language", type=click.Choice(["de", "en"]), default="de", show_default=True)
@click.option(
    "--password",
    help=say("Sonst wird danach gefragt; leer: nur Tablet.", "Asked for otherwise; empty: tablet only."),
)
@data_option
def add(  # noqa: PLR0917  click passes options by name
    login: str,
    name: str,
    role: str,
    territory: str | None,
    email: str | None,
    language: str,
    password: str | None,
    data: Path,
) -> None:
    """Make an account."""
    chosen = Role(role)
    if password is None:
        password = _ask(may_be_empty=chosen in TABLET_ROLES)
    with opened(data) as database, database.writing() as connection:
        try:
            made = users.create(
                connection,
                login=login,
                name=name,
                role=chosen,
                now=datetime.now(UTC),
                password=password or None,
                territory=territory,
                email=email,
                language=language,
            )
        except LoginTaken as error:
            raise failed(
                f"Die Anmeldung {login} gibt es schon. Bitte eine andere wählen.",
                f"The login {login} is taken. Please choose another one.",
            ) from error
        except UnfitPassword as error:
            raise _unfit() from error
    click.echo(say(f"{made.login} ist angelegt.", f"{made.login} was made."))


@user.command("list", help=say("Alle Konten zeigen.", "Show all accounts."))
@data_option
def list_(data: Path) -> None:
    """Show all accounts."""
    with opened(data) as database, database.reading() as connection:
        everybody = users.everybody(connection)
    for one in everybody:
        state = "" if one.active else say("  geschlossen", "  closed")
        click.echo(f"{one.login:<28} {one.role:<16} {one.territory or '-':<12} {one.name}{state}")


@user.command(help=say("Ein Passwort setzen; alle Sitzungen enden.", "Set a password; all sessions end."))
@click.argument("login")
@click.option("--password", help=say("Sonst wird danach gefragt.", "Asked for otherwise."))
@data_option
def password(login: str, password: str | None, data: Path) -> None:
    """Set a password."""
    with opened(data) as database:
        with database.reading() as connection:
            found = the_user(connection, login)
        chosen = password or _ask(may_be_empty=False)
        with database.writing() as connection:
            try:
                users.set_password(connection, found.id, chosen)
            except UnfitPassword as error:
                raise _unfit() from error
    click.echo(say("Das Passwort ist gesetzt.", "The password was set."))


@user.command(
    help=say("Ein Konto schließen und seine Tablets sperren.", "Close an account, block its tablets.")
)
@click.argument("login")
@data_option
def deactivate(login: str, data: Path) -> None:
    """Close an account."""
    with opened(data) as database, database.writing() as connection:
        users.deactivate(connection, the_user(connection, login).id, datetime.now(UTC))
    click.echo(say(f"{login} ist geschlossen.", f"{login} was closed."))


def the_user(connection: Connection, login: str) -> User:
    """The account with this login, or words that say that there is none."""
    found = users.find_login(connection, login)
    if found is None:
        raise failed(
            f"Ein Konto {login} gibt es nicht. `rundgang user list` zeigt alle.",
            f"There is no account {login}. `rundgang user list` shows all.",
        )
    return found


def _ask(*, may_be_empty: bool) -> str:
    typed: str = click.prompt(
        say("Passwort", "Password"),
        hide_input=True,
        confirmation_prompt=True,
        default="" if may_be_empty else None,
        show_default=False,
    )
    return typed


def _unfit() -> click.ClickException:
    return failed(
        f"Ein Passwort hat {MIN_PASSWORD} bis {MAX_PASSWORD} Zeichen.",
        f"A password has {MIN_PASSWORD} to {MAX_PASSWORD} characters.",
    )
