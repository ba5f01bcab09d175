"""Revisions: nothing is overwritten, a pure rule picks what is shown (rule S5)."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from protocol.changes import Outcome
from protocol.observation import Flag, FlagKind, NextStep
from protocol.problems import Code
from protocol.review import LeadState
from protocol.rules.access import Who
from protocol.rules.revisions import Node, tips, winner
from sync_server.crm import lead_page, review
from sync_server.crm.documents import publish_observation
from sync_server.store import schema as t
from tests.server.firm import NOW, Firm, Tablet


def outcome(tablet: Tablet, change: object) -> Outcome:
    return tablet.push(change).receipts[0].outcome


def test_s5_a_correction_replaces_what_is_shown_and_keeps_what_was(firm: Firm, anna: Tablet) -> None:
    first = anna.observe("Verdichter alt", flag=Flag(kind=FlagKind.PERSONAL, purpose="x"))
    second = anna.revise(first, "Verdichter Baujahr 1998")

    anna.push(first)
    assert outcome(anna, second) is Outcome.ACCEPTED
    anna.pull()

    state = anna.observation(first)
    assert state.shown.content.heard == "Verdichter Baujahr 1998"
    assert (state.revision_count, state.siblings) == (2, ())
    with firm.database.reading() as connection:
        kept = connection.execute(select(t.revisions.c.content)).scalars().all()
        row = connection.execute(select(t.observations)).one()
    assert sorted("Verdichter alt" in text for text in kept) == [False, True]
    assert (row.title, row.has_conflict) == ("Verdichter Baujahr 1998", False)


def test_s5_two_revisions_of_the_same_one_are_both_kept_and_marked(firm: Firm, anna: Tablet) -> None:
    other = firm.pair(firm.anna)
    first = anna.observe()
    anna.push(first)
    here, there = anna.revise(first, "vom Tablet"), other.revise(first, "vom zweiten Tablet")

    assert outcome(anna, here) is Outcome.ACCEPTED
    assert outcome(other, there) is Outcome.CONFLICT

    anna.pull()
    state = anna.observation(first)
    assert state.shown.id == max(here.revision_id, there.revision_id)
    assert [sibling.id for sibling in state.siblings] == [min(here.revision_id, there.revision_id)]
    assert all(sibling.conflict for sibling in state.siblings)
    with firm.database.reading() as connection:
        assert connection.execute(select(t.observations.c.has_conflict)).scalar()


def test_s5_a_correction_never_conflicts_with_the_review(firm: Firm, anna: Tablet) -> None:
    first = anna.observe()
    anna.push(first)
    with firm.database.writing() as connection:
        connection.execute(update(t.leads).values(state="accepted", decided_by_id=firm.nora.id))
        publish_observation(connection, first.observation_id, NOW)

    assert outcome(anna, anna.revise(first, "genauer")) is Outcome.ACCEPTED

    anna.pull()
    state = anna.observation(first)
    assert (state.review.state, state.review.decided_by_name) == (LeadState.ACCEPTED, "Nora Kern")
    assert state.shown.content.heard == "genauer"


def test_s5_a_revision_that_arrives_before_its_origin_is_stored_and_the_origin_joins_it(
    firm: Firm, anna: Tablet
) -> None:
    first = anna.observe("erste")
    second = anna.revise(first, "zweite")

    assert outcome(anna, second) is Outcome.ACCEPTED
    assert outcome(anna, first) is Outcome.ACCEPTED

    anna.pull()
    state = anna.observation(first)
    assert (state.shown.content.heard, state.revision_count, state.siblings) == ("zweite", 2, ())


def test_the_flag_and_the_task_follow_the_shown_revision(firm: Firm, anna: Tablet) -> None:
    flag = Flag(kind=FlagKind.THIRD_PARTY, purpose="x")
    first = anna.observe(flag=flag, next_step=NextStep(text="anrufen"))
    anna.push(first)
    with firm.database.writing() as connection:
        connection.execute(update(t.tasks).values(done_at=NOW))
    changed = first.content.model_copy(update={"flag": None, "next_step": NextStep(text="hinfahren")})
    second = anna.revise(first, "x").model_copy(update={"content": changed})
    without = changed.model_copy(update={"next_step": None})
    third = anna.revise(second, "x").model_copy(update={"content": without})

    anna.push(second)
    with firm.database.reading() as connection:
        task = connection.execute(select(t.tasks)).one()
        assert connection.execute(select(t.flags)).all() == []
    assert (task.text, task.done_at) == ("hinfahren", None), "another text is another step"

    anna.push(third)
    with firm.database.reading() as connection:
        assert connection.execute(select(t.tasks)).all() == []


def test_the_answer_to_a_question_gives_the_lead_back_to_inside_sales(firm: Firm, anna: Tablet) -> None:
    observation = anna.observe()
    anna.push(observation)
    with firm.database.writing() as connection:
        connection.execute(update(t.leads).values(state="question"))

    anna.push(anna.comment(observation, "Halle 2, hinten links"))

    with firm.database.reading() as connection:
        lead = connection.execute(select(t.leads)).one()
        events = connection.execute(select(t.lead_events).order_by(t.lead_events.c.id)).all()
    assert (lead.state, lead.revision) == ("in_review", 2)
    assert [(event.action, event.state_before, event.state_after) for event in events] == [
        ("received", None, "new"),
        ("answer", "question", "in_review"),
    ]
    anna.pull()
    (comment,) = anna.observation(observation).comments
    assert (comment.text, comment.by_technician, comment.author_name) == (
        "Halle 2, hinten links",
        True,
        "Anna Wieland",
    )


def test_a_comment_without_a_question_leaves_the_state_alone(firm: Firm, anna: Tablet) -> None:
    observation = anna.observe()
    anna.push(observation, anna.comment(observation, "Nachtrag"))

    with firm.database.reading() as connection:
        lead = connection.execute(select(t.leads)).one()
        actions = connection.execute(select(t.lead_events.c.action).order_by(t.lead_events.c.id)).scalars()
        assert list(actions) == ["received", "comment"]
    assert (lead.state, lead.revision) == ("new", 2)


def test_another_content_under_a_known_revision_id_is_refused(firm: Firm, anna: Tablet) -> None:
    observation = anna.observe("eins")
    anna.push(observation)
    forged = anna.revise(observation, "zwei").model_copy(update={"revision_id": observation.revision_id})

    receipt = anna.push(forged).receipts[0]

    assert receipt.problem is not None
    assert receipt.problem.code is Code.ID_TAKEN


@st.composite
def histories(draw: st.DrawFn) -> list[Node]:
    """Revisions whose origins are other revisions, unknown ones, or none; rings included."""
    ids = draw(st.lists(st.uuids(), min_size=1, max_size=12, unique=True))
    origins = st.one_of(st.none(), st.sampled_from(ids), st.uuids())
    return [Node(key, draw(origins)) for key in ids]


@given(histories(), st.randoms(use_true_random=False))
def test_s5_the_winner_does_not_depend_on_the_order_of_arrival(nodes: list[Node], random: object) -> None:
    shuffled = list(nodes)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert winner(shuffled) == winner(nodes)
    assert tips(shuffled) == tips(nodes)


@given(histories())
def test_s5_the_winner_is_one_of_the_open_ends(nodes: list[Node]) -> None:
    assert winner(nodes) in tips(nodes)


@given(histories(), st.uuids())
def test_s5_settling_leaves_one_version_whichever_was_chosen(nodes: list[Node], new: UUID) -> None:
    known = {node.id for node in nodes} | {node.based_on for node in nodes}
    if new in known or _has_ring(nodes):
        return
    shown, open_ends = winner(nodes), tips(nodes)
    kept = [Node(node.id, node.based_on, node.id in open_ends and node.id != shown) for node in nodes]
    settled = [*kept, Node(new, shown)]
    assert (winner(settled), list(tips(settled))) == (new, [new])


@given(histories(), st.uuids())
def test_s5_a_correction_of_what_is_shown_is_shown_next(nodes: list[Node], new: UUID) -> None:
    known = {node.id for node in nodes} | {node.based_on for node in nodes}
    if new in known or _has_ring(nodes):
        return
    assert winner([*nodes, Node(new, winner(nodes))]) == new


def _has_ring(nodes: list[Node]) -> bool:
    origins = {node.id: node.based_on for node in nodes}
    for start in origins:
        seen, current = set(), start
        while current in origins and current not in seen:
            seen.add(current)
            current = origins[current]  # type: ignore[assignment]
        if current in seen:
            return True
    return False


def test_s19_the_thread_follows_the_receipts_and_shows_the_times_as_they_were_said(
    firm: Firm, anna: Tablet
) -> None:
    observation = anna.observe()
    earlier = NOW.replace(year=2024)  # this tablet's clock runs two years behind
    anna.push(observation, anna.comment(observation, "Nachtrag"))
    with firm.database.writing() as connection:
        lead_id = connection.execute(select(t.leads.c.id)).scalar_one()
        review.ask(connection, Who(firm.nora.id, firm.nora.role), lead_id, 2, text="Welche Halle?", now=NOW)
    behind = {"recorded_at": earlier}
    second = anna.comment(observation, "Mit dem Tor zum Hof").model_copy(
        update={"recorded_at": earlier.replace(year=2023)}  # set back once more between the two
    )

    anna.push(anna.comment(observation, "Halle 2").model_copy(update=behind), second)
    anna.pull()

    told = anna.observation(observation).comments
    assert [comment.text for comment in told] == [
        "Nachtrag",
        "Welche Halle?",
        "Halle 2",
        "Mit dem Tor zum Hof",
    ]
    assert [comment.at.year for comment in told] == [2026, 2026, 2024, 2023]
    with firm.database.reading() as connection:
        page = lead_page.read_detail_of(connection, firm.nora.role, lead_id)
    assert [comment.text for comment in page.observations[0].comments] == [comment.text for comment in told]
