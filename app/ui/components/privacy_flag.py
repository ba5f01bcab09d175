"""The GDPR flag of an observation: which sort of personal data, for which purpose, until when."""

from datetime import timedelta

import flet as ft

from app.i18n import t
from app.i18n.times import short_day
from app.state.drafting import DraftEditor
from app.ui import words
from app.ui.components.cards import card
from app.ui.components.chips import choice
from app.ui.components.fields import text_field
from app.ui.components.next_step import pick_day
from app.ui.components.touch import Handler, touchable
from app.ui.components.type import body, secondary
from app.ui.following import use_reading
from app.ui.guard import component
from app.ui.surroundings import Surroundings
from app.ui.theme import FIELD_RADIUS, Tone, look
from protocol.observation import FlagKind

_USUAL_DAYS = 90
"""A quarter: what most purposes need at most."""


@component
def PrivacyFlag(here: Surroundings, editor: DraftEditor) -> ft.Control:
    """One line while there is no flag; the questions once there is one."""
    kind = use_reading(editor, lambda: editor.draft.flag_kind)
    purpose = use_reading(editor, lambda: editor.draft.flag_purpose)
    expires = use_reading(editor, lambda: editor.draft.flag_expires_on)
    problems = use_reading(editor, lambda: editor.problems)
    asked, ask = ft.use_state(False)
    if kind is None and not asked:
        return _closed(lambda: ask(True))

    def remove() -> None:
        ask(False)
        editor.change(flag_kind=None, flag_purpose="", flag_expires_on=None)

    quarter = here.now().astimezone().date() + timedelta(days=_USUAL_DAYS)

    def mark(value: FlagKind) -> None:
        # What Art. 9 protects is never kept without an end, unless somebody says so.
        protected = value is FlagKind.SPECIAL_CATEGORY and kind is not value
        editor.change(flag_kind=value, **({"flag_expires_on": expires or quarter} if protected else {}))

    problem = next((p for p in problems if p.field.startswith("flag")), None)
    rows: list[ft.Control] = [
        ft.Row(
            [
                ft.Icon(ft.Icons.PRIVACY_TIP_OUTLINED, size=26, color=look().text),
                body(t("Enthält die Meldung Persönliches?"), bold=True, expand=True),
            ],
            spacing=12,
        ),
        ft.Row(
            [
                choice(
                    t("Nein"),
                    remove,
                    chosen=kind is None,
                    identifier="flag-none",
                ),
                *[
                    choice(
                        words.flag(value),
                        lambda value=value: mark(value),  # type: ignore[misc]
                        chosen=value is kind,
                        identifier=f"flag-{value.value}",
                        tone=Tone.HINT,
                    )
                    for value in FlagKind
                ],
            ],
            spacing=10,
            run_spacing=10,
            wrap=True,
        ),
    ]
    if kind is not None:
        rows += [
            secondary(words.flag_readers(kind)),
            text_field(
                purpose,
                lambda value: editor.change(flag_purpose=value),
                label=t("Wofür wird es gebraucht?"),
                identifier="flag-purpose",
                error=words.draft_problem(problem) if problem else None,
                on_blur=lambda: here.spawn(editor.flush()),
                key="flag-purpose",
            ),
            ft.Row(
                [
                    choice(
                        text,
                        lambda text=text: editor.change(flag_purpose=text),  # type: ignore[misc]
                        chosen=purpose == text,
                        identifier=f"purpose-{index}",
                        tone=Tone.CONTAINER,
                    )
                    for index, text in enumerate(words.purposes())
                ],
                spacing=10,
                run_spacing=10,
                wrap=True,
            ),
            secondary(
                t("Bis wann wird es gebraucht? Danach ist es zu löschen; der Innendienst sieht den Tag.")
            ),
            ft.Row(
                [
                    choice(
                        t("ohne Ende"),
                        lambda: editor.change(flag_expires_on=None),
                        chosen=expires is None,
                        identifier="expires-never",
                        tone=Tone.CONTAINER,
                    ),
                    choice(
                        t("3 Monate"),
                        lambda: editor.change(flag_expires_on=quarter),
                        chosen=expires == quarter,
                        identifier="expires-quarter",
                        tone=Tone.CONTAINER,
                    ),
                    choice(
                        t("bis {day}", day=short_day(expires))
                        if expires not in (None, quarter)
                        else t("anderer Tag …"),
                        lambda: pick_day(here, expires, lambda day: editor.change(flag_expires_on=day)),
                        chosen=expires not in (None, quarter),
                        icon=ft.Icons.EVENT_OUTLINED,
                        identifier="expires-other",
                        tone=Tone.CONTAINER,
                    ),
                ],
                spacing=10,
                run_spacing=10,
                wrap=True,
            ),
        ]
    return card(rows, padding=18, spacing=12)


def _closed(on_open: Handler) -> ft.Control:
    pair = look().hint
    return touchable(
        ft.Row(
            [
                ft.Icon(ft.Icons.PRIVACY_TIP_OUTLINED, size=26, color=pair.text),
                ft.Column(
                    [
                        body(t("Namen, Telefonnummern, Persönliches?"), bold=True, color=pair.text),
                        secondary(
                            t("Hier kennzeichnen, damit es geschützt bleibt (DSGVO)."), color=pair.text
                        ),
                    ],
                    spacing=2,
                    tight=True,
                    expand=True,
                ),
                ft.Text(t("Kennzeichnen"), size=17, weight=ft.FontWeight.BOLD, color=pair.text),
            ],
            spacing=14,
        ),
        on_open,
        identifier="flag-open",
        radius=FIELD_RADIUS,
        padding=ft.Padding.symmetric(horizontal=18, vertical=12),
        bgcolor=pair.ground,
    )
