"""One fixed morning of the demo company, for what must look and count the same at any hour."""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Worker

from sync_server.demo import CUSTOMERS, OBSERVATIONS, SEED, generate
from sync_server.demo.fill import fill
from sync_server.demo.worktime import BERLIN
from sync_server.settings import Settings
from sync_server.store import Database
from sync_server.store.migrating import migrate
from tests.tablet import Tablet

MORNING = datetime(2026, 11, 25, 8, 25, tzinfo=BERLIN)
"""A Wednesday on which the first visit lies ahead."""


def demo_of_the_morning(data: Path) -> Path:
    """Fill this folder with the demo company as it is on that morning, and return it."""
    settings = Settings(data=data)
    data.mkdir(parents=True)
    database = Database(settings.url)
    try:
        migrate(database)
        company = generate(SEED, MORNING.date(), CUSTOMERS, OBSERVATIONS, at=MORNING.time())
        fill(database, company, settings.blobs, MORNING.astimezone(UTC))
    finally:
        database.close()
    return data


def set_clock(shown: Tablet) -> None:
    """Let page and Python believe that it is MORNING, and that time goes on from there."""
    script = f"""(() => {{
      const real = Date.now, shift = {MORNING.timestamp() * 1000:.0f} - real();
      Date.now = () => real() + shift;
      self.Date = class extends Date {{ constructor(...words) {{ words.length ? super(...words) : super(Date.now()); }} }};
    }})()"""
    shown.context.add_init_script(script)

    def in_worker(worker: Worker) -> None:
        with suppress(PlaywrightError):  # a worker of a page that is just being left
            worker.evaluate(script)

    shown.page.on("worker", in_worker)
