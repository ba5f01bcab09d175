"""Flet's two walks through controls that come and go, by what was set in them instead of by all that could be.

Flet 1.0.5 keeps of a control only the properties that differ from their defaults, and compares and encodes by those. But
of whatever comes to a screen or leaves it, it looks into every property, some fifty of each control, through a
descriptor and a generator: two thirds of the time in which a screen is drawn. Both walks here find the same controls and
leave the same marks (`tests/app/ui/test_sparse_walk.py`); whatever is unknown to them is left to Flet's own.
"""

import weakref
from collections.abc import Callable, Iterator
from typing import Any, cast

from flet.controls.base_control import BaseControl
from flet.controls.object_patch import DiffBuilder
from flet.version import flet_version

KNOWN = "1.0.5"
"""The version of Flet whose walks these are. With any other one Flet's own are used."""

_PLAIN = frozenset({str, int, float, bool, type(None), bytes})

Walk = Callable[..., Iterator[Any]]

_flets_added = cast(Walk, DiffBuilder._configure_dataclass)
_flets_removed = cast(Walk, DiffBuilder._removed_controls)


def walk_sparsely() -> None:
    """Use these walks from now on, if Flet is the version that they were made for."""
    if flet_version == KNOWN:
        for name, walk in (("_configure_dataclass", _added), ("_removed_controls", _removed)):
            setattr(DiffBuilder, name, walk)


def _added(
    builder: DiffBuilder, item: Any, parent: Any, frozen: bool, configure_setattr_only: bool = False
) -> Iterator[Any]:
    found: list[Any] = []
    _add(builder, item, parent, frozen, found, is_known=configure_setattr_only)
    return iter(found)


def _add(
    builder: DiffBuilder, item: Any, parent: Any, frozen: bool, found: list[Any], *, is_known: bool = False
) -> None:
    kind = type(item)
    if kind in _PLAIN:
        return
    if kind is list:
        for each in item:
            _add(builder, each, parent, frozen, found)
    elif not hasattr(kind, "_structural_fields"):
        found.extend(_flets_added(builder, item, parent, frozen, is_known))
    else:
        parent, frozen = _mark(item, parent, frozen)
        if getattr(kind, "__flet_control_cls__", None) is None:
            kind.__flet_control_cls__ = BaseControl
        is_control = isinstance(item, BaseControl)
        if is_control:
            if not is_known:
                item.build()
                item._before_update_safe()
                object.__setattr__(item, "_initialized", True)
            found.append(item)
        if not is_known:
            for each in _set_in(item):
                _add(builder, each, item if is_control else parent, frozen, found)
        if not frozen:
            item._dirty.clear()


def _mark(item: Any, parent: Any, frozen: bool) -> tuple[Any, bool]:
    """To whom a control belongs and whether it may be changed; both are handed on to what is in it."""
    if parent is None:
        above = getattr(item, "_parent", None)
        parent = above() if above else None
    if parent:
        item._parent = weakref.ref(parent)
    if hasattr(item, "_frozen"):
        return parent, item._frozen
    if frozen:
        item._frozen = frozen
    return parent, frozen


def _removed(builder: DiffBuilder, item: Any, recurse: bool) -> Iterator[Any]:
    found: list[Any] = []
    _remove(builder, item, recurse, found)
    return iter(found)


def _remove(builder: DiffBuilder, item: Any, recurse: bool, found: list[Any]) -> None:
    kind = type(item)
    if kind in _PLAIN:
        return
    if kind is list:
        for each in item:
            _remove(builder, each, recurse, found)
    elif hasattr(item, "__prev_lists") or not isinstance(item, BaseControl):
        found.extend(_flets_removed(builder, item, recurse))
    else:
        if recurse:
            for each in _set_in(item):
                _remove(builder, each, recurse, found)
        found.append(item)


def _set_in(item: Any) -> list[Any]:
    """The properties that were set, and what Flet keeps beside them: lists of children, the body of a component."""
    return [*item._values.values(), *(getattr(item, name, None) for name in item._structural_fields)]
