"""The photos of a draft, small and in a row, in the camera: each one opens for editing."""

from functools import partial
from uuid import UUID

import flet as ft

from app.i18n import t
from app.state.drafting import DraftEditor
from app.ui.components.photos import Thumbnail
from app.ui.components.touch import touchable
from app.ui.following import use_reading
from app.ui.guard import component, keyed
from app.ui.surroundings import Surroundings

_WIDTH, _HEIGHT = 148, 112
_SHOWN = 0.72
"""Part of a thumbnail's size: large enough for a glove, small enough for four beside each other on a phone."""


@component
def RollStrip(here: Surroundings, editor: DraftEditor) -> ft.Control:
    """What was taken, the newest first."""
    kept = use_reading(editor, lambda: editor.draft.photos)
    held = use_reading(editor, lambda: editor.roll.held)
    shown: list[tuple[UUID, ft.Control]] = [
        (photo.id, keyed(Thumbnail, photo.sha256)(here, photo, editor.draft.id)) for photo in kept
    ]
    shown += [
        (
            photo.id,
            ft.Image(
                src=photo.scaled.data,
                width=_WIDTH,
                height=_HEIGHT,
                fit=ft.BoxFit.COVER,
                cache_width=_WIDTH * 2,
                gapless_playback=True,
            ),
        )
        for photo in held
    ]
    numbered = list(enumerate(shown, start=1))
    return ft.Row(
        [
            touchable(
                ft.Container(
                    picture,
                    width=_WIDTH * _SHOWN,
                    height=_HEIGHT * _SHOWN,
                    border_radius=12,
                    border=ft.Border.all(2, "#FFFFFF"),
                    clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
                ),
                partial(here.go, f"/capture/{editor.draft.id}/photo/{photo_id}"),
                label=t("Foto {number} bearbeiten", number=number),
                identifier=f"roll-{number}",
                radius=12,
                key=str(photo_id),
            )
            for number, (photo_id, picture) in reversed(numbered)
        ],
        spacing=10,
        scroll=ft.ScrollMode.AUTO,
    )
