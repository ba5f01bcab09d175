"""Fixtures for the server's tests: a migrated database in a folder of its own, and a small firm in it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from sync_server.application import build
from sync_server.settings import Settings
from sync_server.store import Database, migrate
from tests.server import firm as firms
from tests.server.calling import calling
from tests.server.firm import Firm, Tablet

# No deadline: how long an example takes depends on what else the machine does. The same examples each time.
hypothesis_settings.register_profile("server", deadline=None, derandomize=True)
hypothesis_settings.load_profile("server")


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, migrated database file to copy: migrating takes longer than most tests."""
    file = tmp_path_factory.mktemp("template") / "rundgang.db"
    database = Database(f"sqlite:///{file}")
    migrate(database)
    database.close()
    return file


@pytest.fixture
def settings(tmp_path: Path, migrated: Path) -> Settings:
    """Settings over a fresh database in a folder of its own."""
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(migrated, data / "rundgang.db")
    return Settings(data=data, busy_seconds=5, upload_kept=Settings.upload_kept)


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
