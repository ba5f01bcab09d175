"""One observation: what was written, how far it has come, what inside sales says, and the answer to it."""

from uuid import UUID

import flet as ft

from app.i18n import t, tn
from app.i18n.times import when
from app.state.views import ObservationPage
from app.ui import words
from app.ui.components.buttons import outlined, primary, second
from app.ui.components.cards import card, empty, line, lines, notice
from app.ui.components.chips import chip
from app.ui.components.frame import bottom, columns, head, is_wide, part, scrolled, stack
from app.ui.components.observation_content import content_parts
from app.ui.components.observation_row import failed, four_parts, title
from app.ui.components.outcome import outcome
from app.ui.components.photos import photos_missing
from app.ui.components.thread import thread
from app.ui.components.type import body, secondary, section
from app.ui.following import use_reading
from app.ui.guard import component
from app.ui.screens.taking_out import take_out
from app.ui.surroundings import Surroundings
from app.ui.theme import GAP, Tone, look
from protocol.reference import Revision


@component
def ObservationScreen(here: Surroundings, observation_id: UUID, answering: bool) -> ft.Control:
    """One observation of the technician."""
    # Not at every change of the notebook: an answer being typed is kept there, too.
    shown = use_reading(here.notebook, lambda: here.notebook.observation(observation_id))
    unread = shown is not None and shown.row.unread

    def read() -> None:
        if unread:
            here.spawn(here.notebook.mark_read(observation_id))

    ft.use_effect(read, [observation_id, unread])
    if shown is None:
        return scrolled(
            here.page,
            head(t("Meldung"), on_back=lambda: here.back("/observations")),
            empty(ft.Icons.OUTBOX_OUTLINED, t("Diese Meldung ist nicht (mehr) auf diesem Tablet.")),
        )
    row = shown.row
    facts = [row.customer_name, shown.site_name, words.kind(row.kind, here.notebook.asked)]
    left = [
        _where(here, shown),
        _refused(here, shown),
        photos_missing(row.photos_missing),
        _conflict(here, shown),
        *content_parts(here, shown),
    ]
    right = [thread(here, shown, answering)]
    return ft.Column(
        [
            scrolled(
                here.page,
                columns(here.page, left, right),
                pinned=head(
                    title(row),
                    " · ".join(text for text in facts if text),
                    on_back=lambda: here.back("/observations"),
                ),
                wide=is_wide(here.page),
                key=f"observation-{observation_id}",
            ),
            _actions(here, shown),
        ],
        spacing=0,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _actions(here: Surroundings, shown: ObservationPage) -> ft.Control:
    row = shown.row
    change_id = shown.refused_change_id
    buttons: list[ft.Control] = []
    if change_id is not None:

        async def reopen() -> None:
            here.edit(await here.notebook.reopen_refused(change_id))

        buttons = [
            outlined(
                t("Als Datei sichern"),
                lambda: here.spawn(take_out(here)),
                icon=ft.Icons.DOWNLOAD_OUTLINED,
                identifier="observation-export",
            ),
            ft.Container(
                primary(
                    t("Bearbeiten"),
                    lambda: here.spawn(reopen()),
                    icon=ft.Icons.EDIT_OUTLINED,
                    identifier="observation-reopen",
                    expand=True,
                ),
                expand=True,
            ),
        ]
    else:
        text = t("Entwurf weiterschreiben") if row.has_draft else t("Berichtigen")
        buttons = [
            ft.Container(
                second(
                    text,
                    lambda: here.edit(
                        here.notebook.correction(row.id), stored=here.notebook.draft(row.id) is not None
                    ),
                    icon=ft.Icons.EDIT_OUTLINED,
                    identifier="observation-correct",
                    expand=True,
                ),
                expand=True,
            )
        ]
    return bottom(here.page, ft.Row(buttons, spacing=GAP))


def _where(here: Surroundings, shown: ObservationPage) -> ft.Control:
    row = shown.row
    steps = [
        (t("Auf diesem Tablet gesichert"), True),
        (
            t("Vom Server empfangen"),
            row.stage >= 2,
        ),
        (t("Beim Innendienst"), row.stage >= 3),
        (_decision(shown), row.stage >= 4),
    ]
    colours = look()
    rows: list[ft.Control] = []
    for text, reached in steps:
        ink = colours.text if reached else colours.secondary
        icon = ft.Icons.CHECK_CIRCLE if reached else ft.Icons.RADIO_BUTTON_UNCHECKED
        rows.append(
            ft.Row(
                [
                    ft.Icon(
                        icon, size=24, color=colours.primary.ground if reached else colours.strong_outline
                    ),
                    body(text, color=ink, expand=True),
                ],
                spacing=12,
            )
        )
    if row.photos_total:
        rows.append(
            secondary(
                t("Anhänge beim Server: {done} von {total}", done=row.photos_received, total=row.photos_total)
                if row.voices or row.signatures
                else t(
                    "Fotos beim Server: {done} von {total}", done=row.photos_received, total=row.photos_total
                )
            )
        )
    if shown.revision_count > 1:
        rows.append(
            secondary(tn("{count} Fassung aufgehoben", "{count} Fassungen aufgehoben", shown.revision_count))
        )
    became = outcome(shown, here.notebook.identity.user_name, here.now())
    if became is not None:
        rows.append(became)
    chips: list[ft.Control] = [
        chip(words.progress(row), words.progress_tone(row.progress), words.progress_icon(row.progress))
    ]
    if row.urgent:
        chips.append(chip(t("Dringend"), Tone.BAD, ft.Icons.PRIORITY_HIGH))
    return card(
        [
            ft.Row(chips, spacing=8, run_spacing=8, wrap=True),
            four_parts(row.stage, failed=failed(row.progress)),
            stack(*rows, spacing=10),
        ]
    )


def _decision(shown: ObservationPage) -> str:
    row = shown.row
    if row.stage < 4:
        return t("Entscheidung")
    return words.progress(row)


def _refused(here: Surroundings, shown: ObservationPage) -> ft.Control | None:
    if shown.row.problem is None:
        return None
    return notice(
        Tone.BAD,
        ft.Icons.ERROR_OUTLINED,
        words.problem(shown.row.problem),
        t(
            "Sicher auf diesem Tablet. Du kannst sie bearbeiten und noch einmal senden oder als Datei sichern."
        ),
        identifier="refused-reason",
    )


def _conflict(here: Surroundings, shown: ObservationPage) -> ft.Control | None:
    if not shown.siblings:
        return None
    now = here.now()

    def fact(revision: Revision) -> str:
        return f"{revision.author_name} · {when(revision.recorded_at, now)}"

    return part(
        section(t("Es gibt noch eine Fassung")),
        secondary(t("Beide sind aufgehoben. Mit „Berichtigen“ machst du daraus eine.")),
        lines(
            [
                line(
                    body(revision.content.text or revision.content.title or t("nur Fotos")),
                    fact(revision),
                    icon=ft.Icons.COMPARE_ARROWS,
                    key=str(revision.id),
                )
                for revision in shown.siblings
            ]
        ),
    )
