"""The customer's machines as inside sales reads them: what was reported says how it looked, when, by whom, and leads there."""

from collections.abc import Callable

from protocol.observation import Kind
from tests.inbox.desk import Desk, Lead, words
from tests.inbox.test_answers import answers
from tests.server.firm import Firm

RIVAL = answers(
    ("rival_maker", "Boge"), ("rival_model", "C 30"), ("rival_year", "2009"), ("rival_serial", "99-1"),
    ("rival_condition", "worn"),
)  # fmt: skip


def test_a_reported_machine_stands_among_the_customers_with_its_source(
    nora: Desk, firm: Firm, arrive: Callable[..., Lead]
) -> None:
    lead = arrive(kind=Kind.COMPETITOR, answers=RIVAL)
    page = nora.get(f"/customers/{firm.brandl.hex}").text
    assert "Boge C 30 fremd Bj. 2009 · 99-1 Abgenutzt · gesehen" in words(page)
    assert "Anna Wieland" in words(page)
    assert f'href="{lead.path}"' in page
    assert "Boge C 30, Bj. 2009 fremd gesehen" in words(nora.get(lead.path).text)


def test_one_without_a_name_is_said_to_have_none_and_english_readers_read_english(
    nora: Desk, firm: Firm, arrive: Callable[..., Lead]
) -> None:
    arrive(kind=Kind.COMPETITOR, answers=answers(("rival_serial", "99-1"), ("rival_condition", "worn")))
    nora.post("/language", {"language": "en", "back": "/"})
    page = words(nora.get(f"/customers/{firm.brandl.hex}").text)
    assert "Maker unknown" in page
    assert "Worn · seen" in page
