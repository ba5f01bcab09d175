"""A real PostgreSQL of the tests' own: on a free port of 127.0.0.1, durable as in production, gone at the end."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from scripts.postgres import find
from sync_server.store import facts
from sync_server.store.migrating import HEAD
from sync_server.store.schema import metadata
from tests.running import free_port

_ACCOUNT = "postgres"
"""PostgreSQL refuses to run as root; Debian's package brings this account for it."""

_FLAGS = (
    "-c", "listen_addresses=127.0.0.1",
    "-c", "fsync=on",
    "-c", "max_connections=200",
    "-c", "shared_buffers=64MB",
    "-c", "log_min_messages=fatal",
    "-c", "max_wal_size=1GB",
)  # fmt: skip


@dataclass
class Postgres:
    """A running cluster."""

    port: int
    process: "subprocess.Popen[bytes]"
    _made: int = field(default=0)

    def url(self, database: str = "postgres") -> str:
        """SQLAlchemy's URL of one of its databases."""
        return f"postgresql+psycopg://rundgang@127.0.0.1:{self.port}/{database}"

    def create(self, *, template: str = "template0") -> str:
        """A new database, empty or a copy; its name. Nobody may be connected to the template."""
        self._made += 1
        name = f"test_{self._made}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def empty(self, database: str) -> None:
        """Remove every row but what a fresh database has: quicker than a copy, which waits for the disk.

        Transaction ids go on, as they do in a firm's database.
        """
        tables = [table.name for table in reversed(metadata.sorted_tables)]
        deletes = ";".join(f"DELETE FROM {name}" for name in tables if name != "facts")
        kept = f"DELETE FROM facts WHERE name <> '{facts.LIFE}'"
        epoch = f"INSERT INTO facts VALUES ('{facts.EPOCH}', gen_random_uuid()::text)"
        version = f"UPDATE alembic_version SET version_num = '{HEAD}'"
        self.execute(f"BEGIN; {deletes}; {kept}; {epoch}; {version}; COMMIT", database)

    def drop(self, database: str) -> None:
        """Remove a database and end whoever is still connected to it."""
        self.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")

    def execute(self, statement: str, database: str = "postgres") -> None:
        """Run a statement outside of any transaction."""
        with psycopg.connect(
            host="127.0.0.1", port=self.port, user="rundgang", dbname=database, autocommit=True
        ) as connection:
            connection.execute(statement.encode())


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """A cluster for the length of a `with` block.

    Raises:
        RuntimeError: there is no PostgreSQL on this machine, or it does not start; says why.
    """
    programs = find()
    if programs is None:
        raise RuntimeError(
            "PostgreSQL is missing: apt install postgresql, or set RUNDGANG_POSTGRES (make test does it)"
        )
    # Not in pytest's folder: another account must be able to enter it.
    folder = Path(tempfile.mkdtemp(prefix="rundgang-postgres-"))
    account = _ACCOUNT if os.geteuid() == 0 else None
    try:
        if account is not None:
            owner = pwd.getpwnam(account)
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        data = folder / "data"
        _initdb(programs, data, account)
        port = free_port()
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [programs / "postgres", "-D", data, "-p", str(port), "-k", folder, *_FLAGS],
                stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, cwd=folder, user=account,
                extra_groups=None if account is None else [],
            )  # fmt: skip
        try:
            yield _ready(Postgres(port, process), folder / "log")
        finally:
            # "Immediate shutdown": the data is thrown away, so nobody waits until all of it is on the disk.
            process.send_signal(signal.SIGQUIT)
            process.wait(timeout=60)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _initdb(programs: Path, data: Path, account: str | None) -> None:
    made = subprocess.run(
        [programs / "initdb", "-D", data, "-U", "rundgang", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"],
        capture_output=True, text=True, check=False, cwd=data.parent, user=account,
        extra_groups=None if account is None else [],
    )  # fmt: skip
    if made.returncode:
        raise RuntimeError(f"initdb failed:\n{made.stdout}{made.stderr}")


def _ready(cluster: Postgres, log: Path) -> Postgres:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and cluster.process.poll() is None:
        try:
            cluster.execute("SELECT 1")
        except psycopg.OperationalError:
            time.sleep(0.05)  # nobody tells when a port opens
        else:
            return cluster
    raise RuntimeError(f"PostgreSQL does not start:\n{log.read_text(errors='replace')[-4000:]}")
