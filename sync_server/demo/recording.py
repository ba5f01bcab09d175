"""From what was told to what the store holds: revisions, flags, tasks, photos, as if tablets had pushed them."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from protocol.changes import ReviseObservation
from protocol.observation import ObservationContent, Photo
from protocol.rules.access import Who
from protocol.rules.revisions import Node, tips, winner
from sync_server.crm import arrivals, revising
from sync_server.crm.known import Sender
from sync_server.demo.answered import answers_of
from sync_server.demo.chance import Chance
from sync_server.demo.customers import Account
from sync_server.demo.life import LeadLife
from sync_server.demo.staff import Colleague
from sync_server.demo.telling import Told
from sync_server.demo.texts.outcomes import CORRECTIONS, SECOND_OPINIONS
from sync_server.demo.words import fill

Row = dict[str, Any]


@dataclass
class Story:
    """One observation from the moment it was made."""

    id: UUID
    author: Colleague
    account: Account
    told: Told
    observed_at: datetime
    received_at: datetime
    visit_id: UUID | None
    life: LeadLife
    photos: tuple[Photo, ...] = ()
    revisions: list[tuple[ReviseObservation, datetime]] = field(default_factory=list)
    """Each with the moment in which it was received."""


def begin(
    chance: Chance,
    author: Colleague,
    account: Account,
    told: Told,
    *,
    observed_at: datetime,
    received_at: datetime,
    visit_id: UUID | None,
) -> Story:
    """A story whose lead has just arrived."""
    observation_id = chance.id_at(observed_at)
    life = LeadLife(chance, chance.id_at(received_at), observation_id, received_at)
    life.events.append(
        {
            "lead_id": life.lead_id,
            "actor_id": author.id,
            "at": received_at,
            "action": arrivals.RECEIVED,
            "state_before": None,
            "state_after": life.state.value,
            "detail": None,
        }
    )
    return Story(observation_id, author, account, told, observed_at, received_at, visit_id, life)


def write_revisions(chance: Chance, story: Story, end: datetime, *, conflict: bool) -> None:
    """The first revision, now and then a correction, and for a conflict a second one made elsewhere."""
    recorded = min(story.observed_at + timedelta(minutes=chance.number(1, 9)), story.received_at)
    first = _change(chance, story, story.told, None, recorded)
    story.revisions.append((first, story.received_at))
    told = story.told
    if told.situation is None or (not conflict and not chance.happens(0.09)):
        return
    later = story.received_at + timedelta(minutes=chance.number(6, 160))
    if later >= end:
        return
    corrected = _corrected(chance, told, CORRECTIONS)
    story.revisions.append((_change(chance, story, corrected, first.revision_id, later), later))
    base, text = (first, told) if conflict else (story.revisions[-1][0], corrected)
    even_later = later + timedelta(minutes=chance.number(10, 90))
    if even_later < end and (conflict or chance.happens(0.2)):
        again = _corrected(chance, text, SECOND_OPINIONS if conflict else CORRECTIONS)
        change = _change(chance, story, again, base.revision_id, even_later)
        story.revisions.append((change, even_later))


def rows_of(story: Story) -> dict[str, list[Row]]:
    """All rows of one story, by table."""
    sender = Sender(
        Who(story.author.id, story.author.role, story.author.territory), story.author.name, story.id
    )
    nodes = [Node(change.revision_id, change.based_on) for change, _ in story.revisions]
    shown_id, open_ends = winner(nodes), tips(nodes)
    shown = next(change for change, _ in story.revisions if change.revision_id == shown_id)
    lead = story.life.row
    tasks = [row | {"done_at": _done_at(story)} for row in arrivals.task_rows(shown, sender.who)]
    return {
        "leads": [lead],
        "observations": [
            {
                "id": story.id,
                "lead_id": lead["id"],
                "author_id": story.author.id,
                "shown_revision_id": shown_id,
                "revision_count": len(nodes),
                "has_conflict": len(open_ends) > 1,
                "received_at": story.received_at,
                **arrivals.shown_columns(shown.content),
            }
        ],
        "revisions": [
            arrivals.revision_row(change, change.content.as_json(), sender, received)
            | {"device_id": None, "conflict": len(open_ends) > 1 and index == len(nodes) - 1}
            for index, (change, received) in enumerate(story.revisions)
        ],
        "flags": arrivals.flag_rows(shown),
        "tasks": tasks,
        "photos": arrivals.media_rows(story.revisions[0][0]),
        "comments": story.life.comments,
        "lead_events": _events(story),
        "follow_ups": story.life.follow_ups,
    }


def _events(story: Story) -> list[Row]:
    state = story.life.events[0]["state_after"]
    revised = [
        {
            "lead_id": story.life.lead_id,
            "actor_id": story.author.id,
            "at": received,
            "action": revising.REVISED,
            "state_before": state,
            "state_after": state,
            "detail": None,
        }
        for _, received in story.revisions[1:]
    ]
    events = sorted(story.life.events + revised, key=lambda event: event["at"])
    for event in events:
        if event["action"] == revising.REVISED:
            event["state_before"] = event["state_after"] = state
        state = event["state_after"]
    return events


def _done_at(story: Story) -> datetime | None:
    lead = story.life.row
    return (
        lead["decided_at"] if story.life.state.value in ("won", "lost", "handed_over", "rejected") else None
    )


def _change(
    chance: Chance, story: Story, told: Told, based_on: UUID | None, recorded_at: datetime
) -> ReviseObservation:
    content = ObservationContent(
        kind=told.kind,
        customer_id=story.account.id,
        site_id=told.place.id,
        asset_id=told.asset.id if told.asset else None,
        contact_id=told.contact.id if told.contact else None,
        visit_id=story.visit_id,
        observed_at=story.observed_at,
        heard=told.heard,
        seen=told.seen,
        concluded=told.concluded,
        next_step=told.step,
        urgency=told.urgency,
        flag=told.flag,
        photos=story.photos,
        answers=answers_of(told, story.id, story.observed_at.year),
    )
    return ReviseObservation(
        id=chance.id_at(recorded_at),
        observation_id=story.id,
        revision_id=chance.id_at(recorded_at),
        based_on=based_on,
        content=content,
        recorded_at=recorded_at,
    )


def _corrected(chance: Chance, told: Told, lines: tuple[str, ...]) -> Told:
    line = fill(chance.pick(lines), told.words)
    if told.concluded or not told.heard:
        return replace(told, concluded=f"{told.concluded}\n{line}".strip())
    return replace(told, heard=f"{told.heard}\n{line}")
