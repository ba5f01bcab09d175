"""How a lead's state may change, and what each action of inside sales makes of it."""

from enum import StrEnum

from protocol.review import LeadState

_S = LeadState


class Action(StrEnum):
    """What a person does with a lead."""

    OPEN = "open"
    ACCEPT = "accept"
    REJECT = "reject"
    ASK = "ask"
    ANSWER = "answer"
    REOPEN = "reopen"
    MARK_DUPLICATE = "mark_duplicate"
    HAND_OVER = "hand_over"
    WIN = "win"
    LOSE = "lose"
    OFFER = "offer"
    """Note that the customer has an offer: the state stays what it is."""


_UNDECIDED = frozenset({_S.NEW, _S.IN_REVIEW, _S.QUESTION})
_DECIDED = frozenset(_S) - _UNDECIDED

_RULES: dict[Action, tuple[frozenset[LeadState], LeadState]] = {
    Action.OPEN: (frozenset({_S.NEW}), _S.IN_REVIEW),
    Action.ACCEPT: (_UNDECIDED, _S.ACCEPTED),
    Action.REJECT: (_UNDECIDED | {_S.ACCEPTED}, _S.REJECTED),
    Action.ASK: (_UNDECIDED | {_S.ACCEPTED}, _S.QUESTION),
    Action.ANSWER: (frozenset({_S.QUESTION}), _S.IN_REVIEW),
    Action.REOPEN: (_DECIDED, _S.IN_REVIEW),
    Action.MARK_DUPLICATE: (_UNDECIDED, _S.DUPLICATE),
    Action.HAND_OVER: (frozenset({_S.ACCEPTED}), _S.HANDED_OVER),
    Action.WIN: (frozenset({_S.ACCEPTED, _S.HANDED_OVER}), _S.WON),
    Action.LOSE: (frozenset({_S.ACCEPTED, _S.HANDED_OVER}), _S.LOST),
}


_STAYS: dict[Action, frozenset[LeadState]] = {
    Action.OFFER: frozenset({_S.ACCEPTED, _S.HANDED_OVER}),
}
"""Actions that leave the state as it is, and in which states they fit."""


class NotAllowed(ValueError):
    """The action does not fit the lead's state."""

    def __init__(self, state: LeadState, action: Action) -> None:
        super().__init__(f"{action} is not allowed in state {state}")
        self.state = state
        self.action = action


def after(state: LeadState, action: Action) -> LeadState:
    """The state after an action.

    Raises:
        NotAllowed: the action does not fit this state.
    """
    if state in _STAYS.get(action, ()):
        return state
    allowed_from, result = _RULES.get(action, (frozenset[LeadState](), state))
    if state not in allowed_from:
        raise NotAllowed(state, action)
    return result


def allowed_actions(state: LeadState) -> frozenset[Action]:
    """What can be done with a lead in this state."""
    moving = {action for action, (allowed_from, _) in _RULES.items() if state in allowed_from}
    return frozenset(moving | {action for action, allowed_from in _STAYS.items() if state in allowed_from})


def is_decided(state: LeadState) -> bool:
    """Whether inside sales has made up its mind."""
    return state in _DECIDED
