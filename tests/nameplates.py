"""Pictures of nameplates with real codes on them, and the film that a fake camera shows: drawn by the tests themselves."""

import io
from pathlib import Path

import segno
from PIL import Image, ImageDraw, ImageFilter, ImageFont

FRAME = (1280, 720)
_PLATE = (760, 460)
_FRAMES = 12

# ISO/IEC 15417, table 1: widths of bars and spaces of the values 0 to 102, the three starts, and the stop.
_WIDTHS = (
    "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222"
    "123122123221223211221132221231213212223112312131311222321122321221312212322112322211212123212321"
    "232121111323131123131321112313132113132311211313231113231311112133112331132131113123113321133121"
    "313121211331231131213113213311213131311123311321331121312113312311332111314111221411431111111224"
    "111422121124121421141122141221112214112412122114122411142112142211241211221114413111241112134111"
    "111242121142121241114212124112124211411212421112421211212141214121412121111143111341131141114113"
    "1143114111134113111131411141313111414111312114122112142112322331112"
)
_CODE128 = [*(_WIDTHS[start : start + 6] for start in range(0, 636, 6)), _WIDTHS[636:]]
_START_B, _STOP, _FNC1 = 104, 106, 102


def qr(text: str, pixel: int = 6) -> Image.Image:
    """A QR code."""
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(drawn, kind="png", scale=pixel, border=4)
    return Image.open(drawn).convert("RGB")


def code128(text: str, pixel: int = 3, *, gs1: bool = False) -> Image.Image:
    """A Code 128 bar code in code set B; as GS1-128 with FNC1 at its beginning and where the text has a separator."""
    values = [
        _START_B,
        *([_FNC1] if gs1 else []),
        *(_FNC1 if sign == "\x1d" else ord(sign) - 32 for sign in text),
    ]
    check = (values[0] + sum(place * value for place, value in enumerate(values[1:], start=1))) % 103
    widths = "".join(_CODE128[value] for value in (*values, check, _STOP))
    bars = "".join(("1" if place % 2 == 0 else "0") * int(width) for place, width in enumerate(widths))
    return _modules([f"{'0' * 10}{bars}{'0' * 10}"], pixel, height=90)


def data_matrix(text: str, pixel: int = 8) -> Image.Image:
    """A Data Matrix code (ECC 200) of 20 by 20 modules: up to 22 letters, or more digits."""
    words = _ascii_words(text, 22)
    grid = _placed([*words, *_reed_solomon(words, 18)], 18)
    rows = ["10" * 10]
    rows += [f"1{''.join(map(str, row))}{1 - place % 2}" for place, row in enumerate(grid, start=1)]
    rows += ["1" * 20]
    # The upper edge alternates from dark, the right one from light at the top; left and lower edges are dark.
    rows = [f"{row[:-1]}{place % 2}" if place < 19 else row for place, row in enumerate(rows)]
    quiet = ["0" * 24] * 2
    return _modules([*quiet, *(f"00{row}00" for row in rows), *quiet], pixel)


def plate(code: Image.Image, *words: str, turned: float = 2.0) -> Image.Image:
    """A nameplate with this code and these lines, as a camera sees it: at an angle, not quite sharp, on a machine."""
    metal = Image.linear_gradient("L").resize(_PLATE).point([150 + value // 4 for value in range(256)])
    drawn = metal.convert("RGB")
    pen = ImageDraw.Draw(drawn)
    pen.rectangle((8, 8, _PLATE[0] - 9, _PLATE[1] - 9), outline=(60, 60, 60), width=3)
    for number, line in enumerate(words):
        pen.text((36, 30 + 44 * number), line, fill=(20, 20, 20), font=ImageFont.load_default(34))
    at = (_PLATE[0] - code.width - 30, _PLATE[1] - code.height - 30)
    drawn.paste(code, (max(20, at[0]), max(20, at[1])))
    scene = Image.new("RGB", FRAME, (38, 70, 62))
    tilted = drawn.rotate(turned, expand=True, resample=Image.Resampling.BICUBIC, fillcolor=(38, 70, 62))
    scene.paste(tilted, ((FRAME[0] - tilted.width) // 2, (FRAME[1] - tilted.height) // 2))
    return scene.filter(ImageFilter.GaussianBlur(0.8))


def jpeg(picture: Image.Image) -> bytes:
    """The picture as a camera gives it."""
    kept = io.BytesIO()
    picture.save(kept, format="JPEG", quality=85)
    return kept.getvalue()


def film(path: Path, picture: Image.Image) -> Path:
    """A film for `--use-file-for-fake-video-capture` that shows one picture (Motion JPEG: one JPEG after the other)."""
    path.write_bytes(jpeg(picture) * _FRAMES)
    return path


def _modules(rows: list[str], pixel: int, height: int = 0) -> Image.Image:
    small = Image.new("L", (len(rows[0]), len(rows)))
    small.putdata([0 if module == "1" else 255 for row in rows for module in row])
    size = (small.width * pixel, height or small.height * pixel)
    return small.resize(size, Image.Resampling.NEAREST).convert("RGB")


# -- Data Matrix: ISO/IEC 16022 -------------------------------------------------------------------------


def _ascii_words(text: str, capacity: int) -> list[int]:
    """The text in ASCII encodation, two digits in one word, filled up with the 253-state algorithm."""
    words: list[int] = []
    place = 0
    while place < len(text):
        pair = text[place : place + 2]
        if len(pair) == 2 and pair.isdigit():
            words.append(130 + int(pair))
            place += 2
        else:
            words.append(232 if pair[0] == "\x1d" else ord(pair[0]) + 1)
            place += 1
    assert len(words) <= capacity, f"{text} does not fit"
    if len(words) < capacity:
        words.append(129)
    while len(words) < capacity:
        padded = 129 + (149 * (len(words) + 1)) % 253 + 1
        words.append(padded if padded <= 254 else padded - 254)
    return words


def _reed_solomon(words: list[int], count: int) -> list[int]:
    """Check words over GF(256) with the polynomial 0x12D."""
    exponents, value = [0] * 510, 1
    logarithms = [0] * 256
    for power in range(255):
        exponents[power] = exponents[power + 255] = value
        logarithms[value] = power
        value <<= 1
        if value > 255:
            value ^= 0x12D

    def product(a: int, b: int) -> int:
        return exponents[logarithms[a] + logarithms[b]] if a and b else 0

    generator = [1]
    for power in range(1, count + 1):
        following = [*generator, 0]
        for place, factor in enumerate(generator):
            following[place + 1] ^= product(factor, exponents[power])
        generator = following
    rest = [0] * count
    for word in words:
        lead = word ^ rest[0]
        rest = [*rest[1:], 0]
        rest = [have ^ product(lead, factor) for have, factor in zip(rest, generator[1:], strict=True)]
    return rest


def _placed(words: list[int], size: int) -> list[list[int]]:
    """Every bit at its place (annex F, for sizes without the corner cases beyond the first)."""
    grid: list[list[int | None]] = [[None] * size for _ in range(size)]

    def put(row: int, column: int, word: int, bit: int) -> None:
        if row < 0:
            row, column = row + size, column + 4 - (size + 4) % 8
        if column < 0:
            row, column = row + 4 - (size + 4) % 8, column + size
        grid[row][column] = (words[word] >> (7 - bit)) & 1

    def utah(row: int, column: int, word: int) -> None:
        shape = ((-2, -2), (-2, -1), (-1, -2), (-1, -1), (-1, 0), (0, -2), (0, -1), (0, 0))
        for bit, (down, right) in enumerate(shape):
            put(row + down, column + right, word, bit)

    word, row, column = 0, 4, 0
    while row < size or column < size:
        while True:
            if row < size and column >= 0 and grid[row][column] is None:
                utah(row, column, word)
                word += 1
            row, column = row - 2, column + 2
            if row < 0 or column >= size:
                break
        row, column = row + 1, column + 3
        while True:
            if row >= 0 and column < size and grid[row][column] is None:
                utah(row, column, word)
                word += 1
            row, column = row + 2, column - 2
            if row >= size or column < 0:
                break
        row, column = row + 3, column + 1
    assert word == len(words)
    # What no word reaches, in the lower right corner.
    if grid[size - 1][size - 1] is None:
        grid[size - 1][size - 1] = grid[size - 2][size - 2] = 1
    return [[module or 0 for module in line] for line in grid]
