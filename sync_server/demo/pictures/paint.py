"""Light, metal and camera: what every drawn photo is made of."""

import io
from dataclasses import dataclass
from functools import cache
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

WIDTH, HEIGHT = 1200, 900

Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]


@dataclass
class Canvas:
    """A picture being painted."""

    image: Image.Image
    random: Random

    @property
    def pen(self) -> ImageDraw.ImageDraw:
        """Draws on the picture."""
        return ImageDraw.Draw(self.image)


def canvas(seed: str, top: Colour, bottom: Colour) -> Canvas:
    """A picture that is one soft gradient."""
    return Canvas(gradient((WIDTH, HEIGHT), top, bottom), Random(seed))  # noqa: S311  only paint


def gradient(size: tuple[int, int], top: Colour, bottom: Colour, *, sideways: bool = False) -> Image.Image:
    """A field that goes from one colour to another, downwards or to the right."""
    # Coloured while it is one pixel wide: a hundred times fewer pixels to look up.
    ramp = Image.linear_gradient("L").resize((1, 256))
    bands = [
        ramp.point([a + (b - a) * i // 255 for i in range(256)]) for a, b in zip(top, bottom, strict=True)
    ]
    strip = Image.merge("RGB", bands)
    strip = strip.rotate(90, expand=True) if sideways else strip
    return strip.resize((max(1, size[0]), max(1, size[1])), Image.Resampling.BILINEAR)


def shade(colour: Colour, factor: float) -> Colour:
    """The colour lighter (factor above 1) or darker."""
    red, green, blue = (max(0, min(255, round(value * factor))) for value in colour)
    return red, green, blue


def panel(c: Canvas, box: Box, colour: Colour, *, radius: int = 10, depth: float = 0.22) -> None:
    """A sheet of painted metal, lit from above left."""
    left, top, right, bottom = (round(value) for value in box)
    size = (right - left, bottom - top)
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), radius, fill=255)
    c.image.paste(gradient(size, shade(colour, 1 + depth / 2), shade(colour, 1 - depth)), (left, top), mask)
    c.pen.rounded_rectangle((left, top, right - 1, bottom - 1), radius, outline=shade(colour, 0.62), width=2)
    c.pen.line((left + radius, top + 2, right - radius, top + 2), fill=shade(colour, 1.35), width=2)


def shadow(c: Canvas, box: Box, strength: int = 120, blur: int = 22) -> None:
    """The dark under and behind things."""
    left, top, right, bottom = (round(value) for value in box)
    pad = blur * 2
    small = (max(1, (right - left + 2 * pad) // 4), max(1, (bottom - top + 2 * pad) // 4))
    mask = Image.new("L", small, 0)
    ImageDraw.Draw(mask).ellipse(
        (pad // 4, pad // 4, small[0] - pad // 4, small[1] - pad // 4), fill=strength
    )
    mask = mask.filter(ImageFilter.GaussianBlur(blur / 4)).resize((small[0] * 4, small[1] * 4))
    c.image.paste((12, 16, 18), (left - pad, top - pad), mask)


def pipe(
    c: Canvas,
    start: tuple[float, float],
    length: float,
    thickness: float,
    colour: Colour,
    *,
    upright: bool = False,
) -> None:
    """A round pipe with its highlight; also a tank when it is thick."""
    x, y = round(start[0]), round(start[1])
    long, thick = max(1, round(length)), max(2, round(thickness))
    half = thick // 3
    dark, light = shade(colour, 0.5), shade(colour, 1.3)
    size_a, size_b = ((half, long), (thick - half, long)) if upright else ((long, half), (long, thick - half))
    c.image.paste(gradient(size_a, dark, light, sideways=upright), (x, y))
    c.image.paste(
        gradient(size_b, light, shade(colour, 0.42), sideways=upright),
        (x + half, y) if upright else (x, y + half),
    )


def glow(c: Canvas, x: float, y: float, radius: float, colour: Colour, *, strength: float = 0.7) -> None:
    """Light that falls on everything around a point."""
    size = round(radius * 2)
    mask = ImageChops.invert(Image.radial_gradient("L")).point(
        [round(max(0, i - 60) * strength) for i in range(256)]
    )
    c.image.paste(colour, (round(x - radius), round(y - radius)), mask.resize((size, size)))


def text(
    c: Canvas,
    at: tuple[float, float],
    words: str,
    size: int,
    colour: Colour,
    *,
    engraved: bool = False,
    anchor: str = "ls",
) -> None:
    """Words; engraved ones have a bright lower edge."""
    if engraved:
        c.pen.text((at[0] + 1.5, at[1] + 1.5), words, font=font(size), fill=(246, 248, 248), anchor=anchor)
    c.pen.text(at, words, font=font(size), fill=colour, anchor=anchor)


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """Pillow's own typeface, which is there on every machine; it has ASCII letters only.

    Raises:
        TypeError: this Pillow was built without FreeType.
    """
    found = ImageFont.load_default(size)
    if not isinstance(found, ImageFont.FreeTypeFont):
        raise TypeError("Pillow was built without FreeType")
    return found


def tilt(image: Image.Image, corners: tuple[float, ...]) -> Image.Image:
    """The picture seen from the side: `corners` are where in it the new corners lie (QUAD of Pillow)."""
    return image.transform(image.size, Image.Transform.QUAD, corners, Image.Resampling.BILINEAR)


def smudge(c: Canvas, box: Box, colour: Colour, strength: int) -> None:
    """A soft, roundish spot: dirt, oil, wear."""
    left, top, right, bottom = (round(value) for value in box)
    size = (max(2, right - left), max(2, bottom - top))
    mask = ImageChops.invert(Image.radial_gradient("L")).point(
        [max(0, i - 70) * strength // 185 for i in range(256)]
    )
    c.image.paste(colour, (left, top), mask.resize(size))


def develop(c: Canvas, *, dark: float = 0.55, soft: float = 0.6, warm: int = 0) -> bytes:
    """What the camera makes of it: a little blur, darker corners, grain; as a JPEG without metadata."""
    image = c.image.filter(ImageFilter.BoxBlur(soft)) if soft else c.image
    corners = _vignette(round(dark * 100))
    image = ImageChops.multiply(image, corners)
    shift_x, shift_y = c.random.randrange(WIDTH), c.random.randrange(HEIGHT)
    grain = ImageChops.offset(_grain(), shift_x, shift_y)
    image = ImageChops.add(image, grain, 1, -7)
    if warm:
        red, green, blue = image.split()
        image = Image.merge(
            "RGB",
            (
                red.point([min(255, i + warm) for i in range(256)]),
                green,
                blue.point([max(0, i - warm) for i in range(256)]),
            ),
        )
    file = io.BytesIO()
    image.save(file, "JPEG", quality=68)
    return file.getvalue()


@cache
def _vignette(dark: int) -> Image.Image:
    mask = Image.radial_gradient("L").point([255 - max(0, i - 90) * dark // 100 for i in range(256)])
    mask = mask.resize((WIDTH, HEIGHT))
    return Image.merge("RGB", (mask, mask, mask))


@cache
def _grain() -> Image.Image:
    noise = Image.frombytes("L", (WIDTH // 2, HEIGHT // 2), Random(7).randbytes(WIDTH // 2 * (HEIGHT // 2)))  # noqa: S311
    noise = noise.point([i * 14 // 255 for i in range(256)]).resize(
        (WIDTH, HEIGHT), Image.Resampling.BILINEAR
    )
    return Image.merge("RGB", (noise, noise, noise))
