"""Fixtures for the server's tests: a migrated database of its own, and a small firm in it.

The contract of the server holds on both engines: the files named in ON_BOTH run on SQLite and on PostgreSQL. The
others would pass there, too, and tell nothing new for their time; `test_postgres.py` has what is PostgreSQL's own.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync_server.application import build
from sync_server.settings import Settings
from sync_server.store import Database, migrate
from tests.postgres import Postgres
from tests.server import firm as firms
from tests.server.calling import calling
from tests.server.firm import Firm, Tablet

ON_BOTH = frozenset(
    {
        "test_media",
        "test_offers",
        "test_pull",
        "test_push_receipts",
        "test_revisions",
        "test_sighted_machines",
        "test_store",
        "test_visit_plans",
    }
)


def pytest_configure(config: pytest.Config) -> None:
    """Name this folder's own mark."""
    config.addinivalue_line("markers", "sqlite: looks into SQLite; test_postgres.py has its counterpart")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run the contract's tests once per engine."""
    name = metafunc.module.__name__.rpartition(".")[2]
    on_both = name in ON_BOTH and not metafunc.definition.get_closest_marker("sqlite")
    if "engine" in metafunc.fixturenames and on_both:
        metafunc.parametrize("engine", ["sqlite", "postgres"], indirect=True)


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> str:
    """Which database the test's server has."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture(scope="session")
def postgres_database(postgres: Postgres) -> str:
    """Name of a migrated database that one test after the other uses."""
    name = postgres.create()
    database = Database(postgres.url(name))
    migrate(database)
    database.close()
    return name


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, migrated database file to copy: migrating takes longer than most tests."""
    file = tmp_path_factory.mktemp("template") / "rundgang.db"
    database = Database(f"sqlite:///{file}")
    migrate(database)
    database.close()
    return file


@pytest.fixture
def settings(tmp_path: Path, engine: str, request: pytest.FixtureRequest) -> Settings:
    """Settings over a fresh database, and a folder of its own."""
    data = tmp_path / "data"
    data.mkdir()
    url = None
    if engine == "postgres":
        postgres: Postgres = request.getfixturevalue("postgres")
        name: str = request.getfixturevalue("postgres_database")
        postgres.empty(name)
        url = postgres.url(name)
    else:
        shutil.copy(request.getfixturevalue("migrated"), data / "rundgang.db")
    return Settings(data=data, database_url=url, busy_seconds=5, upload_kept=Settings.upload_kept)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """The fresh database alone."""
    opened = Database(settings.url, busy_seconds=settings.busy_seconds)
    yield opened
    opened.close()


@pytest.fixture
def firm(settings: Settings) -> Iterator[Firm]:
    """The firm, with its server running inside this process."""
    app = build(settings)
    with calling(app) as http:
        yield firms.found(app, http)


@pytest.fixture
def anna(firm: Firm) -> Tablet:
    """Anna's tablet; she is a technician in the south."""
    return firm.pair(firm.anna)


@pytest.fixture
def jan(firm: Firm) -> Tablet:
    """Jan's tablet; he is a technician in the north."""
    return firm.pair(firm.jan)
