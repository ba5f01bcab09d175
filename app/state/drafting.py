"""Keeps every keystroke of one draft: at most a quarter of a second behind, one durable commit after the other."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from app.state.answering import is_field, with_answer
from app.state.errors import DraftProblem, InvalidDraft, PhotoError, StorageFull, StoreError
from app.state.photos import Photos
from app.state.roll import Roll
from app.state.views import Draft
from app.store.drafts import DraftAnswer
from protocol.voice import VoiceNote

BEHIND = 0.25
"""Seconds that may pass between a keystroke and the beginning of its commit (half of the promised 500 ms)."""


class Kept(StrEnum):
    """What may truthfully be said about the draft now."""

    UNTOUCHED = "untouched"
    """Nothing was written yet."""
    KEEPING = "keeping"
    KEPT = "kept"
    """All that was written is durable on this tablet."""
    FULL = "full"
    """The tablet's storage is full: what was written last is not durable."""
    FAILED = "failed"


class DraftKeeper(Protocol):
    """What the editor needs of the notebook."""

    async def keep_draft(self, draft: Draft) -> None:
        """Keep a draft durably."""

    async def save(self, draft: Draft) -> None:
        """Make the draft an observation."""

    async def discard_draft(self, draft_id: UUID) -> Draft:
        """Remove a draft."""

    @property
    def photos(self) -> Photos:
        """The bytes of photos."""


class DraftEditor:
    """One draft while a person works on it.

    Args:
        notebook: where drafts are kept.
        draft: what to start from.
        stored: whether that draft is durable already.
        clock: the time now, with zone.
        sleep: waits that many seconds.
    """

    def __init__(
        self,
        notebook: DraftKeeper,
        draft: Draft,
        *,
        stored: bool,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.draft = draft
        self.kept = Kept.KEPT if stored else Kept.UNTOUCHED
        self.kept_at: datetime | None = draft.updated_at if stored else None
        self.problems: tuple[DraftProblem, ...] = ()
        self.finished = False
        self._notebook = notebook
        self._clock = clock
        self._sleep = sleep
        self._durable: Draft | None = draft if stored else None
        self._committing = asyncio.Lock()
        self._timer: asyncio.Task[None] | None = None
        self._listeners: list[Callable[[], None]] = []
        self.roll = Roll(self, notebook.photos)
        """Photos that were taken and are not kept yet, and the one that is being edited."""

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` when what may be said about the draft changes; returns how to stop that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def change(self, **fields: Any) -> None:
        """Take over changed fields of the draft; they are durable soon after."""
        changed = replace(self.draft, **fields)
        if changed == self.draft or self.finished:
            return
        self.draft = replace(changed, updated_at=self._clock())
        # That nothing was written at all belongs to no field, and any of them mends it.
        self.problems = tuple(
            problem
            for problem in self.problems
            if problem.field
            and problem.field not in fields
            and not ("answers" in fields and is_field(problem.field))
        )
        self.kept = Kept.KEEPING
        if self._timer is None or self._timer.done():
            self._timer = asyncio.create_task(self._keep_soon())
        self.announce()

    async def flush(self) -> None:
        """Make everything written and photographed so far durable now; failures are told by `kept`."""
        lost = None
        try:
            await self.roll.keep()
        except (StoreError, PhotoError) as failure:
            lost = Kept.FULL if isinstance(failure, StorageFull) else Kept.FAILED
        await self.commit()
        if lost is not None:
            self.tell(lost)

    async def left_photo(self, *, goes_on: bool) -> None:
        """The person has left the photo that was edited; unless he `goes_on` taking others, all of them are kept.

        Raises:
            PhotoError: what was done to it could not be taken over; it waits as it was.
            StoreError: neither could it be kept.
        """
        if not goes_on:
            await self.flush()
        await self.roll.close()

    async def commit(self) -> None:
        """Make the draft durable as it is now; failures are told by `kept`."""
        async with self._committing:
            await self._commit()
        await self.roll.clear_out()

    async def finish(self) -> bool:
        """Save the draft as an observation: returns after the durable commit; False if it was saved already.

        Nobody is told of it: whoever asked leaves the draft.

        Raises:
            InvalidDraft: something is missing; also to be read in `problems`. The draft is kept.
            StorageFull: nothing was saved; the draft is what was durable before.
            PhotoError: what was done to a photo could not be taken over. Nothing was saved.
        """
        try:
            await self.roll.keep()
        except StorageFull:
            self.tell(Kept.FULL)
            raise
        async with self._committing:
            if self.finished:
                return False
            try:
                await self._notebook.save(self.draft)
            except InvalidDraft as invalid:
                self.problems = invalid.problems
                await self._commit()
                self.announce()
                raise
            except StorageFull:
                self.tell(Kept.FULL)
                raise
            self.finished = True
            self.kept = Kept.KEPT
        await self.roll.clear_out()
        return True

    async def discard(self) -> Draft | None:
        """Remove the draft; returns what can bring it back, None if it was never kept."""
        async with self._committing:
            self.finished = True
            if self._durable is None:
                return None
            await self._notebook.discard_draft(self.draft.id)
            return self.draft

    async def add_photo(self, data: bytes, *, question: str | None = None) -> None:
        """Take a photo into the draft, durably. Raises PhotoError, StorageFull.

        Args:
            question: the one that the photo answers, if any.
        """
        await self.roll.hold(data, question=question)
        await self.roll.keep()
        await self.commit()

    async def add_voice(self, note: VoiceNote) -> None:
        """Take a finished recording into the draft, durably. Raises StorageFull, StoreError."""
        if note.id not in {one.id for one in self.draft.voice}:
            self.change(voice=(*self.draft.voice, note))
        await self.require_durable()

    async def require_durable(self) -> None:
        """Make the draft durable now, even if nothing was written yet. Raises StorageFull, StoreError."""
        async with self._committing:
            if self._durable != self.draft and not self.finished:
                snapshot = self.draft
                await self._notebook.keep_draft(snapshot)
                self._durable = snapshot
            await self._commit()

    def answer(
        self, question: str, value: str, *, said: str | None = None, contact_id: UUID | None = None
    ) -> None:
        """Answer a question, or take the answer back ("")."""
        given = DraftAnswer(question, value, None if said == value else said, contact_id)
        self.change(answers=with_answer(self.draft.answers, given))

    async def _keep_soon(self) -> None:
        await self._sleep(BEHIND)
        await self.commit()

    async def _commit(self) -> None:
        while self._durable != self.draft and not self.finished and self.kept is not Kept.UNTOUCHED:
            snapshot = self.draft
            try:
                await self._notebook.keep_draft(snapshot)
            except StorageFull:
                self.tell(Kept.FULL)
                return
            except StoreError:
                self.tell(Kept.FAILED)
                return
            self._durable = snapshot
        if self._durable == self.draft:
            self.kept_at = self._clock()
            self.tell(Kept.KEPT)

    def tell(self, kept: Kept) -> None:
        """Say this about the draft from now on."""
        self.kept = kept
        self.announce()

    def announce(self) -> None:
        """Tell everybody who listens that something has changed."""
        for listener in tuple(self._listeners):
            listener()
