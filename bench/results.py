"""What a measurement is and where it is written: `bench/results/latest.json`, one entry per name."""

import json
import platform
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from os import cpu_count
from pathlib import Path

LATEST = Path(__file__).resolve().parent / "results" / "latest.json"


@dataclass(frozen=True)
class Result:
    """One measured number.

    `value` and `limit` are medians of the same run in `unit`; `limit` is what the machine allows to
    code that does the same without being Rundgang; `ratio` is value divided by limit. `details` are
    further figures of the run, by name.
    """

    name: str
    value: float
    unit: str
    limit: float
    ratio: float
    runs: int
    details: Mapping[str, float] = field(default_factory=dict)


def compare(
    name: str, values: Sequence[float], limits: Sequence[float], unit: str, **details: float
) -> Result:
    """The medians of both series and their ratio.

    Raises:
        ValueError: a series is empty, or the limit's median is zero.
    """
    if not values or not limits:
        raise ValueError(f"{name}: nothing was measured")
    value, limit = statistics.median(values), statistics.median(limits)
    if not limit:
        raise ValueError(f"{name}: a limit of zero measures nothing")
    return Result(name, round(value, 4), unit, round(limit, 4), round(value / limit, 3), len(values), details)


def percentile_95(values: Sequence[float]) -> float:
    """The value that 95 in 100 do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, -(-95 * len(ordered) // 100) - 1)]


def write(results: Sequence[Result], path: Path = LATEST) -> str:
    """Put new results into the file, beside the older ones of other names, and return the document."""
    known: dict[str, dict[str, object]] = {}
    if path.exists():
        known = {entry["name"]: entry for entry in json.loads(path.read_text("utf-8"))["results"]}
    known |= {result.name: _entry(result) for result in results}
    document = json.dumps(
        {
            "machine": f"{platform.system()} {platform.machine()}, {cpu_count()} cores, Python {platform.python_version()}",
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "results": [known[name] for name in sorted(known)],
        },
        indent=2,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(document + "\n", "utf-8")
    return document


def _entry(result: Result) -> dict[str, object]:
    entry = asdict(result)
    return entry if entry["details"] else {name: entry[name] for name in entry if name != "details"}
