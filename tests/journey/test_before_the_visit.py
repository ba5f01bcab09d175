"""Before the visit, in a real browser without network: the brief, a gap that is filled, a promise that is kept."""

import re
from pathlib import Path

from sqlalchemy import create_engine, select

from sync_server.settings import Settings
from sync_server.store import schema as t
from tests.journey.conftest import OpenTablet
from tests.journey.technician import CUSTOMER, open_customer
from tests.running import RunningServer
from tests.tablet import kill_browser

PROMISE = "Betriebsstunden der Fremdanlage ablesen"


def test_the_brief_works_without_network_and_a_promise_kept_there_reaches_the_server(
    open_tablet: OpenTablet, server: RunningServer, profile: Path
) -> None:
    with open_tablet() as before:
        before.start()
        before.go_offline()
        open_customer(before)
        before.sees("Zusagen und nächste Schritte")
        before.sees(re.compile(f"{PROMISE}.*Du bist dran", re.DOTALL))
        before.tap_text(f"Erledigt: {PROMISE}")
        before.sees("Erledigt. Sicher auf diesem Tablet.")
        # One tap on what is missing begins the observation that fills it.
        before.scroll_to("gap-buyer")
        before.tap("gap-buyer")
        before.control("kind-contact_change").wait_for()
        before.sees(CUSTOMER)
        kill_browser(profile)

    with open_tablet() as after:
        after.go_offline()
        after.start("#/tasks")
        after.sees("Heute erledigt")
        after.sees(f"Wieder öffnen: {PROMISE}")
        after.go_online()
        after.tap("back")
        after.tap("sync-now")
        after.sees("Alles übertragen")
    engine = create_engine(Settings(data=server.data).url)
    try:
        with engine.connect() as connection:
            done = connection.execute(select(t.tasks.c.done_at).where(t.tasks.c.text == PROMISE)).scalar_one()
    finally:
        engine.dispose()
    assert done is not None
