"""What each kind asks and is called, edited by head of sales: every publishing is a new version, tablets get it by themselves."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from protocol.fields import clean_text
from protocol.first_template import first_template
from protocol.ids import new_id
from protocol.observation import Kind
from protocol.rules.kind_words import called, usual_words
from protocol.template import QuestionType, Template
from sync_server.crm import templates
from sync_server.crm.template_editing import (
    CannotPublish,
    EditedQuestion,
    EditedText,
    EditedWords,
    answers_text,
    preparation_text,
    where,
    with_kind_words,
    with_kinds,
    with_preparation,
    with_questions,
)
from sync_server.inbox import pages, publishing
from sync_server.inbox.addresses import read_id, read_number
from sync_server.inbox.calls import Call

_NEW = "new"
"""Stands for the id of a question in the row in which one can be added."""

_BLANK = EditedQuestion(None, QuestionType.SHORT_TEXT, "", "", None)


def question_page(call: Call) -> Response:
    """What a kind asks, and which kinds are offered."""
    with call.database.reading() as connection:
        base = templates.current(connection)
        kind = _kind(call.request.query_params.get("kind"), base)
        return _page(call, connection, base, kind, _rows_of(base, kind))


def publish_questions(call: Call) -> Response:
    """Publish another version in which one kind asks what was written."""
    rows = _rows_in(call)
    with call.database.writing() as connection:
        base = templates.current(connection)
        kind = _kind(call.form["kind"], base)
        if read_id(call.form["base"]) != base.id:
            return _page(call, connection, base, kind, rows, problem=publishing.overtaken(call), status=409)
        try:
            written = [row for row in rows if row.id is not None or row.de.strip()]
            next_version = with_questions(base, kind, written, template_id=new_id(), new_name=_new_name)
        except CannotPublish as fault:
            return _page(
                call, connection, base, kind, rows, problem=publishing.explained(call, fault), status=422
            )
        publishing.publish(call, connection, base, next_version)
    return RedirectResponse(f"/questions?kind={kind.value}&done=1", 303)


def publish_kinds(call: Call) -> Response:
    """Publish another version that offers other kinds, or the same in another order."""
    with call.database.writing() as connection:
        base = templates.current(connection)
        kind = _kind(call.form["kind"], base)
        rows = _rows_of(base, kind)
        if read_id(call.form["base"]) != base.id:
            return _page(call, connection, base, kind, rows, problem=publishing.overtaken(call), status=409)
        places = {each: read_number(call.form[f"place-{each.value}"]) for each in Kind}
        before = {asked.kind: place for place, asked in enumerate(base.kinds, start=1)}
        offered = sorted(
            (each for each in Kind if places[each] > 0),
            key=lambda each: where(places[each], before.get(each)),
        )
        try:
            known = (*templates.earlier(connection), first_template())
            next_version = with_kinds(base, offered, known, template_id=new_id())
        except CannotPublish as fault:
            return _page(
                call, connection, base, kind, rows, problem=publishing.explained(call, fault), status=422
            )
        publishing.publish(call, connection, base, next_version)
    return RedirectResponse(f"/questions?kind={offered[0].value}&done=1", 303)


def publish_words(call: Call) -> Response:
    """Publish another version in which a kind is called so and its fields ask this."""
    said = EditedWords(*(_text_in(call, field) for field in ("name", "heard", "seen")))
    with call.database.writing() as connection:
        base = templates.current(connection)
        kind = _kind(call.form["kind"], base)
        rows = _rows_of(base, kind)
        if read_id(call.form["base"]) != base.id:
            problem = publishing.overtaken(call)
            return _page(call, connection, base, kind, rows, said=said, problem=problem, status=409)
        try:
            next_version = with_kind_words(base, kind, said, template_id=new_id())
        except CannotPublish as fault:
            problem = publishing.explained(call, fault)
            return _page(call, connection, base, kind, rows, said=said, problem=problem, status=422)
        publishing.publish(call, connection, base, next_version)
    return RedirectResponse(f"/questions?kind={kind.value}&done=1", 303)


def publish_preparation(call: Call) -> Response:
    """Publish another version in which this is prepared before a visit."""
    written = clean_text(call.form["points"])
    with call.database.writing() as connection:
        base = templates.current(connection)
        kind = _kind(call.form["kind"], base)
        rows = _rows_of(base, kind)
        if read_id(call.form["base"]) != base.id:
            return _page(
                call,
                connection,
                base,
                kind,
                rows,
                points=written,
                problem=publishing.overtaken(call),
                status=409,
            )
        try:
            next_version = with_preparation(base, written, template_id=new_id(), new_name=_new_name)
        except CannotPublish as fault:
            problem = publishing.explained(call, fault)
            return _page(call, connection, base, kind, rows, points=written, problem=problem, status=422)
        publishing.publish(call, connection, base, next_version)
    return RedirectResponse(f"/questions?kind={kind.value}&done=1", 303)


def _page(
    call: Call,
    connection: Connection,
    base: Template,
    kind: Kind,
    rows: Sequence[EditedQuestion],
    *,
    points: str | None = None,
    said: EditedWords | None = None,
    problem: str = "",
    status: int = 200,
) -> Response:
    values: dict[str, Any] = {
        "kind": kind,
        "rows": [row for row in rows if row.id is not None],
        "new": next((row for row in rows if row.id is None), _BLANK),
        "offered": [asked.kind for asked in base.kinds],
        "kinds": list(Kind),
        "types": list(QuestionType),
        "said": said or _words_of(base, kind),
        "usual": usual_words()[kind],
        "points": preparation_text(base) if points is None else points,
        **publishing.page_values(call, connection, base, problem),
    }
    return pages.render(call, "questions.html", status=status, section="questions", **values)


def _kind(said: str | None, base: Template) -> Kind:
    offered = [asked.kind for asked in base.kinds]
    return Kind(said) if said in offered else offered[0]


def _words_of(base: Template, kind: Kind) -> EditedWords:
    words = called(base, kind)
    return EditedWords(*(EditedText(said.de, said.en) for said in (words.name, words.heard, words.seen)))


def _text_in(call: Call, field: str) -> EditedText:
    return EditedText(clean_text(call.form[f"{field}-de"]), clean_text(call.form[f"{field}-en"]))


def _rows_of(base: Template, kind: Kind) -> list[EditedQuestion]:
    return [
        EditedQuestion(
            question.id, question.type, question.words.de, question.words.en, place, answers_text(question)
        )
        for place, question in enumerate(base.questions_of(kind), start=1)
    ]


def _rows_in(call: Call) -> list[EditedQuestion]:
    """What was written, the row for a new question last."""
    form = call.form
    names = [field.removeprefix("de-") for field in form if field.startswith("de-")]
    rows = []
    for name in names:
        said = form[f"type-{name}"]
        place = read_number(form[f"place-{name}"])
        rows.append(
            EditedQuestion(
                None if name == _NEW else name,
                QuestionType(said) if said in set(QuestionType) else QuestionType.SHORT_TEXT,
                clean_text(form[f"de-{name}"]),
                clean_text(form[f"en-{name}"]),
                place if place > 0 else None,
                clean_text(form[f"answers-{name}"]),
            )
        )
    return rows


def _new_name() -> str:
    return f"q{new_id().hex[-16:]}"
