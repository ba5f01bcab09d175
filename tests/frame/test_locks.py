"""The locks: every package by exact version and hash, from nowhere in particular, and no FastAPI near the server."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def entries(lock: Path) -> list[str]:
    """One string per package, its hashes included."""
    return re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8").strip())


def names(lock: Path) -> set[str]:
    return {re.split(r"==", entry)[0].lower() for entry in entries(lock)}


def versions(lock: Path) -> dict[str, str]:
    pins = (re.match(r"([\w.-]+)==([^\s;\\]+)", entry) for entry in entries(lock))
    return {pin[1].lower(): pin[2] for pin in pins if pin}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_package_has_an_exact_version_and_a_hash(lock: Path) -> None:
    for entry in entries(lock):
        assert re.match(r"[\w.-]+==[\w.+!-]+ ", entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}(\s|$)", entry), entry


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_no_lock_names_an_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(
        r"^\s*(-i|-f|--index-url|--extra-index-url|--find-links|--trusted-host)\b", text, re.MULTILINE
    )


def test_the_eight_locks_are_there() -> None:
    assert {lock.stem for lock in LOCKS} == {
        "pip", "run", "dev", "node", "postgres", "s3", "web", "web-client",
    }  # fmt: skip


@pytest.mark.parametrize("stem", ["run", "dev", "web"])
def test_fastapi_is_in_no_environment(stem: str) -> None:
    assert names(ROOT / "requirements" / f"{stem}.txt").isdisjoint({"fastapi", "flet-web"})


def test_the_web_client_comes_without_its_server() -> None:
    assert names(ROOT / "requirements" / "web-client.txt") == {"flet-web"}


def test_the_tests_run_on_the_versions_that_are_served() -> None:
    run, dev = versions(ROOT / "requirements" / "run.txt"), versions(ROOT / "requirements" / "dev.txt")
    assert {name: dev.get(name) for name in run} == run
    for extra in ("postgres", "s3"):
        wanted = versions(ROOT / "requirements" / f"{extra}.txt")
        assert {name: dev.get(name) for name in wanted} == wanted


def test_the_tablet_gets_the_versions_that_are_tested() -> None:
    run, web = versions(ROOT / "requirements" / "run.txt"), versions(ROOT / "requirements" / "web.txt")
    assert {name: run.get(name) for name in web} == web


def test_flet_and_its_web_client_are_of_one_version() -> None:
    client = versions(ROOT / "requirements" / "web-client.txt")["flet-web"]
    assert versions(ROOT / "requirements" / "run.txt")["flet"] == client


@pytest.mark.parametrize("stem", ["run", "dev"])
def test_everything_that_the_project_asks_for_is_locked(stem: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["server"]]
    asked += project["dependency-groups"]["dev"] if stem == "dev" else []
    wanted = {re.split(r"[\[<>=~! ;]", requirement)[0].lower() for requirement in asked}
    assert wanted <= names(ROOT / "requirements" / f"{stem}.txt")
