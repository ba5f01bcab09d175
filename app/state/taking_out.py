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
from app.store.outbox import EntryState, OutboxEntry
from app.store.own_work import OwnWork
from protocol.observation import Medium
from protocol.signature import Signature
from protocol.taken_out import OUTBOX, SEAL, VOICE_ENDINGS, media_name, version_for
from protocol.voice import VoiceNote


async def export_outbox(
    own: OwnWork,
    customer_name: Callable[[UUID], str],
    answers: Mapping[str, str] = MappingProxyType({}),
    spoken: Mapping[UUID, VoiceNote] = MappingProxyType({}),
    *,
    about: Mapping[str, Any],
    seal: Callable[[bytes], str],
) -> bytes:
    """A zip: `outbox.json` with every unconfirmed change, draft and begun answer, and their photos and voice notes.

    What could not be read is in it as it was found: a person may still make something of it. Photos that the tablet no longer has are named in the JSON all the same.

    Args:
        own: whose work.
        customer_name: the name of a customer, for the person who reads the file.
        answers: answers begun, by observation id.
        spoken: answers that were spoken and not sent, by observation id.
        about: the other fields of `protocol.taken_out.TakenOut`: who took it out, of which tablet, when.
        seal: makes the seal of `outbox.json`.
    """
    entries = [entry for entry in own.entries() if entry.state != EntryState.CONFIRMED]
    drafts = own.drafts()
    media = [one for entry in entries for one in entry.media]
    media += [one for draft in drafts for one in draft.media]
    media += [one for entry in own.entries() for one in entry.media if _is_unsent(own, one)]
    media += spoken.values()
    version = version_for(
        voice=any(one.media_type in VOICE_ENDINGS for one in media),
        signatures=any(isinstance(one, Signature) for one in media),
    )
    content: dict[str, Any] = {
        "type": "rundgang.outbox",
        **({"version": version} if version > 1 else {}),
        **about,
        "changes": [
            {
                "state": entry.state,
                "problem": entry.problem.as_dict() if entry.problem else None,
                "customer": _customer(entry, customer_name),
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
        "answers_begun": [
            *({"observation_id": key, "text": text} for key, text in answers.items()),
            *({"observation_id": str(key), "voice": note.as_dict()} for key, note in spoken.items()),
        ],
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        text = json.dumps(content, ensure_ascii=False, indent=2).encode("utf-8")
        archive.writestr(OUTBOX, text, zipfile.ZIP_DEFLATED)
        archive.writestr(SEAL, seal(text))
        for one in _once(media):
            data = await own.photo_bytes(one.sha256)
            if data is not None:
                # They are compressed already.
                archive.writestr(media_name(one.sha256, one.media_type), data)
    return buffer.getvalue()


def _customer(entry: OutboxEntry, name: Callable[[UUID], str]) -> str | None:
    if entry.revision:
        return name(entry.revision.content.customer_id)
    return name(entry.plan.plan.customer_id) if entry.plan else None


def about_this_tablet(identity: Identity, now: datetime) -> dict[str, Any]:
    """Who takes something out of which tablet, and when."""
    return {
        "taken_out_at": now.isoformat(),
        "author": {"user_id": str(identity.user_id), "name": identity.user_name},
        "device_id": str(identity.device_id),
        "company": identity.company,
        "server": identity.server,
    }


def _is_unsent(own: OwnWork, one: Medium) -> bool:
    record = own.photo(one.sha256)
    return record is not None and not record.received


def _once(media: Iterable[Medium]) -> list[Medium]:
    return list({one.sha256: one for one in media}.values())
