"""What a person chose and answered last, kept in his own store on this tablet, to offer it first next time."""

from app.state.answering import given_answers
from app.state.habits import Habits, habits_text, read_habits, with_answers
from app.state.views import Draft
from app.store.own_work import OwnWork
from protocol.observation import Side
from protocol.template import Template

_SIDE = "last-next-step-by"
_ANSWERS = "last-answers"


class LastChoices:
    """The last choices of one user on one tablet."""

    def __init__(self, own: OwnWork) -> None:
        self._own = own

    @property
    def side(self) -> Side:
        """Who had to take the next step; inside sales until something else was chosen."""
        chosen = self._own.preference(_SIDE)
        return Side(chosen) if chosen in set(Side) else Side.INSIDE_SALES

    def answers(self, question_id: str) -> tuple[str, ...]:
        """What was answered to a question at other machines, the newest first."""
        return self._habits().get(question_id, ())

    def learnt(self, draft: Draft, template: Template) -> dict[str, str]:
        """The settings that become others when this draft is saved, by their names."""
        learnt = {}
        if draft.next_step.strip() and draft.next_step_by is not self.side:
            learnt[_SIDE] = draft.next_step_by.value
        if draft.flag_kind is None:  # what needs care is not shown again elsewhere
            before = self._habits()
            after = with_answers(before, given_answers(draft, template), template)
            if after != before:
                learnt[_ANSWERS] = habits_text(after)
        return learnt

    def _habits(self) -> Habits:
        return read_habits(self._own.preference(_ANSWERS) or "{}")


__all__ = ["LastChoices"]
