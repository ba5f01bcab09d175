"""What is cut out of a change's JSON is what its fields say, whatever a person wrote into it."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.changes import ReviseObservation
from protocol.fields import is_clean
from protocol.observation import Kind, NextStep, ObservationContent
from sync_server.crm.as_written import written
from sync_server.crm.first_documents import moment

_TELLING = (
    "",
    "Müller plant um",
    '","recorded_at":"2020-01-01T00:00:00Z"}',
    '{"customer_id":"x","observed_at":"y","content":{}}',
    '\\"\n\t',
    "🙂",
)
_TEXTS = st.sampled_from(_TELLING) | st.text(max_size=50).filter(is_clean)
_MOMENTS = st.datetimes(datetime(2000, 1, 2), datetime(2099, 12, 30)) | st.just(
    datetime(2026, 11, 22, 10, 15)
)
_ZONES = st.sampled_from([UTC, timezone(timedelta(hours=2)), timezone(timedelta(hours=-9, minutes=-30))])


@given(
    heard=_TEXTS, concluded=_TEXTS, observed_at=_MOMENTS, recorded_at=_MOMENTS, zone=_ZONES, ids=st.booleans()
)
def test_each_text_is_what_its_field_says(
    heard: str, concluded: str, observed_at: datetime, recorded_at: datetime, zone: timezone, ids: bool
) -> None:
    change = ReviseObservation(
        id=uuid4(),
        observation_id=uuid4(),
        revision_id=uuid4(),
        based_on=uuid4() if ids else None,
        content=ObservationContent(
            kind=Kind.CONTACT_CHANGE,
            customer_id=uuid4(),
            site_id=uuid4() if ids else None,
            observed_at=observed_at.replace(tzinfo=zone),
            heard=heard,
            concluded=concluded,
            next_step=NextStep(text="anrufen"),
        ),
        recorded_at=recorded_at.replace(tzinfo=zone),
    )

    said = written(change)

    assert said == (
        str(change.id),
        str(change.observation_id),
        str(change.revision_id),
        str(change.content.customer_id),
        change.content.as_json(),
        moment(change.content.observed_at),
        moment(change.recorded_at),
    )


@pytest.mark.parametrize("microsecond", [0, 1, 999_999])
def test_a_moment_is_told_as_a_model_tells_it(microsecond: int) -> None:
    at = datetime(2026, 11, 22, 10, 15, 3, microsecond, UTC)
    content = ObservationContent(kind=Kind.NOTE, customer_id=uuid4(), observed_at=at, heard="x")
    assert f'"observed_at":"{moment(at)}"' in content.as_json()
