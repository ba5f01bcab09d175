"""Meldungen: the technician's observations, how far each has come, and what inside sales asks."""

from collections.abc import Callable
from uuid import UUID

import flet as ft

from app.i18n import t
from app.state.views import ObservationRow, Progress
from app.ui.components.buttons import symbol
from app.ui.components.cards import empty, framed
from app.ui.components.chips import choice
from app.ui.components.fields import search_field
from app.ui.components.frame import head, headed_list, is_phone, stack
from app.ui.components.observation_row import row_of
from app.ui.components.touch import touchable
from app.ui.following import use_changes
from app.ui.guard import component
from app.ui.surroundings import Surroundings
from app.ui.theme import look
from protocol.rules.search import fold, matches

_PAGE = 40
"""Rows drawn at first and added each time more are asked for."""

_ON_TABLET = frozenset({Progress.DRAFT, Progress.WAITING, Progress.SENDING, Progress.REFUSED})
_WITH_SALES = frozenset({Progress.RECEIVED, Progress.PHOTOS, Progress.IN_REVIEW})
_ASKED = frozenset({Progress.QUESTION})
_DONE = frozenset(
    {
        Progress.ACCEPTED, Progress.REJECTED, Progress.DUPLICATE,
        Progress.HANDED_OVER, Progress.OFFERED, Progress.WON, Progress.LOST,
    }
)  # fmt: skip


@component
def Observations(here: Surroundings) -> ft.Control:
    """The list of the technician's observations."""
    use_changes(here.notebook)
    chosen, choose = ft.use_state("all")
    query, set_query = ft.use_state("")
    searching, set_searching = ft.use_state(False)
    limit, set_limit = ft.use_state(_PAGE)
    open_row = ft.use_callback(lambda key: _open(here, key), [id(here)])
    answer_row = ft.use_callback(lambda key: here.go(f"/observations/{key}?answer=1"), [id(here)])
    rows = here.notebook.observations()
    groups = {
        "all": (t("Alle"), None),
        "tablet": (t("Auf dem Tablet"), _ON_TABLET),
        "sales": (t("Beim Innendienst"), _WITH_SALES),
        "asked": (t("Rückfragen"), _ASKED),
        "done": (t("Erledigt"), _DONE),
    }
    wanted = groups[chosen][1]
    folded = fold(query)
    shown = [
        row
        for row in rows
        if (wanted is None or row.progress in wanted)
        and (not folded or matches(folded, fold(f"{row.title} {row.customer_name}")))
    ]
    above = stack(
        head(
            t("Meine Meldungen"),
            trailing=[
                symbol(
                    ft.Icons.CLOSE if searching else ft.Icons.SEARCH,
                    t("Suche schließen") if searching else t("Suchen"),
                    lambda: (set_searching(not searching), set_query("")),
                    identifier="observation-search-toggle",
                )
            ],
        ),
        search_field(query, set_query, label=t("Kunde oder Text"), identifier="observation-search")
        if searching
        else None,
        ft.Row(
            [
                choice(
                    f"{name} {_count(rows, states)}",
                    _pick(choose, key),
                    chosen=key == chosen,
                    identifier=f"filter-{key}",
                )
                for key, (name, states) in groups.items()
            ],
            spacing=10,
            run_spacing=10,
            wrap=True,
        ),
    )
    more = touchable(
        ft.Text(t("Weitere anzeigen"), size=17, weight=ft.FontWeight.BOLD, color=look().container.text),
        lambda: set_limit(limit + _PAGE),
        identifier="observations-more",
        height=56,
        alignment=ft.Alignment.CENTER,
    )
    listed = _list(here, shown[:limit], open_row, answer_row)
    return ft.Container(
        content=headed_list(
            here.page,
            above,
            [*listed, more] if len(shown) > limit else listed,
            key=f"observations-{chosen}",
        ),
        expand=True,
    )


def _pick(choose: Callable[[str], None], key: str) -> Callable[[], None]:
    return lambda: choose(key)


def _open(here: Surroundings, key: UUID) -> None:
    row = next((row for row in here.notebook.observations() if row.id == key), None)
    if row is not None and row.progress is Progress.DRAFT:
        draft = here.notebook.draft(key)
        if draft is not None:
            here.edit(draft)
            return
    here.go(f"/observations/{key}")


def _count(rows: tuple[ObservationRow, ...], states: frozenset[Progress] | None) -> int:
    return len(rows) if states is None else sum(row.progress in states for row in rows)


def _list(
    here: Surroundings,
    shown: list[ObservationRow],
    open_row: Callable[[UUID], None],
    answer_row: Callable[[UUID], None],
) -> list[ft.Control]:
    if not shown:
        return [
            empty(
                ft.Icons.OUTBOX_OUTLINED,
                t("Hier ist noch nichts."),
                t("Was du erfasst, erscheint hier mit dem, was daraus wird."),
            )
        ]
    now = here.now()
    last = len(shown) - 1
    return [
        framed(
            row_of(row, now, here.notebook.asked, open_row, answer_row, narrow=is_phone(here.page)),
            first=index == 0,
            last=index == last,
            key=str(row.id),
        )
        for index, row in enumerate(shown)
    ]
