"""The words of the tablet: German sentences are the message ids, the catalogue translates them."""

from app.i18n.texts import LANGUAGES, language, t, tn, use

__all__ = ["LANGUAGES", "language", "t", "tn", "use"]
