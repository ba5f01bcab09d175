"""The machines at a customer: ours with age, service and what we guess comes next, and those of competitors."""

from datetime import date

import flet as ft

from app.i18n import language, t, tn
from app.i18n.times import plain_day, short_day
from app.state.views import CustomerPage
from app.ui.components.cards import line
from app.ui.components.chips import chip
from app.ui.components.frame import is_phone
from app.ui.components.type import body, led
from app.ui.surroundings import Surroundings
from app.ui.theme import Tone
from protocol.first_template import FIRST_TEMPLATE
from protocol.reference import Asset, HistoryEntry
from protocol.rules.brief import Service, age, is_near_its_end, service
from protocol.rules.machine_life import expected_life
from protocol.rules.seen_machine import CONDITION

_LONG_OVERDUE = 300
"""Days after which the day of a missed service says less than that it was missed."""


def our_machine(here: Surroundings, shown: CustomerPage, asset: Asset, today: date) -> ft.Control:
    """One of our machines."""
    return line(
        body(_name(asset.model, asset, today), bold=True, max_lines=2),
        " · ".join([*_guess(here, asset, today), *_facts(shown, asset)]) or None,
        icon=ft.Icons.PRECISION_MANUFACTURING_OUTLINED,
        trailing=[_service(asset, today)],
        narrow=is_phone(here.page),
        key=str(asset.id),
        identifier=f"machine-{asset.id}",
    )


def their_machine(here: Surroundings, shown: CustomerPage, asset: Asset, today: date) -> ft.Control:
    """A competitor's machine; one that was reported says by whom and when."""
    called = f"{asset.maker} {asset.model}".strip() or t("Hersteller unbekannt")
    return line(
        led(t("Fremd:"), _name(called, asset, today)),
        " · ".join(
            [
                *_guess(here, asset, today),
                *_condition(here, asset),
                *_facts(shown, asset),
                *_seen(asset, today),
            ]
        )
        or None,
        wrap_second=True,
        icon=ft.Icons.SWAP_HORIZ,
        trailing=[chip(t("Wettbewerb"), Tone.NEUTRAL)],
        narrow=is_phone(here.page),
        key=str(asset.id),
        identifier=f"machine-{asset.id}",
    )


def sighting(entry: HistoryEntry, today: date) -> ft.Control:
    """What somebody has reported of a competitor."""
    day = plain_day(entry.at.astimezone().date(), today)
    return line(
        body(entry.summary, max_lines=3),
        t("gemeldet von {name}, {day}", name=entry.by_name, day=day) if entry.by_name else day,
        icon=ft.Icons.VISIBILITY_OUTLINED,
        key=str(entry.id),
    )


def _guess(here: Surroundings, asset: Asset, today: date) -> list[str]:
    """What comes next, where the firm says how long such machines last."""
    years = expected_life(asset, here.notebook.asked.lives)
    if years is None or not is_near_its_end(asset, years, today):
        return []
    return [t("Ersatz steht an: die Firma rechnet mit {years} Jahren", years=years)]


def _condition(here: Surroundings, asset: Asset) -> list[str]:
    """How it looked, in the words of the question after it."""
    question = here.notebook.question(FIRST_TEMPLATE, CONDITION) if asset.condition else None
    choice = question.choice(asset.condition) if question and asset.condition else None
    return [choice.words.spoken(language())] if choice else []


def _seen(asset: Asset, today: date) -> list[str]:
    if asset.seen_at is None:
        return []
    day = plain_day(asset.seen_at.astimezone().date(), today)
    if asset.seen_by:
        return [t("gesehen {day}, {name}", day=day, name=asset.seen_by)]
    return [t("gesehen {day}", day=day)]


def _name(name: str, asset: Asset, today: date) -> str:
    years = age(asset, today)
    if asset.built_in is None or years is None:
        return name
    said = [name, t("Bj. {year}", year=asset.built_in)]
    if years:
        said.append(tn("{count} Jahr", "{count} Jahre", years))
    return " · ".join(said)


def _facts(shown: CustomerPage, asset: Asset) -> list[str]:
    site = next((site.name for site in shown.customer.sites if site.id == asset.site_id), None)
    facts = [
        asset.note,
        site if len(shown.customer.sites) > 1 else None,
        t("Nr. {number}", number=asset.serial_number) if asset.serial_number else None,
    ]
    return [fact for fact in facts if fact]


def _service(asset: Asset, today: date) -> ft.Control:
    due_on, stands = asset.service_due_on, service(asset, today)
    if due_on is None or stands is Service.UNKNOWN:
        return chip(t("Wartung unbekannt"), Tone.NEUTRAL)
    if stands is Service.OVERDUE:
        recent = (today - due_on).days < _LONG_OVERDUE
        words = (
            t("Wartung überfällig seit {day}", day=short_day(due_on)) if recent else t("Wartung überfällig")
        )
        return chip(words, Tone.BAD, ft.Icons.EVENT_BUSY_OUTLINED)
    if stands is Service.SOON:
        return chip(t("fällig {day}", day=short_day(due_on)), Tone.WAITING, ft.Icons.EVENT_OUTLINED)
    return chip(t("Wartung in Ordnung"), Tone.GOOD)
