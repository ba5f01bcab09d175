"""What a person typed outside of drafts and must find again: answers not sent yet, and the search of a moment ago.

Both lie in the settings of the own work. An answer gets the id of the comment that it becomes: if the tablet dies
between sending it and forgetting it, it is known to be sent.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from app.store.own_work import OwnWork
from protocol.changes import AddComment
from protocol.fields import clean_text

SEARCH_KEPT = timedelta(minutes=30)
"""How long a search is worth finding again: after a call, not on the next morning."""

PLAN_KEPT = timedelta(hours=12)
"""How long a visit that was not planned to its end is worth finding again: until the evening."""

_ANSWERS = "answers-begun"


class Unsent:
    """Texts begun by one technician, durable on this tablet.

    Args:
        new_id: makes ids of comments.
        clock: the time now, with zone.
    """

    def __init__(self, own: OwnWork, new_id: Callable[[], UUID], clock: Callable[[], datetime]) -> None:
        self._own = own
        self._new_id = new_id
        self._clock = clock

    def answer(self, observation_id: UUID) -> str:
        """The answer that was begun for an observation, "" if there is none."""
        _, text = self._answers().get(str(observation_id), ("", ""))
        return text

    def answers(self) -> dict[str, str]:
        """All begun answers by observation id, for the copy that a person takes out."""
        return {key: text for key, (_, text) in self._answers().items()}

    def comment_id(self, observation_id: UUID) -> UUID:
        """The id of the comment that the begun answer becomes."""
        known, _ = self._answers().get(str(observation_id), ("", ""))
        return UUID(known) if known else self._new_id()

    async def keep_answer(self, observation_id: UUID, text: str) -> None:
        """Keep an answer durably, or forget it ("")."""
        answers = self._answers()
        known, _ = answers.pop(str(observation_id), ("", ""))
        if text:
            answers[str(observation_id)] = (known or str(self._new_id()), clean_text(text))
        await self._own.prefer(_ANSWERS, json.dumps(answers, ensure_ascii=False))

    def search(self, place: str) -> str:
        """What was searched for at this place a moment ago."""
        return self._recent(f"search-{place}", SEARCH_KEPT)

    async def keep_search(self, place: str, text: str) -> None:
        """Keep what is searched for."""
        await self._keep(f"search-{place}", text)

    def _recent(self, name: str, for_how_long: timedelta) -> str:
        kept = json.loads(self._own.preference(name) or "{}")
        if not kept:
            return ""
        age = self._clock() - datetime.fromisoformat(kept["at"])
        return str(kept["text"]) if timedelta(0) <= age < for_how_long else ""

    async def _keep(self, name: str, text: str) -> None:
        kept = {"text": clean_text(text), "at": self._clock().isoformat()} if text else {}
        await self._own.prefer(name, json.dumps(kept, ensure_ascii=False))

    def plan(self, key: str) -> str:
        """The visit that was being planned a moment ago, as it was kept; "" if there is none."""
        return self._recent(f"plan-begun-{key}", PLAN_KEPT)

    async def keep_plan(self, key: str, text: str) -> None:
        """Keep a visit that is being planned, or forget it ("")."""
        await self._keep(f"plan-begun-{key}", text)

    def _answers(self) -> dict[str, tuple[str, str]]:
        """Comment id and text by observation id, without those that were sent."""
        kept: dict[str, list[str]] = json.loads(self._own.preference(_ANSWERS) or "{}")
        if not kept:
            return {}
        sent = {
            str(entry.change.comment_id)
            for entry in self._own.entries()
            if isinstance(entry.change, AddComment)
        }
        return {key: (comment, text) for key, (comment, text) in kept.items() if comment not in sent}
