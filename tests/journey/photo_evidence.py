"""What the tests photograph, what a finger draws into it, and where they look for it afterwards."""

import base64
import io
import re
from contextlib import suppress
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import expect

from app.photo.geometry import Box, Point, Sight
from tests.tablet import PATIENCE_MS, Tablet

SIZE = (1280, 720)
SECRET = (800, 400, 1100, 600)
"""Left, top, right, bottom of what nobody may see, in the camera's picture."""

# Every file of every store of the app, as it lies in IndexedDB.
_FILES = """async () => {
  const found = [];
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise((done, failed) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => done(opening.result);
      opening.onerror = () => failed(opening.error);
    });
    for (const store of database.objectStoreNames) {
      const values = await new Promise((done, failed) => {
        const reading = database.transaction(store).objectStore(store).getAll();
        reading.onsuccess = () => done(reading.result);
        reading.onerror = () => failed(reading.error);
      });
      const walk = async (value) => {
        if (value instanceof Blob) value = await value.arrayBuffer();
        if (value instanceof ArrayBuffer) value = new Uint8Array(value);
        if (ArrayBuffer.isView(value)) {
          let text = "";
          for (let at = 0; at < value.length; at += 32768) text += String.fromCharCode(...value.subarray(at, at + 32768));
          found.push(btoa(text));
        } else if (value && typeof value === "object") for (const one of Object.values(value)) await walk(one);
      };
      for (const value of values) await walk(value);
    }
    database.close();
  }
  return found;
}"""


def camera_film(folder: Path) -> Path:
    """What the fake camera sees: a nameplate, a machine hall, and something that is nobody's business."""
    image = Image.new("RGB", SIZE, (96, 110, 116))
    brush = ImageDraw.Draw(image)
    for step in range(0, SIZE[0], 80):
        brush.line((step, 0, step, SIZE[1]), fill=(120, 140, 150), width=3)
        brush.line((0, step, SIZE[0], step), fill=(120, 140, 150), width=3)
    brush.rectangle((60, 60, 420, 260), fill=(232, 232, 220))
    brush.text((80, 90), "TYP RV 75", fill=(10, 10, 10), font_size=56)
    brush.text((80, 170), "Bj. 2014  75 kW", fill=(10, 10, 10), font_size=40)
    brush.rectangle(SECRET, fill=(255, 0, 255))
    brush.text((830, 460), "GEHEIM", fill=(20, 0, 20), font_size=64)
    still = io.BytesIO()
    image.save(still, "JPEG", quality=92)
    film = folder / "film.mjpeg"
    film.write_bytes(still.getvalue() * 5)
    return film


def photo_with_metadata(path: Path) -> Path:
    """The same picture as a file from a phone: with the place, the time and the camera in it."""
    image = Image.open(io.BytesIO(camera_film(path.parent).read_bytes()))
    exif = Image.Exif()
    exif[0x010F] = "Hofer Kamera"
    exif[0x0132] = "2026:11:23 10:00:00"
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (47.0, 46.0, 55.0), "E", (9.0, 36.0, 41.0)
    image.save(path, "JPEG", exif=exif, comment=b"aufgenommen in Halle B")
    return path


def hundred_megapixels(path: Path) -> Path:
    """A photo of 12000 x 9000 pixels, left half red and right half blue."""
    image = Image.new("RGB", (12_000, 9_000), (200, 0, 0))
    image.paste((0, 0, 200), (6_000, 0, 12_000, 9_000))
    image.save(path, "JPEG")
    return path


def stored_photos(tablet: Tablet) -> list[bytes]:
    """Every photo in the stores of the app."""
    found = [base64.b64decode(text) for text in tablet.page.evaluate(_FILES)]
    return [data for data in found if data.startswith(b"\xff\xd8\xff")]


def shows_secret(data: bytes) -> bool:
    """Whether a picture shows anything of it: that colour is nowhere else."""
    image = Image.open(io.BytesIO(data)).convert("RGB")
    colours = image.getcolors(image.width * image.height) or []
    return sum(count for count, colour in colours if _is_secret(colour)) > 20


def _is_secret(colour: object) -> bool:
    assert isinstance(colour, tuple)
    red, green, blue = colour
    return bool(red > 170 and green < 90 and blue > 170)


def around(box: tuple[int, int, int, int]) -> tuple[tuple[float, float], tuple[float, float]]:
    """Two corners a finger's width outside of a box of the camera's picture, as parts of its sides."""
    left, top, right, bottom = box
    width, height = SIZE
    return ((left - 24) / width, (top - 24) / height), ((right + 24) / width, (bottom + 24) / height)


def draw(
    tablet: Tablet,
    tool: str,
    start: tuple[float, float],
    end: tuple[float, float],
    *,
    of: tuple[float, float] = (1.0, 1.0),
) -> None:
    """Choose a tool and draw from one place of the photo to another, both given as parts of what is seen of it.

    Args:
        of: parts of the camera's picture that are seen, across and down.
    """
    chosen = tablet.control(f"photo-tool-{tool}")
    for _ in range(10):
        # A screen that is just being drawn may miss a touch; a person touches again.
        tablet.tap(f"photo-tool-{tool}")
        with suppress(AssertionError):
            expect(chosen).to_have_attribute("aria-current", "true", timeout=PATIENCE_MS / 10)
            break
    else:
        raise AssertionError(f"{tool} cannot be chosen:\n{tablet.reads()}")
    sheet = tablet.control("photo-sheet").bounding_box()
    assert sheet is not None
    seen = Box(0, 0, SIZE[0] * of[0], SIZE[1] * of[1])
    sight = Sight(seen, 0, sheet["width"], sheet["height"])
    marks = _marks(tablet)
    places = [sight.on_glass(Point(seen.width * part[0], seen.height * part[1])) for part in (start, end)]
    (x, y), (u, v) = ((sheet["x"] + place.x, sheet["y"] + place.y) for place in places)
    mouse = tablet.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move((x + u) / 2, (y + v) / 2, steps=4)
    mouse.move(u, v, steps=4)
    mouse.up()
    if tool != "crop":
        tablet.sees(re.compile(rf"\b{marks + 1} (Markierung|mark)"))


def _marks(tablet: Tablet) -> int:
    found = re.search(r"(\d+) (?:Markierung|mark)", tablet.reads())
    assert found is not None
    return int(found[1])
