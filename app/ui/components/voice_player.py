"""One voice note: play it, stop it, see how far it is; take it away where that is possible."""

from collections.abc import Callable
from uuid import UUID

import flet as ft

from app.i18n import t
from app.ui.components.buttons import symbol
from app.ui.components.touch import named, touchable
from app.ui.components.type import body, secondary
from app.ui.following import use_reading
from app.ui.guard import component
from app.ui.surroundings import Surroundings
from app.ui.theme import FIELD_RADIUS, look
from protocol.voice import VoiceNote, minutes

_BUTTON = 64


@component
def VoicePlayer(
    here: Surroundings,
    note: VoiceNote,
    observation_id: UUID,
    remove: Callable[[VoiceNote], None] | None = None,
) -> ft.Control:
    """The row of a voice note.

    Args:
        observation_id: the observation that it is of, or of whose thread.
        remove: takes it away; None where it has been saved.
    """
    speaker = here.notebook.speaker
    plays, place, broken = use_reading(
        speaker,
        lambda: (
            speaker.playing == note.id,
            speaker.played_to.get(note.id, 0.0),
            note.id in speaker.unplayable,
        ),
    )
    gone, set_gone = ft.use_state(False)

    async def play() -> None:
        data = await here.notebook.photo(note.sha256)
        if data is None:
            set_gone(True)
        else:
            speaker.play(note, data)

    def press() -> None:
        if plays:
            speaker.be_quiet()
        else:
            here.spawn(play())

    colours = look()
    length = minutes(note.seconds)
    said = length
    if gone:
        missing = here.notebook.photo_is_missing(observation_id, note)
        said = t("fehlt") if missing else t("nicht mehr auf diesem Tablet, beim Server")
    elif broken:
        said = t("kann hier nicht abgespielt werden")
    elif plays or place:
        said = t("{place} von {length}", place=minutes(place), length=length)
    texts: list[ft.Control] = [
        body(t("Sprachnotiz"), bold=True, max_lines=1),
        named(secondary(said), identifier=f"voice-said-{note.id}"),
    ]
    if plays or place:
        share = min(1.0, place / note.seconds)
        texts.append(
            ft.ProgressBar(
                value=share,
                bar_height=6,
                border_radius=3,
                color=colours.primary.ground,
                bgcolor=colours.neutral.ground,
            )
        )
    row: list[ft.Control] = [
        touchable(
            ft.Icon(
                ft.Icons.PAUSE if plays else ft.Icons.PLAY_ARROW,
                size=34,
                color=colours.secondary if gone else colours.container.text,
            ),
            None if gone else press,
            label=t("Sprachnotiz anhalten")
            if plays
            else t("Sprachnotiz abspielen, {length} Minuten", length=length),
            identifier=f"voice-play-{note.id}",
            width=_BUTTON,
            height=_BUTTON,
            radius=_BUTTON / 2,
            bgcolor=colours.container.ground,
            alignment=ft.Alignment.CENTER,
        ),
        ft.Column(texts, spacing=3, tight=True, expand=True),
    ]
    if remove is not None:
        row.append(
            symbol(
                ft.Icons.DELETE_OUTLINED,
                t("Sprachnotiz verwerfen"),
                lambda: remove(note),
                identifier=f"voice-remove-{note.id}",
                color=colours.secondary,
            )
        )
    return ft.Container(
        ft.Row(row, spacing=14, vertical_alignment=ft.CrossAxisAlignment.CENTER),
        bgcolor=colours.surface,
        border=ft.Border.all(1, colours.outline),
        border_radius=FIELD_RADIUS,
        padding=ft.Padding.only(left=10, right=6, top=8, bottom=8),
        key=str(note.id),
    )
