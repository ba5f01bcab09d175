"""Which screen an address stands for. The address is what survives a reload and what the back button changes."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID


class Screen(StrEnum):
    """Every screen that has an address."""

    TODAY = "today"
    CUSTOMERS = "customers"
    OBSERVATIONS = "observations"
    ME = "me"
    PAIR = "pair"
    CUSTOMER = "customer"
    OBSERVATION = "observation"
    CAPTURE = "capture"
    CHOOSE_CUSTOMER = "choose_customer"
    CHOOSE_ASSET = "choose_asset"
    CHOOSE_CONTACT = "choose_contact"
    CAMERA = "camera"
    SCAN = "scan"
    PHOTO = "photo"
    SIGN = "sign"
    LOG = "log"
    VISITS = "visits"
    VISIT = "visit"
    PLAN_VISIT = "plan_visit"
    TASKS = "tasks"
    DAY = "day"
    DAY_LIST = "day_list"


TABS: dict[Screen, str] = {
    Screen.TODAY: "/",
    Screen.CUSTOMERS: "/customers",
    Screen.OBSERVATIONS: "/observations",
    Screen.ME: "/me",
}

_OF_CAPTURE = {
    "customer": Screen.CHOOSE_CUSTOMER,
    "asset": Screen.CHOOSE_ASSET,
    "contact": Screen.CHOOSE_CONTACT,
    "camera": Screen.CAMERA,
    "sign": Screen.SIGN,
}

OVER_CAPTURE = frozenset(
    {
        Screen.CHOOSE_CUSTOMER,
        Screen.CHOOSE_ASSET,
        Screen.CHOOSE_CONTACT,
        Screen.CAMERA,
        Screen.PHOTO,
        Screen.SIGN,
    }
)
"""What belongs to a form, and always lies over it."""

_STAYS = frozenset(
    {
        Screen.CUSTOMER,
        Screen.OBSERVATION,
        Screen.CAPTURE,
        Screen.VISITS,
        Screen.VISIT,
        Screen.TASKS,
        Screen.DAY,
    }
)
"""What may lie below another screen: not a camera, and nothing that begins anew when it is come back to."""

KEPT_BELOW = 2
"""How many screens are kept between a main one and the topmost."""


@dataclass(frozen=True)
class Place:
    """A screen, what it shows, and the rest of its address."""

    screen: Screen
    id: UUID | None = None
    query: tuple[tuple[str, str], ...] = ()
    within: UUID | None = None
    """One thing in what is shown: a photo of a draft."""

    def asked(self, name: str) -> str | None:
        """A value from behind the question mark."""
        return dict(self.query).get(name)

    def asked_id(self, name: str) -> UUID | None:
        """An id from behind the question mark; None if there is none that can be read."""
        try:
            return UUID(self.asked(name) or "")
        except ValueError:
            return None


def place(route: str) -> Place:
    """The place of an address; what is not understood is Today."""
    parts = urlsplit(route)
    words = [word for word in parts.path.split("/") if word]
    query = tuple(parse_qsl(parts.query))
    if not words:
        return Place(Screen.TODAY, query=query)
    if len(words) == 1 or words == ["day", "list"]:
        simple = {
            "customers": Screen.CUSTOMERS,
            "observations": Screen.OBSERVATIONS,
            "me": Screen.ME,
            "pair": Screen.PAIR,
            "log": Screen.LOG,
            "visits": Screen.VISITS,
            "plan": Screen.PLAN_VISIT,
            "tasks": Screen.TASKS,
            "day": Screen.DAY,
            "list": Screen.DAY_LIST,
            "scan": Screen.SCAN,
        }
        return Place(simple.get(words[-1], Screen.TODAY), query=query)
    try:
        identity = UUID(words[1])
    except ValueError:
        return Place(Screen.TODAY)
    first = {
        "customers": Screen.CUSTOMER,
        "observations": Screen.OBSERVATION,
        "capture": Screen.CAPTURE,
        "visits": Screen.VISIT,
    }.get(words[0])
    if first is None:
        return Place(Screen.TODAY)
    return (
        _in_capture(identity, words[2:], query) if first is Screen.CAPTURE else Place(first, identity, query)
    )


def _in_capture(draft_id: UUID, words: list[str], query: tuple[tuple[str, str], ...]) -> Place:
    if len(words) == 1 and words[0] in _OF_CAPTURE:
        return Place(_OF_CAPTURE[words[0]], draft_id, query)
    if len(words) == 2 and words[0] == "photo":
        with suppress(ValueError):
            return Place(Screen.PHOTO, draft_id, query, UUID(words[1]))
    return Place(Screen.CAPTURE, draft_id, query)


def tab_of(shown: Place, last_tab: Screen) -> Screen:
    """The main screen that lies under a place."""
    return shown.screen if shown.screen in TABS else last_tab


def passed(trail: Sequence[str], route: str) -> list[str]:
    """Of the addresses that led to this one, those that lie below it and above a main screen, the nearest last."""
    shown = place(route)
    found: list[str] = []
    seen = {(shown.screen, shown.id)}
    if shown.screen in OVER_CAPTURE:
        found.append(f"/capture/{shown.id}")
        seen.add((Screen.CAPTURE, shown.id))
    for before in reversed(trail):
        known = place(before)
        if known.screen in TABS:
            break
        if known.screen in _STAYS and (known.screen, known.id) not in seen:
            found.append(before)
            seen.add((known.screen, known.id))
    return found[:KEPT_BELOW][::-1]


class Trail:
    """The addresses that led here, so that "back" means what a person expects."""

    def __init__(self) -> None:
        self._routes: list[str] = []

    def arrive(self, route: str) -> None:
        """Note that this address is shown now; going back takes the last one away."""
        if self._routes and self._routes[-1] == route:
            return
        if len(self._routes) > 1 and self._routes[-2] == route:
            self._routes.pop()
            return
        if self._routes and place(self._routes[-1]).screen is Screen.SCAN:
            self._routes.pop()  # a scan has found its end: "back" would begin another one
        self._routes.append(route)
        del self._routes[:-50]

    def leave(self, route: str) -> None:
        """This address leads nowhere any more: going back passes it by."""
        self._routes = [known for known in self._routes if known != route]

    def passed(self, route: str) -> list[str]:
        """The addresses that lie between a main screen and this one: see `passed`."""
        return passed(self._routes, route)

    def before(self, otherwise: str) -> str:
        """The address to go back to."""
        return self._routes[-2] if len(self._routes) > 1 else otherwise
