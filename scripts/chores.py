"""The chores of the Makefile, each a short list of steps."""

import argparse
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from scripts import browser, checks, environment, postgres, proxy, tus_js
from scripts.environment import ROOT, run_module
from scripts.failures import StepFailed, of_os_error

BUILT = (
    "build", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".coverage", "test-results",
    "rundgang.egg-info", ".venv", ".venv-locks",
)  # fmt: skip

# In the order of the folders: sorted by their number of tests, the slow journeys would all come at the end.
WHOLE_SUITE = (
    "-n",
    "2",
    "--dist",
    "loadfile",
    "--no-loadscope-reorder",
    "--durations=40",
    "--durations-min=5",
)


def main(arguments: list[str]) -> int:
    """Run one chore; the exit status. Failures are said in words, without a traceback."""
    parser = argparse.ArgumentParser(prog="make", description=__doc__)
    chores = parser.add_subparsers(dest="chore", required=True)
    run_options = chores.add_parser("run")
    run_options.add_argument("--port", default="8000")
    run_options.add_argument("--data", type=Path, default=Path("data"))
    run_options.add_argument("--public-url", default="")
    for name in (
        "install",
        "test",
        "soak",
        "lint",
        "bench",
        "screenshots",
        "usability",
        "web",
        "catalogs",
        "locks",
        "clean",
    ):
        chores.add_parser(name, add_help=False)
    options, rest = parser.parse_known_args(arguments)
    try:
        if options.chore == "run":
            run(options.port, options.data, options.public_url)
            return 0
        return CHORES[options.chore](rest)
    except StepFailed as failure:
        print(failure, file=sys.stderr)
        return failure.status
    except OSError as error:
        print(of_os_error(error, ROOT), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def run(port_text: str, data: Path, public_url: str) -> None:
    """Set up what is missing, fill the demo company once, and become the server.

    With a public address a reverse proxy makes https of it (README, "A trial on the firm's network").
    """
    port = checks.usable_port(port_text)
    folder = checks.usable_folder(data.expanduser())
    _prepare_to_serve()
    rundgang = str(environment.command("rundgang"))
    # Filling the database and building the app need nothing of each other: one processor core each.
    filling = environment.start_command(rundgang, "demo", "--data", str(folder))
    try:
        _build_web()
    finally:
        filled = filling.wait()
    _succeed(
        filled,
        "Die Demofirma konnte nicht angelegt werden (Gründe oben).",
        "The demo company could not be created (reasons above).",
    )
    sys.stdout.flush()
    serve = [
        rundgang,
        "serve",
        "--data",
        str(folder),
        "--port",
        str(port),
        "--web",
        str(ROOT / "build" / "web"),
    ]
    if public_url:
        serve += ["--behind-proxy", "--public-url", public_url]
    os.execve(rundgang, serve, environment.clean_variables())


def install(_arguments: list[str]) -> int:
    """Everything that serving needs: the environment, the texts, the tablet's app."""
    _prepare_to_serve()
    _build_web()
    return 0


def test(arguments: list[str]) -> int:
    """Everything that is promised, checked; arguments go to pytest."""
    _prepare_for_work()
    browser.ensure_browser()
    proxy.ensure_proxy()
    postgres.ensure_postgres()
    tus_js.ensure_tus_js()
    _compile_catalogs()
    _build_web()
    # One file after the other on two workers: most of a test is waiting for a browser or for a disk. Whoever
    # names arguments of his own looks at few tests, and wants their output as it comes.
    return run_module("pytest", *(arguments or WHOLE_SUITE))


def soak(arguments: list[str]) -> int:
    """What is too slow for the suite, then new schedules for as long as told, on every core: docs/proof.md."""
    _prepare_for_work()
    browser.ensure_browser()
    postgres.ensure_postgres()
    _compile_catalogs()
    _build_web()
    slow = run_module("pytest", "--quiet", "-m", "soak")
    return max(slow, run_module("tests.soak", *arguments))


def lint(_arguments: list[str]) -> int:
    """Every check is run, so that one run names everything there is to mend."""
    _prepare_for_work()
    outcomes = [
        run_module("ruff", "format", "--check", "--quiet", "."),
        run_module("ruff", "check", "--quiet", "."),
        run_module("mypy"),
        run_module("scripts.catalogs", "--check"),
    ]
    return max(outcomes)


def bench(names: list[str]) -> int:
    """Measure; arguments are the names of benches."""
    _prepare_for_work()
    browser.ensure_browser()
    _compile_catalogs()
    _build_web()
    return run_module("bench", *names)


def screenshots(arguments: list[str]) -> int:
    """Render the main screens of tablet and inbox."""
    _prepare_for_work()
    browser.ensure_browser()
    _compile_catalogs()
    _build_web()
    return run_module("scripts.screenshots", *arguments)


def usability(arguments: list[str]) -> int:
    """Count taps and walk through every screen; writes docs/usability.md. Words choose walks by name."""
    _prepare_for_work()
    browser.ensure_browser()
    _compile_catalogs()
    _build_web()
    return run_module("scripts.usability", *arguments)


def web(_arguments: list[str]) -> int:
    """Build the tablet's web app."""
    environment.prepare("run")
    _build_web()
    return 0


def catalogs(_arguments: list[str]) -> int:
    """Bring the message catalogues up to date with the source."""
    environment.prepare("run")
    return run_module("scripts.catalogs", "--update")


def locks(_arguments: list[str]) -> int:
    """Resolve every lock anew, with uv in an environment of its own."""
    return environment.run_in_lock_environment("scripts.locks")


def clean(_arguments: list[str]) -> int:
    """Remove everything that can be made again. The data stays."""
    for name in BUILT:
        path = ROOT / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    return 0


CHORES: dict[str, Callable[[list[str]], int]] = {
    "install": install,
    "test": test,
    "soak": soak,
    "lint": lint,
    "bench": bench,
    "screenshots": screenshots,
    "usability": usability,
    "web": web,
    "catalogs": catalogs,
    "locks": locks,
    "clean": clean,
}


def _prepare_to_serve() -> None:
    if not environment.python().is_file():
        checks.enough_room(ROOT)
    environment.prepare("run")
    _compile_catalogs()


def _prepare_for_work() -> None:
    if not environment.python().is_file():
        checks.enough_room(ROOT)
    environment.prepare("dev")


def _compile_catalogs() -> None:
    """gettext reads .mo files, which are made from the .po files beside them and not committed."""
    for po in ROOT.glob("*/**/LC_MESSAGES/*.po"):
        mo = po.with_suffix(".mo")
        if not mo.is_file() or mo.stat().st_mtime < po.stat().st_mtime:
            _succeed(
                run_module("scripts.catalogs", "--compile"),
                "Die Texte konnten nicht übersetzt werden (Gründe oben).",
                "The message catalogues could not be compiled (reasons above).",
            )
            return


def _build_web() -> None:
    _succeed(
        run_module("webapp.build"),
        "Die App für das Tablet konnte nicht gebaut werden (Gründe oben).",
        "The tablet's app could not be built (reasons above).",
    )


def _succeed(status: int, german: str, english: str) -> None:
    if status:
        raise StepFailed(german, english, status=status)
