"""How long a machine lasts: its own figure, else that of its type, else that of its family, else nobody's guess."""

from uuid import UUID

import pytest

from protocol.reference import Asset
from protocol.rules.machine_life import expected_life, life_of
from protocol.template import MachineLife

LIVES = tuple(
    MachineLife(maker=maker, model=model, years=years)
    for maker, model, years in (
        ("Tannhauer", "RV", 14),
        ("Tannhauer", "RV 75 FU", 11),
        ("", "KT", 15),
        ("Boge", "", 12),
        ("Tannhauer", "", 20),
    )
)


@pytest.mark.parametrize(
    ("maker", "model", "years"),
    [
        ("Tannhauer", "RV 22", 14),
        ("TANNHAUER GmbH", "rv-22", 14),
        ("Tannhauer", "RV22", 14),
        ("Tannhauer", "RV 75 FU plus", 11),
        ("Tannhauer", "RV 75", 14),
        ("Tannhauer", "RVX 75", 20),
        ("Albwerk", "RV 22", None),
        ("Albwerk", "KT60", 15),
        ("Boge", "C 22", 12),
        ("Bogener", "C 22", None),
        ("", "", None),
    ],
)
def test_the_line_that_names_a_type_closest_counts(maker: str, model: str, years: int | None) -> None:
    life = life_of(maker, model, LIVES)
    assert (life and life.years) == years


def test_a_number_begins_another_one_only_as_a_whole() -> None:
    assert life_of("Tannhauer", "RV 75", [MachineLife(model="RV 7", years=9)]) is None


@pytest.mark.parametrize(("own", "lives", "years"), [(9, LIVES, 9), (None, LIVES, 14), (None, None, None)])
def test_the_figure_of_the_machine_itself_comes_first(
    own: int | None, lives: tuple[MachineLife, ...] | None, years: int | None
) -> None:
    machine = Asset(id=UUID(int=1), maker="Tannhauer", model="RV 22", expected_life=own)
    assert expected_life(machine, lives) == years
