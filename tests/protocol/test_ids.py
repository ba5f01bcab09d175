"""Ids made one by one and by the hundred are UUIDv7 of this moment (RFC 9562, section 5.7)."""

import time
from uuid import RFC_4122, UUID

import pytest

from protocol.ids import new_id, new_ids


def _many() -> list[UUID]:
    return [UUID(text) for text in new_ids(500)]


def _one_by_one() -> list[UUID]:
    return [new_id() for _ in range(500)]


@pytest.mark.parametrize("make", [_many, _one_by_one])
def test_ids_are_of_their_kind_of_this_moment_and_different(make: type[list[UUID]]) -> None:
    before = time.time_ns() // 1_000_000
    ids = make()
    after = time.time_ns() // 1_000_000

    assert {(each.version, each.variant) for each in ids} == {(7, RFC_4122)}
    assert all(before <= each.int >> 80 <= after for each in ids)
    assert len(set(ids)) == 500
    # Every digit of noise takes part: the 74 bits after the time are not the same in all of them.
    assert all(len({each.int >> place & 1 for each in ids}) == 2 for place in (*range(62), *range(64, 76)))


def test_their_text_is_as_uuid_writes_it() -> None:
    ids = new_ids(3)

    assert [str(UUID(text)) for text in ids] == ids
