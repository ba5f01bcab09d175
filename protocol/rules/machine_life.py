"""After how many years a machine is expected to be replaced: the firm's figure for it, its type or its family. Pure."""

import re
from collections.abc import Iterable

from protocol.reference import Asset
from protocol.template import MachineLife

_PIECE = re.compile(r"[^\W\d_]+|\d+")


def expected_life(asset: Asset, lives: Iterable[MachineLife] | None) -> int | None:
    """Years; None where the firm does not say, and then nobody guesses. The machine's own figure comes first."""
    if asset.expected_life is not None:
        return asset.expected_life
    said = life_of(asset.maker, asset.model, lives)
    return None if said is None else said.years


def life_of(maker: str, model: str, lives: Iterable[MachineLife] | None) -> MachineLife | None:
    """What the firm has said of a type: the line that names it closest, of two alike the first."""
    fitting = [life for life in lives or () if _fits(life, maker, model)]
    return max(fitting, key=_closeness, default=None)


def _fits(life: MachineLife, maker: str, model: str) -> bool:
    return _begins(maker, life.maker) and _begins(model, life.model)


def _begins(text: str, beginning: str) -> bool:
    """Whether a name begins so, by whole words and whole numbers: "RV 7" is not the beginning of "RV 75"."""
    wanted = _pieces(beginning)
    return _pieces(text)[: len(wanted)] == wanted


def _closeness(life: MachineLife) -> tuple[int, int]:
    return len(_pieces(life.model)), len(_pieces(life.maker))


def _pieces(text: str) -> list[str]:
    return _PIECE.findall(text.casefold())
