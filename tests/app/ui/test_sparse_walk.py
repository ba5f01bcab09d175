"""The walks by what was set find the same controls, and leave the same marks, as Flet's own."""

from collections.abc import Iterator
from typing import Any

import flet as ft
import pytest
from flet.components.component import Component
from flet.controls.base_control import BaseControl
from flet.controls.object_patch import DiffBuilder
from flet.version import flet_version

from app.ui import sparse_walk
from tests.app.scripted_server import name
from tests.app.ui.conftest import OpenApp
from tests.app.ui.headless import HeadlessPage

pytestmark = pytest.mark.anyio

_WALKS = ("_configure_dataclass", "_removed_controls")
_flets = {walk: getattr(DiffBuilder, walk) for walk in _WALKS}


def test_it_is_the_version_for_which_they_were_made() -> None:
    # With another one the app is as it was, and slow: look at Flet's walks again, then at KNOWN.
    assert flet_version == sparse_walk.KNOWN


def test_another_version_keeps_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for walk in _WALKS:
        monkeypatch.setattr(DiffBuilder, walk, _flets[walk])
    monkeypatch.setattr(sparse_walk, "KNOWN", "0.9")
    sparse_walk.walk_sparsely()
    assert {walk: getattr(DiffBuilder, walk) for walk in _WALKS} == _flets


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Walks everything that is drawn both ways, and notes how many controls each walk has found."""
    found: list[int] = []

    def both(builder: DiffBuilder, walk: str, *arguments: Any) -> Iterator[Any]:
        ours = list(getattr(DiffBuilder, walk)(builder, *arguments))
        marks = {id(control): _marks(control) for control in ours}
        with monkeypatch.context() as as_it_was:
            for each in _WALKS:
                as_it_was.setattr(DiffBuilder, each, _flets[each])
            as_it_was.setattr(Component, "before_update", lambda _: None)  # it is drawn already
            theirs = list(_flets[walk](builder, *arguments))
        assert sorted(map(id, ours)) == sorted(map(id, theirs))
        # Flet's came second: whatever ours had left out is there now.
        assert {id(control): _marks(control) for control in theirs} == marks
        found.append(len(ours))
        return iter(ours)

    def added(builder: DiffBuilder) -> Iterator[Any]:
        for key, item in builder._added_dataclasses.items():
            is_known = key in builder._removed_dataclasses
            yield from both(builder, "_configure_dataclass", item, None, False, is_known)

    def removed(builder: DiffBuilder) -> Iterator[Any]:
        for key, item in builder._removed_dataclasses.items():
            yield from both(builder, "_removed_controls", item, key not in builder._added_dataclasses)

    monkeypatch.setattr(DiffBuilder, "get_added_controls", added)
    monkeypatch.setattr(DiffBuilder, "get_removed_controls", removed)
    return found


def _marks(control: BaseControl) -> tuple[object, ...]:
    return (
        id(control.parent),
        getattr(control, "_frozen", None),
        getattr(control, "_initialized", None),
        sorted(control._dirty),
        sorted(control._values),
    )


async def test_on_every_kind_of_screen(open_app: OpenApp, compared: list[int]) -> None:
    page, here = await open_app()
    for screen in ("nav-customers", "nav-observations", "nav-me", "nav-today"):
        await page.tap(screen)
    await page.tap("nav-customers")
    await page.type("customer-search", "mueller")
    await page.type("customer-search", "")
    await page.tap(f"customer-{name('Käsmayr')}")
    await page.tap("capture-here")
    for kind in ("plan", "competitor", "contact_change", "note"):
        await page.tap(f"kind-{kind}")
    await page.type("capture-text", "Halle C wird gebaut")
    await page.tap("capture-customer")
    await page.tap("back")
    await page.tap("capture-save")
    for route in ("/visits", "/visits/plan", "/tasks", "/day", "/log", "/scan"):
        here.go(route)
        await page.settle()
    here.say("Gesichert", action="Rückgängig", on_action=lambda: None)
    await page.settle()
    here.appearance.apply()
    here.announce()
    await page.settle()
    assert sum(compared) > 3_000
    assert DiffBuilder._configure_dataclass is not _flets["_configure_dataclass"]


async def test_in_values_that_are_no_controls(compared: list[int]) -> None:
    sparse_walk.walk_sparsely()
    page = HeadlessPage()
    words = [ft.Text("1"), ft.Text("2")]
    page.page.add(
        ft.DataTable(
            columns=[ft.DataColumn(label=ft.Text("Zahl"))],
            rows=[ft.DataRow(cells=[ft.DataCell(content=word)]) for word in words],
        ),
        ft.Container(
            ft.Text(spans=[ft.TextSpan("a", style=ft.TextStyle(weight=ft.FontWeight.BOLD))]),
            gradient=ft.LinearGradient(colors=["#000000", "#FFFFFF"]),
        ),
    )
    page.page.update()
    assert all(word.page is page.page for word in words)
    page.page.controls.clear()
    page.page.update()
    assert sum(compared) > 20
