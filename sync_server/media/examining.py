"""What an arrived file is: a photo, looked at by `pictures`, or a voice note, looked at here."""

from dataclasses import dataclass
from pathlib import Path

from protocol.limits import MAX_PHOTO_BYTES, MAX_VOICE_BYTES
from protocol.problems import Code
from protocol.rules.sound import HEAD, NotASound, sound_type
from protocol.taken_out import VOICE_ENDINGS
from sync_server.media import pictures
from sync_server.media.pictures import NotAPhoto

MEDIA_TYPES = pictures.MEDIA_TYPES | frozenset(VOICE_ENDINGS)
"""What is taken."""


class NotMedia(ValueError):
    """The file is not what it was said to be, or nothing that can be shown or played.

    Attributes:
        code: the problem that says so.
    """

    def __init__(self, code: Code, detail: str) -> None:
        super().__init__(detail)
        self.code = code


@dataclass(frozen=True)
class Found:
    """What a file is. Width and height in pixels, of photos alone."""

    media_type: str
    width: int | None = None
    height: int | None = None


def is_sound(media_type: str) -> bool:
    """Whether this type is that of a voice note."""
    return media_type in VOICE_ENDINGS


def refusal_of(media_type: str) -> Code:
    """The problem of a file that is not what this type says."""
    return Code.MEDIA_NOT_A_VOICE_NOTE if media_type.startswith("audio/") else Code.MEDIA_NOT_A_PHOTO


def most_bytes(media_type: str) -> int:
    """Bytes that a file of this type may have."""
    return MAX_VOICE_BYTES if is_sound(media_type) else MAX_PHOTO_BYTES


def examine(file: Path, said: str | None = None) -> Found:
    """Look into a whole file to find out what it is.

    Args:
        said: what it was said to be, where somebody has said it.

    Raises:
        NotMedia: see there.
    """
    with file.open("rb") as opened:
        head = opened.read(HEAD)
    try:
        sound: str | None = sound_type(head)
    except NotASound as failure:
        sound = None
        if said is not None and is_sound(said):
            raise NotMedia(Code.MEDIA_NOT_A_VOICE_NOTE, str(failure)) from failure
    if sound is not None:
        if (said is not None and not is_sound(said)) or file.stat().st_size > MAX_VOICE_BYTES:
            raise NotMedia(refusal_of(said or sound), "sound")
        return Found(sound)
    try:
        picture = pictures.examine(file)
    except NotAPhoto as failure:
        raise NotMedia(Code.MEDIA_NOT_A_PHOTO, str(failure)) from failure
    return Found(picture.media_type, picture.width, picture.height)
