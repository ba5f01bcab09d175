"""Making room: confirmed photos go first, the oldest of them before all. What is unsent is never touched."""

from app.store.outbox import EntryState, PhotoRecord
from app.store.own_work import OwnWork


async def thin(own: OwnWork, wanted: int) -> int:
    """Remove confirmed photos until `wanted` bytes are free; how many bytes that were.

    Never what the server has not confirmed, nor what a draft or a change without a receipt still names. That the
    photo belongs to its observation stays known, and the server has it. Raises StoreLost.
    """
    freed, chosen = 0, list[PhotoRecord]()
    for record in _confirmed(own):
        if freed >= wanted:
            break
        chosen.append(record)
        freed += record.size
    await own.forget_bytes(chosen)
    return freed


def _confirmed(own: OwnWork) -> list[PhotoRecord]:
    needed = {photo.sha256 for draft in own.drafts() for photo in draft.media}
    for entry in own.entries():
        if entry.state != EntryState.CONFIRMED:
            needed |= {photo.sha256 for photo in entry.media}
    removable = (record for record in own.photos() if record.received and record.gone is None)
    return sorted((one for one in removable if one.sha256 not in needed), key=lambda one: one.added_at)
