"""A small firm to test with: two territories, a few customers and people, and tablets that can be paired."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import insert
from starlette.applications import Starlette

from protocol.changes import AddComment, MarkTask, PushAnswer, ReviseObservation
from protocol.ids import new_id
from protocol.observation import Kind, ObservationContent, Photo
from protocol.pairing import PairAnswer, Role
from protocol.reading import Item, PullPage
from protocol.reference import Entity, ObservationState
from protocol.rules.checksum import fingerprint
from protocol.rules.search import fold
from sync_server.crm import documents, pairing, users
from sync_server.crm.users import User
from sync_server.store import Database
from sync_server.store import schema as t
from tests.server.calling import Caller

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
SOUTH, NORTH = "sued", "nord"


@dataclass
class Firm:
    """The firm's server and who works there."""

    app: Starlette
    http: Caller
    anna: User
    jan: User
    nora: User
    brandl: UUID
    werft: UUID

    @property
    def database(self) -> Database:
        """Its store."""
        database: Database = self.app.state.database
        return database

    def pair(self, user: User) -> "Tablet":
        """A tablet that has just been paired with this user."""
        with self.database.writing() as connection:
            code = pairing.make_code(connection, user.id, datetime.now(UTC))
        answer = self.http.post("/sync/v1/pair", json={"code": code, "device_name": f"Tablet {user.login}"})
        assert answer.status_code == 200, answer.text
        return Tablet(self.http, PairAnswer.model_validate_json(answer.content), self)


class Tablet:
    """What a tablet does: push, pull, and keep what it has read."""

    def __init__(self, http: Caller, paired: PairAnswer, firm: Firm) -> None:
        self.http = http
        self.paired = paired
        self.firm = firm
        self.cursor: str | None = None
        self.held: dict[tuple[Entity, UUID], Item] = {}
        self.headers = {"Authorization": f"Bearer {paired.token}"}

    def observe(self, heard: str = "Zweite Halle ist geplant", **fields: Any) -> ReviseObservation:
        """A new observation that is not pushed yet."""
        content: dict[str, Any] = {
            "kind": Kind.PLAN,
            "customer_id": self.firm.brandl,
            "observed_at": NOW,
            "heard": heard,
        }
        return ReviseObservation(
            id=new_id(),
            observation_id=new_id(),
            revision_id=new_id(),
            content=ObservationContent(**(content | fields)),
            recorded_at=NOW,
        )

    def revise(
        self, observation: ReviseObservation, heard: str, based_on: UUID | None = None
    ) -> ReviseObservation:
        """The next revision of an observation."""
        return ReviseObservation(
            id=new_id(),
            observation_id=observation.observation_id,
            revision_id=new_id(),
            based_on=based_on or observation.revision_id,
            content=observation.content.model_copy(update={"heard": heard}),
            recorded_at=NOW,
        )

    def comment(self, observation: ReviseObservation, text: str) -> AddComment:
        """Words for the thread of an observation."""
        return AddComment(
            id=new_id(),
            observation_id=observation.observation_id,
            comment_id=new_id(),
            text=text,
            recorded_at=NOW,
        )

    def mark(self, observation: ReviseObservation, *, done: bool = True, text: str | None = None) -> MarkTask:
        """Its next step is done, or open after all."""
        step = observation.content.next_step
        named = text or (step.text if step else "-")
        return MarkTask(
            id=new_id(), observation_id=observation.observation_id, text=named, done=done, recorded_at=NOW
        )

    def body(self, *changes: Any, **fields: Any) -> dict[str, Any]:
        """The body of a push; changes may be documents or anything else."""
        sent = [change.as_dict() if hasattr(change, "as_dict") else change for change in changes]
        return {"protocol": 1, "sent_at": datetime.now(UTC).isoformat(), "changes": sent} | fields

    def send(self, *changes: Any, **fields: Any) -> httpx.Response:
        """The raw answer to a push."""
        return self.http.post("/sync/v1/push", json=self.body(*changes, **fields), headers=self.headers)

    def push(self, *changes: Any) -> PushAnswer:
        """The receipts of a push that was taken."""
        answer = self.send(*changes)
        assert answer.status_code == 200, answer.text
        return PushAnswer.model_validate_json(answer.content)

    def ask_page(self, limit: int | None = None, **parameters: Any) -> httpx.Response:
        """The raw answer to a pull from where this tablet is."""
        query = {"cursor": self.cursor, "limit": limit, **parameters}
        return self.http.get(
            "/sync/v1/pull",
            params={name: value for name, value in query.items() if value is not None},
            headers=self.headers,
        )

    def pull_page(self, limit: int | None = None) -> PullPage:
        """Read one page and keep it."""
        answer = self.ask_page(limit)
        assert answer.status_code == 200, answer.text
        page = PullPage.model_validate_json(answer.content)
        for item in page.items:
            if item.body is None:
                self.held.pop((item.entity, item.id), None)
            else:
                self.held[item.entity, item.id] = item
        self.cursor = page.cursor
        return page

    def pull(self, limit: int | None = None) -> PullPage:
        """Read to the end; the last page."""
        page = self.pull_page(limit)
        while page.more:
            page = self.pull_page(limit)
        return page

    def checksum(self) -> int:
        """The checksum of what this tablet holds."""
        combined = 0
        for item in self.held.values():
            combined ^= fingerprint(item.entity, item.id, item.version)
        return combined

    def observation(self, change: ReviseObservation) -> ObservationState:
        """What this tablet has read about an observation."""
        return ObservationState.model_validate(self.held[Entity.OBSERVATION, change.observation_id].body)


def found(app: Starlette, http: Caller) -> Firm:
    """Fill an empty store with the firm."""
    database: Database = app.state.database
    with database.writing() as connection:

        def employ(login: str, name: str, role: Role, territory: str | None) -> User:
            return users.create(connection, login=login, name=name, role=role, territory=territory, now=NOW)

        anna = employ("anna", "Anna Wieland", Role.TECHNICIAN, SOUTH)
        jan = employ("jan", "Jan Petersen", Role.TECHNICIAN, NORTH)
        nora = employ("nora", "Nora Kern", Role.INSIDE_SALES, None)
        brandl, werft = new_id(), new_id()
        for number, (key, name, territory) in enumerate(
            [(brandl, "Brändle Maschinenbau", SOUTH), (werft, "Werft Nord", NORTH)]
        ):
            connection.execute(
                insert(t.customers),
                {
                    "id": key,
                    "number": f"K{number}",
                    "name": name,
                    "folded_name": fold(name),
                    "customer_class": "A",
                    "territory": territory,
                    "changed_at": NOW,
                },
            )
        documents.publish_customers(connection, [brandl, werft], NOW)
    return Firm(app, http, anna, jan, nora, brandl, werft)


def photo_of(sha256: str, size: int = 1000, caption: str = "") -> Photo:
    """A photo that an observation can name."""
    return Photo(id=new_id(), sha256=sha256, size=size, media_type="image/jpeg", caption=caption)
