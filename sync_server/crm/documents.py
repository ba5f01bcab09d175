"""Publishes what the tables say to the tablets that may read it (rules S12, S17).

Call after every change of the tables, in the same transaction. A thing is published to exactly the
audiences that may read it now; where it could be read before, a tombstone is left. The functions for many
things cost a few statements for all of them; those for one thing are the same with a single id.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select

from protocol.reference import Customer, Entity
from protocol.review import RejectionReason
from protocol.rules.access import colleagues_may_read, own_audience, territory_audience
from sync_server.crm import holding, rendering, sightings
from sync_server.crm.sightings import Report
from sync_server.store import facts, feed
from sync_server.store.schema import customers, history, observations, visits
from sync_server.store.schema import feed as feed_table

RENDERING = "3"
"""What documents are made of: another one when a newer server tells more. 2: permissions, kinds and promises in the
history, when a step was done. 3: competitors' machines that were reported, how long machines are expected to last."""

_AT_ONCE = 500
"""Documents rendered at once: so many are held in memory, however large the company is."""


def publish_customer(connection: Connection, customer_id: UUID, now: datetime) -> None:
    """Publish a customer to its territory; its history moves with it when that has changed."""
    publish_customers(connection, [customer_id], now)


def publish_customers(connection: Connection, ids: Iterable[UUID], now: datetime) -> None:
    """Publish many customers: see `publish_customer`."""
    wanted = list(ids)
    if not wanted:
        return
    rendered = rendering.customers(connection, wanted)
    before = feed.audiences_of(connection, Entity.CUSTOMER, wanted)
    moved = [customer.id for customer in rendered if _has_moved(customer, before.get(customer.id))]
    feed.replace(
        connection,
        Entity.CUSTOMER,
        wanted,
        ((territory_audience(customer.territory), customer.id, customer) for customer in rendered),
        now,
    )
    if moved:
        _move_history(connection, moved, now)


def publish_visit(connection: Connection, visit_id: UUID, now: datetime) -> None:
    """Publish a visit to its technician."""
    publish_visits(connection, [visit_id], now)


def publish_visits(connection: Connection, ids: Iterable[UUID], now: datetime) -> None:
    """Publish many visits: see `publish_visit`."""
    wanted = list(ids)
    rendered = rendering.visits(connection, wanted)
    feed.replace(
        connection,
        Entity.VISIT,
        wanted,
        ((own_audience(item.technician_id), item.visit.id, item.visit) for item in rendered),
        now,
    )


def publish_history(connection: Connection, history_id: UUID, now: datetime) -> None:
    """Publish a line of the contact history (table `history`) to the customer's territory."""
    publish_histories(connection, [history_id], now)


def publish_histories(connection: Connection, ids: Iterable[UUID], now: datetime) -> None:
    """Publish many lines of the contact history: see `publish_history`."""
    wanted = list(ids)
    rendered = rendering.history(connection, wanted)
    feed.replace(
        connection,
        Entity.HISTORY,
        wanted,
        ((territory_audience(item.territory), item.entry.id, item.entry) for item in rendered),
        now,
    )


def publish_observation(connection: Connection, observation_id: UUID, now: datetime) -> None:
    """Publish an observation to its author, and one line of it to the colleagues if they may read it."""
    publish_observations(connection, [observation_id], now)


def publish_observations(connection: Connection, ids: Iterable[UUID], now: datetime) -> None:
    """Publish many observations: see `publish_observation`."""
    wanted = list(ids)
    holding.leads_of(connection, wanted)
    rendered = rendering.observations(connection, wanted)
    reports = [
        Report(item.state.id, item.state.shown.content, item.state.review.state, item.state.review.reason)
        for item in rendered
    ]
    publish_customers(connection, sightings.follow(connection, reports), now)
    feed.replace(
        connection,
        Entity.OBSERVATION,
        wanted,
        ((own_audience(item.author_id), item.state.id, item.state) for item in rendered),
        now,
    )
    _publish_lines(connection, wanted, rendered, now)


def publish_everything(connection: Connection, now: datetime) -> None:
    """Publish all customers, visits, history and observations: after an import or for the demo company."""
    for table, publish in (
        (customers, publish_customers),
        (visits, publish_visits),
        (history, publish_histories),
        (observations, publish_observations),
    ):
        ids = list(connection.execute(select(table.c.id)).scalars())
        for start in range(0, len(ids), _AT_ONCE):
            publish(connection, ids[start : start + _AT_ONCE], now)
    facts.put(connection, facts.RENDERING, RENDERING)


def publish_what_is_told_otherwise_now(connection: Connection, now: datetime) -> bool:
    """After an update that renders documents with more in them: publish all, once; whether that was needed.

    What is word for word as before keeps its position, so tablets read again only what has changed.
    """
    if facts.get(connection, facts.RENDERING) == RENDERING:
        return False
    told_before = connection.execute(select(feed_table.c.position).limit(1)).first() is not None
    publish_everything(connection, now)
    return told_before


def colleagues_read(item: rendering.RenderedObservation) -> bool:
    """Whether one line of an observation appears in the history that colleagues of the territory read."""
    if item.state.review.reason == RejectionReason.PRIVACY:
        return False
    return colleagues_may_read(item.state.shown.content.flag)


def _publish_lines(
    connection: Connection,
    wanted: list[UUID],
    rendered: list[rendering.RenderedObservation],
    now: datetime,
) -> None:
    lines = (
        (territory_audience(item.territory), item.state.id, item.history_entry)
        for item in rendered
        if colleagues_read(item)
    )
    feed.replace(connection, Entity.HISTORY, wanted, lines, now)


def _move_history(connection: Connection, customer_ids: list[UUID], now: datetime) -> None:
    of_customers = history.c.customer_id.in_(customer_ids)
    publish_histories(connection, connection.execute(select(history.c.id).where(of_customers)).scalars(), now)
    recorded = observations.c.customer_id.in_(customer_ids)
    ids = list(connection.execute(select(observations.c.id).where(recorded)).scalars())
    holding.leads_of(connection, ids)
    _publish_lines(connection, ids, rendering.observations(connection, ids), now)


def _has_moved(customer: Customer, before: set[str] | None) -> bool:
    return bool(before) and before != {territory_audience(customer.territory)}
