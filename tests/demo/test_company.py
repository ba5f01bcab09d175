"""The demo company looks like a real firm's data, and nothing in it reaches a real person."""

import re
from collections import Counter, defaultdict
from datetime import date, time, timedelta
from io import BytesIO
from itertools import pairwise

import pytest
from PIL import Image

from protocol.observation import FlagKind, Kind, ObservationContent, Urgency
from protocol.pairing import Role
from protocol.review import LeadState, RejectionReason
from sync_server.demo import Company, generate
from sync_server.demo.machines import COMPETITORS, OUR_MAKER
from sync_server.demo.worktime import day_of, local, workday
from tests.demo.conftest import NOW, TODAY

RESERVED_NUMBERS = re.compile(
    r"(030 23125|069 90009|040 66969|089 99998)\d{3}|0221 4710\d{3}|0171 39200\d{2}"
)
"""What the Bundesnetzagentur keeps free for film and television."""


def test_the_same_seed_and_day_give_the_same_company() -> None:
    first = generate(3, TODAY, customers=40, observations=80)
    second = generate(3, TODAY, customers=40, observations=80)

    assert first.digest() == second.digest()


def test_another_seed_or_day_gives_another_company() -> None:
    company = generate(3, TODAY, customers=40, observations=80)

    assert generate(4, TODAY, customers=40, observations=80).digest() != company.digest()
    assert generate(3, TODAY + timedelta(days=1), customers=40, observations=80).digest() != company.digest()


def test_it_is_as_large_as_promised(company: Company) -> None:
    count = {name: len(rows) for name, rows in company.rows.items()}
    roles = Counter(row["role"] for row in company.rows["users"])

    assert count["customers"] > 200
    assert 950 <= count["observations"] <= 1100
    assert count["history"] > 3000
    assert count["blobs"] >= 30
    assert roles[Role.TECHNICIAN] == 12
    assert roles[Role.INSIDE_SALES] == 5
    assert set(roles) == set(Role)


def test_it_grows_with_what_is_asked_for() -> None:
    small = generate(5, TODAY, customers=20, observations=40)
    larger = generate(5, TODAY, customers=60, observations=160)

    assert len(small.rows["customers"]) == 20
    assert len(larger.rows["customers"]) == 60
    assert len(larger.rows["observations"]) > 3 * len(small.rows["observations"])


def test_a_company_too_small_for_its_technicians_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 20"):
        generate(5, TODAY, customers=19)


@pytest.mark.parametrize(
    ("table", "column", "expected"),
    [
        ("leads", "state", set(LeadState)),
        ("leads", "reason", set(RejectionReason)),
        ("observations", "kind", set(Kind)),
        ("observations", "urgency", set(Urgency)),
        ("observations", "flag_kind", set(FlagKind)),
        ("customers", "customer_class", {"A", "B", "C"}),
    ],
)
def test_everything_that_can_be_chosen_occurs(
    company: Company, table: str, column: str, expected: set[str]
) -> None:
    assert {row[column] for row in company.rows[table]} - {None} == expected


def test_master_data_has_the_gaps_of_real_master_data(company: Company) -> None:
    rows = company.rows

    assert any(row["customer_class"] is None for row in rows["customers"])
    assert any(row["street"] is None for row in rows["sites"])
    assert any(row["phone"] is None for row in rows["contacts"])
    assert any(row["email"] is None for row in rows["contacts"])
    assert any(row["role"] is None for row in rows["contacts"])
    assert any(row["has_left"] for row in rows["contacts"])
    assert any(row["serial_number"] is None for row in rows["assets"])
    assert max(len(row["name"]) for row in rows["customers"]) > 70


def test_two_customers_are_easily_mixed_up(company: Company) -> None:
    names = {row["name"] for row in company.rows["customers"]}

    assert {"Käsmayr Kunststofftechnik GmbH & Co. KG", "Käsmaier Kunststofftechnik GmbH"} <= names
    assert len(names) == len(company.rows["customers"])


def test_machines_are_ours_and_competitors(company: Company) -> None:
    for row in company.rows["assets"]:
        assert row["maker"] in ((OUR_MAKER,) if row["ours"] else COMPETITORS)
    assert any(not row["ours"] for row in company.rows["assets"])


def test_nobody_real_can_be_called_or_written_to(company: Company) -> None:
    for row in company.rows["contacts"]:
        assert row["phone"] is None or RESERVED_NUMBERS.fullmatch(row["phone"]), row["phone"]
    for row in [*company.rows["contacts"], *company.rows["users"]]:
        assert row["email"] is None or re.fullmatch(r"[a-z0-9.-]+@[a-z0-9-]+\.example", row["email"]), row
    texts = "\n".join(_text(row["content"]) for row in company.rows["revisions"])
    assert not re.search(r"(?<![\w-])0\d{2,4}[ /-]?\d{4,}", texts), "a telephone number"


def test_important_customers_have_more_contacts_on_working_days(company: Company) -> None:
    customer_class = {row["id"]: row["customer_class"] for row in company.rows["customers"]}
    customers = Counter(customer_class.values())
    contacts = Counter(customer_class[row["customer_id"]] for row in company.rows["history"])

    assert contacts["A"] / customers["A"] > 1.5 * contacts["B"] / customers["B"]
    assert contacts["B"] / customers["B"] > 1.5 * contacts["C"] / customers["C"]
    assert all(day_of(row["at"]).weekday() < 5 for row in company.rows["history"])


@pytest.mark.parametrize("today", [TODAY, date(2026, 11, 22), date(2027, 1, 1)])
def test_every_technician_has_visits_today_and_tomorrow_even_on_a_holiday(today: date) -> None:
    company = generate(8, today, customers=60, observations=60)
    days = defaultdict(set)
    for row in company.rows["visits"]:
        days[row["technician_id"]].add(day_of(row["starts_at"]))

    assert len(days) == 12
    for visited in days.values():
        assert {today, today + timedelta(days=1), workday(today, -2)} <= visited


def test_no_list_of_twenty_repeats_itself(company: Company) -> None:
    rows = sorted(company.rows["observations"], key=lambda row: row["received_at"])
    by_author = defaultdict(list)
    for row in rows:
        by_author[row["author_id"]].append(row["title"])
    lists = [[row["title"] for row in rows], *by_author.values()]

    repeated = sum(
        len(set(titles[start : start + 20])) < len(titles[start : start + 20]) - 1
        for titles in lists
        for start in range(0, len(titles), 20)
    )

    assert repeated == 0


def test_titles_fit_a_line_and_texts_have_no_open_slots(company: Company) -> None:
    for row in company.rows["observations"]:
        assert 8 <= len(row["title"]) <= 90, row["title"]
        assert not re.search(r"(?<!\d)\.$", row["title"]), row["title"]
    for table, column in (("revisions", "content"), ("comments", "text"), ("history", "summary")):
        for row in company.rows[table]:
            text = row[column] if table != "revisions" else _text(row[column])
            assert not re.search(r"[{}]|\.\.|  |\bNone\b|\b(An|mit|bei|von) Herr ", text), text


def test_photos_are_pictures_of_the_size_that_their_rows_say(company: Company) -> None:
    for row in company.rows["blobs"]:
        picture = company.pictures[row["sha256"]]
        with Image.open(BytesIO(picture)) as image:
            image.load()
            assert image.format == "JPEG"
            assert image.size == (row["width"], row["height"])
        assert len(picture) == row["size"] < 200_000
    assert {row["sha256"] for row in company.rows["blobs"]} < {
        row["sha256"] for row in company.rows["photos"]
    }, "one photo has not arrived yet"


def test_nothing_lies_in_the_future_but_plans(company: Company) -> None:
    for table, column in (
        ("history", "at"),
        ("observations", "received_at"),
        ("revisions", "received_at"),
        ("comments", "at"),
        ("comments", "received_at"),
        ("lead_events", "at"),
        ("consents", "at"),
        ("seen_by", "at"),
    ):
        assert max(row[column] for row in company.rows[table]) <= NOW, table


def test_consents_are_kept_in_order_with_evidence(company: Company) -> None:
    by_permission = defaultdict(list)
    for row in company.rows["consents"]:
        assert row["evidence"]
        by_permission[row["contact_id"], row["channel"], row["purpose"]].append(row)

    withdrawn = [rows for rows in by_permission.values() if [r["granted"] for r in rows] == [True, False]]

    assert withdrawn
    assert all(a["at"] < b["at"] for rows in by_permission.values() for a, b in pairwise(rows))


def test_there_is_something_to_do_this_morning(company: Company) -> None:
    open_follow_ups = [row for row in company.rows["follow_ups"] if row["done_at"] is None]
    fresh = [row for row in company.rows["leads"] if row["state"] == LeadState.NEW]

    assert any(row["due_on"] == TODAY for row in open_follow_ups)
    assert any(row["due_on"] < TODAY for row in open_follow_ups)
    assert any(row["due_on"] > TODAY for row in open_follow_ups)
    assert max(row["created_at"] for row in fresh) > NOW - timedelta(minutes=15)


def test_the_data_ends_when_it_is_told_to() -> None:
    early = generate(5, TODAY, customers=40, observations=60, at=local(TODAY, NOW.time()).time())

    assert max(row["received_at"] for row in early.rows["observations"]) < NOW


def _text(content: str) -> str:
    observation = ObservationContent.model_validate_json(content)
    step = observation.next_step.text if observation.next_step else ""
    return f"{observation.text}\n{step}"


@pytest.mark.parametrize("at", [time(0, 20), time(6, 5), time(23, 50)])
@pytest.mark.parametrize("today", [TODAY, date(2026, 11, 22), date(2027, 1, 1), date(2027, 3, 29)])
def test_a_demo_made_at_any_hour_of_any_day_has_news_and_no_future(today: date, at: time) -> None:
    company = generate(6, today, customers=30, observations=60, at=at)
    end = local(today, at)

    received = max(row["received_at"] for row in company.rows["observations"])

    assert end - timedelta(minutes=10) < received < end
    assert max(row["at"] for row in company.rows["lead_events"]) < end
