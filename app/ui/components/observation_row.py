"""An observation in a list: title, where it belongs, how far it has come in words and in four parts."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import flet as ft

from app.i18n import language, t, tn
from app.i18n.times import when
from app.state.views import ObservationRow, Progress
from app.ui import words
from app.ui.components.buttons import quiet
from app.ui.components.cards import notice
from app.ui.components.chips import chip
from app.ui.components.touch import touchable
from app.ui.components.type import body, secondary
from app.ui.guard import component
from app.ui.theme import Tokens, Tone, look
from protocol.template import Template

STAGES = 4


def four_parts(stage: int, *, failed: bool) -> ft.Control:
    """On the tablet, received, with sales, decided: as many parts filled as are reached."""
    colours = look()
    names = (t("auf dem Tablet"), t("empfangen"), t("beim Innendienst"), t("entschieden"))
    parts: list[ft.Control] = []
    for index in range(STAGES):
        reached = index < stage
        fill = colours.primary.ground if reached else colours.outline
        if failed and index == stage - 1:
            fill = colours.bad_strong
        parts.append(ft.Container(height=6, bgcolor=fill, border_radius=3, expand=True))
    label = t(
        "Schritt {stage} von {stages}: {name}",
        stage=max(stage, 1),
        stages=STAGES,
        name=names[max(stage, 1) - 1],
    )
    return ft.Semantics(content=ft.Row(parts, spacing=6), label=label, exclude_semantics=True)


def failed(progress: Progress) -> bool:
    """Whether the last step went against the observation."""
    return progress in (Progress.REJECTED, Progress.REFUSED, Progress.LOST)


def title(row: ObservationRow) -> str:
    """What stands in the first line."""
    if row.title:
        return row.title
    return attached(row) or t("Noch ohne Text")


def attached(row: ObservationRow) -> str:
    """How many photos, voice notes and signatures it has; "" without any."""
    photos = row.photos_total - row.voices - row.signatures
    parts = [tn("{count} Foto", "{count} Fotos", photos)] if photos else []
    if row.voices:
        parts.append(tn("{count} Sprachnotiz", "{count} Sprachnotizen", row.voices))
    if row.signatures:
        parts.append(tn("{count} Unterschrift", "{count} Unterschriften", row.signatures))
    return ", ".join(parts)


@component
def _Row(  # noqa: PLR0917  a memo compares its arguments one by one
    row: ObservationRow,
    today_at: datetime,
    on_open: Callable[[UUID], None],
    on_answer: Callable[[UUID], None],
    called: str,
    spoken: str,
    colours: Tokens,
    narrow: bool,
    with_customer: bool,
) -> ft.Control:
    """One row. `spoken` and `colours` are part of the arguments because a memo compares nothing else."""
    del spoken, colours
    # The moment by which lists are sorted: another one beside it would look like a wrong order.
    facts = [called, when(row.recorded_at or row.changed_at, today_at)]
    if with_customer:
        facts.insert(0, row.customer_name or t("Kunde noch offen"))
    if row.photos_total:
        facts.append(attached(row))
    chips: list[ft.Control] = []
    if row.urgent:
        chips.append(chip(t("Dringend"), Tone.BAD, ft.Icons.PRIORITY_HIGH))
    if row.conflict:
        chips.append(chip(t("Zwei Fassungen"), Tone.HINT, ft.Icons.COMPARE_ARROWS))
    if row.has_draft and row.progress is not Progress.DRAFT:
        chips.append(chip(t("Entwurf"), Tone.NEUTRAL, ft.Icons.EDIT_OUTLINED))
    if row.photos_missing:
        name = t("Anhang fehlt") if row.voices or row.signatures else t("Foto fehlt")
        chips.append(chip(name, Tone.BAD, ft.Icons.NO_PHOTOGRAPHY_OUTLINED))
    chips.append(
        chip(words.progress(row), words.progress_tone(row.progress), words.progress_icon(row.progress))
    )
    shown_chips = (
        ft.Row(chips, spacing=8, run_spacing=6, wrap=True, tight=True)
        if len(chips) > 1 or narrow
        else chips[0]
    )
    headline: list[ft.Control] = [body(title(row), bold=True, max_lines=2, expand=True)]
    if row.unread:
        headline.insert(
            0,
            ft.Semantics(
                content=ft.Container(width=12, height=12, border_radius=6, bgcolor=look().primary.ground),
                label=t("Neu"),
            ),
        )
    head = touchable(
        ft.Column(
            [
                ft.Row(
                    [
                        ft.Column(
                            [
                                ft.Row(headline, spacing=10),
                                secondary(" · ".join(facts), max_lines=2),
                                *(
                                    [ft.Container(shown_chips, padding=ft.Padding.only(top=6))]
                                    if narrow
                                    else []
                                ),
                            ],
                            spacing=2,
                            tight=True,
                            expand=True,
                        ),
                        *([] if narrow else [shown_chips]),
                    ],
                    spacing=14,
                    vertical_alignment=ft.CrossAxisAlignment.CENTER,
                ),
                four_parts(row.stage, failed=failed(row.progress)),
            ],
            spacing=10,
            tight=True,
        ),
        lambda: on_open(row.id),
        identifier=f"observation-{row.id}",
        radius=0,
        padding=ft.Padding.symmetric(horizontal=16 if narrow else 24, vertical=16),
    )
    below: list[ft.Control] = []
    if row.progress is Progress.QUESTION and row.question:
        by = row.question_by or t("Innendienst")
        below.append(
            notice(
                Tone.HINT,
                ft.Icons.FORUM_OUTLINED,
                body(
                    t("„{question}“ · {by}", question=row.question, by=by),
                    color=look().hint.text,
                    max_lines=4,
                ),
                action=quiet(
                    t("Antworten"),
                    lambda: on_answer(row.id),
                    identifier=f"answer-{row.id}",
                    color=look().hint.text,
                ),
            )
        )
    elif row.progress is Progress.REFUSED and row.problem:
        below.append(notice(Tone.BAD, ft.Icons.ERROR_OUTLINED, words.problem(row.problem)))
    if not below:
        return head
    return ft.Column(
        [head, ft.Container(below[0], padding=ft.Padding.only(left=22, right=22, bottom=16))],
        spacing=0,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


_memoized_row: Callable[..., ft.Control] = ft.memo(_Row)  # type: ignore[no-untyped-call]


def row_of(
    row: ObservationRow,
    now: datetime,
    template: Template,
    on_open: Callable[[UUID], None],
    on_answer: Callable[[UUID], None],
    *,
    narrow: bool,
    with_customer: bool = True,
) -> ft.Control:
    """The row, drawn again only when something of it changed; where it is `narrow` its state stands below.

    Args:
        template: says what kinds are called.
    """
    today_at = now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    return _memoized_row(
        row,
        today_at,
        on_open,
        on_answer,
        words.kind(row.kind, template),
        language(),
        look(),
        narrow,
        with_customer,
        key=str(row.id),
    )
