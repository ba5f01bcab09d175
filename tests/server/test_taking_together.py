"""Pushes of many tablets that wait at the same time are stored together, and none of them notices (S2, S17)."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import func, select, text

from protocol.changes import Outcome, PushAnswer, Receipt
from protocol.problems import Code
from protocol.reference import Entity
from sync_server.crm.known import Sender
from sync_server.crm.observations import Push, as_pushed, take_together
from sync_server.store import schema as t
from tests.server.firm import Firm, Tablet

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def push_at_once(pushes: Sequence[tuple[Tablet, Sequence[object]]]) -> list[PushAnswer]:
    """Each push from a thread of its own, all let go together; the answers in the order of the pushes."""
    answers: dict[int, PushAnswer] = {}
    together = threading.Barrier(len(pushes))

    def send(number: int, tablet: Tablet, changes: Sequence[object]) -> None:
        together.wait()
        answers[number] = tablet.push(*changes)

    threads = [threading.Thread(target=send, args=(number, *push)) for number, push in enumerate(pushes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [answers[number] for number in range(len(pushes))]


def test_s17_pushes_taken_together_keep_their_authors_and_audiences(
    firm: Firm, anna: Tablet, jan: Tablet
) -> None:
    hers, his = anna.observe("von Anna"), jan.observe("von Jan", customer_id=firm.werft)
    pushes = [
        Push(Sender(user.who, user.name, tablet.paired.device_id), [as_pushed(change)])
        for user, tablet, change in ((firm.anna, anna, hers), (firm.jan, jan, his))
    ]

    with firm.database.writing() as connection:
        taken = take_together(connection, pushes, NOW)

    receipts = [[Receipt.model_validate_json(receipt) for receipt in push.receipts] for push in taken]
    assert [[receipt.change_id for receipt in push] for push in receipts] == [[hers.id], [his.id]]
    assert [len(push.news) for push in taken] == [1, 1]
    with firm.database.reading() as connection:
        o, r, q = t.observations.c, t.revisions.c, t.receipts.c
        authors = dict(connection.execute(select(o.id, o.author_id)).all())
        devices = dict(connection.execute(select(r.observation_id, r.device_id)).all())
        owners = dict(connection.execute(select(q.change_id, q.user_id)).all())
    assert authors == {hers.observation_id: firm.anna.id, his.observation_id: firm.jan.id}
    assert devices == {
        hers.observation_id: anna.paired.device_id,
        his.observation_id: jan.paired.device_id,
    }
    assert owners == {hers.id: firm.anna.id, his.id: firm.jan.id}
    for tablet, own in ((anna, hers), (jan, his)):
        tablet.pull()
        held = [thing for entity, thing in tablet.held if entity is Entity.OBSERVATION]
        assert held == [own.observation_id]
        assert tablet.observation(own).shown.author_name in {"Anna Wieland", "Jan Petersen"}
        assert tablet.pull().totals is not None


def test_s2_what_the_database_refuses_in_one_push_does_not_hold_back_the_others(
    firm: Firm, anna: Tablet, jan: Tablet
) -> None:
    pushes = [
        (tablet, [tablet.observe(f"{n}"), tablet.observe(f"{n}+")])
        for n in range(6)
        for tablet in (anna, jan)
    ]
    bad = pushes[5][1][1]
    with firm.database.writing() as connection:
        refuse = f"WHEN NEW.id = '{bad.observation_id.hex}' BEGIN SELECT RAISE(ABORT, 'no'); END"
        connection.execute(text(f"CREATE TRIGGER refuse BEFORE INSERT ON observations {refuse}"))

    answers = push_at_once(pushes)

    outcomes = {
        receipt.change_id: (receipt.outcome, receipt.problem.code if receipt.problem else None)
        for answer in answers
        for receipt in answer.receipts
    }
    assert outcomes.pop(bad.id) == (Outcome.REJECTED, Code.INTERNAL)
    assert set(outcomes.values()) == {(Outcome.ACCEPTED, None)}
    assert len(outcomes) == 2 * len(pushes) - 1


def test_s1_the_same_change_in_pushes_that_wait_together_has_one_receipt(firm: Firm, anna: Tablet) -> None:
    changes = [anna.observe(str(number)) for number in range(4)]
    # Each change is in two pushes, and each push has another mate.
    answers = push_at_once([(anna, [one, changes[(n + 1) % 4]]) for n, one in enumerate(changes)])

    receipts: dict[object, set[str]] = {}
    for answer in answers:
        for receipt in answer.receipts:
            receipts.setdefault(receipt.change_id, set()).add(receipt.as_json())
    assert {len(same) for same in receipts.values()} == {1}
    with firm.database.reading() as connection:
        stored = connection.execute(select(func.count()).select_from(t.observations)).scalar_one()
    assert stored == 4
