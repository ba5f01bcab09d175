"""Finding customers as a person types: folded names, cities and numbers in memory."""

from typing import NamedTuple

from app.store.documents import Json
from protocol.rules.search import fold, matches, rank


class Found(NamedTuple):
    """A customer in a list of results."""

    id: str
    name: str
    number: str
    city: str | None
    customer_class: str | None


class _Entry(NamedTuple):
    folded_name: str
    folded_text: str
    found: Found


class CustomerIndex:
    """Every customer in the form in which names are compared."""

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}
        self._by_name: list[_Entry] | None = None
        self._last: tuple[tuple[str, int], list[Found]] | None = None
        """The last answer: screens ask again whenever anything has changed, mostly something else."""

    def put(self, key: str, body: Json) -> None:
        """Take in a customer, or his new state."""
        name, number, city = str(body.get("name", "")), str(body.get("number", "")), body.get("city")
        sites = [site for site in body.get("sites") or () if isinstance(site, dict)]
        cities = {city, *(site.get("city") for site in sites)}
        folded_name = fold(name)
        text = f"{folded_name} {fold(' '.join([number, *sorted(filter(None, cities))]))}"
        found = Found(key, name, number, city, body.get("customer_class"))
        self._entries[key] = _Entry(folded_name, text, found)
        self._by_name = self._last = None

    def remove(self, key: str) -> None:
        """Forget a customer."""
        if self._entries.pop(key, None) is not None:
            self._by_name = self._last = None

    def search(self, query: str, limit: int) -> list[Found]:
        """Customers that match, best first, then by name; with an empty query all of them by name."""
        if self._last is None or self._last[0] != (query, limit):
            self._last = ((query, limit), self._found(query, limit))
        return self._last[1]

    def _found(self, query: str, limit: int) -> list[Found]:
        if self._by_name is None:
            self._by_name = sorted(self._entries.values(), key=lambda entry: entry.folded_name)
        folded = fold(query)
        if not folded:
            return [entry.found for entry in self._by_name[:limit]]
        hits = [entry for entry in self._by_name if matches(folded, entry.folded_text)]
        hits.sort(key=lambda entry: rank(folded, entry.folded_name))
        return [entry.found for entry in hits[:limit]]
