"""What happened to each observation is a story that could have happened."""

from collections import defaultdict
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest

from protocol.observation import ObservationContent
from protocol.review import LeadState, RejectionReason
from protocol.rules.leads import Action, after, is_decided
from protocol.rules.revisions import Node, tips, winner
from sync_server.crm.lead_step import Step
from sync_server.demo import Company

Row = dict[str, Any]


@pytest.fixture(scope="module")
def events(company: Company) -> dict[UUID, list[Row]]:
    """The events of each lead in the order in which they were written."""
    found = defaultdict(list)
    for row in company.rows["lead_events"]:
        found[row["lead_id"]].append(row)
    return found


def test_events_follow_each_other_in_time_and_by_the_rules(
    company: Company, events: dict[UUID, list[Row]]
) -> None:
    for lead in company.rows["leads"]:
        story = events[lead["id"]]
        assert story[0]["action"] == "received"
        assert story[-1]["state_after"] == lead["state"]
        for before, event in pairwise(story):
            assert before["at"] <= event["at"]
            assert before["state_after"] == event["state_before"]
            if event["action"] in set(Action):
                assert (
                    after(LeadState(event["state_before"]), Action(event["action"])) == event["state_after"]
                )


def test_decided_leads_say_who_decided_when(company: Company) -> None:
    for lead in company.rows["leads"]:
        decided = is_decided(LeadState(lead["state"]))
        assert (lead["decided_by_id"] is not None) is decided
        assert (lead["decided_at"] is not None) is decided
        if decided:
            assert lead["created_at"] <= lead["first_answer_at"] <= lead["decided_at"] <= lead["changed_at"]


def test_only_rejected_leads_have_a_reason_and_other_is_explained(company: Company) -> None:
    for lead in company.rows["leads"]:
        assert (lead["reason"] is not None) is (lead["state"] == LeadState.REJECTED)
        if lead["reason"] == RejectionReason.OTHER:
            assert lead["note"]


def test_an_open_question_is_the_last_word_and_an_answered_one_has_its_answer(company: Company) -> None:
    state = {row["id"]: row["state"] for row in company.rows["leads"]}
    threads = defaultdict(list)
    for row in sorted(company.rows["comments"], key=lambda row: row["received_at"]):
        threads[row["observation_id"]].append(row)
    answered = 0
    for observation in company.rows["observations"]:
        thread = threads[observation["id"]]
        if state[observation["lead_id"]] == LeadState.QUESTION:
            assert not thread[-1]["by_technician"]
        for row in thread:
            if row["by_technician"]:
                assert row["author_id"] == observation["author_id"]
                answered += 1
    assert answered > 20


def test_an_observation_is_recorded_then_received_then_reviewed(
    company: Company, events: dict[UUID, list[Row]]
) -> None:
    first: dict[UUID, Row] = {}
    for row in company.rows["revisions"]:
        first.setdefault(row["observation_id"], row)
    for observation in company.rows["observations"]:
        revision = first[observation["id"]]
        assert observation["observed_at"] <= revision["recorded_at"] <= revision["received_at"]
        assert (
            revision["received_at"] == observation["received_at"] == events[observation["lead_id"]][0]["at"]
        )


def test_shown_revisions_are_those_of_the_rule(company: Company) -> None:
    revisions = defaultdict(list)
    for row in company.rows["revisions"]:
        revisions[row["observation_id"]].append(row)
    conflicts = 0
    for observation in company.rows["observations"]:
        nodes = [Node(row["id"], row["based_on"]) for row in revisions[observation["id"]]]
        assert observation["shown_revision_id"] == winner(nodes)
        assert observation["revision_count"] == len(nodes)
        assert observation["has_conflict"] is (len(tips(nodes)) > 1)
        conflicts += observation["has_conflict"]
    assert 3 <= conflicts <= 20
    assert any(len(rows) >= 3 for rows in revisions.values())


def test_people_places_and_machines_belong_to_the_customer(company: Company) -> None:
    owner = {
        row["id"]: row["customer_id"]
        for table in ("sites", "contacts", "assets")
        for row in company.rows[table]
    }
    visits = {row["id"]: row for row in company.rows["visits"]}
    for row in company.rows["revisions"]:
        content = ObservationContent.model_validate_json(row["content"])
        for thing in (content.site_id, content.contact_id, content.asset_id):
            assert thing is None or owner[thing] == content.customer_id
        if content.visit_id is not None:
            visit = visits[content.visit_id]
            assert visit["customer_id"] == content.customer_id
            assert visit["technician_id"] == row["author_id"]
            assert visit["starts_at"] <= content.observed_at


def test_follow_ups_of_finished_leads_are_done(company: Company) -> None:
    finished = {LeadState.REJECTED, LeadState.DUPLICATE, LeadState.WON, LeadState.LOST}
    state = {row["id"]: row["state"] for row in company.rows["leads"]}
    for row in company.rows["follow_ups"]:
        if state[row["lead_id"]] in finished:
            assert row["done_at"] is not None
        if row["done_at"] is not None:
            assert row["created_at"] <= row["done_at"]


def test_special_categories_are_flagged(company: Company) -> None:
    flagged = {row["observation_id"]: row for row in company.rows["flags"]}
    shown = {row["id"]: row for row in company.rows["revisions"]}
    for observation in company.rows["observations"]:
        content = ObservationContent.model_validate_json(shown[observation["shown_revision_id"]]["content"])
        if "Operation" in content.text:
            assert flagged[observation["id"]]["kind"] == "special_category"
            assert flagged[observation["id"]]["purpose"]


def test_every_event_is_one_that_the_product_writes(events: dict[UUID, list[Row]]) -> None:
    known = {"received", "revised", *Action, *Step}

    assert {event["action"] for story in events.values() for event in story} <= known
