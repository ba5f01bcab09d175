"""Things that stand in machine rooms: cabinets, tanks, gauges, displays, walls and floors."""

from math import cos, radians, sin

from sync_server.demo.pictures.paint import (
    HEIGHT,
    WIDTH,
    Canvas,
    Colour,
    canvas,
    font,
    glow,
    gradient,
    panel,
    pipe,
    shade,
    shadow,
    smudge,
    text,
)

FLOOR: Colour = (112, 116, 114)
WALL: Colour = (206, 209, 204)
TEAL: Colour = (29, 104, 116)
STEEL: Colour = (150, 157, 161)


def room(seed: str, *, wall: Colour = WALL, floor: Colour = FLOOR, horizon: int = 560) -> Canvas:
    """A bare technical room: a wall with joints, a worn floor, light from above."""
    c = canvas(seed, shade(wall, 0.92), shade(wall, 0.72))
    for y in range(70, horizon, 82):
        c.pen.line((0, y, WIDTH, y), fill=shade(wall, 0.74), width=2)
    for i, x in enumerate(range(-60, WIDTH, 164)):
        for y in range(70 - 82, horizon, 164):
            c.pen.line((x + 82 * (i % 2), y, x + 82 * (i % 2), y + 82), fill=shade(wall, 0.76), width=2)
    c.image.paste(gradient((WIDTH, HEIGHT - horizon), shade(floor, 0.8), shade(floor, 1.12)), (0, horizon))
    for x in range(-600, WIDTH + 900, 260):
        c.pen.line((600 + (x - 600) * 0.5, horizon, x, HEIGHT), fill=shade(floor, 0.86), width=2)
    c.pen.rectangle((0, horizon - 16, WIDTH, horizon), fill=shade(wall, 0.5))
    for _ in range(9):
        x, y = c.random.randrange(0, WIDTH), c.random.randrange(horizon + 20, HEIGHT)
        smudge(c, (x, y, x + c.random.randrange(60, 260), y + c.random.randrange(14, 50)), (50, 48, 44), 90)
    lamp = c.random.randrange(240, 900)
    c.pen.rounded_rectangle((lamp - 190, 0, lamp + 190, 22), 8, fill=(250, 252, 246))
    glow(c, lamp, 10, 620, (255, 253, 240), strength=0.5)
    return c


def cabinet(
    c: Canvas, left: float, bottom: float, width: float, height: float, *, colour: Colour, name: str
) -> None:
    """A compressor in its sound-proof housing: doors, vents, control panel, the maker's name."""
    shadow(c, (left - 30, bottom - 40, left + width + 30, bottom + 46), 190, 20)
    top = bottom - height
    c.pen.polygon(
        [(left, top), (left + 36, top - 40), (left + width + 36, top - 40), (left + width, top)],
        fill=shade(colour, 1.28),
    )
    c.pen.polygon(
        [
            (left + width, top),
            (left + width + 36, top - 40),
            (left + width + 36, bottom - 30),
            (left + width, bottom),
        ],
        fill=shade(colour, 0.55),
    )
    panel(c, (left, top, left + width, bottom), colour, radius=6)
    middle = left + width * 0.56
    c.pen.line((middle, top + 6, middle, bottom - 44), fill=shade(colour, 0.5), width=4)
    for y in range(round(bottom - height * 0.34), round(bottom - 70), 22):
        c.pen.rounded_rectangle((left + 34, y, middle - 30, y + 10), 5, fill=shade(colour, 0.4))
    c.pen.rectangle((left + 4, bottom - 40, left + width - 4, bottom - 3), fill=(46, 50, 52))
    _controls(c, middle + width * 0.1, top + height * 0.16, width * 0.26)
    c.pen.rectangle(
        (left + 20, top + height * 0.13, middle - 20, top + height * 0.13 + 62), fill=shade(colour, 0.7)
    )
    words, size = name.upper(), 40
    while size > 12 and font(size).getlength(words) > middle - left - 70:
        size -= 2
    text(c, (left + 34, top + height * 0.13 + 33), words, size, (238, 242, 242), anchor="lm")
    for handle in (top + height * 0.3, bottom - height * 0.3):
        c.pen.rounded_rectangle((middle - 18, handle, middle - 8, handle + 46), 4, fill=(30, 32, 34))


def _controls(c: Canvas, left: float, top: float, width: float) -> None:
    panel(c, (left, top, left + width, top + width * 1.15), (52, 58, 62), radius=8)
    inner = (left + width * 0.12, top + width * 0.12, left + width * 0.88, top + width * 0.55)
    c.pen.rounded_rectangle(inner, 4, fill=(168, 208, 190))
    for row in range(3):
        y = inner[1] + 8 + row * width * 0.13
        c.pen.rectangle(
            (inner[0] + 8, y, inner[0] + width * c.random.uniform(0.3, 0.68), y + 5), fill=(44, 74, 62)
        )
    for i, colour in enumerate(((70, 186, 92), (214, 178, 52), (204, 62, 50))):
        x = left + width * (0.2 + 0.26 * i)
        c.pen.ellipse((x, top + width * 0.72, x + width * 0.15, top + width * 0.87), fill=colour)


def tank(
    c: Canvas, left: float, bottom: float, width: float, height: float, *, colour: Colour = (88, 122, 152)
) -> None:
    """An upright receiver with feet, gauge and safety valve."""
    shadow(c, (left - 20, bottom - 20, left + width + 20, bottom + 40), 180, 18)
    for x in (left + 12, left + width - 26):
        c.pen.rectangle((x, bottom - 60, x + 14, bottom), fill=shade(colour, 0.45))
    pipe(c, (left, bottom - height), height - 46, width, colour, upright=True)
    c.pen.pieslice(
        (left, bottom - height - 56, left + width - 1, bottom - height + 56),
        180,
        360,
        fill=shade(colour, 0.92),
    )
    c.pen.chord((left, bottom - 96, left + width - 1, bottom - 4), 0, 180, fill=shade(colour, 0.6))
    for y in (bottom - height + 20, bottom - 80):
        c.pen.line((left, y, left + width, y), fill=shade(colour, 0.6), width=3)
    dial(c, left + width * 0.5, bottom - height * 0.72, width * 0.17, 0.62)
    panel(
        c,
        (left + width * 0.28, bottom - height * 0.5, left + width * 0.72, bottom - height * 0.4),
        (198, 202, 204),
        radius=4,
    )


def dial(
    c: Canvas, x: float, y: float, radius: float, share: float, *, label: str = "bar", top: int = 10
) -> None:
    """A round gauge whose needle stands at a share of its scale."""
    shadow(c, (x - radius, y - radius * 0.8, x + radius, y + radius * 1.2), 150, max(6, round(radius / 8)))
    for grow, colour in ((1.0, (74, 80, 84)), (0.95, (190, 196, 198)), (0.88, (246, 247, 243))):
        c.pen.ellipse(
            (x - radius * grow, y - radius * grow, x + radius * grow, y + radius * grow), fill=colour
        )
    if radius > 60:
        r = radius * 0.8
        c.pen.arc(
            (x - r, y - r, x + r, y + r), 135, 339, fill=(60, 140, 84), width=max(3, round(radius / 28))
        )
        c.pen.arc(
            (x - r, y - r, x + r, y + r), 339, 405, fill=(196, 52, 42), width=max(3, round(radius / 28))
        )
        for step in range(top * 5 + 1):
            long = step % 5 == 0
            a, b = (_on(x, y, radius * k, step / (top * 5)) for k in (0.66 if long else 0.71, 0.77))
            c.pen.line((*a, *b), fill=(28, 32, 34), width=max(2, round(radius / (55 if long else 110))))
            if long and step % 10 == 0:
                text(
                    c,
                    _on(x, y, radius * 0.53, step / (top * 5)),
                    str(step // 5),
                    round(radius / 6.5),
                    (28, 32, 34),
                    anchor="mm",
                )
        text(c, (x, y + radius * 0.42), label, round(radius / 6), (28, 32, 34), anchor="mm")
    tip, back = _on(x, y, radius * 0.7, share), _on(x, y, -radius * 0.18, share)
    c.pen.line((*back, *tip), fill=(24, 26, 28), width=max(2, round(radius / 26)))
    c.pen.ellipse(
        (x - radius * 0.08, y - radius * 0.08, x + radius * 0.08, y + radius * 0.08), fill=(40, 44, 46)
    )
    glow(c, x - radius * 0.3, y - radius * 0.4, radius * 0.6, (255, 255, 255), strength=0.5)


def _on(x: float, y: float, radius: float, share: float) -> tuple[float, float]:
    angle = radians(135 + 270 * share)
    return x + cos(angle) * radius, y + sin(angle) * radius


def screen(
    c: Canvas, box: tuple[int, int, int, int], lines: list[tuple[str, str]], *, alarm: bool = False
) -> None:
    """A controller's lit display with names and values."""
    left, top, right, bottom = box
    panel(c, (left - 46, top - 66, right + 46, bottom + 190), (56, 62, 66), radius=26, depth=0.3)
    c.pen.rounded_rectangle((left - 10, top - 10, right + 10, bottom + 10), 10, fill=(20, 22, 24))
    back = ((198, 220, 206), (170, 200, 184)) if not alarm else ((240, 214, 176), (232, 188, 140))
    c.image.paste(gradient((right - left, bottom - top), *back), (left, top))
    step = (bottom - top - 30) / len(lines)
    for row, (name, value) in enumerate(lines):
        y = top + 20 + step * row + step * 0.62
        text(c, (left + 26, y), name, round(step * 0.4), (30, 54, 46))
        text(c, (right - 26, y), value, round(step * 0.56), (14, 30, 26), anchor="rs")
        if value.endswith(" C"):
            # The typeface has no degree sign.
            x = right - 30 - font(round(step * 0.56)).getlength("C")
            c.pen.ellipse(
                (x - 13, y - step * 0.42, x - 2, y - step * 0.42 + 11), outline=(14, 30, 26), width=3
            )
    for i, colour in enumerate(((64, 190, 92), (226, 180, 48), (214, 60, 46))):
        lit = (i == 2) is alarm and i in (0, 2)
        x = left + 10 + i * 84
        c.pen.ellipse((x, bottom + 60, x + 40, bottom + 100), fill=colour if lit else shade(colour, 0.4))
        if lit:
            glow(c, x + 20, bottom + 80, 110, colour, strength=0.7)
    for i in range(4):
        x = right - 300 + i * 80
        panel(c, (x, bottom + 46, x + 62, bottom + 116), (96, 104, 108), radius=10)
