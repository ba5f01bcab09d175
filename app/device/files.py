"""Photos from the device's files, and files that a person takes out of the tablet."""

from collections.abc import Callable

import flet as ft

_PHOTO_TYPES = ["jpg", "jpeg", "png", "webp"]


class Files:
    """The platform's file dialogs. Make one per page and keep it: Flet drops services that nobody holds."""

    def __init__(self) -> None:
        self._picker = ft.FilePicker(on_result=self._picked)
        self._saver = ft.FilePicker()
        self._take: Callable[[list[bytes]], None] = lambda _: None

    def pick_photos(self, take: Callable[[list[bytes]], None]) -> ft.PickFiles:
        """The action of a control that opens the photo dialog inside the person's own touch.

        iOS Safari ignores dialogs that are opened later from a program. `take` gets the contents of the
        chosen files; it is not called when the person cancels.
        """
        self._take = take
        return ft.PickFiles(
            file_picker=self._picker,
            file_type=ft.FilePickerFileType.CUSTOM,
            allowed_extensions=_PHOTO_TYPES,
            allow_multiple=True,
            with_data=True,
            cancel_upload_on_window_blur=False,
        )

    async def save(self, name: str, data: bytes) -> None:
        """Offer `data` as a file of this name."""
        await self._saver.save_file(file_name=name, src_bytes=data)

    def _picked(self, event: ft.FilePickerResultEvent) -> None:
        contents = [content for file in event.files if (content := _content(file)) is not None]
        if contents:
            self._take(contents)


def _content(file: ft.FilePickerFile) -> bytes | None:
    if file.bytes is not None:
        return bytes(file.bytes)
    if file.path is not None:  # a desktop without `with_data`
        with open(file.path, "rb") as readable:
            return readable.read()
    return None
