"""What a signature covers: its own words, and whether what the observation says has changed since. Pure."""

import hashlib
import json
from datetime import date
from uuid import UUID

from protocol.observation import Kind, ObservationContent
from protocol.signature import Signature


def signed_words(sentence: str, *, company: str, customer: str, place: str, day: str) -> str:
    """What stands above the line: to whom, the sentence, for which customer, where and on which day.

    A consent has to name who asks for it (Art. 4(11) and 7 GDPR), and a signature without a day proves little. What the
    technician has noted is not part of it: it was written for colleagues.

    Args:
        company: the technician's.
        customer: the signer's.
        place: the customer's site; "" when none was chosen.
        day: as a person reads it.
    """
    return "\n".join(
        line for line in (company, sentence, " · ".join(filter(None, (customer, place))), day) if line
    )


def fingerprint(
    *,
    kind: Kind | None,
    customer_id: UUID | None,
    heard: str,
    seen: str,
    concluded: str,
    step: str,
    due_on: date | None,
) -> str:
    """What an observation says, as a SHA-256: two that are equal say the same."""
    said = (
        kind,
        customer_id and str(customer_id),
        heard,
        seen,
        concluded,
        step,
        due_on and due_on.isoformat(),
    )
    parts = [part.strip() if isinstance(part, str) else part for part in said]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def fingerprint_of(content: ObservationContent) -> str:
    """The fingerprint of what was saved."""
    step = content.next_step
    return fingerprint(
        kind=content.kind,
        customer_id=content.customer_id,
        heard=content.heard,
        seen=content.seen,
        concluded=content.concluded,
        step=step.text if step else "",
        due_on=step.due_on if step else None,
    )


def has_changed_since(signature: Signature, now: str) -> bool:
    """Whether the observation has said something else when this was signed; `now` is its fingerprint now."""
    return signature.noted is not None and signature.noted != now
