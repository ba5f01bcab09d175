"""The look: colours with fixed meanings, sizes and Material themes, for light, dark and high contrast."""

from dataclasses import dataclass, replace
from enum import Enum

import flet as ft

BODY = 17
SECONDARY = 16
"""Nothing that is to be read is smaller: 16 is what stays readable at arm's length."""
SECTION = 20
TITLE = 28
TOUCH = 48
"""Smallest height and width of anything to be touched, in dp."""
PRIMARY_HEIGHT = 64
CARD_RADIUS = 20
FIELD_RADIUS = 16
MARGIN = 28
GAP = 12
BEFORE_SECTION = 26


class Tone(Enum):
    """What a colour says. Always together with a word."""

    PRIMARY = "primary"
    CONTAINER = "container"
    WAITING = "waiting"
    GOOD = "good"
    BAD = "bad"
    HINT = "hint"
    NEUTRAL = "neutral"


@dataclass(frozen=True)
class Pair:
    """A background and the text on it."""

    ground: str
    text: str


@dataclass(frozen=True)
class Tokens:
    """The colours of one look."""

    dark: bool
    page: str
    surface: str
    outline: str
    strong_outline: str
    text: str
    secondary: str
    section: str
    primary: Pair
    container: Pair
    waiting: Pair
    waiting_chip: Pair
    good: Pair
    bad: Pair
    bad_strong: str
    hint: Pair
    neutral: Pair

    def chip(self, tone: Tone) -> Pair:
        """The colours of a chip of this tone."""
        pairs = {
            Tone.PRIMARY: self.primary,
            Tone.CONTAINER: self.container,
            Tone.WAITING: self.waiting_chip,
            Tone.GOOD: self.good,
            Tone.BAD: self.bad,
            Tone.HINT: self.hint,
            Tone.NEUTRAL: self.neutral,
        }
        return pairs[tone]

    def area(self, tone: Tone) -> Pair:
        """The colours of a larger area of this tone."""
        return self.waiting if tone is Tone.WAITING else self.chip(tone)


LIGHT = Tokens(
    dark=False,
    page="#F4F7F7",
    surface="#FFFFFF",
    outline="#DDE7E8",
    strong_outline="#759196",
    text="#10262A",
    secondary="#4C666B",
    section="#35525A",
    primary=Pair("#0B5F6B", "#FFFFFF"),
    container=Pair("#D8EDEF", "#0B4A54"),
    waiting=Pair("#FFF3DC", "#5B3B00"),
    waiting_chip=Pair("#FFE7B8", "#5B3B00"),
    good=Pair("#DDF1E3", "#14502A"),
    bad=Pair("#FBDDD9", "#7A1B12"),
    bad_strong="#B3261E",
    hint=Pair("#EEE9FB", "#3A2A78"),
    neutral=Pair("#E6EDEE", "#35525A"),
)
"""As drawn in the drafts; the secondary text a little darker, for 6 : 1 on the page in sunlight."""

DARK = Tokens(
    dark=True,
    page="#0E1719",
    surface="#172326",
    outline="#2A3A3E",
    strong_outline="#627B80",
    text="#E8F2F3",
    secondary="#A5BCC0",
    section="#BBD0D3",
    primary=Pair("#6FCBD8", "#00363E"),
    container=Pair("#14464F", "#C9EEF3"),
    waiting=Pair("#3B2E0E", "#FFE2A6"),
    waiting_chip=Pair("#5A4511", "#FFE7B8"),
    good=Pair("#1D4029", "#C4EDD0"),
    bad=Pair("#56221C", "#FFD3CC"),
    bad_strong="#FF8A7D",
    hint=Pair("#332B5C", "#DFD7FF"),
    neutral=Pair("#26363A", "#C3D5D8"),
)

HIGH_CONTRAST_LIGHT = replace(
    LIGHT,
    page="#FFFFFF",
    outline="#5B7276",
    strong_outline="#10262A",
    text="#000000",
    secondary="#22383C",
    section="#10262A",
    primary=Pair("#003E48", "#FFFFFF"),
    bad_strong="#93180F",
)
"""For direct sunlight: darker text, every edge visible."""

HIGH_CONTRAST_DARK = replace(
    DARK,
    page="#000000",
    surface="#0B1214",
    outline="#7F979B",
    strong_outline="#DCE9EB",
    text="#FFFFFF",
    secondary="#DCE9EB",
    section="#FFFFFF",
    primary=Pair("#8FE7F3", "#00262C"),
)


class _Look:
    """The look of this moment. One tablet, one person, one look."""

    tokens: Tokens = LIGHT


def look() -> Tokens:
    """The colours to draw with now."""
    return _Look.tokens


def wear(*, dark: bool, high_contrast: bool = False) -> None:
    """Choose the look that is drawn from now on."""
    if high_contrast:
        _Look.tokens = HIGH_CONTRAST_DARK if dark else HIGH_CONTRAST_LIGHT
    else:
        _Look.tokens = DARK if dark else LIGHT


_TIGHT = {"letter_spacing": 0}


def material(tokens: Tokens) -> "ft.Theme":
    """Flet's Material 3 theme made of our tokens, for dialogs, fields and pickers.

    Written as it travels, as plain values with the names of `ft.Theme`, `ft.ColorScheme` and `ft.TextTheme`: loading
    these three brings along what Flet knows of every kind of control, 0.4 to 0.6 s of a start in the browser.
    """
    # Flet sends both forms as the same bytes (a test holds it to that).
    return {  # type: ignore[return-value]
        "color_scheme_seed": LIGHT.primary.ground,
        "color_scheme": {
            "primary": tokens.primary.ground,
            "on_primary": tokens.primary.text,
            "primary_container": tokens.container.ground,
            "on_primary_container": tokens.container.text,
            "secondary_container": tokens.container.ground,
            "on_secondary_container": tokens.container.text,
            "tertiary_container": tokens.hint.ground,
            "on_tertiary_container": tokens.hint.text,
            "error": tokens.bad_strong,
            "error_container": tokens.bad.ground,
            "on_error_container": tokens.bad.text,
            "surface": tokens.surface,
            "on_surface": tokens.text,
            "on_surface_variant": tokens.secondary,
            "surface_container": tokens.surface,
            "surface_container_high": tokens.surface,
            "surface_container_highest": tokens.neutral.ground,
            "surface_container_low": tokens.surface,
            "surface_container_lowest": tokens.surface,
            "outline": tokens.strong_outline,
            "outline_variant": tokens.outline,
            "surface_tint": ft.Colors.TRANSPARENT,
        },
        # Material spaces small text apart; at our sizes that costs room and reads worse.
        "text_theme": {
            "body_large": _TIGHT,
            "body_medium": _TIGHT,
            "body_small": _TIGHT,
            "label_large": _TIGHT,
            "label_medium": _TIGHT,
            "label_small": _TIGHT,
            "title_large": _TIGHT,
            "title_medium": _TIGHT,
            "title_small": _TIGHT,
        },
        "scaffold_bgcolor": tokens.page,
        "font_family": "Roboto",
        "use_material3": True,
        # A screen is there at once: zooming into it took 200 ms in which no touch was taken. In iOS a finger that wipes
        # back moves the screen along, and that belongs to its transition.
        "page_transitions": {"android": "none", "linux": "none", "macos": "none", "windows": "none"},
    }
