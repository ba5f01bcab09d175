"""What every backing must keep, as coroutines that run under pytest and inside the browser alike.

Imports neither pytest nor anything of the tests: the browser loads this file as it is.
"""

from collections.abc import Awaitable, Callable
from typing import Protocol

from app.store.backing import READ_SLICE, Backing, Write
from app.store.documents import Documents, Put, Remove, Tables
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
    first = await Documents.open(await place.open(), name="store", schema=2)
    await first.change(
        lambda: [Put("drafts", "a", {"text": text, "n": 1.5, "none": None}), Put("drafts", "b", {})]
    )
    await first.change(lambda: [Remove("drafts", "b")])
    await first.close()
    second = await Documents.open(await place.open(), name="store", schema=2)
    assert second.get("drafts", "a") == {"text": text, "n": 1.5, "none": None}
    assert list(second.all("drafts")) == ["a"]
    assert second.damage == ()
    await second.close()


async def _filled(place: Place, *keys: str) -> None:
    documents = await Documents.open(await place.open(), name="store", schema=2, counted=True)
    await documents.change(lambda: [Put("drafts", key, {"text": key}) for key in keys])
    await documents.close()


async def what_cannot_be_read_is_set_aside_and_costs_only_itself(place: Place) -> None:
    await _filled(place, "good", "torn", "changed")
    backing = await place.open()
    stored = await _everything(backing)
    changed = stored["drafts", "changed"].replace("changed", "chanced")
    await backing.commit(
        [
            Write("drafts", "torn", stored["drafts", "torn"][:-4]),
            Write("drafts", "changed", changed),
            Write("drafts", "foreign", '{"n":1}'),
        ]
    )
    await backing.close()
    for _ in range(2):  # and it is known at the next start, too
        documents = await Documents.open(await place.open(), name="store", schema=2, counted=True)
        assert dict(documents.all("drafts").items()) == {"good": {"text": "good"}}
        found = {damage.key: damage.text for damage in documents.damage}
        assert found["changed"] == changed, "the damaged text is kept for an expert"
        assert set(found) == {"torn", "changed", "foreign"}
        await documents.close()


async def a_document_that_vanished_is_noticed(place: Place) -> None:
    await _filled(place, "here", "gone")
    backing = await place.open()
    await backing.commit([Write("drafts", "gone", None)])
    await backing.close()
    documents = await Documents.open(await place.open(), name="store", schema=2, counted=True)
    assert [(damage.table, damage.reason, damage.count) for damage in documents.damage] == [
        ("drafts", "missing", 1)
    ]
    await documents.change(lambda: [Put("drafts", "later", {})])
    await documents.close()
    again = await Documents.open(await place.open(), name="store", schema=2, counted=True)
    assert len(again.damage) == 1, "what is missing is counted once"
    assert set(again.all("drafts")) == {"here", "later"}
    await again.close()


async def a_document_under_another_name_is_not_that_document(place: Place) -> None:
    await _filled(place, "mine")
    backing = await place.open()
    text = (await _everything(backing))["drafts", "mine"]
    await backing.commit([Write("drafts", "yours", text)])
    await backing.close()
    documents = await Documents.open(await place.open(), name="store", schema=2, lazily=True)
    assert set(documents.all("drafts")) == {"mine", "yours"}
    assert documents.get("drafts", "yours") is None
    assert documents.get("drafts", "mine") == {"text": "mine"}
    assert [damage.key for damage in documents.damage] == ["yours"]
    await documents.close()


async def a_store_of_the_first_version_is_brought_up_to_date_in_one_commit(place: Place) -> None:
    backing = await place.open()
    await backing.commit(
        [
            Write("_about", "schema", '{"version":1}'),
            Write("drafts", "a", '{"note":"M\\u00fcller"}'),
            Write("drafts", "b", '{"note":"zwei"}'),
            Write("old", "x", "{}"),
        ]
    )
    await backing.close()

    def rename(tables: Tables) -> None:
        for key, document in tables["drafts"].items():
            tables["drafts"][key] = {"heard": document["note"]}

    def drop(tables: Tables) -> None:
        del tables["old"]

    steps = {1: rename, 2: drop}
    for _ in range(2):  # and it stays so
        documents = await Documents.open(
            await place.open(), name="store", schema=3, steps=steps, counted=True
        )
        assert dict(documents.all("drafts").items()) == {"a": {"heard": "Müller"}, "b": {"heard": "zwei"}}
        assert dict(documents.all("old").items()) == {}
        assert documents.damage == ()
        await documents.close()


async def a_newer_store_is_refused_and_left_alone(place: Place) -> None:
    newer = await Documents.open(await place.open(), name="store", schema=7)
    await newer.change(lambda: [Put("drafts", "a", {"future": True})])
    await newer.close()
    backing = await place.open()
    before = await _everything(backing)
    await backing.close()
    refusal = None
    try:
        await Documents.open(await place.open(), name="store", schema=2)
    except NewerStore as raised:
        refusal = (raised.found, raised.known)
    assert refusal == (7, 2), "an older app opened a newer store"
    again = await place.open()
    assert await _everything(again) == before
    await again.close()


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
    what_cannot_be_read_is_set_aside_and_costs_only_itself,
    a_document_that_vanished_is_noticed,
    a_document_under_another_name_is_not_that_document,
    a_store_of_the_first_version_is_brought_up_to_date_in_one_commit,
    a_newer_store_is_refused_and_left_alone,
)
