"""Push: every change once, with a receipt that stays the same (rules S1 to S4)."""

import threading
from uuid import UUID

import pytest
from sqlalchemy import func, insert, select, text

from protocol.changes import Outcome, PushAnswer
from protocol.ids import new_id
from protocol.observation import Flag, FlagKind, NextStep, Side
from protocol.problems import Advice, Code
from protocol.reference import Entity
from sync_server.crm import documents, rendering
from sync_server.store import schema as t
from tests.server.firm import NOW, Firm, Tablet, photo_of


def count(firm: Firm, table: str) -> int:
    with firm.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(t.metadata.tables[table])).scalar_one()


def outcomes(answer: PushAnswer) -> list[Outcome]:
    return [receipt.outcome for receipt in answer.receipts]


def test_s1_a_push_retried_after_a_lost_answer_creates_one_observation(firm: Firm, anna: Tablet) -> None:
    observation = anna.observe()

    first = anna.push(observation)
    again = anna.push(observation)

    assert again.receipts == first.receipts
    assert outcomes(first) == [Outcome.ACCEPTED]
    assert [count(firm, name) for name in ("observations", "revisions", "leads", "lead_events")] == [1] * 4


def test_s1_the_receipt_is_the_same_from_another_tablet_of_the_user(firm: Firm, anna: Tablet) -> None:
    observation = anna.observe()
    first = anna.push(observation)

    assert firm.pair(firm.anna).push(observation).receipts == first.receipts


def test_s1_the_receipt_is_the_same_when_inside_sales_has_decided_since(firm: Firm, anna: Tablet) -> None:
    observation = anna.observe()
    first = anna.push(observation)
    with firm.database.writing() as connection:
        connection.execute(t.leads.update().values(state="accepted"))

    assert anna.push(observation).receipts == first.receipts


def test_s1_the_same_push_from_many_threads_at_once_creates_one_observation(firm: Firm, anna: Tablet) -> None:
    changes = [anna.observe(str(number)) for number in range(5)]
    answers: list[PushAnswer] = []
    together = threading.Barrier(8)

    def push() -> None:
        together.wait()
        answers.append(anna.push(*changes))

    threads = [threading.Thread(target=push) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 8
    assert all(answer.receipts == answers[0].receipts for answer in answers)
    assert count(firm, "observations") == count(firm, "receipts") == len(changes)


def test_s1_a_change_twice_in_one_push_is_stored_once(firm: Firm, anna: Tablet) -> None:
    observation = anna.observe()

    answer = anna.push(observation, observation)

    assert answer.receipts[0] == answer.receipts[1]
    assert count(firm, "observations") == 1


def test_s1_the_same_revision_under_another_change_id_is_a_duplicate(firm: Firm, anna: Tablet) -> None:
    observation = anna.observe()
    copy = observation.model_copy(update={"id": new_id()})

    assert outcomes(anna.push(observation, copy)) == [Outcome.ACCEPTED, Outcome.DUPLICATE]
    assert count(firm, "revisions") == 1


def test_s2_one_bad_change_never_holds_back_its_neighbours(firm: Firm, anna: Tablet) -> None:
    good, better = anna.observe("eins"), anna.observe("zwei")
    bad = anna.observe("drei").as_dict()
    bad["content"]["kind"] = "rumour"

    answer = anna.push(good, bad, better)

    assert outcomes(answer) == [Outcome.ACCEPTED, Outcome.REJECTED, Outcome.ACCEPTED]
    assert [str(receipt.change_id) for receipt in answer.receipts] == [
        str(good.id),
        bad["id"],
        str(better.id),
    ]
    assert count(firm, "observations") == 2


def test_s2_kinto_a_later_conflict_does_not_roll_back_earlier_changes_that_were_answered(
    firm: Firm, anna: Tablet, jan: Tablet
) -> None:
    """Kinto answered 201 for parts of a batch that a later part's conflict rolled back."""
    taken = jan.observe("gehört Jan")
    jan.push(taken)
    earlier = [anna.observe(str(number)) for number in range(20)]
    later = [anna.observe(str(number)) for number in range(20)]
    in_the_way = anna.observe("anderes").model_copy(update={"observation_id": taken.observation_id})

    answer = anna.push(*earlier, in_the_way, *later)

    stored = {receipt.change_id for receipt in answer.receipts if receipt.outcome is Outcome.ACCEPTED}
    assert stored == {change.id for change in (*earlier, *later)}
    anna.pull()
    assert {key[1] for key in anna.held if key[0] is Entity.OBSERVATION} == {
        change.observation_id for change in (*earlier, *later)
    }


@pytest.mark.sqlite
def test_s2_what_the_database_itself_refuses_is_found_and_its_neighbours_are_stored(
    firm: Firm, anna: Tablet
) -> None:
    good, bad, better = anna.observe("eins"), anna.observe("zwei"), anna.observe("drei")
    with firm.database.writing() as connection:
        refuse = f"WHEN NEW.id = '{bad.observation_id.hex}' BEGIN SELECT RAISE(ABORT, 'no'); END"
        connection.execute(text(f"CREATE TRIGGER refuse BEFORE INSERT ON observations {refuse}"))

    answer = anna.push(good, bad, better)

    assert outcomes(answer) == [Outcome.ACCEPTED, Outcome.REJECTED, Outcome.ACCEPTED]
    assert answer.receipts[1].problem is not None
    assert answer.receipts[1].problem.code is Code.INTERNAL
    assert count(firm, "observations") == count(firm, "leads") == 2
    with firm.database.writing() as connection:
        connection.execute(text("DROP TRIGGER refuse"))
    assert outcomes(anna.push(good, bad, better)) == [Outcome.ACCEPTED] * 3


def test_s2_what_was_accepted_is_there_after_the_server_was_opened_anew(firm: Firm, anna: Tablet) -> None:
    anna.push(anna.observe())
    firm.database.close()

    assert count(firm, "observations") == 1


def test_s3_the_answer_names_its_type_the_epoch_and_exactly_the_pushed_changes(
    firm: Firm, anna: Tablet
) -> None:
    changes = [anna.observe("eins"), anna.observe("zwei")]

    answer = anna.send(*changes).json()

    assert answer["type"] == "rundgang.push"
    assert answer["epoch"] == str(anna.paired.epoch)
    assert [receipt["change_id"] for receipt in answer["receipts"]] == [str(change.id) for change in changes]


def test_s3_a_tablet_of_another_epoch_learns_of_it_before_anything_is_taken(firm: Firm, anna: Tablet) -> None:
    answer = anna.send(anna.observe(), epoch=str(new_id()))

    assert answer.status_code == 409
    assert answer.json()["code"] == Code.EPOCH_CHANGED
    assert count(firm, "observations") == 0
    assert outcomes(
        PushAnswer.model_validate_json(anna.send(anna.observe(), epoch=str(anna.paired.epoch)).content)
    )


def test_s4_a_rejection_says_why_and_where_and_stays_the_same(firm: Firm, anna: Tablet) -> None:
    bad = anna.observe().as_dict()
    bad["content"]["flag"] = {"kind": "personal", "purpose": ""}

    first = anna.push(bad).receipts[0]

    assert first.problem is not None
    assert first.problem.code is Code.INVALID_CHANGE
    assert first.problem.advice is Advice.CORRECT
    assert [error.pointer for error in first.problem.errors] == ["/content/flag/purpose"]
    assert anna.push(bad).receipts[0] == first


def test_s4_a_rejection_that_says_retry_is_taken_when_what_it_waited_for_is_there(anna: Tablet) -> None:
    observation = anna.observe()
    comment = anna.comment(observation, "Er ruft morgen an")

    early = anna.push(comment).receipts[0]
    assert early.problem is not None
    assert (early.problem.code, early.problem.advice) == (Code.UNKNOWN_OBSERVATION, Advice.RETRY)

    assert outcomes(anna.push(observation, comment)) == [Outcome.ACCEPTED, Outcome.ACCEPTED]


def test_s4_a_change_of_a_newer_kind_is_taken_by_a_newer_server(firm: Firm, anna: Tablet) -> None:
    change = anna.observe()
    unknown = change.as_dict() | {"type": "voice_note.add"}

    receipt = anna.push(unknown).receipts[0]

    assert receipt.problem is not None
    assert (receipt.problem.code, receipt.problem.advice) == (Code.UNKNOWN_CHANGE_TYPE, Advice.UPDATE)
    assert outcomes(anna.push(change)) == [Outcome.ACCEPTED]  # the same id, now understood


def test_a_change_without_a_readable_id_is_answered_and_its_neighbours_are_taken(anna: Tablet) -> None:
    nameless = anna.observe().as_dict() | {"id": "seven"}

    answer = anna.push(nameless, anna.observe(), 7)

    assert outcomes(answer) == [Outcome.REJECTED, Outcome.ACCEPTED, Outcome.REJECTED]
    assert [r.problem.errors[0].pointer for r in answer.receipts if r.problem] == [
        "/changes/0/id",
        "/changes/2/id",
    ]
    assert answer.receipts[0].change_id == UUID(int=0)


def test_s17_a_change_id_of_another_user_is_taken_and_shows_nothing_of_his(anna: Tablet, jan: Tablet) -> None:
    theirs = jan.observe("gehört Jan")
    jan.push(theirs)

    receipt = anna.push(anna.observe().model_copy(update={"id": theirs.id})).receipts[0]

    assert receipt.problem is not None
    assert receipt.problem.code is Code.ID_TAKEN


@pytest.mark.parametrize("flag", [None, Flag(kind=FlagKind.PERSONAL, purpose="Rückruf")])
def test_s2_an_observation_under_the_id_of_a_contact_of_the_past_is_refused_alone(
    firm: Firm, anna: Tablet, flag: Flag | None
) -> None:
    past = {"id": new_id(), "customer_id": firm.werft, "at": NOW, "channel": "phone", "summary": "Anruf"}
    with firm.database.writing() as connection:
        connection.execute(insert(t.history), past)
        documents.publish_everything(connection, NOW)
    before, after = anna.observe("davor"), anna.observe("danach")
    same = anna.observe("gleich", flag=flag).model_copy(update={"observation_id": past["id"]})

    answer = anna.push(before, same, after)

    assert outcomes(answer) == [Outcome.ACCEPTED, Outcome.REJECTED, Outcome.ACCEPTED]
    assert [receipt.problem.code for receipt in answer.receipts if receipt.problem] == [Code.ID_TAKEN]
    assert anna.push(same).receipts[0] == answer.receipts[1]


@pytest.mark.parametrize("based_on", [None, new_id()])
def test_s17_nobody_revises_or_answers_for_another(
    firm: Firm, anna: Tablet, jan: Tablet, based_on: UUID | None
) -> None:
    theirs = jan.observe("gehört Jan")
    jan.push(theirs)
    mine = anna.observe("nein").model_copy(
        update={"observation_id": theirs.observation_id, "based_on": based_on}
    )

    answer = anna.push(mine, anna.comment(theirs, "auch nicht"))

    codes = [receipt.problem.code for receipt in answer.receipts if receipt.problem]
    assert codes == [Code.FORBIDDEN if based_on else Code.ID_TAKEN, Code.FORBIDDEN]
    assert count(firm, "revisions") == 1


def test_a_technician_who_helps_out_next_door_records_there_too(firm: Firm, anna: Tablet) -> None:
    assert outcomes(anna.push(anna.observe(customer_id=firm.werft))) == [Outcome.ACCEPTED]


def test_everything_that_an_observation_says_is_stored(firm: Firm, anna: Tablet) -> None:
    observation = anna.observe(
        seen="Wettbewerber Kaeser läuft",
        next_step=NextStep(text="Angebot", responsible=Side.TECHNICIAN, due_on=NOW.date()),
        flag=Flag(kind=FlagKind.PERSONAL, purpose="Rückruf"),
        photos=(photo_of("a" * 64, caption="Typenschild"),),
    )

    anna.push(observation)

    with firm.database.reading() as connection:
        lead = connection.execute(select(t.leads)).one()
        event = connection.execute(select(t.lead_events)).one()
        row = connection.execute(select(t.observations)).one()
        task = connection.execute(select(t.tasks)).one()
        flag = connection.execute(select(t.flags)).one()
        photo = connection.execute(select(t.photos)).one()
    assert (lead.state, event.action, event.state_after) == ("new", "received", "new")
    assert (row.title, row.flag_kind, row.shown_revision_id) == (
        "Zweite Halle ist geplant",
        "personal",
        observation.revision_id,
    )
    assert row.folded_text == "zweite halle ist geplant wettbewerber kaser lauft angebot typenschild"
    assert (task.id, task.text, task.owner_id) == (observation.observation_id, "Angebot", firm.anna.id)
    assert (flag.kind, flag.purpose) == ("personal", "Rückruf")
    assert (photo.sha256, photo.caption) == ("a" * 64, "Typenschild")


def test_what_is_published_at_once_is_what_the_tables_say(firm: Firm, anna: Tablet) -> None:
    observation = anna.observe(photos=(photo_of("b" * 64),), flag=Flag(kind=FlagKind.PERSONAL, purpose="x"))
    anna.push(observation)

    with firm.database.reading() as connection:
        (from_tables,) = rendering.observations(connection, [observation.observation_id])
        published = dict(
            connection.execute(
                select(t.feed.c.entity, t.feed.c.body).where(t.feed.c.thing_id == observation.observation_id)
            ).all()
        )

    assert published == {
        Entity.OBSERVATION: from_tables.state.as_json(),
        Entity.HISTORY: from_tables.history_entry.as_json(),
    }
