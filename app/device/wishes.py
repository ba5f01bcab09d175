"""What a person asks of every app on the device: larger text, more contrast. Followed until chosen otherwise."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Wishes:
    """What browser or system were told."""

    text_scale: float = 1.0
    """How large text is wanted: 1.0 is as drawn, 2.0 twice as large."""
    more_contrast: bool = False


class DeviceWishes(Protocol):
    """Where the wishes are heard, and where a text size of the person's own choice is made true."""

    can_scale_text: bool
    """Whether `scale_text` does something; natively Flutter follows the system by itself."""

    def now(self) -> Wishes:
        """The wishes as they are."""

    def subscribe(self, listener: Callable[[], None]) -> None:
        """Call `listener` when they change."""

    def scale_text(self, scale: float | None) -> None:
        """Have all text drawn so large; None: as the device says."""


class NoWishes:
    """Where the platform does not tell (every one but the browser)."""

    can_scale_text = False

    def now(self) -> Wishes:
        """As drawn."""
        return Wishes()

    def subscribe(self, listener: Callable[[], None]) -> None:
        """They never change."""

    def scale_text(self, scale: float | None) -> None:
        """Does nothing."""


class WebWishes:
    """The browser's, over the page (webapp/page/wishes.js): the worker has neither style sheets nor media queries."""

    can_scale_text = True

    def __init__(self) -> None:
        self._listeners: list[Callable[[], None]] = []

    def now(self) -> Wishes:
        """See `DeviceWishes`."""
        import flet_js

        told = flet_js.wishes
        return Wishes(float(told.textScale), bool(told.moreContrast))

    def subscribe(self, listener: Callable[[], None]) -> None:
        """See `DeviceWishes`."""
        import flet_js
        from pyodide.ffi import create_proxy

        if not self._listeners:
            flet_js.wishes_changed = create_proxy(self._changed)
        self._listeners.append(listener)

    def scale_text(self, scale: float | None) -> None:
        """See `DeviceWishes`."""
        import js

        js.self.postMessage(js.JSON.parse(json.dumps({"scaleText": scale})))

    def _changed(self) -> None:
        for listener in tuple(self._listeners):
            listener()
