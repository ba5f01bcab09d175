"""A bucket of an S3-compatible store: whole objects in and out, and its errors in the project's own words.

Endpoint, region and credentials come from the variables that all S3 tools read (AWS_ENDPOINT_URL, AWS_REGION,
AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY), from AWS's own files, or from the machine's role.
"""

import contextlib
import os
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import IO, Any
from urllib.parse import urlsplit

import structlog

from sync_server.media.errors import MediaFull, MediaRefused, MediaUnreachable, Reason
from sync_server.store import StoreError

_CONNECT, _READ, _ATTEMPTS = 5, 30, 2
"""Seconds for a connection, seconds without a byte, tries. Few: the tablet tries again by itself, and meanwhile a
thread of the server waits."""

_AT_ONCE = 40
"""Connections that are kept: as many as the server has threads."""

_AT_A_TIME = 1 << 18
"""Bytes that are read and written in one go."""

_PAGE = 1000
"""Names in one answer to a listing: the most that S3 gives."""

_REASONS = {
    "InvalidAccessKeyId": Reason.WRONG_CREDENTIALS,
    "SignatureDoesNotMatch": Reason.WRONG_CREDENTIALS,
    "InvalidToken": Reason.WRONG_CREDENTIALS,
    "ExpiredToken": Reason.WRONG_CREDENTIALS,
    "TokenRefreshRequired": Reason.WRONG_CREDENTIALS,
    "RequestTimeTooSkewed": Reason.CLOCK,
    "AccessDenied": Reason.DENIED,
    "AllAccessDisabled": Reason.DENIED,
    "403": Reason.DENIED,
    "NoSuchBucket": Reason.NO_BUCKET,
    "InvalidBucketName": Reason.ADDRESS,
    "PermanentRedirect": Reason.ADDRESS,
    "AuthorizationHeaderMalformed": Reason.ADDRESS,  # another region than the bucket's
    "IllegalLocationConstraintException": Reason.ADDRESS,
}

_FULL = frozenset(
    {"QuotaExceeded", "StorageFull", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded", "InsufficientStorage"}
)  # fmt: skip

_NOT_THERE = frozenset({"NoSuchKey", "404"})


class NoSuchObject(LookupError):
    """There is nothing under this name."""


@dataclass(frozen=True)
class Found:
    """An object: its name below the bucket's prefix, its bytes, when it came."""

    name: str
    size: int
    at: datetime


class Bucket:
    """The part of a bucket below a prefix.

    Args:
        url: `s3://bucket` or `s3://bucket/prefix`.

    Raises:
        MediaRefused: the address is none, or the client library is missing.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme != "s3" or not parts.hostname or parts.query or parts.fragment or "@" in parts.netloc:
            raise MediaRefused(Reason.ADDRESS, "s3://bucket/prefix")
        self._bucket = parts.netloc
        prefix = parts.path.strip("/")
        self._prefix = f"{prefix}/" if prefix else ""
        self._client = _client()

    def put(self, name: str, file: IO[bytes]) -> None:
        """Store the rest of a file under a name, whole or not at all, its SHA-256 checked by the store."""
        begins_at = file.tell()
        digest = sha256()
        while data := file.read(_AT_A_TIME):
            digest.update(data)
        file.seek(begins_at)
        with self._own_words("put"):
            # The store answers when all of it is kept; it compares SHA-256 and body (here, and in the signature).
            self._client.put_object(
                Bucket=self._bucket,
                Key=self._prefix + name,
                Body=file,
                ChecksumSHA256=b64encode(digest.digest()).decode(),
            )

    def get(self, name: str, into: IO[bytes]) -> None:
        """Append an object's bytes to a file.

        Raises:
            NoSuchObject: see there.
        """
        with self._own_words("get"):
            body = self._client.get_object(Bucket=self._bucket, Key=self._prefix + name)["Body"]
            with contextlib.closing(body):
                for piece in body.iter_chunks(_AT_A_TIME):
                    into.write(piece)

    def below(self, start: str) -> Iterator[Found]:
        """All objects whose names begin so, in order."""
        after: dict[str, str] = {}
        while True:
            with self._own_words("list"):
                page = self._client.list_objects_v2(
                    Bucket=self._bucket, Prefix=self._prefix + start, MaxKeys=_PAGE, **after
                )
            for found in page.get("Contents", ()):
                yield Found(found["Key"][len(self._prefix) :], found["Size"], found["LastModified"])
            if not page.get("IsTruncated"):
                return
            after = {"ContinuationToken": page["NextContinuationToken"]}

    def size(self, name: str) -> int | None:
        """Bytes of an object, None if there is none."""
        # Listing, because HEAD cannot tell a missing object from a missing bucket or a missing right.
        with self._own_words("list"):
            page = self._client.list_objects_v2(Bucket=self._bucket, Prefix=self._prefix + name, MaxKeys=1)
        for found in page.get("Contents", ()):
            if found["Key"] == self._prefix + name:
                return int(found["Size"])
        return None

    def delete(self, name: str) -> None:
        """Remove an object; it need not be there."""
        with self._own_words("delete"):
            self._client.delete_object(Bucket=self._bucket, Key=self._prefix + name)

    @contextlib.contextmanager
    def _own_words(self, doing: str) -> Iterator[None]:
        """Map the client's errors once, at this boundary, and say them in the log."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            if code in _NOT_THERE:
                raise NoSuchObject(doing) from error
            status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
            raise self._told(doing, _of_answer(code, status), code or str(status)) from error
        except BotoCoreError as error:
            raise self._told(doing, _of_client(error), type(error).__name__) from error

    def _told(self, doing: str, mapped: StoreError, said: str) -> StoreError:
        structlog.get_logger().error(
            "the store of photos failed", doing=doing, why=str(mapped), said=said, bucket=self._bucket
        )
        return mapped


def _client() -> Any:
    try:
        import boto3
        from botocore.config import Config
    except ImportError as error:
        raise MediaRefused(Reason.DRIVER) from error
    own_endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    config = Config(
        connect_timeout=_CONNECT,
        read_timeout=_READ,
        retries={"total_max_attempts": _ATTEMPTS, "mode": "standard"},
        max_pool_connections=_AT_ONCE,
        # What stores of other makers understand: the bucket in the path, no checksums behind the body.
        s3={"addressing_style": "path" if own_endpoint else "auto", "payload_signing_enabled": True},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    try:
        # boto3 itself knows the longer name only.
        region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
        return boto3.session.Session().client("s3", config=config, region_name=region)
    except ValueError as error:  # an endpoint that is no address
        raise MediaRefused(Reason.ADDRESS, "AWS_ENDPOINT_URL") from error


def _of_answer(code: str, status: int) -> StoreError:
    if code in _FULL or status == 507:
        return MediaFull("the store of photos is full")
    if code in _REASONS:
        return MediaRefused(_REASONS[code], code)
    if status >= 500 or status == 429 or code in {"SlowDown", "RequestTimeout"}:
        return MediaUnreachable("the store of photos is overloaded or fails")
    if status in {401, 403}:
        return MediaRefused(Reason.DENIED, code)
    return MediaRefused(Reason.OTHER, code or str(status))


def _of_client(error: Exception) -> StoreError:
    from botocore import exceptions

    if isinstance(error, exceptions.NoCredentialsError | exceptions.PartialCredentialsError):
        return MediaRefused(Reason.NO_CREDENTIALS)
    if isinstance(error, exceptions.ParamValidationError | exceptions.NoRegionError):
        return MediaRefused(Reason.ADDRESS, type(error).__name__)
    no_answer = (exceptions.ConnectionError, exceptions.HTTPClientError, exceptions.IncompleteReadError)
    if isinstance(error, no_answer):
        return MediaUnreachable("the store of photos does not answer")
    return MediaRefused(Reason.OTHER, type(error).__name__)
