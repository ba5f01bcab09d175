"""What plain values say of one observation: the server's document, the outbox's newest revision, the draft.

Lists of thousands are made from plain values, because building models would keep the screen waiting.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple
from uuid import UUID

from app.state.views import Draft
from app.store.documents import Json
from app.store.outbox import EntryState, OutboxEntry
from protocol.observation import Kind, Side, Urgency
from protocol.review import LeadState, RejectionReason
from protocol.rules.steps import Step

NEWS = frozenset(LeadState) - {LeadState.NEW, LeadState.IN_REVIEW}
"""States that tell the technician something."""

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Asked(NamedTuple):
    """What sales wants to know, who asked, and when."""

    text: str
    by_name: str
    at: datetime


def title(content: Json) -> str:
    """The same as `ObservationContent.title`, from plain values."""
    written = (str(content.get(name, "")).strip() for name in ("heard", "seen", "concluded"))
    text = "\n".join(part for part in written if part)
    source = text or str((content.get("next_step") or {}).get("text", "")) or _answers_text(content)
    return source.split("\n", 1)[0].strip()


def _answers_text(content: Json) -> str:
    given = (content.get("answers") or {}).get("given", ())
    return " · ".join(str(answer.get("said") or answer.get("value", "")) for answer in given)


def newest_local(entries: Sequence[OutboxEntry], body: Json | None) -> OutboxEntry | None:
    """The last revision that was saved here, unless what the server shows includes it."""
    last = next((entry for entry in reversed(entries) if entry.revision), None)
    return None if last is None or includes(body, last) else last


def includes(body: Json | None, entry: OutboxEntry) -> bool:
    """Whether the server's view was made with this revision in it."""
    if body is None or entry.revision is None:
        return False
    tips = (body["shown"], *body.get("siblings", ()))
    if str(entry.revision.revision_id) in {
        tip[name] for tip in tips for name in ("id", "based_on") if name in tip
    }:
        return True
    # Neither shown nor beside it, yet confirmed before what is shown arrived: an ancestor of that.
    if entry.received_at is None:
        return False
    return moment(body["shown"].get("received_at")) >= (entry.known_since or entry.received_at)


def content_of(local: OutboxEntry | None, body: Json | None) -> Json | None:
    """The newest content: what was saved here last, else what the server shows."""
    if local is not None and local.revision is not None:
        return local.revision.content.as_dict()
    if body is None:
        return None
    shown: Json = body["shown"]["content"]
    return shown


def recorded_at_of(local: OutboxEntry | None, body: Json | None) -> datetime | None:
    """When that content was recorded, by the tablet's clock."""
    if local is not None:
        return local.change.recorded_at
    return moment(body["shown"].get("recorded_at")) if body else None


def told_at(body: Json | None) -> datetime:
    """When the server last had something to tell: a decision, a contribution, the receipt."""
    if body is None:
        return LONG_AGO
    comments = body.get("comments", ())
    said = [
        body.get("received_at"),
        body.get("review", {}).get("changed_at"),
        *(c.get("at") for c in comments[-1:]),
    ]
    return max(moment(text) for text in said)


def news_mark(body: Json, me: str) -> str:
    """State and last contribution of somebody else; "" as long as there are neither."""
    state = state_of(body)
    others = [comment["id"] for comment in body.get("comments", ()) if comment.get("author_id") != me]
    if state not in NEWS and not others:
        return ""
    return f"{state or ''} {body.get('review', {}).get('changed_at', '')} {others[-1] if others else ''}"


def question_of(body: Json | None) -> Asked | None:
    """The last thing that sales has said in the thread."""
    asked = [c for c in (body or {}).get("comments", ()) if not c.get("by_technician")]
    if not asked:
        return None
    return Asked(str(asked[-1]["text"]), str(asked[-1]["author_name"]), moment(asked[-1].get("at")))


def state_of(body: Json | None) -> LeadState | None:
    """How it stands with sales; None while the server tells nothing."""
    if body is None:
        return None
    try:
        return LeadState(body.get("review", {}).get("state", LeadState.NEW))
    except ValueError:
        return LeadState.IN_REVIEW  # a state that only a newer server knows: it is with sales


def reason_of(review: Json) -> RejectionReason | None:
    """Why sales rejected it; a reason that only a newer server knows is another one."""
    found = review.get("reason")
    if found is None:
        return None
    return RejectionReason(found) if found in set(RejectionReason) else RejectionReason.OTHER


def kind_of(content: Json | None, draft: Draft | None) -> Kind | None:
    """What sort of observation it is."""
    if content is None:
        return draft.kind if draft else None
    found = content.get("kind")
    return Kind(found) if found in set(Kind) else Kind.NOTE


def is_urgent(content: Json | None, draft: Draft | None) -> bool:
    """Whether somebody must look fast."""
    urgency = content.get("urgency") if content else (draft.urgency if draft else None)
    return urgency == Urgency.URGENT


def draft_title(draft: Draft | None) -> str:
    """The first line of a draft."""
    if draft is None:
        return ""
    return title(
        {
            "heard": draft.heard,
            "seen": draft.seen,
            "concluded": draft.concluded,
            "next_step": {"text": draft.next_step},
            "answers": {"given": [{"said": answer.said, "value": answer.value} for answer in draft.answers]},
        }
    )


def customer_id_of(content: Json | None, draft: Draft | None) -> UUID | None:
    """At which customer."""
    if content is None:
        return draft.customer_id if draft else None
    return UUID(str(content["customer_id"]))


def moment(text: str | None) -> datetime:
    """A moment as it travels; long ago where there is none."""
    return datetime.fromisoformat(text) if text else LONG_AGO


def step_of(
    key: str, content: Json | None, body: Json | None, said_at: datetime, entries: Iterable[OutboxEntry] = ()
) -> Step | None:
    """The next step that an observation of the reader names; None if it names none.

    Args:
        entries: what was saved here about the observation: whether the step is done is told from it first.
    """
    named = (content or {}).get("next_step")
    customer_id = customer_id_of(content, None)
    if not named or customer_id is None:
        return None
    text, due_on, done_at = str(named.get("text", "")), named.get("due_on"), (body or {}).get("step_done_at")
    shown = _text_in(body) == text  # the server's word is about the step that it shows
    told = moment(done_at) if done_at and shown else None
    marked = newest_mark(entries, text)
    responsible = named.get("responsible", Side.INSIDE_SALES)
    return Step(
        observation_id=UUID(key),
        customer_id=customer_id,
        text=text,
        # A side that only a newer server knows is somebody of the company's.
        responsible=Side(responsible) if responsible in set(Side) else Side.INSIDE_SALES,
        due_on=date.fromisoformat(due_on) if due_on else None,
        said_at=said_at,
        state=state_of(body) or LeadState.NEW,
        done_at=told if marked is None or _is_told(marked, body) else _done_at(marked),
    )


def newest_mark(entries: Iterable[OutboxEntry], text: str) -> OutboxEntry | None:
    """What was said last, here, of a step with this text."""
    marks = [e for e in entries if e.mark and e.mark.text == text and e.state != EntryState.REFUSED]
    return marks[-1] if marks else None


def _is_told(marked: OutboxEntry, body: Json | None) -> bool:
    """Whether what the server tells was made with this mark in it, or with a later one from another tablet."""
    heard = (body or {}).get("step_marked_at")
    since = marked.known_since or marked.received_at
    return heard is not None and since is not None and moment(heard) >= since


def _done_at(marked: OutboxEntry) -> datetime | None:
    return marked.change.recorded_at if marked.mark and marked.mark.done else None


def _text_in(body: Json | None) -> str | None:
    if body is None:
        return None
    named = body["shown"]["content"].get("next_step") or {}
    return str(named.get("text", ""))
