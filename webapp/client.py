"""Takes Flet's web client, leaves behind what Rundgang does not use, and makes it start Rundgang.

Every replacement names the text that it expects and stops the build when it is not there: a new version of Flet is
looked at by a person, never patched blindly.
"""

import ast
import importlib
import json
import re
import shutil
import sys
from html import escape
from pathlib import Path
from types import ModuleType

from flet.controls.types import RouteUrlStrategy, WebRenderer

from webapp.failures import BuildFailed
from webapp.layout import APP_ASSETS, BASE_PATH, EXTRA_ROBOTO, FALLBACK_FONT, FONTS, ICONS, PAGE, Source

TITLE = "Rundgang"
DESCRIPTION = "Beobachtungen vor Ort festhalten, auch ohne Netz, und erfahren, was daraus wird."
THEME_COLOUR = "#0B5F6B"
BACKGROUND_COLOUR = "#F4F7F7"

# What of Flet's client is taken: the Dart code as WebAssembly with Skia's small build, and as JavaScript with the one
# that needs nothing of the browser; start.js decides (docs/adr/0025-webassembly-client.md). Left behind: the renderers not used
# (wimp, skwasm_heavy, CanvasKit for Chromium), debug symbols, Pyodide's command line and package installer, fonts for
# formulas and Apple's icons, the video player, Flet's own service worker (it unregisters every other one).
TAKEN = (
    "index.html", "manifest.json", "flutter.js", "flutter_bootstrap.js", "version.json",
    "main.dart.wasm", "main.dart.mjs", "canvaskit/skwasm.js", "canvaskit/skwasm.wasm",
    "main.dart.js", "canvaskit/canvaskit.js", "canvaskit/canvaskit.wasm",
    "assets/AssetManifest.bin.json", "assets/AssetManifest.bin", "assets/FontManifest.json", "assets/NOTICES",
    "assets/fonts/*", "assets/shaders/*", "assets/packages/record_web/**/*", "assets/packages/wakelock_plus/**/*",
    "pyodide/pyodide.mjs", "pyodide/pyodide.asm.mjs", "pyodide/pyodide.asm.wasm", "pyodide/python_stdlib.zip",
    "pyodide/pyodide-lock.json",
)  # fmt: skip

# Loaded by the Python worker at the first scan (app/device/web_codes.py).
CODE_READER_FOLDER = "zxing"

# Flutter reads every font of its manifest before the first frame.
UNUSED_FONTS = ("packages/flutter_math_fork/", "packages/cupertino_icons/")

PAGE_FILES = (
    "start.js", "wishes.js", "python.js", "python_worker.js", "untar.js", "update.js", "voice.js",
    "focus.js", "sharing.js",
    "bytecode.py", "bytecode_store.js", "bytecode_worker.js",
)  # fmt: skip

# For what Roboto lacks (arrows, ticks, warning signs, typed symbols) Flutter would ask Google for one of 200 fonts,
# and without an answer ask again at every frame. All of them are answered by this one.
FALLBACK_ENTRY = re.compile(r'(A\.z\("Noto [^"]*",)"[^"]+\.woff2"')
FALLBACK_FILE = re.compile(rb"noto[a-z0-9]+/v\d+/[\w.-]+\.woff2")


def assemble(target: Path, source: Source, web_client: Path, code_reader: Path | None) -> None:
    """Write the client's files, patched, and the reader of codes into the empty folder `target`."""
    flet_web = _import_flet_web(web_client)
    _copy_taken(Path(flet_web.get_package_web_dir()), target)
    _copy_own(target)
    if code_reader is not None:
        shutil.copytree(code_reader, target / CODE_READER_FOLDER, ignore=shutil.ignore_patterns("integrity"))

    index = target / "index.html"
    flet_web.patch_index_html(
        str(index),
        base_href=BASE_PATH,
        app_name=TITLE,
        app_description=DESCRIPTION,
        pyodide=True,
        pyodide_script_path="main.py",
        pyodide_version="bundled",
        app_package_url=f"{BASE_PATH}app.tar.gz",
        web_renderer=WebRenderer.AUTO,
        route_url_strategy=RouteUrlStrategy.HASH,
        no_cdn=True,
    )
    flet_web.patch_manifest_json(
        str(target / "manifest.json"),
        app_name=TITLE,
        app_short_name=TITLE,
        app_description=DESCRIPTION,
        background_color=BACKGROUND_COLOUR,
        theme_color=THEME_COLOUR,
    )
    flet_web.patch_font_manifest_json(str(target / "assets" / "FontManifest.json"))
    _finish_index(index, source)
    _finish_manifest(target / "manifest.json")
    _finish_fonts(target / "assets" / "FontManifest.json")
    _finish_bootstrap(target / "flutter_bootstrap.js")
    _finish_javascript(target / "main.dart.js")
    _finish_webassembly(target / "main.dart.wasm")
    _empty_package_index(target / "pyodide" / "pyodide-lock.json")


def warm_modules(source: Source) -> list[str]:
    """The modules that the main module imports at its top.

    The Python worker imports them while Flutter is still starting; the main module itself is run once, later.
    """
    package = next(root for root in source.packages if root.name == source.main_module.split(".")[0])
    main = package.parent.joinpath(*source.main_module.split(".")).with_suffix(".py")
    modules: list[str] = []
    for statement in ast.parse(main.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.Import):
            modules += [alias.name for alias in statement.names]
        elif isinstance(statement, ast.ImportFrom) and statement.module and not statement.level:
            modules.append(statement.module)
    return list(dict.fromkeys(["flet.app", "flet.messaging.pyodide_connection", *modules]))


def _import_flet_web(web_client: Path) -> ModuleType:
    if str(web_client) not in sys.path:
        sys.path.insert(0, str(web_client))
    return importlib.import_module("flet_web")


def _copy_taken(origin: Path, target: Path) -> None:
    for pattern in TAKEN:
        found = [path for path in origin.glob(pattern) if path.is_file()]
        if not found:
            raise _unknown_flet(f"web/{pattern}")
        for path in found:
            copy = target / path.relative_to(origin)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)


def _copy_own(target: Path) -> None:
    for name in PAGE_FILES:
        shutil.copyfile(PAGE / name, target / name)
    (target / "icons").mkdir()
    for icon in sorted(ICONS.glob("*.png")):
        shutil.copyfile(icon, target / "icons" / icon.name)
    for font in (*(name for name, _ in EXTRA_ROBOTO), FALLBACK_FONT):
        shutil.copyfile(FONTS / font, target / "assets" / "fonts" / font)
    # What the app itself shows (pictures, sounds) is found by Flet below assets/.
    if APP_ASSETS.is_dir():
        shutil.copytree(APP_ASSETS, target / "assets", dirs_exist_ok=True)


def _finish_index(index: Path, source: Source) -> None:
    html = index.read_text(encoding="utf-8")
    html = _replace(html, "<html>", '<html lang="de">')
    html = _replace(
        html, 'flet.pyodideUrl="pyodide/pyodide.mjs"', f'flet.pyodideUrl="{BASE_PATH}pyodide/pyodide.mjs"'
    )
    html = _replace(html, 'flet.pythonModuleName = "main"', f'flet.pythonModuleName = "{source.main_module}"')
    html = _replace(html, '<link rel="icon" type="image/png" href="favicon.png" />', _head())
    html = _replace(html, '<script src="python.js"></script>', _scripts(source))
    html, count = re.subn(r'<div id="loading".*?</div>', lambda _: _splash(), html, count=1, flags=re.DOTALL)
    if count != 1:
        raise _unknown_flet("index.html: #loading")
    index.write_text(html, encoding="utf-8")


def _head() -> str:
    return "\n  ".join(
        (
            '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">',
            f'<meta name="theme-color" content="{THEME_COLOUR}">',
            '<meta name="color-scheme" content="light dark">',
            # Where the browser knows how large the system writes, the page's font size follows it (wishes.js).
            '<meta name="text-scale" content="scale">',
            '<meta name="rundgang-version" content="{{version}}">',
            '<link rel="icon" type="image/png" href="icons/favicon.png">',
        )
    )


def _scripts(source: Source) -> str:
    warm = escape(json.dumps(warm_modules(source)), quote=True)
    return "\n  ".join(
        (
            f'<script src="start.js" data-warm-modules="{warm}"></script>',
            '<script src="wishes.js"></script>',
            '<script src="python.js"></script>',
            '<script src="update.js"></script>',
            '<script src="focus.js"></script>',
            '<script src="voice.js"></script>',
            '<script src="sharing.js"></script>',
        )
    )


def _splash() -> str:
    return (PAGE / "splash.html").read_text(encoding="utf-8").strip()


def _finish_manifest(manifest: Path) -> None:
    content = json.loads(manifest.read_text(encoding="utf-8"))
    content |= {
        "id": BASE_PATH,
        "start_url": BASE_PATH,
        "scope": BASE_PATH,
        "lang": "de",
        "dir": "ltr",
        "display": "standalone",
        "orientation": "any",
        "categories": ["business", "productivity"],
        "icons": [
            {
                "src": f"icons/{name}-{size}.png",
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": purpose,
            }
            for name, purpose in (("icon", "any"), ("icon-maskable", "maskable"))
            for size in (192, 512)
        ],
    }
    manifest.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _finish_fonts(font_manifest: Path) -> None:
    families = json.loads(font_manifest.read_text(encoding="utf-8"))
    families = [
        family
        for family in families
        if not any(font["asset"].startswith(UNUSED_FONTS) for font in family["fonts"])
    ]
    roboto = next(family for family in families if family["family"] == "Roboto")
    for name, weight in EXTRA_ROBOTO:
        roboto["fonts"].append({"asset": f"fonts/{name}", "weight": weight})
    font_manifest.write_text(json.dumps(families, indent=2) + "\n", encoding="utf-8")


def _finish_javascript(program: Path) -> None:
    script, count = FALLBACK_ENTRY.subn(rf'\1"{FALLBACK_FONT}"', program.read_text(encoding="utf-8"))
    if count < 100:
        raise _unknown_flet("main.dart.js: fallback fonts")
    # Behind our splash Flet draws a ring with an English word, which a screen reader would say.
    script = _replace(script, '[30,"Working..."]', '[30,""]')
    program.write_text(script, encoding="utf-8")


def _finish_webassembly(program: Path) -> None:
    """The same as in the JavaScript. Texts are names of imports there, of which only the length must stay."""

    def one_font(found: re.Match[bytes]) -> bytes:
        # The server and the service worker look at the path alone.
        return f"{FALLBACK_FONT}?".encode().ljust(len(found[0]), b"-")

    code, count = FALLBACK_FILE.subn(one_font, program.read_bytes())
    if count < 100:
        raise _unknown_flet("main.dart.wasm: fallback fonts")
    if code.count(b"\nWorking...") != 1:
        raise _unknown_flet("main.dart.wasm: Working...")
    program.write_bytes(code.replace(b"\nWorking...", b"\n          "))


def _finish_bootstrap(bootstrap: Path) -> None:
    script = bootstrap.read_text(encoding="utf-8")
    # Flutter would register its own service worker, which unregisters ours.
    script, count = re.subn(r"\n\s*serviceWorkerSettings: \{.*?\},\n", "\n", script, count=1, flags=re.DOTALL)
    if count != 1:
        raise _unknown_flet("flutter_bootstrap.js: serviceWorkerSettings")
    # Our splash stays until the app itself has drawn something (start.js), not only Flutter.
    script = _replace(script, "document.getElementById('loading')?.remove();", "rundgang.onFlutterFrame();")
    # The service worker keeps one of the two clients on the tablet: start.js decides which, once.
    script = _replace(
        script,
        "var flutterConfig = {",
        'var flutterConfig = {\n    canvasKitVariant: "full",\n    renderer: rundgang.renderer,',
    )
    script = _replace(script, "_flutter.loader.load({", "rundgang.watchStart(_flutter.loader.load({")
    script = script.rstrip()
    if not script.endswith("});"):
        raise _unknown_flet("flutter_bootstrap.js: end")
    script = script.removesuffix("});") + "}));\n"
    script = re.sub(r"\n//# sourceMappingURL=\S+", "", script)
    bootstrap.write_text(script, encoding="utf-8")


def _empty_package_index(lock: Path) -> None:
    """Everything the app imports is in its archive: Pyodide's list of 300 other packages is dead weight."""
    content = json.loads(lock.read_text(encoding="utf-8"))
    lock.write_text(json.dumps({"info": content["info"], "packages": {}}), encoding="utf-8")


def _replace(text: str, expected: str, replacement: str) -> str:
    if text.count(expected) != 1:
        raise _unknown_flet(expected)
    return text.replace(expected, replacement)


def _unknown_flet(missing: str) -> BuildFailed:
    return BuildFailed(
        f"Diese Fassung von flet-web ist dem Bau nicht bekannt (erwartet: {missing}). webapp/client.py anpassen.",
        f"This version of flet-web is not known to the build (expected: {missing}). Adapt webapp/client.py.",
    )
