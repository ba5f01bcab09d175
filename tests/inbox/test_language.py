"""Times and days are those of the firm's time zone, whichever it is."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from protocol.pairing import Role
from sync_server.application import build
from sync_server.crm import users
from sync_server.inbox import clock
from sync_server.inbox.language import get_language
from sync_server.settings import Settings
from tests.inbox.desk import Desk
from tests.server import firm as firms
from tests.server.calling import calling

NEW_YEAR = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "time"),
    [("Europe/Berlin", "2027-01-01", "00:30"), ("Atlantic/Azores", "2026-12-31", "22:30")],
)
def test_the_day_and_the_clock_are_the_firms(zone: str, day: str, time: str) -> None:
    language = get_language("de", zone)
    assert language.today(NEW_YEAR).isoformat() == day
    assert language.clock(NEW_YEAR) == time


def test_an_unknown_zone_is_told() -> None:
    with pytest.raises(LookupError, match="Mars/Olympus"):
        get_language("de", "Mars/Olympus")


def test_the_inbox_keeps_to_the_setting(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NEW_YEAR)
    app = build(replace(settings, timezone="Atlantic/Azores"))
    with calling(app) as http:
        firm = firms.found(app, http)
        with firm.database.writing() as connection:
            nora = users.find_login(connection, "nora")
        assert nora is not None
        assert nora.role is Role.INSIDE_SALES
        desk = Desk(http).sit_down(firm, nora)
        anna = firm.pair(firm.anna)
        change = anna.observe(observed_at=datetime(2026, 12, 31, 23, 10, tzinfo=UTC))
        anna.push(change)
        page = desk.get("/?view=all").text
        lead = page.split('<li id="lead-')[1][:32]
        assert "heute 22:10" in desk.get(f"/leads/{lead}").text
