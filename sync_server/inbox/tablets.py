"""The tablets: who carries which, when it was last here, pairing a new one by code and QR, blocking."""

from io import BytesIO
from urllib.parse import urlsplit

import segno
from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from protocol.limits import PAIRING_VALID
from protocol.rules.access import TABLET_ROLES
from sync_server.crm import leads, pairing, tablets, users
from sync_server.inbox import pages, refusals
from sync_server.inbox.addresses import read_id
from sync_server.inbox.calls import Call
from sync_server.settings import LOOPBACK


def tablet_list(call: Call) -> Response:
    """All tablets."""
    return _page(call)


def pair_tablet(call: Call) -> Response:
    """A fresh code for a technician, shown once: typed, or scanned as a QR code."""
    _ = call.language.gettext
    user_id = read_id(call.form["user"])
    try:
        with call.database.writing() as connection:
            code = pairing.make_code(connection, user_id, call.now) if user_id else None
            user = users.find(connection, user_id) if user_id else None
    except pairing.NotForTablets:
        code = user = None
    if code is None or user is None:
        return _page(call, status=422, problem=_("Bitte eine Person wählen, die ein Tablet trägt."))
    link = f"{_base(call)}/app/#/pair?code={code}"
    return _page(
        call,
        code=f"{code[:4]}-{code[4:]}",
        link=link,
        qr=_qr(link),
        code_user=user.name,
        minutes=int(PAIRING_VALID.total_seconds() // 60),
        until=call.now + PAIRING_VALID,
    )


def block_tablet(call: Call) -> Response:
    """Block or unblock one tablet."""
    device_id = read_id(call.request.path_params["device_id"])
    if device_id is None:
        return refusals.not_found(call)
    step = call.request.path_params["step"]
    if step not in ("block", "unblock"):
        return refusals.not_found(call)
    with call.database.writing() as connection:
        known = (
            tablets.block(connection, device_id, call.now)
            if step == "block"
            else tablets.unblock(connection, device_id)
        )
    return RedirectResponse("/tablets", 303) if known else refusals.not_found(call)


_NOTHING = {"code": "", "link": "", "qr": "", "code_user": "", "minutes": 0, "until": None, "problem": ""}


def _page(call: Call, *, status: int = 200, **values: object) -> Response:
    with call.database.reading() as connection:
        devices = tablets.everyone(connection)
        counts = leads.count_views(connection, call.reader)
        carriers = [user for user in users.everybody(connection) if user.active and user.role in TABLET_ROLES]
    carriers.sort(key=lambda user: user.name)
    return pages.render(
        call,
        "tablets.html",
        status=status,
        section="tablets",
        devices=devices,
        counts=counts,
        carriers=carriers,
        **{**_NOTHING, **values},
    )


def _base(call: Call) -> str:
    """The address under which this page was reached: what works for the desk mostly works for the tablet.

    On the server itself that is `localhost`, which no tablet can reach; then the configured one is taken,
    unless that is no better.
    """
    host = call.request.headers.get("host", "")
    configured = call.settings.public_url
    if not host or (_is_here(f"//{host}") and not _is_here(configured)):
        return configured
    scheme = "https" if call.settings.secure else call.request.url.scheme
    return f"{scheme}://{host}"


def _is_here(address: str) -> bool:
    return urlsplit(address).hostname in LOOPBACK


def _qr(link: str) -> Markup:
    picture = BytesIO()
    # Black on white in the dark theme too: many readers cannot read an inverted code.
    segno.make(link, error="m").save(
        picture, kind="svg", xmldecl=False, omitsize=True, border=3, dark="#10262a", light="#ffffff"
    )
    return Markup(picture.getvalue().decode())  # noqa: S704  made here from an address of ours
