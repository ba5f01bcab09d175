"""Which role may use which address: every route of the inbox is walked through, so that none is forgotten."""

from collections.abc import Callable

import pytest
from starlette.routing import Route

from protocol.ids import new_id
from protocol.observation import Flag, FlagKind
from protocol.pairing import Role
from protocol.rules.access import INBOX_READERS, INBOX_ROLES, TEMPLATE_ROLES
from sync_server.crm.users import User
from sync_server.inbox.routes import routes
from sync_server.settings import Settings
from tests.inbox.desk import Desk, Lead, row_of, words
from tests.server.firm import Firm

PUBLIC = {("GET", "/login"), ("POST", "/login"), ("GET", "/static/{name}")}
FOR_DECIDERS = {
    ("POST", "/leads/{lead_id}/{step}"),
    ("GET", "/tablets"),
    ("POST", "/tablets/pair"),
    ("POST", "/tablets/{device_id}/{step}"),
    ("GET", "/customers/{customer_id}/edit"),
    ("POST", "/customers/{customer_id}/edit/{step}"),
    ("GET", "/offers"),
    ("POST", "/offers"),
    ("POST", "/offers/withdraw"),
}
FOR_EDITORS = {
    ("GET", "/questions"),
    ("POST", "/questions"),
    ("POST", "/questions/kinds"),
    ("POST", "/questions/words"),
    ("GET", "/lifetimes"),
    ("POST", "/lifetimes"),
    ("POST", "/questions/preparation"),
}


def _addresses(settings: Settings) -> list[tuple[str, Route]]:
    found = []
    for route in routes(settings):
        assert isinstance(route, Route)
        methods = (route.methods or set()) - {"HEAD"}
        assert len(methods) == 1, route.path
        found.append((methods.pop(), route))
    return found


def _filled(path: str) -> str:
    for name in ("lead_id", "photo_id", "customer_id", "device_id"):
        path = path.replace(f"{{{name}}}", new_id().hex)
    return path.replace("{step}", "accept").replace("{name}", "inbox.css")


def test_every_route_names_its_roles(settings: Settings) -> None:
    for method, route in _addresses(settings):
        roles = getattr(route, "roles", "missing")
        if (method, route.path) in PUBLIC:
            assert roles is None, route.path
        elif (method, route.path) in FOR_DECIDERS:
            assert roles == INBOX_ROLES, route.path
        elif (method, route.path) in FOR_EDITORS:
            assert roles == TEMPLATE_ROLES, route.path
        else:
            assert roles == INBOX_READERS, route.path


def test_without_a_session_only_the_public_addresses_answer(firm: Firm, settings: Settings) -> None:
    for method, route in _addresses(settings):
        if (method, route.path) in PUBLIC:
            continue
        desk = Desk(firm.http)
        answer = desk.get(_filled(route.path)) if method == "GET" else desk.post(_filled(route.path))
        to_login = answer.status_code == 303 and answer.headers["location"].startswith("/login")
        assert to_login or (route.path == "/events" and answer.status_code == 204), route.path


@pytest.mark.parametrize("role", [Role.FIELD_SALES, Role.DATA_PROTECTION])
def test_who_may_only_read_is_refused_every_step(
    firm: Firm, settings: Settings, employ: Callable[[str, Role], User], role: Role
) -> None:
    desk = Desk(firm.http).sit_down(firm, employ("rosa", role))
    for method, route in _addresses(settings):
        if (method, route.path) in PUBLIC or route.path in ("/events", "/logout"):
            continue
        path = _filled(route.path)
        status = (desk.get(path) if method == "GET" else desk.post(path)).status_code
        if (method, route.path) in FOR_DECIDERS | FOR_EDITORS:
            assert status == 403, route.path
        else:
            assert status in (200, 303, 404), (route.path, status)


@pytest.mark.parametrize("role", sorted(INBOX_ROLES))
def test_who_may_decide_sees_the_buttons_and_decides(
    firm: Firm, employ: Callable[[str, Role], User], arrive: Callable[..., Lead], role: Role
) -> None:
    lead = arrive()
    desk = Desk(firm.http).sit_down(firm, employ("rosa", role))
    assert "Annehmen" in words(desk.get(lead.path).text)
    assert desk.post(f"{lead.path}/accept", {"revision": "1"}).status_code == 303
    assert row_of(firm, lead).state == "accepted"


@pytest.mark.parametrize("role", [Role.FIELD_SALES, Role.DATA_PROTECTION])
def test_who_may_only_read_sees_no_buttons(
    firm: Firm, employ: Callable[[str, Role], User], arrive: Callable[..., Lead], role: Role
) -> None:
    lead = arrive()
    desk = Desk(firm.http).sit_down(firm, employ("rosa", role))
    page = desk.get(lead.path).text
    assert "Zweite Halle ist geplant" in words(page)
    assert "toolbar" not in page
    assert "/accept" not in page


def test_special_categories_are_hidden_from_field_sales_in_list_detail_and_search(
    firm: Firm, employ: Callable[[str, Role], User], arrive: Callable[..., Lead], nora: Desk
) -> None:
    flag = Flag(kind=FlagKind.SPECIAL_CATEGORY, purpose="Vertretung planen")
    lead = arrive("Schichtleiter seit Wochen erkrankt", flag=flag)
    rosa = Desk(firm.http).sit_down(firm, employ("rosa", Role.FIELD_SALES))
    page = rosa.get(f"{lead.path}?view=all").text
    assert lead.id.hex in page
    assert "erkrankt" not in page
    assert "besondere Kategorien" in words(page)
    assert lead.id.hex not in rosa.get("/?view=all&q=erkrankt").text
    assert lead.id.hex in nora.get("/?view=all&q=erkrankt").text
    assert "erkrankt" in nora.get(lead.path).text
    nora.post(
        f"{lead.path}/reject", {"revision": "1", "reason": "privacy", "note": "Krankheit ist seine Sache"}
    )
    assert "seine Sache" in nora.get(lead.path).text
    assert "seine Sache" not in rosa.get(lead.path).text
