"""Which documents concern which customer, so that one customer's page never looks at everybody's."""

from collections.abc import Set as AbstractSet


class ByCustomer:
    """Keys of documents by the customer that they name."""

    def __init__(self) -> None:
        self._keys: dict[str, set[str]] = {}
        self._customer_of: dict[str, str] = {}

    def place(self, key: str, customer: str | None) -> None:
        """A document names this customer now; None: it is gone, or names none."""
        before = self._customer_of.pop(key, None)
        if before is not None:
            self._keys[before].discard(key)
        if customer is not None:
            self._customer_of[key] = customer
            self._keys.setdefault(customer, set()).add(key)

    def of(self, customer: str) -> AbstractSet[str]:
        """The keys of the documents that name a customer. Not to be changed in place."""
        return self._keys.get(customer, frozenset())
