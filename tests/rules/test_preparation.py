"""What the checklist shows: the points of now in their order, ticks that stay, points that are asked no more."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from protocol.first_template import FIRST_TEMPLATE, first_template, usual_preparation
from protocol.planning import Prepared
from protocol.rules.preparation import checklist
from protocol.template import Point, Template, Words
from sync_server.crm.template_editing import CannotPublish, EditFault, preparation_text, with_preparation

AT = datetime(2026, 11, 25, 9, tzinfo=UTC)
OWN = UUID(int=5)


def version(*points: str) -> Template:
    own = tuple(Point(id=point, words=Words(de=point.title())) for point in points)
    return Template(id=OWN, kinds=first_template().kinds, preparation=own)


def done(item: str, template: UUID = FIRST_TEMPLATE) -> Prepared:
    return Prepared(item=item, template=template, done_at=AT)


def test_without_any_of_its_own_the_firm_prepares_what_the_product_brings() -> None:
    lines = checklist(first_template(), [done("contacts")], lambda _: None)
    assert [line.item for line in lines] == [point.id for point in usual_preparation()]
    assert [line.item for line in lines if line.done_at] == ["contacts"]


def test_what_was_ticked_by_an_older_version_stands_below_with_its_words() -> None:
    known = {FIRST_TEMPLATE: first_template()}
    lines = checklist(version("keys", "shoes"), [done("parts"), done("shoes", OWN)], known.get)
    assert [(line.item, line.done_at is not None) for line in lines] == [
        ("keys", False), ("shoes", True), ("parts", True),
    ]  # fmt: skip
    assert lines[-1].words.de == "Teile, Werkzeug, Unterlagen eingepackt"


def test_a_firm_may_want_nothing_prepared_and_an_unknown_point_is_left_out() -> None:
    assert checklist(version(), [done("gone", UUID(int=9))], lambda _: None) == []


def test_a_point_keeps_its_id_with_its_words_and_when_it_is_renamed() -> None:
    names = iter("abcdefgh")
    text = preparation_text(first_template())
    same = with_preparation(first_template(), text, template_id=OWN, new_name=lambda: next(names))
    assert same.preparation == usual_preparation()
    lines = text.splitlines()
    renamed = "\n".join(["Alles gelesen | Read it all", *lines[1:]])
    next_version = with_preparation(first_template(), renamed, template_id=OWN, new_name=lambda: next(names))
    assert next_version.preparation is not None
    assert (next_version.preparation[0].id, next_version.preparation[0].words.en) == (
        "history",
        "Read it all",
    )
    longer = with_preparation(
        first_template(), f"{text}\nSchlüssel", template_id=OWN, new_name=lambda: next(names)
    )
    assert longer.preparation is not None
    assert longer.preparation[-1].id == "a"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("\n".join(map(str, range(13))), EditFault.TOO_MANY_POINTS),
        (" | only English", EditFault.GERMAN_MISSING),
        ("x" * 501, EditFault.TOO_LONG),
    ],
)
def test_what_cannot_be_published_says_why(text: str, fault: EditFault) -> None:
    with pytest.raises(CannotPublish) as refused:
        with_preparation(first_template(), text, template_id=OWN, new_name=lambda: "a")
    assert refused.value.fault is fault
