"""Type plates: a maker's plate on a machine's cover, photographed a little from the side."""

from dataclasses import dataclass

from PIL import Image

from sync_server.demo.pictures.paint import (
    HEIGHT,
    WIDTH,
    Canvas,
    Colour,
    canvas,
    develop,
    glow,
    gradient,
    panel,
    shade,
    shadow,
    smudge,
    text,
    tilt,
)

_INK: Colour = (34, 40, 44)

COVERS: dict[str, Colour] = {
    "Tannhauer": (29, 104, 116),
    "Hofacker": (176, 62, 44),
    "Nordvalk": (58, 84, 142),
    "Pneumera": (206, 158, 52),
    "Dallmaier & Keil": (92, 98, 102),
    "Aerotonic": (70, 128, 86),
    "Sicatherm": (150, 158, 164),
    "Frigonor": (122, 160, 184),
    "Kelvara": (196, 202, 206),
}
"""The colour of each maker's machines, the same in every picture."""


@dataclass(frozen=True)
class Plate:
    """What is stamped on a type plate."""

    maker: str
    model: str
    serial: str
    built: str
    kilowatts: int
    dirty: bool


def draw_plate(plate: Plate) -> bytes:
    """The photo of a type plate."""
    cover = COVERS.get(plate.maker, (120, 126, 130))
    c = canvas(f"{plate.maker}{plate.model}{plate.serial}", shade(cover, 1.12), shade(cover, 0.72))
    _cover(c, cover)
    shadow(c, (215, 205, 1005, 735), 150, 26)
    _sheet(c)
    _stamp(c, plate)
    if plate.dirty:
        _dirt(c)
    glow(c, c.random.randrange(250, 900), 230, 420, (255, 255, 255), strength=0.32)
    r = c.random
    lean, turn = r.randrange(-60, 60), r.randrange(-34, 34)
    c.image = tilt(
        c.image,
        (
            60 + turn,
            40 + max(0, lean),
            60 - turn,
            HEIGHT - 40 - max(0, -lean),
            WIDTH - 60 - turn,
            HEIGHT - 40 - max(0, lean),
            WIDTH - 60 + turn,
            40 + max(0, -lean),
        ),
    )
    return develop(c, dark=0.7, soft=0 if not plate.dirty else 0.6, warm=r.choice((0, 4, 8)))


def _cover(c: Canvas, colour: Colour) -> None:
    for y in range(770, 900, 34):
        c.pen.rounded_rectangle((120, y, 1080, y + 15), 7, fill=shade(colour, 0.42))
        c.pen.line((124, y + 16, 1076, y + 16), fill=shade(colour, 1.2), width=2)
    c.pen.line((0, 92, WIDTH, 92), fill=shade(colour, 0.5), width=5)
    c.pen.line((0, 97, WIDTH, 97), fill=shade(colour, 1.3), width=2)
    for x in (64, 1136):
        _screw(c, x, 48, 15)


def _sheet(c: Canvas) -> None:
    panel(c, (230, 190, 990, 720), (196, 201, 203), radius=16, depth=0.16)
    brushed = gradient((740, 3), (255, 255, 255), (150, 156, 160), sideways=True)
    for _ in range(70):
        y = c.random.randrange(196, 712)
        line = Image.new("L", brushed.size, c.random.randrange(8, 30))
        c.image.paste(brushed, (240, y), line)
    for x in (256, 964):
        for y in (216, 694):
            _screw(c, x, y, 12)


def _screw(c: Canvas, x: int, y: int, size: int) -> None:
    c.pen.ellipse((x - size, y - size + 2, x + size, y + size + 3), fill=(60, 64, 66))
    c.pen.ellipse(
        (x - size, y - size, x + size, y + size), fill=(168, 173, 176), outline=(96, 101, 104), width=2
    )
    dx, dy = c.random.choice(((0.7, 0.7), (0.9, 0.2), (0.2, 0.9), (0.6, -0.8)))
    c.pen.line((x - dx * size, y - dy * size, x + dx * size, y + dy * size), fill=(70, 75, 78), width=4)


def _stamp(c: Canvas, plate: Plate) -> None:
    c.pen.rectangle((292, 212, 928, 286), fill=_INK)
    text(c, (312, 266), plate.maker.upper(), 46 if len(plate.maker) < 12 else 36, (232, 236, 237))
    short = plate.model.rsplit(" ", 2)[-2:] if plate.model.count(" ") else [plate.model]
    values = (
        ("Typ", plate.model if len(plate.model) < 18 else " ".join(short)),
        ("Serien-Nr.", plate.serial),
        ("Baujahr", plate.built),
        ("Nennleistung", f"{plate.kilowatts} kW"),
        ("Max. Druck", f"{c.random.choice((8, 10, 11, 13))} bar"),
        ("Spannung", "400 V / 50 Hz"),
    )
    for row, (name, value) in enumerate(values):
        y = 338 + row * 64
        text(c, (300, y), name, 26, _INK, engraved=True)
        c.pen.rectangle((520, y - 34, 928, y + 12), outline=(120, 127, 130), width=2)
        text(c, (536, y), value, 34, (22, 26, 30), engraved=True)
    text(c, (922, 706), "Made in Germany   CE", 19, _INK, anchor="rs")


def _dirt(c: Canvas) -> None:
    for _ in range(16):
        x, y, size = c.random.randrange(150, 1050), c.random.randrange(150, 800), c.random.randrange(12, 90)
        smudge(c, (x, y, x + size * 1.6, y + size), (52, 40, 26), c.random.randrange(50, 150))
    for _ in range(4):
        x, y = c.random.randrange(260, 940), c.random.randrange(200, 420)
        smudge(c, (x, y, x + 34, y + 330), (44, 34, 22), 150)
