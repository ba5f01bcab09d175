"""Photos: thumbnails from the tablet's store, with a way to remove them, and the ways to add one."""

from uuid import UUID

import flet as ft

from app.i18n import t, tn
from app.state.drafting import DraftEditor
from app.state.errors import PhotoError, StoreError
from app.ui.components.buttons import symbol
from app.ui.components.cards import notice
from app.ui.components.touch import touchable
from app.ui.following import use_reading
from app.ui.guard import component, keyed
from app.ui.routes import Screen, place
from app.ui.surroundings import Surroundings
from app.ui.theme import FIELD_RADIUS, GAP, Tone, look
from app.ui.words import failure
from protocol.observation import Photo

_WIDTH = 148
_HEIGHT = 112
_VEIL = "#99000000"
"""Under white signs on a photo."""


@component
def PhotoStrip(here: Surroundings, editor: DraftEditor) -> ft.Control:
    """The photos of a draft."""
    photos = use_reading(editor, lambda: editor.draft.photos)
    waiting = use_reading(editor, lambda: editor.roll.held)
    taking, set_taking = ft.use_state(0)

    async def take(contents: list[bytes]) -> None:
        set_taking(len(contents))
        try:
            for content in contents:
                try:
                    await editor.add_photo(content)
                except (PhotoError, StoreError) as error:
                    # One file that is no photo must not cost the others that were chosen with it.
                    here.say(failure(error))
        finally:
            set_taking(0)

    def taken(contents: list[bytes]) -> None:
        here.spawn(take(contents))

    tiles: list[ft.Control] = [
        _removable(here, editor, photo, number) for number, photo in enumerate(photos, start=1)
    ]
    tiles += [_unkept(held.scaled.data) for held in waiting]
    if taking:
        tiles.append(_frame(ft.ProgressRing(width=32, height=32)))
    tiles.append(
        touchable(
            _face(ft.Icons.PHOTO_CAMERA_OUTLINED, t("Kamera")),
            lambda: here.go(f"/capture/{editor.draft.id}/camera"),
            identifier="photo-camera",
            radius=FIELD_RADIUS,
            width=_HEIGHT,
            height=_HEIGHT,
            bgcolor=look().surface,
            border=ft.Border.all(1, look().strong_outline),
        )
    )
    tiles.append(
        touchable(
            _face(ft.Icons.PHOTO_LIBRARY_OUTLINED, t("Datei")),
            None,
            action=here.files.pick_photos(taken),
            identifier="photo-file",
            radius=FIELD_RADIUS,
            width=_HEIGHT,
            height=_HEIGHT,
            bgcolor=look().surface,
            border=ft.Border.all(1, look().strong_outline),
        )
    )
    return ft.Row(tiles, spacing=GAP, run_spacing=GAP, wrap=True)


def remove_photo(here: Surroundings, editor: DraftEditor, photo_id: UUID) -> None:
    """Take a photo out of a draft, kept or not yet kept; the person is offered to have it back."""
    held = editor.roll.drop(photo_id)
    before = editor.draft.photos
    if held is None:
        editor.change(photos=tuple(photo for photo in before if photo.id != photo_id))

    def undo() -> None:
        if held is not None:
            editor.roll.hold_again(held)
            here.spawn(editor.left_photo(goes_on=place(here.route).screen is Screen.CAMERA))
            return
        # What was done to the others meanwhile stays.
        photos = list(editor.draft.photos)
        place_before, photo = next(
            (number, photo) for number, photo in enumerate(before) if photo.id == photo_id
        )
        photos.insert(place_before, photo)
        editor.change(photos=tuple(photos))

    here.say(t("Foto entfernt."), action=t("Rückgängig"), on_action=undo)


@component
def Thumbnail(here: Surroundings, photo: Photo, observation_id: UUID) -> ft.Control:
    """One photo, small; a word where its bytes are no longer on the tablet."""
    data, set_data = ft.use_state(None)
    missing, set_missing = ft.use_state(False)

    async def load() -> None:
        found = await here.notebook.photo(photo.sha256)
        if found is None:
            set_missing(True)
        else:
            set_data(lambda _: found)

    def begin() -> None:
        here.spawn(load())

    ft.use_effect(begin, [photo.sha256])
    if data is not None:
        return _frame(
            ft.Image(
                src=data,
                width=_WIDTH,
                height=_HEIGHT,
                fit=ft.BoxFit.COVER,
                cache_width=_WIDTH * 2,
                semantics_label=photo.caption or t("Foto"),
                gapless_playback=True,
            )
        )
    if missing:
        is_missing = here.notebook.photo_is_missing(observation_id, photo)
        return _frame(
            ft.Text(t("fehlt") if is_missing else t("beim Server"), size=16, color=look().secondary)
        )
    return _frame(ft.ProgressRing(width=32, height=32))


def photos_missing(count: int) -> ft.Control | None:
    """That photos are neither here nor at the server any more."""
    if not count:
        return None
    return notice(
        Tone.BAD,
        ft.Icons.ERROR_OUTLINED,
        tn("{count} Foto fehlt", "{count} Fotos fehlen", count),
        t(
            "Weder auf diesem Tablet noch beim Server zu finden. Der Text ist da, und der Innendienst weiß "
            "Bescheid. Wenn es noch geht: mit „Berichtigen“ ein neues Foto anfügen."
        ),
        identifier="photos-missing",
    )


def _removable(here: Surroundings, editor: DraftEditor, photo: Photo, number: int) -> ft.Control:
    draft_id = editor.draft.id
    return ft.Stack(
        [
            touchable(
                ft.Stack(
                    [
                        keyed(Thumbnail, photo.sha256)(here, photo, draft_id),
                        ft.Container(
                            ft.Icon(ft.Icons.EDIT_OUTLINED, size=24, color="#FFFFFF"),
                            bgcolor=_VEIL,
                            border_radius=20,
                            padding=6,
                            left=6,
                            bottom=6,
                        ),
                    ]
                ),
                lambda: here.go(f"/capture/{draft_id}/photo/{photo.id}"),
                label=t("Foto {number} bearbeiten", number=number),
                identifier=f"photo-edit-{photo.id}",
                radius=FIELD_RADIUS,
                width=_WIDTH,
                height=_HEIGHT,
            ),
            ft.Container(
                symbol(
                    ft.Icons.CLOSE,
                    t("Foto {number} entfernen", number=number),
                    lambda: remove_photo(here, editor, photo.id),
                    identifier=f"photo-remove-{photo.id}",
                    color="#FFFFFF",
                ),
                bgcolor=_VEIL,
                border_radius=28,
                right=2,
                top=2,
            ),
        ],
        width=_WIDTH,
        height=_HEIGHT,
        key=str(photo.id),
    )


def _unkept(data: bytes) -> ft.Control:
    """A photo that is still in memory alone: for a moment, or because there is no room for it."""
    return ft.Stack(
        [
            _frame(ft.Image(src=data, width=_WIDTH, height=_HEIGHT, fit=ft.BoxFit.COVER)),
            ft.Container(
                ft.Text(t("noch nicht gesichert"), size=16, color="#FFFFFF", text_align=ft.TextAlign.CENTER),
                bgcolor=_VEIL,
                left=0,
                right=0,
                bottom=0,
                padding=4,
            ),
        ],
        width=_WIDTH,
        height=_HEIGHT,
    )


def _frame(content: ft.Control) -> ft.Control:
    return ft.Container(
        content=content,
        width=_WIDTH,
        height=_HEIGHT,
        border_radius=FIELD_RADIUS,
        bgcolor=look().neutral.ground,
        alignment=ft.Alignment.CENTER,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
    )


def _face(icon: ft.IconData, text: str) -> ft.Control:
    colours = look()
    return ft.Column(
        [
            ft.Icon(icon, size=32, color=colours.container.text),
            ft.Text(text, size=16, weight=ft.FontWeight.W_500, color=colours.container.text),
        ],
        spacing=6,
        alignment=ft.MainAxisAlignment.CENTER,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )
