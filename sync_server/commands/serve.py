"""`rundgang serve`: the server, for tablets and for inside sales."""

import contextlib
import errno
import gc
import ipaddress
import signal
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
import uvicorn
from starlette.applications import Starlette

from sync_server import logs
from sync_server.application import build
from sync_server.commands.opening import announce
from sync_server.commands.speaking import data_option, database_url, failed, in_words, media_url, say
from sync_server.safekeeping import folder
from sync_server.settings import LOOPBACK, Settings
from sync_server.store import facts

_GRACE = 10
"""Seconds that running requests get when the server stops."""

_WEB = Path(__file__).parents[2] / "build" / "web"
"""Where `make web` puts the app: found from any working directory, as a service has none of its own."""

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _zone(_context: click.Context, _option: click.Parameter, name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise failed(
            f"Die Zeitzone {name!r} ist nicht bekannt. Beispiele: Europe/Berlin, Europe/Vienna, Europe/Zurich.",
            f"The time zone {name!r} is not known. Examples: Europe/Berlin, Europe/Vienna, Europe/Zurich.",
        ) from error
    return name


@click.command(help=say("Den Server starten.", "Start the server."))
@click.option("--host", default="127.0.0.1", show_default=True, help=say("Adresse.", "Address to listen on."))
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@data_option
@click.option(
    "--web",
    type=click.Path(path_type=Path),
    default=_WEB,
    show_default="build/web",
    help=say("Ordner der gebauten Tablet-App.", "Folder of the built tablet app."),
)
@click.option("--certificate", type=_FILE, help=say("TLS-Zertifikat (PEM).", "TLS certificate (PEM)."))
@click.option("--key", type=_FILE, help=say("Schlüssel dazu (PEM).", "Its key (PEM)."))
@click.option(
    "--behind-proxy",
    is_flag=True,
    help=say("Ein Reverse-Proxy davor macht https.", "A reverse proxy in front of it does https."),
)
@click.option(
    "--public-url",
    help=say("Adresse, unter der Tablets den Server erreichen.", "Address under which tablets reach it."),
)
@click.option(
    "--timezone",
    default=Settings.timezone,
    show_default=True,
    callback=_zone,
    help=say("Zeitzone der Firma.", "The firm's time zone."),
)
@click.option("--company", default="Rundgang", help=say("Name der Firma.", "Name of the company."))
def serve(  # noqa: PLR0917  click passes options by name
    host: str,
    port: int,
    data: Path,
    web: Path,
    certificate: Path | None,
    key: Path | None,
    behind_proxy: bool,
    public_url: str | None,
    timezone: str,
    company: str,
) -> None:
    """Serve tablets and inside sales until told to stop."""
    _require_tls(host, certificate, key, behind_proxy)
    logs.configure()
    listening = _listen(host, port)
    reached = (public_url or _address(host, listening, tls=certificate is not None)).rstrip("/")
    secure = behind_proxy or reached.startswith("https://")
    settings = Settings(
        data=data,
        database_url=database_url(),
        media_url=media_url(),
        company=company,
        web=web,
        public_url=reached,
        secure=secure,
        timezone=timezone,
    )
    with listening, contextlib.ExitStack() as running:
        with in_words(data):
            running.enter_context(folder.shared(data))  # no backup is restored under a server that runs
            app = build(settings)
            running.callback(app.state.database.close)
            if settings.media_url is not None:
                app.state.blobs.backing.require_usable()
            config = _config(app, certificate, key, behind_proxy)
            with app.state.database.writing() as connection:
                facts.put(connection, facts.PUBLIC_URL, reached)
            announce(app.state.database, reached, datetime.now(UTC))
        _collect_seldom()
        # uvicorn raises the signal once more when it is done; ending as asked is no failure.
        for asked in (signal.SIGTERM, signal.SIGINT):
            signal.signal(asked, lambda _signal, _frame: None)
        _Server(config, app).run(sockets=[listening])


def _collect_seldom() -> None:
    """Let Python look for garbage in circles after 20,000 new objects, not 700, and never in the program itself.

    A push of 500 changes makes 10,000 objects that live for a moment: looking through them took a sixth of reading it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)


class _Server(uvicorn.Server):
    """uvicorn, which would wait for open inboxes for ever: their streams are ended first."""

    def __init__(self, config: uvicorn.Config, app: Starlette) -> None:
        super().__init__(config)
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, end the streams, let requests finish."""
        self._app.state.live.close()
        await super().shutdown(sockets)


def _config(app: Starlette, certificate: Path | None, key: Path | None, behind_proxy: bool) -> uvicorn.Config:
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="on",
        server_header=False,
        proxy_headers=behind_proxy,
        ssl_certfile=certificate,
        ssl_keyfile=key,
        timeout_graceful_shutdown=_GRACE,
        ws="none",
    )
    try:
        config.load()
    except OSError as error:
        raise failed(
            f"Zertifikat oder Schlüssel lassen sich nicht benutzen: {error}.",
            f"The certificate or its key cannot be used: {error}.",
        ) from error
    return config


def _require_tls(host: str, certificate: Path | None, key: Path | None, behind_proxy: bool) -> None:
    if (certificate is None) != (key is None):
        raise failed("--certificate und --key gehören zusammen.", "--certificate and --key belong together.")
    if certificate is not None or behind_proxy or _is_loopback(host):
        return
    raise failed(
        f"{host} ist im Netz erreichbar, aber ohne https. Browser geben Tablets dann weder Kamera noch "
        "Offline-Speicher, und Beobachtungen gingen unverschlüsselt durchs Netz.\n"
        "Bitte entweder  --certificate DATEI --key DATEI  angeben, oder einen Reverse-Proxy mit https "
        "davorstellen (README, „Für eine Firma“) und  --behind-proxy  angeben.",
        f"{host} can be reached from the network, but without https. Browsers then give tablets neither the "
        "camera nor offline storage, and observations would cross the network in the clear.\n"
        "Either give  --certificate FILE --key FILE , or put a reverse proxy with https in front "
        "(README, “For a company”) and give  --behind-proxy .",
    )


def _is_loopback(host: str) -> bool:
    if host in LOOPBACK:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.create_server((host, port), family=family, backlog=socket.SOMAXCONN)
    except OSError as error:
        raise failed(*_why_not_listening(host, port, error)) from error
    listening.set_inheritable(True)
    return listening


def _why_not_listening(host: str, port: int, error: OSError) -> tuple[str, str]:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} ist schon belegt, vielleicht von einem laufenden Rundgang. "
            f"Bitte das andere Programm beenden oder  --port {port + 1}  nehmen (make run PORT={port + 1}).",
            f"Port {port} is taken, perhaps by a Rundgang that is running. "
            f"Please stop the other program, or take  --port {port + 1}  (make run PORT={port + 1}).",
        )
    if error.errno == errno.EACCES:
        return (
            f"Port {port} darf hier nicht benutzt werden; unter 1024 darf es nur root. Bitte einen höheren.",
            f"Port {port} may not be used here; below 1024 only root may. Please take a higher one.",
        )
    return (
        f"Auf {host}:{port} kann nicht gehorcht werden: {error.strerror}.",
        f"Cannot listen on {host}:{port}: {error.strerror}.",
    )


def _address(host: str, listening: socket.socket, *, tls: bool) -> str:
    name: Any = listening.getsockname()
    try:
        everywhere = ipaddress.ip_address(host).is_unspecified
    except ValueError:
        everywhere = False
    shown = socket.getfqdn() if everywhere else host
    if ":" in shown:
        shown = f"[{shown}]"
    return f"{'https' if tls else 'http'}://{shown}:{name[1]}"
