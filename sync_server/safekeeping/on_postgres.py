"""Copying a PostgreSQL database in use and putting it back, with PostgreSQL's own programs.

A dump is made in the snapshot in which the rows were counted. What is replaced is set aside as a schema of the same
database: renaming it takes a moment, and takes it back if the new one cannot be put there.
"""

import errno
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, delete, inspect, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError

from sync_server.safekeeping.copying import Contents, contents
from sync_server.safekeeping.errors import DamagedBackup, FailedCopy, InUse, NoDatabase, NoProgram
from sync_server.safekeeping.new_life import Closed
from sync_server.store import Unreachable, facts
from sync_server.store import schema as t
from sync_server.store.on_postgres import count_anew

_ASIDE = "set_aside_"
"""How the names of schemas begin that hold what a restore has replaced."""

_NOT_OURS = ("--no-owner", "--no-privileges")
"""Whoever restores owns it: the account may have another name on another server."""


def copy_postgres(url: str, target: Path) -> Contents:
    """Dump a database in pg_dump's custom format while others write to it: all of one moment, none of them waits.

    Raises:
        NoDatabase: there are no tables of Rundgang in it.
        FailedCopy: pg_dump says why not.
        NoProgram, Unreachable: see there.
        OSError: no room.
    """
    with _connected(url, isolation_level="REPEATABLE READ") as connection:
        if not holds_data(connection):
            raise NoDatabase(str(make_url(url).database))
        snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        found = contents(connection)
        arguments = ("--format=custom", f"--snapshot={snapshot}", f"--exclude-schema={_ASIDE}*", *_NOT_OURS)
        _run("pg_dump", url, *arguments, f"--file={target}")
    return found


def holds_data(connection: Connection) -> bool:
    """Whether there is a database of Rundgang."""
    return inspect(connection).has_table("alembic_version")


def require_alone(connection: Connection) -> None:
    """Raises InUse if anybody else is connected to the database."""
    others = connection.execute(
        text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
    ).scalar_one()
    if others:
        raise InUse(f"{others} connections to the database")


def closed_in(connection: Connection) -> Closed | None:
    """Which tablets and accounts are closed in the data that is about to be replaced; None: there is no data."""
    if not holds_data(connection):
        return None
    devices = connection.execute(select(t.devices.c.id).where(t.devices.c.blocked_at.is_not(None)))
    accounts = connection.execute(select(t.users.c.id).where(~t.users.c.active))
    return Closed(frozenset(devices.scalars()), frozenset(accounts.scalars()))


@contextmanager
def connected_alone(url: str) -> Iterator[Connection]:
    """A connection to a database that nobody else works with. Raises InUse, Unreachable."""
    with _connected(url) as connection:
        require_alone(connection)
        yield connection


def set_aside(url: str, name: str) -> None:
    """Rename what is there and make room for what comes."""
    with _connected(url) as connection:
        connection.execute(text(f"ALTER SCHEMA public RENAME TO {name}"))
        connection.execute(text("CREATE SCHEMA public"))


def take_back(url: str, name: str) -> None:
    """Undo `set_aside`; what was put there meanwhile goes."""
    with _connected(url) as connection:
        if connection.execute(text("SELECT to_regnamespace(:name)"), {"name": name}).scalar() is None:
            return
        connection.execute(text("DROP SCHEMA IF EXISTS public CASCADE"))
        connection.execute(text(f"ALTER SCHEMA {name} RENAME TO public"))


def drop_empty(url: str, name: str) -> None:
    """Remove what was set aside where nothing was."""
    with _connected(url) as connection:
        connection.execute(text(f"DROP SCHEMA {name}"))


def put_back(url: str, dump: Path) -> Contents:
    """Read a dump into the empty schema, in one transaction; gives what is there now.

    Raises:
        DamagedBackup: it cannot be read.
    """
    try:
        _run("pg_restore", url, "--single-transaction", "--exit-on-error", *_NOT_OURS, str(dump))
        with _connected(url) as connection:
            found = contents(connection)
            count_anew(connection)
            # It is known that this is another life: nobody needs to find out.
            connection.execute(delete(t.facts).where(t.facts.c.name == facts.LIFE))
            return found
    except FailedCopy as error:
        raise DamagedBackup(f"the database in it: {error}") from error


def schema_name(stamp: str) -> str:
    """The name under which something is set aside; `stamp` is digits and hyphens."""
    return _ASIDE + stamp.replace("-", "_")


@contextmanager
def _connected(url: str, **options: str) -> Iterator[Connection]:
    engine: Engine = create_engine(url, hide_parameters=True, **options)
    try:
        with engine.begin() as connection:
            yield connection
    except OperationalError as error:
        said = str(error.orig).strip().splitlines()[0]
        # Only an error of the server has a code (SQLSTATE).
        reached = getattr(error.orig, "sqlstate", None) is not None
        raise (FailedCopy(said) if reached else Unreachable(said)) from error
    finally:
        engine.dispose()


def _run(program: str, url: str, *arguments: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise NoProgram(program)
    done = subprocess.run(  # noqa: S603  a list of our own words, never a shell line
        [found, f"--dbname={_without_password(url)}", *arguments],
        env={**os.environ, **_password(url)},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        if any("No space left on device" in line for line in said):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), arguments[-1].removeprefix("--file="))
        raise FailedCopy(f"{program}: {said[0]}")


def _without_password(url: str) -> str:
    """As libpq reads it. The password is in the environment: other users see what a command line says."""
    parts: URL = make_url(url).set(drivername="postgresql")
    bare = URL.create(
        parts.drivername, parts.username, None, parts.host, parts.port, parts.database, parts.query
    )
    return bare.render_as_string(hide_password=False)


def _password(url: str) -> Mapping[str, str]:
    password = make_url(url).password
    return {"PGPASSWORD": password} if password else {}
