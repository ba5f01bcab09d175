"""POST /sync/v1/push: changes in, receipts out (rules S1 to S5)."""

from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from protocol.version import PROTOCOL
from sync_server.answers import language_of
from sync_server.crm.first_documents import moment
from sync_server.crm.observations import Taken
from sync_server.crm.tablets import Tablet
from sync_server.sync_api.requests import note_device, now, read_json_body, token_of
from sync_server.sync_api.taking_together import Arrived, TakingTogether


async def push(request: Request) -> Response:
    """Take a push. What is answered as accepted is on disk."""
    received_at = now()  # before anybody waits for his turn: the tablet's clock is compared with it (S19)
    body = await read_json_body(request)
    together: TakingTogether = request.app.state.taking_together
    answered = await together.take(Arrived(body, token_of(request), received_at, language_of(request)))
    note_device(request, answered.tablet.device_id)
    announce = request.app.state.live.announce
    for event, data in answered.taken.news:
        announce(event, data)
    return Response(
        _answer(answered.tablet, answered.taken, received_at),
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


def _answer(tablet: Tablet, taken: Taken, at: datetime) -> str:
    """A `protocol.changes.PushAnswer` as JSON, with the receipts as they are stored."""
    return (
        f'{{"type":"rundgang.push","protocol":{PROTOCOL},"epoch":"{tablet.epoch}",'
        f'"server_time":"{moment(at)}","receipts":[{",".join(taken.receipts)}]}}'
    )
