"""For any sequence of saves, edits, lost answers, crashes and restarts: everything saved arrives exactly once."""

from collections import Counter
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.state.errors import Offline, SyncProblem
from app.state.notebook import Notebook
from app.state.session import Tablet
from app.state.views import Draft
from app.store.memory import Crash
from app.store.outbox import EntryState
from protocol.problems import Code
from tests.app.a_tablet import Shelf, draft, jpeg, paired, synchronized
from tests.app.scripted_server import (
    USER,
    Fault,
    ScriptedServer,
    cut_off,
    doubled,
    late,
    lost_answer,
    lost_before,
    portal,
    refuse,
    unavailable,
)

pytestmark = pytest.mark.anyio

OWN = f"rundgang-own-{USER}"

FAULTS: tuple[Fault | None, ...] = (
    None, None, None, lost_before, lost_answer, late, cut_off, doubled, portal, unavailable,
    refuse(Code.BUSY), refuse(Code.INTERNAL),
)  # fmt: skip


class Journey:
    """One technician's days, and what he was told to be saved."""

    def __init__(self) -> None:
        self.shelf = Shelf()
        self.server = ScriptedServer()
        self.copy = self.server.backup()
        self.saved: set[UUID] = set()
        self.photos: set[str] = set()
        self.drafts: dict[UUID, str] = {}
        self.tablet: Tablet
        self.notebook: Notebook

    async def starts(self) -> None:
        """The app starts, for the first time or again."""
        self.tablet, self.notebook = await paired(self.shelf, self.server)

    async def saves(self, with_photo: bool) -> None:
        """A new observation, first kept as a draft."""
        number = len(self.saved)
        fresh = draft(self.notebook, f"Nr. {number}")
        if with_photo:
            photo = await self.notebook.add_photo(fresh.id, jpeg(width=100 + number))
            fresh = replace(fresh, photos=(photo,))
        await self._keeps(fresh)
        await self._saves(fresh)

    async def corrects(self, which: int) -> None:
        """Another revision of something."""
        rows = self.notebook.observations()
        if rows:
            correction = self.notebook.correction(rows[which % len(rows)].id)
            await self._saves(replace(correction, seen=correction.seen + "!"))

    async def answers(self, which: int) -> None:
        """A contribution to some thread."""
        rows = [row for row in self.notebook.observations() if not row.has_draft]
        if rows:
            before = self._changes()
            await self.notebook.answer(rows[which % len(rows)].id, "ja")
            self.saved |= self._changes() - before

    async def writes(self, number: int) -> None:
        """A draft that is not saved yet."""
        await self._keeps(draft(self.notebook, f"Entwurf {number}"))

    async def synchronizes(self, faults: list[Fault | None]) -> None:
        """A synchronisation over a network that does this to its requests."""
        self.server.faults = list(faults)
        try:
            await synchronized(self.tablet)
        except (Offline, SyncProblem):
            pass
        finally:
            self.server.faults = []

    async def restarts(self, orderly: bool) -> None:
        """The app ends, closed or killed, and starts again."""
        if orderly:
            await self.tablet.close()
        await self.starts()

    async def will_crash(self, when: tuple[int, bool]) -> None:
        """The process will die at the n-th write from now, just before or just after it is durable."""
        operations, after = when
        backing = self.shelf.backings[OWN]
        fatal = backing.operations + operations

        def die(number: int) -> None:
            if number == fatal:
                raise Crash

        if after:
            backing.after = die
        else:
            backing.before = die

    async def backs_up(self, _: None) -> None:
        """The administrator makes a backup of the server."""
        self.copy = self.server.backup()

    async def restores(self, _: None) -> None:
        """The administrator restores the last backup."""
        self.server.restore(self.copy)
        self.copy = self.server.backup()

    def forgot_nothing(self) -> None:
        """What was told to be saved is on the server, or in the outbox for it."""
        for change_id in self.saved - self.server.receipts.keys():
            entry = self.notebook._own.entry(change_id)
            contact = self.notebook._own.contact
            assert entry is not None
            assert entry.state == EntryState.WAITING or (contact and contact.epoch != self.server.epoch)

    def all_has_arrived_once(self) -> None:
        """At the end of all troubles."""
        arrived = Counter(UUID(body["id"]) for body in (*self.server.revisions, *self.server.comments))
        assert set(arrived) >= self.saved
        assert set(arrived.values()) <= {1}
        revisions = Counter(body["revision_id"] for body in self.server.revisions)
        assert set(revisions.values()) <= {1}
        assert set(self.server.blobs) >= self.photos
        assert self.notebook.transfer().waiting == 0
        assert self.notebook.transfer().photos_waiting == 0
        for draft_id, text in self.drafts.items():
            kept = self.notebook.draft(draft_id)
            assert kept is not None
            assert kept.seen == text

    def _changes(self) -> set[UUID]:
        return {entry.id for entry in self.notebook._own.entries()}

    async def _keeps(self, fresh: Draft) -> None:
        await self.notebook.keep_draft(fresh)
        self.drafts[fresh.id] = fresh.seen

    async def _saves(self, written: Draft) -> None:
        before = self._changes()
        # Whether a crash strikes before or after the commit: the draft or the observation is there.
        text = self.drafts.pop(written.id, None)
        try:
            await self.notebook.save(written)
        except Crash:
            await self.starts()
            entries = [entry for entry in self.notebook._own.entries() if entry.id not in before]
            assert entries or text is None or self.notebook.draft(written.id) is not None
            return
        assert self.notebook.draft(written.id) is None
        self.saved |= self._changes() - before
        self.photos |= {photo.sha256 for photo in written.photos}


STEPS = st.one_of(
    st.tuples(st.just("saves"), st.booleans()),
    st.tuples(st.just("corrects"), st.integers(0, 5)),
    st.tuples(st.just("answers"), st.integers(0, 5)),
    st.tuples(st.just("writes"), st.integers(0, 9)),
    st.tuples(st.just("synchronizes"), st.lists(st.sampled_from(FAULTS), max_size=8)),
    st.tuples(st.just("restarts"), st.booleans()),
    st.tuples(st.just("will_crash"), st.tuples(st.integers(1, 5), st.booleans())),
    st.tuples(st.just("backs_up"), st.none()),
    st.tuples(st.just("restores"), st.none()),
)


@settings(max_examples=80)
@given(steps=st.lists(STEPS, max_size=25))
async def test_everything_saved_arrives_exactly_once(steps: list[tuple[str, object]]) -> None:
    journey = Journey()
    await journey.starts()
    for step, detail in steps:
        try:
            await getattr(journey, step)(detail)
        except Crash:
            await journey.starts()
        journey.forgot_nothing()
    await journey.starts()
    await journey.synchronizes([])
    journey.all_has_arrived_once()
