"""The inbox as inside sales handles it, in a real browser."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, Playwright, expect

from sync_server.demo.fill import PASSWORD
from tests.browser import persistent_context

INSIDE_SALES, HEAD_OF_SALES = "oezdemir", "hartwig"


@contextmanager
def inbox(
    driver: Playwright,
    profile: Path,
    url: str,
    *,
    locale: str = "de-DE",
    size: tuple[int, int] = (1440, 900),
    dark: bool = False,
    login: str = INSIDE_SALES,
) -> Iterator[Page]:
    """The queue of inside sales, logged in, for the length of a `with` block."""
    with persistent_context(driver, profile, locale=locale, size=size, dark=dark) as context:
        page = context.pages[0]
        log_in(page, url, login)
        yield page


def log_in(page: Page, url: str, login: str = INSIDE_SALES) -> None:
    """Log in as a demo user and wait for the queue."""
    page.goto(f"{url}/login")
    page.locator("input[name=login]").fill(login)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button").click()
    page.wait_for_url(f"{url}/")


def open_lead(page: Page, title: str) -> None:
    """Open the lead with this title from the list."""
    page.locator(".row a", has_text=title).first.click()
    expect(page.locator("#lead-title")).to_have_text(re.compile(title))


def reject(page: Page, *, reason: str, note: str) -> None:
    """Reject the open lead."""
    page.locator("summary", has_text="Ablehnen").click()
    page.get_by_label(reason).check()
    page.get_by_placeholder("Ein Satz dazu").fill(note)
    page.get_by_role("button", name="Ablehnen", exact=True).click()
    expect(page.locator(".state-line")).to_contain_text("Abgelehnt")


def ask(page: Page, question: str) -> None:
    """Ask the technician of the open lead."""
    page.locator("summary", has_text="Rückfrage").click()
    page.get_by_label(re.compile("Frage an")).fill(question)
    page.get_by_role("button", name="Rückfrage senden").click()
    expect(page.locator(".state-line")).to_contain_text("Rückfrage")


def show_what_changed(page: Page) -> None:
    """Show the new state of the open lead, which waits to be asked for: somebody may be typing there."""
    page.get_by_role("link", name="Neuen Stand zeigen").click()
