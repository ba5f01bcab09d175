"""Reading bar codes, QR and Data Matrix in the browser, with zxing-wasm from our own origin.

The module and its WebAssembly (1 MB) lie on the tablet since the app was installed, and are loaded at the first scan:
no start waits for them.
"""

from app.device.errors import CodesUnavailable, UnreadablePhoto
from app.device.javascript import script
from app.device.pictures import examine
from app.device.platform import ReadCode

LONGEST_SIDE = 2048
"""Pixels: what a camera gives; a larger picture from a file costs time and shows no more of a code."""

# Taken from where the service worker keeps it, not asked of it: the page in which the app was just installed has none
# yet, and its first scan may be in a cellar. Hence a script that is evaluated, and no module: only the network gives
# those. `Plain` leaves the control characters in that part the fields of a code.
_READ = r"""
async (data, mediaType, longest) => {
  const file = async (name) => {
    const address = new URL(`./zxing/${name}`, self.location).href;
    const found = (await caches.match(address)) ?? (await fetch(address));
    if (!found.ok) throw new Error(`${name}: HTTP ${found.status}`);
    return found;
  };
  try {
    if (!self.rundgangCodes) {
      const [script, wasmBinary] = await Promise.all([
        file("reader.js").then((answer) => answer.text()),
        file("zxing_reader.wasm").then((answer) => answer.arrayBuffer()),
      ]);
      (0, eval)(script);
      await ZXingWASM.prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
      self.rundgangCodes = ZXingWASM;
    }
  } catch (error) {
    return { missing: String((error && error.message) || error) };
  }
  try {
    const blob = new Blob([data.slice()], { type: mediaType });
    const whole = await createImageBitmap(blob, { imageOrientation: "from-image" });
    const scale = Math.min(1, longest / Math.max(whole.width, whole.height));
    const width = Math.max(1, Math.round(whole.width * scale)), height = Math.max(1, Math.round(whole.height * scale));
    const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    context.fillStyle = "#fff";
    context.fillRect(0, 0, width, height);
    context.drawImage(whole, 0, 0, width, height);
    whole.close();
    const found = await self.rundgangCodes.readBarcodes(context.getImageData(0, 0, width, height), {
      formats: ["Code128", "Code39", "Code93", "EAN13", "EAN8", "UPCA", "UPCE", "ITF", "QRCode", "MicroQRCode",
        "DataMatrix"],
      tryHarder: true, tryRotate: true, tryInvert: true, maxNumberOfSymbols: 8, textMode: "Plain",
    });
    return { codes: JSON.stringify(found.filter((code) => code.isValid).map((code) => [
      code.text, code.format, code.contentType === "GS1"])) };
  } catch (error) {
    return { unreadable: String((error && error.message) || error) };
  }
}
"""


async def read_codes(data: bytes) -> tuple[ReadCode, ...]:
    """The codes that a picture shows, none if there are none.

    Raises:
        UnreadablePhoto: no picture, or cut off.
        CodesUnavailable: the reader is not part of this app, or not here yet.
    """
    import json

    from pyodide.ffi import to_js

    picture = examine(data)
    result = await script(_READ)(to_js(data), picture.media_type, LONGEST_SIDE)
    if getattr(result, "missing", None):
        raise CodesUnavailable(str(result.missing))
    if getattr(result, "unreadable", None):
        raise UnreadablePhoto(str(result.unreadable))
    return tuple(ReadCode(text, symbology, gs1) for text, symbology, gs1 in json.loads(str(result.codes)))
