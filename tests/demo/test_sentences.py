"""Every sentence of the demo can be filled for every customer, and every situation is complete."""

from datetime import date
from string import Formatter

import pytest

from protocol.observation import Kind
from sync_server.demo.chance import Chance
from sync_server.demo.customers import draw_accounts
from sync_server.demo.pictures.scenes import SCENES
from sync_server.demo.texts import contact_history, outcomes
from sync_server.demo.texts.catalogue import SITUATIONS
from sync_server.demo.texts.situation import Situation
from sync_server.demo.words import Scene, Words, fill

ALL = [situation for situations in SITUATIONS.values() for situation in situations]
FROM_INSIDE_SALES = {"aussen", "aussend", "datum", "kollege"}


@pytest.fixture(scope="module")
def words() -> Words:
    """The words of one customer."""
    account = draw_accounts(Chance(1), date(2026, 11, 25), 20)[0]
    scene = Scene(account, account.places[0], account.present[0], account.ours()[0], None, date(2026, 11, 25))
    return Words(Chance(1), scene)


def _sentences(situation: Situation) -> list[str]:
    talks = [text for talk in situation.talks for text in talk]
    steps = [text for text, _ in situation.steps]
    rejected = [text for _, text in situation.rejected]
    parts = (situation.titles, situation.heard, situation.seen, situation.concluded, situation.accepted)
    return [*(text for part in parts for text in part), *talks, *steps, *rejected]


@pytest.mark.parametrize("situation", ALL, ids=lambda situation: situation.name)
def test_every_sentence_of_a_situation_can_be_filled(situation: Situation, words: Words) -> None:
    for sentence in _sentences(situation):
        filled = fill(sentence, words)
        assert filled
        assert "{" not in filled


@pytest.mark.parametrize("situation", ALL, ids=lambda situation: situation.name)
def test_a_situation_has_what_inside_sales_needs(situation: Situation) -> None:
    assert len(situation.titles) >= 2
    assert situation.heard or situation.seen
    assert situation.accepted
    assert situation.rejected
    assert all(scene == "plate" or scene in SCENES for scene in situation.scenes)


def test_names_of_situations_are_unique_and_there_are_many_of_each_kind() -> None:
    assert len({situation.name for situation in ALL}) == len(ALL)
    assert set(SITUATIONS) == set(Kind)
    assert min(len(situations) for situations in SITUATIONS.values()) >= 9


def test_what_is_said_afterwards_can_be_filled(words: Words) -> None:
    lines = [line for name, group in vars(outcomes).items() if name.isupper() for line in group] + [
        line for group in contact_history.SUMMARIES.values() for line in group
    ]
    for line in lines:
        slots = {slot for _, slot, _, _ in Formatter().parse(line) if slot}
        for slot in slots - FROM_INSIDE_SALES:
            assert words[slot]


def test_an_unknown_slot_is_an_error(words: Words) -> None:
    with pytest.raises(KeyError):
        fill("{gibtesnicht}", words)


def test_an_abbreviated_date_ends_a_sentence_without_a_second_stop() -> None:
    assert fill("Lieferung {termin}.", {"termin": "3.12."}) == "Lieferung 3.12."
