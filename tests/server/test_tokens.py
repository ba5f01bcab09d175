"""Pairing codes and tokens: who gets in, who does not any more (rules S16, S17, S19)."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from protocol.limits import PAIRING_VALID, TOKEN_VALID
from protocol.pairing import PairAnswer
from protocol.problems import Advice, Code
from sync_server.crm import attempts, pairing, tablets, users
from sync_server.crm.pairing import NotForTablets
from sync_server.store import schema as t
from tests.server.firm import Firm, Tablet


def code_for(firm: Firm, made: datetime | None = None) -> str:
    with firm.database.writing() as connection:
        return pairing.make_code(connection, firm.anna.id, made or datetime.now(UTC))


def test_pairing_gives_the_tablet_its_identity(firm: Firm) -> None:
    answer = firm.http.post("/sync/v1/pair", json={"code": code_for(firm), "device_name": "Tablet 7"})

    paired = PairAnswer.model_validate_json(answer.content)
    assert (paired.user_name, paired.role, paired.territory) == ("Anna Wieland", "technician", "sued")
    assert answer.headers["cache-control"] == "no-store"
    with firm.database.reading() as connection:
        stored = connection.execute(select(t.devices)).one()
    assert stored.name == "Tablet 7"
    assert paired.token.encode() not in stored.token_hash


def test_tablets_of_one_person_are_told_apart_by_their_names(firm: Firm) -> None:
    for _ in range(3):
        firm.http.post("/sync/v1/pair", json={"code": code_for(firm), "device_name": "Android-Tablet"})
    with firm.database.reading() as connection:
        names = connection.scalars(select(t.devices.c.name).order_by(t.devices.c.paired_at)).all()
    assert names == ["Android-Tablet", "Android-Tablet 2", "Android-Tablet 3"]


def test_a_code_is_read_as_people_type_it(firm: Firm) -> None:
    code = code_for(firm)
    typed = f" {code[:4].lower()} - {code[4:].lower()}"
    assert firm.http.post("/sync/v1/pair", json={"code": typed}).status_code == 200


def test_a_wrong_a_used_and_an_expired_code_are_told_apart(firm: Firm) -> None:
    used, expired = code_for(firm), code_for(firm, datetime.now(UTC) - PAIRING_VALID - timedelta(seconds=1))
    firm.http.post("/sync/v1/pair", json={"code": used})

    answers = [firm.http.post("/sync/v1/pair", json={"code": code}) for code in ("22222222", used, expired)]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [
        (404, Code.PAIRING_CODE_WRONG),
        (409, Code.PAIRING_CODE_USED),
        (410, Code.PAIRING_CODE_EXPIRED),
    ]


def test_of_two_tablets_with_the_same_code_one_is_paired(firm: Firm) -> None:
    code, together = code_for(firm), threading.Barrier(6)
    statuses: list[int] = []

    def pair() -> None:
        together.wait()
        statuses.append(firm.http.post("/sync/v1/pair", json={"code": code}).status_code)

    threads = [threading.Thread(target=pair) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [200] + [409] * 5


def test_guessing_is_limited_and_the_limit_passes(firm: Firm) -> None:
    good = code_for(firm)
    for _ in range(attempts.PAIRING.each):
        assert firm.http.post("/sync/v1/pair", json={"code": "22222222"}).status_code == 404

    refused = firm.http.post("/sync/v1/pair", json={"code": good})
    assert (refused.status_code, refused.json()["code"]) == (429, Code.TOO_MANY_ATTEMPTS)
    assert int(refused.headers["retry-after"]) == attempts.PAIRING.within.total_seconds()

    with firm.database.writing() as connection:
        connection.execute(update(t.attempts).values(at=datetime.now(UTC) - attempts.PAIRING.within))
    assert firm.http.post("/sync/v1/pair", json={"code": good}).status_code == 200


def test_guessing_from_many_addresses_is_limited_too(firm: Firm) -> None:
    now = datetime.now(UTC)
    with firm.database.writing() as connection:
        for number in range(attempts.PAIRING.overall):
            attempts.note_failure(connection, attempts.PAIRING, f"10.0.0.{number}", now)
        assert attempts.exhausted(connection, attempts.PAIRING, "10.9.9.9", now)
        addresses = connection.execute(select(t.attempts.c.subject)).scalars().all()
    assert not any("10.0.0" in subject for subject in addresses)


def test_only_roles_with_a_tablet_get_a_code(firm: Firm) -> None:
    with firm.database.writing() as connection, pytest.raises(NotForTablets):
        pairing.make_code(connection, firm.nora.id, datetime.now(UTC))


def test_a_code_of_an_account_that_was_closed_meanwhile_pairs_nobody(firm: Firm) -> None:
    code = code_for(firm)
    with firm.database.writing() as connection:
        users.deactivate(connection, firm.anna.id, datetime.now(UTC))
    assert firm.http.post("/sync/v1/pair", json={"code": code}).json()["code"] == Code.FORBIDDEN


@pytest.mark.parametrize(
    ("header", "code", "status"),
    [
        (None, Code.TOKEN_MISSING, 401),
        ("Basic abc", Code.TOKEN_MISSING, 401),
        ("Bearer", Code.TOKEN_MISSING, 401),
        ("Bearer nobody-has-this", Code.TOKEN_UNKNOWN, 401),
    ],
)
@pytest.mark.parametrize("path", ["/sync/v1/pull", "/sync/v1/push"])
def test_s17_without_a_known_token_nothing_is_read_or_taken(
    firm: Firm, path: str, header: str | None, code: Code, status: int
) -> None:
    method = "POST" if path.endswith("push") else "GET"
    answer = firm.http.request(method, path, headers={"Authorization": header} if header else {})

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_s17_a_blocked_tablet_is_told_to_seal_and_let_in_again(firm: Firm, anna: Tablet) -> None:
    with firm.database.writing() as connection:
        tablets.block(connection, anna.paired.device_id, datetime.now(UTC))
    for answer in (anna.ask_page(), anna.send(anna.observe())):
        assert (answer.status_code, answer.json()["code"], answer.json()["advice"]) == (
            403,
            Code.TOKEN_BLOCKED,
            Advice.SEAL,
        )

    with firm.database.writing() as connection:
        tablets.unblock(connection, anna.paired.device_id)
    assert anna.ask_page().status_code == 200


def test_s17_closing_an_account_blocks_its_tablets(firm: Firm, anna: Tablet) -> None:
    with firm.database.writing() as connection:
        users.deactivate(connection, firm.anna.id, datetime.now(UTC))
    assert anna.ask_page().json()["code"] == Code.TOKEN_BLOCKED


def test_an_expired_token_is_told_to_pair_again(firm: Firm, anna: Tablet) -> None:
    with firm.database.writing() as connection:
        connection.execute(update(t.devices).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))

    answer = anna.send(anna.observe())

    assert (answer.status_code, answer.json()["code"], answer.json()["advice"]) == (
        401,
        Code.TOKEN_EXPIRED,
        Advice.PAIR,
    )


def test_every_contact_renews_the_token(firm: Firm, anna: Tablet) -> None:
    long_ago = datetime.now(UTC) - TOKEN_VALID + timedelta(days=1)
    with firm.database.writing() as connection:
        connection.execute(update(t.devices).values(last_seen_at=long_ago, expires_at=long_ago + TOKEN_VALID))

    anna.pull()

    with firm.database.reading() as connection:
        device = connection.execute(select(t.devices)).one()
    assert device.expires_at > datetime.now(UTC) + TOKEN_VALID - timedelta(minutes=1)


def test_s19_times_are_kept_as_said_and_the_offset_is_noted(firm: Firm, anna: Tablet) -> None:
    late = datetime.now(UTC) + timedelta(hours=3)
    observation = anna.observe(observed_at=late)

    anna.send(observation, sent_at=late.isoformat())

    with firm.database.reading() as connection:
        offset = connection.execute(select(t.devices.c.clock_offset_ms)).scalar_one()
        kept = connection.execute(select(t.observations.c.observed_at)).scalar_one()
    assert abs(offset - 3 * 3600 * 1000) < 60_000
    assert kept == late


def test_s19_a_clock_that_is_years_off_is_noted_as_far_as_the_column_goes(firm: Firm, anna: Tablet) -> None:
    assert anna.send(anna.observe(), sent_at="2001-01-01T00:00:00Z").status_code == 200
    with firm.database.reading() as connection:
        assert connection.execute(select(t.devices.c.clock_offset_ms)).scalar_one() == -(2**31 - 1)


def test_s16_an_older_tablet_may_push_but_not_read(anna: Tablet) -> None:
    assert anna.send(anna.observe(), protocol=0).status_code == 200
    anna.headers["Rundgang-Protocol"] = "0"
    answer = anna.ask_page()
    assert (answer.status_code, answer.json()["code"]) == (426, Code.PROTOCOL_TOO_OLD)


def test_s16_a_newer_tablet_is_told_that_the_server_is_older(anna: Tablet) -> None:
    for answer in (
        anna.send(anna.observe(), protocol=2),
        anna.send({"of": "a form we do not know"}, protocol=99, sent_at="later"),
    ):
        assert (answer.status_code, answer.json()["code"], answer.json()["advice"]) == (
            400,
            Code.PROTOCOL_TOO_NEW,
            Advice.UPDATE,
        )
    anna.headers["Rundgang-Protocol"] = "2"
    assert anna.ask_page().json()["code"] == Code.PROTOCOL_TOO_NEW


def test_hello_needs_no_token_and_names_the_epoch(firm: Firm, anna: Tablet) -> None:
    answer = firm.http.get("/sync/v1/hello").json()
    assert (answer["type"], answer["epoch"]) == ("rundgang.hello", str(anna.paired.epoch))
