"""POST /sync/v1/pair: a code is exchanged for a token; and GET /sync/v1/hello, which needs neither."""

from datetime import datetime

from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from protocol.pairing import Hello, PairAnswer, PairRequest
from protocol.problems import Code
from protocol.version import OLDEST_SUPPORTED, PROTOCOL
from sync_server.crm import attempts, pairing, templates
from sync_server.crm.attempts import PAIRING
from sync_server.crm.refusal import Refused
from sync_server.settings import Settings
from sync_server.store import Database, facts
from sync_server.sync_api.requests import (
    address_of,
    json_answer,
    note_device,
    now,
    read_document,
    read_json_body,
)

_MAX_BYTES = 16_384
_GUESSES = frozenset({Code.PAIRING_CODE_WRONG, Code.PAIRING_CODE_USED, Code.PAIRING_CODE_EXPIRED})


async def pair(request: Request) -> Response:
    """Pair a tablet."""
    body = await read_json_body(request, _MAX_BYTES)
    return await run_in_threadpool(_pair, request, body)


def hello(request: Request) -> Response:
    """Say that a Rundgang server is here."""
    settings: Settings = request.app.state.settings
    database: Database = request.app.state.database
    with database.reading() as connection:
        answer = Hello(
            oldest_protocol=OLDEST_SUPPORTED,
            epoch=facts.epoch(connection),
            server_time=now(),
            company=facts.get(connection, facts.COMPANY) or settings.company,
            template=templates.current_id(connection),
        )
    return json_answer(answer)


def _pair(request: Request, body: bytes) -> Response:
    asked = read_document(body, PairRequest)
    if asked.protocol > PROTOCOL:
        raise Refused(Code.PROTOCOL_TOO_NEW)
    settings: Settings = request.app.state.settings
    database: Database = request.app.state.database
    address, at = address_of(request), now()
    try:
        with database.writing() as connection:
            _require_patience(connection, address, at)
            paired = pairing.redeem(connection, asked.code, asked.device_name, at)
            answer = PairAnswer(
                epoch=facts.epoch(connection),
                server_time=at,
                token=paired.token,
                device_id=paired.device_id,
                user_id=paired.user.id,
                user_name=paired.user.name,
                role=paired.user.role,
                territory=paired.user.territory,
                company=facts.get(connection, facts.COMPANY) or settings.company,
            )
    except Refused as refusal:
        if refusal.code in _GUESSES:
            with database.writing() as connection:
                attempts.note_failure(connection, PAIRING, address, at)
        raise
    note_device(request, paired.device_id)
    return json_answer(answer)


def _require_patience(connection: Connection, address: str, at: datetime) -> None:
    if attempts.exhausted(connection, PAIRING, address, at):
        wait = str(round(PAIRING.within.total_seconds()))
        raise Refused(Code.TOO_MANY_ATTEMPTS, headers={"Retry-After": wait})
