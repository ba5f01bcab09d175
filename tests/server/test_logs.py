"""Logs hold ids, routes and durations, never what a person wrote, is called, or proves who he is with."""

import io
import json
import logging
from typing import Any

import pytest
import structlog

from sync_server import logs
from tests.server.firm import Firm, Tablet

SECRETS = ("Schwangerschaft", "Geheimrat-Müller", "Wieland", "Kaiserstraße")


@pytest.fixture
def lines() -> Any:
    """Gives the log's lines so far, as text and read."""
    stream = io.StringIO()
    logs.configure(stream)

    def read() -> tuple[str, list[dict[str, Any]]]:
        said = stream.getvalue()
        return said, [json.loads(line) for line in said.splitlines()]

    yield read
    structlog.reset_defaults()
    logging.basicConfig(force=True, handlers=[logging.NullHandler()])


def test_nothing_that_was_pushed_reaches_the_log(firm: Firm, lines: Any) -> None:
    tablet = firm.pair(firm.anna)
    bad = tablet.observe(SECRETS[0]).as_dict()
    bad["content"]["kind"] = SECRETS[1]
    tablet.push(tablet.observe(f"{SECRETS[0]} {SECRETS[1]}", seen=SECRETS[3]), bad)
    tablet.pull()
    tablet.http.get(f"/sync/v1/{SECRETS[0]}?name={SECRETS[1]}")
    tablet.http.get("/sync/v1/pull", params={"cursor": SECRETS[1]}, headers=tablet.headers)
    tablet.http.post("/sync/v1/pair", json={"code": "7H2K9QPX", "device_name": SECRETS[1]})

    said, read = lines()

    for secret in (*SECRETS, tablet.paired.token, "7H2K9QPX", str(tablet.cursor)):
        assert secret not in said
    assert {line["route"] for line in read if "route" in line} == {
        "/sync/v1/pair",
        "/sync/v1/push",
        "/sync/v1/pull",
    }


def test_a_line_says_what_an_administrator_needs(firm: Firm, anna: Tablet, lines: Any) -> None:
    answer = anna.ask_page()

    _, (line,) = lines()

    assert line["id"] == answer.headers["x-request-id"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "/sync/v1/pull", 200)
    assert line["device"] == str(anna.paired.device_id)
    assert line["ms"] >= 0


def test_an_exception_is_logged_by_its_type_and_places_only(
    anna: Tablet, lines: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object, **__: object) -> None:
        raise RuntimeError(SECRETS[1])

    monkeypatch.setattr("sync_server.sync_api.taking_together.take_together", break_down)
    anna.send(anna.observe())

    said, (line,) = lines()

    assert SECRETS[1] not in said
    assert (line["level"], line["status"], line["error"]) == ("error", 500, "RuntimeError")
    assert line["places"][-1].endswith(":break_down")


def test_a_librarys_exception_is_logged_without_its_message(lines: Any) -> None:
    try:
        int(SECRETS[1])
    except ValueError:
        logging.getLogger("some.library").exception("failed for %s", SECRETS[0])

    said, (line,) = lines()

    assert SECRETS[0] not in said
    assert SECRETS[1] not in said
    assert (line["logger"], line["event"]) == ("some.library", "ValueError")
