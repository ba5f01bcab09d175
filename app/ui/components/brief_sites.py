"""The places of a customer, each with the way there."""

from urllib.parse import quote

import flet as ft

from app.i18n import t, tn
from app.state.views import CustomerPage
from app.ui.components.cards import line
from app.ui.components.frame import is_phone
from app.ui.components.touch import touchable
from app.ui.components.type import secondary
from app.ui.surroundings import Surroundings
from app.ui.theme import look
from protocol.reference import Site


def site_row(here: Surroundings, shown: CustomerPage, site: Site) -> ft.Control:
    """One site."""
    town = " ".join(text for text in (site.postal_code, site.city) if text)
    address = ", ".join(text for text in (site.street, town) if text)
    machines = sum(asset.site_id == site.id for asset in shown.customer.assets)
    return line(
        site.name,
        address or t("Adresse fehlt"),
        icon=ft.Icons.PLACE_OUTLINED,
        trailing=[
            secondary(tn("{count} Anlage", "{count} Anlagen", machines)) if machines else None,
            _way(shown.customer.name, site, address) if address else None,
        ],
        narrow=is_phone(here.page),
        key=str(site.id),
    )


def route_to(name: str, address: str) -> str:
    """The address that opens the way there: the maps app where it has claimed such links, else its page.

    `geo:` would be shorter, but browsers on iPads and desktops do not know it
    (Google Maps URLs: developers.google.com/maps/documentation/urls).
    """
    return f"https://www.google.com/maps/dir/?api=1&destination={quote(f'{name}, {address}')}"


def _way(name: str, site: Site, address: str) -> ft.Control:
    colours = look()
    return touchable(
        ft.Icon(ft.Icons.DIRECTIONS_OUTLINED, size=28, color=colours.container.text),
        None,
        action=ft.OpenUrl(url=route_to(name, address), target="_blank"),
        label=t("Route: {site}", site=site.name),
        identifier=f"route-{site.id}",
        radius=28,
        height=56,
        width=56,
        alignment=ft.Alignment.CENTER,
        bgcolor=colours.container.ground,
    )
