"""Open inboxes hear at once what tablets bring."""

from typing import Any

import pytest
from sqlalchemy import select

from sync_server.store import schema as t
from tests.server.firm import Firm, Tablet, photo_of
from tests.server.pictures import hash_of, jpeg
from tests.server.test_media import upload


@pytest.fixture
def heard(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, str]]]:
    """What was announced."""
    events: list[tuple[str, dict[str, str]]] = []

    def announce(event: str, data: dict[str, str]) -> None:
        events.append((event, data))

    monkeypatch.setattr(firm.app.state.live, "announce", announce)
    return events


def lead_of(firm: Firm, observation: Any) -> str:
    with firm.database.reading() as connection:
        by_id = select(t.observations.c.lead_id).where(t.observations.c.id == observation.observation_id)
        return str(connection.execute(by_id).scalar_one().hex)


def test_new_observations_corrections_and_answers_are_announced_once(
    firm: Firm, anna: Tablet, heard: list[tuple[str, dict[str, str]]]
) -> None:
    observation = anna.observe("GEHEIM")
    changes = (observation, anna.revise(observation, "GEHEIM"), anna.comment(observation, "GEHEIM"))

    anna.push(*changes)
    anna.push(*changes)

    lead = lead_of(firm, observation)
    assert heard == [
        ("arrived", {"lead": lead}),
        ("changed", {"lead": lead, "revision": "2"}),
        ("changed", {"lead": lead, "revision": "3"}),
    ]


def test_what_was_not_stored_is_not_announced(anna: Tablet, heard: list[tuple[str, dict[str, str]]]) -> None:
    anna.push(anna.observe().as_dict() | {"type": "x"}, anna.observe(customer_id=anna.paired.device_id))
    assert heard == []


def test_a_photo_is_announced_to_the_lead_that_waits_for_it(
    firm: Firm, anna: Tablet, heard: list[tuple[str, dict[str, str]]]
) -> None:
    data = jpeg()
    observation = anna.observe(photos=(photo_of(hash_of(data), len(data)),))
    anna.push(observation)
    heard.clear()

    upload(anna, data)

    assert heard == [("media", {"lead": lead_of(firm, observation)})]
