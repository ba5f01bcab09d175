"""The places of a customer, each with the way there."""

import flet as ft

from app.i18n import t, tn
from app.state.views import CustomerPage
from app.ui.components.cards import line
from app.ui.components.frame import is_phone
from app.ui.components.route import route_button
from app.ui.components.type import secondary
from app.ui.surroundings import Surroundings
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
            route_button(
                here,
                shown.customer.name,
                address,
                label=t("Route: {site}", site=site.name),
                identifier=f"route-{site.id}",
            )
            if address
            else None,
        ],
        narrow=is_phone(here.page),
        key=str(site.id),
    )
