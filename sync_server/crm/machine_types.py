"""Which types of machines are installed, and which of them the firm has said how long they last."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from protocol.rules.machine_life import life_of
from protocol.template import MachineLife
from sync_server.store import schema as t


class MachineType(NamedTuple):
    """A type and how many of it are installed."""

    maker: str
    model: str
    ours: bool
    machines: int


@dataclass(frozen=True)
class Coverage:
    """What the lines of the firm reach.

    Attributes:
        reached: with each line, for how many installed machines it is the one that counts.
        unsaid: our types of which nothing is said, the most frequent first.
    """

    reached: tuple[tuple[MachineLife, int], ...]
    unsaid: tuple[MachineType, ...]


def installed(connection: Connection) -> list[MachineType]:
    """The types of all machines that have no figure of their own."""
    machines = t.assets.c
    type_ = (machines.maker, machines.model, machines.ours)
    rows = connection.execute(
        select(*type_, func.count().label("machines"))
        .where(machines.expected_life.is_(None))
        .group_by(*type_)
        .order_by(func.count().desc(), machines.maker, machines.model)
    )
    return [MachineType(row.maker, row.model, row.ours, row.machines) for row in rows]


def coverage(types: Iterable[MachineType], lives: tuple[MachineLife, ...]) -> Coverage:
    """What the lines of the firm reach. Pure."""
    reached: Counter[MachineLife] = Counter()
    unsaid = []
    for one in types:
        life = life_of(one.maker, one.model, lives)
        if life is not None:
            reached[life] += one.machines
        elif one.ours:
            unsaid.append(one)
    return Coverage(tuple((life, reached[life]) for life in lives), tuple(unsaid))
