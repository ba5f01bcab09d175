"""What tablets are told for the brief: permissions, influence, the class's reason, promises; and after an update, all anew."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, select, update

from protocol.ids import new_id
from protocol.observation import Flag, FlagKind, Kind, NextStep, Side
from protocol.reference import Channel, Customer, Entity, HistoryEntry, Influence, Occasion
from sync_server.application import build
from sync_server.crm import documents
from sync_server.store import facts
from sync_server.store import schema as t
from tests.server.firm import NOW, Firm, Tablet

STEP = NextStep(text="Angebot bis Freitag", responsible=Side.FIELD_SALES, due_on=date(2026, 11, 27))


def a_contact(firm: Firm, **fields: Any) -> UUID:
    contact_id = new_id()
    row = {"id": contact_id, "customer_id": firm.brandl, "name": "Thomas Bauer", "has_left": False}
    with firm.database.writing() as connection:
        connection.execute(insert(t.contacts), row | fields)
        documents.publish_customer(connection, firm.brandl, NOW)
    return contact_id


def says(firm: Firm, contact_id: UUID, channel: Channel, *, granted: bool, days_ago: int) -> None:
    row = {
        "id": new_id(), "contact_id": contact_id, "channel": channel.value, "purpose": "Angebote",
        "granted": granted, "evidence": "Servicebericht, unterschrieben", "at": NOW - timedelta(days=days_ago),
    }  # fmt: skip
    with firm.database.writing() as connection:
        connection.execute(insert(t.consents), row)
        documents.publish_customer(connection, firm.brandl, NOW)


def brandl(firm: Firm, tablet: Tablet) -> Customer:
    tablet.pull()
    return Customer.model_validate(tablet.held[Entity.CUSTOMER, firm.brandl].body)


def line(tablet: Tablet, thing: UUID) -> HistoryEntry:
    tablet.pull()
    return HistoryEntry.model_validate(tablet.held[Entity.HISTORY, thing].body)


def test_the_newest_word_of_a_person_travels_and_its_evidence_stays(firm: Firm, anna: Tablet) -> None:
    bauer = a_contact(firm, influence="decides", reachable="vormittags")
    says(firm, bauer, Channel.EMAIL, granted=True, days_ago=90)
    says(firm, bauer, Channel.EMAIL, granted=False, days_ago=3)
    says(firm, bauer, Channel.PHONE, granted=True, days_ago=400)

    (person,) = brandl(firm, anna).contacts
    assert person.influence is Influence.DECIDES
    assert person.reachable == "vormittags"
    assert {(said.channel, said.granted) for said in person.permissions or ()} == {
        (Channel.EMAIL, False),
        (Channel.PHONE, True),
    }
    assert "Servicebericht" not in str(anna.held[Entity.CUSTOMER, firm.brandl].body)


def test_what_nobody_has_said_leaves_the_document_as_it_was(firm: Firm, anna: Tablet) -> None:
    a_contact(firm)
    anna.pull()
    body = anna.held[Entity.CUSTOMER, firm.brandl].body
    assert body is not None
    told = {"permissions", "influence", "reachable", "class_reason", "class_decided_on"}
    assert told.isdisjoint(body)
    assert told.isdisjoint(body["contacts"][0])


def test_the_class_travels_with_its_reason(firm: Firm, anna: Tablet) -> None:
    with firm.database.writing() as connection:
        reason = {"class_reason": "84.200 € in 24 Monaten", "class_decided_on": date(2026, 9, 3)}
        connection.execute(update(t.customers).where(t.customers.c.id == firm.brandl).values(reason))
        documents.publish_customer(connection, firm.brandl, NOW)
    found = brandl(firm, anna)
    assert (found.class_reason, found.class_decided_on) == ("84.200 € in 24 Monaten", date(2026, 9, 3))


def test_a_past_contact_says_what_it_was_about(firm: Firm, anna: Tablet) -> None:
    entry_id = new_id()
    row = {
        "id": entry_id, "customer_id": firm.brandl, "at": NOW, "channel": "email",
        "summary": "Angebot verschickt", "occasion": "offer",
    }  # fmt: skip
    with firm.database.writing() as connection:
        connection.execute(insert(t.history), row)
        documents.publish_history(connection, entry_id, NOW)
    assert line(anna, entry_id).occasion is Occasion.OFFER


@pytest.mark.parametrize(
    ("flag", "expected"),
    [(None, STEP), (Flag(kind=FlagKind.PERSONAL, purpose="Rückruf"), None)],
)
def test_colleagues_read_a_promise_unless_the_note_is_flagged(
    anna: Tablet, flag: Flag | None, expected: NextStep | None
) -> None:
    observation = anna.observe(next_step=STEP, flag=flag, kind=Kind.COMPETITOR)
    anna.push(observation)
    first = line(anna, observation.observation_id)
    assert (first.kind, first.next_step) == (Kind.COMPETITOR, expected)
    # Written from the tables it is the same: `first_documents` and `rendering` must not part.
    anna.push(anna.revise(observation, "Hofacker, Baujahr 2009"))
    again = line(anna, observation.observation_id)
    assert (again.kind, again.next_step) == (Kind.COMPETITOR, expected)


def test_a_step_that_is_done_is_told_to_author_and_colleagues(firm: Firm, anna: Tablet) -> None:
    observation = anna.observe(next_step=STEP)
    anna.push(observation)
    with firm.database.writing() as connection:
        connection.execute(update(t.tasks).values(done_at=NOW))
        documents.publish_observation(connection, observation.observation_id, NOW)
    assert line(anna, observation.observation_id).step_done_at == NOW
    assert anna.observation(observation).step_done_at == NOW


def test_after_an_update_everything_is_told_anew_once_and_what_is_the_same_keeps_its_place(
    firm: Firm, anna: Tablet
) -> None:
    """A database that an older server has written: its documents lack what this one tells."""
    bauer = a_contact(firm)
    anna.pull()
    settings = firm.app.state.settings
    with firm.database.writing() as connection:
        row = {
            "id": new_id(), "contact_id": bauer, "channel": "phone", "purpose": "Angebote", "granted": True,
            "evidence": "-", "at": NOW,
        }  # fmt: skip
        connection.execute(insert(t.consents), row)  # as an older server: not published
        connection.execute(delete(t.facts).where(t.facts.c.name == facts.RENDERING))
    before = dict(anna.held)
    build(settings).state.database.close()
    page = anna.pull()
    assert [item.id for item in page.items] == [firm.brandl], "nothing else has changed"
    assert brandl(firm, anna).contacts[0].permissions
    assert {key for key in anna.held if anna.held[key] != before[key]} == {(Entity.CUSTOMER, firm.brandl)}
    assert page.totals is not None
    assert page.totals.checksum == anna.checksum()
    with firm.database.reading() as connection:
        positions = list(connection.execute(select(t.feed.c.position)).scalars())
    build(settings).state.database.close()
    with firm.database.reading() as connection:
        assert list(connection.execute(select(t.feed.c.position)).scalars()) == positions
