"""Versions made apart: shown side by side, settled by inside sales, and seen again when one comes late (S5)."""

import re
from collections.abc import Callable

import pytest
from markupsafe import Markup
from sqlalchemy import select

from protocol.changes import Outcome, ReviseObservation
from protocol.ids import new_id
from protocol.observation import Kind, NextStep, ObservationContent, Side
from protocol.pairing import Role
from sync_server.crm.users import User
from sync_server.inbox.versions import marked
from sync_server.store import schema as t
from tests.inbox.desk import Desk, Lead, events_of, row_of, words
from tests.server.firm import NOW, Firm, Tablet


@pytest.fixture
def apart(anna: Tablet, arrive: Callable[..., Lead]) -> tuple[Lead, ReviseObservation, ReviseObservation]:
    """A lead whose observation was corrected on two tablets: the version that is shown, and the other one."""
    step = NextStep(text="Halle ausmessen", responsible=Side.TECHNICIAN)
    lead = arrive("Zweite Halle ist geplant.", next_step=step)
    one = anna.revise(lead.change, "Zweite Halle ist geplant. Ab Mai.")
    two = anna.revise(lead.change, "Zweite Halle ist geplant. Ab Juni.")
    anna.push(one)
    assert anna.push(two).receipts[0].outcome is Outcome.CONFLICT
    shown, other = sorted((one, two), key=lambda change: change.revision_id, reverse=True)
    return lead, shown, other


def _settle(desk: Desk, lead: Lead, chosen: ReviseObservation, revision: int) -> int:
    data = {"revision": str(revision), "version": chosen.revision_id.hex}
    return desk.post(f"{lead.path}/settle", data).status_code


@pytest.mark.parametrize("which", [1, 2], ids=["shown", "other"])
def test_the_chosen_version_reaches_the_tablet_and_nothing_is_lost(
    firm: Firm,
    nora: Desk,
    anna: Tablet,
    apart: tuple[Lead, ReviseObservation, ReviseObservation],
    which: int,
) -> None:
    lead, chosen = apart[0], apart[which]
    assert isinstance(chosen, ReviseObservation)
    page = nora.get(lead.path).text
    assert page.count("Diese Fassung gilt") == 2
    assert "zwei Fassungen" in words(page)
    with firm.database.reading() as connection:
        before = connection.execute(select(t.revisions.c.id, t.revisions.c.content)).all()

    assert _settle(nora, lead, chosen, 3) == 303

    anna.pull()
    held = anna.observation(lead.change)
    assert held.shown.content == chosen.content
    assert (held.shown.author_name, held.siblings, held.revision_count) == ("Nora Kern", (), 4)
    with firm.database.reading() as connection:
        after = connection.execute(select(t.revisions.c.id, t.revisions.c.content)).all()
        task = connection.execute(select(t.tasks)).one()
        observation = connection.execute(select(t.observations)).one()
    assert set(before) < set(after)
    assert (task.owner_id, observation.has_conflict) == (firm.anna.id, False)
    assert observation.title == chosen.content.title
    assert (events_of(firm, lead)[-1], row_of(firm, lead).state) == ("settle", "new")
    page = words(nora.get(lead.path).text)
    assert "Diese Fassung gilt" not in page
    assert "zwei Fassungen" not in page
    assert "3 frühere Fassungen" in page
    assert "Fassung 4, gewählt von Nora Kern" in page
    number = "2" if chosen.content.heard.endswith("Mai.") else "3"  # that of May came first
    assert re.findall(r"Fassung (\d) (gewählt|nicht gewählt)", page) == [
        (n, "gewählt" if n == number else "nicht gewählt") for n in ("2", "3")
    ]
    assert "Rückgängig" not in page


def test_a_correction_of_what_was_chosen_is_no_conflict(
    nora: Desk, anna: Tablet, apart: tuple[Lead, ReviseObservation, ReviseObservation]
) -> None:
    lead, _, other = apart
    _settle(nora, lead, other, 3)
    anna.pull()
    shown = anna.observation(lead.change).shown.id
    correction = anna.revise(lead.change, "Ab Juli.", based_on=shown)
    assert anna.push(correction).receipts[0].outcome is Outcome.ACCEPTED
    anna.pull()
    assert anna.observation(lead.change).shown.content.heard == "Ab Juli."


def test_a_late_correction_of_what_was_not_chosen_is_a_version_again(
    nora: Desk, anna: Tablet, apart: tuple[Lead, ReviseObservation, ReviseObservation]
) -> None:
    lead, shown, other = apart
    _settle(nora, lead, shown, 3)
    late = anna.revise(lead.change, "Ab Mai, nein: ab August.", based_on=other.revision_id)
    assert anna.push(late).receipts[0].outcome is Outcome.CONFLICT
    page = nora.get(lead.path).text
    assert page.count("Diese Fassung gilt") == 2
    assert "ab August." in words(page)
    assert _settle(nora, lead, late, 5) == 303
    anna.pull()
    held = anna.observation(lead.change)
    assert (held.shown.content.heard, held.siblings) == ("Ab Mai, nein: ab August.", ())


def test_only_a_version_that_is_open_can_be_chosen(
    firm: Firm,
    nora: Desk,
    apart: tuple[Lead, ReviseObservation, ReviseObservation],
    arrive: Callable[..., Lead],
) -> None:
    lead, shown, _ = apart
    elsewhere = arrive("Etwas anderes")
    assert _settle(nora, lead, lead.change, 3) == 422  # corrected since
    assert _settle(nora, lead, elsewhere.change, 3) == 422
    assert _settle(nora, elsewhere, shown, 1) == 422
    assert _settle(nora, elsewhere, elsewhere.change, 1) == 422  # there is nothing to choose
    assert nora.post(f"{lead.path}/settle", {"revision": "3", "version": "keine"}).status_code == 422
    assert _settle(nora, lead, shown, 2) == 409  # it has changed since the person looked
    assert row_of(firm, lead).revision == 3


def test_field_sales_sees_the_versions_and_does_not_choose(
    firm: Firm,
    employ: Callable[[str, Role], User],
    apart: tuple[Lead, ReviseObservation, ReviseObservation],
) -> None:
    lead, shown, _ = apart
    rosa = Desk(firm.http).sit_down(firm, employ("rosa", Role.FIELD_SALES))
    page = words(rosa.get(lead.path).text)
    assert "Ab Mai." in page
    assert "Ab Juni." in page
    assert "Diese Fassung gilt" not in page
    assert _settle(rosa, lead, shown, 3) == 403


def _content(heard: str) -> ObservationContent:
    return ObservationContent(kind=Kind.NOTE, customer_id=new_id(), observed_at=NOW, heard=heard)


@pytest.mark.parametrize(
    ("text", "other", "html"),
    [
        ("Gleich. Nur hier!", "Gleich. Nur dort.", "Gleich. <mark>Nur hier!</mark>"),
        ("Zeile eins\nZeile zwei", "Zeile eins", "Zeile eins\n<mark>Zeile zwei</mark>"),
        ("„Ja.“ Er geht.", "„Ja.“ Er bleibt.", "„Ja.“ <mark>Er geht.</mark>"),
        ("3.5 bar <b>", "4.5 bar", "<mark>3.5 bar &lt;b&gt;</mark>"),
        ("Alles gleich\n\nbis hier", "Alles gleich\n\nbis hier", "Alles gleich\n\nbis hier"),
    ],
)
def test_what_only_one_version_says_is_marked(text: str, other: str, html: str) -> None:
    assert marked(_content(text), "heard", [_content(other)]) == Markup(html)
    assert marked(_content(text), "heard", []) == Markup.escape(text)
