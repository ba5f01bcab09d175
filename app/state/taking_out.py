"""A copy of everything that the server has not confirmed, as a file that a person can read without this app."""

import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from app.state.views import Identity
from app.store.drafts import draft_as_json
from app.store.outbox import EntryState
from app.store.own_work import OwnWork
from protocol.observation import Photo
from protocol.taken_out import OUTBOX, SEAL, photo_name


async def export_outbox(
    own: OwnWork,
    customer_name: Callable[[UUID], str],
    answers: Mapping[str, str] = MappingProxyType({}),
    *,
    about: Mapping[str, Any],
    seal: Callable[[bytes], str],
) -> bytes:
    """A zip: `outbox.json` with every unconfirmed change, draft and begun answer, and their photos in `photos/`.

    What could not be read is in it as it was found: a person may still make something of it. Photos that the tablet no longer has are named in the JSON all the same.

    Args:
        own: whose work.
        customer_name: the name of a customer, for the person who reads the file.
        answers: answers begun, by observation id.
        about: the other fields of `protocol.taken_out.TakenOut`: who took it out, of which tablet, when.
        seal: makes the seal of `outbox.json`.
    """
    entries = [entry for entry in own.entries() if entry.state != EntryState.CONFIRMED]
    drafts = own.drafts()
    content: dict[str, Any] = {
        "type": "rundgang.outbox",
        **about,
        "changes": [
            {
                "state": entry.state,
                "problem": entry.problem.as_dict() if entry.problem else None,
                "customer": customer_name(entry.revision.content.customer_id) if entry.revision else None,
                **entry.change.as_dict(),
            }
            for entry in entries
        ],
        "drafts": [
            {
                "customer": customer_name(draft.customer_id) if draft.customer_id else None,
                **draft_as_json(draft),
            }
            for draft in drafts
        ],
        "damaged": [
            {"table": damage.table, "key": damage.key, "reason": damage.reason, "text": damage.text}
            for damage in own.damage
        ],
        "answers_begun": [{"observation_id": key, "text": text} for key, text in answers.items()],
    }
    photos = [photo for entry in entries for photo in entry.photos]
    photos += [photo for draft in drafts for photo in draft.photos]
    photos += [photo for entry in own.entries() for photo in entry.photos if _is_unsent(own, photo)]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        text = json.dumps(content, ensure_ascii=False, indent=2).encode("utf-8")
        archive.writestr(OUTBOX, text, zipfile.ZIP_DEFLATED)
        archive.writestr(SEAL, seal(text))
        for photo in _once(photos):
            data = await own.photo_bytes(photo.sha256)
            if data is not None:
                # Photos are compressed already.
                archive.writestr(photo_name(photo.sha256, photo.media_type), data)
    return buffer.getvalue()


def about_this_tablet(identity: Identity, now: datetime) -> dict[str, Any]:
    """Who takes something out of which tablet, and when."""
    return {
        "taken_out_at": now.isoformat(),
        "author": {"user_id": str(identity.user_id), "name": identity.user_name},
        "device_id": str(identity.device_id),
        "company": identity.company,
        "server": identity.server,
    }


def _is_unsent(own: OwnWork, photo: Photo) -> bool:
    record = own.photo(photo.sha256)
    return record is not None and not record.received


def _once(photos: Iterable[Photo]) -> list[Photo]:
    return list({photo.sha256: photo for photo in photos}.values())
