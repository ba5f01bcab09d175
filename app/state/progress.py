"""How far an observation has come, in one word and in four parts: a pure rule."""

from dataclasses import dataclass

from app.state.views import Progress
from protocol.review import LeadState
from protocol.rules.leads import is_decided

ON_TABLET, RECEIVED, WITH_SALES, DECIDED = 1, 2, 3, 4
"""The four parts of the bar."""

_BY_STATE: dict[LeadState, Progress] = {
    LeadState.IN_REVIEW: Progress.IN_REVIEW,
    LeadState.QUESTION: Progress.QUESTION,
    LeadState.ACCEPTED: Progress.ACCEPTED,
    LeadState.REJECTED: Progress.REJECTED,
    LeadState.DUPLICATE: Progress.DUPLICATE,
    LeadState.HANDED_OVER: Progress.HANDED_OVER,
    LeadState.WON: Progress.WON,
    LeadState.LOST: Progress.LOST,
}


_MAY_BE_OFFERED = frozenset({LeadState.ACCEPTED, LeadState.HANDED_OVER})
"""States that say less than that there is an offer; what comes after says more."""


@dataclass(frozen=True)
class Standing:
    """What is known of an observation.

    Attributes:
        waiting: changes without a receipt.
        sending: whether one of them is on the wire.
        refused: whether the server did not take one.
        confirmed: whether the server has confirmed one.
        state: what inside sales has made of it; None as long as nothing was read about it.
        photos_received, photos_total: photos of the newest content.
        photos_missing: those of them that nobody has any more.
        offered: whether the customer has an offer because of it.
    """

    waiting: int = 0
    sending: bool = False
    refused: bool = False
    confirmed: bool = False
    state: LeadState | None = None
    photos_received: int = 0
    photos_total: int = 0
    photos_missing: int = 0
    offered: bool = False


def progress(standing: Standing) -> Progress:
    """The word for it. What the person must act on goes first, then what has not been transferred."""
    if standing.refused:
        word = Progress.REFUSED
    elif standing.sending:
        word = Progress.SENDING
    elif standing.waiting:
        word = Progress.WAITING
    elif standing.offered and standing.state in _MAY_BE_OFFERED:
        word = Progress.OFFERED
    elif standing.state in _BY_STATE:
        word = _BY_STATE[standing.state]
    elif standing.confirmed or standing.state is not None:
        expected = standing.photos_total - standing.photos_missing
        word = Progress.RECEIVED if standing.photos_received >= expected else Progress.PHOTOS
    else:
        word = Progress.DRAFT
    return word


def stage(standing: Standing) -> int:
    """How many of the four parts are filled: on the tablet, received, with sales, decided."""
    if standing.state is None:
        return RECEIVED if standing.confirmed else ON_TABLET
    if standing.state == LeadState.NEW:
        return RECEIVED
    return DECIDED if is_decided(standing.state) else WITH_SALES
