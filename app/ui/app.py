"""The whole app as one component: from the launch over the pairing to the screen of the address."""

from collections.abc import Callable

import flet as ft

from app.state.launch import Stage
from app.ui.components.frame import is_wide
from app.ui.components.navigation import bar, bar_height, rail
from app.ui.following import use_changes, use_reading
from app.ui.guard import component, keyed
from app.ui.routes import OVER_CAPTURE, TABS, Place, Screen, place
from app.ui.screens.today import Today
from app.ui.surroundings import Surroundings
from app.ui.views import Shown, use_deck


@ft.component
def App(here: Surroundings) -> list[ft.View]:
    """The views that lie one above the other."""
    ft.use_effect(here.arrived)
    return use_deck(here.page, _shown(here), here.hand, goes_by_keys=here.goes_by_keys)


def _shown(here: Surroundings) -> list[Shown]:
    use_changes(here)
    use_changes(here.launch)
    stage = here.launch.stage

    def catch_up() -> None:
        # The launch may have gone on between the drawing and the moment from which changes are heard.
        if here.launch.stage is not stage:
            here.announce()

    ft.use_effect(catch_up, [stage])
    if stage is Stage.OPENING:
        turning = ft.ProgressRing(width=48, height=48)
        return [Shown("/", lambda: ft.Container(turning, alignment=ft.Alignment.CENTER, expand=True))]
    if stage is not Stage.READY:
        from app.ui.screens.starting import Hindered

        return [Shown("/", lambda: Hindered(here, stage))]
    topmost = place(here.route)
    if here.tablet.notebook is None:
        return [Shown("/pair", lambda: _pairing(here, topmost, again=False))]
    if topmost.screen is Screen.PAIR:
        return [Shown("/pair", lambda: _pairing(here, topmost, again=True))]
    person = f"paired-{here.notebook.identity.device_id}"
    stacked = [Shown("/", lambda: keyed(Paired, person)(here, here.last_tab))]
    if topmost.screen not in TABS:
        stacked.extend(_over_main(here, route) for route in (*here.trail.passed(here.route), here.route))
    return stacked


def _over_main(here: Surroundings, route: str) -> Shown:
    shown = place(route)
    # What is chosen above a form is to stand in it at once.
    return Shown(route, lambda: keyed(_lasting, route)(here, shown), follows=shown.screen is Screen.CAPTURE)


def _pairing(here: Surroundings, shown: Place, *, again: bool) -> ft.Control:
    from app.ui.screens.pairing import Pairing

    code = shown.asked("code") or ""
    # Another link with another code is another form: the same one would keep the old code in its field.
    return keyed(Pairing, f"pairing-{again}-{code}")(here, code, again)


@component
def Paired(here: Surroundings, tab: Screen) -> ft.Control:
    """The main screens with the navigation; before them the first reading, instead of them the seal."""
    notebook = here.notebook
    sealed = use_reading(notebook, lambda: notebook.is_sealed)
    ready = use_reading(notebook, lambda: here.tablet.first_sync_done)
    if sealed:
        from app.ui.screens.starting import Sealed

        return Sealed(here)
    if here.tablet.damage_is_news:
        from app.ui.screens.damaged import Damaged

        return Damaged(here)
    if not ready:
        from app.ui.screens.starting import FirstReading

        return FirstReading(here)
    return _lasting_main(here, tab)


@component
def Main(here: Surroundings, tab: Screen) -> ft.Control:
    """A main screen with the navigation."""
    use_reading(here, lambda: here.edition)
    notebook = here.notebook
    unread = use_reading(notebook, notebook.count_unread)
    content = ft.Container(_tab(here, tab), expand=True, key=tab.value)
    route = TABS[tab]
    if is_wide(here.page):
        return ft.Row(
            [rail(here, route, unread), content],
            spacing=0,
            expand=True,
            vertical_alignment=ft.CrossAxisAlignment.STRETCH,
        )
    inset = here.page.media.padding.bottom
    return ft.Stack(
        [
            ft.Container(content, left=0, right=0, top=0, bottom=bar_height(here.page) + inset),
            bar(here, route, unread),
        ],
        expand=True,
    )


@component
def OverMain(here: Surroundings, shown: Place) -> ft.Control:
    """A screen that lies over a main one."""
    use_reading(here, lambda: here.edition)
    return _screen(here, shown)


# What another screen comes to lie over stays as it is: drawing it again would hold up what is to be seen.
_lasting_main: Callable[..., ft.Control] = ft.memo(Main)  # type: ignore[no-untyped-call]
_lasting: Callable[..., ft.Control] = ft.memo(OverMain)  # type: ignore[no-untyped-call]


def _tab(here: Surroundings, tab: Screen) -> ft.Control:
    # Only the first screen is loaded at the start; every other one when it is first asked for.
    if tab is Screen.CUSTOMERS:
        from app.ui.screens.customers import Customers

        return Customers(here)
    if tab is Screen.OBSERVATIONS:
        from app.ui.screens.observations import Observations

        return Observations(here)
    if tab is Screen.ME:
        from app.ui.screens.me import Me

        return Me(here)
    return Today(here)


def _screen(here: Surroundings, shown: Place) -> ft.Control:  # noqa: PLR0911, PLR0912  one return per screen
    if shown.screen is Screen.LOG:
        from app.ui.screens.sync_log import SyncLogScreen

        return SyncLogScreen(here)
    if shown.screen is Screen.VISITS:
        from app.ui.screens.visits import VisitsScreen

        return VisitsScreen(here)
    if shown.screen is Screen.PLAN_VISIT:
        from app.ui.screens.plan_visit import PlanVisitScreen

        visit_id, customer_id = shown.asked_id("visit"), shown.asked_id("customer")
        return keyed(PlanVisitScreen, f"plan-{visit_id}-{customer_id}")(here, visit_id, customer_id)
    if shown.screen is Screen.TASKS:
        from app.ui.screens.tasks import TasksScreen

        return TasksScreen(here)
    if shown.screen is Screen.DAY:
        from app.ui.screens.day import DayScreen

        return keyed(DayScreen, f"day-{shown.asked('on')}")(here, shown.asked("on"))
    if shown.screen is Screen.DAY_LIST:
        from app.ui.screens.day_list import DayListScreen

        return keyed(DayListScreen, f"day-list-{shown.asked('on')}")(here, shown.asked("on"))
    if shown.screen is Screen.SCAN:
        from app.ui.screens.scan import ScanScreen

        return ScanScreen(here, shown.asked("customer"), shown.asked("draft"))
    if shown.id is None:
        return ft.Container()
    key = f"{shown.screen.value}-{shown.id}"
    if shown.screen is Screen.CUSTOMER:
        from app.ui.screens.customer import CustomerScreen

        return keyed(CustomerScreen, key)(here, shown.id)
    if shown.screen is Screen.VISIT:
        from app.ui.screens.visit import VisitScreen

        return keyed(VisitScreen, key)(here, shown.id)
    if shown.screen is Screen.CAPTURE and not here.is_sent(shown.id):
        from app.ui.screens.capture import Capture

        return keyed(Capture, key)(here, shown.id)
    if shown.screen is Screen.CAMERA:
        from app.ui.screens.camera import CameraScreen

        return keyed(CameraScreen, key)(here, shown.id, shown.asked("for"))
    if shown.screen is Screen.PHOTO and shown.within is not None:
        from app.ui.screens.photo import PhotoScreen

        return keyed(PhotoScreen, f"{key}-{shown.within}")(here, shown.id, shown.within)
    if shown.screen is Screen.SIGN:
        from app.ui.screens.sign import SignScreen

        question = shown.asked("for") or ""
        return keyed(SignScreen, f"{key}-{question}")(here, shown.id, question)
    if shown.screen in OVER_CAPTURE:
        from app.ui.screens import choosing

        screens = {
            Screen.CHOOSE_CUSTOMER: choosing.ChooseCustomer,
            Screen.CHOOSE_ASSET: choosing.ChooseAsset,
            Screen.CHOOSE_CONTACT: choosing.ChooseContact,
        }
        return keyed(screens[shown.screen], key)(here, shown.id)
    from app.ui.screens.observation import ObservationScreen

    return keyed(ObservationScreen, key)(here, shown.id, shown.asked("answer") is not None)
