"""From a draft to an observation: what is wrong with it, in terms of its fields, or the content that travels. Pure."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from pydantic import ValidationError

from app.state.answering import (
    answers_of,
    answers_to_send,
    clean_answers,
    field_of,
    given_answers,
    signatures_to_send,
)
from app.state.errors import DraftFault, DraftProblem, InvalidDraft
from app.state.views import Draft
from protocol.fields import clean_text
from protocol.limits import EARLIEST_DATE, LATEST_DATE, MAX_PHOTOS, MAX_SHORT_TEXT, MAX_TEXT, MAX_VOICE_NOTES
from protocol.observation import Flag, NextStep, ObservationContent
from protocol.template import Template

_TEXTS = {"heard": MAX_TEXT, "seen": MAX_TEXT, "concluded": MAX_TEXT}
_LINES = {"next_step": MAX_SHORT_TEXT, "flag_purpose": MAX_SHORT_TEXT}
_T = TypeVar("_T")
_DATES = ("next_step_due", "flag_expires_on", "observed_at")


def clean(draft: Draft) -> Draft:
    """The draft without control characters: what was pasted from a PDF must not make the server refuse it."""
    texts: dict[str, Any] = {name: clean_text(getattr(draft, name)) for name in (*_TEXTS, *_LINES)}
    return replace(draft, answers=clean_answers(draft.answers), **texts)


def content_of(draft: Draft, template: Template) -> ObservationContent:
    """The content of the observation that this draft becomes.

    Args:
        template: the one with which the draft was begun.

    Raises:
        InvalidDraft: with everything that is wrong, not only the first thing.
    """
    draft = clean(draft)
    found = (
        *_missing(draft, template),
        *_unfinished(draft, template),
        *_too_long(draft, template),
        *_implausible(draft),
    )
    if found:
        raise InvalidDraft(found)
    try:
        return ObservationContent(
            kind=_given(draft.kind),
            customer_id=_given(draft.customer_id),
            site_id=draft.site_id,
            asset_id=draft.asset_id,
            contact_id=draft.contact_id,
            visit_id=draft.visit_id,
            observed_at=draft.observed_at,
            heard=draft.heard.strip(),
            seen=draft.seen.strip(),
            concluded=draft.concluded.strip(),
            next_step=_next_step(draft),
            urgency=draft.urgency,
            flag=_flag(draft),
            photos=draft.photos,
            voice=draft.voice or None,
            signatures=signatures_to_send(draft, template),
            answers=answers_to_send(draft, template),
        )
    except ValidationError as failure:
        fields = dict.fromkeys(str(error["loc"][0]) if error["loc"] else "" for error in failure.errors())
        raise InvalidDraft(tuple(DraftProblem(name, DraftFault.INVALID) for name in fields)) from failure


def draft_of(
    observation_id: UUID, content: ObservationContent, *, based_on: UUID | None, updated_at: datetime
) -> Draft:
    """The draft from which a person corrects an observation."""
    step, flag = content.next_step, content.flag
    draft = Draft(
        id=observation_id,
        observed_at=content.observed_at,
        updated_at=updated_at,
        based_on=based_on,
        kind=content.kind,
        customer_id=content.customer_id,
        site_id=content.site_id,
        asset_id=content.asset_id,
        contact_id=content.contact_id,
        visit_id=content.visit_id,
        heard=content.heard,
        seen=content.seen,
        concluded=content.concluded,
        urgency=content.urgency,
        photos=content.photos,
        voice=content.voices,
        signatures=content.signed,
        template=content.answers.template if content.answers else None,
        answers=answers_of(content),
    )
    if step is not None:
        draft = replace(draft, next_step=step.text, next_step_by=step.responsible, next_step_due=step.due_on)
    if flag is not None:
        draft = replace(
            draft, flag_kind=flag.kind, flag_purpose=flag.purpose, flag_expires_on=flag.expires_on
        )
    return draft


def _missing(draft: Draft, template: Template) -> list[DraftProblem]:
    found = [name for name in ("kind", "customer_id") if getattr(draft, name) is None]
    if draft.flag_kind is not None and not draft.flag_purpose.strip():
        found.append("flag_purpose")  # without a purpose it may not be held (Art. 5(1)(b) GDPR)
    if draft.next_step_due is not None and not draft.next_step.strip():
        found.append("next_step")
    problems = [DraftProblem(name, DraftFault.MISSING) for name in found]
    written = any(getattr(draft, name).strip() for name in (*_TEXTS, "next_step"))
    # A signature is there when it answers something that this kind asks.
    if not written and not (draft.photos or draft.voice or given_answers(draft, template)):
        problems.append(DraftProblem("", DraftFault.EMPTY))
    return problems


def _unfinished(draft: Draft, template: Template) -> list[DraftProblem]:
    """Somebody has written his name and nobody has touched "done": that must not be left out in silence."""
    asked = {question.id for question in template.questions_of(draft.kind)}
    return [
        DraftProblem(field_of(begun.question), DraftFault.UNFINISHED)
        for begun in draft.signing
        if begun.strokes and begun.question in asked
    ]


def _too_long(draft: Draft, template: Template) -> list[DraftProblem]:
    found = []
    for answer in given_answers(draft, template):
        count = len(answer.value)
        if count > MAX_SHORT_TEXT:
            name = field_of(answer.question)
            found.append(DraftProblem(name, DraftFault.TOO_LONG, count=count, limit=MAX_SHORT_TEXT))
    for name, limit in {**_TEXTS, **_LINES}.items():
        count = len(getattr(draft, name).strip())
        if count > limit:
            found.append(DraftProblem(name, DraftFault.TOO_LONG, count=count, limit=limit))
    if len(draft.photos) > MAX_PHOTOS:
        found.append(DraftProblem("photos", DraftFault.TOO_MANY, count=len(draft.photos), limit=MAX_PHOTOS))
    if len(draft.voice) > MAX_VOICE_NOTES:
        found.append(
            DraftProblem("voice", DraftFault.TOO_MANY, count=len(draft.voice), limit=MAX_VOICE_NOTES)
        )
    return found


def _implausible(draft: Draft) -> list[DraftProblem]:
    return [
        DraftProblem(name, DraftFault.IMPLAUSIBLE_DATE)
        for name in _DATES
        if not _is_plausible(getattr(draft, name))
    ]


def _is_plausible(value: date | None) -> bool:
    day = value.date() if isinstance(value, datetime) else value
    return day is None or EARLIEST_DATE <= day <= LATEST_DATE


def _next_step(draft: Draft) -> NextStep | None:
    text = draft.next_step.strip()
    return NextStep(text=text, responsible=draft.next_step_by, due_on=draft.next_step_due) if text else None


def _flag(draft: Draft) -> Flag | None:
    if draft.flag_kind is None:
        return None
    return Flag(kind=draft.flag_kind, purpose=draft.flag_purpose.strip(), expires_on=draft.flag_expires_on)


def _given(value: _T | None) -> _T:
    if value is None:
        raise InvalidDraft((DraftProblem("", DraftFault.MISSING),))
    return value
