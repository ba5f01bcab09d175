"""A situation on site: the sentences that belong together, so that what is combined never contradicts itself."""

from dataclasses import dataclass, field

from protocol.observation import FlagKind, Kind, Side
from protocol.review import RejectionReason

Lines = tuple[str, ...]


@dataclass(frozen=True)
class Care:
    """A GDPR flag that this situation may need."""

    kind: FlagKind
    purpose: str
    days: int
    """How long the note is needed."""
    always: bool = False


@dataclass(frozen=True)
class Situation:
    """What may happen at a customer, with several ways to say each part of it.

    The slots in braces are those of `sync_server.demo.words.Words`. A title opens the text, heard, seen
    and concluded follow; `talks` are questions of inside sales with the technician's answers.
    """

    name: str
    kind: Kind
    titles: Lines
    heard: Lines = ()
    seen: Lines = ()
    concluded: Lines = ()
    steps: tuple[tuple[str, Side], ...] = ()
    talks: tuple[tuple[str, str], ...] = ()
    accepted: Lines = ()
    rejected: tuple[tuple[RejectionReason, str], ...] = ()
    needs: str | None = None
    """'compressor', 'dryer', 'chiller' or 'competitor' when a machine of that sort must stand there."""
    scenes: Lines = field(default=())
    """Names of pictures that fit; 'plate' is the machine's type plate."""
    sells: bool = True
    """Whether an order can come of it."""
    urgent: float = 0.06
    care: Care | None = None
