"""The list of a day that is handed in, in words: what stands on the paper, in the language spoken now."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from app.i18n import language, t, tn
from app.i18n.times import clock, long_day, plain_day
from app.paper.layout import Block, Role, Run
from app.state.day_review import DayReview
from app.state.notebook import Notebook
from app.state.places import place_of
from app.state.views import VisitView
from app.ui import words
from protocol.observation import FlagKind, ObservationContent, Side, Urgency
from protocol.rules.answering import say
from protocol.rules.day import Recorded


def title(day: date) -> str:
    """What the list is called."""
    return t("Tagesliste {day} {year}", day=long_day(day), year=day.year)


def file_name(day: date, ending: str) -> str:
    """The name of its file, sorted by day in any folder."""
    name = t("tagesliste")
    return f"{name}-{day.isoformat()}.{ending}"


def foot(notebook: Notebook, day: date, page: int, pages: int) -> str:
    """The line at the bottom of a page."""
    return " · ".join((
        notebook.identity.user_name, title(day), t("Seite {page} von {pages}", page=page, pages=pages)
    ))  # fmt: skip


def blocks(notebook: Notebook, review: DayReview, now: datetime) -> list[Block]:
    """The whole list, customer by customer in the order in which they were seen."""
    who = notebook.identity
    made = t("erstellt {day} um {time}", day=plain_day(now.astimezone().date(), date.min), time=clock(now))
    about = " · ".join((who.user_name, who.company, made))
    found = [
        Block(Role.TITLE, (Run(title(review.day)),)),
        _small(about),
        _small(t("Nur eigene Aufzeichnungen. Die Zeit ist die der Beobachtung.")),
    ]
    by_visit = {view.visit.id: view for view in review.visits}
    for entries in _stays(review.handed.entries):
        found += _stay(notebook, entries, by_visit)
    seen = {entry.content.customer_id for entry in review.handed.entries}
    for view in review.visits:
        if view.visit.customer_id not in seen and view.visit.starts_at <= now:
            found += [_heading(_visited(view)), _plain(t("Zu diesem Besuch ist nichts erfasst."))]
    if not review.handed.entries:
        found.append(_plain(t("An diesem Tag ist nichts erfasst, das in die Liste gehört.")))
    left_out = [*_left_out(review)]
    if left_out:
        found += [_heading(t("Nicht enthalten")), *(_plain(line) for line in left_out)]
    return found


def left_out_words(review: DayReview) -> list[str]:
    """What is not in the list, and why."""
    return list(_left_out(review))


def _stays(entries: tuple[Recorded, ...]) -> Iterator[list[Recorded]]:
    for _, stay in groupby(entries, key=lambda entry: (entry.content.customer_id, entry.content.site_id)):
        yield list(stay)


def _stay(notebook: Notebook, entries: list[Recorded], visits: dict[UUID, VisitView]) -> Iterator[Block]:
    first = entries[0].content
    found = notebook.customer(first.customer_id)
    name = found.customer.name if found else t("Kunde ist nicht mehr auf diesem Tablet")
    place = place_of(found.customer, first.site_id) if found and first.site_id else ""
    yield _heading(name)
    view = next((visits[e.content.visit_id] for e in entries if e.content.visit_id in visits), None)
    facts = [place, _times(view) if view else "", view.visit.purpose if view else ""]
    if any(facts):
        yield _small(" · ".join(fact for fact in facts if fact))
    for entry in entries:
        yield from _entry(notebook, entry)


def _entry(notebook: Notebook, entry: Recorded) -> Iterator[Block]:
    content = entry.content
    lead = words.kind(content.kind, notebook.asked)
    if content.urgency is Urgency.URGENT:
        urgent = t("Dringend")
        lead = f"{lead} · {urgent}"
    state = t("beim Server") if entry.with_server else t("noch auf dem Tablet")
    runs = (Run(lead, strong=True), Run(f" ({state})"))
    yield Block(Role.TEXT, runs, aside=clock(content.observed_at))
    for name, text in _texts(notebook, content):
        yield Block(Role.TEXT, (Run(f"{name}: ", strong=True), Run(text)), indented=True)


def _texts(notebook: Notebook, content: ObservationContent) -> Iterator[tuple[str, str]]:
    parts = (
        (t("Gehört"), content.heard),
        (t("Gesehen"), content.seen),
        (t("Mein Schluss"), content.concluded),
    )
    yield from ((name, text.strip()) for name, text in parts if text.strip())
    if content.answers is not None:
        signed = {str(one.id): one for one in content.signed}
        for answer in content.answers.given:
            question = notebook.question(content.answers.template, answer.question)
            asked = question.words.spoken(language()).rstrip("?") if question else t("Nachgefragt")
            signature = signed.get(answer.value)
            if signature is None:
                yield asked, say(question, answer, language())
            else:
                yield asked, t("Unterschrift von {name} liegt vor", name=signature.signer)
    step = content.next_step
    if step is not None:
        # Others read the paper: "Ich" would be whoever holds it.
        me = notebook.identity.user_name
        facts = [step.text, me if step.responsible is Side.TECHNICIAN else words.side(step.responsible)]
        if step.due_on is not None:
            facts.append(t("bis {day}", day=plain_day(step.due_on, date.min)))
        yield t("Nächster Schritt"), " · ".join(facts)
    if content.photos:
        yield t("Fotos"), str(len(content.photos))


def _left_out(review: DayReview) -> Iterator[str]:
    reasons = {
        FlagKind.PERSONAL: t("als persönlich gekennzeichnet"),
        FlagKind.THIRD_PARTY: t("über Dritte"),
        FlagKind.SPECIAL_CATEGORY: t("besonders geschützt (Art. 9)"),
    }
    for kind, count in review.handed.left_out.items():
        yield tn(
            "{count} Beobachtung: {reason}", "{count} Beobachtungen: {reason}", count, reason=reasons[kind]
        )
    if review.drafts:
        yield tn(
            "{count} Entwurf, noch nicht fertig", "{count} Entwürfe, noch nicht fertig", len(review.drafts)
        )


def _visited(view: VisitView) -> str:
    name = view.customer_name or t("Kunde ist nicht mehr auf diesem Tablet")
    return f"{name} · {_times(view)}"


def _times(view: VisitView) -> str:
    visit = view.visit
    if visit.ends_at is None:
        return t("Besuch um {time}", time=clock(visit.starts_at))
    return t("Besuch {start} bis {end}", start=clock(visit.starts_at), end=clock(visit.ends_at))


def _heading(text: str) -> Block:
    return Block(Role.HEADING, (Run(text),))


def _plain(text: str) -> Block:
    return Block(Role.TEXT, (Run(text),))


def _small(text: str) -> Block:
    return Block(Role.TEXT, (Run(text),), small=True)
