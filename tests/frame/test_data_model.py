"""The data model's description names every table, and no table that is not there."""

import re
from pathlib import Path

from sync_server.store import schema

DESCRIPTION = Path(__file__).parents[2] / "docs" / "data-model.md"


def test_every_table_is_described_and_nothing_else() -> None:
    of_the_server, _ = DESCRIPTION.read_text(encoding="utf-8").split("## On the tablet")
    described = re.findall(r"^\| `(\w+)` \|", of_the_server, re.MULTILINE)

    assert sorted(described) == sorted(schema.metadata.tables)
