"""The field on the glass in which somebody signs: every stroke of finger or pen, drawn as it will be kept."""

import asyncio
from collections.abc import Sequence

import flet as ft
import flet.canvas as cv

from app.i18n import t, tn
from app.ink.strokes import LINE, Ink, Stroke, bends, coalesced
from app.photo.geometry import Point, Sight
from app.state.drafting import DraftEditor
from app.state.signing import Signing
from app.ui.following import use_reading
from app.ui.guard import component
from app.ui.surroundings import Surroundings
from app.ui.theme import FIELD_RADIUS, look

PAPER, INK = "#FFFFFF", "#101820"
"""Also where everything else is dark: it is a sheet of paper, and so it will be shown."""
_BASELINE, _CROSS = "#9AA8AC", "#6B7B80"
_PIECE = 24
"""Places of the stroke under the finger that are sent anew at each drawing; what lies before them is on the glass."""


@component
def SignaturePad(here: Surroundings, editor: DraftEditor, signing: Signing) -> ft.Control:
    """The sheet, as large as there is room for it."""
    ink = use_reading(editor, lambda: signing.ink)
    room, set_room = ft.use_state((0.0, 0.0))
    _, draw_again = ft.use_state(0)
    # What the finger does arrives faster than it is drawn: every place is here, at once.
    moving: ft.MutableRef[list[Point] | None] = ft.use_ref(None)
    asked: ft.MutableRef[bool] = ft.use_ref(False)
    field = ink or Ink(*room)
    sight = Sight(field.field, 0, *room) if all(room) else None

    def place(offset: ft.Offset) -> None:
        stroke = moving.current
        if sight is None or stroke is None:
            return
        touched = sight.in_picture(Point(offset.x, offset.y))
        if not coalesced(stroke, touched):
            stroke.append(touched)

    def down(offset: ft.Offset) -> None:
        lifted()  # a second finger: what the first one has drawn stays
        moving.current = []
        place(offset)

    def moved(offset: ft.Offset) -> None:
        place(offset)
        if not asked.current:
            asked.current = True
            here.spawn(soon())

    async def soon() -> None:
        # Places that wait to be heard come first: one drawing serves them all, and none of them waits for it.
        await asyncio.sleep(0)
        asked.current = False
        if moving.current is not None:
            draw_again(_next)

    def lifted() -> None:
        stroke, moving.current = moving.current, None
        if stroke and not signing.draw(tuple(stroke), *room):
            here.say(t("Das Feld ist voll. Mit „Neu“ beginnt es von vorn."))

    under_the_finger = tuple(moving.current or ())
    sheet = cv.Canvas(
        shapes=[*_guides(*room), *_drawn((*field.strokes, under_the_finger), sight)] if sight else [],
        on_resize=lambda event: set_room((event.width, event.height)),
        resize_interval=0,
    )
    touched = ft.GestureDetector(
        content=sheet,
        on_pan_down=lambda event: down(event.local_position),
        on_pan_update=lambda event: moved(event.local_position),
        on_pan_end=lambda _: lifted(),
        # A finger that comes down and leaves is no movement: it has set a dot.
        on_pan_cancel=lambda _: lifted(),
        drag_interval=0,
        mouse_cursor=ft.MouseCursor.PRECISE,
    )
    return ft.Semantics(
        content=ft.Container(
            touched,
            bgcolor=PAPER,
            border=ft.Border.all(2, look().strong_outline),
            border_radius=FIELD_RADIUS,
            clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
            expand=True,
        ),
        identifier="sign-pad",
        label=" ".join((
            t("Feld für die Unterschrift, mit Finger oder Stift."),
            tn("{count} Strich.", "{count} Striche.", len(field.strokes)),
        )),
        container=True,
        image=True,
        expand=True,
    )  # fmt: skip


def _guides(width: float, height: float) -> list[cv.Shape]:
    """A line to write on with a cross before it, as on paper."""
    across, base = width * 0.07, height * 0.72
    arm = min(9.0, height * 0.05)
    pencil = ft.Paint(color=_CROSS, stroke_width=2, stroke_cap=ft.StrokeCap.ROUND)
    return [
        cv.Line(across, base, width - across, base, paint=ft.Paint(color=_BASELINE, stroke_width=1.5)),
        cv.Line(across, base - 3 * arm, across + 2 * arm, base - arm, paint=pencil),
        cv.Line(across, base - arm, across + 2 * arm, base - 3 * arm, paint=pencil),
    ]


def _drawn(strokes: Sequence[Stroke], sight: Sight) -> list[cv.Shape]:
    """The strokes in pieces, so that a long one is not sent again as a whole whenever it grows."""
    return [shape for stroke in strokes if stroke for shape in _pieces(stroke, sight)]


def _pieces(stroke: Stroke, sight: Sight) -> list[cv.Shape]:
    width = LINE * sight.scale
    start = sight.on_glass(stroke[0])
    if len(stroke) == 1:
        return [cv.Circle(start.x, start.y, width * 0.75, paint=ft.Paint(color=INK))]
    paint = ft.Paint(
        color=INK,
        style=ft.PaintingStyle.STROKE,
        stroke_width=width,
        stroke_cap=ft.StrokeCap.ROUND,
        stroke_join=ft.StrokeJoin.ROUND,
    )
    found: list[cv.Shape] = []
    path: list[cv.Path.PathElement] = [cv.Path.MoveTo(start.x, start.y)]
    for control, end in bends(stroke):
        over, to = sight.on_glass(control), sight.on_glass(end)
        path.append(cv.Path.QuadraticTo(over.x, over.y, to.x, to.y))
        if len(path) > _PIECE:
            found.append(cv.Path(path, paint=paint))
            path = [cv.Path.MoveTo(to.x, to.y)]
    if len(path) > 1:
        found.append(cv.Path(path, paint=paint))
    return found


def _next(count: int) -> int:
    return count + 1
