"""The manifest of a backup: what is in it, with sizes, counts and SHA-256, so that it can be checked anywhere."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from protocol.fields import Document, Moment, Sha256

FORMAT = 1
"""Version of the backup file's layout."""

MANIFEST = "manifest.json"
"""Its name in the backup file."""

Engine = Literal["sqlite", "postgresql"]

DATABASES: dict[Engine, str] = {"sqlite": "rundgang.db", "postgresql": "rundgang.pgdump"}
"""Name of the database in the backup file, by engine: a SQLite file, or pg_dump's custom format."""


class KeptDatabase(Document):
    """The copy of the database.

    Attributes:
        size: bytes.
        schema_version: the newest migration in it.
        counts: rows of each table.
    """

    engine: Engine
    size: Annotated[int, Field(ge=0)]
    sha256: Sha256
    schema_version: str
    counts: dict[str, int]

    @property
    def name(self) -> str:
        """Its name in the backup file."""
        return DATABASES[self.engine]


class KeptBlob(Document):
    """A stored photo; `size` in bytes."""

    sha256: Sha256
    size: Annotated[int, Field(ge=0)]

    @property
    def name(self) -> str:
        """Its name in the backup file."""
        return f"blobs/{self.sha256[:2]}/{self.sha256}"


class Manifest(Document):
    """What a backup holds.

    Attributes:
        made_at: when the copy of the database was made, by the server's clock.
        program: the version of Rundgang that made it.
        epoch: the life of the database that was copied; a restored one gets another (rule S13).
        lacking: photos that the database names and whose files were missing or damaged already.
    """

    type: Literal["rundgang.backup"] = "rundgang.backup"
    format: int = FORMAT
    made_at: Moment
    program: str
    company: str = ""
    epoch: UUID
    database: KeptDatabase
    blobs: tuple[KeptBlob, ...] = ()
    lacking: tuple[Sha256, ...] = ()

    @property
    def size(self) -> int:
        """Bytes of all that it names, unpacked."""
        return self.database.size + sum(blob.size for blob in self.blobs)

    @property
    def names(self) -> list[str]:
        """The names of all entries of the backup file, the manifest's included."""
        return [MANIFEST, self.database.name, *(blob.name for blob in self.blobs)]
