"""What inside sales may do with a lead, and what an offer does to it."""

import pytest

from protocol.review import LeadState
from protocol.rules.leads import Action, NotAllowed, after, allowed_actions


@pytest.mark.parametrize("state", LeadState)
def test_an_offer_is_noted_of_what_sales_works_on_and_leaves_the_state(state: LeadState) -> None:
    fits = state in (LeadState.ACCEPTED, LeadState.HANDED_OVER)
    assert (Action.OFFER in allowed_actions(state)) is fits
    if fits:
        assert after(state, Action.OFFER) is state
    else:
        with pytest.raises(NotAllowed):
            after(state, Action.OFFER)


@pytest.mark.parametrize("state", LeadState)
def test_every_allowed_action_can_be_taken(state: LeadState) -> None:
    for action in Action:
        if action in allowed_actions(state):
            assert after(state, action) in LeadState
        else:
            with pytest.raises(NotAllowed):
                after(state, action)
