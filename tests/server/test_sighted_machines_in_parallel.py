"""Reports of competitors' machines that arrive at the same time on PostgreSQL: each machine once, and all are told of."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from protocol.pairing import Role
from protocol.reference import Asset
from protocol.rules.access import Who
from sync_server.crm.known import Sender
from sync_server.crm.observations import as_pushed, take
from sync_server.store import schema as t
from tests.server.firm import NOW, Firm, Tablet
from tests.server.test_sighted_machines import machines, reported

WRITERS, EACH = 4, 6


@pytest.fixture
def engine() -> str:
    return "postgres"


def test_reports_at_one_customer_follow_each_other_and_none_is_left_out(firm: Firm, anna: Tablet) -> None:
    sender = Sender(
        Who(firm.anna.id, Role.TECHNICIAN, firm.anna.territory), firm.anna.name, anna.paired.device_id
    )

    def write(writer: int) -> None:
        for number in range(EACH):
            # Every second machine is one that all of them report.
            serial = f"S-{number}" if number % 2 else f"W{writer}-{number}"
            change = reported(anna, maker="Boge", serial=serial)
            with firm.database.writing() as connection:
                take(connection, sender, [as_pushed(change)], NOW)

    with ThreadPoolExecutor(WRITERS) as threads:
        for done in [threads.submit(write, writer) for writer in range(WRITERS)]:
            done.result()

    expected = {f"S-{number}" for number in range(EACH) if number % 2}
    expected |= {
        f"W{writer}-{number}" for writer in range(WRITERS) for number in range(EACH) if not number % 2
    }
    found: list[Asset] = machines(anna)
    assert sorted(machine.serial_number or "" for machine in found) == sorted(expected)
    with firm.database.reading() as connection:
        counted = select(func.count()).select_from(t.sightings)
        assert connection.execute(counted).scalar_one() == WRITERS * EACH
