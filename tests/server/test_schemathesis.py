"""schemathesis, which nobody here wrote, reads the OpenAPI document and tries to break the server with it.

For each operation it makes requests within and beyond what is described: no answer may be a server's error, and each
must be as the document says, in status, media type, headers and body.
"""

from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from schemathesis import engine
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events
from schemathesis.python import asgi
from schemathesis.schemas import BaseSchema
from schemathesis.transport import SerializationContext

from sync_server.application import build
from sync_server.settings import Settings
from sync_server.sync_api.openapi import OPERATIONS
from tests.server import firm as firms
from tests.server.calling import calling
from tests.server.firm import Tablet

EXAMPLES = 15
"""Random requests for each operation, besides those at the borders of what is described; the same every time."""

_UNSAID = ["2xx", "400", "401", "404", "409", "410", "422", "429", "460"]
"""What a request that fits the document may get: what no schema can say is only known to the server."""


@schemathesis.serializer("application/offset+octet-stream")
def as_bytes(_context: SerializationContext, value: Any) -> bytes:
    """A piece of a photo as it travels."""
    return value if isinstance(value, bytes) else str(value).encode()


@pytest.fixture
def described(settings: Settings) -> Iterator[BaseSchema]:
    """The document as a running server gives it to a tablet that is paired and has begun to send a photo."""
    app = build(settings)
    with calling(app) as http:
        tablet = (firm := firms.found(app, http)).pair(firm.anna)
        upload = _begun(tablet)
    config = SchemathesisConfig.from_dict(
        {
            "seed": 7,
            "headers": dict(tablet.headers),
            "continue-on-failure": True,
            "generation": {
                "max-examples": EXAMPLES,
                "deterministic": True,
                "database": "none",
                "allow-extra-parameters": False,
            },
            "checks": {
                "positive_data_acceptance": {"expected-statuses": _UNSAID},
                "negative_data_rejection": {"expected-statuses": ["4xx"]},
                "missing_required_header": {"expected-statuses": ["401", "412", "422"]},
            },
            "operations": [
                # A change that is not as described is refused in its receipt, and the push itself is taken (S2).
                {
                    "include-path": "/sync/v1/push",
                    "checks": {"negative_data_rejection": {"enabled": False}},
                },
                {"include-name": "PATCH /sync/v1/media/{name}", "parameters": {"name": upload}},
                {"include-name": "HEAD /sync/v1/media/{name}", "parameters": {"name": upload}},
            ],
        }
    )
    yield schemathesis.openapi.from_asgi("/sync/v1/openapi.json", build(settings), config=config)
    asgi.shutdown_lifespans()


def test_no_request_breaks_the_server_and_every_answer_is_as_described(described: BaseSchema) -> None:
    wrong: list[str] = []
    asked: dict[str, int] = {}
    for event in engine.from_schema(described).execute():
        if isinstance(event, events.ScenarioFinished):
            label = event.recorder.label
            asked[label] = asked.get(label, 0) + len(event.recorder.interactions)
            wrong += _failures(event)
        elif isinstance(event, events.NonFatalError):
            wrong.append(f"{event.label}: {event.value!r}")
        elif isinstance(event, events.FatalError):
            raise event.exception

    assert not wrong, "\n".join(wrong[:20])
    operations = {f"{operation.method.upper()} {operation.path}" for operation in OPERATIONS}
    assert operations - set(asked) == {"GET /sync/v1/openapi.json"}, (
        "the document itself was what was read first"
    )
    assert min(asked.values()) >= 2, asked


def _begun(tablet: Tablet) -> str:
    metadata = {"sha256": "0" * 64, "filetype": "image/jpeg"}
    said = ",".join(f"{name} {b64encode(value.encode()).decode()}" for name, value in metadata.items())
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "1000000", "Upload-Metadata": said}
    answer = tablet.http.post("/sync/v1/media/", headers={**tablet.headers, **headers})
    return str(answer.headers["Location"]).rpartition("/")[2]


def _failures(event: events.ScenarioFinished) -> list[str]:
    return [
        f"{event.recorder.label}: {check.name}: {check.failure_info.failure.message}\n"
        f"{check.failure_info.code_sample[:600]}"
        for checks in event.recorder.checks.values()
        for check in checks
        if check.failure_info
    ]
