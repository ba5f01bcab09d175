"""Koppeln: server and code, and this tablet belongs to one technician."""

import flet as ft

from app.i18n import LANGUAGES, language, t
from app.state.errors import Offline, StoreError, SyncProblem
from app.ui.components.buttons import primary, quiet
from app.ui.components.cards import card, notice
from app.ui.components.chips import choice
from app.ui.components.fields import text_field
from app.ui.components.frame import stack
from app.ui.components.type import body, secondary, title
from app.ui.guard import component
from app.ui.routes import TABS
from app.ui.surroundings import Surroundings
from app.ui.text_size import heading
from app.ui.theme import Tone, look
from app.ui.words import failure
from protocol.limits import PAIRING_CODE_LENGTH
from protocol.pairing import normalise_code

_WIDTH = 560


@component
def Pairing(here: Surroundings, code_given: str, again: bool) -> ft.Control:
    """The form. With a code in the address it pairs at once."""
    default = here.launch.platform.default_server or ""
    known = here.tablet.notebook.identity.server if here.tablet.notebook else ""
    server, set_server = ft.use_state(known or default)
    code, set_code = ft.use_state(_grouped(code_given))
    busy, set_busy = ft.use_state(False)
    fault, set_fault = ft.use_state("")
    # Whoever taps right after the last letter taps a button that was drawn before it: what was typed counts.
    now: ft.MutableRef[tuple[str, str]] = ft.use_ref(None)
    now.current = now.current or (server, code)

    def type_code(text: str) -> None:
        now.current = (now.current[0], text)
        set_code(text)

    def type_server(text: str) -> None:
        now.current = (text, now.current[1])
        set_server(text)

    async def pair() -> None:
        server, typed = now.current[0], normalise_code(now.current[1])
        if len(typed) != PAIRING_CODE_LENGTH:
            set_fault(
                t(
                    "Der Code hat {count} Zeichen; hier sind es {typed}.",
                    count=PAIRING_CODE_LENGTH,
                    typed=len(typed),
                )
            )
            return
        if not server.strip():
            set_fault(t("Bitte die Adresse des Servers eintragen."))
            return
        set_busy(True)
        set_fault("")
        try:
            await here.tablet.pair(_address(server), typed, _device_name(here))
        except (SyncProblem, Offline, StoreError) as error:
            set_fault(failure(error))
            return
        finally:
            set_busy(False)
        await here.paired()

    def at_once() -> None:
        if code_given and code_given not in here.redeemed:
            here.redeemed.add(code_given)
            here.spawn(pair())

    def leave() -> None:
        # Not the screen before: that may be this form with an older link's code.
        here.go(TABS[here.last_tab])

    ft.use_effect(at_once, [code_given])
    form = card(
        [
            title(t("Tablet neu koppeln") if again else t("Tablet koppeln"), size=28),
            body(
                t("Lass dir vom Innendienst einen Code geben. Er gilt 15 Minuten und einmal.")
                if not again
                else t(
                    "Lass dir vom Innendienst einen neuen Code geben. Was wartet, bleibt auf diesem Tablet."
                )
            ),
            text_field(
                code,
                type_code,
                label=t("Code (8 Zeichen)"),
                hint=t("zum Beispiel K7QM-3XWA"),
                identifier="pair-code",
                size=28,
                autofocus=not code_given,
                capitalization=ft.TextCapitalization.CHARACTERS,
                on_submit=lambda: here.spawn(pair()),
                key="code",
            ),
            text_field(
                server,
                type_server,
                label=t("Adresse des Servers"),
                hint="https://rundgang.firma.de",
                identifier="pair-server",
                keyboard=ft.KeyboardType.URL,
                capitalization=ft.TextCapitalization.NONE,
                key="server",
            ),
            *(
                [notice(Tone.BAD, ft.Icons.ERROR_OUTLINED, fault, identifier="pair-error", live=True)]
                if fault
                else []
            ),
            primary(
                t("Wird gekoppelt …") if busy else t("Koppeln"),
                lambda: here.spawn(pair()),
                icon=ft.Icons.LINK,
                identifier="pair-submit",
                busy=busy,
                expand=None,
            ),
            *([quiet(t("Zurück"), leave, identifier="back")] if again else []),
        ],
        padding=28,
        spacing=18,
    )
    return framed_page(
        here,
        brand(),
        form,
        ft.Row(
            [
                choice(
                    {"de": "Deutsch", "en": "English"}[tongue],
                    lambda tongue=tongue: here.speak(tongue),  # type: ignore[misc]
                    chosen=language() == tongue,
                    identifier=f"language-{tongue}",
                    tone=Tone.CONTAINER,
                )
                for tongue in LANGUAGES
            ],
            alignment=ft.MainAxisAlignment.CENTER,
            spacing=10,
        ),
    )


def framed_page(here: Surroundings, *controls: ft.Control | None) -> ft.Control:
    """A page of its own, without navigation: one narrow column in the middle."""
    width = here.page.width or _WIDTH
    side = max(16.0, (width - _WIDTH) / 2)
    height = here.page.height or 800
    return ft.ListView(
        controls=[stack(*controls, spacing=20)],
        expand=True,
        padding=ft.Padding.only(left=side, right=side, top=max(24, height * 0.08), bottom=40),
        build_controls_on_demand=False,
    )


def brand() -> ft.Control:
    """Name and sign of the product."""
    colours = look()
    return ft.Row(
        [
            ft.Container(
                ft.Icon(ft.Icons.DIRECTIONS_WALK, size=32, color=colours.primary.text),
                bgcolor=colours.primary.ground,
                border_radius=16,
                width=56,
                height=56,
                alignment=ft.Alignment.CENTER,
            ),
            ft.Column(
                [
                    ft.Text("Rundgang", size=heading(26), weight=ft.FontWeight.W_500, color=colours.text),
                    secondary(t("Sehen, hören, festhalten. Auch ohne Netz.")),
                ],
                spacing=2,
                tight=True,
                expand=True,
            ),
        ],
        spacing=16,
    )


def _grouped(code: str) -> str:
    plain = normalise_code(code)
    return f"{plain[:4]}-{plain[4:]}" if len(plain) == PAIRING_CODE_LENGTH else code


def _address(typed: str) -> str:
    address = typed.strip().rstrip("/")
    return address if "://" in address else f"https://{address}"


def _device_name(here: Surroundings) -> str:
    known = here.launch.platform.device_name
    return known or (here.page.platform.value if here.page.platform else "Tablet")
