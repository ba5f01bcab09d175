"""What stays at the bottom while capturing: whether the draft is safe (the truth, at every moment) and the way out."""

from datetime import datetime

import flet as ft

from app.i18n import t
from app.i18n.times import ago
from app.state.drafting import DraftEditor, Kept
from app.ui.components.buttons import primary
from app.ui.components.frame import bottom, is_phone
from app.ui.components.touch import Handler, named, touchable
from app.ui.components.type import body, secondary
from app.ui.following import use_reading
from app.ui.guard import component
from app.ui.surroundings import Surroundings
from app.ui.text_size import at_most, is_crowded
from app.ui.theme import CARD_RADIUS, PRIMARY_HEIGHT, look
from protocol.observation import Urgency


@component
def SaveBar(
    here: Surroundings, editor: DraftEditor, on_done: Handler, on_again: Handler | None
) -> ft.Control:
    """The bar; redraws itself when what may be said about the draft changes.

    Args:
        on_again: saves and begins another one at the same place; None where that makes no sense.
    """
    kept = use_reading(editor, lambda: editor.kept)
    kept_at = use_reading(editor, lambda: editor.kept_at)
    urgent = use_reading(editor, lambda: editor.draft.urgency is Urgency.URGENT)
    state = _state(kept, kept_at, here.now(), correcting=editor.draft.based_on is not None)
    actions: list[ft.Control] = [
        _urgent(urgent, editor),
        *([_again(on_again)] if on_again else []),
        primary(t("Fertig"), on_done, icon=ft.Icons.CHECK, identifier="capture-save"),
    ]
    if is_phone(here.page):
        return bottom(
            here.page,
            ft.Column(
                [state, ft.Row([*actions[:-1], ft.Container(actions[-1], expand=True)], spacing=12)],
                spacing=10,
                tight=True,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            ),
        )
    return bottom(here.page, ft.Row([ft.Container(state, expand=True), *actions], spacing=14))


def _state(kept: Kept, kept_at: datetime | None, now: datetime, *, correcting: bool) -> ft.Control:
    colours = look()
    good = colours.good.text
    bad = colours.bad_strong
    icon, ink, first, second = {
        Kept.UNTOUCHED: (
            ft.Icons.EDIT_OUTLINED,
            colours.secondary,
            t("Noch nichts geändert") if correcting else t("Noch nichts geschrieben"),
            t("wird beim Schreiben von selbst gesichert"),
        ),
        Kept.KEEPING: (ft.Icons.SYNC, colours.secondary, t("Wird gesichert …"), t("auf diesem Tablet")),
        Kept.KEPT: (
            ft.Icons.CHECK_CIRCLE_OUTLINE,
            good,
            t("Entwurf gesichert"),
            t("auf diesem Tablet, {ago}", ago=ago(kept_at or now, now)),
        ),
        Kept.FULL: (
            ft.Icons.ERROR_OUTLINED,
            bad,
            t("Speicher voll: nicht gesichert"),
            t("Bitte Platz schaffen und hier offen lassen, oder gleich auf „Fertig“ tippen."),
        ),
        Kept.FAILED: (
            ft.Icons.ERROR_OUTLINED,
            bad,
            t("Nicht gesichert"),
            t("Das Tablet konnte nicht speichern. Bitte hier offen lassen und noch einmal tippen."),
        ),
    }[kept]
    # Large text leaves room for what must be known: the explanation stays where something has gone wrong.
    explained = not is_crowded() or ink == bad
    return named(
        ft.Row(
            [
                ft.Icon(icon, size=28, color=ink),
                ft.Column(
                    [
                        body(first, bold=True, color=ink, max_lines=1),
                        *([secondary(second, max_lines=2)] if explained else []),
                    ],
                    spacing=2,
                    tight=True,
                    expand=True,
                ),
            ],
            spacing=12,
        ),
        identifier="draft-state",
        live=True,
    )


def _again(on_again: Handler) -> ft.Control:
    """Several observations in one visit: saved, and the next one is open."""
    return touchable(
        ft.Icon(ft.Icons.POST_ADD, size=28, color=look().container.text),
        on_again,
        label=t("Fertig und gleich noch eine hier"),
        identifier="capture-again",
        radius=CARD_RADIUS,
        height=PRIMARY_HEIGHT,
        width=PRIMARY_HEIGHT,
        alignment=ft.Alignment.CENTER,
        bgcolor=look().container.ground,
    )


def _urgent(urgent: bool, editor: DraftEditor) -> ft.Control:
    colours = look()
    ink = colours.bad.text if urgent else colours.container.text
    parts: list[ft.Control] = [ft.Icon(ft.Icons.PRIORITY_HIGH, size=22, color=ink)] if urgent else []
    parts.append(ft.Text(t("Dringend"), size=at_most(18, 32), weight=ft.FontWeight.W_500, color=ink))
    return touchable(
        ft.Row(parts, spacing=6, tight=True, alignment=ft.MainAxisAlignment.CENTER),
        lambda: editor.change(urgency=Urgency.NORMAL if urgent else Urgency.URGENT),
        identifier="capture-urgent",
        selected=urgent,
        radius=CARD_RADIUS,
        height=PRIMARY_HEIGHT,
        padding=ft.Padding.symmetric(horizontal=12 if is_crowded() else 24),
        bgcolor=colours.bad.ground if urgent else colours.surface,
        border=ft.Border.all(2 if urgent else 1, colours.bad_strong if urgent else colours.strong_outline),
    )
