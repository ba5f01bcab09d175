"""What waits for transfer, since when, and when the server last answered: always visible, in words."""

from datetime import datetime

import flet as ft

from app.i18n import t, tn
from app.i18n.times import ago, since
from app.state.errors import Offline, OfflineReason
from app.state.views import Transfer
from app.ui.components.buttons import quiet
from app.ui.components.cards import notice
from app.ui.following import use_changes
from app.ui.guard import component
from app.ui.surroundings import Surroundings
from app.ui.theme import Tone, look
from app.ui.words import hindrance, waiting


@component
def TransferBanner(here: Surroundings) -> ft.Control:
    """The banner; draws itself anew when the transfer goes on."""
    use_changes(here.notebook)
    transfer = here.notebook.transfer()
    tone, icon, first, second = words(transfer, here.now())
    action: ft.Control | None = None
    pair = look().area(tone)
    if transfer.needs_pairing:
        action = quiet(t("Neu koppeln"), lambda: here.go("/pair"), identifier="pair-again", color=pair.text)
    elif transfer.running:
        # No ring that turns while nobody knows how much there is: sixty pictures a second, which the tablet needs for
        # the transfer itself. The words and the picture say that it goes on.
        if transfer.total:
            ring = ft.ProgressRing(
                width=26, height=26, stroke_width=3, color=pair.text, value=transfer.done / transfer.total
            )
            action = ft.Container(ring, padding=ft.Padding.only(right=12))
    elif transfer.refused:
        action = quiet(
            t("Ansehen"), lambda: here.go(_refused_at(here)), identifier="see-refused", color=pair.text
        )
    elif not transfer.seal:
        retry = transfer.waiting or transfer.photos_waiting or transfer.problem is not None
        action = quiet(
            t("Erneut versuchen") if retry else t("Abgleichen"),
            here.tablet.synchronizer.request,
            identifier="sync-now",
            color=pair.text,
        )
    return notice(tone, icon, first, second, action=action, identifier="transfer-banner", live=True)


def _refused_at(here: Surroundings) -> str:
    """Where what was refused can be seen."""
    of_visits = len(here.notebook.planning.refused())
    return "/visits" if of_visits == here.notebook.transfer().refused else "/observations"


def words(  # noqa: PLR0911  one return per state
    transfer: Transfer, now: datetime
) -> tuple[Tone, ft.IconData, str, str]:
    """Colour, picture, what is the case, and what is safe."""
    if transfer.seal:
        return (
            Tone.BAD,
            ft.Icons.LOCK_OUTLINED,
            t("Dieses Tablet wurde gesperrt"),
            t("Bitte den Innendienst anrufen. Was wartet, ist sicher auf diesem Tablet."),
        )
    if transfer.needs_pairing:
        return (
            Tone.BAD,
            ft.Icons.LINK_OFF,
            t("Dieses Tablet muss neu gekoppelt werden"),
            t("Nichts geht verloren: Alles Wartende ist sicher auf diesem Tablet."),
        )
    if transfer.running:
        return Tone.CONTAINER, ft.Icons.CLOUD_SYNC_OUTLINED, _running(transfer), _contact(transfer, now)
    if transfer.refused:
        return (
            Tone.BAD,
            ft.Icons.ERROR_OUTLINED,
            tn(
                "{count} Meldung hat der Server nicht angenommen",
                "{count} Meldungen hat der Server nicht angenommen",
                transfer.refused,
            ),
            t("Sicher auf diesem Tablet. Bitte ansehen und berichtigen."),
        )
    if transfer.waiting or transfer.photos_waiting:
        return _waiting(transfer, now)
    if transfer.problem is not None:
        return (
            Tone.WAITING,
            ft.Icons.CLOUD_OFF_OUTLINED,
            _why(transfer),
            t("Nichts wartet auf diesem Tablet · {contact}", contact=_contact(transfer, now)),
        )
    if transfer.last_contact is None:
        return Tone.NEUTRAL, ft.Icons.CLOUD_QUEUE, t("Noch kein Abgleich"), t("Sicher auf diesem Tablet")
    return Tone.GOOD, ft.Icons.CLOUD_DONE_OUTLINED, t("Alles übertragen"), _contact(transfer, now)


def _waiting(transfer: Transfer, now: datetime) -> tuple[Tone, ft.IconData, str, str]:
    if transfer.waiting:
        first = waiting(transfer.waiting)
        if transfer.waiting_since is not None:
            first = t("{waiting} ({since})", waiting=first, since=since(transfer.waiting_since, now))
    elif transfer.others_waiting:
        first = tn("{count} Anhang wartet", "{count} Anhänge warten", transfer.photos_waiting)
    elif transfer.photos_held:
        first = tn("{count} Foto wartet auf WLAN", "{count} Fotos warten auf WLAN", transfer.photos_waiting)
    else:
        first = tn("{count} Foto wartet auf Netz", "{count} Fotos warten auf Netz", transfer.photos_waiting)
    second = t("Sicher auf diesem Tablet · {contact}", contact=_contact(transfer, now))
    if _captive(transfer) or not isinstance(transfer.problem, Offline | None):
        second = t("Sicher auf diesem Tablet · {why}", why=_why(transfer))
    return Tone.WAITING, ft.Icons.CLOUD_OFF_OUTLINED, first, second


def _running(transfer: Transfer) -> str:
    if transfer.phase == "push" and transfer.total:
        return t("Überträgt Meldung {done} von {total} …", done=transfer.done, total=transfer.total)
    if transfer.phase == "media" and transfer.total:
        if transfer.others_waiting:
            return t("Überträgt Anhang {done} von {total} …", done=transfer.done, total=transfer.total)
        return t("Überträgt Foto {done} von {total} …", done=transfer.done, total=transfer.total)
    if transfer.phase == "pull":
        return t("Liest Neues vom Innendienst …")
    return t("Gleicht ab …")


def _contact(transfer: Transfer, now: datetime) -> str:
    if transfer.last_contact is None:
        return t("noch nie übertragen")
    return t("zuletzt abgeglichen {ago}", ago=ago(transfer.last_contact, now))


def _captive(transfer: Transfer) -> bool:
    return isinstance(transfer.problem, Offline) and transfer.problem.reason is OfflineReason.NOT_OUR_SERVER


def _why(transfer: Transfer) -> str:
    return hindrance(transfer.problem) if transfer.problem is not None else ""
