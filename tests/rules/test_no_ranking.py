"""Nothing that a tablet reads counts people: no field that could hold how many observations or orders somebody has."""

import types
from collections.abc import Iterator
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel

from protocol.pairing import Hello, PairAnswer
from protocol.reading import PullPage
from protocol.reference import DOCUMENT_TYPES

_NUMBERS = {
    ("Hello", "protocol"), ("Hello", "oldest_protocol"), ("PairAnswer", "protocol"), ("PullPage", "protocol"),
    ("Totals", "count"),  # how many documents a tablet should have, to notice drift
    ("Totals", "checksum"), ("PullPage", "remaining"), ("Item", "version"),
    ("VoiceNote", "size"), ("VoiceNote", "seconds"),
    ("Signature", "size"), ("Signature", "width"), ("Signature", "height"),
    ("Photo", "size"), ("Photo", "width"), ("Photo", "height"),
    ("Asset", "built_in"), ("Asset", "expected_life"),
    ("ObservationState", "revision_count"),  # of one observation
}  # fmt: skip
"""Every number that a tablet reads and whose it is. A new one has to be looked at before it is added here: what compares
people has no place on a tablet (works council)."""


def test_every_number_that_a_tablet_reads_is_known_and_none_is_of_a_person() -> None:
    models = [*DOCUMENT_TYPES.values(), Hello, PairAnswer, PullPage]
    found = {place for model in models for place in _numbers(model, set())}
    assert found, "nothing was looked at"
    assert found <= _NUMBERS, found - _NUMBERS


def _numbers(model: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[tuple[str, str]]:
    if model in seen:
        return
    seen.add(model)
    for name, field in model.model_fields.items():
        for kind in _kinds(field.annotation):
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from _numbers(kind, seen)
            elif kind in (int, float):
                yield model.__name__, name


def _kinds(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) in (Union, types.UnionType, tuple, list, dict):
        for inner in get_args(annotation):
            yield from _kinds(inner)
    elif hasattr(annotation, "__metadata__"):
        yield from _kinds(annotation.__origin__)
    else:
        yield annotation
