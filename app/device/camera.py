"""The tablet's camera: which one, at which resolution, and one picture as JPEG bytes."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import flet as ft
from flet_camera import (
    Camera,
    CameraDescription,
    CameraLensDirection,
    ResolutionPreset,
)

from app.device.errors import UnreadablePhoto
from app.device.pictures import unmirrored

_REFUSALS = ("denied", "notallowed", "permission", "restricted")
"""Parts of the codes and messages with which browsers and systems tell that the person did not allow it."""


_LETTING_GO = 0.5
"""Seconds after which a camera is asked again: browsers give it back a moment after its picture has gone."""

_T = TypeVar("_T")


class NoCamera(Exception):
    """There is no camera, another app has it, or the person did not allow its use."""

    @property
    def refused(self) -> bool:
        """Whether the person (or the system) did not allow it."""
        return any(sign in str(self).lower() for sign in _REFUSALS)


class Viewfinder:
    """A camera and its live picture. `control` is to be shown before `start` is called.

    Args:
        web: whether this is a browser. There Flet's camera gives the picture of every camera that is not known to be on
            the back as a mirror shows it, with all writing reversed.
    """

    def __init__(self, *, web: bool = False) -> None:
        self._web = web
        self.control = Camera(expand=True, preview_enabled=True)
        self._cameras: list[CameraDescription] = []
        self._current = 0

    @staticmethod
    def is_possible(page: ft.Page) -> bool:
        """Whether a viewfinder can be shown at all. On a desktop merely showing one would stop all drawing."""
        return page.web or page.platform in {ft.PagePlatform.ANDROID, ft.PagePlatform.IOS}

    @property
    def can_turn(self) -> bool:
        """Whether there is another camera to switch to."""
        return len(self._cameras) > 1

    async def start(self) -> None:
        """Switch the camera on, the one on the back if there is one. Raises NoCamera."""
        self._cameras = await _twice(self.control.get_available_cameras)
        if not self._cameras:
            raise NoCamera("no camera found")
        backs = [
            index
            for index, camera in enumerate(self._cameras)
            if camera.lens_direction is CameraLensDirection.BACK
        ]
        self._current = backs[0] if backs else 0
        await self._switch_on()

    async def turn(self) -> None:
        """Switch to the next camera. Raises NoCamera."""
        self._current = (self._current + 1) % len(self._cameras)
        await self._switch_on()

    async def take(self) -> bytes:
        """One picture, as JPEG, in which writing can be read. Raises NoCamera."""
        camera = self._cameras[self._current]
        try:
            data = bytes(await self.control.take_picture())
        except RuntimeError as error:
            raise NoCamera(str(error)) from error
        if not self._web or camera.lens_direction is CameraLensDirection.BACK:
            return data
        try:
            return unmirrored(data)
        except UnreadablePhoto:
            return data  # half a picture: whoever reads it says so

    async def _switch_on(self) -> None:
        await _twice(
            lambda: self.control.initialize(
                self._cameras[self._current],
                # 1080p or more: enough to read a type plate; the tablet scales to 2048 pixels anyway.
                ResolutionPreset.VERY_HIGH,
                enable_audio=False,
            )
        )


async def _twice(ask: Callable[[], Awaitable[_T]]) -> _T:
    """What a camera gives; asked once more where it has not been let go yet by the screen before. Raises NoCamera."""
    try:
        return await _asked(ask)
    except NoCamera as failure:
        if failure.refused:
            raise
    await asyncio.sleep(_LETTING_GO)
    return await _asked(ask)


async def _asked(ask: Callable[[], Awaitable[_T]]) -> _T:
    try:
        return await ask()
    except RuntimeError as error:
        raise NoCamera(str(error)) from error


__all__ = ["NoCamera", "Viewfinder"]
