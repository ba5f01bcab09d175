"""The versions of the template: which is asked now, which an observation answers, publishing another one."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from sqlalchemy import Connection, func, insert, select

from protocol.first_template import FIRST_TEMPLATE, brought_along, first_template
from protocol.template import Question, Template
from sync_server.store import schema as t

_LOOKED_BACK = 50


@lru_cache(maxsize=2 * _LOOKED_BACK)
def _read(content: str) -> Template:
    """A version never changes, and every page of the inbox wants the words of the newest."""
    return Template.model_validate_json(content)


def current_id(connection: Connection) -> UUID:
    """The version that is asked now: the firm's newest, else the product's own."""
    newest = select(t.templates.c.id).order_by(t.templates.c.number.desc()).limit(1)
    return connection.execute(newest).scalar() or FIRST_TEMPLATE


def current(connection: Connection) -> Template:
    """The template that is asked now."""
    found = find(connection, current_id(connection))
    return first_template() if found is None else found


def find(connection: Connection, template_id: UUID) -> Template | None:
    """One version; None if it is not known here (a restored backup may lack what was published since)."""
    own = brought_along(template_id)
    if own is not None:
        return own
    content = connection.execute(
        select(t.templates.c.content).where(t.templates.c.id == template_id)
    ).scalar()
    return None if content is None else _read(content)


def number_of(connection: Connection, template_id: UUID) -> int:
    """Which of the firm's versions this is, counted from 1; 0 for the product's own."""
    statement = select(t.templates.c.number).where(t.templates.c.id == template_id)
    return connection.execute(statement).scalar() or 0


def earlier(connection: Connection) -> list[Template]:
    """The firm's versions, the newest first; only the last of very many."""
    newest = select(t.templates.c.content).order_by(t.templates.c.number.desc()).limit(_LOOKED_BACK)
    return [_read(content) for content in connection.execute(newest).scalars()]


def publish(connection: Connection, template: Template, author_id: UUID, now: datetime) -> None:
    """Ask this version from now on. Tablets get it at their next contact; begun drafts keep theirs."""
    last = connection.execute(select(func.max(t.templates.c.number))).scalar() or 0
    connection.execute(
        insert(t.templates).values(
            id=template.id,
            number=last + 1,
            content=template.as_json(),
            author_id=author_id,
            published_at=now,
        )
    )


class Asked:
    """The questions of some versions, to put beside answers.

    A question is looked up in the answers' own version; where that is not known here, in what is asked now and in what
    the product brings along, because a question keeps its id whatever becomes of its words.
    """

    def __init__(self, connection: Connection, wanted: Iterable[UUID]) -> None:
        found = {template_id: find(connection, template_id) for template_id in set(wanted)}
        self._versions = {key: template for key, template in found.items() if template is not None}
        self._others = (current(connection), first_template()) if found else ()

    def question(self, template_id: UUID, question_id: str) -> Question | None:
        """The question; None if no version that is known here asks it."""
        versions = (self._versions.get(template_id), *self._others)
        asked = (version.question(question_id) for version in versions if version is not None)
        return next((question for question in asked if question is not None), None)
