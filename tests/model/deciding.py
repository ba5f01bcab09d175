"""What inside sales does in the model: any decision about any lead, through the functions that the inbox calls."""

import random
from uuid import UUID

from sqlalchemy import select

from protocol.review import RejectionReason
from protocol.rules.leads import Action, NotAllowed
from sync_server.crm import review, settling
from sync_server.crm.settling import UnknownVersion
from sync_server.store import schema as t
from tests.model.office import Office


def decide(office: Office, chance: random.Random) -> str:
    """One decision, if there is a lead; says what it was."""
    nora = office.users["nora"].who
    with office.database.reading() as connection:
        leads = connection.execute(select(t.leads.c.id, t.leads.c.revision).order_by(t.leads.c.id)).all()
    if not leads:
        return "nothing to decide"
    lead = chance.choice(leads)
    what = chance.choice(("ask", "ask", "comment", "reject", "move", "settle", "settle", "undo"))
    try:
        with office.database.writing() as connection:
            before = set(connection.execute(select(t.comments.c.id)).scalars())
            if what == "ask":
                review.ask(connection, nora, lead.id, lead.revision, text="Wer entscheidet?", now=office.now)
            elif what == "comment":
                review.comment(connection, nora, lead.id, lead.revision, text="Danke", now=office.now)
            elif what == "reject":
                reason = chance.choice(list(RejectionReason))
                review.reject(
                    connection, nora, lead.id, lead.revision, reason=reason, note="weil", now=office.now
                )
            elif what == "move":
                action = chance.choice(
                    (Action.OPEN, Action.ACCEPT, Action.REOPEN, Action.WIN, Action.HAND_OVER)
                )
                review.move(connection, nora, lead.id, lead.revision, action, now=office.now)
            elif what == "settle":
                _settle(connection, office, lead.id, lead.revision, chance)
            else:
                event = connection.execute(
                    select(t.lead_events.c.id)
                    .where(t.lead_events.c.lead_id == lead.id)
                    .order_by(t.lead_events.c.id.desc())
                    .limit(1)
                ).scalar_one()
                review.undo(connection, nora, lead.id, lead.revision, event_id=event, now=office.now)
            after = set(connection.execute(select(t.comments.c.id)).scalars())
    except (NotAllowed, UnknownVersion, review.Stale, review.Invalid) as refusal:
        return f"{what} is refused: {type(refusal).__name__}"
    # Only inside sales comments here: an undone question is the one thing that it takes back.
    office.said_by_sales |= after - before
    office.said_by_sales -= before - after
    return what


def _settle(connection, office: Office, lead_id: UUID, revision: int, chance: random.Random) -> None:  # type: ignore[no-untyped-def]
    found = connection.execute(
        select(t.revisions.c.id).join(t.observations).where(t.observations.c.lead_id == lead_id)
    ).scalars()
    settling.settle(
        connection,
        office.users["nora"].who,
        lead_id,
        revision,
        chosen_id=chance.choice(sorted(found)),
        now=office.now,
    )
