"""docs/protocol.md says what is true: the catalogue, the limits, the addresses."""

import re
from pathlib import Path

import pytest

from protocol import limits
from protocol.problems import CATALOGUE
from protocol.version import PROTOCOL
from sync_server.crm.attempts import PAIRING
from sync_server.media.pictures import MAX_PIXELS
from sync_server.settings import Settings
from sync_server.sync_api.openapi import description

DOCUMENT = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text(encoding="utf-8")


def test_the_table_of_problems_is_the_catalogue() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \| (\w+) \| (.+) \|$", DOCUMENT, re.MULTILINE)
    assert rows == [
        (code.value, str(entry.status), entry.advice.value, entry.en) for code, entry in CATALOGUE.items()
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("body of a push", f"{limits.MAX_PUSH_BYTES:,} bytes"),
        ("changes in a push", str(limits.MAX_PUSH_CHANGES)),
        ("a text", f"{limits.MAX_TEXT:,} characters"),
        ("a short text", f"{limits.MAX_SHORT_TEXT} characters"),
        ("photos of an observation", str(limits.MAX_PHOTOS)),
        ("a photo", f"{limits.MAX_PHOTO_BYTES:,} bytes"),
        ("a photo", f"{MAX_PIXELS // 1_000_000} megapixels"),
        ("documents in a page", f"{limits.PULL_PAGE}, at most {limits.MAX_PULL_PAGE:,}"),
        ("voice notes of an observation", str(limits.MAX_VOICE_NOTES)),
        ("a voice note", f"{limits.MAX_VOICE_BYTES:,} bytes"),
        ("a voice note", f"{limits.MAX_VOICE_SECONDS} seconds"),
        ("dates", f"{limits.EARLIEST_DATE} to {limits.LATEST_DATE}"),
        ("a pairing code", f"{limits.PAIRING_CODE_LENGTH} characters"),
        ("a pairing code", f"{limits.PAIRING_VALID.seconds // 60} minutes"),
        ("failed pairings", f"{PAIRING.each} per address and {PAIRING.overall} overall"),
        ("a token", f"{limits.TOKEN_VALID.days} days"),
        ("an unfinished upload", f"{Settings.upload_kept.days} days"),
    ],
)
def test_the_limits_are_the_ones_of_the_code(name: str, value: str) -> None:
    rows = [line for line in DOCUMENT.splitlines() if line.startswith(f"| {name}")]
    assert any(value in row for row in rows), rows


def test_every_address_is_explained() -> None:
    for path in description()["paths"]:
        place = path.replace("{name}", "").replace("/sync/v1/openapi.json", "openapi.json")
        assert place in DOCUMENT, path


def test_every_rule_has_its_line_and_the_version_is_the_codes() -> None:
    rules = re.findall(r"^\| (S\d+a?) \|", DOCUMENT, re.MULTILINE)
    assert rules == [*(f"S{number}" for number in range(1, 10)), "S9a", *(f"S{n}" for n in range(10, 20))]
    assert f"version {PROTOCOL}" in DOCUMENT.splitlines()[0]
