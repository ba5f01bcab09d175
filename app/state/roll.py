"""Photos between the shutter and the store: what was taken is held until the person goes on, so that it can be edited
before anything of it is stored."""

import asyncio
from dataclasses import dataclass, replace
from typing import Any, Protocol
from uuid import UUID

from app.device.pictures import examine
from app.device.platform import ScaledPhoto
from app.state.answering import with_answer
from app.state.errors import PhotoError, UnreadablePhoto
from app.state.photo_editing import PhotoEditing
from app.state.photos import Photos
from app.state.views import Draft
from app.store.drafts import DraftAnswer
from protocol.observation import Photo


@dataclass(frozen=True)
class HeldPhoto:
    """A photo that was taken: smaller and without metadata, and in memory only."""

    id: UUID
    """Becomes the id of the photo in the draft."""
    scaled: ScaledPhoto
    question: str | None = None
    """The question that it answers."""


class Album(Protocol):
    """What the roll needs of the draft's editor."""

    draft: Draft
    finished: bool

    def change(self, **fields: Any) -> None:
        """Change the draft."""

    async def commit(self) -> None:
        """Make the draft durable."""

    def announce(self) -> None:
        """Tell everybody who listens."""


class Roll:
    """The photos of one draft that are not in it yet, and the one photo that is being edited."""

    def __init__(self, album: Album, photos: Photos) -> None:
        self.held: tuple[HeldPhoto, ...] = ()
        """Taken and not kept, the oldest first."""
        self.editing: PhotoEditing | None = None
        self._album = album
        self._photos = photos
        self._keeping = asyncio.Lock()
        self._replaced: set[str] = set()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing here that could be lost."""
        return not self.held and self.editing is None

    @property
    def can_edit(self) -> bool:
        """Whether this device can edit photos."""
        return self._photos.can_be_edited

    async def hold(self, data: bytes, *, question: str | None = None) -> None:
        """Take in a photo, without keeping it yet. Raises PhotoError."""
        scaled = await self._photos.scale(self._album.draft.id, data, besides=len(self.held))
        self._hold((*self.held, HeldPhoto(self._photos.new_id(), scaled, question)))

    def drop(self, photo_id: UUID) -> HeldPhoto | None:
        """Let go of a photo that is held; returns what `hold_again` brings back."""
        dropped = self._find(photo_id)
        self._hold(tuple(photo for photo in self.held if photo is not dropped))
        return dropped

    def hold_again(self, photo: HeldPhoto) -> None:
        """Bring back a photo that was dropped."""
        self._hold((*self.held, photo))

    async def edit(self, photo_id: UUID) -> PhotoEditing:
        """Begin (or go on) to edit a photo of the draft, held or kept.

        Raises:
            UnreadablePhoto: it is not on this tablet (any more).
            StoreError: what was done to another one could not be kept.
        """
        if self.editing is not None and self.editing.photo_id == photo_id:
            return self.editing
        await self.close()
        held = self._find(photo_id)
        source = held.scaled if held else await self._stored(photo_id)
        self.editing = PhotoEditing(
            photo_id, source, self._album.announce, was_saved=self._photos.is_saved(source.data)
        )
        self._album.announce()
        return self.editing

    async def close(self) -> None:
        """The person has left the photo: what was done to it is taken over, and how it was before is forgotten."""
        left = self.editing
        if left is None:
            return
        await self.keep(held=False)
        # Making a photo anew takes a moment: by then the person may have opened the next one.
        if self.editing is left:
            self.editing = None

    async def keep(self, *, held: bool = True) -> None:
        """Take over what was done to the photo that is being edited, then keep the photos that are held.

        A photo to which that could not be done stays held: as it was taken it is not to be kept.

        Args:
            held: False leaves those that are held where they are.

        Raises:
            PhotoError: a photo could not be made anew.
            StoreError: a photo could not be kept.
        """
        async with self._keeping:
            if self._album.finished:
                return
            failure = None
            try:
                await self._take_over()
            except PhotoError as error:
                failure = error
            for photo in self.held if held else ():
                if not self._is_pending(photo.id):
                    await self._keep(photo)
            if failure is not None:
                raise failure

    async def clear_out(self) -> None:
        """Forget the bytes of photos that were replaced.

        Never before the draft names the new ones durably: a death in between must not leave it without either.
        """
        for sha256 in tuple(self._replaced):
            if await self._photos.forget(sha256):
                self._replaced.discard(sha256)

    async def _take_over(self) -> None:
        editing = self.editing
        if editing is None or not editing.is_pending:
            return
        edits, photo_id = editing.edits, editing.photo_id
        before = next((photo for photo in self._album.draft.photos if photo.id == photo_id), None)
        if before is None and self._find(photo_id) is None:
            return  # removed meanwhile
        made = editing.source
        if not edits.changes_nothing:
            made = await self._photos.edit(editing.source.data, edits)
        if before is None:
            self._hold(
                tuple(replace(photo, scaled=made) if photo.id == photo_id else photo for photo in self.held)
            )
            editing.take_over(edits, photo_id)
            return
        after = await self._photos.keep(made, caption=before.caption)
        self._replace(before, after)
        editing.take_over(edits, after.id)
        self._replaced.add(before.sha256)
        await self._album.commit()

    async def _keep(self, held: HeldPhoto) -> None:
        photo = await self._photos.keep(held.scaled, photo_id=held.id)
        answers = self._album.draft.answers
        if held.question is not None:
            answers = with_answer(answers, DraftAnswer(held.question, str(photo.id)))
        self._album.change(photos=(*self._album.draft.photos, photo), answers=answers)
        self._hold(tuple(other for other in self.held if other.id != held.id))

    def _replace(self, before: Photo, after: Photo) -> None:
        draft = self._album.draft
        self._album.change(
            photos=tuple(after if photo.id == before.id else photo for photo in draft.photos),
            answers=tuple(
                replace(answer, value=str(after.id)) if answer.value == str(before.id) else answer
                for answer in draft.answers
            ),
        )

    async def _stored(self, photo_id: UUID) -> ScaledPhoto:
        photo = next((photo for photo in self._album.draft.photos if photo.id == photo_id), None)
        data = await self._photos.read(photo.sha256) if photo else None
        if photo is None or data is None:
            raise UnreadablePhoto("not on this tablet")
        picture = examine(data)
        return ScaledPhoto(data, picture.media_type, picture.width, picture.height)

    def _find(self, photo_id: UUID) -> HeldPhoto | None:
        return next((photo for photo in self.held if photo.id == photo_id), None)

    def _is_pending(self, photo_id: UUID) -> bool:
        return self.editing is not None and self.editing.photo_id == photo_id and self.editing.is_pending

    def _hold(self, held: tuple[HeldPhoto, ...]) -> None:
        self.held = held
        self._album.announce()


__all__ = ["HeldPhoto", "Roll"]
