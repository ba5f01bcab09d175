"""What every backing must keep, as coroutines that run under pytest and inside the browser alike.

Imports neither pytest nor anything of the tests: the browser loads this file as it is.
"""

from collections.abc import Awaitable, Callable
from typing import Protocol

from app.store.backing import READ_SLICE, Backing, Write
from app.store.documents import Documents, Put, Remove
from app.store.errors import NewerStore, StoreLost


class Place(Protocol):
    """One empty store; each `open` is another process that finds what was kept."""

    async def open(self) -> Backing:
        """Open the store of this place."""


async def _everything(backing: Backing) -> dict[tuple[str, str], str]:
    return {
        (stored.table, key): text
        async for stored in backing.read()
        for key, text in zip(stored.keys, stored.documents, strict=True)
    }


async def a_new_store_is_empty(place: Place) -> None:
    backing = await place.open()
    assert await _everything(backing) == {}
    assert list(await backing.file_keys()) == []
    assert await backing.file("nothing") is None
    await backing.close()


async def what_was_committed_is_there_after_a_restart(place: Place) -> None:
    first = await place.open()
    await first.commit([Write("drafts", "a", '{"text":"M\\u00fcller"}'), Write("outbox", "a", "{}")])
    await first.close()
    second = await place.open()
    assert await _everything(second) == {("drafts", "a"): '{"text":"M\\u00fcller"}', ("outbox", "a"): "{}"}
    await second.close()


async def a_commit_follows_the_order_of_its_writes(place: Place) -> None:
    backing = await place.open()
    await backing.commit([Write("t", "a", "{}"), Write("t", "b", "{}")])
    await backing.commit([
        Write("t", "a", None), Write("t", "a", '{"n":1}'),
        Write("t", "b", '{"n":2}'), Write("t", "b", None),
        Write("t", "never", None),
    ])  # fmt: skip
    assert await _everything(backing) == {("t", "a"): '{"n":1}'}
    await backing.close()


async def tables_do_not_see_each_other(place: Place) -> None:
    backing = await place.open()
    await backing.commit(
        [Write("a", "k", '{"n":1}'), Write("ab", "k", '{"n":2}'), Write("b", "k", '{"n":3}')]
    )
    await backing.commit([Write("ab", "k", None)])
    assert await _everything(backing) == {("a", "k"): '{"n":1}', ("b", "k"): '{"n":3}'}
    await backing.close()


async def many_documents_come_back_in_slices(place: Place) -> None:
    backing = await place.open()
    count = READ_SLICE * 2 + 7
    await backing.commit([Write("many", f"{n:05}", f'{{"n":{n}}}') for n in range(count)])
    await backing.commit([Write("more", f"{n:05}", f'{{"n":{n}}}') for n in range(5)])
    sizes = [len(stored.keys) async for stored in backing.read()]
    assert sum(sizes) == count + 5
    assert max(sizes) <= READ_SLICE
    assert len(await _everything(backing)) == count + 5
    await backing.close()


async def files_are_kept_as_they_are(place: Place) -> None:
    data = bytes(range(256)) * 4096
    first = await place.open()
    await first.put_file("photo", data)
    await first.put_file("other", b"\n\0\r")
    await first.put_file("empty", b"")
    await first.remove_file("other")
    await first.remove_file("never there")
    await first.close()
    second = await place.open()
    assert await second.file("photo") == data
    assert await second.file("empty") == b""
    assert await second.file("other") is None
    assert sorted(await second.file_keys()) == ["empty", "photo"]
    await second.close()


async def a_closed_store_says_so(place: Place) -> None:
    backing = await place.open()
    await backing.close()
    try:
        await backing.commit([Write("t", "k", "{}")])
    except StoreLost:
        return
    raise AssertionError("a closed store took a document")


async def documents_survive_with_umlauts_and_line_feeds(place: Place) -> None:
    text = "Käsmayr: „Halle C“\nzweite Zeile\u2028dritte \U0001f4a7"
    first = await Documents.open(await place.open(), name="store", schema=1)
    await first.change(
        lambda: [Put("drafts", "a", {"text": text, "n": 1.5, "none": None}), Put("drafts", "b", {})]
    )
    await first.change(lambda: [Remove("drafts", "b")])
    await first.close()
    second = await Documents.open(await place.open(), name="store", schema=1)
    assert second.get("drafts", "a") == {"text": text, "n": 1.5, "none": None}
    assert list(second.all("drafts")) == ["a"]
    assert second.damage == ()
    await second.close()


async def an_unreadable_document_costs_only_itself(place: Place) -> None:
    backing = await place.open()
    await backing.commit([Write("drafts", "good", '{"n":1}'), Write("drafts", "torn", '{"n":')])
    await backing.commit([Write("drafts", "two", "{},{}"), Write("drafts", "list", "[1]")])
    await backing.close()
    documents = await Documents.open(await place.open(), name="store", schema=1)
    assert dict(documents.all("drafts")) == {"good": {"n": 1}}
    assert sorted(damage.key for damage in documents.damage) == ["list", "torn", "two"]
    await documents.close()
    again = await place.open()
    assert (await _everything(again))["drafts", "torn"] == '{"n":', "the damaged text is kept for an expert"
    await again.close()


async def a_newer_store_is_refused_and_left_alone(place: Place) -> None:
    newer = await Documents.open(await place.open(), name="store", schema=7)
    await newer.change(lambda: [Put("drafts", "a", {"future": True})])
    await newer.close()
    backing = await place.open()
    before = await _everything(backing)
    refusal = None
    try:
        await Documents.open(backing, name="store", schema=1)
    except NewerStore as raised:
        refusal = (raised.found, raised.known)
    assert refusal == (7, 1), "an older app opened a newer store"
    assert await _everything(backing) == before
    await backing.close()


Case = Callable[[Place], Awaitable[None]]

CASES: tuple[Case, ...] = (
    a_new_store_is_empty,
    what_was_committed_is_there_after_a_restart,
    a_commit_follows_the_order_of_its_writes,
    tables_do_not_see_each_other,
    many_documents_come_back_in_slices,
    files_are_kept_as_they_are,
    a_closed_store_says_so,
    documents_survive_with_umlauts_and_line_feeds,
    an_unreadable_document_costs_only_itself,
    a_newer_store_is_refused_and_left_alone,
)
