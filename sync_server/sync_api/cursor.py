"""The cursor (Lesemarke): how far a tablet has read, for one epoch and one scope (rules S8, S11)."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import blake2b
from struct import Struct
from struct import error as StructError
from uuid import UUID

from protocol.problems import Code
from protocol.rules.access import Who, audiences
from sync_server.crm.refusal import Refused

_LAYOUT = Struct(">B16s8sQQ")
_VERSION = 1
_MAX_LENGTH = 100
_POSITIONS = 2**63
"""What the database's integers hold."""


@dataclass(frozen=True)
class Cursor:
    """A place in the feed.

    Attributes:
        epoch: the life of the database that the position belongs to.
        scope: which audiences were read; see `scope_of`.
        position: everything up to here has been read.
        anew_until: where the feed ended when this tablet began to read anew. It never got what became a
            tombstone before, and need not be told.
    """

    epoch: UUID
    scope: bytes
    position: int = 0
    anew_until: int = 0

    def encoded(self) -> str:
        """The cursor as it travels."""
        packed = _LAYOUT.pack(_VERSION, self.epoch.bytes, self.scope, self.position, self.anew_until)
        return urlsafe_b64encode(packed).rstrip(b"=").decode()


def decode(text: str) -> Cursor:
    """A cursor that this server gave.

    Raises:
        Refused: CURSOR_UNREADABLE.
    """
    if len(text) > _MAX_LENGTH:
        raise Refused(Code.CURSOR_UNREADABLE)
    try:
        packed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        version, epoch, scope, position, anew_until = _LAYOUT.unpack(packed)
    except (ValueError, StructError):
        raise Refused(Code.CURSOR_UNREADABLE) from None
    if version != _VERSION or position >= _POSITIONS or anew_until >= _POSITIONS:
        raise Refused(Code.CURSOR_UNREADABLE)
    return Cursor(UUID(bytes=epoch), scope, position, anew_until)


def scope_of(who: Who) -> bytes:
    """A short mark of what a user may read: another user, role or territory has another one (S12)."""
    named = "\n".join([str(who.user_id), who.role, *sorted(audiences(who))])
    return blake2b(named.encode(), digest_size=8).digest()


def require_usable(cursor: Cursor, *, epoch: UUID, scope: bytes, horizon: int, end: int) -> None:
    """Whether reading may go on from here without missing anything.

    Args:
        horizon: up to which position tombstones may have been forgotten.
        end: the last position there is; a cursor beyond it is of a life that a backup has undone.

    Raises:
        Refused: CURSOR_OTHER_EPOCH, CURSOR_OTHER_SCOPE or CURSOR_TOO_OLD.
    """
    if cursor.epoch != epoch or cursor.position > end:
        raise Refused(Code.CURSOR_OTHER_EPOCH)
    if cursor.scope != scope:
        raise Refused(Code.CURSOR_OTHER_SCOPE)
    if cursor.position < horizon and cursor.anew_until < horizon:
        raise Refused(Code.CURSOR_TOO_OLD)
