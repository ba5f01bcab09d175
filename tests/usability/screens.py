"""Where every screen is: the addresses come from the app's own table, so that a new screen is walked through as well."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from app.ui.routes import Screen, place

__all__ = ["Ids", "Screen", "address"]

Ids = Mapping[str, str]
"""Things of the demo company by the word before them in an address: "customers", "observations", "capture"."""

_ANY = str(UUID(int=1))


def address(screen: Screen, ids: Ids) -> str:
    """An address at which the app shows this screen.

    Raises:
        LookupError: none of the forms that addresses have leads there; a new form has to be added here.
    """
    for candidate in _candidates(screen, ids):
        if place(candidate).screen is screen:
            return candidate
    raise LookupError(f"no address is known for {screen!r}: tests/usability/screens.py")


def _candidates(screen: Screen, ids: Ids) -> Iterator[str]:
    if screen is Screen.TODAY:
        yield "/"
        return
    if screen is Screen.SIGN:  # which question is to be signed stands behind the question mark
        yield f"/capture/{ids.get('capture', _ANY)}/sign?for=change_consent"
    name = screen.value
    words = {
        name,
        f"{name}s",
        name.replace("_", "-"),
        *name.split("_"),
        *(f"{part}s" for part in name.split("_")),
    }
    for word in sorted(words, key=lambda word: (word != name, -len(word))):
        yield f"/{word}"
        yield f"/{word}/{ids.get(word, _ANY)}"
        for first, key in ids.items():
            yield f"/{first}/{key}/{word}"
            yield f"/{first}/{key}/{word}/{ids.get(word, _ANY)}"
