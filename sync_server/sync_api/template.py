"""GET /sync/v1/templates/<id>: one version of the questions that the kinds ask."""

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from protocol.problems import Code
from sync_server.crm import tablets, templates
from sync_server.crm.refusal import Refused
from sync_server.store import Database
from sync_server.sync_api.requests import note_device, now, token_of


def template(request: Request) -> Response:
    """The version with this id, for a tablet that does not have it yet."""
    database: Database = request.app.state.database
    with database.reading() as connection:
        tablet = tablets.by_token(connection, token_of(request), now())
        note_device(request, tablet.device_id)
        found = templates.find(connection, _id(request.path_params["name"]))
    if found is None:
        raise Refused(Code.NOT_FOUND)
    return Response(found.as_json(), media_type="application/json", headers={"Cache-Control": "no-store"})


def _id(said: str) -> UUID:
    try:
        return UUID(said)
    except ValueError:
        raise Refused(Code.NOT_FOUND) from None
