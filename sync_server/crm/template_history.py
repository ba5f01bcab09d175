"""The firm's versions of the template: who made which when, and what it changed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, select

from protocol.first_template import first_template
from protocol.observation import Kind
from protocol.rules.kind_words import called
from protocol.rules.preparation import points_of
from protocol.template import Template
from sync_server.crm import templates
from sync_server.store import schema as t


class Part(StrEnum):
    """What of a template a version may change."""

    QUESTIONS = "questions"
    WORDS = "words"
    KINDS = "kinds"
    PREPARATION = "preparation"
    LIVES = "lives"


@dataclass(frozen=True)
class Changed:
    """One thing that a version changed; `kind` where it belongs to one."""

    part: Part
    kind: Kind | None = None


@dataclass(frozen=True)
class Version:
    """One version of the firm's.

    Attributes:
        changes: against the one before it; what a version changed and another changed back stands in both.
    """

    number: int
    published_at: datetime
    author_name: str
    changes: tuple[Changed, ...]


def newest(connection: Connection, *, limit: int) -> list[Version]:
    """The newest versions, the last first."""
    table = t.templates
    rows = connection.execute(
        select(table.c.id, table.c.number, table.c.published_at, t.users.c.name)
        .join(t.users, t.users.c.id == table.c.author_id)
        .order_by(table.c.number.desc())
        .limit(limit + 1)
    ).all()
    contents = [templates.find(connection, row.id) or first_template() for row in rows]
    before = [*contents[1:], first_template()]
    return [
        Version(row.number, row.published_at, row.name, changes(older, newer))
        for row, newer, older in zip(rows[:limit], contents, before, strict=False)
    ]


def changes(before: Template, after: Template) -> tuple[Changed, ...]:
    """What is different in a later version. Pure."""
    found = []
    if [asked.kind for asked in before.kinds] != [asked.kind for asked in after.kinds]:
        found.append(Changed(Part.KINDS))
    both = [asked.kind for asked in after.kinds if any(asked.kind is one.kind for one in before.kinds)]
    found += [
        Changed(Part.QUESTIONS, kind)
        for kind in both
        if before.questions_of(kind) != after.questions_of(kind)
    ]
    found += [Changed(Part.WORDS, kind) for kind in Kind if called(before, kind) != called(after, kind)]
    if points_of(before) != points_of(after):
        found.append(Changed(Part.PREPARATION))
    if (before.lives or ()) != (after.lives or ()):
        found.append(Changed(Part.LIVES))
    return tuple(found)
