"""A real S3-compatible store of the tests' own (moto's server), in a process on a free port of 127.0.0.1."""

import os
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3

from tests.running import free_port, until_answers

VARIABLES = (
    "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_REGION",
    "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "MEDIA_URL",
)  # fmt: skip
"""What a person's shell may have set, and no test may see."""


@dataclass
class Store:
    """A running store."""

    port: int
    process: "subprocess.Popen[bytes]"
    _made: int = field(default=0)

    @property
    def endpoint(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def variables(self) -> dict[str, str]:
        """What a server needs to know besides MEDIA_URL."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_REGION": "eu-central-1",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        }

    def client(self, service: str = "s3") -> Any:
        """A client of the tests' own, to look into the store from outside."""
        return boto3.session.Session().client(
            service, endpoint_url=self.endpoint, region_name="us-east-1",
            aws_access_key_id="test", aws_secret_access_key="test",
        )  # fmt: skip

    def create(self) -> str:
        """A new bucket; its MEDIA_URL, with a prefix."""
        self._made += 1
        self.client().create_bucket(Bucket=f"photos-{self._made}")
        return f"s3://photos-{self._made}/firm"

    def keys(self, url: str) -> list[str]:
        """Names of all objects below a MEDIA_URL."""
        bucket, _, prefix = url.removeprefix("s3://").partition("/")
        found = self.client().list_objects_v2(Bucket=bucket, Prefix=prefix)
        return [one["Key"].removeprefix(f"{prefix}/") for one in found.get("Contents", ())]

    def require_rights(self, required: bool) -> None:
        """Whether it looks at who asks; when not, everybody may do everything."""
        body = b"0" if required else b"inf"
        headers = {"Content-Type": "text/plain"}
        request = urllib.request.Request(f"{self.endpoint}/moto-api/reset-auth", body, headers, method="POST")
        with urllib.request.urlopen(request, timeout=30):
            pass


@contextmanager
def running_store() -> Iterator[Store]:
    """A store for the length of a `with` block."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with log.open("wb") as writing:
            process = subprocess.Popen(
                [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
                stdout=writing, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                env={name: value for name, value in os.environ.items() if name not in VARIABLES},
            )  # fmt: skip
        try:
            store = Store(port, process)
            until_answers(f"{store.endpoint}/moto-api/", process, log)
            yield store
        finally:
            process.terminate()
            process.wait(timeout=30)
