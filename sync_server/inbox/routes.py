"""Every address of the inbox with the roles that may use it; a test walks through this list."""

from collections.abc import Callable, Collection

from starlette.responses import Response
from starlette.routing import BaseRoute

from protocol.pairing import Role
from protocol.rules.access import INBOX_READERS, INBOX_ROLES, TEMPLATE_ROLES
from sync_server.inbox import (
    customers,
    decisions,
    lifetimes,
    login,
    master_data,
    offers,
    photos,
    questions,
    static_files,
    tablets,
    triage,
)
from sync_server.inbox.calls import Call, Door
from sync_server.inbox.events import EventsDoor
from sync_server.settings import Settings


def routes(settings: Settings) -> list[BaseRoute]:
    """The routes of the inbox; `/` is the queue."""

    def door(
        path: str,
        answer: Callable[[Call], Response],
        roles: Collection[Role] | None = INBOX_READERS,
        method: str = "GET",
    ) -> Door:
        return Door(path, answer, settings=settings, roles=roles, methods=(method,))

    return [
        door("/", triage.inbox),
        door("/list", triage.more_rows),
        door("/news", triage.news),
        door("/leads/{lead_id}", triage.lead),
        door("/leads/{lead_id}/line", triage.line),
        door("/leads/{lead_id}/photos", triage.lead_photos),
        door("/leads/{lead_id}/{step}", decisions.decide, INBOX_ROLES, "POST"),
        EventsDoor(settings),
        door("/photos/{photo_id}", photos.photo),
        door("/voice/{voice_id}", photos.voice_note),
        door("/customers", customers.customer_list),
        door("/customers/{customer_id}", customers.customer),
        door("/customers/{customer_id}/edit", master_data.edit_page, INBOX_ROLES),
        door("/customers/{customer_id}/edit/{step}", master_data.edit, INBOX_ROLES, "POST"),
        door("/offers", offers.offer_page, INBOX_ROLES),
        door("/offers", offers.keep_offer, INBOX_ROLES, "POST"),
        door("/offers/withdraw", offers.withdraw_offer, INBOX_ROLES, "POST"),
        door("/tablets", tablets.tablet_list, INBOX_ROLES),
        door("/tablets/pair", tablets.pair_tablet, INBOX_ROLES, "POST"),
        door("/tablets/{device_id}/{step}", tablets.block_tablet, INBOX_ROLES, "POST"),
        door("/questions", questions.question_page, TEMPLATE_ROLES),
        door("/questions", questions.publish_questions, TEMPLATE_ROLES, "POST"),
        door("/questions/preparation", questions.publish_preparation, TEMPLATE_ROLES, "POST"),
        door("/questions/words", questions.publish_words, TEMPLATE_ROLES, "POST"),
        door("/lifetimes", lifetimes.lifetime_page, TEMPLATE_ROLES),
        door("/lifetimes", lifetimes.publish_lifetimes, TEMPLATE_ROLES, "POST"),
        door("/questions/kinds", questions.publish_kinds, TEMPLATE_ROLES, "POST"),
        door("/login", login.login_page, None),
        door("/login", login.log_in, None, "POST"),
        door("/logout", login.log_out, INBOX_READERS, "POST"),
        door("/language", login.set_language, INBOX_READERS, "POST"),
        door("/theme", login.set_theme, INBOX_READERS, "POST"),
        door("/static/{name}", static_files.static_file, None),
    ]
