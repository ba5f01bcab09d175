"""Special offers: what is offered until when and to whom; tablets show each with the customers whom it fits."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection
from starlette.background import BackgroundTask
from starlette.responses import RedirectResponse, Response

from protocol.fields import clean_text
from sync_server.crm import leads, offers, republishing
from sync_server.crm.offers import OfferForm
from sync_server.inbox import clock, pages, refusals
from sync_server.inbox.addresses import read_id
from sync_server.inbox.calls import Call
from sync_server.inbox.master_data import read_day

_LONGEST_TITLE = 120
_LONGEST_TEXT = 500
_FIELDS = ("title", "text", "valid_from", "valid_until", "classes", "trades", "machines")


def offer_page(call: Call) -> Response:
    """All offers, and a form for another one or for the one that is changed."""
    with call.database.reading() as connection:
        return _page(call, connection)


def keep_offer(call: Call) -> Response:
    """Make an offer, or change one."""
    offer_id = read_id(call.form["offer"])
    with call.database.writing() as connection:
        form, problem = _form(call)
        if form is None:
            return _page(call, connection, problem=problem, status=422)
        offers.keep(connection, call.user.user_id, offer_id, form, call.now)
    return _told(call)


def withdraw_offer(call: Call) -> Response:
    """End an offer before its day."""
    offer_id = read_id(call.form["offer"])
    with call.database.writing() as connection:
        if offer_id is None or not offers.withdraw(connection, call.user.user_id, offer_id, call.now):
            return refusals.not_found(call)
    return _told(call)


def _told(call: Call) -> Response:
    """The page again; the customers' tablets are told after the answer, and nobody waits for that."""
    rest = BackgroundTask(republishing.tell_all, call.database, clock.now)
    return RedirectResponse("/offers?done=1", 303, background=rest)


def _form(call: Call) -> tuple[OfferForm | None, str]:
    _ = call.language.gettext
    title = " ".join(clean_text(call.form["title"]).split())
    text = clean_text(call.form["text"]).strip()
    begins, ends = read_day(call.form["valid_from"]), read_day(call.form["valid_until"])
    if not title or len(title) > _LONGEST_TITLE or len(text) > _LONGEST_TEXT:
        return None, _("Ein Angebot braucht einen Titel (höchstens 120 Zeichen); der Text hat höchstens 500.")
    if begins is None or ends is None or ends < begins:
        return None, _("Bitte zwei Tage wählen; der letzte liegt nicht vor dem ersten.")
    classes = "".join(letter for letter in "ABC" if call.form[f"class-{letter}"])
    return OfferForm(title, text, begins, ends, classes, _lines(call, "trades"), _lines(call, "machines")), ""


def _lines(call: Call, name: str) -> str:
    written = (line.strip() for line in clean_text(call.form[name]).splitlines())
    return "\n".join(line for line in written if line)


def _page(call: Call, connection: Connection, *, problem: str = "", status: int = 200) -> Response:
    found = offers.kept(connection)
    chosen = read_id(call.request.query_params.get("offer", "")) or read_id(call.form["offer"])
    return pages.render(
        call,
        "offers.html",
        status=status,
        section="offers",
        running=[one for one in found if one.offer.valid_until >= call.today],
        over=[one for one in reversed(found) if one.offer.valid_until < call.today][:20],
        form=_filled(call, found, chosen, problem),
        chosen=chosen,
        problem=problem,
        done=bool(call.request.query_params.get("done")) and not problem,
        counts=leads.count_views(connection, call.reader),
    )


def _filled(call: Call, found: list[offers.KeptOffer], chosen: UUID | None, problem: str) -> dict[str, str]:
    if problem:
        classes = "".join(letter for letter in "ABC" if call.form[f"class-{letter}"])
        return {name: call.form[name] for name in _FIELDS} | {"classes": classes}
    for offer, audience in found:
        if offer.id == chosen:
            return {
                "title": offer.title,
                "text": offer.text,
                "valid_from": offer.valid_from.isoformat(),
                "valid_until": offer.valid_until.isoformat(),
                "classes": "".join(sorted(audience.classes)),
                "trades": "\n".join(audience.trades),
                "machines": "\n".join(audience.machines),
            }
    quarter = call.today + timedelta(days=90)
    days = {"valid_from": call.today.isoformat(), "valid_until": quarter.isoformat()}
    return dict.fromkeys(_FIELDS, "") | days
