"""Fixtures that whole-product tests share: one Playwright driver, one PostgreSQL, one filled demo company to copy from."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Playwright

from tests.browser import playwright_driver
from tests.once import once
from tests.postgres import Postgres, running_postgres
from tests.running import RunningServer, demo_data, running_server

# No deadline: how long an example takes depends on what else the machine does. The same examples each time; for
# others: pytest --hypothesis-profile=new
settings.register_profile("new", deadline=None)
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable")


@pytest.fixture(scope="module")
def driver() -> Iterator[Playwright]:
    """Playwright, started once per file: while it runs, nothing else in this thread can use asyncio."""
    with playwright_driver() as started:
        yield started


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL of the tests' own, started when the first test needs it."""
    with running_postgres() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo company: to be copied, never to be served."""
    return once(tmp_path_factory, "demo", demo_data)


@pytest.fixture
def new_demo_data(demo_template: Path, tmp_path: Path) -> Callable[[], Path]:
    """Makes a fresh copy of the demo company's data."""
    return lambda: demo_data(tmp_path / "data", template=demo_template)


@pytest.fixture
def demo_server(new_demo_data: Callable[[], Path]) -> Iterator[RunningServer]:
    """A real server process with the demo company."""
    with running_server(new_demo_data()) as server:
        yield server


@pytest.fixture
def demo_server_behind_proxy(new_demo_data: Callable[[], Path]) -> Iterator[RunningServer]:
    """The same, told that a reverse proxy speaks TLS before it."""
    with running_server(new_demo_data(), "--behind-proxy") as server:
        yield server
