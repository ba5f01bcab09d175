"""What a tablet hands out as a file: whose it is, what waits, and a seal by which the server knows its own tablet.

The file is a zip of `outbox.json` (a `TakenOut`), `seal.txt`, `photos/<SHA-256>.<ending>` and
`voice/<SHA-256>.<ending>`.
"""

import hashlib
from typing import Any, Literal
from uuid import UUID

from protocol.fields import Document, Moment, ShortText

OUTBOX, SEAL, PHOTOS, VOICE = "outbox.json", "seal.txt", "photos/", "voice/"
"""Names in the zip; photos (with signatures) and voice notes are in the folders of that name."""

ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
"""How a photo's name ends."""

VOICE_ENDINGS = {"audio/webm": "webm", "audio/ogg": "ogg", "audio/mp4": "m4a"}
"""How a voice note's name ends."""

VERSION = 3
"""Of the form of the file. 1: photos; 2: voice notes, too; 3: signatures, too. A tablet says only what is needed
(`version_for`), so that an older server takes in the others, and says of these that it is too old."""

_DOMAIN = b"rundgang outbox 1\n"


class Author(Document):
    """Who wrote what is in the file, as the tablet says."""

    user_id: UUID
    name: ShortText = ""


class TakenOut(Document):
    """The contents of `outbox.json`.

    Attributes:
        taken_out_at: by the tablet's clock.
        server: the address that the tablet is paired with.
        changes: every change without a receipt, oldest first, each a `protocol.changes.Change` with the words
            `state`, `problem` and `customer` beside it for the person who reads the file.
        drafts: observations that were never saved.
        answers_begun: answers that were never sent, typed or spoken.
        damaged: what the tablet could not read, as it was found.
    """

    type: Literal["rundgang.outbox"]
    version: int = 1
    taken_out_at: Moment
    author: Author
    device_id: UUID
    company: ShortText = ""
    server: ShortText = ""
    changes: tuple[dict[str, Any], ...] = ()
    drafts: tuple[dict[str, Any], ...] = ()
    answers_begun: tuple[dict[str, Any], ...] = ()
    damaged: tuple[dict[str, Any], ...] = ()


def version_for(*, voice: bool, signatures: bool) -> int:
    """The oldest form of the file that can say this."""
    return VERSION if signatures else 2 if voice else 1


def media_name(sha256: str, media_type: str) -> str:
    """The name of a photo, a signature or a voice note in the zip."""
    if media_type in VOICE_ENDINGS:
        return f"{VOICE}{sha256}.{VOICE_ENDINGS[media_type]}"
    return f"{PHOTOS}{sha256}.{ENDINGS[media_type]}"


def token_hash(token: str) -> bytes:
    """What the server keeps of a tablet's token. 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(token.encode()).digest()


def seal(token_hashed: bytes, content: bytes) -> str:
    """What only a tablet with this token, or its server, can say of `outbox.json`: that it is unchanged.

    An HMAC (RFC 2104) under the token's hash, because that is all that the server keeps. It covers the photos, which
    the changes name by their SHA-256.
    """
    import hmac  # a start in the browser need not load what is needed once in months

    return hmac.new(token_hashed, _DOMAIN + content, hashlib.sha256).hexdigest()
