"""The inbox on PostgreSQL: its lists, searches and pages say there what they say on SQLite.

The tests themselves are those of SQLite; only the database is another one.
"""

from pathlib import Path

import pytest

from sync_server.settings import Settings
from sync_server.store import Database, migrate
from tests.inbox.test_queue import (
    test_a_correction_makes_it_unread_again_and_keeps_the_earlier_version,
    test_each_view_holds_its_leads,
    test_filters_narrow_by_state_kind_customer_and_technician,
    test_new_leads_are_listed_newest_first_with_counts,
    test_next_and_previous_stay_inside_the_filter_while_new_leads_arrive,
    test_pages_follow_each_other_without_gap_or_repetition_while_leads_arrive,
    test_search_tolerates_umlauts_order_and_beginnings,
    test_the_customers_page_shows_what_was_observed_there,
)
from tests.postgres import Postgres

__all__ = [
    "test_a_correction_makes_it_unread_again_and_keeps_the_earlier_version",
    "test_each_view_holds_its_leads",
    "test_filters_narrow_by_state_kind_customer_and_technician",
    "test_new_leads_are_listed_newest_first_with_counts",
    "test_next_and_previous_stay_inside_the_filter_while_new_leads_arrive",
    "test_pages_follow_each_other_without_gap_or_repetition_while_leads_arrive",
    "test_search_tolerates_umlauts_order_and_beginnings",
    "test_the_customers_page_shows_what_was_observed_there",
]


@pytest.fixture(scope="module")
def database_name(postgres: Postgres) -> str:
    """A migrated database that one test after the other uses."""
    name = postgres.create()
    database = Database(postgres.url(name))
    migrate(database)
    database.close()
    return name


@pytest.fixture
def settings(tmp_path: Path, postgres: Postgres, database_name: str) -> Settings:
    """Settings over an emptied database."""
    postgres.empty(database_name)
    return Settings(data=tmp_path, database_url=postgres.url(database_name))
