"""Head of sales says how long machines last: checked, in a version, with what it reaches and what it does not."""

from collections.abc import Callable

import pytest
from sqlalchemy import insert

from protocol.ids import new_id
from protocol.pairing import Hello, Role
from protocol.template import MachineLife, Template
from sync_server.crm import templates
from sync_server.crm.users import User
from sync_server.store import schema as t
from tests.inbox.desk import Desk, words
from tests.server.firm import Firm, Tablet


@pytest.fixture
def heike(firm: Firm, employ: Callable[[str, Role], User]) -> Desk:
    """Heike, head of sales."""
    return Desk(firm.http).sit_down(firm, employ("heike", Role.HEAD_OF_SALES))


def asked_now(firm: Firm) -> Template:
    """What tablets are asked now."""
    with firm.database.reading() as connection:
        return templates.current(connection)


def say(firm: Firm, heike: Desk, lives: str) -> tuple[int, str]:
    """Publish these lines: the answer's status and words."""
    answer = heike.post("/lifetimes", {"base": asked_now(firm).id.hex, "lives": lives})
    return answer.status_code, words(answer.text)


def install(
    firm: Firm, model: str, *, maker: str = "Albwerk", ours: bool = True, life: int | None = None
) -> None:
    """Another machine at a customer."""
    with firm.database.writing() as connection:
        connection.execute(
            insert(t.assets).values(
                id=new_id(), customer_id=firm.brandl, maker=maker, model=model, ours=ours, expected_life=life
            )
        )


def test_figures_reach_the_tablets_as_another_version(firm: Firm, heike: Desk, anna: Tablet) -> None:
    assert say(firm, heike, "Albwerk | RV | 14\n\n | KT | 15 \nBoge||12")[0] == 303
    hello = Hello.model_validate_json(firm.http.get("/sync/v1/hello").content)
    answer = firm.http.get(f"/sync/v1/templates/{hello.template}", headers=anna.headers)
    assert Template.model_validate_json(answer.content).lives == (
        MachineLife(maker="Albwerk", model="RV", years=14),
        MachineLife(model="KT", years=15),
        MachineLife(maker="Boge", years=12),
    )
    assert "Albwerk | RV | 14" in heike.get("/lifetimes").text
    assert say(firm, heike, "")[0] == 303
    assert asked_now(firm).lives is None


def test_the_page_says_which_machines_a_line_reaches_and_which_of_ours_none_does(
    firm: Firm, heike: Desk
) -> None:
    for model in ("RV 22", "RV 75", "RV 75", "KS 40", "KS 40"):
        install(firm, model)
    install(firm, "TX 9", life=11)
    install(firm, "C 30", maker="Boge", ours=False)
    say(firm, heike, "Albwerk | RV | 14\nAlbwerk | RV 75 | 12\n | Tippfehler | 10")
    page = words(heike.get("/lifetimes").text)
    reached, unsaid = page.split("Das gilt für")[1].split("Unsere Anlagen ohne Angabe")
    assert "RV · 14 Jahre: 1 Anlage" in reached
    assert "RV 75 · 12 Jahre: 2 Anlagen" in reached
    assert "Tippfehler · 10 Jahre: keine Anlage" in reached
    assert "KS 40: 2" in unsaid
    assert "TX 9" not in unsaid, "it has a figure of its own"
    assert "C 30" not in unsaid, "it is a competitor's"


@pytest.mark.parametrize(
    ("lives", "said"),
    [
        ("Albwerk RV 14", "Hersteller | Typ | Jahre"),
        ("Albwerk | RV", "Hersteller | Typ | Jahre"),
        ("Albwerk | RV | bald", "von 1 bis 99"),
        ("Albwerk | RV | 0", "von 1 bis 99"),
        ("Albwerk | RV | 100", "von 1 bis 99"),
        (" | - | 12", "welche Anlagen gemeint sind"),
        ("Albwerk | RV | 14\nalbwerk | rv | 15", "stehen zweimal da"),
        (f"{'x' * 501} | RV | 15", "zu lang"),
        ("\n".join(f"Albwerk | RV {n} | 9" for n in range(201)), "Mehr als 200 Zeilen"),
    ],
)
def test_what_cannot_be_published_is_explained_and_stands_there_still(
    firm: Firm, heike: Desk, lives: str, said: str
) -> None:
    status, page = say(firm, heike, lives)
    assert (status, said in page) == (422, True)
    assert lives.splitlines()[0].strip() in page
    assert asked_now(firm).lives is None


def test_two_who_publish_at_once_do_not_undo_each_other(firm: Firm, heike: Desk) -> None:
    base = asked_now(firm).id.hex
    say(firm, heike, "Albwerk | RV | 14")
    late = heike.post("/lifetimes", {"base": base, "lives": "Albwerk | RV | 20"})
    assert (late.status_code, "RV | 20" in late.text) == (409, True)
    assert asked_now(firm).lives == (MachineLife(maker="Albwerk", model="RV", years=14),)


def test_inside_sales_may_not_open_it(nora: Desk) -> None:
    assert "/lifetimes" not in nora.get("/").text
    assert nora.get("/lifetimes").status_code == 403
