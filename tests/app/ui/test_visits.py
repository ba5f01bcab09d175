"""Besuche: today's and the coming ones by day, each with its address, its brief and the way there."""

from datetime import timedelta

import flet as ft
import pytest

from app.ui.components.route import route_to
from protocol.reference import Entity
from tests.app.scripted_server import NOW, ScriptedServer, name
from tests.app.ui.conftest import OpenApp

pytestmark = pytest.mark.anyio


def plan(server: ScriptedServer, text: str, days: float, customer: str = "Käsmayr") -> None:
    server.publish(
        Entity.VISIT,
        name(text),
        {
            "id": str(name(text)), "customer_id": str(name(customer)), "site_id": str(name("Halle B")),
            "starts_at": (NOW + timedelta(days=days)).isoformat(), "purpose": text,
        },
    )  # fmt: skip


async def test_coming_visits_stand_by_day_and_past_days_are_over(
    open_app: OpenApp, server: ScriptedServer
) -> None:
    plan(server, "vorgestern", -2)
    plan(server, "morgen", 1)
    plan(server, "übermorgen", 2)
    page, _ = await open_app()
    await page.tap("all-visits")
    text = page.text()
    order = [
        "3 Besuche vor dir", "Heute · Mittwoch, 25. November", "Wartung RV 75", "Morgen · Donnerstag, 26. November",
        "morgen", "Freitag, 27. November", "übermorgen",
    ]  # fmt: skip
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert "vorgestern" not in text


async def test_a_visit_leads_to_the_brief_and_to_the_place(open_app: OpenApp) -> None:
    page, here = await open_app("/visits")
    assert "Werk 2, Halle B · Industriestraße 14, 88213 Ravensburg" in page.text()
    (opened,) = [
        control.action
        for control in page.controls()
        if isinstance(control, ft.Container) and isinstance(control.action, ft.OpenUrl)
    ]
    assert opened.url == route_to("Käsmayr GmbH & Co. KG", "Industriestraße 14, 88213 Ravensburg", None)
    assert "%26" in str(opened.url), "a customer's name must not end the address"
    await page.tap(f"visit-{name('visit')}")
    assert here.route == f"/visits/{name('visit')}"
    await page.tap("open-customer")
    assert here.route == f"/customers/{name('Käsmayr')}"


@pytest.mark.parametrize(
    ("platform", "begins"),
    [
        (ft.PagePlatform.ANDROID, "geo:0,0?q=Kern%20%26%20Co%2C%20Am%20Tor%203"),
        (ft.PagePlatform.IOS, "https://maps.apple.com/?daddr=Am%20Tor%203"),
        (ft.PagePlatform.LINUX, "https://www.google.com/maps/dir/?api=1&destination=Kern%20%26%20Co%2C"),
        (None, "https://www.google.com/maps/"),
    ],
)
def test_the_way_opens_in_the_app_that_the_platform_has_for_it(
    platform: ft.PagePlatform | None, begins: str
) -> None:
    assert route_to("Kern & Co", "Am Tor 3", platform).startswith(begins)


async def test_a_visit_whose_customer_was_erased_says_so(open_app: OpenApp, server: ScriptedServer) -> None:
    plan(server, "Wartung", 1, customer="nobody here")
    page, here = await open_app("/visits")
    assert "Kunde ist nicht mehr auf diesem Tablet" in page.text()
    assert not here.last_failure


async def test_without_any_visit_the_screen_says_what_belongs_there(
    open_app: OpenApp, server: ScriptedServer
) -> None:
    server.publish(Entity.VISIT, name("visit"), None)
    page, _ = await open_app("/visits")
    assert "Es sind keine Besuche geplant." in page.text()
