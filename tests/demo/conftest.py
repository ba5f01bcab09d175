"""The demo company, made once for all tests that only look at it."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from sync_server.demo import SEED, Company, generate
from sync_server.demo.fill import fill
from sync_server.store import Database, migrate

TODAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
"""11 o'clock in Berlin: when the data of a company ends that is made without saying so."""


@pytest.fixture(scope="session")
def company() -> Company:
    """The demo company as `rundgang demo` makes it."""
    return generate(SEED, TODAY)


@pytest.fixture(scope="session")
def filled_folder(company: Company, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo company's database and photos; nobody may write to it."""
    folder = tmp_path_factory.mktemp("company")
    database = Database(f"sqlite:///{folder / 'rundgang.db'}")
    migrate(database)
    fill(database, company, folder / "blobs", NOW)
    database.close()
    return folder
