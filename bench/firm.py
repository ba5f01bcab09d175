"""A firm for the benches of the server: technicians with paired tablets, one customer, observations of 1 KB."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Connection, insert

from protocol.changes import ReviseObservation
from protocol.ids import new_id
from protocol.observation import Kind, ObservationContent
from protocol.pairing import Role
from protocol.rules.access import Who
from sync_server.crm import documents, pairing, users
from sync_server.crm.users import User
from sync_server.settings import Settings
from sync_server.store import Database, migrate
from sync_server.store import schema as t

TERRITORY = "sued"

_PROSE = """
Kompressor läuft seit Jahren ohne Wartung im Keller der zweiten Halle und verliert Druck an der Kupplung der
Betriebsleiter plant für das Frühjahr eine neue Anlage mit Wärmerückgewinnung größer als bisher neben dem Trockner
steht ein Gerät des Wettbewerbers das Typenschild ist verschmutzt Angebot bis Ende März gewünscht Rückfrage
an Frau Käsmayr Einkauf
"""


@dataclass(frozen=True)
class Carried:
    """A technician and the token of his tablet."""

    who: Who
    name: str
    token: str


@dataclass(frozen=True)
class BenchFirm:
    """The firm's store, closed: a server may be started on its folder."""

    settings: Settings
    customer_id: UUID
    tablets: Sequence[Carried]


def found(settings: Settings, tablets: int = 1) -> BenchFirm:
    """A fresh store, with one customer and this many technicians, each with a paired tablet."""
    settings.data.mkdir(parents=True, exist_ok=True)
    database = Database(settings.url)
    now = datetime.now(UTC)
    try:
        migrate(database)
        with database.writing() as connection:
            customer_id = new_id()
            row = {"id": customer_id, "number": "K1", "name": "Käsmayr", "folded_name": "kasmayr"}
            connection.execute(insert(t.customers), row | {"territory": TERRITORY, "changed_at": now})
            documents.publish_customers(connection, [customer_id], now)
            carried = []
            for number in range(tablets):
                user = _technician(connection, number, now)
                code = pairing.make_code(connection, user.id, now)
                paired = pairing.redeem(connection, code, f"Tablet {number}", now)
                carried.append(Carried(user.who, user.name, paired.token))
    finally:
        database.close()
    return BenchFirm(settings, customer_id, carried)


def observations(customer_id: UUID, count: int, seed: int = 1) -> list[ReviseObservation]:
    """New observations that make about 1 KB of JSON each, all different, the same ones for the same seed."""
    chance = random.Random(seed)
    now = datetime.now(UTC)
    return [
        ReviseObservation(
            id=new_id(),
            observation_id=new_id(),
            revision_id=new_id(),
            content=ObservationContent(
                kind=chance.choice(list(Kind)),
                customer_id=customer_id,
                observed_at=now,
                heard=_prose(chance, 280),
                seen=_prose(chance, 180),
                concluded=_prose(chance, 80),
            ),
            recorded_at=now,
        )
        for _ in range(count)
    ]


def _technician(connection: Connection, number: int, now: datetime) -> User:
    return users.create(
        connection,
        login=f"technician{number}",
        name=f"Technikerin {number}",
        role=Role.TECHNICIAN,
        territory=TERRITORY,
        now=now,
    )


def _prose(chance: random.Random, characters: int) -> str:
    known = _PROSE.split()
    words: list[str] = []
    length = 0
    while length < characters:
        words.append(chance.choice(known))
        length += len(words[-1]) + 1
    return " ".join(words).capitalize()
