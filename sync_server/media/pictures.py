"""Whether a file is a photo that can be shown, how large it is, and a small version of it."""

from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}

MEDIA_TYPES = frozenset(_TYPES.values())
"""What is taken as a photo."""

MAX_PIXELS = 120_000_000
"""Pixels of a photo: 108 megapixels are the largest that phones make. A file that claims more is made to
exhaust memory."""

_QUALITY = 82

# Pillow warns above its own limit, which is lower; ours is checked before anything is decoded.
Image.MAX_IMAGE_PIXELS = None


class NotAPhoto(ValueError):
    """The file is no JPEG, PNG or WebP, is cut off or damaged, or has too many pixels."""


@dataclass(frozen=True)
class Picture:
    """What a photo is. Width and height in pixels, as stored in the file."""

    media_type: str
    width: int
    height: int


def examine(file: Path) -> Picture:
    """Decode a whole file to find out what it is.

    Raises:
        NotAPhoto: see there.
    """
    try:
        with Image.open(file, formats=tuple(_TYPES)) as image:
            _require_bearable(image)
            width, height = image.size
            media_type = _TYPES[image.format or ""]
            # PNG's own checksums, to the end of the file: decoding stops as soon as all pixels are there.
            image.verify()
        with Image.open(file, formats=tuple(_TYPES)) as image:
            # A JPEG decoded at an eighth of its size is read to its end all the same, in a 64th of the memory.
            image.draft(None, (width // 8, height // 8))
            image.load()
    except NotAPhoto:
        raise
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, KeyError, EOFError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the disk's fault, not the photo's
        raise NotAPhoto(type(error).__name__) from error
    return Picture(media_type, width, height)


def shrink(file: Path, target: Path, size: int) -> None:
    """Write a JPEG of at most `size` pixels a side, upright, without metadata.

    Raises:
        NotAPhoto: see there.
    """
    try:
        with Image.open(file, formats=tuple(_TYPES)) as image:
            image.draft("RGB", (size, size))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((size, size), Image.Resampling.LANCZOS)
            _flat(upright).save(target, "JPEG", quality=_QUALITY, optimize=True)
    except UnidentifiedImageError as error:
        raise NotAPhoto(type(error).__name__) from error


def _require_bearable(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise NotAPhoto("too many pixels")


def _flat(image: Image.Image) -> Image.Image:
    if image.mode not in ("RGBA", "LA", "PA") and "transparency" not in image.info:
        return image.convert("RGB")
    with_alpha = image.convert("RGBA")
    page = Image.new("RGB", image.size, "white")
    page.paste(with_alpha, mask=with_alpha.getchannel("A"))
    return page
