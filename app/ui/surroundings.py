"""What every screen can reach: the tablet, the way to other screens, a word to the person, the device."""

import asyncio
import contextvars
import logging
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import flet as ft

from app.i18n import language, t, use
from app.state.launch import Launch, Stage
from app.state.notebook import Notebook
from app.state.session import Tablet
from app.state.views import Draft, VisitView
from app.ui.address import Address
from app.ui.appearance import Appearance
from app.ui.news import Hand
from app.ui.routes import TABS, Screen, Trail, place
from app.ui.saying import Saying
from app.ui.words import failure
from protocol.observation import Kind

if TYPE_CHECKING:
    from app.device.files import Files
    from app.state.begun_text import BegunText
    from app.state.drafting import DraftEditor

log = logging.getLogger(__name__)

_AFTER_FIRST_SCREEN = 0.3
"""Seconds between the first drawing and the first synchronisation."""
_EARLY = timedelta(minutes=20)
"""How long before its appointed time a visit may have begun."""
_LATE = timedelta(minutes=30)
"""How long after its appointed end a technician may still write about it."""
_USUAL_VISIT = timedelta(hours=1)


class Surroundings:
    """One page of Flet and the tablet behind it."""

    def __init__(self, page: ft.Page, launch: Launch) -> None:
        self.page = page
        self.launch = launch
        self.trail = Trail()
        self.route = page.route or "/"
        self.address = Address(page, lambda: self.route, self.arrive)
        self._saying = Saying(page)
        self.edition = 0
        """Grows with what may change any screen, but not when another one comes to lie over it or goes again: what a screen
        follows that stays as it is while the address changes."""
        self.last_tab = Screen.TODAY
        self.hand = Hand(launch.platform.sleep)
        self.goes_by_keys = False
        """Whether the person has a keyboard and goes from one control to the next with it."""
        self.editors: dict[UUID, DraftEditor] = {}
        """The drafts that are being worked on."""
        self._begun: dict[str, BegunText] = {}
        self.last_failure = ""
        """Technical details of the last unexpected error, for a person who asks for them."""
        self._running: asyncio.Task[Any] | None = None
        self._width = page.width
        self.redeemed: set[str] = set()
        """Codes that came with an address and were tried: an address is drawn more than once."""
        self._opened: Notebook | None = None
        self._listeners: list[Callable[[], None]] = []
        self._tasks: set[asyncio.Task[Any]] = set()
        self._files: Files | None = None
        self.appearance = Appearance(page, launch.platform.wishes, self.announce)

    @property
    def tablet(self) -> Tablet:
        """The opened tablet. Only screens behind the launch ask for it."""
        if self.launch.tablet is None:
            raise RuntimeError("the tablet is not open yet")
        return self.launch.tablet

    @property
    def notebook(self) -> Notebook:
        """The notebook of the paired technician. Only screens behind the pairing ask for it.

        While the pairing changes there is none for a moment; what is still on the glass then shows the last one.
        """
        if self.tablet.notebook is not None:
            self._opened = self.tablet.notebook
        if self._opened is None:
            raise RuntimeError("the tablet is not paired")
        return self._opened

    @property
    def files(self) -> "Files":
        """The device's file dialogs, made once."""
        if self._files is None:
            from app.device.files import Files

            self._files = Files()
        return self._files

    def now(self) -> datetime:
        """The time now, in UTC."""
        clock: Callable[[], datetime] = self.launch.platform.clock
        return clock().astimezone(UTC)

    def go(self, route: str) -> None:
        """Show another screen, at once; the browser's address follows."""
        if route != self.route:
            self.arrive(route)
        self.spawn(self.address.take(route))

    def back(self, otherwise: str = "/") -> None:
        """Show the screen that was shown before; `otherwise` if there was none."""
        self.go(self.trail.before(otherwise))

    def pressed(self, key: str) -> None:
        """A key that means something on every screen."""
        if key == "Escape":
            self.escape()
        elif key == "Tab" and not self.goes_by_keys:
            self.goes_by_keys = True
            self.announce()

    def escape(self) -> None:
        """Back, from a screen that lies over another; what lies over a screen Flutter has closed by itself."""
        dialogs = [dialog for dialog in self.page._dialogs.controls if not isinstance(dialog, ft.SnackBar)]
        if not any(dialog.open for dialog in dialogs) and place(self.route).screen not in TABS:
            self.back()

    def arrive(self, route: str) -> None:
        """Show the screen of an address."""
        self.trail.arrive(route)
        self.route = route
        shown = place(route).screen
        if shown in TABS:
            self.last_tab = shown
        for editor in self.editors.values():
            # However the person left the photo or the camera: what was done and taken there is kept.
            if not editor.roll.is_empty and shown is not Screen.PHOTO:
                self.spawn(editor.left_photo(goes_on=shown is Screen.CAMERA))
        if self._listeners:
            self._saying.screen_comes()
        self._tell()

    def arrived(self) -> None:
        """The screen of the address is drawn."""
        self._saying.screen_stands()

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` when address, language, look, size or person change; returns how to stop that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def announce(self) -> None:
        """Have everything drawn again."""
        self.edition += 1
        self._tell()

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()

    def speak(self, tongue: str) -> None:
        """Change the language, at once and for this person's next start."""
        use(tongue)
        self._remember("language", tongue)
        self.appearance.name_language()
        self.announce()

    def dress(self, name: str, wanted: str) -> None:
        """Change the "theme", the "contrast" or the size of the "text"; at once and for the next start."""
        self._remember(name, wanted)
        self.appearance.choose(name, wanted)

    def recall(self) -> None:
        """Take up what the person chose earlier."""
        notebook = self.tablet.notebook
        if notebook is None:
            return
        use(notebook.preference("language", language()))
        self.appearance.recall(notebook.preference)

    async def paired(self) -> None:
        """The tablet has just been paired: keep what was chosen before, and show the person's own screens."""
        self._forget_texts()
        await self.notebook.prefer("language", language())
        self.arrive("/")
        self.recall()
        self.go("/")

    async def unpair(self) -> None:
        """Forget who uses this tablet; what was written stays for his next pairing."""
        await self.notebook.finish_speaking()
        await self.flush()
        self._forget_texts()
        await self.tablet.unpair()
        self.arrive("/")
        self.go("/")

    def tablet_changed(self) -> None:
        """The launch went on: once the tablet is open, take up what the person chose, then synchronise."""
        self.announce()
        if self.launch.stage is not Stage.READY or self._running is not None:
            return
        self.recall()
        self._running = self.spawn(self._run_soon())
        self.spawn(self._tick())

    def resized(self) -> None:
        """The page has another size. Only another width changes what is drawn (a keyboard changes the height)."""
        if self.page.width != self._width:
            self._width = self.page.width
            self.appearance.measure()
            self.announce()

    def lifecycle_changed(self, event: ft.AppLifecycleStateChangeEvent) -> None:
        """The app goes to the background (it may be closed there) or comes back."""
        if event.state in (ft.AppLifecycleState.RESUME, ft.AppLifecycleState.SHOW):
            if self._running is not None and self.tablet.notebook is not None:
                self.tablet.synchronizer.request()
        else:
            self.spawn(self.flush())

    async def close(self) -> None:
        """Let go of everything that goes on by itself, after what was written is durable."""
        await self.flush()
        for task in tuple(self._tasks):
            task.cancel()
        if self.launch.tablet is not None:
            await self.launch.tablet.close()

    async def _run_soon(self) -> None:
        # Let the first screen reach the glass before anything else asks for the processor.
        await self.launch.platform.first_drawing()
        await self.launch.platform.sleep(_AFTER_FIRST_SCREEN)
        await self.tablet.run()

    async def _tick(self) -> None:
        # "vor 2 Min." has to become "vor 3 Min." although nothing happens.
        while True:
            await self.launch.platform.sleep(60)
            self.announce()

    async def flush(self) -> None:
        """Make everything typed so far durable now: the app may be closed at any moment."""
        texts: list[DraftEditor | BegunText] = [*self.editors.values(), *self._begun.values()]
        for text in texts:
            await text.flush()

    def _forget_texts(self) -> None:
        self.editors.clear()
        self._begun.clear()

    def answer(self, observation_id: UUID) -> "BegunText":
        """The answer that is being typed to an observation's thread."""
        unsent = self.notebook.unsent
        return self._begun_text(
            f"answer-{observation_id}",
            lambda: unsent.answer(observation_id),
            lambda text: unsent.keep_answer(observation_id, text),
        )

    def search(self, where: str) -> "BegunText":
        """What is being searched for at a place."""
        unsent = self.notebook.unsent
        return self._begun_text(
            f"search-{where}", lambda: unsent.search(where), lambda text: unsent.keep_search(where, text)
        )

    def plan_text(self, key: str) -> "BegunText":
        """The visit that is being planned."""
        unsent = self.notebook.unsent
        return self._begun_text(
            f"plan-{key}", lambda: unsent.plan(key), lambda text: unsent.keep_plan(key, text)
        )

    def _begun_text(
        self, key: str, kept: Callable[[], str], keep: Callable[[str], Coroutine[Any, Any, None]]
    ) -> "BegunText":
        if key not in self._begun:
            from app.state.begun_text import BegunText  # with all that editing needs, and no first screen

            self._begun[key] = BegunText(keep, kept(), sleep=self.launch.platform.sleep)
        return self._begun[key]

    def _remember(self, name: str, value: str) -> None:
        if self.launch.tablet is not None and self.launch.tablet.notebook is not None:
            self.spawn(self.launch.tablet.notebook.prefer(name, value))

    def capture(
        self,
        *,
        customer_id: UUID | None = None,
        site_id: UUID | None = None,
        visit_id: UUID | None = None,
        kind: Kind | None = None,
        asset_id: UUID | None = None,
        contact_id: UUID | None = None,
    ) -> None:
        """Begin a new observation."""
        draft = self.notebook.new_draft(
            customer_id=customer_id,
            site_id=site_id,
            visit_id=visit_id,
            kind=kind,
            asset_id=asset_id,
            contact_id=contact_id,
        )
        self.edit(draft, stored=False)

    def capture_another(self, saved: Draft) -> None:
        """Begin the next observation where this one was made."""
        self.capture(customer_id=saved.customer_id, site_id=saved.site_id, visit_id=saved.visit_id)

    def present_visit(self) -> VisitView | None:
        """The visit that the technician is expected to be at now."""
        now = self.now()
        for view in self.notebook.today(now).visits:
            start = view.visit.starts_at - _EARLY
            end = (view.visit.ends_at or view.visit.starts_at + _USUAL_VISIT) + _LATE
            if start <= now <= end:
                return view
        return None

    def edit(self, draft: Draft, *, stored: bool = True) -> None:
        """Go on with a draft."""
        if draft.id not in self.editors or self.editors[draft.id].finished:
            self._open_editor(draft, stored=stored)
        self.go(f"/capture/{draft.id}")

    def editor(self, draft_id: UUID) -> "DraftEditor":
        """The editor of a draft: the one at work, else from the stored draft, else a fresh one."""
        known = self.editors.get(draft_id)
        if known is not None and not known.finished:
            return known
        stored = self.notebook.draft(draft_id)
        draft = stored or replace(self.notebook.new_draft(), id=draft_id)
        return self._open_editor(draft, stored=stored is not None)

    def _open_editor(self, draft: Draft, *, stored: bool) -> "DraftEditor":
        from app.state.drafting import DraftEditor

        editor = DraftEditor(
            self.notebook, draft, stored=stored, clock=self.now, sleep=self.launch.platform.sleep
        )
        self.editors[draft.id] = editor
        return editor

    def is_sent(self, draft_id: UUID) -> bool:
        """Whether there is nothing to go on writing: the observation was saved, the draft is gone."""
        return (
            draft_id not in self.editors
            and self.notebook.draft(draft_id) is None
            and self.notebook.observation(draft_id) is not None
        )

    def say(
        self, sentence: str, *, action: str | None = None, on_action: Callable[[], object] | None = None
    ) -> None:
        """Tell the person something that needs no answer; with an action (an undo) if there is one."""
        self._saying.say(sentence, action=action, on_action=on_action)

    def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Do something that takes a while; if it fails, the person is told."""
        task = asyncio.get_running_loop().create_task(self._guarded(work), context=contextvars.copy_context())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def report(self, error: BaseException) -> None:
        """An error that nobody expected: say what is safe, keep the details."""
        log.error("unexpected error on a screen", exc_info=error)
        self.last_failure = f"{type(error).__name__}: {error}"
        self.say(failure(error))

    def report_drawing(self, error: BaseException) -> None:
        """An error while drawing: said once the drawing is over."""
        self.last_failure = f"{type(error).__name__}: {error}"

    def report_text(self, details: str) -> None:
        """The same for an error that Flet has already turned into text."""
        log.error("unexpected error in a handler: %s", details)
        self.last_failure = details.strip().splitlines()[0] if details.strip() else ""
        self.say(t("Das hat nicht geklappt. Was gesichert war, ist sicher. Bitte noch einmal versuchen."))

    async def _guarded(self, work: Coroutine[Any, Any, Any]) -> Any:
        try:
            return await work
        except asyncio.CancelledError:
            raise
        except Exception as error:
            self.report(error)
            return None
