"""A tablet in the hands of its technicians: the app itself over shaky storage, and what it told them."""

import random
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.device.platform import Platform
from app.state.errors import StorageFull, StoreError, SyncError
from app.state.notebook import Notebook
from app.state.session import Tablet
from app.state.views import Draft
from app.store.memory import Crash
from app.store.outbox import EntryState, OutboxEntry
from protocol.observation import FlagKind, Kind, Side, Urgency
from protocol.planning import VisitPlan
from protocol.problems import Advice
from sync_server.crm.users import User
from sync_server.store import schema as t
from tests.app.a_tablet import jpeg as unreadable_jpeg
from tests.app.a_tablet import platform
from tests.model import older_stores
from tests.model.backing import Disks, outbox, storage_fails
from tests.model.network import Line, Weather
from tests.model.office import Office
from tests.model.promises import Promises, Violation
from tests.server.pictures import hash_of
from tests.server.pictures import jpeg as readable_jpeg

ADDRESS = "http://rundgang.test"
NOBODY = UUID(int=7)
"""A customer that no server knows."""


@dataclass
class Hands:
    """One tablet and those who share it."""

    name: str
    people: tuple[User, ...]
    office: Office
    promises: Promises
    disks: Disks
    line: Line
    offset: timedelta = timedelta(0)
    app: Tablet | None = None
    switched: int = 0
    numbers: dict[str, int] = field(default_factory=dict)

    # -- the app -------------------------------------------------------------------------------------

    @property
    def notebook(self) -> Notebook | None:
        """The notebook of the one who is paired."""
        return self.app.notebook if self.app else None

    @property
    def person(self) -> UUID | None:
        """Who is paired."""
        return self.notebook.identity.user_id if self.notebook else None

    def clock(self) -> datetime:
        """This tablet's clock, right or wrong."""
        return self.office.now + self.offset

    async def start(self) -> None:
        """The app starts. Raises Crash."""
        self.app = await Tablet.open(self._platform())

    async def restart(self, *, orderly: bool) -> None:
        """The app ends, closed or killed, and starts again; it may die again while it starts."""
        if orderly and self.app is not None:
            await self.app.close()
        while True:
            await self.disks.abandon()
            self.app = None
            try:
                await self.start()
            except (Crash, StoreError):
                self.office.pass_time(1)
            else:
                return

    async def update(self, chance: random.Random) -> str:
        """Until now this tablet ran the app of version 1; now the present one is opened on what that left.

        Its storage may fail at any step of that. Stores of those who share the tablet stay old until they use it.
        """
        killed = chance.random() < 0.5
        if not killed and self.app is not None:
            await self.app.close()
        await self.disks.abandon()
        self.app = None
        done = older_stores.set_back(self.disks, killed=killed)
        trouble = storage_fails(chance, self.disks, soon=True) if chance.random() < 0.7 else "nothing fails"
        await self.restart(orderly=False)
        return f"{trouble}, from version {1 if done else 2}"

    @asynccontextmanager
    async def acting(self) -> AsyncIterator[None]:
        """Around whatever a person does: the app may die, or its storage refuse; then what is durable counts."""
        try:
            yield
        except Crash:
            await self.restart(orderly=False)
        except StorageFull:
            pass
        except StoreError:
            await self.restart(orderly=False)
        finally:
            self.note_saved()

    def note_saved(self) -> list[UUID]:
        """Promise what stands in the outboxes of this tablet."""
        new: list[UUID] = []
        for user in self.people:
            new += self.promises.note(self.name, user.id, self.outbox(user.id).values())
        return new

    # -- what is durable -----------------------------------------------------------------------------

    def outbox(self, person: UUID) -> dict[UUID, OutboxEntry]:
        """The durable outbox of one person."""
        return outbox(self.disks, person)

    def _next(self, what: str) -> int:
        self.numbers[what] = self.numbers.get(what, 0) + 1
        return self.numbers[what]

    # -- what people do ------------------------------------------------------------------------------

    async def save(self, chance: random.Random) -> None:
        """A new observation, with or without a draft before, with or without photos."""
        assert self.notebook is not None
        customers = [row.id for row in self.notebook.search_customers("")] or self.office.customers
        customer = chance.choice(customers if chance.random() < 0.8 else self.office.customers)
        if chance.random() < 0.05:
            customer = NOBODY
        draft = replace(
            self.notebook.new_draft(customer_id=customer, kind=chance.choice(list(Kind))),
            heard=f"{self.name} Nr. {self._next('observation')}",
            urgency=chance.choice(list(Urgency)),
            flag_kind=chance.choice([None, None, *FlagKind]),
            flag_purpose="Rückruf",
        )
        if chance.random() < 0.35:
            draft = await self._with_photo(draft, chance)
        if chance.random() < 0.5:
            await self._keep(draft)
        await self._save(draft)

    async def correct(self, chance: random.Random) -> None:
        """The next version of some observation."""
        assert self.notebook is not None
        rows = sorted(self.notebook.observations(), key=lambda row: row.id)
        if not rows:
            return
        begun = self.notebook.correction(chance.choice(rows).id)
        if begun.customer_id is None or begun.kind is None:
            return
        draft = replace(begun, heard=f"{begun.heard}!", updated_at=self.clock())
        if draft.customer_id == NOBODY or chance.random() < 0.2:
            draft = replace(draft, customer_id=chance.choice(self.office.customers))
        if chance.random() < 0.2:
            draft = replace(draft, flag_kind=chance.choice([None, *FlagKind]), flag_purpose="Rückruf")
        if chance.random() < 0.2 and len(draft.photos) < 3:
            draft = await self._with_photo(draft, chance)
        await self._save(draft)

    async def answer(self, chance: random.Random) -> None:
        """A contribution to a thread."""
        assert self.notebook is not None
        rows = sorted(
            (row.id for row in self.notebook.observations() if self.notebook.observation(row.id).content),  # type: ignore[union-attr]
        )
        if not rows:
            return
        assert self.person is not None
        observation = chance.choice(rows)
        begun = self.notebook.unsent.answer(observation)
        before = set(self.outbox(self.person))
        key = (self.name, self.person, observation)
        promised = self.promises.answers.pop(key, None)
        text = begun or f"Antwort {self.name} {self._next('answer')}"
        try:
            await self.notebook.answer(observation, text)
        finally:
            # Whether the app dies before or after the commit: the begun answer is there, or the comment is.
            new = set(self.outbox(self.person)) - before
            if promised is not None and not new:
                self.promises.answers[key] = promised
        if len(new) != 1:
            raise Violation(f"an answer that {self.name} called saved is not in its outbox")

    async def begin_answer(self, chance: random.Random) -> None:
        """Words for a thread that are not sent yet."""
        assert self.notebook is not None
        assert self.person is not None
        rows = sorted(row.id for row in self.notebook.observations())
        if rows:
            observation, text = chance.choice(rows), f"Begonnen {self._next('answer')}"
            key = (self.name, self.person, observation)
            before = self.promises.answers.pop(key, None)
            try:
                await self.notebook.unsent.keep_answer(observation, text)
            except StorageFull:
                if before is not None:
                    self.promises.answers[key] = before
                raise
            self.promises.answers[key] = text

    async def write_draft(self, chance: random.Random) -> None:
        """A draft, new or one of those that are there."""
        assert self.notebook is not None
        drafts = sorted(self.notebook.drafts(), key=lambda draft: draft.id)
        if drafts and chance.random() < 0.5:
            draft = replace(chance.choice(drafts), updated_at=self.clock())
        else:
            draft = self.notebook.new_draft(customer_id=chance.choice(self.office.customers), kind=Kind.PLAN)
        await self._keep(replace(draft, seen=f"Entwurf {self._next('draft')}"))

    async def finish_draft(self, chance: random.Random) -> None:
        """A draft becomes an observation."""
        assert self.notebook is not None
        drafts = sorted(self.notebook.drafts(), key=lambda draft: draft.id)
        if drafts:
            await self._save(replace(chance.choice(drafts), updated_at=self.clock()))

    async def discard_draft(self, chance: random.Random) -> None:
        """The person deletes a draft: the one thing that may be gone."""
        assert self.notebook is not None
        assert self.person is not None
        drafts = sorted(self.notebook.drafts(), key=lambda draft: draft.id)
        if drafts:
            draft = chance.choice(drafts)
            self.promises.drafts.pop((self.name, self.person, draft.id), None)
            await self.notebook.discard_draft(draft.id)

    async def mend_refused(self, chance: random.Random) -> None:
        """Corrects what the server did not take, or gives it up."""
        assert self.notebook is not None
        assert self.person is not None
        for entry in sorted(self.outbox(self.person).values(), key=lambda entry: entry.order):
            if entry.state is not EntryState.REFUSED:
                continue
            if entry.plan is not None and not entry.plan.plan.cancelled:
                plan = entry.plan.plan.model_copy(
                    update={"customer_id": chance.choice(self.office.customers)}
                )
                await self._one_more(self.notebook.planning.plan(plan, entry.thing), "a mended visit")
                continue
            if entry.revision is None:
                await self._give_up(entry.id)
                continue
            draft = await self.notebook.reopen_refused(entry.id)
            self.promises.drafts[self.name, self.person, draft.id] = draft.seen
            await self._save(replace(draft, customer_id=chance.choice(self.office.customers)))

    async def do_task(self, chance: random.Random) -> None:
        """Promises something, does what was promised, or finds that it was not done after all."""
        assert self.notebook is not None
        assert self.person is not None
        tasks = self.notebook.tasks.all(self.clock())
        listed = sorted((*tasks.open, *tasks.done_today), key=lambda task: task.step.observation_id)
        if not listed or chance.random() < 0.4:
            draft = self.notebook.new_draft(customer_id=chance.choice(self.office.customers), kind=Kind.PLAN)
            text = f"Zusage {self._next('task')}"
            await self._save(replace(draft, next_step=text, next_step_by=Side.TECHNICIAN))
            return
        step, before = chance.choice(listed).step, set(self.outbox(self.person))
        await self.notebook.tasks.mark(step, done=step.done_at is None)
        if len(set(self.outbox(self.person)) - before) != 1:
            raise Violation(f"a task that {self.name} called done is not in its outbox")

    async def plan_visit(self, chance: random.Random) -> None:
        """A visit planned, changed, called off, or chosen between two that were made apart."""
        assert self.notebook is not None
        planning = self.notebook.planning
        customer = chance.choice(self.office.customers) if chance.random() < 0.95 else NOBODY
        begins = self.office.now + timedelta(hours=chance.randrange(200))
        plan = VisitPlan(customer_id=customer, starts_at=begins, purpose=f"Besuch {self._next('visit')}")
        mine = sorted(
            view.visit.id
            for day in self.notebook.coming_visits(self.clock())
            for view in day.visits
            if view.is_mine
        )
        if not mine or chance.random() < 0.4:
            work: Awaitable[Any] = planning.plan(plan)
        elif chance.random() < 0.4:
            work = planning.call_off(chance.choice(mine))
        else:
            work = planning.plan(plan, chance.choice(mine))
        await self._one_more(work, "a visit")

    def shows_its_visits(self) -> None:
        """Once everything has arrived, a technician sees the visits that the server has for him. Raises Violation."""
        assert self.notebook is not None
        with self.office.database.reading() as connection:
            mine = t.visits.c.technician_id == self.person
            expected = {row.id: row.purpose for row in connection.execute(select(t.visits).where(mine))}
        shown = {held.visit.id: held.visit.purpose for held in self.notebook._visits._on()}
        if shown != expected:
            raise Violation(f"{self.name} shows other visits than there are: {shown} instead of {expected}")

    async def prepare_visit(self, chance: random.Random) -> None:
        """A point of the preparation of some visit is done, or open after all."""
        assert self.notebook is not None
        views = [view for day in self.notebook.coming_visits(self.clock()) for view in day.visits]
        if views:
            visit = min(views, key=lambda view: view.visit.id).visit
            item = chance.choice(("history", "contacts", "parts"))
            done = chance.random() < 0.7
            await self._one_more(self.notebook.planning.prepare(visit.id, item, done=done), "a point")

    async def _one_more(self, work: Awaitable[Any], what: str) -> None:
        """Something is saved; a refused version goes in the same commit."""
        assert self.person is not None
        person, before = self.person, set(self.outbox(self.person))
        try:
            await work
        finally:
            self.promises.give_up(before - set(self.outbox(person)))
        if len(set(self.outbox(person)) - before) != 1:
            raise Violation(f"{what} that {self.name} called saved is not in its outbox")

    async def read_news(self, chance: random.Random) -> None:
        """The person looks at everything that is new."""
        assert self.notebook is not None
        self.notebook.today(self.clock())
        for row in self.notebook.observations():
            if row.unread and chance.random() < 0.5:
                await self.notebook.mark_read(row.id)

    async def hand_over(self, user: User, weather: Weather) -> bool:
        """Somebody pairs the tablet, also one whose it is already; whether that succeeded."""
        self.line.weather = weather
        assert self.app is not None
        self.switched += 1
        try:
            await self.app.pair(ADDRESS, self.office.code_for(user), f"{self.name} {self.switched}")
        except SyncError:
            return False
        finally:
            self.line.weather = Weather(random.Random("calm"), 0)
        return True

    async def synchronize(self, weather: Weather) -> bool:
        """One attempt of the app's own scheduler; whether nothing hindered it."""
        if self.app is None or self.notebook is None:
            return False
        self.line.weather = weather
        scheduler = self.app.synchronizer
        try:
            await scheduler._try()
        finally:
            self.line.weather = Weather(random.Random("calm"), 0)
        detail: Any = getattr(scheduler.problem, "detail", "")
        if str(detail).startswith("app:"):
            raise Violation(f"the app of {self.name} failed while it synchronised: {detail}")
        return scheduler.problem is None

    @property
    def must_pair(self) -> bool:
        """Whether the app says that it has to be paired (again)."""
        return self.app is None or self.notebook is None or self.app.synchronizer.advice is Advice.PAIR

    # -- single promises -----------------------------------------------------------------------------

    async def _keep(self, draft: Draft) -> None:
        assert self.notebook is not None
        assert self.person is not None
        key = (self.name, self.person, draft.id)
        before = self.promises.drafts.pop(key, None)
        try:
            await self.notebook.keep_draft(draft)
        except StorageFull:
            if before is not None:
                self.promises.drafts[key] = before
            raise
        if self.notebook.draft(draft.id) is not None:  # what was saved before is no draft any more
            self.promises.drafts[key] = draft.seen

    async def _save(self, draft: Draft) -> None:
        assert self.notebook is not None
        person = self.person
        assert person is not None
        key = (self.name, person, draft.id)
        before = self.outbox(person)
        text = self.promises.drafts.pop(key, None)
        try:
            await self.notebook.save(draft)
        except StorageFull:
            if text is not None:
                self.promises.drafts[key] = text
            if set(self.outbox(person)) != set(before):
                raise Violation(f"{self.name} said that there is no room, and saved") from None
            raise
        finally:
            new = set(self.outbox(person)) - set(before)
            if new:
                self.promises.give_up(
                    entry.id
                    for entry in before.values()
                    if entry.revision and entry.state is EntryState.REFUSED and entry.thing == draft.id
                )
            elif text is not None:
                self.promises.drafts[key] = text
        if len(new) != 1:
            raise Violation(f"an observation that {self.name} called saved is not in its outbox")

    async def _give_up(self, change_id: UUID) -> None:
        assert self.notebook is not None
        self.promises.give_up([change_id])
        await self.notebook.discard_refused(change_id)

    async def _with_photo(self, draft: Draft, chance: random.Random) -> Draft:
        assert self.notebook is not None
        data = _photo(chance.randrange(8)) if chance.random() < 0.9 else unreadable_jpeg(filling=50)
        if data == unreadable_jpeg(filling=50):
            self.promises.unreadable.add(hash_of(data))
        photo = await self.notebook.add_photo(draft.id, data)
        if photo.sha256 in {other.sha256 for other in draft.photos}:
            return draft
        return replace(draft, photos=(*draft.photos, photo))

    def _platform(self) -> Platform:
        return platform(self.disks, self.line, self.clock, default_server=ADDRESS)


@cache
def _photo(number: int) -> bytes:
    return readable_jpeg(24 + number, 16, seed=number)
