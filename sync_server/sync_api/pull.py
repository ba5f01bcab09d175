"""GET /sync/v1/pull: what changed since a cursor, in pages (rules S8 to S12)."""

import contextlib
import zlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, Row
from starlette.requests import Request
from starlette.responses import Response

from protocol.limits import MAX_PULL_PAGE, PULL_PAGE
from protocol.problems import Code
from protocol.reading import Totals
from protocol.rules.access import audiences
from protocol.version import PROTOCOL
from sync_server.crm import tablets
from sync_server.crm.refusal import Refused
from sync_server.crm.tablets import Tablet
from sync_server.store import Database, StoreError, feed
from sync_server.sync_api.cursor import Cursor, decode, require_usable, scope_of
from sync_server.sync_api.requests import note_device, now, require_version_for_reading, token_of

_GZIP_FROM_BYTES = 1_000
"""Below this an answer fits into one network packet and compressing saves nothing."""


def pull(request: Request) -> Response:
    """One page of what changed, read in one transaction with the cursor and the totals."""
    require_version_for_reading(request)
    limit = _limit(request.query_params.get("limit"))
    sent_cursor = request.query_params.get("cursor")
    database: Database = request.app.state.database
    at = now()
    with database.reading() as connection:
        tablet = tablets.by_token(connection, token_of(request), at)
        note_device(request, tablet.device_id)
        bounds = feed.bounds(connection)
        cursor = _start(tablet, sent_cursor, bounds)
        page = _page(connection, tablet, cursor, bounds, limit, at)
    if tablets.should_note_contact(tablet, at):
        # Nobody must wait or go without his page because the note could not be written just now.
        with contextlib.suppress(StoreError), database.writing() as connection:
            tablets.note_contact(connection, tablet, at)
    return _compressed(request, page)


def _limit(said: str | None) -> int:
    if not said:
        return PULL_PAGE
    if not (said.isascii() and said.isdecimal() and len(said) < 10 and int(said) > 0):
        raise Refused(Code.INVALID_REQUEST, detail="limit must be a whole number of at least 1")
    return min(int(said), MAX_PULL_PAGE)


def _start(tablet: Tablet, sent: str | None, bounds: feed.Bounds) -> Cursor:
    scope = scope_of(tablet.who)
    if not sent:
        return Cursor(tablet.epoch, scope, position=0, anew_until=bounds.end)
    cursor = decode(sent)
    require_usable(cursor, epoch=tablet.epoch, scope=scope, horizon=bounds.horizon, end=bounds.end)
    return cursor


def _page(  # noqa: PLR0917  private, called once
    connection: Connection, tablet: Tablet, cursor: Cursor, bounds: feed.Bounds, limit: int, at: datetime
) -> bytes:
    readable = audiences(tablet.who)
    found = feed.read_page(
        connection, readable, cursor.position, limit, end=bounds.end, no_tombstones_until=cursor.anew_until
    )
    reached = found.rows[-1][0] if found.rows else cursor.position
    remaining = feed.count_after(connection, readable, reached) if found.more else 0
    totals = None if found.more or found.held_back else feed.totals(connection, readable)
    return _assembled(
        tablet, at, found.rows, replace(cursor, position=reached), more=found.more, remaining=remaining,
        totals=totals,
    )  # fmt: skip


def _assembled(
    tablet: Tablet,
    at: datetime,
    rows: Sequence[Row[int, str, str, str | None]],
    cursor: Cursor,
    *,
    more: bool,
    remaining: int,
    totals: Totals | None,
) -> bytes:
    """A `protocol.reading.PullPage` as JSON. The documents are in the feed as they travel: putting them into
    the page as they are, instead of reading and writing them again, is most of a pull's speed."""
    items = ",".join([_item(row) for row in rows])
    end = "" if totals is None else f',"totals":{totals.as_json()}'
    return (
        f'{{"type":"rundgang.pull","protocol":{PROTOCOL},"epoch":"{tablet.epoch}",'
        f'"server_time":"{at:%Y-%m-%dT%H:%M:%S.%fZ}","items":[{items}],'
        f'"cursor":"{cursor.encoded()}","more":{"true" if more else "false"},"remaining":{remaining}{end}}}'
    ).encode()


def _item(row: Row[int, str, str, str | None]) -> str:
    position, entity, thing, body = row
    if len(thing) == 32:  # SQLite's form; PostgreSQL has the hyphens already
        thing = f"{thing[:8]}-{thing[8:12]}-{thing[12:16]}-{thing[16:20]}-{thing[20:]}"
    start = f'{{"entity":"{entity}","id":"{thing}","version":{position}'
    return f"{start}}}" if body is None else f'{start},"body":{body}}}'


def _compressed(request: Request, page: bytes) -> Response:
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Encoding"}
    if len(page) >= _GZIP_FROM_BYTES and "gzip" in request.headers.get("accept-encoding", ""):
        # Level 1: level 6 makes a page a tenth smaller and takes three times as long.
        packer = zlib.compressobj(1, wbits=31)
        page = packer.compress(page) + packer.flush()
        headers["Content-Encoding"] = "gzip"
    return Response(page, media_type="application/json", headers=headers)
