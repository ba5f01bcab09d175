"""Giving files to another app or person: the system's share sheet, inside the person's own touch."""

import flet as ft
from flet.controls.client_action import ClientAction, shared_service
from flet.controls.services.share import Share, ShareFile


class ShareFiles(ClientAction):
    """Opens the share sheet with files when the control is activated; browsers without one download them.

    Flet has such an action for texts and addresses only. A browser opens the sheet for nobody but a person's touch
    (Web Share API, "transient activation"), so that the files must be there before it: iOS does not wait for Python.
    """

    def __init__(self, files: list[ShareFile], *, title: str) -> None:
        super().__init__()
        self._bind(
            shared_service(Share),
            "share_files",
            {
                "files": files,
                "title": title,
                "download_fallback_enabled": True,
                # A mail without its attachment would look like one with it.
                "mail_to_fallback_enabled": False,
            },
        )


def can_share(page: ft.Page, *, is_web: bool) -> bool:
    """Whether this device has a share sheet, or a browser that downloads instead; a desktop app writes a file."""
    return is_web or page.platform in (ft.PagePlatform.ANDROID, ft.PagePlatform.IOS)


def file_to_share(name: str, data: bytes, media_type: str) -> ShareFile:
    """A file for `ShareFiles`."""
    return ShareFile.from_bytes(data, mime_type=media_type, name=name)
