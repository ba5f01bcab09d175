"""Models of stored documents, built when they are first needed and again when the document has changed."""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from pydantic import ValidationError

from app.store.documents import Documents, Json
from app.store.errors import Damage

T = TypeVar("T")


class Reading(Generic[T]):
    """The documents of one table as models.

    Building a model costs a quarter of a millisecond in the browser; thousands of documents are read from the store
    at start and few of them are ever shown.
    """

    def __init__(self, documents: Documents, table: str, build: Callable[[Json], T]) -> None:
        self._documents = documents
        self._table = table
        self._build = build
        self._built: dict[str, tuple[Json, T | None]] = {}
        self.damage: dict[str, Damage] = {}

    def get(self, key: str) -> T | None:
        """One model; None if there is no such document or it cannot be read (then it is in `damage`)."""
        document = self._documents.get(self._table, key)
        if document is None:
            self._built.pop(key, None)
            return None
        # Each change puts a new dictionary in place, so identity tells whether the model is still true.
        known = self._built.get(key)
        if known is None or known[0] is not document:
            known = (document, self._try(key, document))
            self._built[key] = known
        return known[1]

    def learn(self, key: str, model: T) -> None:
        """Take the model of a document that was just written, instead of building it again."""
        document = self._documents.get(self._table, key)
        if document is not None:
            self._built[key] = (document, model)

    def __iter__(self) -> Iterator[T]:
        for key in tuple(self._documents.all(self._table)):
            model = self.get(key)
            if model is not None:
                yield model

    def __len__(self) -> int:
        return len(self._documents.all(self._table))

    def _try(self, key: str, document: Json) -> T | None:
        try:
            return self._build(document)
        except (ValidationError, ValueError, KeyError, TypeError) as failure:
            self.damage[key] = Damage(self._table, key, type(failure).__name__)
            return None
