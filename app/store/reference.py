"""Reference: what the pull alone writes. It can be thrown away and read anew without touching own work.

A page and its cursor are one commit. Reading anew keeps what is there until the last page has arrived: a technician
in a cellar never stands without customers because the server was restored.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Self, TypeVar
from uuid import UUID

from app.store.backing import Backing
from app.store.by_customer import ByCustomer
from app.store.customer_index import CustomerIndex, Found
from app.store.documents import Documents, Json, Operation, Put, Remove
from app.store.reading import Reading
from app.store.serial_index import SerialIndex
from app.store.template_shelf import TEMPLATES, TemplateShelf, named_in
from protocol.fields import Document, Moment
from protocol.observation import Side
from protocol.reading import PullPage, Totals
from protocol.reference import Customer, Entity, HistoryEntry, ObservationState, Visit
from protocol.rules.checksum import fingerprint

SCHEMA = 2
"""1: without checksums. 2: each document under its seal."""

_MARK = "mark"

_TABLES = frozenset({*Entity, TEMPLATES})

_SLICE = 100
"""Documents read and indexed between two breaths of the screen."""

_Model = TypeVar("_Model", bound=Document)


class ReadingMark(Document):
    """How far this tablet has read, and what it should hold."""

    cursor: str | None = None
    generation: int = 1
    """Grows with each reading anew; what is of an older one goes when the new one is complete."""
    count: int = 0
    checksum: int = 0
    complete: bool = False
    """Whether everything was read once."""
    anew_at: Moment | None = None
    """When it was last read anew because of drift, by the tablet's clock."""
    swept: int = 1
    """The generation up to which nothing older is here any more: looking for that costs a walk over everything."""


@dataclass(frozen=True)
class Drift:
    """The tablet does not hold what the server says it must (rule S9a)."""

    held: Totals
    expected: Totals


class Reference:
    """The store of what the server told."""

    def __init__(self, documents: Documents) -> None:
        self.documents = documents
        self._customers: Reading[Customer] = Reading(documents, Entity.CUSTOMER, _body(Customer))
        self._history: Reading[HistoryEntry] = Reading(documents, Entity.HISTORY, _body(HistoryEntry))
        self._visits: Reading[Visit] = Reading(documents, Entity.VISIT, _body(Visit))
        self._observations: Reading[ObservationState] = Reading(
            documents, Entity.OBSERVATION, _body(ObservationState)
        )
        self.templates = TemplateShelf(documents)
        """What the kinds ask, in every version that is needed here."""
        self._index = CustomerIndex()
        self._serials: SerialIndex | None = None
        self._serials_to_be: SerialIndex | None = None
        self._history_at = ByCustomer()
        self._observed_at = ByCustomer()
        self._promised: set[str] = set()
        self._is_indexed = {Entity.CUSTOMER: False, Entity.HISTORY: False, Entity.OBSERVATION: False}

    @classmethod
    async def open(cls, backing: Backing) -> Self:
        """Open the store of one user; nothing is read yet but where everything is. Raises NewerStore, StoreError."""
        reference = cls(await Documents.open(backing, name="reference", schema=SCHEMA, lazily=True))
        try:
            await reference.mend()
        except BaseException:
            await reference.close()
            raise
        return reference

    async def prepare(self) -> None:
        """Build the indexes in slices that leave the screen responsive; who asks earlier waits for them."""
        for entity, done in self._is_indexed.items():
            if done:
                continue
            for number, key in enumerate(tuple(self.documents.all(entity)), start=1):
                if self._is_indexed[entity]:
                    break
                self._index_one(entity, key)
                if number % _SLICE == 0:
                    await asyncio.sleep(0)
            self._is_indexed[entity] = True

    async def mend(self) -> int:
        """Throw away what cannot be read and have everything read anew; how many documents that concerns.

        What can be read stays until the reading is complete. Raises StoreError.
        """
        lost_mark = self.documents.get(_MARK, _MARK) is None  # looking at it is how damage of it is noticed
        damage = self.documents.damage
        if not damage:
            return 0
        before = self.mark
        generation = max(self._generations(), default=0) if lost_mark else before.generation
        mark = ReadingMark(
            generation=generation + 1,
            complete=before.complete or len(self._customers) > 0,
            anew_at=before.anew_at,
            swept=0,
        )

        def build() -> Iterable[Operation]:
            yield from (Remove(one.table, one.key) for one in damage if one.key and one.table in _TABLES)
            yield Put(_MARK, _MARK, mark.as_dict())

        await self.documents.change(build)
        await self.documents.clear_damage()
        return max(1, sum(one.count for one in damage))

    async def close(self) -> None:
        """Let go of the store."""
        await self.documents.close()

    # -- what screens ask --------------------------------------------------------------------------

    def search_customers(self, query: str, limit: int) -> list[Found]:
        """Customers whose name, city or number has words that begin like those of the query, best first."""
        self._complete(Entity.CUSTOMER)
        return self._index.search(query, limit)

    def count_customers(self) -> int:
        """How many customers are here."""
        return len(self._customers)

    async def prepare_serials(self) -> None:
        """Make the index of serial numbers in slices that leave the screen responsive; who asks earlier waits."""
        if self._serials is not None:
            return
        # What a pull changes meanwhile goes into it as well (`_follow`).
        index = self._serials_to_be = SerialIndex()
        for number, key in enumerate(tuple(self.documents.all(Entity.CUSTOMER)), start=1):
            document = self.documents.get(Entity.CUSTOMER, key)
            if document is not None:
                index.put(key, document["body"])
            if number % _SLICE == 0:
                await asyncio.sleep(0)
        self._serials = index

    @property
    def serials(self) -> SerialIndex:
        """Every machine by its serial number."""
        if self._serials is None:
            self._serials = SerialIndex()
            for key, document in self.documents.all(Entity.CUSTOMER).items():
                self._serials.put(key, document["body"])
        return self._serials

    def customer(self, customer_id: UUID) -> Customer | None:
        """One customer."""
        return self._customers.get(str(customer_id))

    def customer_name(self, customer_id: UUID | str) -> str:
        """The name of a customer without building the whole; "" if he is not here."""
        document = self.documents.get(Entity.CUSTOMER, str(customer_id))
        return str(document["body"].get("name", "")) if document else ""

    def history(self, customer_id: UUID) -> list[HistoryEntry]:
        """Past contacts with a customer, newest first."""
        self._complete(Entity.HISTORY)
        found = (self._history.get(key) for key in self._history_at.of(str(customer_id)))
        return sorted((entry for entry in found if entry), key=lambda entry: entry.at, reverse=True)

    def visits(self) -> list[Visit]:
        """All appointments, earliest first."""
        return sorted(self._visits, key=lambda visit: visit.starts_at)

    def observation(self, observation_id: UUID) -> ObservationState | None:
        """One observation as the server holds it."""
        return self._observations.get(str(observation_id))

    def observation_body(self, key: str) -> Json | None:
        """One observation as plain values; None if it is not here or has not the form of one."""
        document = self.documents.get(Entity.OBSERVATION, key)
        return document["body"] if document and _is_observation(document["body"]) else None

    def observation_bodies(self) -> Iterator[tuple[str, Json]]:
        """Every observation as plain values, for lists of thousands."""
        for key, document in self.documents.all(Entity.OBSERVATION).items():
            if _is_observation(document["body"]):
                yield key, document["body"]

    def observations_at(self, customer_id: UUID) -> AbstractSet[str]:
        """The keys of the observations at one customer."""
        self._complete(Entity.OBSERVATION)
        return self._observed_at.of(str(customer_id))

    def promised(self) -> AbstractSet[str]:
        """The keys of the observations whose next step the technician is to do himself, and has not done."""
        self._complete(Entity.OBSERVATION)
        return self._promised

    # -- what the pull does ------------------------------------------------------------------------

    @property
    def mark(self) -> ReadingMark:
        """How far this tablet has read."""
        document = self.documents.get(_MARK, _MARK)
        return ReadingMark.model_validate(document) if document else ReadingMark()

    async def apply(self, page: PullPage) -> None:
        """A page and its cursor in one commit; with the last page, what was not seen while reading anew goes."""
        operations: list[Operation] = []

        def build() -> Iterable[Operation]:
            operations[:] = self._operations(page)
            return operations

        await self.documents.change(build, lambda: self._follow(operations))

    async def begin_anew(self, at: datetime | None = None) -> None:
        """Read everything from the start at the next page; what is here stays readable until that is complete.

        Args:
            at: now, when drift is the reason.
        """

        def build() -> Iterable[Operation]:
            mark = self.mark
            fresh = ReadingMark(
                generation=mark.generation + 1,
                complete=mark.complete,
                anew_at=at or mark.anew_at,
                swept=mark.swept,
            )
            yield Put(_MARK, _MARK, fresh.as_dict())

        await self.documents.change(build)

    def drift(self, expected: Totals) -> Drift | None:
        """Whether what is here differs from what the server says must be here."""
        mark = self.mark
        held = Totals(count=mark.count, checksum=mark.checksum)
        return None if held == expected else Drift(held, expected)

    def _operations(self, page: PullPage) -> list[Operation]:
        mark = self.mark
        count, checksum = mark.count, mark.checksum
        # What the tablet will hold of this page: a thing may come twice in it.
        versions: dict[tuple[Entity, str], int | None] = {}
        operations: list[Operation] = []
        for item in page.items:
            key = (item.entity, str(item.id))
            held = versions[key] if key in versions else self._counted_version(*key, mark.generation)
            if held is not None:
                count, checksum = count - 1, checksum ^ fingerprint(item.entity, item.id, held)
            if item.body is None:
                versions[key] = None
                operations.append(Remove(*key))
                continue
            count, checksum = count + 1, checksum ^ fingerprint(item.entity, item.id, item.version)
            versions[key] = item.version
            document = {"version": item.version, "generation": mark.generation, "body": item.body}
            operations.append(Put(*key, document))
        if Entity.OBSERVATION in {item.entity for item in page.items}:
            operations += self.templates.wanting(
                named_in(item.body) for item in page.items if item.entity == Entity.OBSERVATION and item.body
            )
        if not page.more:
            operations += [Remove(*key) for key in self._older_than(mark) if key not in versions]
            mark = mark.model_copy(update={"swept": mark.generation})
        changes = {"cursor": page.cursor, "count": count, "checksum": checksum}
        mark = mark.model_copy(update={**changes, "complete": mark.complete or not page.more})
        return [*operations, Put(_MARK, _MARK, mark.as_dict())]

    def _counted_version(self, entity: Entity, key: str, generation: int) -> int | None:
        held = self.documents.get(entity, key)
        return int(held["version"]) if held and held["generation"] == generation else None

    def _older_than(self, mark: ReadingMark) -> Iterator[tuple[Entity, str]]:
        if mark.generation == mark.swept:
            return
        for entity in Entity:
            for key, document in self.documents.all(entity).items():
                if document["generation"] < mark.generation:
                    yield entity, key

    def _generations(self) -> Iterator[int]:
        for entity in Entity:
            for document in self.documents.all(entity).values():
                yield int(document["generation"])

    def _follow(self, operations: Iterable[Operation]) -> None:
        """Bring the indexes up to what is now shown."""
        for operation in operations:
            body = operation.document.get("body") if isinstance(operation, Put) else None
            if operation.table == Entity.CUSTOMER:
                for index in (self._index, self._serials, self._serials_to_be):
                    if index is not None and body is None:
                        index.remove(operation.key)
                    elif index is not None and body is not None:
                        index.put(operation.key, body)
            elif operation.table in self._is_indexed:
                self._place(Entity(operation.table), operation.key, body)

    def _complete(self, entity: Entity) -> None:
        """Index at once what `prepare` has not come to."""
        if not self._is_indexed[entity]:
            for key in self.documents.all(entity):
                self._index_one(entity, key)
            self._is_indexed[entity] = True

    def _index_one(self, entity: Entity, key: str) -> None:
        document = self.documents.get(entity, key)
        if document is None:
            return
        if entity == Entity.CUSTOMER:
            self._index.put(key, document["body"])
        else:
            self._place(entity, key, document["body"])

    def _place(self, entity: Entity, key: str, body: Json | None) -> None:
        if entity == Entity.HISTORY:
            self._history_at.place(key, str(body.get("customer_id")) if body is not None else None)
            return
        content = body["shown"]["content"] if body is not None and _is_observation(body) else None
        self._observed_at.place(key, str(content["customer_id"]) if content else None)
        step = content.get("next_step") if content else None
        self._promised.discard(key)
        if step and step.get("responsible") == Side.TECHNICIAN and body and not body.get("step_done_at"):
            self._promised.add(key)


def _body(model: type[_Model]) -> Callable[[Json], _Model]:
    return lambda document: model.model_validate(document["body"])


def _is_observation(body: Json) -> bool:
    """Whether lists can be made of it. One malformed document must not cost the person all the others."""
    shown = body.get("shown")
    if not isinstance(shown, dict) or "id" not in shown:
        return False
    content = shown.get("content")
    return isinstance(content, dict) and "customer_id" in content
