"""The command line: what an administrator types, and words instead of tracebacks."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from urllib.request import urlopen

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from sync_server.cli import main
from sync_server.commands.opening import announce
from sync_server.commands.serve import serve
from sync_server.settings import Settings
from sync_server.store import Database, facts
from tests.running import WEB, free_port, until_answers
from tests.server.firm import NOW


@pytest.fixture
def data(settings: Settings) -> Path:
    """A data folder with an empty database."""
    return settings.data


def run(data: Path, *arguments: str, language: str = "C") -> Result:
    environment = {"LANG": language, "LC_ALL": "", "LC_MESSAGES": ""}
    return CliRunner().invoke(main, [*arguments, f"--data={data}"], env=environment)


def add(data: Path, login: str, role: str, *more: str) -> Result:
    return run(data, "user", "add", login, "--name=Anna Wieland", f"--role={role}", *more)


def test_accounts_are_made_listed_and_closed(data: Path) -> None:
    assert add(data, "Anna", "technician", "--territory=sued", "--password=").exit_code == 0
    assert add(data, "nora", "inside_sales", "--password=a good password").exit_code == 0
    assert run(data, "user", "password", "nora", "--password=another password").exit_code == 0
    assert run(data, "user", "deactivate", "anna").exit_code == 0

    listed = run(data, "user", "list").output.splitlines()

    assert [line.split()[0] for line in listed] == ["nora", "anna"]
    assert listed[1].endswith("closed")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("user", "password", "nobody", "--password=long enough"), "no account nobody"),
        (("device", "pair", "nobody"), "no account nobody"),
        (("device", "block", "01a204a8-107f-7e73-b52d-27dafcb743e9"), "no such tablet"),
    ],
)
def test_what_does_not_exist_is_said(data: Path, arguments: tuple[str, ...], words: str) -> None:
    result = run(data, *arguments)
    assert (result.exit_code, words in result.output) == (1, True)


def test_a_login_is_given_once_and_a_password_is_long_enough(data: Path) -> None:
    add(data, "nora", "inside_sales", "--password=a good password")
    assert "taken" in add(data, "NORA", "admin", "--password=a good password").output
    assert "10 to 1000" in add(data, "kurz", "admin", "--password=short").output


def test_a_tablet_is_paired_by_code_link_and_qr_code(data: Path) -> None:
    add(data, "anna", "technician", "--password=")
    database = Database(f"sqlite:///{data / 'rundgang.db'}")
    with database.writing() as connection:
        facts.put(connection, facts.PUBLIC_URL, "https://rundgang.example.com")
    database.close()

    output = run(data, "device", "pair", "anna").output

    code = re.search(r"Code for Anna Wieland: ([2-9A-Z]{8})", output)
    assert code is not None
    assert f"https://rundgang.example.com/app/#/pair?code={code.group(1)}" in output
    assert "█" in output


def test_inside_sales_carries_no_tablet(data: Path) -> None:
    add(data, "nora", "inside_sales", "--password=a good password")
    result = run(data, "device", "pair", "nora")
    assert (result.exit_code, "carries no tablet" in result.output) == (1, True)


def test_the_words_are_german_where_the_shell_is(data: Path) -> None:
    assert "gibt es nicht" in run(data, "device", "pair", "nobody", language="de_DE.UTF-8").output


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.com"])
def test_a_server_for_the_network_wants_https_and_says_so(data: Path, host: str) -> None:
    result = run(data, "serve", f"--host={host}")
    assert result.exit_code == 1
    for word in ("--certificate", "--key", "--behind-proxy"):
        assert word in result.output


def test_a_certificate_without_a_key_is_refused(data: Path, tmp_path: Path) -> None:
    (tmp_path / "c.pem").write_text("x")
    result = run(data, "serve", f"--certificate={tmp_path / 'c.pem'}")
    assert (result.exit_code, "belong together" in result.output) == (1, True)


def test_a_taken_port_is_said(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run(data, "serve", f"--port={port}")
    assert (result.exit_code, f"--port {port + 1}" in result.output) == (1, True)


def test_a_newer_database_is_said_and_left_alone(data: Path) -> None:
    database = Database(f"sqlite:///{data / 'rundgang.db'}")
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    result = run(data, "user", "list")
    assert (result.exit_code, "newer version" in result.output) == (1, True)


def test_an_unusable_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    result = run(tmp_path / "file" / "data", "user", "list")
    assert (result.exit_code, "--data" in result.output) == (1, True)


def test_a_damaged_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "rundgang.db").write_bytes(b"no database at all " * 200)
    result = run(tmp_path, "user", "list")
    assert (result.exit_code, "cannot be opened" in result.output) == (1, True)


def test_the_web_app_is_found_from_any_working_directory() -> None:
    (web,) = (option for option in serve.params if option.name == "web")
    assert isinstance(web.default, Path)
    assert web.default.is_absolute()
    assert web.default.resolve() == WEB


def test_an_unknown_time_zone_is_said(data: Path) -> None:
    for name in ("Mars/Olympus", "../../etc/passwd", ""):
        result = run(data, "serve", f"--timezone={name}")
        assert (result.exit_code, "is not known" in result.output) == (1, True)


@pytest.fixture
def process(data: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], str, Path]]:
    """A server process on a free port, its address and its log; started in a folder that has nothing of ours."""
    port, log = free_port(), tmp_path / "log"
    with log.open("wb") as output:
        started = subprocess.Popen(
            [sys.executable, "-m", "sync_server.cli", "serve", f"--data={data}", f"--port={port}"],
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={**os.environ, "LANG": "C", "PYTHONUNBUFFERED": "1"},
        )
    try:
        until_answers(f"http://127.0.0.1:{port}/healthz", started, log)
        yield started, f"http://127.0.0.1:{port}", log
    finally:
        started.kill()
        started.wait(30)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_serve_says_where_it_is_and_stops_when_asked(
    process: tuple[subprocess.Popen[bytes], str, Path], how: signal.Signals
) -> None:
    started, address, log = process
    with urlopen(f"{address}/sync/v1/hello") as answer:
        assert json.load(answer)["type"] == "rundgang.hello"
    with urlopen(f"{address}/login") as answer:
        page = answer.read().decode()
    for needed in (*re.findall(r'(?:href|src)="(/static/[^"]+)"', page), "/static/htmx.js"):
        with urlopen(f"{address}{needed}") as answer:
            assert answer.read(), needed

    started.send_signal(how)

    assert started.wait(30) == 0
    said = log.read_text()
    assert f"{address}/app/" in said
    assert "Traceback" not in said


def test_a_demo_database_brings_its_users_and_a_pairing_link(data: Path) -> None:
    add(data, "anna", "technician", "--password=")
    database = Database(f"sqlite:///{data / 'rundgang.db'}")
    known = {
        "technician": "anna",
        "users": [{"login": "nora", "password": "demo-pass", "role": "inside_sales"}],
    }
    with database.writing() as connection:
        facts.put(connection, facts.DEMO, json.dumps(known))

    with redirect_stdout(printed := StringIO()):
        announce(database, "http://127.0.0.1:8000", NOW)
    database.close()

    assert re.search(r"http://127\.0\.0\.1:8000/app/#/pair\?code=[2-9A-Z]{8}\n", printed.getvalue())
    assert "demo-pass" in printed.getvalue()
