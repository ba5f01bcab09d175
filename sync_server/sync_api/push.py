"""POST /sync/v1/push: changes in, receipts out (rules S1 to S5)."""

from datetime import datetime

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

from protocol.problems import Code
from protocol.version import PROTOCOL
from sync_server.answers import language_of
from sync_server.crm import tablets
from sync_server.crm.first_documents import moment
from sync_server.crm.observations import Taken
from sync_server.crm.refusal import Refused
from sync_server.crm.tablets import Tablet
from sync_server.store import Database
from sync_server.sync_api.reading_changes import read_push
from sync_server.sync_api.requests import note_device, now, read_json_body, token_of
from sync_server.sync_api.taking_together import Arrived, TakingTogether


async def push(request: Request) -> Response:
    """Take a push. What is answered as accepted is on disk."""
    received_at = now()  # before anybody waits for his turn: the tablet's clock is compared with it (S19)
    body = await read_json_body(request)
    together: TakingTogether = request.app.state.taking_together
    return await to_thread.run_sync(_push, request, body, received_at, together, limiter=together.threads)


def _push(request: Request, body: bytes, received_at: datetime, together: TakingTogether) -> Response:
    database: Database = request.app.state.database
    language = language_of(request)
    with together.reading:
        with database.reading() as connection:
            tablet = tablets.by_token(connection, token_of(request), received_at)
        note_device(request, tablet.device_id)
        read, pushed = read_push(body, language)
    if read.epoch is not None and read.epoch != tablet.epoch:
        # The tablet must first learn that the server was restored, so that it offers again what the
        # backup lacks (S13); taken now, these changes would come without those they build on.
        raise Refused(Code.EPOCH_CHANGED)
    taken = together.take(database, Arrived(tablet, pushed, read.sent_at, received_at, language))
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
