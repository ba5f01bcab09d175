"""Scannen: a nameplate's code opens its machine, or begins the report of one that nobody knew."""

from enum import StrEnum
from uuid import UUID

import flet as ft

from app.device.camera import NoCamera
from app.device.errors import CodesUnavailable, PhotoError
from app.i18n import t
from app.state.scanning import Answer, Watcher, judge
from app.ui.components.code_finder import CodeFinder, Finding
from app.ui.components.frame import head, scrolled
from app.ui.components.scan_answer import scan_answer
from app.ui.components.scan_typing import Typing, scan_typing
from app.ui.guard import component, keyed
from app.ui.scan_task import ScanTask
from app.ui.surroundings import Surroundings
from app.ui.words import failure
from protocol.rules.nameplate import typed


class _Stage(StrEnum):
    LOOKING = "looking"
    TYPING = "typing"
    ANSWER = "answer"


@component
def ScanScreen(here: Surroundings, customer: str | None, draft: str | None) -> ft.Control:
    """Looking for a code, typing a number, and what came of it.

    Args:
        customer: the id of the customer from whose brief the person came.
        draft: the id of the draft for which a machine is wanted.
    """
    # Without a reader no camera is switched on, or even drawn: on a desktop Flet has none.
    reads = here.launch.platform.reads_codes
    stage, set_stage = ft.use_state(_Stage.LOOKING if reads else _Stage.TYPING)
    answer, set_answer = ft.use_state(None)
    hindrance, set_hindrance = ft.use_state("" if reads else _hindrance(CodesUnavailable()))
    number, set_number = ft.use_state("")
    rounds, set_rounds = ft.use_state(0)
    task = ScanTask(here, _id(customer), _id(draft))

    def show(found: Answer) -> None:
        set_answer(lambda _: found)
        set_stage(_Stage.ANSWER)

    def fail(error: Exception) -> None:
        set_hindrance(_hindrance(error))
        set_stage(_Stage.TYPING)

    def look_again() -> None:
        if not reads:
            type_it()
            return
        set_hindrance("")
        set_rounds(lambda count: count + 1)
        set_stage(_Stage.LOOKING)

    def look_up() -> None:
        plate = typed(number)
        if plate.serial:
            show(judge(plate, here.notebook.machines.find(plate), task.expected))

    def type_it() -> None:
        set_number(answer.plate.serial if stage is _Stage.ANSWER and answer is not None else "")
        set_stage(_Stage.TYPING)

    async def read_photos(contents: list[bytes]) -> None:
        for content in contents:
            watcher = Watcher(here.notebook.machines.find, lambda: task.expected)
            try:
                found = watcher.see(await here.launch.platform.read_codes(content), once=True)
            except PhotoError as error:
                here.say(failure(error))
                return
            except CodesUnavailable as error:
                fail(error)
                return
            if found is not None:
                show(found)
                return
        here.say(t("In diesem Foto ist kein Code zu lesen. Näher heran, oder die Nummer eintippen."))

    def picked(contents: list[bytes]) -> None:
        here.spawn(read_photos(contents))

    choose_photo = here.files.pick_photos(picked)
    if stage is _Stage.ANSWER and answer is not None:
        return scrolled(
            here.page,
            head(t("Scannen"), on_back=task.leave),
            scan_answer(
                answer,
                task.doing(answer.plate, type_it, look_again),
                for_draft=task.draft_id is not None,
                expected=task.expected_name,
            ),
            key="scan-answer",
        )
    if stage is _Stage.TYPING:
        return scan_typing(
            here,
            Typing(number, set_number, look_up, task.take, look_again, choose_photo, task.leave, hindrance),
        )
    watcher = Watcher(here.notebook.machines.find, lambda: task.expected)
    finding = Finding(watcher, show, fail, type_it, choose_photo, task.leave)
    return keyed(CodeFinder, f"finder-{rounds}")(here, finding)


def _hindrance(error: Exception) -> str:
    if isinstance(error, NoCamera):
        return t(
            "Die Kamera ist nicht zu benutzen: nicht da, nicht erlaubt (Einstellungen des Browsers) oder gerade "
            "von einer anderen App belegt. Tipp die Nummer ein, oder lies sie aus einem Foto."
        )
    return t("Dieses Gerät kann hier keine Codes lesen. Tipp die Nummer ein, das findet die Anlage genauso.")


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
