"""Says a sentence in the person's language, which can change at any moment."""

from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from app.i18n.po import read_po

LANGUAGES = ("de", "en")
"""German is what the sentences are written in; every other language has a catalogue."""

_LOCALES = Path(__file__).parent / "locales"
_loaded: dict[str, NullTranslations] = {}


class _Spoken:
    """What is spoken now. One tablet, one person, one language."""

    language: str = "de"
    catalogue: NullTranslations = NullTranslations()


def use(language: str) -> None:
    """Speak this language from now on; what is unknown is spoken in German."""
    chosen = language if language in LANGUAGES else "de"
    _Spoken.language = chosen
    _Spoken.catalogue = _load(chosen)


def language() -> str:
    """The language spoken now, for example "de"."""
    return _Spoken.language


def t(sentence: str, **values: object) -> str:
    """A sentence in the person's language, with `{name}` replaced by `values`."""
    translated = _Spoken.catalogue.gettext(sentence)
    return translated.format(**values) if values else translated


def tn(one: str, many: str, count: int, **values: object) -> str:
    """A sentence in the form that fits `count`; `{count}` and `{name}` are replaced."""
    return _Spoken.catalogue.ngettext(one, many, count).format(count=count, **values)


def _load(language: str) -> NullTranslations:
    if language == "de":
        return NullTranslations()
    if language not in _loaded:
        source = _LOCALES / language / "LC_MESSAGES" / "app.po"
        if source.exists():  # a checkout: what is edited there is spoken at once
            _loaded[language] = read_po(source.read_text(encoding="utf-8"))
        else:  # the web app and packages hold the compiled form only
            with source.with_suffix(".mo").open("rb") as file:
                _loaded[language] = GNUTranslations(file)
    return _loaded[language]
