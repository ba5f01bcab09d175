"""What was said of visits and the server did not take: with its reason, to be changed or given up."""

from functools import partial

import flet as ft

from app.i18n import t
from app.i18n.times import clock, long_day
from app.state.views import RefusedWord
from app.ui.components.buttons import outlined
from app.ui.components.cards import card
from app.ui.components.frame import part
from app.ui.components.type import body, secondary, section
from app.ui.surroundings import Surroundings


def refused_words(here: Surroundings) -> ft.Control | None:
    """The section; None where nothing was refused."""
    found = here.notebook.planning.refused()
    if not found:
        return None
    return part(section(t("Nicht angenommen")), *[_word(here, word) for word in found])


def _word(here: Surroundings, word: RefusedWord) -> ft.Control:
    plan = word.plan
    name = word.customer_name or t("Kunde ist nicht mehr auf diesem Tablet")
    if plan is None:
        what = t("Vorbereitung abgehakt")
    else:
        day = f"{long_day(plan.starts_at.astimezone().date())} · {clock(plan.starts_at)}"
        what = t("abgesagt: {day}", day=day) if plan.cancelled else day
    actions: list[ft.Control] = []
    if plan is not None and not plan.cancelled:
        actions.append(
            outlined(
                t("Ändern"),
                lambda: here.go(f"/plan?visit={word.visit_id}"),
                icon=ft.Icons.EDIT_CALENDAR_OUTLINED,
                identifier=f"change-{word.change_id}",
            )
        )
    actions.append(
        outlined(
            t("Verwerfen"),
            partial(_give_up, here, word),
            icon=ft.Icons.DELETE_OUTLINE,
            identifier=f"give-up-{word.change_id}",
            danger=True,
        )
    )
    return card(
        [
            body(name, bold=True, max_lines=2),
            secondary(" · ".join(text for text in (what, plan.purpose if plan else "") if text)),
            body(word.problem.title if word.problem else t("Ohne Begründung.")),
            ft.Row(actions, spacing=12, run_spacing=12, wrap=True),
        ]
    )


def _give_up(here: Surroundings, word: RefusedWord) -> None:
    planning, plan = here.notebook.planning, word.plan

    async def forget() -> None:
        await planning.give_up(word.change_id)
        if plan is None:
            here.say(t("Verworfen."))
            return

        async def bring_back() -> None:
            await planning.plan(plan, word.visit_id)

        here.say(t("Verworfen."), action=t("Rückgängig"), on_action=lambda: here.spawn(bring_back()))

    here.spawn(forget())
