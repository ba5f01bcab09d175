"""The field on the glass in which somebody signs: every stroke of finger or pen, drawn as it will be kept."""

import asyncio
from collections.abc import Callable, Iterable, Sequence

import flet as ft
import flet.canvas as cv

from app.i18n import t, tn
from app.ink.strokes import DOT, LINE, Ink, Stroke, along, bends, coalesced
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
_PIECE = 12
"""Curves of the stroke under the finger that are sent anew at each drawing; what lies before them is on the glass."""
_APART = 3.0
"""Dp between two corners of what looks round."""


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

    guides = ft.use_memo(lambda: _guides(*room), [room])
    sheet = ft.use_memo(lambda: _Sheet(sight) if sight else None, [field.width, field.height, room])
    canvas = cv.Canvas(
        shapes=[*guides, *sheet.dry(field.strokes), *sheet.wet(moving.current or ())] if sheet else [],
        on_resize=lambda event: set_room((event.width, event.height)),
        resize_interval=0,
    )
    touched = ft.GestureDetector(
        content=canvas,
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


class _Sheet:
    """The shapes of strokes on a field of one size, each made once.

    Flet compares every shape with the one before at each drawing, but for those that are the same object; and a browser's
    Python is slow. So a stroke is many short shapes, of which only the last one grows. Measured with seven strokes of a
    hundred places: 55 ms of processor time for each place drawn when all was made anew, 6 ms like this.
    """

    def __init__(self, sight: Sight) -> None:
        frame, scale = sight.frame, sight.scale
        self._place: Callable[[Point], Point] = lambda point: Point(
            frame.left + point.x * scale, frame.top + point.y * scale
        )
        self._line = LINE * scale
        self._dry: dict[Stroke, list[cv.Shape]] = {}
        self._wet: tuple[Point | None, list[cv.Shape]] = (None, [])

    def dry(self, strokes: Iterable[Stroke]) -> list[cv.Shape]:
        """The shapes of strokes that will not change."""
        self._dry = {stroke: self._dry.get(stroke) or self._pieces(stroke, []) for stroke in strokes}
        return [shape for shapes in self._dry.values() for shape in shapes]

    def wet(self, stroke: Sequence[Point]) -> list[cv.Shape]:
        """The shapes of the stroke under the finger."""
        if not stroke:
            return []
        if self._wet[0] is not stroke[0]:
            self._wet = (stroke[0], [])
        return self._pieces(stroke, self._wet[1])

    def _pieces(self, stroke: Sequence[Point], known: list[cv.Shape]) -> list[cv.Shape]:
        """The shapes of a stroke; those that will not change are added to `known`, which are not made again."""
        start, curves = stroke[0], list(bends(stroke))
        if not curves:
            return [self._shape([start], wider=DOT)]
        # The last curve will be another one as soon as the stroke goes on.
        for number in range(len(known), (len(curves) - 1) // _PIECE):
            known.append(self._curves(start, curves, number * _PIECE, (number + 1) * _PIECE))
        return [*known, self._curves(start, curves, len(known) * _PIECE, len(curves))]

    def _curves(self, start: Point, curves: list[tuple[Point, Point]], first: int, end: int) -> cv.Shape:
        begin = curves[first - 1][1] if first else start
        return self._shape([begin, *along(begin, curves[first:end], _APART)])

    def _shape(self, places: Iterable[Point], *, wider: float = 1) -> cv.Shape:
        on_glass = [self._place(place) for place in places]
        return cv.Points(
            [(round(place.x, 1), round(place.y, 1)) for place in on_glass],
            point_mode=cv.PointMode.POLYGON if len(on_glass) > 1 else cv.PointMode.POINTS,
            paint=ft.Paint(
                color=INK,
                style=ft.PaintingStyle.STROKE,
                stroke_width=self._line * wider,
                stroke_cap=ft.StrokeCap.ROUND,
                stroke_join=ft.StrokeJoin.ROUND,
            ),
        )


def _next(count: int) -> int:
    return count + 1
