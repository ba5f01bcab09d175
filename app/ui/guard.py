"""One place where whatever goes wrong on a screen becomes a sentence, and never the end of the session."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

import flet as ft

from app.i18n import t

P = ParamSpec("P")

log = logging.getLogger(__name__)

_listeners: list[Callable[[BaseException], None]] = []


def component(draw: Callable[P, ft.Control]) -> Callable[P, ft.Control]:
    """A Flet component that draws an apology instead of failing: a failing one would stop all drawing."""

    @wraps(draw)
    def safe(*args: P.args, **kwargs: P.kwargs) -> ft.Control:
        try:
            return draw(*args, **kwargs)
        except Exception as error:
            log.exception("a screen could not be drawn")
            for listener in _listeners:
                listener(error)
            return ft.Container(
                ft.Text(t("Das kann gerade nicht angezeigt werden. Was gesichert war, ist sicher."), size=17),
                padding=28,
            )

    return ft.component(safe)


def keyed(draw: Callable[P, ft.Control], key: str) -> Callable[P, ft.Control]:
    """The same component with another key is another one, with a memory of its own."""

    def with_key(*args: P.args, **kwargs: P.kwargs) -> ft.Control:
        return draw(*args, **{**kwargs, "key": key})  # type: ignore[arg-type]

    return with_key


def watch(page: ft.Page, report: Callable[[str], None], drawn: Callable[[BaseException], None]) -> None:
    """Send every uncaught error of this page's handlers and effects to `report`, of its drawing to `drawn`.

    Flet ends in `Session.error`, which tells the client that the session crashed. Ours has not.
    """
    object.__setattr__(page.session, "error", report)
    answer = page.session.handle_invoke_method_results

    def take_answer(control_id: int, call_id: str, result: Any, error: str | None) -> None:
        # A camera answers after its screen was left. Flet raises then, in the loop that hears everything: the app
        # would never hear of another touch.
        try:
            answer(control_id, call_id, result, error)
        except RuntimeError:
            log.info("an answer for a control that is gone")

    object.__setattr__(page.session, "handle_invoke_method_results", take_answer)
    _listeners[:] = [drawn]
