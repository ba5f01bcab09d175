"""The photo on the glass while it is edited: what was done to it so far, and what a finger is just drawing."""

import math
from collections.abc import Sequence

import flet as ft
import flet.canvas as cv

from app.i18n import t, tn
from app.photo.by_keyboard import GIVES_UP, SETS, Selection, in_the_middle, pressed
from app.photo.edits import Tool
from app.photo.geometry import Box, Point, Sight
from app.photo.marks import DARK, LIGHT, Figure
from app.state.drafting import DraftEditor
from app.state.photo_editing import PhotoEditing
from app.ui.following import use_reading
from app.ui.guard import component
from app.ui.photo_words import tool_name

_SHADE = "#B3000000"
"""Over what will be cut off."""
_EVERY = 32
"""Milliseconds between two places of a moving finger: thirty pictures a second."""


@component
def PhotoSheet(editor: DraftEditor, editing: PhotoEditing) -> ft.Control:
    """The picture, as large as there is room for it."""
    edits = use_reading(editor, lambda: editing.edits)
    tool = use_reading(editor, lambda: editing.tool)
    room, set_room = ft.use_state((0.0, 0.0))
    selection, set_selection = ft.use_state(None)
    # What the finger does arrives faster than it is drawn: the newest is here.
    newest: ft.MutableRef[Selection | None] = ft.use_ref(None)
    shift: ft.MutableRef[bool] = ft.use_ref(False)
    sight = Sight(edits.visible, edits.turns, *room) if all(room) else None

    def select(wanted: Selection | None) -> None:
        newest.current = wanted
        set_selection(lambda _: wanted)

    def down(place: ft.Offset) -> None:
        if sight is not None:
            start = sight.frame.nearest(Point(place.x, place.y))
            newest.current = Selection(start, start)

    def moved(place: ft.Offset) -> None:
        if sight is not None and newest.current is not None:
            select(Selection(newest.current.start, sight.frame.nearest(Point(place.x, place.y))))

    def lifted(place: ft.Offset) -> None:
        # Not every movement is told: where the finger left the glass counts, else what it covered last stays visible.
        if sight is not None and newest.current is not None:
            end = sight.frame.nearest(Point(place.x, place.y))
            newest.current = Selection(newest.current.start, end)
        draw()

    def draw() -> None:
        drawn = newest.current
        select(None)
        if sight is not None and drawn is not None:
            editing.draw(sight.in_picture(drawn.start), sight.in_picture(drawn.end))

    def key_down(key: str) -> None:
        if key.startswith("Shift"):
            shift.current = True
        elif sight is None:
            return
        elif key in SETS:
            if newest.current is None:
                select(in_the_middle(sight.frame))
            else:
                draw()
        elif newest.current is not None:
            select(
                None
                if key in GIVES_UP
                else pressed(newest.current, key, sight.frame, shift=bool(shift.current))
            )

    def key_up(key: str) -> None:
        if key.startswith("Shift"):
            shift.current = False

    above: list[cv.Shape] = []
    if sight is not None and selection is not None:
        above = _being_drawn(sight, editing, tool, selection)
    canvas = cv.Canvas(
        shapes=above,
        on_resize=lambda event: set_room((event.width, event.height)),
        resize_interval=0,
    )
    touched = ft.GestureDetector(
        content=canvas,
        # Not where the movement is recognised as one, but where the finger came down.
        on_pan_down=lambda event: down(event.local_position),
        on_pan_update=lambda event: moved(event.local_position),
        on_pan_end=lambda event: lifted(event.local_position),
        on_pan_cancel=lambda _: select(None),
        drag_interval=_EVERY,
        mouse_cursor=ft.MouseCursor.PRECISE,
    )
    return ft.KeyboardListener(
        content=ft.Semantics(
            content=ft.Stack(
                [
                    *([_picture(editing, sight)] if sight else []),
                    ft.Container(touched, left=0, right=0, top=0, bottom=0),
                ],
                expand=True,
            ),
            identifier="photo-sheet",
            label=_said(tool, len(edits.marks)),
            container=True,
            image=True,
            focusable=True,
        ),
        autofocus=True,
        on_key_down=lambda event: key_down(event.key),
        on_key_repeat=lambda event: key_down(event.key) if event.key not in SETS else None,
        on_key_up=lambda event: key_up(event.key),
        expand=True,
    )


def _said(tool: Tool, marks: int) -> str:
    return " ".join(
        (
            t("Foto. Werkzeug: {tool}.", tool=tool_name(tool)),
            tn("{count} Markierung.", "{count} Markierungen.", marks),
            t("Eingabetaste setzt an, Pfeiltasten verschieben, mit Umschalttaste ändern sie die Größe."),
        )
    )


def _picture(editing: PhotoEditing, sight: Sight) -> ft.Control:
    """The photo as it will be kept, cut off at its edges."""
    edits, frame = editing.edits, sight.frame
    middle = sight.on_glass(edits.picture.centre)
    width, height = edits.width * sight.scale, edits.height * sight.scale
    photo = ft.Container(
        ft.Image(
            src=editing.source.data,
            width=width,
            height=height,
            fit=ft.BoxFit.FILL,
            exclude_from_semantics=True,
            gapless_playback=True,
        ),
        left=middle.x - width / 2 - frame.left,
        top=middle.y - height / 2 - frame.top,
        width=width,
        height=height,
        rotate=edits.turns * math.pi / 2,
    )
    marks = cv.Canvas(shapes=_shapes(edits.figures(), sight, frame))
    return ft.Container(
        ft.Stack(
            [photo, ft.Container(marks, left=0, right=0, top=0, bottom=0)],
            clip_behavior=ft.ClipBehavior.HARD_EDGE,
        ),
        left=frame.left,
        top=frame.top,
        width=frame.width,
        height=frame.height,
    )


def _being_drawn(sight: Sight, editing: PhotoEditing, tool: Tool, selection: Selection) -> list[cv.Shape]:
    if tool is Tool.CROP:
        return _cutting(sight.frame, selection.box)
    edits = editing.edits
    drawn = edits.drawn(tool, sight.in_picture(selection.start), sight.in_picture(selection.end))
    if drawn == edits:
        return []
    figures = drawn.marks[-1].figures(edits.picture, edits.visible)
    return _shapes(figures, sight, Box(0, 0, 0, 0))


def _cutting(frame: Box, left_over: Box) -> list[cv.Shape]:
    """The frame of what will be left, and shade over the rest."""
    shade = ft.Paint(color=_SHADE)
    rest = (
        Box(frame.left, frame.top, frame.width, left_over.top - frame.top),
        Box(frame.left, left_over.bottom, frame.width, frame.bottom - left_over.bottom),
        Box(frame.left, left_over.top, left_over.left - frame.left, left_over.height),
        Box(left_over.right, left_over.top, frame.right - left_over.right, left_over.height),
    )
    edges = [
        cv.Rect(
            left_over.left,
            left_over.top,
            left_over.width,
            left_over.height,
            paint=ft.Paint(color=colour, style=ft.PaintingStyle.STROKE, stroke_width=width),
        )
        for colour, width in ((DARK, 5), (LIGHT, 3))
    ]
    return [*(cv.Rect(box.left, box.top, box.width, box.height, paint=shade) for box in rest), *edges]


def _shapes(figures: Sequence[Figure], sight: Sight, origin: Box) -> list[cv.Shape]:
    """Figures of the photo as shapes on a canvas that begins at `origin` on the glass."""
    return [shape for figure in figures for shape in _shape(figure, sight, origin)]


def _shape(figure: Figure, sight: Sight, origin: Box) -> list[cv.Shape]:
    paints = []
    if figure.fill:
        # Without soft edges fields meet without a line between them.
        paints.append(ft.Paint(color=figure.fill, anti_alias=figure.form != "box"))
    if figure.stroke:
        paints.append(
            ft.Paint(
                color=figure.stroke,
                style=ft.PaintingStyle.STROKE,
                stroke_width=figure.width * sight.scale,
                stroke_join=ft.StrokeJoin.ROUND,
            )
        )
    if figure.form == "polygon":
        corners = [sight.on_glass(point).moved(-origin.left, -origin.top) for point in figure.points]
        first, *others = corners
        path = [
            cv.Path.MoveTo(first.x, first.y),
            *(cv.Path.LineTo(corner.x, corner.y) for corner in others),
            cv.Path.Close(),
        ]
        return [cv.Path(path, paint=paint) for paint in paints]
    box = sight.box_on_glass(figure.box)
    form = cv.Oval if figure.form == "oval" else cv.Rect
    return [
        form(box.left - origin.left, box.top - origin.top, box.width, box.height, paint=paint)
        for paint in paints
    ]
