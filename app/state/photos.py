"""The bytes of photos: made smaller, kept, read, edited, and forgotten when another version took their place."""

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from app.device.platform import Platform, ScaledPhoto
from app.state.errors import PhotoNotEdited, TooManyPhotos
from app.state.room import Room
from app.store.outbox import PhotoRecord
from app.store.own_work import OwnWork
from protocol.fields import clean_text
from protocol.limits import MAX_PHOTOS
from protocol.observation import Photo

if TYPE_CHECKING:
    from app.photo.edits import Edits


class Photos:
    """The photos of one user on one tablet.

    Args:
        new_id: makes ids that sort by when they were made.
    """

    def __init__(self, own: OwnWork, platform: Platform, room: Room, new_id: Callable[[], UUID]) -> None:
        self._own = own
        self._platform = platform
        self._room = room
        self.new_id = new_id

    @property
    def can_be_edited(self) -> bool:
        """Whether this device can turn, cut and mark a photo."""
        return self._platform.edit_photo is not None

    async def scale(self, draft_id: UUID, data: bytes, *, besides: int = 0) -> ScaledPhoto:
        """A photo made smaller and without metadata. Nothing is kept.

        Args:
            draft_id: for which draft.
            besides: photos that will belong to it and that it does not know yet.

        Raises:
            PhotoError: it cannot become a photo of this draft.
        """
        draft = self._own.draft(draft_id)
        if (len(draft.photos) if draft else 0) + besides >= MAX_PHOTOS:
            raise TooManyPhotos(str(MAX_PHOTOS))
        return await self._platform.scale_photo(data)

    async def keep(self, scaled: ScaledPhoto, *, photo_id: UUID | None = None, caption: str = "") -> Photo:
        """Keep a photo's bytes durably; the caller names it in a draft. Raises StorageFull."""
        return Photo(
            id=photo_id or self.new_id(),
            sha256=await self.keep_bytes(scaled.data, scaled.media_type),
            size=len(scaled.data),
            media_type=scaled.media_type,
            width=scaled.width,
            height=scaled.height,
            caption=clean_text(caption),
        )

    async def keep_bytes(self, data: bytes, media_type: str) -> str:
        """Keep the bytes of a photo or a signature durably; returns their SHA-256. Raises StorageFull."""
        sha256 = hashlib.sha256(data).hexdigest()
        record = PhotoRecord(
            sha256=sha256, size=len(data), media_type=media_type, added_at=self._platform.clock()
        )
        await self._room.keep(lambda: self._own.keep_photo(record, data))
        return sha256

    async def read(self, sha256: str) -> bytes | None:
        """A photo's bytes, None if they are not on this tablet (any more)."""
        return await self._own.photo_bytes(sha256)

    def is_saved(self, data: bytes) -> bool:
        """Whether a saved observation has this photo."""
        sha256 = hashlib.sha256(data).hexdigest()
        return any(photo.sha256 == sha256 for entry in self._own.entries() for photo in entry.media)

    async def edit(self, data: bytes, edits: "Edits") -> ScaledPhoto:
        """What a person made of a photo. Nothing is kept. Raises PhotoNotEdited."""
        if self._platform.edit_photo is None:
            raise PhotoNotEdited("not on this device")
        return await self._platform.edit_photo(data, edits)

    async def forget(self, sha256: str) -> bool:
        """The bytes of a photo that was replaced by another version go; False while the draft still names it.

        What a change in the outbox names stays: it was saved, and may have to be sent again.
        """
        return await self._own.forget_photo(sha256)


__all__ = ["Photos"]
