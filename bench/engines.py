"""The engines that the server's benches run on: SQLite with one server process, PostgreSQL with two."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.firm import BenchFirm
from sync_server.settings import Settings
from tests.running import RunningServer, running_server


@dataclass(frozen=True)
class Sqlite:
    """One file, one server process."""

    suffix: str = ""
    servers: int = 1

    @contextmanager
    def __call__(self, folder: Path) -> Iterator[Settings]:
        """Settings of a fresh store in a folder."""
        yield Settings(data=folder / "data")


@dataclass(frozen=True)
class Postgres:
    """A cluster of its own, two server processes."""

    suffix: str = "_pg"
    servers: int = 2

    @contextmanager
    def __call__(self, folder: Path) -> Iterator[Settings]:
        """Settings of a fresh store in a cluster that ends with the block."""
        from tests.postgres import running_postgres

        with running_postgres() as cluster:
            yield Settings(data=folder / "data", database_url=cluster.url(cluster.create()))


Engine = Sqlite | Postgres


@contextmanager
def serving(engine: Engine, firm: BenchFirm) -> Iterator[Sequence[RunningServer]]:
    """The engine's number of server processes on a firm's store."""
    url = firm.settings.database_url
    extra = [f"--database-url={url}"] if url else []
    with ExitStack() as running:
        servers = []
        for number in range(engine.servers):
            data = firm.settings.data if number == 0 else firm.settings.data.with_name(f"data{number}")
            data.mkdir(exist_ok=True)
            servers.append(running.enter_context(running_server(data, *extra)))
        yield servers
