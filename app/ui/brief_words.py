"""The words and pictures of the brief: whose turn it is, when something is due, who decides, what nobody knows yet."""

from datetime import date

import flet as ft

from app.i18n import t, tn
from app.i18n.times import plain_day, short_day
from app.ui.theme import Tone
from protocol.observation import Side
from protocol.reference import Channel, Influence, Occasion, Trend
from protocol.rules.brief import Gap, Missing
from protocol.rules.steps import Due, Step, due


def turn(step: Step) -> str:
    """Who has to do something now."""
    if step.is_mine:
        return t("Du bist dran")
    return {
        Side.TECHNICIAN: t("{name} ist dran", name=step.by_name or t("Technik")),
        Side.INSIDE_SALES: t("Innendienst ist dran"),
        Side.FIELD_SALES: t("Außendienst ist dran"),
        Side.CUSTOMER: t("Kunde ist dran"),
    }[step.responsible]


def due_chip(step: Step, today: date) -> tuple[str, Tone]:
    """How a step stands, with its colour: "überfällig seit 4 Tagen", "heute fällig", "bis 3. Dezember"."""
    stands = due(step.due_on, today)
    if step.due_on is None:
        return t("ohne Termin"), Tone.NEUTRAL
    if stands is Due.OVERDUE:
        days = (today - step.due_on).days
        return tn("überfällig seit {count} Tag", "überfällig seit {count} Tagen", days), Tone.BAD
    if stands is Due.TODAY:
        return t("heute fällig"), Tone.WAITING
    if stands is Due.SOON:
        return t("fällig {day}", day=short_day(step.due_on)), Tone.WAITING
    return t("bis {day}", day=plain_day(step.due_on, today)), Tone.NEUTRAL


def influence(value: Influence) -> str:
    """What a person does when his company buys."""
    return {
        Influence.DECIDES: t("entscheidet"),
        Influence.BUYS: t("kauft ein"),
        Influence.USES: t("arbeitet damit"),
        Influence.OPPOSES: t("ist dagegen"),
    }[value]


def occasion(value: Occasion) -> str:
    """What a past contact was about."""
    return {
        Occasion.COMPLAINT: t("Reklamation"),
        Occasion.OFFER: t("Angebot"),
        Occasion.ORDER: t("Auftrag"),
        Occasion.SERVICE: t("Service"),
    }[value]


def occasion_icon(value: Occasion) -> ft.IconData:
    """The picture of an occasion."""
    return {
        Occasion.COMPLAINT: ft.Icons.SENTIMENT_DISSATISFIED_OUTLINED,
        Occasion.OFFER: ft.Icons.REQUEST_QUOTE_OUTLINED,
        Occasion.ORDER: ft.Icons.RECEIPT_LONG_OUTLINED,
        Occasion.SERVICE: ft.Icons.BUILD_OUTLINED,
    }[value]


def trend(value: Trend) -> tuple[str, Tone, ft.IconData]:
    """How one of the customer's own customers develops."""
    return {
        Trend.GROWING: (t("wächst"), Tone.GOOD, ft.Icons.TRENDING_UP),
        Trend.STEADY: (t("bleibt gleich"), Tone.NEUTRAL, ft.Icons.TRENDING_FLAT),
        Trend.SHRINKING: (t("wird kleiner"), Tone.BAD, ft.Icons.TRENDING_DOWN),
    }[value]


def permission(channel: Channel, granted: bool) -> str:
    """What may be said to a person over a channel, for screen readers."""
    names = {
        Channel.PHONE: t("Telefon"),
        Channel.EMAIL: t("E-Mail"),
        Channel.LETTER: t("Brief"),
    }
    name = names.get(channel, t("anderer Weg"))
    return (
        t("{channel}: Werbung erlaubt", channel=name)
        if granted
        else t("{channel}: keine Werbung", channel=name)
    )


def gap(value: Missing) -> tuple[str, str]:
    """What nobody knows, and what to do about it on site."""
    return {
        Gap.PLAN: (t("Pläne: seit einem Jahr nichts bekannt"), t("Was wird gebaut, erweitert, ersetzt?")),
        Gap.OWN_CUSTOMERS: (
            t("Wichtige Kunden des Kunden: nicht bekannt"),
            t("An wen verkaufen sie, und wächst der?"),
        ),
        Gap.CONTACT: (t("Ansprechpartner fehlt"), t("Wer macht auf, wer ist für die Anlage zuständig?")),
        Gap.DECIDER: (t("Wer entscheidet: nicht bekannt"), t("Wer gibt eine neue Anlage frei?")),
        Gap.BUYER: (t("Einkauf: nicht bekannt"), t("Wer holt die Angebote ein?")),
        Gap.REACH: (
            t("{name}: weder Telefon noch E-Mail", name=value.name),
            t("Wie ist er am besten zu erreichen?"),
        ),
        Gap.MACHINE: (t("Keine Anlage von uns bekannt"), t("Was steht hier? Typenschild fotografieren.")),
        Gap.YEAR: (t("{name}: Baujahr fehlt", name=value.name), t("Steht auf dem Typenschild.")),
        Gap.COMPETITOR: (t("Keine fremde Anlage gemeldet"), t("Steht hier etwas vom Wettbewerb?")),
        Gap.ADDRESS: (
            t("{name}: Adresse unvollständig", name=value.name),
            t("Straße und Ort für die Anfahrt."),
        ),
    }[value.gap]
