"""Real pictures for tests, and a platform that edits them: Pillow where the tablet has the browser's canvas."""

import io
from dataclasses import replace

from PIL import Image, ImageDraw

from app.device.platform import Platform, ScaledPhoto
from app.photo.edits import Edits
from app.photo.geometry import Box

SECRET = (255, 0, 255)
"""A colour that nothing else in these pictures has: what is to become unrecognisable."""
SECRET_BOX = Box(400, 300, 160, 120)


def picture(width: int = 800, height: int = 600, *, shade: int = 90) -> bytes:
    """A grey JPEG with something secret in it; another shade is another file."""
    image = Image.new("RGB", (width, height), (shade, shade, shade))
    image.paste(SECRET, (400, 300, 560, 420))
    target = io.BytesIO()
    image.save(target, "JPEG", quality=90)
    return target.getvalue()


def shows_secret(data: bytes) -> bool:
    """Whether anything of the secret can be seen."""
    image = Image.open(io.BytesIO(data)).convert("RGB")
    colours = image.getcolors(image.width * image.height) or []
    return any(red > 150 and green < 100 and blue > 150 for _, (red, green, blue) in colours)  # type: ignore[misc]


async def edit(data: bytes, edits: Edits) -> ScaledPhoto:
    """What the canvas does."""
    image = Image.open(io.BytesIO(data)).convert("RGB")
    brush = ImageDraw.Draw(image)
    for figure in edits.figures():
        points = [(point.x, point.y) for point in figure.points]
        if figure.form == "box":
            box = figure.box
            brush.rectangle((box.left, box.top, box.right - 1, box.bottom - 1), fill=figure.fill)
        elif figure.form == "oval":
            box = figure.box
            brush.ellipse(
                (box.left, box.top, box.right, box.bottom), outline=figure.stroke, width=round(figure.width)
            )
        else:
            brush.polygon(points, fill=figure.fill)
    visible = edits.visible
    image = image.crop((int(visible.left), int(visible.top), int(visible.right), int(visible.bottom)))
    image = image.rotate(-90 * edits.turns, expand=True)
    target = io.BytesIO()
    image.save(target, "JPEG", quality=85)
    assert image.size == edits.size
    return ScaledPhoto(target.getvalue(), "image/jpeg", *image.size)


def with_studio(platform: Platform) -> Platform:
    """The same platform, on which photos can be edited."""
    return replace(platform, edit_photo=edit)
