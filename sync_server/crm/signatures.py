"""What inside sales sees of a signature: who, when, the very words, its picture, and what was changed since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Row, select

from protocol.observation import ObservationContent
from protocol.rules.signing import fingerprint_of, has_changed_since
from protocol.signature import Signature
from sync_server.store.schema import blobs, photos


@dataclass(frozen=True)
class SignatureView:
    """A signature that a version of an observation names.

    Attributes:
        received: whether its picture has arrived.
        missing: whether its tablet has said that it cannot give it any more.
        changed: whether this version says something else than when it was signed.
    """

    id: UUID
    signer: str
    words: str
    signed_at: datetime
    width: int
    height: int
    received: bool
    missing: bool
    changed: bool

    @property
    def shown_width(self) -> int:
        """Pixels across on the page: the picture is kept about twice as sharp."""
        return max(1, round(self.width / 2))

    @property
    def shown_height(self) -> int:
        """Pixels down on the page."""
        return max(1, round(self.height / 2))


def signature_views(
    connection: Connection,
    observation_id: UUID,
    current: Sequence[tuple[UUID, ObservationContent]],
    older: Sequence[tuple[UUID, ObservationContent]],
) -> dict[UUID, tuple[SignatureView, ...]]:
    """The signatures of the versions of an observation, by version.

    Args:
        current: the version that is shown, and those made apart from it.
        older: the others; of them only what no current one names any more.
    """
    named = {one.id for _, content in current for one in content.signed}
    wanted = [(version, content, content.signed) for version, content in current]
    for version, content in older:
        wanted.append((version, content, tuple(one for one in content.signed if one.id not in named)))
    if not any(signatures for _, _, signatures in wanted):
        return {}
    found = connection.execute(
        select(photos.c.id, photos.c.missing_since, blobs.c.sha256.is_not(None).label("is_here"))
        .outerjoin(blobs, blobs.c.sha256 == photos.c.sha256)
        .where(photos.c.observation_id == observation_id, photos.c.signed_at.is_not(None))
    )
    known = {row.id: row for row in found}
    return {
        version: tuple(_view(one, known.get(one.id), fingerprint_of(content)) for one in signatures)
        for version, content, signatures in wanted
    }


def _view(signature: Signature, row: Row[tuple[UUID, datetime, bool]] | None, says: str) -> SignatureView:
    received = row is not None and row.is_here
    return SignatureView(
        id=signature.id,
        signer=signature.signer,
        words=signature.words,
        signed_at=signature.signed_at,
        width=signature.width,
        height=signature.height,
        received=received,
        missing=row is not None and not received and row.missing_since is not None,
        changed=has_changed_since(signature, says),
    )
