"""A page of Flet without a browser: a real session whose connection records what would be drawn.

Everything that depends on Flet's internals is here, because they move between versions (tried with 1.0.5).
"""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import flet as ft
import msgpack
from flet.controls.base_control import BaseControl
from flet.controls.context import _context_page
from flet.messaging.connection import Connection
from flet.messaging.protocol import Message, MessageAction, configure_encode_object_for_msgpack
from flet.messaging.session import Session
from flet.pubsub.pubsub_hub import PubSubHub

from app.ui.text_size import text_scale


def encode(body: Any) -> bytes:
    """A message as it travels. Flet remembers what it last sent while it encodes, so this is not left out."""
    packed: bytes = msgpack.packb(
        body,
        default=configure_encode_object_for_msgpack(BaseControl),  # type: ignore[no-untyped-call]
    )
    return packed


class RecordingConnection(Connection):
    """Plays the browser's part: follows addresses, answers calls, keeps what it was told."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.pubsubhub = PubSubHub()
        self.loop = asyncio.get_running_loop()
        self.page_url = "http://127.0.0.1/app/"
        self.session: Session
        self.is_drawn_anew = False
        self.crashes: list[str] = []
        self.calls: list[tuple[str, Any]] = []
        self.takes_addresses = asyncio.Event()
        """Cleared: the browser is busy, and takes no address for the time being."""
        self.takes_addresses.set()
        self._tasks: set[asyncio.Task[None]] = set()

    def send_message(self, message: Message) -> None:
        """Take one message of the session."""
        encode(message.body)
        self.is_drawn_anew = True
        if message.action is MessageAction.SESSION_CRASHED:
            self.crashes.append(message.body.message)
        elif message.action is MessageAction.INVOKE_METHOD:
            task = self.loop.create_task(self._answer(message.body))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _answer(self, call: Any) -> None:
        self.calls.append((call.name, call.args))
        if call.name == "push_route":
            await self.takes_addresses.wait()
            await self.browse(call.args["route"])
        self.session.handle_invoke_method_results(call.control_id, call.call_id, None, None)

    async def browse(self, route: str) -> None:
        """The browser has another address, by its own buttons for example."""
        self.session.apply_page_patch({"route": route})
        await self.session.dispatch_event(1, "route_change", {"route": route})


class HeadlessPage:
    """A page, and a person in front of it."""

    def __init__(
        self, *, route: str = "/", width: float = 820, height: float = 1180, dark: bool = False
    ) -> None:
        self.connection = RecordingConnection()
        self.session = Session(self.connection)
        self.connection.session = self.session
        self.page: ft.Page = self.session.page
        self.session.apply_page_patch(
            {
                "route": route,
                "width": width,
                "height": height,
                "platform_brightness": "dark" if dark else "light",
            }
        )
        encode(self.session.get_page_patch())  # type: ignore[no-untyped-call]
        _context_page.set(self.page)
        self.moved: tuple[str, ...] = ()
        """Beginnings of identifiers of what comes to stand elsewhere, where a touch that has begun is not meant for it."""
        self._touchable: tuple[tuple[object, ...], dict[str, int]] = (), {}

    async def settle(self) -> None:
        """Let everything that is under way come to rest.

        Raises:
            AssertionError: what can be touched stands where it stood, but is another control: a touch that began before
                (a finger takes its 100 ms, and Python its own) would be answered by nobody.
        """
        for _ in range(60):
            await asyncio.sleep(0)
            if self.connection.is_drawn_anew:
                self.connection.is_drawn_anew = False
                self._keeps_its_touches()

    def _keeps_its_touches(self) -> None:
        (screen, before), now = self._touchable, self._touchables()
        self._touchable = self._screen(), now
        if screen == self._screen():
            lost = [name for name, control in before.items() if now.get(name, control) != control]
            lost = [name for name in lost if not name.startswith(self.moved)]
            assert not lost, f"a touch would be lost: {lost}"
        for control in self.controls():
            known = [key for child in _children(control) if (key := getattr(child, "key", None)) is not None]
            assert len(known) == len(set(known)), f"two of them have the same key: {known}"

    def _screen(self) -> tuple[object, ...]:
        """What makes a screen another one: what it is of, and whatever lays it out anew."""
        controls = list(self.controls())
        heads = [control for control in controls if isinstance(control, ft.Semantics) and control.header]
        return (
            *self.views()[-1:],
            *_words(_below(heads[:1])),
            self.page.width,
            self.page.height,
            text_scale(),
        )

    def _touchables(self) -> dict[str, int]:
        """What can be touched, by its identifier: the number by which Flutter tells of a touch."""
        found = {}
        for control in self.controls():
            if isinstance(control, ft.Semantics) and control.identifier:
                for inner in _below(control):
                    if getattr(inner, "on_click", None) is not None:
                        found[control.identifier] = inner._i
                        break
        return found

    def views(self) -> list[str]:
        """The addresses of the screens that lie one above the other, the topmost one last; "" of an empty card."""
        return [each.controls[0].key if each.controls else "" for each in self._cards()]

    def cards(self) -> list[str]:
        """The cards on which they are."""
        return [each.key for each in self._cards()]

    def _cards(self) -> list[Any]:
        views = _unwrapped(self.page.views)
        return views if isinstance(views, list) else [views]

    def controls(self) -> Iterator[BaseControl]:
        """Everything on the screen, top view and dialogs, in reading order."""
        yield from _below(self._cards()[-1])
        yield from _below(self.page._dialogs)

    def find(self, identifier: str) -> ft.Semantics:
        """What has this identifier. Raises AssertionError if there is none."""
        for control in self.controls():
            if isinstance(control, ft.Semantics) and control.identifier == identifier:
                return control
        raise AssertionError(f"{identifier} is not on the screen: {self.identifiers()}")

    def identifiers(self) -> list[str]:
        """All identifiers on the screen."""
        return [
            control.identifier
            for control in self.controls()
            if isinstance(control, ft.Semantics) and control.identifier
        ]

    def text(self, within: str | None = None) -> str:
        """Everything that can be read on the screen, or within what has an identifier."""
        found = _below(self.find(within)) if within else self.controls()
        return "\n".join(_words(found))

    async def tap(self, identifier: str) -> None:
        """Touch what has this identifier."""
        await self._event(
            identifier, "click", lambda control: getattr(control, "on_click", None) is not None, None
        )

    async def type(self, identifier: str, text: str) -> None:
        """Have `text` stand in the field with this identifier."""
        field = self._within(identifier, lambda control: isinstance(control, ft.TextField))
        self.session.apply_patch(field._i, {"value": text})
        await self.session.dispatch_event(field._i, "change", text)
        await self.settle()

    async def type_quickly(self, identifier: str, *texts: str) -> None:
        """Have one text after the other stand in the field, each before the app has heard of the one before."""
        field = self._within(identifier, lambda control: isinstance(control, ft.TextField))
        for text in texts:
            self.session.apply_patch(field._i, {"value": text})
            if text != texts[-1]:
                await self.session.dispatch_event(field._i, "change", text)
        await self.settle()

    def stands_in(self, identifier: str) -> str:
        """What a person sees in the field with this identifier."""
        field = self._within(identifier, lambda control: isinstance(control, ft.TextField))
        assert isinstance(field, ft.TextField)
        return field.value or ""

    async def undo(self) -> None:
        """Touch the action of the message at the bottom."""
        actions = [control for control in self.controls() if isinstance(control, ft.SnackBarAction)]
        assert actions, "there is nothing to undo"
        await self.session.dispatch_event(actions[-1]._i, "click", None)
        await self.settle()

    async def scroll(self, *, extent_after: float) -> None:
        """Move the list on the screen until so much of it (dp) is left below."""
        moved = [control for control in self.controls() if getattr(control, "on_scroll", None) is not None]
        assert moved, "no list hears that it is moved"
        place = {"event_type": "update", "pixels": 100.0, "min_scroll_extent": 0.0, "scroll_delta": 100.0,
                 "max_scroll_extent": 100.0 + extent_after, "viewport_dimension": 900.0}  # fmt: skip
        await self.session.dispatch_event(moved[-1]._i, "scroll", place)
        await self.settle()

    async def _event(
        self, identifier: str, event: str, fits: Callable[[BaseControl], bool], data: Any
    ) -> None:
        await self.session.dispatch_event(self._within(identifier, fits)._i, event, data)
        await self.settle()

    def _within(self, identifier: str, fits: Callable[[BaseControl], bool]) -> BaseControl:
        for control in _below(self.find(identifier)):
            if fits(control):
                return control
        raise AssertionError(f"nothing to use in {identifier}")


def _unwrapped(value: Any) -> Any:
    while getattr(value, "_c", None) == "C":
        value = value._b
    return value


def _below(control: Any) -> Iterator[BaseControl]:
    control = _unwrapped(control)
    if isinstance(control, list | tuple):
        for item in control:
            yield from _below(item)
        return
    if not isinstance(control, BaseControl):
        return
    yield control
    for field in fields(control):
        if field.name.startswith("_") or field.metadata.get("skip"):
            continue
        value = getattr(control, field.name, None)
        if isinstance(value, BaseControl | list) or is_dataclass(value):
            yield from _below(value)


def _children(control: BaseControl) -> Iterator[Any]:
    """What stands beside each other in a control."""
    for name in ("controls", "views", "actions"):
        children = _unwrapped(getattr(control, name, None))
        if isinstance(children, list):
            yield from children


def _words(controls: Iterator[BaseControl]) -> Iterator[str]:
    for control in controls:
        if isinstance(control, ft.Text):
            yield control.value or "".join(str(span.text or "") for span in control.spans or ())
        elif isinstance(control, ft.TextField):
            for said in (control.label, control.hint_text, control.value):
                if isinstance(said, str) and said:
                    yield said
        elif isinstance(control, ft.Semantics | ft.SnackBarAction) and control.label:
            yield str(control.label)
