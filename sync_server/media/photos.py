"""GET /sync/v1/media/{sha256}: a technician's own photo, for a tablet that has been paired anew."""

from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response

from protocol.problems import Code
from sync_server.crm import tablets
from sync_server.crm.refusal import Refused
from sync_server.media.blobs import Blobs, NoSuchBlob
from sync_server.store import Database
from sync_server.store import schema as t
from sync_server.sync_api.requests import note_device, now, token_of


def photo(request: Request) -> Response:
    """A stored photo that one of the asking user's observations names."""
    sha256 = request.path_params["name"]
    database: Database = request.app.state.database
    blobs: Blobs = request.app.state.blobs
    with database.reading() as connection:
        tablet = tablets.by_token(connection, token_of(request), now())
        note_device(request, tablet.device_id)
        media_type = connection.execute(
            select(t.blobs.c.media_type)
            .join(t.photos, t.photos.c.sha256 == t.blobs.c.sha256)
            .join(t.observations, t.observations.c.id == t.photos.c.observation_id)
            .where(t.blobs.c.sha256 == sha256, t.observations.c.author_id == tablet.who.user_id)
            .limit(1)
        ).scalar()
    if media_type is None:
        raise Refused(Code.MEDIA_UNKNOWN)
    headers = {"Cache-Control": "private, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
    try:
        return blobs.answer(sha256, media_type, headers)
    except NoSuchBlob:
        raise Refused(Code.MEDIA_UNKNOWN) from None
