"""Photos in the browser: made smaller, freed from metadata, and made anew as a person edited them.

All of it happens on a canvas in the worker. A canvas knows pixels alone, so neither place nor time nor camera can
come through it, and what was painted over is in no pixel any more.
"""

import json
import math
from typing import Any

from app.device.errors import PhotoError, PhotoNotEdited, PhotoTooLarge, TooManyPixels, UnreadablePhoto
from app.device.javascript import script
from app.device.pictures import Picture, examine
from app.device.platform import ScaledPhoto
from app.photo.edits import Edits

LONGEST_SIDE = 2048
"""Pixels: a type plate stays readable, and a photo is about 1 MB."""
QUALITY = 0.85
"""JPEG quality between 0 and 1; below it, small print gets halos."""
LARGEST_FILE = 50 * 1024 * 1024
"""Bytes of a file that is taken in."""
WHOLE = 50_000_000
"""Pixels of a picture that is decoded whole: 200 MB, which a tablet with 2 GB just has to spare."""
REDUCED_FROM = 24_000_000
"""Pixels from which on a picture is decoded at a fraction of its size where the browser can do that."""
MOST = 400_000_000
"""Pixels of a picture that is taken in at all; no camera of a phone makes half as many."""

# Scales without distortion, never up. `from-image` turns the picture as its EXIF says; drawing it anew drops all
# metadata. White under it, because JPEG knows no transparency. `ImageDecoder` (WebCodecs) reads a JPEG at an eighth,
# a quarter or half of its size when told how much is wanted (measured: 108 megapixels in 0.15 s and 27 MB instead of
# 432); twice the side is asked for, so that what is scaled down after that stays sharp.
_SCALE = r"""
async (data, mediaType, longest, quality, reduced) => {
  let whole = null, decoder = null;
  try {
    if (reduced) {
      const wanted = 2 * longest;
      decoder = new ImageDecoder({ data: data.slice(), type: mediaType, desiredWidth: wanted, desiredHeight: wanted });
      whole = (await decoder.decode()).image;
    } else {
      const blob = new Blob([data.slice()], { type: mediaType });
      whole = await createImageBitmap(blob, { imageOrientation: "from-image" });
    }
    const across = whole.displayWidth || whole.width, down = whole.displayHeight || whole.height;
    const scale = Math.min(1, longest / Math.max(across, down));
    const width = Math.max(1, Math.round(across * scale)), height = Math.max(1, Math.round(down * scale));
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.fillStyle = "#fff";
    context.fillRect(0, 0, width, height);
    context.drawImage(whole, 0, 0, width, height);
    const result = await canvas.convertToBlob({ type: "image/jpeg", quality });
    return { error: "", data: new Uint8Array(await result.arrayBuffer()), width, height };
  } catch (error) {
    return { error: String((error && error.message) || error) };
  } finally {
    if (whole) whole.close();
    if (decoder) decoder.close();
  }
}
"""

# Turns by exact quarters and cuts at whole pixels: nothing is blurred, and a filled box has no soft edge through which
# the picture would shine.
_EDIT = r"""
async (data, mediaType, plan, quality) => {
  let whole = null;
  try {
    const { width, height, left, top, across, down, turns, figures } = JSON.parse(plan);
    whole = await createImageBitmap(new Blob([data.slice()], { type: mediaType }), { imageOrientation: "from-image" });
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, width, height);
    const turned = [[1, 0, 0, 1, 0, 0], [0, 1, -1, 0, down, 0], [-1, 0, 0, -1, across, down], [0, -1, 1, 0, 0, across]];
    context.setTransform(...turned[turns]);
    context.translate(-left, -top);
    context.drawImage(whole, 0, 0);
    context.lineJoin = "round";
    for (const { form, points, fill, stroke, width: line } of figures) {
      const [[x, y], [u, v]] = points;
      context.beginPath();
      if (form === "box") context.rect(x, y, u - x, v - y);
      else if (form === "oval") context.ellipse((x + u) / 2, (y + v) / 2, (u - x) / 2, (v - y) / 2, 0, 0, 2 * Math.PI);
      else { for (const point of points) context.lineTo(...point); context.closePath(); }
      if (fill) { context.fillStyle = fill; context.fill(); }
      if (stroke) { context.strokeStyle = stroke; context.lineWidth = line; context.stroke(); }
    }
    const result = await canvas.convertToBlob({ type: "image/jpeg", quality });
    return { error: "", data: new Uint8Array(await result.arrayBuffer()), width, height };
  } catch (error) {
    return { error: String((error && error.message) || error) };
  } finally {
    if (whole) whole.close();
  }
}
"""

_CAN_REDUCE = "() => typeof ImageDecoder === 'function'"


async def scale_photo(data: bytes) -> ScaledPhoto:
    """A photo as JPEG of at most LONGEST_SIDE pixels, upright, without metadata.

    How large it is is read from its first bytes, before anything of it is decoded.

    Raises:
        UnreadablePhoto: no picture, or cut off.
        PhotoTooLarge: more than LARGEST_FILE.
        TooManyPixels: more than this browser can make smaller.
    """
    from pyodide.ffi import to_js

    if len(data) > LARGEST_FILE:
        raise PhotoTooLarge(len(data), LARGEST_FILE)
    picture = examine(data)  # browsers show the upper half of a file that was cut off
    limit = pixels_allowed(picture, can_reduce=bool(script(_CAN_REDUCE)()))
    if picture.pixels > limit:
        raise TooManyPixels(math.ceil(picture.pixels / 1e6), limit // 1_000_000)
    reduced = picture.pixels > REDUCED_FROM and limit == MOST
    return _made(
        await script(_SCALE)(to_js(data), picture.media_type, LONGEST_SIDE, QUALITY, reduced), UnreadablePhoto
    )


async def edit_photo(data: bytes, edits: Edits) -> ScaledPhoto:
    """A photo that was scaled before, made anew with everything that a person did to it.

    Raises:
        PhotoNotEdited: the browser has no memory for it, or cannot read the photo.
    """
    from pyodide.ffi import to_js

    media_type = examine(data).media_type
    plan = json.dumps(edits.as_dict())
    return _made(await script(_EDIT)(to_js(data), media_type, plan, QUALITY), PhotoNotEdited)


def pixels_allowed(picture: Picture, *, can_reduce: bool) -> int:
    """How many pixels a picture of this kind may have in this browser."""
    return MOST if can_reduce and picture.in_one_pass else WHOLE


def _made(result: Any, failure: type[PhotoError]) -> ScaledPhoto:
    if result.error:
        raise failure(str(result.error))
    return ScaledPhoto(bytes(result.data.to_py()), "image/jpeg", int(result.width), int(result.height))
