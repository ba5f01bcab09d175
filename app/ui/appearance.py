"""The look that the person has chosen, or the device for him: light or dark, contrast, size of the text, language."""

from collections.abc import Callable

import flet as ft

from app.device.wishes import DeviceWishes
from app.i18n import language
from app.ui.text_size import SCALES, read_at
from app.ui.theme import look, material, wear

# Of the English calendars the British one: its weeks begin on Monday, as they do where the product is used.
_LOCALES = {"de": ft.Locale("de", "DE"), "en": ft.Locale("en", "GB")}


class Appearance:
    """The look of one page. What is "system" follows the device, also while the app runs."""

    def __init__(self, page: ft.Page, wishes: DeviceWishes, changed: Callable[[], None]) -> None:
        self.theme = "system"
        """"system", "light" or "dark"."""
        self.contrast = "system"
        """"system", "normal" or "high"."""
        self.text = "system"
        """"system" or one of SCALES as text."""
        self._page = page
        self._wishes = wishes
        self._changed = changed

    @property
    def can_scale_text(self) -> bool:
        """Whether a size of text can be chosen here."""
        return self._wishes.can_scale_text

    def recall(self, preference: Callable[[str, str], str]) -> None:
        """Take up what was chosen earlier."""
        self.theme = preference("theme", "system")
        self.contrast = preference("contrast", "system")
        self.text = preference("text", "system")
        self._wishes.scale_text(self._own_scale())
        self.apply()

    def choose(self, name: str, value: str) -> None:
        """Change "theme", "contrast" or "text", at once."""
        setattr(self, name, value)
        if name == "text":
            self._wishes.scale_text(self._own_scale())
        self.apply()

    def measure(self) -> None:
        """The page has another width."""
        read_at(self._own_scale() or self._wishes.now().text_scale, self._page.width)

    def apply(self) -> None:
        """Draw in the wanted look, and in the language that was chosen."""
        wishes = self._wishes.now()
        self.name_language()
        system_dark = self._page.platform_brightness is ft.Brightness.DARK
        dark = self.theme == "dark" or (self.theme == "system" and system_dark)
        high = self.contrast == "high" or (self.contrast == "system" and wishes.more_contrast)
        wear(dark=dark, high_contrast=high)
        self.measure()
        self._page.theme = material(look())
        self._page.dark_theme = self._page.theme
        self._page.theme_mode = ft.ThemeMode.DARK if dark else ft.ThemeMode.LIGHT
        self._changed()

    def follow(self) -> None:
        """The device was told something else while the app runs."""
        self.apply()
        self._page.update()

    def name_language(self) -> None:
        """What Flutter says itself follows the language: the calendar's words, a screen reader's voice."""
        chosen = _LOCALES[language()]
        self._page.locale_configuration = ft.LocaleConfiguration(list(_LOCALES.values()), chosen)

    def _own_scale(self) -> float | None:
        return float(self.text) if self.text in {str(scale) for scale in SCALES} else None
