"""A newer version of the app is ready: the person chooses when it starts."""

import flet as ft

from app.i18n import t
from app.ui.components.buttons import quiet
from app.ui.components.cards import notice
from app.ui.surroundings import Surroundings
from app.ui.theme import Tone


def update_notice(here: Surroundings) -> ft.Control:
    """A newer version is ready; the person chooses when."""
    return notice(
        Tone.CONTAINER,
        ft.Icons.UPDATE,
        t("Neue Version bereit"),
        t("Alles Geschriebene bleibt."),
        action=quiet(t("Jetzt neu starten"), lambda: here.spawn(_restart(here)), identifier="update-apply"),
        identifier="update-ready",
    )


async def _restart(here: Surroundings) -> None:
    await here.flush()
    here.launch.platform.updates.apply()
