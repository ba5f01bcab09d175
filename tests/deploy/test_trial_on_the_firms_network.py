"""README, "A trial on the firm's network": Caddy's own authority, a browser that trusts it, a paired tablet."""

import os
import shutil
import ssl
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.inbox_page import log_in
from tests.running import ROOT, RunningServer, free_port, pairing_code, until_answers
from tests.tablet import tablet as started_tablet

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Proxy:
    """A running Caddy."""

    http: str
    https: str
    authority: Path
    """The certificate of its own authority, as it gives it out."""


@contextmanager
def _caddy(folder: Path, server: RunningServer) -> Iterator[Proxy]:
    program = shutil.which("caddy")
    assert program, (
        "this test needs caddy; `make test` installs it on Debian as root, elsewhere install it by hand"
    )
    http_port, https_port = free_port(), free_port()
    with (folder / "caddy.log").open("wb") as log:
        process = subprocess.Popen(
            [program, "run", "--config", str(ROOT / "deploy" / "Caddyfile.trial"), "--adapter", "caddyfile"],
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env={
                **os.environ,
                "HOME": str(folder),
                "RUNDGANG_HOST": HOST,
                "RUNDGANG_CADDY": str(folder / "caddy"),
                "RUNDGANG_PORT": str(server.port),
                "RUNDGANG_HTTP_PORT": str(http_port),
                "RUNDGANG_HTTPS_PORT": str(https_port),
            },
        )
    try:
        log_file, authority = folder / "caddy.log", folder / "root.crt"
        until_answers(f"http://{HOST}:{http_port}/root.crt", process, log_file)
        urllib.request.urlretrieve(f"http://{HOST}:{http_port}/root.crt", authority)
        # The authority is there before the certificate that it has to issue.
        trusting = ssl.create_default_context(cafile=str(authority))
        until_answers(f"https://{HOST}:{https_port}/healthz", process, log_file, trusting=trusting)
        yield Proxy(f"http://{HOST}:{http_port}", f"https://{HOST}:{https_port}", authority)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _trust(authority: Path, home: Path) -> None:
    """Install the authority for Chromium, as a person installs it on the tablet."""
    program = shutil.which("certutil")
    assert program, "this test needs certutil (Debian: libnss3-tools); `make test` installs it there as root"
    store = home / ".pki" / "nssdb"
    store.mkdir(parents=True)
    for arguments in (
        ["-N", "--empty-password"],
        ["-A", "-n", "rundgang trial", "-t", "C,,", "-i", str(authority)],
    ):
        subprocess.run([program, "-d", f"sql:{store}", *arguments], check=True, capture_output=True)


@pytest.fixture
def proxied(demo_server_behind_proxy: RunningServer, tmp_path: Path) -> Iterator[Proxy]:
    with _caddy(tmp_path, demo_server_behind_proxy) as proxy:
        yield proxy


def test_a_tablet_that_trusts_the_trials_authority_is_paired_over_https(
    driver: Playwright, proxied: Proxy, demo_server_behind_proxy: RunningServer, tmp_path: Path
) -> None:
    _trust(proxied.authority, tmp_path)

    with started_tablet(driver, tmp_path / "profile", proxied.https, home=tmp_path) as tablet:
        tablet.start(f"#/pair?code={pairing_code(demo_server_behind_proxy)}")
        tablet.control("nav-capture").wait_for(timeout=120_000)
        assert tablet.page.evaluate("isSecureContext")
        assert tablet.page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def test_the_inboxs_session_is_for_https_only_and_its_live_events_come_through(
    driver: Playwright, proxied: Proxy, tmp_path: Path
) -> None:
    _trust(proxied.authority, tmp_path)

    with started_tablet(driver, tmp_path / "desk", proxied.https, home=tmp_path, size=(1440, 900)) as desk:
        log_in(desk.page, proxied.https)
        cookies = {cookie["name"]: cookie for cookie in desk.context.cookies()}
        assert cookies, "no session cookie"
        assert all(cookie["secure"] and cookie["httpOnly"] for cookie in cookies.values())
        with desk.page.expect_response("**/events*") as events:
            desk.page.reload()
        assert events.value.headers["content-type"].startswith("text/event-stream")


def test_caddys_key_is_not_served(proxied: Proxy) -> None:
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"{proxied.http}/root.key", timeout=30)
