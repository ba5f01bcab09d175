"""`install_bytes`: what a tablet loads once to install the app; limit: the same for an empty Flet web app."""

import json
from pathlib import Path

from bench.results import Result, compare
from webapp.build import build
from webapp.layout import BUILD_RECORD, EMPTY, EMPTY_OUTPUT, OUTPUT, RUNDGANG


def measure() -> Result:
    """Compressed bytes of the first install, in MB, as the builds themselves record them."""
    build(RUNDGANG, OUTPUT)
    build(EMPTY, EMPTY_OUTPUT)
    return compare("install_bytes", [_megabytes(OUTPUT)], [_megabytes(EMPTY_OUTPUT)], "MB")


def _megabytes(output: Path) -> float:
    record = json.loads((output / BUILD_RECORD).read_text("utf-8"))
    return float(record["install_bytes"]) / 1_000_000
