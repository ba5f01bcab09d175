"""A new version of the app comes to a tablet in use: it is told, it chooses when, and nothing unsent is lost."""

import shutil
from pathlib import Path

import pytest

from app.version import VERSION
from tests.journey.conftest import OpenAt
from tests.journey.technician import begin, open_observation, save
from tests.running import ROOT, running_server
from webapp.build import build
from webapp.layout import OUTPUT, RUNDGANG, Source

# Two builds and two starts of the app take minutes; the suite has the same below the app (tests/frame/test_service_worker.py).
pytestmark = pytest.mark.soak

WAITING = "Vor der neuen Fassung gespeichert"
BEGUN = "Vor der neuen Fassung begonnen"


@pytest.fixture
def next_version(tmp_path: Path) -> Path:
    """The web app that the server offers tomorrow: the same source with another number."""
    source = tmp_path / "source"
    for package in ("app", "protocol"):
        shutil.copytree(ROOT / package, source / package, ignore=shutil.ignore_patterns("__pycache__"))
    (source / "app" / "version.py").write_text('"""Tomorrow."""\n\nVERSION = "99.0.0"\n', encoding="utf-8")
    built = tmp_path / "next"
    build(Source((source / "app", source / "protocol"), RUNDGANG.main_module), built)
    return built


def test_an_update_is_told_waits_to_be_chosen_and_loses_nothing_unsent(
    switch_on_at: OpenAt, known_data: Path, next_version: Path, tmp_path: Path
) -> None:
    web = tmp_path / "web"
    shutil.copytree(OUTPUT, web)
    with running_server(known_data, web=web) as server, switch_on_at(server.port) as one:
        one.start()
        one.go_offline()
        begin(one, kind="need", text=WAITING)
        save(one)
        begin(one, kind="plan", text=BEGUN)
        one.tap("back")
        server.stop()
        server.web = next_version
        # It hears of the new version, but sends nothing: what waits has to survive the restart.
        one.context.route("**/sync/v1/**", lambda route: route.abort())
        server.start()
        one.go_online()

        one.sees("Neue Version bereit")
        one.tap("nav-me")
        one.sees(f"Rundgang {VERSION}")
        one.tap("nav-today")
        with one.restarts():
            one.tap("update-apply")
        one.tap("nav-me")
        one.sees("Rundgang 99.0.0")
        one.tap("nav-observations")
        one.sees(BEGUN)
        one.sees("Entwurf")
        one.sees(WAITING)

        one.context.unroute("**/sync/v1/**")
        one.tap("nav-today")
        one.tap("sync-now")
        one.sees("Alles übertragen")
        open_observation(one, WAITING)
