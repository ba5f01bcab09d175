"""All situations by kind."""

from protocol.observation import Kind
from sync_server.demo.texts.competitors import COMPETITORS
from sync_server.demo.texts.complaints import COMPLAINTS
from sync_server.demo.texts.contact_changes import CONTACT_CHANGES
from sync_server.demo.texts.needs import NEEDS
from sync_server.demo.texts.next_steps import NEXT_STEPS
from sync_server.demo.texts.notes import NOTES
from sync_server.demo.texts.plans import PLANS
from sync_server.demo.texts.situation import Situation

SITUATIONS: dict[Kind, tuple[Situation, ...]] = {
    Kind.PLAN: PLANS,
    Kind.NEED: NEEDS,
    Kind.NEXT_STEP: NEXT_STEPS,
    Kind.COMPETITOR: COMPETITORS,
    Kind.COMPLAINT: COMPLAINTS,
    Kind.CONTACT_CHANGE: CONTACT_CHANGES,
    Kind.NOTE: NOTES,
}
"""Every kind with what may happen."""
