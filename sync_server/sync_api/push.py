"""POST /sync/v1/push: changes in, receipts out (rules S1 to S5)."""

from collections.abc import Sequence
from datetime import datetime

from anyio import CapacityLimiter, to_thread
from sqlalchemy.exc import IntegrityError
from starlette.requests import Request
from starlette.responses import Response

from protocol.problems import Code
from protocol.version import PROTOCOL
from sync_server.answers import language_of
from sync_server.crm import tablets
from sync_server.crm.first_documents import moment
from sync_server.crm.known import Sender
from sync_server.crm.observations import Pushed, Taken, take
from sync_server.crm.refusal import Refused
from sync_server.crm.tablets import Tablet
from sync_server.store import Database
from sync_server.sync_api.reading_changes import read_push
from sync_server.sync_api.requests import note_device, now, read_json_body, token_of


def turns(database: Database) -> CapacityLimiter:
    """How many pushes are worked on at once; the others wait here, in their order, and hold no thread.

    SQLite has one writer, and Python one thread that computes: forty pushes that compete for both took six
    times as long as the same forty one after the other. With two, one is read while the other is stored.
    """
    return CapacityLimiter(2 if database.is_sqlite else 8)


async def push(request: Request) -> Response:
    """Take a push. What is answered as accepted is on disk."""
    body = await read_json_body(request)
    limiter: CapacityLimiter = request.app.state.push_turns
    return await to_thread.run_sync(_push, request, body, limiter=limiter)


def _push(request: Request, body: bytes) -> Response:
    database: Database = request.app.state.database
    language = language_of(request)
    received_at = now()
    with database.reading() as connection:
        tablet = tablets.by_token(connection, token_of(request), received_at)
    note_device(request, tablet.device_id)
    read, pushed = read_push(body, language)
    if read.epoch is not None and read.epoch != tablet.epoch:
        # The tablet must first learn that the server was restored, so that it offers again what the
        # backup lacks (S13); taken now, these changes would come without those they build on.
        raise Refused(Code.EPOCH_CHANGED)
    taken = _take(database, tablet, pushed, read.sent_at, received_at, language)
    for item in taken.news:
        request.app.state.live.announce(item.event, item.data)
    return Response(
        _answer(tablet, taken, received_at),
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


def _answer(tablet: Tablet, taken: Taken, at: datetime) -> str:
    """A `protocol.changes.PushAnswer` as JSON, with the receipts as they are stored."""
    return (
        f'{{"type":"rundgang.push","protocol":{PROTOCOL},"epoch":"{tablet.epoch}",'
        f'"server_time":"{moment(at)}","receipts":[{",".join(taken.receipts)}]}}'
    )


def _take(  # noqa: PLR0917  private, called once
    database: Database,
    tablet: Tablet,
    pushed: Sequence[Pushed],
    sent_at: datetime,
    received_at: datetime,
    language: str,
) -> Taken:
    def attempt(*, one_by_one: bool) -> Taken:
        with database.writing() as connection:
            tablets.note_contact(connection, tablet, received_at, sent_at)
            sender = Sender(tablet.who, tablet.user_name, tablet.device_id)
            return take(connection, sender, pushed, received_at, language, one_by_one=one_by_one)

    try:
        return attempt(one_by_one=False)
    except IntegrityError:
        # The database itself refuses one of the changes: find it, and take its neighbours (S2).
        return attempt(one_by_one=True)
