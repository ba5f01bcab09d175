"""Kundenbrief: everything about one customer that a technician wants to know before the door opens."""

from datetime import date, datetime
from uuid import UUID

import flet as ft

from app.i18n import t, tn
from app.i18n.times import plain_day, short_day, when
from app.state.views import CustomerPage, Progress
from app.ui import words
from app.ui.components.buttons import primary
from app.ui.components.cards import card, empty, line, lines, notice
from app.ui.components.chips import chip, class_chip
from app.ui.components.frame import bottom, columns, head, is_phone, is_wide, part, scrolled
from app.ui.components.observation_row import row_of
from app.ui.components.touch import touchable
from app.ui.components.type import body, led, secondary, section
from app.ui.following import use_changes
from app.ui.guard import component
from app.ui.surroundings import Surroundings
from app.ui.theme import Tone, look
from protocol.reference import Asset, Contact, HistoryEntry, Site

_SOON = 30
"""Days before a service is due in which it is shown as due."""
_HISTORY = 12
"""Entries of the history shown until more are asked for."""


@component
def CustomerScreen(here: Surroundings, customer_id: UUID) -> ft.Control:
    """One customer."""
    use_changes(here.notebook)
    everything, show_everything = ft.use_state(False)
    shown = here.notebook.customer(customer_id)
    if shown is None:
        return scrolled(
            here.page,
            head(t("Kunde"), on_back=lambda: here.back("/customers")),
            empty(
                ft.Icons.BUSINESS_OUTLINED,
                t("Dieser Kunde ist nicht auf diesem Tablet."),
                t("Er gehört vielleicht jetzt zu einem anderen Gebiet."),
            ),
        )
    customer = shown.customer
    now = here.now()
    today = now.astimezone().date()
    history = shown.history if everything else shown.history[:_HISTORY]
    left = [
        _questions(here, shown),
        part(section(t("Menschen")), lines([_contact(here, shown, person) for person in _people(shown)]))
        if customer.contacts
        else None,
        part(
            section(t("Anlagen")),
            lines([_asset(here, asset, shown, today) for asset in sorted(customer.assets, key=_ours_first)]),
        )
        if customer.assets
        else None,
        part(section(t("Standorte")), lines([_site(here, shown, site) for site in customer.sites]))
        if customer.sites
        else None,
    ]
    right = [
        part(
            section(t("Meine Meldungen")),
            lines(
                [
                    row_of(
                        row,
                        now,
                        lambda key: here.go(f"/observations/{key}"),
                        lambda key: here.go(f"/observations/{key}"),
                        narrow=is_phone(here.page) or is_wide(here.page),
                        with_customer=False,
                    )
                    for row in shown.my_observations[:8]
                ]
            ),
        )
        if shown.my_observations
        else None,
        part(
            section(t("Zuletzt")),
            lines([_entry(entry, now) for entry in history]),
            touchable(
                body(t("Alles anzeigen"), bold=True, color=look().container.text),
                lambda: show_everything(True),
                identifier="history-all",
                height=48,
                alignment=ft.Alignment.CENTER,
            )
            if len(shown.history) > len(history)
            else None,
        )
        if shown.history
        else part(section(t("Zuletzt")), card([secondary(t("Noch keine Kontakte festgehalten."))])),
    ]
    facts = [t("Nr. {number}", number=customer.number), customer.industry, customer.city]
    rank = class_chip(customer.customer_class, long=True)
    if customer.customer_class and is_phone(here.page):
        # There the name needs the whole line.
        rank = None
        facts.insert(0, words.customer_class(customer.customer_class)[0])
    visit = shown.next_visit.visit if shown.next_visit else None
    return ft.Column(
        [
            scrolled(
                here.page,
                columns(here.page, left, right),
                pinned=head(
                    customer.name,
                    " · ".join(text for text in facts if text),
                    trailing=[rank],
                    on_back=lambda: here.back("/customers"),
                ),
                wide=is_wide(here.page),
                key="customer",
            ),
            bottom(
                here.page,
                primary(
                    t("Hier erfassen"),
                    lambda: here.capture(
                        customer_id=customer.id,
                        site_id=(visit.site_id if visit else None) or _only_site(shown),
                        visit_id=visit.id if visit and visit.starts_at.astimezone().date() == today else None,
                    ),
                    icon=ft.Icons.ADD,
                    identifier="capture-here",
                    expand=True,
                ),
            ),
        ],
        spacing=0,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _only_site(shown: CustomerPage) -> UUID | None:
    return shown.customer.sites[0].id if len(shown.customer.sites) == 1 else None


def _questions(here: Surroundings, shown: CustomerPage) -> ft.Control | None:
    asked = [row for row in shown.my_observations if row.progress is Progress.QUESTION and row.question]
    if not asked:
        return None
    return part(
        section(t("Fragen")),
        *[
            touchable(
                notice(
                    Tone.HINT,
                    ft.Icons.HELP_OUTLINE,
                    led(
                        f"{row.question_by or t('Innendienst')}:", row.question or "", color=look().hint.text
                    ),
                ),
                lambda key=row.id: here.go(f"/observations/{key}"),  # type: ignore[misc]
                identifier=f"question-{row.id}",
            )
            for row in asked
        ],
    )


def _people(shown: CustomerPage) -> list[Contact]:
    return sorted(shown.customer.contacts, key=lambda person: person.left)


def _initials(name: str) -> str:
    parts = [part for part in name.replace(".", " ").split() if part[:1].isupper()]
    return "".join(part[0] for part in (parts[:1] + parts[-1:] if len(parts) > 1 else parts)) or "?"


def _contact(here: Surroundings, shown: CustomerPage, person: Contact) -> ft.Control:
    colours = look()
    site = next((site.name for site in shown.customer.sites if site.id == person.site_id), None)
    facts = [person.role, site if len(shown.customer.sites) > 1 else None]
    if person.preferred_channel is not None and not person.left:
        facts.append(t("am liebsten {channel}", channel=words.channel(person.preferred_channel)))
    if person.left:
        facts = [person.role, t("hat die Firma verlassen")]
    trailing: list[ft.Control | None] = []
    if person.phone and not person.left:
        phone = person.phone
        dialled = "".join(sign for sign in phone if sign.isdigit() or sign == "+")
        trailing.append(
            touchable(
                ft.Row(
                    [
                        ft.Icon(ft.Icons.CALL_OUTLINED, size=22, color=colours.container.text),
                        ft.Text(
                            phone,
                            size=16,
                            weight=ft.FontWeight.W_500,
                            color=colours.container.text,
                            semantics_label=t("{name} anrufen: {phone}", name=person.name, phone=phone),
                        ),
                    ],
                    spacing=8,
                    tight=True,
                ),
                None,
                action=ft.OpenUrl(url=f"tel:{dialled}"),
                identifier=f"call-{person.id}",
                radius=24,
                height=48,
                padding=ft.Padding.symmetric(horizontal=16),
                bgcolor=colours.container.ground,
            )
        )
    elif person.left:
        trailing.append(chip(t("gegangen"), Tone.NEUTRAL))
    return line(
        person.name,
        " · ".join(text for text in facts if text) or None,
        leading=ft.Container(
            ft.Text(
                "?" if person.left else _initials(person.name),
                size=16,
                weight=ft.FontWeight.W_500,
                color=colours.neutral.text if person.left else colours.container.text,
            ),
            width=48,
            height=48,
            border_radius=24,
            bgcolor=colours.neutral.ground if person.left else colours.container.ground,
            alignment=ft.Alignment.CENTER,
        ),
        trailing=trailing,
        narrow=is_phone(here.page),
        key=str(person.id),
    )


def _ours_first(asset: Asset) -> tuple[bool, str]:
    return (not asset.ours, asset.model)


def _asset(here: Surroundings, asset: Asset, shown: CustomerPage, today: date) -> ft.Control:
    name = f"{asset.maker} {asset.model}" if not asset.ours else asset.model
    facts = []
    if asset.built_in:
        facts.append(t("Bj. {year}", year=asset.built_in))
    if asset.serial_number:
        facts.append(t("Nr. {number}", number=asset.serial_number))
    site = next((site.name for site in shown.customer.sites if site.id == asset.site_id), None)
    if site and len(shown.customer.sites) > 1:
        facts.append(site)
    if asset.note:
        facts.append(asset.note)
    if not asset.ours:
        state = chip(t("Wettbewerb"), Tone.NEUTRAL)
    elif asset.service_due_on is None:
        state = None
    elif asset.service_due_on < today:
        state = chip(
            t("Wartung überfällig seit {day}", day=short_day(asset.service_due_on))
            if (today - asset.service_due_on).days < 300
            else t("Wartung überfällig"),
            Tone.BAD,
            ft.Icons.EVENT_BUSY_OUTLINED,
        )
    elif (asset.service_due_on - today).days <= _SOON:
        state = chip(
            t("fällig {day}", day=short_day(asset.service_due_on)), Tone.WAITING, ft.Icons.EVENT_OUTLINED
        )
    else:
        state = chip(t("Wartung in Ordnung"), Tone.GOOD)
    return line(
        led(t("Fremd:"), name) if not asset.ours else body(name, bold=True, max_lines=2),
        " · ".join(facts) or None,
        icon=ft.Icons.SWAP_HORIZ if not asset.ours else ft.Icons.PRECISION_MANUFACTURING_OUTLINED,
        trailing=[state],
        narrow=is_phone(here.page),
        key=str(asset.id),
    )


def _site(here: Surroundings, shown: CustomerPage, site: Site) -> ft.Control:
    address = ", ".join(
        text for text in (site.street, " ".join(t_ for t_ in (site.postal_code, site.city) if t_)) if text
    )
    machines = sum(asset.site_id == site.id for asset in shown.customer.assets)
    return line(
        site.name,
        address or None,
        icon=ft.Icons.PLACE_OUTLINED,
        trailing=[
            secondary(tn("{count} Anlage", "{count} Anlagen", machines)) if machines else None,
        ],
        narrow=is_phone(here.page),
        key=str(site.id),
    )


def _entry(entry: HistoryEntry, now: datetime) -> ft.Control:
    facts = [words.channel(entry.channel), when(entry.at, now), entry.by_name]
    if entry.at.astimezone().year != now.astimezone().year:
        facts[1] = plain_day(entry.at.astimezone().date(), now.astimezone().date())
    return line(
        body(entry.summary, max_lines=3),
        " · ".join(text for text in facts if text),
        icon=words.channel_icon(entry.channel),
        key=str(entry.id),
    )
