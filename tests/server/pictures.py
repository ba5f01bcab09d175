"""Pictures to upload."""

import io
import random
from hashlib import sha256

from PIL import Image


def jpeg(width: int = 320, height: int = 240, *, seed: int = 1, orientation: int | None = None) -> bytes:
    """A JPEG that does not compress to nothing; `orientation` is the EXIF tag's value."""
    image = Image.frombytes("RGB", (width, height), random.Random(seed).randbytes(width * height * 3))
    exif = Image.Exif()
    if orientation is not None:
        exif[0x0112] = orientation
    target = io.BytesIO()
    image.save(target, "JPEG", quality=90, exif=exif)
    return target.getvalue()


def in_format(name: str, mode: str = "RGB") -> bytes:
    """A small picture in PNG, WEBP, GIF, BMP …"""
    target = io.BytesIO()
    Image.new(mode, (40, 30), 0).save(target, name)
    return target.getvalue()


def hash_of(data: bytes) -> str:
    """The SHA-256 in lower-case hexadecimal."""
    return sha256(data).hexdigest()
