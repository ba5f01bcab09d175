"""The documents of one table in memory: texts as they were stored, until somebody reads them.

Thousands of documents are found at every start and few of them are looked at; reading a text (checksum and JSON)
costs more than finding it.
"""

import json
from collections.abc import Callable, ItemsView, Iterator, Mapping, ValuesView
from typing import Any

from app.store.errors import Damage
from app.store.sealed import unseal

Json = dict[str, Any]
"""A document as plain JSON values. Documents that were read are shared: never change them in place."""


class DocumentsOfTable(Mapping[str, Json]):
    """What is durable of one table, by key.

    Args:
        name: of the table.
        report: is told of every document that cannot be read; it is then no longer in here.
    """

    def __init__(self, name: str, report: Callable[[Damage], None]) -> None:
        self.name = name
        self._report = report
        self._read: dict[str, Json] = {}
        self._sealed: dict[str, str] = {}

    def take(self, texts: Mapping[str, str]) -> None:
        """Take in texts under their seals, unread."""
        self._sealed.update(texts)

    def put(self, key: str, document: Json) -> None:
        """Show a document that was committed."""
        self._sealed.pop(key, None)
        self._read[key] = document

    def remove(self, key: str) -> None:
        """Show that a document is gone."""
        self._sealed.pop(key, None)
        self._read.pop(key, None)

    def read_all(self) -> None:
        """Read what nobody has read yet."""
        if not self._sealed:
            return
        sealed, self._sealed = self._sealed, {}
        documents, damage = read_sealed(self.name, sealed)
        self._read.update(documents)
        for one in damage:
            self._report(one)

    def __getitem__(self, key: str) -> Json:
        text = self._sealed.pop(key, None)
        if text is not None:
            documents, damage = read_sealed(self.name, {key: text})
            self._read.update(documents)
            for one in damage:
                self._report(one)
        return self._read[key]

    def __contains__(self, key: object) -> bool:
        return key in self._read or key in self._sealed

    def __iter__(self) -> Iterator[str]:
        # A copy: reading moves documents from one side to the other.
        return iter([*self._read, *self._sealed])

    def __len__(self) -> int:
        return len(self._read) + len(self._sealed)

    def items(self) -> ItemsView[str, Json]:
        """All documents, read together, which is cheaper."""
        self.read_all()
        return self._read.items()

    def values(self) -> ValuesView[Json]:
        """All documents, read together, which is cheaper."""
        self.read_all()
        return self._read.values()


def read_sealed(table: str, sealed: Mapping[str, str]) -> tuple[dict[str, Json], list[Damage]]:
    """Documents from texts under their seals, and what could not be read."""
    damage: list[Damage] = []
    plain: dict[str, str] = {}
    for key, text in sealed.items():
        found = unseal(table, key, text)
        if found is None:
            damage.append(Damage(table, key, "checksum", text))
        else:
            plain[key] = found
    documents, unreadable = read_plain(table, plain)
    return documents, damage + [Damage(table, one.key, one.reason, sealed[one.key]) for one in unreadable]


def read_plain(table: str, texts: Mapping[str, str]) -> tuple[dict[str, Json], list[Damage]]:
    """The same without seals. Parsed at once; only when that fails, one by one, to keep the readable part."""
    try:
        documents = json.loads("[" + ",".join(texts.values()) + "]")
    except (ValueError, RecursionError):
        documents = []
    if len(documents) == len(texts) and all(type(document) is dict for document in documents):
        return dict(zip(texts, documents, strict=True)), []
    read: dict[str, Json] = {}
    damage: list[Damage] = []
    for key, text in texts.items():
        try:
            document = json.loads(text)
        except (ValueError, RecursionError) as failure:
            damage.append(Damage(table, key, f"no JSON: {type(failure).__name__}", text))
            continue
        if isinstance(document, dict):
            read[key] = document
        else:
            damage.append(Damage(table, key, "no object", text))
    return read, damage


__all__ = ["DocumentsOfTable", "Json", "read_plain", "read_sealed"]
