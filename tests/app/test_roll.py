"""Photos between the shutter and the store: nothing is kept as it was taken once something in it was hidden."""

import asyncio
import zipfile
from io import BytesIO

import pytest

from app.device.platform import ScaledPhoto
from app.photo.edits import Edits, Tool
from app.photo.geometry import Point
from app.state.drafting import DraftEditor, Kept
from app.state.errors import PhotoNotEdited, StorageFull, TooManyPhotos, UnreadablePhoto
from app.state.notebook import Notebook
from app.state.photo_editing import PhotoEditing
from app.state.session import Tablet
from protocol.limits import MAX_PHOTOS
from tests.app import photo_studio
from tests.app.a_tablet import Shelf, draft, paired
from tests.app.photo_studio import SECRET_BOX, picture, shows_secret
from tests.app.scripted_server import USER, ScriptedServer

pytestmark = pytest.mark.anyio

OWN = f"rundgang-own-{USER}"


class Place:
    """A tablet, a draft on it, and everything that its disk has ever been given."""

    def __init__(self, tablet: Tablet, notebook: Notebook, shelf: Shelf) -> None:
        self.tablet = tablet
        self.notebook = notebook
        self.shelf = shelf
        self.editor = DraftEditor(notebook, draft(notebook), stored=False, sleep=never)

    def pictures(self) -> list[bytes]:
        """The photos on the disk."""
        return list(self.shelf.disks[OWN].files.values())


async def never(_: float) -> None:
    """Only what is flushed is kept."""
    await asyncio.Event().wait()


@pytest.fixture
async def place() -> Place:
    shelf = Shelf()
    tablet, notebook = await paired(shelf, ScriptedServer(), edit_photo=photo_studio.edit)
    return Place(tablet, notebook, shelf)


def said(place: Place) -> Kept:
    """What is said about the draft now."""
    return place.editor.kept


def hide(editing: PhotoEditing) -> None:
    """Draw over the secret, not quite to its edge: whole pixels go."""
    editing.choose(Tool.HIDE)
    box = SECRET_BOX
    assert editing.draw(Point(box.left - 9.6, box.top - 9.6), Point(box.right + 9.6, box.bottom + 9.6))


async def test_what_was_taken_is_on_no_disk_before_the_person_goes_on(place: Place) -> None:
    for shade in (80, 90, 100):
        await place.editor.roll.hold(picture(shade=shade))
    taken = [held.id for held in place.editor.roll.held]
    assert len(taken) == 3
    assert place.pictures() == []
    await place.editor.flush()
    assert len(place.pictures()) == 3
    assert place.editor.roll.is_empty
    assert [photo.id for photo in place.editor.draft.photos] == taken, "in the order in which they were taken"
    assert place.editor.kept is Kept.KEPT


async def test_a_hidden_area_of_a_photo_just_taken_was_never_on_the_disk(place: Place) -> None:
    given: list[bytes] = []
    backing = place.shelf.backings[OWN]
    put = backing.put_file

    async def watched(key: str, data: bytes) -> None:
        given.append(data)
        await put(key, data)

    backing.put_file = watched  # type: ignore[method-assign]
    await place.editor.roll.hold(picture())
    assert shows_secret(place.editor.roll.held[0].scaled.data), "the test can see the secret"
    editing = await place.editor.roll.edit(place.editor.roll.held[0].id)
    hide(editing)
    await place.editor.left_photo(goes_on=False)
    assert len(given) == 1
    assert not shows_secret(given[0])
    assert place.editor.roll.is_empty, "how it was before is forgotten"


async def test_going_to_the_background_while_editing_keeps_the_photo_as_it_was_edited(place: Place) -> None:
    await place.editor.roll.hold(picture())
    editing = await place.editor.roll.edit(place.editor.roll.held[0].id)
    hide(editing)
    await place.editor.flush()
    (kept,) = place.pictures()
    assert not shows_secret(kept)
    # The person comes back and finds everything as it was, the way back included.
    assert editing.can_undo
    editing.undo()
    editing.turn()
    await place.editor.left_photo(goes_on=False)
    (turned,) = place.pictures()
    assert shows_secret(turned)
    assert (place.editor.draft.photos[0].width, place.editor.draft.photos[0].height) == (600, 800)


async def test_editing_a_kept_photo_later_removes_its_earlier_bytes(place: Place) -> None:
    await place.editor.add_photo(picture(), question="rival_nameplate")
    (before,) = place.editor.draft.photos
    assert shows_secret(place.pictures()[0])
    hide(await place.editor.roll.edit(before.id))
    await place.editor.left_photo(goes_on=False)
    (after,) = place.editor.draft.photos
    assert after.sha256 != before.sha256
    assert set(place.shelf.disks[OWN].files) == {after.sha256}
    assert place.notebook.draft(place.editor.draft.id) == place.editor.draft
    assert place.editor.draft.answers[0].value == str(after.id), "it still answers its question"
    copy = await place.notebook.export_outbox()
    with zipfile.ZipFile(BytesIO(copy)) as archive:
        photos = [archive.read(name) for name in archive.namelist() if name.startswith("photos/")]
    assert len(photos) == 1
    assert not shows_secret(photos[0])


async def test_a_photo_that_a_saved_observation_has_stays_for_that(place: Place) -> None:
    await place.editor.add_photo(picture())
    (before,) = place.editor.draft.photos
    await place.editor.finish()
    correction = DraftEditor(
        place.notebook, place.notebook.correction(place.editor.draft.id), stored=False, sleep=never
    )
    editing = await correction.roll.edit(before.id)
    assert editing.was_saved
    editing.turn()
    await correction.left_photo(goes_on=False)
    assert len(place.pictures()) == 2
    await correction.finish()
    assert [entry.media[0].sha256 for entry in place.notebook._own.entries()] == [
        before.sha256,
        correction.draft.photos[0].sha256,
    ]


async def test_with_a_full_storage_nothing_is_lost_and_it_is_said(place: Place) -> None:
    await place.editor.roll.hold(picture())
    backing = place.shelf.backings[OWN]
    put = backing.put_file

    async def full(key: str, data: bytes) -> None:
        raise StorageFull

    backing.put_file = full  # type: ignore[method-assign]
    await place.editor.flush()
    assert said(place) is Kept.FULL
    assert len(place.editor.roll.held) == 1
    with pytest.raises(StorageFull):
        await place.editor.finish()
    assert not place.editor.finished

    backing.put_file = put  # type: ignore[method-assign]
    await place.editor.flush()
    assert len(place.editor.draft.photos) == len(place.pictures()) == 1
    assert said(place) is Kept.KEPT


async def test_a_photo_that_cannot_be_made_anew_is_not_kept_as_it_was(place: Place) -> None:
    await place.editor.roll.hold(picture(shade=80))
    await place.editor.roll.hold(picture(shade=90))
    editing = await place.editor.roll.edit(place.editor.roll.held[0].id)
    hide(editing)
    photos = place.notebook.photos

    async def fails(data: bytes, edits: Edits) -> object:
        raise PhotoNotEdited

    photos.edit = fails  # type: ignore[method-assign, assignment]
    with pytest.raises(PhotoNotEdited):
        await place.editor.left_photo(goes_on=False)
    assert [held.id for held in place.editor.roll.held] == [editing.photo_id]
    assert len(place.pictures()) == 1, "the other one is safe"
    with pytest.raises(PhotoNotEdited):
        await place.editor.finish()
    assert not place.editor.finished

    del photos.edit
    await place.editor.finish()
    assert len(place.pictures()) == 2
    assert sorted(shows_secret(data) for data in place.pictures()) == [False, True]


async def test_who_opens_the_next_photo_while_the_last_one_is_made_anew_edits_the_next(place: Place) -> None:
    await place.editor.roll.hold(picture(shade=80))
    await place.editor.roll.hold(picture(shade=90))
    first, second = (held.id for held in place.editor.roll.held)
    photos, go_on = place.notebook.photos, asyncio.Event()
    edit = photos.edit

    async def slow(data: bytes, edits: Edits) -> ScaledPhoto:
        await go_on.wait()
        return await edit(data, edits)

    photos.edit = slow  # type: ignore[method-assign]
    hide(await place.editor.roll.edit(first))
    left = [asyncio.ensure_future(place.editor.left_photo(goes_on=True)) for _ in range(2)]
    opened = asyncio.ensure_future(place.editor.roll.edit(second))
    await asyncio.sleep(0)
    go_on.set()
    editing = await opened
    await asyncio.gather(*left)
    assert place.editor.roll.editing is editing
    hide(editing)
    await place.editor.left_photo(goes_on=False)
    assert [shows_secret(data) for data in place.pictures()] == [False, False]


async def test_steps_are_undone_one_by_one(place: Place) -> None:
    await place.editor.roll.hold(picture())
    editing = await place.editor.roll.edit(place.editor.roll.held[0].id)
    editing.turn()
    hide(editing)
    assert not editing.draw(Point(10, 10), Point(11, 11)), "a slip of the finger is no step"
    editing.undo()
    assert editing.edits.turns == 1
    assert editing.edits.marks == ()
    editing.undo()
    assert not editing.can_undo
    editing.undo()
    assert editing.edits.changes_nothing


async def test_all_undone_keeps_the_very_bytes_that_were_taken(place: Place) -> None:
    await place.editor.roll.hold(picture())
    taken = place.editor.roll.held[0].scaled.data
    editing = await place.editor.roll.edit(place.editor.roll.held[0].id)
    editing.turn()
    editing.undo()
    await place.editor.left_photo(goes_on=False)
    assert place.pictures() == [taken]


async def test_more_photos_than_one_observation_may_have_are_refused_before_they_are_taken(
    place: Place,
) -> None:
    for shade in range(MAX_PHOTOS - 1):
        await place.editor.roll.hold(picture(160, 120, shade=shade * 5))
    await place.editor.flush()
    await place.editor.roll.hold(picture(160, 120, shade=240))
    with pytest.raises(TooManyPhotos):
        await place.editor.roll.hold(picture(160, 120, shade=250))
    await place.editor.finish()
    assert len(place.editor.draft.photos) == MAX_PHOTOS


async def test_a_dropped_photo_is_nowhere_and_comes_back_if_wanted(place: Place) -> None:
    await place.editor.roll.hold(picture())
    dropped = place.editor.roll.drop(place.editor.roll.held[0].id)
    assert dropped is not None
    await place.editor.flush()
    assert place.pictures() == []
    place.editor.roll.hold_again(dropped)
    await place.editor.flush()
    assert len(place.pictures()) == 1


async def test_a_photo_that_is_gone_cannot_be_edited_and_says_so(place: Place) -> None:
    await place.editor.add_photo(picture())
    (photo,) = place.editor.draft.photos
    place.shelf.disks[OWN].files.clear()
    with pytest.raises(UnreadablePhoto):
        await place.editor.roll.edit(photo.id)
    assert place.editor.roll.editing is None
