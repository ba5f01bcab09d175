"""The editor of one draft: kept soon, never called kept before it is, nothing lost between two commits."""

import asyncio
from datetime import UTC, datetime
from typing import cast
from uuid import UUID

import pytest

from app.state.drafting import DraftEditor, Kept
from app.state.errors import DraftFault, DraftProblem, InvalidDraft, StorageFull
from app.state.photos import Photos
from app.state.views import Draft
from tests.app.scripted_server import NOW, name

pytestmark = pytest.mark.anyio


class Keeper:
    """A notebook that can be slow and full. Photos are in tests/app/test_roll.py, with a real one."""

    photos = cast("Photos", None)

    def __init__(self) -> None:
        self.kept: list[Draft] = []
        self.saved: list[Draft] = []
        self.full = False
        self.invalid: tuple[DraftProblem, ...] = ()
        self.gate = asyncio.Event()
        self.gate.set()

    async def keep_draft(self, draft: Draft) -> None:
        """Keep, once the gate is open."""
        await self.gate.wait()
        if self.full:
            raise StorageFull
        self.kept.append(draft)

    async def save(self, draft: Draft) -> None:
        """Save, unless something is missing."""
        if self.invalid:
            raise InvalidDraft(self.invalid)
        self.saved.append(draft)

    async def discard_draft(self, draft_id: UUID) -> Draft:
        """The last one kept."""
        return self.kept[-1]


async def at_once(_: float) -> None:
    """No waiting."""


async def never(_: float) -> None:
    """Only what is flushed is kept."""
    await asyncio.Event().wait()


def editor(keeper: Keeper, *, sleep: object = never) -> DraftEditor:
    """An editor of a fresh draft."""
    fresh = Draft(id=name("draft"), observed_at=NOW, updated_at=NOW)
    return DraftEditor(keeper, fresh, stored=False, clock=lambda: datetime.now(UTC), sleep=sleep)  # type: ignore[arg-type]


def told(writing: DraftEditor) -> Kept:
    """What is said about the draft now."""
    return writing.kept


async def test_a_change_is_kept_by_itself() -> None:
    keeper = Keeper()
    writing = editor(keeper, sleep=at_once)
    writing.change(heard="Öl")
    assert told(writing) is Kept.KEEPING
    for _ in range(10):
        await asyncio.sleep(0)
    assert keeper.kept[-1].heard == "Öl"
    assert told(writing) is Kept.KEPT


async def test_what_is_typed_while_a_commit_runs_is_kept_as_well() -> None:
    keeper = Keeper()
    keeper.gate.clear()
    writing = editor(keeper)
    writing.change(heard="eins")
    commit = asyncio.create_task(writing.flush())
    await asyncio.sleep(0)
    writing.change(heard="eins zwei")
    assert told(writing) is Kept.KEEPING
    keeper.gate.set()
    await commit
    assert [draft.heard for draft in keeper.kept] == ["eins", "eins zwei"]
    assert told(writing) is Kept.KEPT


async def test_a_full_storage_is_told_and_tried_again() -> None:
    keeper = Keeper()
    keeper.full = True
    writing = editor(keeper)
    writing.change(seen="Riss")
    await writing.flush()
    assert told(writing) is Kept.FULL
    keeper.full = False
    await writing.flush()
    assert told(writing) is Kept.KEPT
    assert keeper.kept[-1].seen == "Riss"


async def test_what_is_missing_keeps_the_draft_and_goes_away_when_corrected() -> None:
    keeper = Keeper()
    keeper.invalid = (DraftProblem("kind", DraftFault.MISSING),)
    writing = editor(keeper)
    writing.change(heard="ohne Art")
    with pytest.raises(InvalidDraft):
        await writing.finish()
    assert keeper.kept[-1].heard == "ohne Art"
    assert [problem.field for problem in writing.problems] == ["kind"]
    writing.change(kind="note")
    assert not writing.problems


async def test_done_twice_is_saved_once() -> None:
    keeper = Keeper()
    writing = editor(keeper)
    writing.change(heard="fertig")
    await asyncio.gather(writing.finish(), writing.finish())
    assert len(keeper.saved) == 1
    assert told(writing) is Kept.KEPT


async def test_nothing_untouched_is_kept_or_discarded() -> None:
    keeper = Keeper()
    writing = editor(keeper)
    await writing.flush()
    assert keeper.kept == []
    assert await writing.discard() is None
