"""Fixtures for the inbox's tests: the small firm with people at desks and observations that arrived."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from protocol.pairing import Role
from sync_server.application import build
from sync_server.crm import users
from sync_server.crm.users import User
from sync_server.inbox import clock
from sync_server.settings import Settings
from sync_server.store import Database, migrate
from sync_server.store import schema as t
from tests.inbox.desk import PASSWORD, Desk, Lead, lead_of
from tests.server import firm as firms
from tests.server.calling import calling
from tests.server.firm import SOUTH, Firm, Tablet


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, migrated database file to copy: migrating takes longer than most tests."""
    file = tmp_path_factory.mktemp("inbox") / "rundgang.db"
    database = Database(f"sqlite:///{file}")
    migrate(database)
    database.close()
    return file


@pytest.fixture(scope="session")
def password_hash() -> str:
    """Argon2 takes its time on purpose: once is enough."""
    return users.hash_password(PASSWORD)


@pytest.fixture
def settings(tmp_path: Path, migrated_file: Path) -> Settings:
    """Settings over a fresh database."""
    shutil.copy(migrated_file, tmp_path / "rundgang.db")
    return Settings(data=tmp_path)


@pytest.fixture
def firm(settings: Settings, password_hash: str) -> Iterator[Firm]:
    """The firm with its server; everybody has the same password."""
    app = build(settings)
    with calling(app) as http:
        found = firms.found(app, http)
        with found.database.writing() as connection:
            connection.execute(update(t.users).values(password_hash=password_hash))
        yield found


@pytest.fixture
def employ(firm: Firm, password_hash: str) -> Callable[[str, Role], User]:
    """Gives the firm another person."""

    def one_more(login: str, role: Role) -> User:
        with firm.database.writing() as connection:
            user = users.create(
                connection,
                login=login,
                name=f"{login.title()} Probst",
                role=role,
                territory=SOUTH if role is Role.FIELD_SALES else None,
                now=firms.NOW,
            )
            connection.execute(
                update(t.users).where(t.users.c.id == user.id).values(password_hash=password_hash)
            )
        return user

    return one_more


@pytest.fixture
def nora(firm: Firm) -> Desk:
    """Nora of inside sales at her desk."""
    return Desk(firm.http).sit_down(firm, firm.nora)


@pytest.fixture
def otto(firm: Firm, employ: Callable[[str, Role], User]) -> Desk:
    """Otto, her colleague."""
    return Desk(firm.http).sit_down(firm, employ("otto", Role.INSIDE_SALES))


@pytest.fixture
def anna(firm: Firm) -> Tablet:
    """Anna's tablet; she is a technician in the south."""
    return firm.pair(firm.anna)


@pytest.fixture
def arrive(firm: Firm, anna: Tablet) -> Callable[..., Lead]:
    """Lets an observation of Anna's arrive."""

    def arriving(heard: str = "Zweite Halle ist geplant", **fields: Any) -> Lead:
        change = anna.observe(heard, **fields)
        anna.push(change)
        return lead_of(firm, change)

    return arriving


@pytest.fixture
def turn_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Moves the inbox's clock."""

    def turn(by: timedelta) -> None:
        later = datetime.now(UTC) + by
        monkeypatch.setattr(clock, "now", lambda: later)

    return turn
