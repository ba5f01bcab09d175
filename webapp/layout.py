"""Where things are: the sources that the web app is made of and the folders it is made in."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# The URL path under which the server offers the web app. It is also the service worker's scope.
BASE_PATH = "/app/"


@dataclass(frozen=True, slots=True)
class Source:
    """One program to be turned into a web app: its packages, its main module and what it needs.

    `only` names the distributions that the program imports; None means all of `requirements/web.txt`.
    `reads_codes`: whether it needs the reader of bar codes.
    """

    packages: tuple[Path, ...]
    main_module: str
    only: tuple[str, ...] | None = None
    reads_codes: bool = False


RUNDGANG = Source(packages=(ROOT / "app", ROOT / "protocol"), main_module="app.main", reads_codes=True)

# The limit that `cold_start_offline` is held against: what Flet costs by itself, assembled the same way.
EMPTY = Source(packages=(ROOT / "webapp" / "empty_app",), main_module="empty_app.main", only=("flet",))

# The limit that `tap_to_answer` is held against: what a tap costs in Flet with nothing around it.
TAPPED = Source(packages=(ROOT / "webapp" / "tapped_app",), main_module="tapped_app.main", only=("flet",))

OUTPUT = ROOT / "build" / "web"
EMPTY_OUTPUT = ROOT / "build" / "web-empty"
TAPPED_OUTPUT = ROOT / "build" / "web-tapped"
# In an output folder: what was built, of what, and how large it is.
BUILD_RECORD = "build.json"
WEB_CLIENT = ROOT / "build" / "web-client"
WEB_PACKAGES = ROOT / "build" / "web-packages"
# zxing-wasm, and Node where the machine has none to fetch it with.
CODE_READER = ROOT / "build" / "code-reader"
NODE = ROOT / "build" / "node"

PAGE = ROOT / "webapp" / "page"
ICONS = ROOT / "assets" / "icons"
FONTS = ROOT / "assets" / "fonts"
# Pictures and sounds that the app shows; Flet finds them below assets/.
APP_ASSETS = ROOT / "assets" / "app"

# Roboto as Flet bundles it has one weight; these complete the family (see assets/fonts/README.md).
EXTRA_ROBOTO = (("RobotoMedium.woff2", 500), ("RobotoBold.woff2", 700))
FALLBACK_FONT = "DejaVuSymbols.woff2"

WEB_LOCK = ROOT / "requirements" / "web.txt"
WEB_CLIENT_LOCK = ROOT / "requirements" / "web-client.txt"
NODE_LOCK = ROOT / "requirements" / "node.txt"
