"""A tablet that is installed and paired: once per run, as its first minutes cost more than most journeys.

Each test has a copy of its profile folder, each file a server with a copy of the data that knows it. The address is
the same for all, as a browser keeps a tablet's data per address; where its port leads is said at each start.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.browser import wait_until_prepared
from tests.journey.technician import pair
from tests.once import once
from tests.running import RunningServer, demo_data, running_server
from tests.tablet import Tablet, tablet

ADDRESS = "http://rundgang.localhost"
"""Chromium trusts it as it trusts this machine."""

OpenTablet = Callable[[], AbstractContextManager[Tablet]]
OpenAt = Callable[[int], AbstractContextManager[Tablet]]


@dataclass(frozen=True)
class Paired:
    """A paired tablet that is switched off, and the data of the server that knows it: to be copied."""

    folder: Path

    @property
    def data(self) -> Path:
        """The server's data folder."""
        return self.folder / "data"

    @property
    def profile(self) -> Path:
        """The browser's profile folder."""
        return self.folder / "profile"

    @property
    def used_code(self) -> str:
        """The code with which it was paired."""
        return (self.folder / "code").read_text()


@pytest.fixture(scope="module")
def paired(driver: Playwright, demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Paired:
    """The tablet that all journeys begin with."""

    def make(folder: Path) -> None:
        place = Paired(folder)
        with (
            running_server(demo_data(place.data, template=demo_template)) as server,
            tablet(driver, place.profile, ADDRESS, port=server.port) as fresh,
        ):
            code = pair(fresh, server)
            wait_until_prepared(fresh.page)  # or each start of a copy would begin with it again
        (folder / "code").write_text(code)

    return Paired(once(tmp_path_factory, "paired", make))


@pytest.fixture(scope="module")
def known_data(paired: Paired, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A server's data folder that knows the tablet, for the tests of one file."""
    return demo_data(tmp_path_factory.mktemp("server") / "data", template=paired.data)


@pytest.fixture(scope="module")
def server(known_data: Path) -> Iterator[RunningServer]:
    """One server for all tests of a file."""
    with running_server(known_data) as running:
        yield running


@pytest.fixture
def profile(paired: Paired, tmp_path: Path) -> Path:
    """The profile folder of one test's tablet."""
    copy = tmp_path / "tablet"
    shutil.copytree(paired.profile, copy, symlinks=True)
    return copy


@pytest.fixture
def switch_on_at(driver: Playwright, profile: Path) -> OpenAt:
    """Switches the tablet on, where the server (or what stands before it) is behind a port of this machine."""
    return lambda port: tablet(driver, profile, ADDRESS, port=port)


@pytest.fixture
def open_tablet(switch_on_at: OpenAt, server: RunningServer) -> OpenTablet:
    """Switches the tablet on."""
    return lambda: switch_on_at(server.port)
