"""Bad input: each has a clear answer, and nothing is lost or half stored."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select, text

from protocol.limits import MAX_PUSH_BYTES, MAX_PUSH_CHANGES
from protocol.problems import CATALOGUE, Code
from sync_server.store import Busy, Database, StorageFull
from sync_server.store import schema as t
from sync_server.sync_api.taking_together import TakingTogether
from tests.server.firm import Firm, Tablet


def send_raw(tablet: Tablet, content: bytes, **headers: str) -> Any:
    return tablet.http.post("/sync/v1/push", content=content, headers={**tablet.headers, **headers})


def refused(answer: Any) -> Code:
    """The problem's code; that its form is right is checked by the way."""
    document = answer.json()
    code = Code(document["code"])
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.status_code == document["status"] == CATALOGUE[code].status
    assert document["title"] == CATALOGUE[code].de
    return code


def rejection(tablet: Tablet, change: Any) -> tuple[Code, list[str]]:
    receipt = tablet.push(change).receipts[0]
    assert receipt.problem is not None
    return receipt.problem.code, [error.pointer for error in receipt.problem.errors]


def stored(firm: Firm) -> int:
    with firm.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(t.observations)).scalar_one()


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"<html>Anmelden</html>", b"[" * 100_000])
def test_a_body_that_is_not_json(anna: Tablet, body: bytes) -> None:
    assert refused(send_raw(anna, body)) is Code.NOT_JSON


@pytest.mark.parametrize(
    "body", [b"7", b"[]", b"null", b"{}", b'{"changes": 7}', b'{"changes": [], "sent_at": 7.5e400}']
)
def test_a_body_of_another_form(anna: Tablet, body: bytes) -> None:
    assert refused(send_raw(anna, body)) in (Code.INVALID_REQUEST, Code.NOT_JSON)


def test_a_broken_clock_is_named_as_the_reason(anna: Tablet) -> None:
    assert refused(anna.send(sent_at="0001-01-01T00:00:00Z")) is Code.IMPLAUSIBLE_DATE


def test_a_body_that_is_too_large(firm: Firm, anna: Tablet) -> None:
    large = json.dumps(anna.body(anna.observe())).encode() + b" " * MAX_PUSH_BYTES
    assert refused(send_raw(anna, large)) is Code.TOO_LARGE
    assert stored(firm) == 0


def test_a_body_that_is_too_large_without_saying_so(firm: Firm, anna: Tablet) -> None:
    async def pieces() -> Any:
        for _ in range(MAX_PUSH_BYTES // 65_536 + 1):
            yield b" " * 65_536

    answer = anna.http.post("/sync/v1/push", content=pieces(), headers=anna.headers)
    assert refused(answer) is Code.TOO_LARGE


def test_a_body_just_within_the_limit_is_taken(anna: Tablet) -> None:
    body = json.dumps(anna.body(anna.observe())).encode()
    assert send_raw(anna, body + b" " * (MAX_PUSH_BYTES - len(body))).status_code == 200


def test_too_many_changes(firm: Firm, anna: Tablet) -> None:
    change = anna.observe().as_dict()
    assert refused(anna.send(*[change] * (MAX_PUSH_CHANGES + 1))) is Code.TOO_MANY_CHANGES
    assert stored(firm) == 0


@pytest.mark.parametrize("headers", [{"Content-Type": "text/html"}, {"Content-Encoding": "gzip"}])
def test_another_content_type_or_encoding(anna: Tablet, headers: dict[str, str]) -> None:
    assert refused(send_raw(anna, b"{}", **headers)) is Code.UNSUPPORTED_MEDIA_TYPE


def test_an_unknown_kind(anna: Tablet) -> None:
    change = anna.observe().as_dict()
    change["content"]["kind"] = "rumour"
    assert rejection(anna, change) == (Code.UNKNOWN_KIND, ["/content/kind"])


def test_a_missing_customer(anna: Tablet) -> None:
    change = anna.observe(customer_id=anna.paired.device_id)
    assert rejection(anna, change)[0] is Code.UNKNOWN_CUSTOMER
    without = anna.observe().as_dict()
    del without["content"]["customer_id"]
    assert rejection(anna, without) == (Code.INVALID_CHANGE, ["/content/customer_id"])


def test_a_text_of_100_000_characters(anna: Tablet) -> None:
    change = anna.observe().as_dict()
    change["content"]["heard"] = "ü" * 100_000
    assert rejection(anna, change) == (Code.TEXT_TOO_LONG, ["/content/heard"])


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\ud800"])
def test_control_characters_and_half_characters(firm: Firm, anna: Tablet, character: str) -> None:
    change, neighbour = anna.observe().as_dict(), anna.observe()
    change["content"]["heard"] = f"Ventil{character} undicht"
    body = json.dumps(anna.body(change, neighbour)).encode()

    answer = send_raw(anna, body).json()["receipts"]

    assert answer[0]["problem"]["code"] == Code.CONTROL_CHARACTER
    assert answer[0]["problem"]["errors"][0]["pointer"] == "/content/heard"
    assert answer[1]["outcome"] == "accepted"
    assert stored(firm) == 1


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1999-12-31T23:59:59Z"])
def test_a_date_in_the_year_0001(anna: Tablet, moment: str) -> None:
    change = anna.observe().as_dict()
    change["content"]["observed_at"] = moment
    assert rejection(anna, change) == (Code.IMPLAUSIBLE_DATE, ["/content/observed_at"])


def test_an_empty_observation(anna: Tablet) -> None:
    change = anna.observe().as_dict()
    change["content"]["heard"] = "   "
    assert rejection(anna, change)[0] is Code.EMPTY_OBSERVATION


def test_a_problem_never_repeats_what_was_sent(anna: Tablet) -> None:
    change = anna.observe().as_dict()
    change["content"] |= {"heard": "GEHEIM" * 20_000, "kind": "GEHEIM", "observed_at": "GEHEIM"}
    assert "GEHEIM" not in anna.send(change).text


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/sync/v1/nothing", Code.NOT_FOUND),
        ("GET", "/sync/v2/push", Code.NOT_FOUND),
        ("GET", "/sync/v1/push", Code.METHOD_NOT_ALLOWED),
        ("DELETE", "/sync/v1/pull", Code.METHOD_NOT_ALLOWED),
    ],
)
def test_a_wrong_address_or_method(firm: Firm, method: str, path: str, code: Code) -> None:
    assert refused(firm.http.request(method, path)) is code


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        (None, "de"),
        ("en-GB,en;q=0.9,de;q=0.8", "en"),
        ("fr,de;q=0.5,en;q=0.4", "de"),
        ("fr", "de"),
        ("en;q=x", "de"),
    ],
)
def test_problems_speak_the_language_that_is_asked_for(
    firm: Firm, accepted: str | None, language: str
) -> None:
    headers = {"Accept-Language": accepted} if accepted else {}
    answer = firm.http.get("/sync/v1/pull", headers=headers)

    entry = CATALOGUE[Code.TOKEN_MISSING]
    assert answer.json()["title"] == (entry.de if language == "de" else entry.en)
    assert answer.headers["content-language"] == language


@pytest.fixture
def impatient(firm: Firm) -> Iterator[Firm]:
    """The firm with a server that hardly waits for a lock (its own tidying at the start may hold it briefly)."""
    patient, taking = firm.database, firm.app.state.taking_together
    # Long enough for the server's own tidying at its start, short enough to be waited for here.
    firm.app.state.database = Database(patient.url, busy_seconds=0.5)
    firm.app.state.taking_together = TakingTogether(firm.app.state.database)
    yield firm
    firm.app.state.database.close()
    firm.app.state.database, firm.app.state.taking_together = patient, taking


def test_a_locked_database_is_answered_with_busy_and_the_push_works_later(
    anna: Tablet, impatient: Firm
) -> None:
    observation = anna.observe()
    other_program = Database(impatient.database.url)
    with other_program.writing():
        answer = anna.send(observation)
        assert refused(answer) is Code.BUSY
        assert answer.headers["retry-after"] == "2"
        assert anna.ask_page().status_code == 200  # reading goes on
    other_program.close()

    assert anna.push(observation).receipts[0].problem is None


def test_a_full_disk_is_answered_stores_nothing_and_the_push_works_later(firm: Firm, anna: Tablet) -> None:
    changes = [anna.observe("ü" * 20_000) for _ in range(20)]
    with firm.database.engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
    limited = Database(firm.database.url)
    roomy, firm.app.state.taking_together = firm.app.state.taking_together, TakingTogether(limited)

    # The limit is one connection's, and the pool hands the same one out again.
    with limited.engine.connect() as connection:
        connection.execute(text(f"PRAGMA max_page_count = {pages + 5}"))
    assert refused(anna.send(*changes)) is Code.STORAGE_FULL
    limited.close()
    firm.app.state.taking_together = roomy

    assert stored(firm) == 0
    assert {receipt.outcome for receipt in anna.push(*changes).receipts} == {"accepted"}


def test_the_store_says_in_its_own_words_what_went_wrong(database: Database) -> None:
    waiting = Database(database.url, busy_seconds=0)
    with database.writing(), pytest.raises(Busy), waiting.writing():
        pass
    with waiting.engine.connect() as connection:
        connection.execute(text("PRAGMA max_page_count = 1"))
    with pytest.raises(StorageFull), waiting.writing() as writer:
        writer.execute(t.facts.insert(), {"name": "much", "value": "x" * 1_000_000})
    waiting.close()


def test_a_failure_inside_is_answered_and_tells_nothing(
    firm: Firm, anna: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object, **__: object) -> None:
        raise RuntimeError("GEHEIM")

    monkeypatch.setattr("sync_server.sync_api.taking_together.take_together", break_down)
    answer = anna.send(anna.observe())

    assert refused(answer) is Code.INTERNAL
    assert "GEHEIM" not in answer.text


@pytest.mark.parametrize("path", ["/sync/v1/push/", "/sync/v1/hello/", "/sync/v1/media", "/sync/v1/pull/"])
def test_s3_an_address_with_a_slash_too_many_or_too_few_is_no_redirect(anna: Tablet, path: str) -> None:
    answer = anna.http.get(path, headers=anna.headers)
    assert refused(answer) is Code.NOT_FOUND
