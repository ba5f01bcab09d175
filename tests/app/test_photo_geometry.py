"""Where things are in a photo that was turned and cut, and what is painted for an arrow, a circle, a hidden area."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.photo.edits import Edits, Tool
from app.photo.geometry import Box, Point, Sight
from app.photo.marks import CLOTH, DARK, LIGHT, SIGNAL, arrow_corners, chequered

PHOTO = Edits(2048, 1536)

sides = st.integers(16, 4000)
turns = st.integers(0, 3)
part = st.floats(0, 1)


def near(one: Point, other: Point, within: float = 1e-6) -> bool:
    return math.hypot(one.x - other.x, one.y - other.y) <= within


@pytest.mark.parametrize(
    ("turned", "height", "corner"),
    [
        (0, 300, Point(100, 0)),  # 400 x 300 on 600 x 300: 100 dp free on either side
        (1, 600, Point(525, 0)),  # 300 x 400 becomes 450 x 600 on 600 x 600
        (2, 300, Point(500, 300)),
        (3, 600, Point(75, 600)),
    ],
)
def test_the_upper_left_corner_goes_round_clockwise(turned: int, height: float, corner: Point) -> None:
    sight = Sight(Box(0, 0, 400, 300), turned, 600, height)
    assert near(sight.on_glass(Point(0, 0)), corner)


@given(width=sides, height=sides, turned=turns, across=part, down=part)
def test_a_place_on_the_glass_is_the_place_in_the_picture(
    width: int, height: int, turned: int, across: float, down: float
) -> None:
    visible = Box(30, 70, width, height)
    sight = Sight(visible, turned, 820, 700)
    place = Point(visible.left + across * width, visible.top + down * height)
    shown = sight.on_glass(place)
    assert -1e-6 <= shown.x <= 820 + 1e-6
    assert -1e-6 <= shown.y <= 700 + 1e-6
    assert near(sight.in_picture(shown), place, within=1e-3)


def test_a_finger_beside_the_picture_means_its_edge() -> None:
    sight = Sight(Box(0, 0, 400, 300), 0, 600, 300)
    assert sight.in_picture(Point(-50, 120)) == Point(0, 120)
    assert sight.in_picture(Point(9999, 9999)) == Point(400, 300)


def test_a_rectangle_is_the_same_from_each_of_its_corners() -> None:
    corners = [Point(10, 20), Point(110, 20), Point(110, 80), Point(10, 80)]
    boxes = {Box.between(corners[at], corners[(at + 2) % 4]) for at in range(4)}
    assert boxes == {Box(10, 20, 100, 60)}


def test_turned_four_times_is_as_before() -> None:
    assert PHOTO.turned().turned().turned().turned() == PHOTO
    assert PHOTO.turned().size == (1536, 2048)


def test_cutting_takes_whole_pixels_within_the_picture() -> None:
    cut = PHOTO.drawn(Tool.CROP, Point(1000.4, 500.6), Point(3000, 900.2))
    assert cut.crop == Box(1000, 500, 1048, 401)
    assert cut.turned().size == (401, 1048)


def test_cutting_again_leaves_a_part_of_what_was_left() -> None:
    once = PHOTO.drawn(Tool.CROP, Point(1000, 500), Point(1500, 900))
    again = once.drawn(Tool.CROP, Point(0, 0), Point(1100, 600))
    assert again.crop == Box(1000, 500, 100, 100)


@pytest.mark.parametrize("tool", list(Tool))
def test_a_finger_that_hardly_moved_has_drawn_nothing(tool: Tool) -> None:
    assert PHOTO.drawn(tool, Point(500, 500), Point(510, 505)) == PHOTO


def test_a_strip_of_three_pixels_is_not_left_over_by_mistake() -> None:
    assert PHOTO.drawn(Tool.CROP, Point(0, 500), Point(2000, 503)) == PHOTO


@given(left=st.floats(0, 900), top=st.floats(0, 700), width=st.floats(1, 900), height=st.floats(1, 700))
def test_the_grey_covers_each_pixel_that_the_area_touches_exactly_once(
    left: float, top: float, width: float, height: float
) -> None:
    picture = Box(0, 0, 640, 480)
    area = Box(left, top, width, height).whole(picture)
    covered: dict[tuple[float, float], int] = {}
    fields = chequered(area)
    for field, _ in fields:
        for corner in ((field.left, field.top), (field.right - 1, field.bottom - 1)):
            covered[corner] = covered.get(corner, 0) + 1
        assert area.left <= field.left
        assert field.right <= area.right
        assert area.top <= field.top
        assert field.bottom <= area.bottom
    assert sum(field.width * field.height for field, _ in fields) == area.width * area.height
    for at, (field, _) in enumerate(fields):
        for other, _ in fields[at + 1 :]:
            apart = (
                field.right <= other.left
                or other.right <= field.left
                or field.bottom <= other.top
                or other.bottom <= field.top
            )
            assert apart


def test_an_area_touched_in_part_is_covered_whole() -> None:
    hidden = PHOTO.drawn(Tool.HIDE, Point(100.9, 200.9), Point(180.1, 240.1))
    boxes = [figure.box for figure in hidden.figures()]
    assert min(box.left for box in boxes) == 100
    assert min(box.top for box in boxes) == 200
    assert max(box.right for box in boxes) == 181
    assert max(box.bottom for box in boxes) == 241


def test_nothing_of_the_picture_is_in_the_grey_and_it_does_not_pass_for_a_wall() -> None:
    hidden = PHOTO.drawn(Tool.HIDE, Point(100, 200), Point(500, 400))
    assert {figure.fill for figure in hidden.figures()} == set(CLOTH), "two greys, whatever was there"


def test_the_arrow_ends_where_the_finger_ended_and_is_wider_there() -> None:
    corners = arrow_corners(Point(0, 0), Point(100, 0), 1)
    assert corners[3] == Point(100, 0)
    assert len(corners) == 7
    assert {corner.x for corner in corners} == {0, 85, 100}
    assert max(corner.y for corner in corners) == 6
    assert [corner.y for corner in corners if corner.x == 0] == [1.3, -1.3]


def test_a_short_arrow_keeps_its_shape() -> None:
    corners = arrow_corners(Point(0, 0), Point(0, 6.5), 1)
    assert corners[3] == Point(0, 6.5)
    assert all(0 <= corner.y <= 6.5 for corner in corners)


@pytest.mark.parametrize("tool", [Tool.ARROW, Tool.CIRCLE])
def test_a_mark_is_edged_in_white_and_black_so_that_it_is_seen_on_every_ground(tool: Tool) -> None:
    figures = PHOTO.drawn(tool, Point(100, 200), Point(500, 400)).figures()
    colours = [figure.fill or figure.stroke for figure in figures]
    assert colours == [DARK, LIGHT, SIGNAL], "the widest first, else it would hide the others"
    widths = [figure.width for figure in figures]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > widths[1] > widths[2]


def test_marks_turn_with_the_photo() -> None:
    marked = PHOTO.drawn(Tool.ARROW, Point(100, 200), Point(500, 400))
    assert marked.turned().marks == marked.marks
    shown = Sight(marked.visible, 1, 600, 800)
    tip = shown.on_glass(Point(500, 400))
    assert near(tip, Point((1536 - 400) * 800 / 2048, 500 * 800 / 2048))


def test_what_the_canvas_gets_is_in_pixels_of_the_photo() -> None:
    done = PHOTO.drawn(Tool.CROP, Point(200, 100), Point(1200, 700)).turned()
    plan = done.drawn(Tool.CIRCLE, Point(300, 200), Point(500, 400)).as_dict()
    assert (plan["width"], plan["height"], plan["turns"]) == (600, 1000, 1)
    assert (plan["left"], plan["top"], plan["across"], plan["down"]) == (200, 100, 1000, 600)
    assert [figure["points"] for figure in plan["figures"]] == [[[300, 200], [500, 400]]] * 3
