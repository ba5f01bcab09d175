"""The inbox as inside sales handles it, in a real browser."""

from playwright.sync_api import Page

from sync_server.demo.fill import PASSWORD

INSIDE_SALES = "oezdemir"


def log_in(page: Page, url: str, login: str = INSIDE_SALES) -> None:
    """Log in as a demo user and wait for the queue."""
    page.goto(f"{url}/login")
    page.get_by_label("Anmeldename").fill(login)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    page.wait_for_url(f"{url}/")
