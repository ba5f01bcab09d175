"""A web app of five small files with the real service worker and the real update.js: versions in milliseconds."""

import shutil
from pathlib import Path

from webapp import release
from webapp.layout import PAGE

_INDEX = """<!DOCTYPE html>
<html lang="de">
<meta charset="UTF-8">
<meta name="rundgang-version" content="{{version}}">
<title>small</title>
<p id="part">…</p>
<script src="before.js"></script>
<script src="update.js"></script>
<script src="after.js"></script>
</html>
"""

# Stands for start.js: what update.js needs to know, and a record of what the app would hear.
_BEFORE = """
var flet = { entrypointBaseUrl: "/app/" };
var rundgang = {
  blocked: false, bestClient: "wasm", keepClient() {}, pageId: crypto.randomUUID(),
  version: document.querySelector('meta[name="rundgang-version"]').content,
};
var heard = [];
var channel = new BroadcastChannel("rundgang-update");
channel.onmessage = ({ data }) => heard.push(data);
"""

_AFTER = """
fetch("part.txt").then((answer) => answer.text()).then((text) => {
  document.getElementById("part").textContent = text;
  window.dispatchEvent(new Event("rundgang-started"));
});
"""


def write_version(folder: Path, part: str) -> str:
    """Write the app whose `part.txt` says `part`; the name of the version."""
    folder.mkdir()
    files = {"index.html": _INDEX, "before.js": _BEFORE, "after.js": _AFTER, "part.txt": part}
    files["same.txt"] = "the same in every version"
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    shutil.copyfile(PAGE / "update.js", folder / "update.js")
    (folder / "canvaskit").mkdir()
    for renderer in ("skwasm", "canvaskit"):
        (folder / "canvaskit" / f"{renderer}.wasm").write_text(f"stands for {renderer}", encoding="utf-8")
    return release.release(folder, inputs="test").version
