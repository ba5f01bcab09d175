"""The checklist of a visit's preparation: one tap ticks a point, another one opens it again; without network."""

import flet as ft

from app.i18n import language, t
from app.state.views import VisitView
from app.ui.components.cards import lines
from app.ui.components.frame import part
from app.ui.components.touch import touchable
from app.ui.components.type import body, section
from app.ui.surroundings import Surroundings
from app.ui.theme import look
from protocol.rules.preparation import Prepares


def checklist_part(here: Surroundings, view: VisitView) -> ft.Control | None:
    """The section; None where the firm wants nothing prepared."""
    points = here.notebook.planning.checklist(view)
    if not points:
        return None
    heading = " · ".join((t("Vorbereitung"), _count(points)))
    return part(section(heading), lines([_row(here, view, point) for point in points]))


def prepared_words(here: Surroundings, view: VisitView) -> str:
    """How much is prepared: "Vorbereitung: 2 von 6"; "" where nothing is to be."""
    points = here.notebook.planning.checklist(view)
    return t("Vorbereitung: {count}", count=_count(points)) if points else ""


def _count(points: list[Prepares]) -> str:
    done = sum(point.done_at is not None for point in points)
    return t("{done} von {total}", done=done, total=len(points))


def _row(here: Surroundings, view: VisitView, point: Prepares) -> ft.Control:
    colours, done = look(), point.done_at is not None
    words = point.words.spoken(language())
    icon = ft.Icons.CHECK_BOX if done else ft.Icons.CHECK_BOX_OUTLINE_BLANK

    def toggle() -> None:
        here.spawn(here.notebook.planning.prepare(view.visit.id, point.item, done=not done))

    return touchable(
        ft.Row(
            [
                ft.Icon(icon, size=32, color=colours.container.text),
                ft.Container(
                    body(words, color=colours.secondary if done else None, max_lines=3), expand=True
                ),
            ],
            spacing=16,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        toggle,
        label=t("Erledigt, wieder öffnen: {task}", task=words) if done else t("Erledigt: {task}", task=words),
        identifier=f"prepare-{point.item}",
        selected=done,
        radius=0,
        padding=ft.Padding.symmetric(horizontal=20, vertical=14),
        key=f"prepare-{point.item}",
    )
