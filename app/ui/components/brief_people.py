"""The people at a customer: what they do when it buys, how they are best reached, what may be said to them."""

from datetime import date

import flet as ft

from app.i18n import t
from app.i18n.times import plain_day
from app.state.views import CustomerPage
from app.ui import brief_words, words
from app.ui.components.cards import line
from app.ui.components.chips import chip
from app.ui.components.frame import is_phone
from app.ui.components.touch import touchable
from app.ui.components.type import secondary
from app.ui.surroundings import Surroundings
from app.ui.theme import BODY, Tone, look
from protocol.reference import Channel, Contact
from protocol.rules.brief import allowed, influence, interests


def person_row(here: Surroundings, shown: CustomerPage, person: Contact, today: date) -> ft.Control:
    """One contact."""
    return line(
        _below(_name(person), _how(shown, person), *_permissions(person, today), *_interests(person, today)),
        leading=_picture(person),
        trailing=[chip(t("gegangen"), Tone.NEUTRAL) if person.left else _call(person)],
        narrow=is_phone(here.page),
        key=str(person.id),
        identifier=f"person-{person.id}",
    )


def _below(*controls: ft.Control | None) -> ft.Control:
    return ft.Column([control for control in controls if control is not None], spacing=4, tight=True)


def _name(person: Contact) -> ft.Control:
    part = influence(person)
    bold = ft.TextStyle(weight=ft.FontWeight.BOLD)
    spans = [ft.TextSpan(text=person.name, style=bold)]
    if person.role:
        spans.append(ft.TextSpan(text=f" · {person.role}"))
    if part and not person.left:
        spans.append(ft.TextSpan(text=f" · {brief_words.influence(part)}", style=bold))
    return ft.Text(spans=spans, size=BODY, color=look().text)


def _how(shown: CustomerPage, person: Contact) -> ft.Control | None:
    if person.left:
        return secondary(t("hat die Firma verlassen"))
    site = next((site.name for site in shown.customer.sites if site.id == person.site_id), None)
    facts = [site if len(shown.customer.sites) > 1 else None]
    if person.preferred_channel is not None:
        facts.append(t("am liebsten {channel}", channel=words.channel(person.preferred_channel)))
    facts.append(person.reachable)
    said = " · ".join(fact for fact in facts if fact)
    return secondary(said) if said else None


def _permissions(person: Contact, today: date) -> list[ft.Control]:
    if person.left:
        return []
    found = allowed(person.permissions)
    if not found:
        return [
            ft.Row(
                [chip(t("Werbung: nicht gefragt"), Tone.NEUTRAL, ft.Icons.HELP_OUTLINE)],
                wrap=True,
            )
        ]
    newest = max(one.at for one in found).astimezone().date()
    return [
        ft.Row(
            [
                *(
                    ft.Semantics(
                        content=chip(
                            t("darf") if one.granted else t("keine Werbung"),
                            Tone.GOOD if one.granted else Tone.BAD,
                            _icon(one.channel),
                        ),
                        label=brief_words.permission(one.channel, one.granted),
                        exclude_semantics=True,
                    )
                    for one in found
                ),
                secondary(t("Stand {day}", day=plain_day(newest, today))),
            ],
            spacing=8,
            run_spacing=6,
            wrap=True,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        )
    ]


def _interests(person: Contact, today: date) -> list[ft.Control]:
    return [
        secondary(
            t("Interesse: {text}", text=one.text)
            + " · "
            + t("eingewilligt am {day}", day=plain_day(one.agreed_on, today))
        )
        for one in interests(person, today)
        if one.agreed_on
    ]


def _icon(channel: Channel) -> ft.IconData:
    return words.channel_icon(channel)


def _picture(person: Contact) -> ft.Control:
    colours = look()
    pair = colours.neutral if person.left else colours.container
    return ft.Container(
        ft.Text(
            "?" if person.left else initials(person.name),
            size=16,
            weight=ft.FontWeight.W_500,
            color=pair.text,
        ),
        width=48,
        height=48,
        border_radius=24,
        bgcolor=pair.ground,
        alignment=ft.Alignment.CENTER,
    )


def initials(name: str) -> str:
    """First and last letter of a name, as on a badge."""
    parts = [part for part in name.replace(".", " ").split() if part[:1].isupper()]
    return "".join(part[0] for part in (parts[:1] + parts[-1:] if len(parts) > 1 else parts)) or "?"


def _call(person: Contact) -> ft.Control | None:
    if not person.phone:
        return None
    colours, phone = look(), person.phone
    dialled = "".join(sign for sign in phone if sign.isdigit() or sign == "+")
    return touchable(
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
