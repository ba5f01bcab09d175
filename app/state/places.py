"""Where a visit takes place, in one line."""

from uuid import UUID

from protocol.reference import Customer


def place_of(customer: Customer | None, site_id: UUID | None) -> str:
    """For example "Werk 2 · Industriestraße 14, 88213 Ravensburg"; what is not known is left out."""
    if customer is None:
        return ""
    site = next((site for site in customer.sites if site.id == site_id), None)
    if site is None:
        return customer.city or ""
    town = " ".join(filter(None, (site.postal_code, site.city)))
    address = ", ".join(filter(None, (site.street, town)))
    return " · ".join(filter(None, (site.name, address)))
