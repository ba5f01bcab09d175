"""The way to the day's review on the first screen: quiet in the morning, at the top when the day nears its end."""

from collections.abc import Iterable
from datetime import datetime

import flet as ft

from app.i18n import t, tn
from app.state.views import VisitView
from app.ui.components.cards import line, lines
from app.ui.components.touch import touchable
from app.ui.components.type import body, secondary
from app.ui.surroundings import Surroundings
from app.ui.theme import FIELD_RADIUS, look
from protocol.rules.day import is_time


def day_nears_its_end(visits: Iterable[VisitView], now: datetime) -> bool:
    """Whether the review stands at the top."""
    return is_time(now.astimezone(), [view.visit.ends_at or view.visit.starts_at for view in visits])


def day_line(here: Surroundings, drafts: int, *, on_top: bool) -> ft.Control:
    """The way to the review.

    Args:
        drafts: how many there are to finish.
        on_top: whether it is time.
    """
    name, more = t("Tagesabschluss"), _more(drafts)
    if not on_top:
        return lines(
            [
                line(
                    body(name, bold=True),
                    more,
                    icon=ft.Icons.FACT_CHECK_OUTLINED,
                    chevron=True,
                    on_click=lambda: here.go("/day"),
                    identifier="day-review",
                )
            ]
        )
    pair = look().container
    return touchable(
        ft.Row(
            [
                ft.Icon(ft.Icons.FACT_CHECK_OUTLINED, size=28, color=pair.text),
                ft.Column(
                    [body(name, bold=True, color=pair.text), secondary(more, color=pair.text)],
                    spacing=2,
                    tight=True,
                    expand=True,
                ),
                ft.Icon(ft.Icons.CHEVRON_RIGHT, size=26, color=pair.text),
            ],
            spacing=16,
        ),
        lambda: here.go("/day"),
        identifier="day-review",
        radius=FIELD_RADIUS,
        padding=ft.Padding.symmetric(horizontal=18, vertical=12),
        bgcolor=pair.ground,
    )


def _more(drafts: int) -> str:
    if drafts:
        return tn(
            "{count} Entwurf zu Ende schreiben, Liste abgeben",
            "{count} Entwürfe zu Ende schreiben, Liste abgeben",
            drafts,
        )
    return t("Schritte bestätigen, Liste abgeben: eine Minute")
