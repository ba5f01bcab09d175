"""Strokes and the picture that is made of them: nothing drawn is lost, nothing else is in it, and it stays small."""

import io
import math
import struct
import zlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as some
from PIL import Image

from app.ink.picture import HIGHEST, WIDEST, picture_of
from app.ink.strokes import LONGEST, MOST, Ink, Stroke, bends, coalesced, flat, unflat
from app.photo.geometry import Point
from protocol.limits import MAX_SIGNATURE_BYTES

FIELD = (760.0, 420.0)


def line(*places: tuple[float, float]) -> Stroke:
    return tuple(Point(x, y) for x, y in places)


def written(letters: int = 14) -> Ink:
    """A name as people write it: loops along a line, a dot, a line below."""
    loops = tuple(
        Point(60 + 2.4 * step, 220 + 55 * math.sin(step / 4) + 30 * math.cos(step / 9))
        for step in range(20 * letters)
    )
    ink = Ink(*FIELD).with_stroke(loops)
    return ink.with_stroke(line((300, 90))).with_stroke(line((70, 330), (400, 318), (690, 335)))


def pixels(ink: Ink) -> Image.Image:
    return Image.open(io.BytesIO(picture_of(ink).data)).convert("L")


places = some.tuples(some.floats(0, 760), some.floats(0, 420))
strokes = some.lists(places, min_size=1, max_size=40).map(lambda drawn: line(*drawn))


@given(some.lists(strokes, min_size=1, max_size=6))
@example([line((0.0, 0.0), (668.921875, 0.0))])  # scaled to the limit, it is a hair longer
def test_every_place_that_was_touched_at_an_end_of_a_stroke_is_dark(drawn: list[Stroke]) -> None:
    ink = Ink(*FIELD)
    for stroke in drawn:
        ink = ink.with_stroke(stroke)
    made = picture_of(ink)
    shown = pixels(ink)
    assert shown.size == (made.width, made.height)
    assert made.width <= WIDEST
    assert made.height <= HIGHEST
    bounds, margin = ink.bounds, 14
    scale = min((WIDEST - 28) / max(bounds.width, 1), (HIGHEST - 28) / max(bounds.height, 1), 2.0)
    for stroke in ink.strokes:
        for end in (stroke[0], stroke[-1]):
            x, y = (end.x - bounds.left) * scale + margin, (end.y - bounds.top) * scale + margin
            box = (int(x) - 1, int(y) - 1, int(x) + 2, int(y) + 2)
            assert shown.crop(box).getextrema()[0] < 128  # type: ignore[operator]


def test_beside_the_line_all_is_white() -> None:
    shown = pixels(Ink(*FIELD).with_stroke(line((0, 0), (400, 0))))
    assert shown.crop((0, 0, shown.width, 8)).getextrema() == (255, 255)
    assert shown.crop((0, shown.height - 8, shown.width, shown.height)).getextrema() == (255, 255)
    dark = sum(shown.histogram()[:128])
    assert 0.5 < dark / (shown.width * 5) < 1.3, "a line as wide as a pen's, and nothing else"


def test_the_picture_is_a_png_of_three_chunks_and_a_few_kilobytes() -> None:
    data = picture_of(written()).data
    assert 1_000 < len(data) < 8_000
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    names, at = [], 8
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        name, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", data, at + 8 + length)[0] == zlib.crc32(name + body)
        names.append(name)
        at += 12 + length
    assert names == [b"IHDR", b"IDAT", b"IEND"]
    assert Image.open(io.BytesIO(data)).info == {}


def test_the_same_strokes_become_the_same_bytes_also_from_the_draft() -> None:
    ink = Ink(*FIELD, unflat(flat(written().strokes)))
    assert picture_of(ink).data == picture_of(Ink(*FIELD, unflat(flat(ink.strokes)))).data


def test_a_child_at_play_fills_neither_the_storage_nor_the_processor() -> None:
    ink = Ink(*FIELD)
    for number in range(200):
        ink = ink.with_stroke(line(*((760 * (step % 2), (number * 7 + step) % 420) for step in range(60))))
    assert ink.is_full
    assert ink.places < 2 * MOST
    assert LONGEST <= ink.length < 2 * LONGEST
    assert ink.with_stroke(line((1, 1), (2, 2))) is ink
    assert len(picture_of(ink).data) < MAX_SIGNATURE_BYTES


@pytest.mark.parametrize(
    ("drawn", "is_one"),
    [
        ([], False),
        ([[(5, 5)]], False),
        ([[(5, 5)], [(700, 400)]], False),
        ([[(5, 5), (20, 9), (9, 20), (20, 20), (5, 8)]], False),
        ([[(100, 100), (130, 100)]], False),
        ([[(100, 100), (200, 160)]], True),
        ([[(100, 100), (130, 130)], [(130, 100), (100, 130)]], True),
    ],
    ids=["nothing", "a dot", "two dots", "a scribble as small as a nail", "a dash", "a line", "a cross"],
)
def test_what_can_be_a_signature(drawn: list[list[tuple[float, float]]], *, is_one: bool) -> None:
    ink = Ink(*FIELD)
    for stroke in drawn:
        ink = ink.with_stroke(line(*stroke))
    assert ink.is_signature is is_one


def test_the_smooth_way_begins_and_ends_where_the_finger_did() -> None:
    stroke = line((0, 0), (10, 0), (20, 10), (20, 30))
    assert list(bends(stroke)) == [
        (Point(10, 0), Point(15, 5)),
        (Point(20, 10), Point(20, 30)),
    ]
    assert list(bends(stroke[:2])) == [(Point(0, 0), Point(10, 0))]
    assert list(bends(stroke[:1])) == []


def test_places_that_add_nothing_are_left_out() -> None:
    assert not coalesced([], Point(1, 1))
    assert coalesced([Point(0, 0)], Point(0.6, 0.6))
    assert not coalesced([Point(0, 0)], Point(2, 0))
