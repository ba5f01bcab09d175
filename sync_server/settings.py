"""What an operator may decide about a server: where it keeps its data, how it is reached, its limits."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True)
class Settings:
    """One server's settings.

    Attributes:
        data: folder with the database and the photos; made when it is missing.
        database_url: SQLAlchemy URL; by default a SQLite file in the data folder.
        media_url: `s3://bucket/prefix` for photos that several machines share; by default a folder in the data folder.
        company: name shown on tablets and in the inbox when the database does not know one.
        web: folder with the built web app of the tablet.
        public_url: address under which tablets reach the server, without a slash at the end.
        secure: whether people reach the server by https, so that cookies are for https only.
        timezone: where the firm works (IANA name): its days begin and its clocks are read there.
        busy_seconds: how long a writer waits for another before the answer is "busy".
        free_bytes: uploads are refused when the disk has less room than this left.
    """

    data: Path
    database_url: str | None = None
    media_url: str | None = None
    company: str = "Rundgang"
    web: Path | None = None
    public_url: str = "http://127.0.0.1:8000"
    secure: bool = False
    timezone: str = "Europe/Berlin"
    busy_seconds: float = 10.0
    free_bytes: int = 64 * 1024 * 1024
    upload_kept: timedelta = timedelta(days=7)

    @property
    def url(self) -> str:
        """The database's URL."""
        return self.database_url or f"sqlite:///{self.data.absolute() / 'rundgang.db'}"

    @property
    def blobs(self) -> Path:
        """Where verified photos are kept, unless `media_url` says otherwise."""
        return self.data / "blobs"

    @property
    def uploads(self) -> Path:
        """Where uploads grow until they are complete; with `media_url`, where this machine holds what it works on."""
        return self.data / "uploads"

    @property
    def thumbnails(self) -> Path:
        """Where small versions of photos are kept; can be deleted at any time."""
        return self.data / "thumbnails"
