"""Tagesabschluss: a minute before going home: what is unfinished, what wants a word, what goes out, the day's list."""

from datetime import date, timedelta

import flet as ft

from app.i18n import t, tn
from app.i18n.times import long_day, when
from app.state.day_review import DayReview
from app.state.views import Draft, ObservationRow
from app.ui import words
from app.ui.components.buttons import primary
from app.ui.components.cards import line, lines, notice
from app.ui.components.chips import chip, choice
from app.ui.components.frame import bottom, columns, head, is_phone, is_wide, part, scrolled
from app.ui.components.observation_row import title
from app.ui.components.step_in_review import ReviewedStep
from app.ui.components.transfer_banner import TransferBanner
from app.ui.components.type import section
from app.ui.day_paper import left_out_words
from app.ui.following import use_changes
from app.ui.guard import component, keyed
from app.ui.surroundings import Surroundings
from app.ui.theme import Tone

_SHOWN = 20
"""Rows of one part at most: whoever has more finds all of them under "Meldungen"."""


def day_of(here: Surroundings, asked: str | None) -> date:
    """The day that an address means: today, or the day before for whoever goes home past midnight."""
    today = here.now().astimezone().date()
    return today - timedelta(days=1) if asked == "yesterday" else today


@component
def DayScreen(here: Surroundings, asked: str | None) -> ft.Control:
    """The day's review."""
    use_changes(here.notebook)
    day = day_of(here, asked)
    review = here.notebook.day_review(day)
    left = [
        _days(here, asked),
        _drafts(here, review),
        _steps(here, review),
    ]
    right = [
        part(section(t("Geht noch hinaus")), TransferBanner(here), _unsent(here, review)),
        _list(here, review, asked),
    ]
    handing_in = ft.Container(
        primary(
            t("Tagesliste ansehen und abgeben"),
            lambda: here.go(f"/day/list{'?on=yesterday' if asked == 'yesterday' else ''}"),
            icon=ft.Icons.IOS_SHARE,
            identifier="day-list",
            expand=True,
        ),
        expand=True,
    )
    return ft.Column(
        [
            scrolled(
                here.page,
                columns(here.page, left, right),
                pinned=head(
                    t("Tagesabschluss"), f"{long_day(day)} · {_left(review)}", on_back=lambda: here.go("/")
                ),
                wide=is_wide(here.page),
                key="day",
            ),
            bottom(here.page, ft.Row([handing_in])),
        ],
        spacing=0,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _left(review: DayReview) -> str:
    count = review.unfinished + review.unanswered
    return tn("noch {count} Punkt", "noch {count} Punkte", count) if count else t("alles besprochen")


def _days(here: Surroundings, asked: str | None) -> ft.Control:
    choices = [
        choice(
            name,
            lambda route=route: here.go(route),  # type: ignore[misc]
            chosen=chosen,
            identifier=identifier,
        )
        for name, route, chosen, identifier in (
            (t("Heute"), "/day", asked != "yesterday", "day-today"),
            (t("Gestern"), "/day?on=yesterday", asked == "yesterday", "day-yesterday"),
        )
    ]
    return ft.Row(choices, spacing=10)


def _drafts(here: Surroundings, review: DayReview) -> ft.Control:
    rows = [_draft(here, draft) for draft in review.drafts[:_SHOWN]]
    rows += [_answer_begun(here, row) for row in review.answers_begun[:_SHOWN]]
    if not rows:
        return part(section(t("Noch zu Ende schreiben")), _fine(t("Kein Entwurf ist offen.")))
    return part(section(t("Noch zu Ende schreiben")), lines(rows))


def _draft(here: Surroundings, draft: Draft) -> ft.Control:
    text = (draft.heard or draft.seen or draft.concluded or draft.next_step).strip().split("\n", 1)[0]
    customer = here.notebook.customer(draft.customer_id) if draft.customer_id else None
    facts = [
        customer.customer.name if customer else t("Kunde noch offen"),
        words.kind(draft.kind, here.notebook.template(draft)),
        when(draft.updated_at, here.now()),
    ]
    return line(
        text or t("Noch ohne Text"),
        " · ".join(facts),
        icon=ft.Icons.EDIT_OUTLINED,
        chevron=True,
        narrow=is_phone(here.page),
        on_click=lambda: here.edit(draft),
        identifier=f"day-draft-{draft.id}",
        key=str(draft.id),
    )


def _answer_begun(here: Surroundings, row: ObservationRow) -> ft.Control:
    return line(
        title(row),
        t("Antwort an den Innendienst begonnen, nicht gesendet"),
        icon=ft.Icons.FORUM_OUTLINED,
        chevron=True,
        narrow=is_phone(here.page),
        on_click=lambda: here.go(f"/observations/{row.id}?answer=1"),
        identifier=f"day-answer-{row.id}",
        key=f"answer-{row.id}",
    )


def _steps(here: Surroundings, review: DayReview) -> ft.Control:
    rows = [
        keyed(ReviewedStep, f"step-{shown.step.observation_id}")(here, shown, review.day)
        for shown in review.steps[:_SHOWN]
    ]
    heading = section(t("Nächste Schritte: stimmt das so?"))
    return part(
        heading, lines(rows) if rows else _fine(t("Kein nächster Schritt wartet auf ein Wort von dir."))
    )


def _unsent(here: Surroundings, review: DayReview) -> ft.Control | None:
    if not review.unsent:
        return None
    return lines([
        line(
            title(row),
            row.customer_name,
            trailing=[
                chip(words.progress(row), words.progress_tone(row.progress), words.progress_icon(row.progress))
            ],
            narrow=True,
            on_click=lambda key=row.id: here.go(f"/observations/{key}"),  # type: ignore[misc]
            identifier=f"day-unsent-{row.id}",
            key=str(row.id),
        )
        for row in review.unsent[:_SHOWN]
    ])  # fmt: skip


def _list(here: Surroundings, review: DayReview, asked: str | None) -> ft.Control:
    count = len(review.handed.entries)
    facts = [tn("{count} Eintrag", "{count} Einträge", count) if count else t("noch nichts erfasst")]
    left_out = left_out_words(review)
    if left_out:
        facts.append(t("nicht enthalten: {what}", what=", ".join(left_out)))
    return part(
        section(t("Tagesliste")),
        lines([
            line(
                t("Was du heute erfasst hast, mit Uhrzeit, zum Abgeben")
                if asked != "yesterday"
                else t("Was du gestern erfasst hast, mit Uhrzeit, zum Abgeben"),
                " · ".join(facts),
                icon=ft.Icons.LIST_ALT,
                wrap_second=True,
            )
        ]),
    )  # fmt: skip


def _fine(sentence: str) -> ft.Control:
    return notice(Tone.GOOD, ft.Icons.CHECK_CIRCLE_OUTLINE, sentence)
