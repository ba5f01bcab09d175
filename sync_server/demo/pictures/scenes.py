"""The sights of a day: machine rooms, gauges, halls, roofs and building sites."""

from collections.abc import Callable

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
    pipe,
    shade,
    shadow,
    smudge,
    text,
)
from sync_server.demo.pictures.parts import STEEL, TEAL, cabinet, dial, room, screen, tank
from sync_server.demo.pictures.plates import COVERS


def _station(seed: int) -> bytes:
    c = room(f"station{seed}")
    pipe(c, (0, 120 + seed * 20), WIDTH, 34, (120, 150, 172))
    for x in (330, 760):
        pipe(c, (x, 140 + seed * 20), 260, 22, (120, 150, 172), upright=True)
    cabinet(c, 120, 770, 350, 470, colour=TEAL, name="Tannhauer")
    cabinet(c, 560, 750, 300, 400, colour=TEAL, name="Tannhauer")
    tank(c, 950 + seed * 10, 760, 170, 520)
    return develop(c, warm=4 * seed)


def _compressor(seed: int) -> bytes:
    c = room(f"compressor{seed}", wall=((206, 209, 204), (188, 196, 198), (212, 204, 190))[seed % 3])
    pipe(c, (700, 40), 420, 40, STEEL, upright=True)
    cabinet(c, 260 + 30 * seed, 830, 560, 640, colour=TEAL, name="Tannhauer")
    if seed % 2:
        smudge(c, (240, 800, 700, 890), (34, 28, 20), 220)
    return develop(c, warm=6)


def _competitor(maker: str) -> Callable[[int], bytes]:
    def draw(seed: int) -> bytes:
        c = room(f"competitor{maker}", wall=(194, 190, 180), floor=(104, 100, 92))
        pipe(c, (0, 150), WIDTH, 28, (140, 120, 96))
        pipe(c, (890, 150), 340, 24, (140, 120, 96), upright=True)
        cabinet(c, 300, 810, 470, 520, colour=shade(COVERS[maker], 0.88), name=maker)
        for x, width in ((200, 460), (420, 420), (640, 420)):
            smudge(c, (x, 800, x + width, 890), (22, 17, 12), 255)
        for _ in range(12):
            x, y = c.random.randrange(310, 740), c.random.randrange(330, 790)
            smudge(c, (x, y, x + 70, y + 60), (46, 34, 22), 120)
        return develop(c, dark=0.8, warm=10)

    return draw


def _dryer(seed: int) -> bytes:
    c = room(f"dryer{seed}", wall=(214, 214, 208))
    pipe(c, (0, 210), WIDTH, 46, (128, 156, 176))
    for x in (420, 700):
        pipe(c, (x, 230), 190, 34, (128, 156, 176), upright=True)
    cabinet(c, 330, 800, 480, 380, colour=((222, 226, 226), TEAL)[seed % 2], name="Tannhauer")
    c.pen.ellipse((326, 556, 534, 764), fill=(46, 52, 55))
    for ring in range(5):
        r = 96 - ring * 18
        c.pen.ellipse((430 - r, 660 - r, 430 + r, 660 + r), outline=(118, 126, 129), width=4)
    pipe(c, (905, 520), 220, 74, (70, 92, 120), upright=True)
    pipe(c, (990, 520), 220, 74, (70, 92, 120), upright=True)
    return develop(c)


def _gauge(value: float, label: str, top: int) -> Callable[[int], bytes]:
    def draw(seed: int) -> bytes:
        wall = ((150, 156, 158), (176, 170, 158), (120, 136, 146))[seed % 3]
        c = canvas(f"gauge{value}{label}", shade(wall, 1.05), shade(wall, 0.62))
        pipe(c, (0, 640), WIDTH, 120, (116, 146, 168))
        pipe(c, (560, 560), 120, 70, (176, 150, 88), upright=True)
        c.pen.rectangle((535, 620, 655, 656), fill=(120, 100, 56))
        dial(c, 596, 350, 285, value / top, label=label, top=top)
        return develop(c, dark=0.75, warm=5)

    return draw


def _display(lines: list[tuple[str, str]], *, alarm: bool = False) -> Callable[[int], bytes]:
    def draw(seed: int) -> bytes:
        cover = (TEAL, shade(TEAL, 0.85), (214, 218, 218))[seed % 3]
        c = canvas(f"display{lines}", shade(cover, 1.15), shade(cover, 0.6))
        c.pen.line((0, 830, WIDTH, 830), fill=shade(cover, 0.45), width=6)
        shadow(c, (250, 160, 950, 800), 130, 30)
        screen(c, (310, 230, 890, 560), lines, alarm=alarm)
        glow(c, 930, 120, 380, (255, 255, 255), strength=0.28)
        return develop(c, dark=0.7)

    return draw


def _pipes(seed: int) -> bytes:
    c = room(f"pipes{seed}", horizon=780)
    for i, y in enumerate((150, 270, 390, 540)):
        pipe(
            c,
            (0, y),
            WIDTH,
            (44, 60, 38, 74)[(i + seed) % 4],
            ((126, 156, 178), STEEL, (72, 122, 150))[(i + seed) % 3],
        )
    for x in (180, 520, 860):
        pipe(c, (x + 40 * seed, 150), 560, 34, STEEL, upright=True)
        c.pen.ellipse((x + 40 * seed - 26, 440, x + 40 * seed + 60, 500), outline=(190, 52, 42), width=13)
    for x in range(60, WIDTH, 270):
        c.pen.rectangle((x, 100, x + 14, 640), fill=(92, 98, 100))
    return develop(c, warm=5)


def _filter(seed: int) -> bytes:
    c = room(f"filter{seed}", wall=(188, 190, 184), horizon=800)
    pipe(c, (0, 190), WIDTH, 76, (126, 156, 178))
    for x in (270, 560, 850):
        panel(c, (x - 16, 170, x + 166, 300), (62, 86, 116), radius=14)
        pipe(c, (x, 290), 330, 150, (72, 98, 130), upright=True)
        c.pen.chord((x, 570, x + 149, 680), 0, 180, fill=(48, 66, 92))
        pipe(c, (x + 58, 670), 70, 34, (206, 214, 214), upright=True)
        dial(c, x + 75, 236, 34, 0.2 + 0.2 * ((x + seed) % 3))
    smudge(c, (230, 800, 560, 880), (60, 84, 92), 150)
    return develop(c, dark=0.7)


def _chiller(seed: int) -> bytes:
    c = _sky(f"chiller{seed}", ((150, 186, 214), (196, 204, 210))[seed % 2])
    c.image.paste(gradient((WIDTH, 330), (128, 130, 128), (158, 158, 152)), (0, 570))
    for y in range(590, HEIGHT, 52):
        c.pen.line((0, y, WIDTH, y), fill=(120, 121, 118), width=2)
    shadow(c, (160, 720, 1050, 830), 170, 26)
    panel(c, (190, 330, 1010, 770), (208, 214, 214), radius=8)
    for x in range(214, 990, 13):
        c.pen.line((x, 470, x, 740), fill=(132, 140, 142), width=4)
    for x in (330, 600, 870):
        c.pen.ellipse((x - 118, 278, x + 118, 366), fill=(52, 58, 62), outline=(150, 156, 158), width=7)
        for grow in (0.3, 0.55, 0.8):
            c.pen.ellipse(
                (x - 118 * grow, 322 - 40 * grow, x + 118 * grow, 322 + 40 * grow),
                outline=(104, 112, 116),
                width=3,
            )
    panel(c, (210, 392, 470, 450), TEAL, radius=4)
    text(c, (228, 434), "TANNHAUER", 34, (240, 244, 244))
    pipe(c, (1010, 640), 190, 48, (70, 74, 76))
    pipe(c, (1010, 704), 190, 48, (70, 74, 76))
    return develop(c, dark=0.4)


def _sky(seed: str, top: Colour) -> Canvas:
    c = canvas(seed, top, (232, 236, 236))
    for _ in range(7):
        x, y = c.random.randrange(-100, WIDTH), c.random.randrange(20, 360)
        smudge(
            c, (x, y, x + c.random.randrange(260, 620), y + c.random.randrange(50, 130)), (250, 251, 250), 200
        )
    return c


def _construction(seed: int) -> bytes:
    c = _sky(f"construction{seed}", ((146, 180, 208), (178, 190, 200))[seed % 2])
    c.image.paste(gradient((WIDTH, 330), (150, 132, 104), (122, 100, 74)), (0, 570))
    panel(c, (-20, 270, 300, 590), (196, 202, 202), radius=2)
    for x in range(0, 300, 22):
        c.pen.line((x, 276, x, 588), fill=(176, 183, 184), width=3)
    for i in range(6):
        x = 360 + i * 150
        c.pen.rectangle((x, 300, x + 15, 610), fill=(96, 74, 66))
        c.pen.polygon(
            [(x, 300), (x + 75, 236), (x + 150, 300), (x + 150, 316), (x + 75, 252), (x, 316)],
            fill=(112, 86, 76),
        )
    for y in (330, 440, 550):
        c.pen.line((360, y, 1126, y), fill=(120, 94, 82), width=7)
    for _ in range(10):
        x, y = c.random.randrange(-60, WIDTH), c.random.randrange(610, 850)
        smudge(c, (x, y, x + 340, y + 60), (92, 74, 52), 170)
    for x in range(20, WIDTH, 148):
        c.pen.rectangle((x, 640, x + 7, 800), fill=(186, 190, 190))
    for y in range(650, 780, 22):
        c.pen.line((0, y, WIDTH, y), fill=(202, 206, 206), width=2)
    for x in (210, 520, 870):
        c.pen.polygon([(x, 860), (x + 9, 700), (x + 20, 700), (x + 26, 860)], fill=(214, 170, 108))
        c.pen.rectangle((x + 3, 700, x + 24, 726), fill=(222, 78, 44))
    return develop(c, dark=0.35, warm=5)


def _hall(seed: int) -> bytes:
    c = canvas(f"hall{seed}", (92, 104, 110), (150, 156, 154))
    c.pen.polygon([(0, 0), (430, 330), (770, 330), (WIDTH, 0)], fill=(76, 86, 92))
    c.pen.polygon([(0, HEIGHT), (430, 520), (770, 520), (WIDTH, HEIGHT)], fill=(146, 148, 142))
    c.image.paste(gradient((340, 190), (206, 212, 210), (176, 182, 180)), (430, 330))
    for step in (0.0, 0.28, 0.52, 0.72, 0.88):
        left, top = 430 * step, 330 * step
        c.pen.line((left, top, WIDTH - left, top), fill=(58, 66, 70), width=round(16 * (1 - step)) + 2)
        for lamp in (0.3, 0.7):
            x = left + (WIDTH - 2 * left) * lamp
            wide = 90 * (1.1 - step)
            c.pen.rectangle(
                (x - wide, top + 12, x + wide, top + 12 + 14 * (1.1 - step)), fill=(252, 253, 246)
            )
            glow(c, x, top + 20, 200 * (1.1 - step), (255, 253, 240), strength=0.4)
    colours: tuple[Colour, ...] = ((206, 210, 208), (62, 110, 150), (190, 96, 52), (70, 128, 96))
    for x in (440, 760):
        c.pen.line((x, 524, 120 if x == 440 else 1080, HEIGHT), fill=(216, 184, 62), width=9)
    for i, step in enumerate((0.78, 0.56, 0.3)):
        size = 1 - step
        for side in (0, 1):
            width, height = 330 * size, 300 * size
            x = 430 * step + 30 * size if side == 0 else WIDTH - 430 * step - 30 * size - width
            base = HEIGHT - 380 * step - 60 * size
            colour = colours[(i + side + seed) % 4]
            shadow(c, (x, base - 20 * size, x + width, base + 40 * size), 150, 14)
            panel(c, (x, base - height, x + width, base), colour, radius=8)
            panel(
                c,
                (x + width * 0.16, base - height * 0.78, x + width * 0.62, base - height * 0.3),
                (42, 54, 62),
                radius=6,
            )
            c.pen.rectangle(
                (x + width * 0.72, base - height * 0.76, x + width * 0.9, base - height * 0.5),
                fill=(166, 206, 190),
            )
    return develop(c, dark=0.5, warm=4)


def _yard(seed: int) -> bytes:
    c = _sky(f"yard{seed}", (170, 186, 198))
    panel(c, (-20, 180, 1230, 560), (188, 192, 190), radius=0)
    for x in range(0, WIDTH, 26):
        c.pen.line((x, 190, x, 556), fill=(172, 177, 176), width=3)
    panel(c, (860, 300, 1080, 556), (92, 98, 100), radius=2)
    c.image.paste(gradient((WIDTH, 340), (104, 106, 106), (140, 140, 136)), (0, 560))
    shadow(c, (150, 740, 850, 840), 190, 26)
    panel(c, (170, 400, 830, 780), COVERS["Pneumera"] if seed % 2 else (214, 120, 44), radius=6)
    for x in range(190, 500, 18):
        c.pen.line((x, 560, x, 750), fill=(84, 58, 28), width=6)
    for x in (210, 700):
        c.pen.rectangle((x, 780, x + 60, 806), fill=(40, 42, 44))
    text(c, (540, 500), "MIETE 55 kW", 38, (40, 34, 24))
    c.pen.line(
        [(830, 700), (900, 790), (1010, 800), (1060, 720), (1010, 556)],
        fill=(34, 36, 38),
        width=24,
        joint="curve",
    )
    return develop(c, dark=0.4)


def _roof(seed: int) -> bytes:
    c = _sky(f"roof{seed}", (134, 176, 214))
    c.pen.polygon([(0, 470), (WIDTH, 390), (WIDTH, HEIGHT), (0, HEIGHT)], fill=(150, 152, 148))
    for row in range(4):
        y, height = 500 + row * 104, 78 + row * 6
        for i in range(7):
            x = -60 + i * 190 + row * 12
            c.pen.polygon(
                [(x, y), (x + 168, y - 12), (x + 150, y + height - 12), (x - 18, y + height)],
                fill=(26, 44, 78),
            )
            for k in (0.33, 0.66):
                c.pen.line(
                    (x + 168 * k, y - 12 * k, x + 168 * k - 18, y + height - 12 * k),
                    fill=(70, 92, 130),
                    width=2,
                )
            c.pen.line((x - 9, y + height / 2, x + 159, y + height / 2 - 12), fill=(70, 92, 130), width=2)
    glow(c, 980, 90, 420, (255, 250, 226), strength=0.8)
    return develop(c, dark=0.3, warm=3)


def _receiver(seed: int) -> bytes:
    c = room(f"receiver{seed}", wall=(200, 200, 192))
    pipe(c, (0, 130), WIDTH, 40, STEEL)
    tank(c, 300, 820, 300, 620)
    tank(c, 720, 800, 230, 540, colour=(120, 132, 140))
    return develop(c, warm=6)


SCENES: dict[str, tuple[tuple[str, Callable[[int], bytes], int], ...]] = {
    "room": (("Kompressorraum", _station, 1),),
    "compressor": (("Anlage von vorn", _compressor, 0), ("Ölspur vor der Anlage", _compressor, 1)),
    "competitor": (
        ("Fremdanlage Hofacker", _competitor("Hofacker"), 0),
        ("Fremdanlage Nordvalk", _competitor("Nordvalk"), 0),
        ("Fremdanlage Pneumera", _competitor("Pneumera"), 0),
        ("Fremdanlage Dallmaier & Keil", _competitor("Dallmaier & Keil"), 0),
        ("Fremdanlage Aerotonic", _competitor("Aerotonic"), 0),
    ),
    "dryer": (("Trockner", _dryer, 0),),
    "gauge_low": (
        ("Netzdruck", _gauge(5.4, "bar", 10), 0),
        ("Manometer am Verteiler", _gauge(6.1, "bar", 16), 1),
    ),
    "gauge_high": (("Manometer am Behälter", _gauge(11.6, "bar", 16), 2),),
    "gauge_dew": (
        (
            "Taupunkt",
            _display([("Taupunkt", "+ 11,2 C"), ("Umgebung", "24,6 C"), ("Last", "100 %")], alarm=True),
            2,
        ),
    ),
    "thermo": (
        (
            "Temperatur",
            _display(
                [("T2 Verdichtung", "106 C"), ("Netzdruck", "7,1 bar"), ("STOERUNG", "E 042")], alarm=True
            ),
            0,
        ),
    ),
    "errors": (
        (
            "Fehlerspeicher",
            _display(
                [("12.11.", "T2 > 105 C"), ("03.11.", "T2 > 105 C"), ("21.10.", "T2 > 105 C")], alarm=True
            ),
            1,
        ),
    ),
    "display": (
        (
            "Betriebsstunden",
            _display([("Netzdruck", "7,4 bar"), ("Temperatur", "82 C"), ("Last", "96 %")]),
            0,
        ),
        ("Steuerung", _display([("Netzdruck", "6,9 bar"), ("Temperatur", "88 C"), ("Leerlauf", "31 %")]), 1),
    ),
    "pipes": (("Verteiler", _pipes, 0), ("Leitungen an der Decke", _pipes, 1)),
    "filter": (("Filterstrecke", _filter, 0),),
    "chiller": (("Kaltwassersatz", _chiller, 0), ("Rückkühler auf dem Dach", _chiller, 1)),
    "construction": (("Neubau", _construction, 0), ("Baustelle", _construction, 1)),
    "hall": (("Halle", _hall, 0), ("Fertigung", _hall, 1)),
    "yard": (("Mietanlage im Hof", _yard, 0),),
    "roof": (("Dach mit PV", _roof, 0),),
    "receiver": (("Behälter", _receiver, 0),),
}
"""Each sight with its variants: caption, who draws it, and its number."""
