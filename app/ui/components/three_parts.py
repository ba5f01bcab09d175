"""Said, seen, concluded: three texts kept apart, with what is in each visible at a glance."""

from collections.abc import Callable
from enum import StrEnum

import flet as ft

from app.i18n import t
from app.state.drafting import DraftEditor
from app.ui import words
from app.ui.components.fields import text_field
from app.ui.components.frame import is_phone
from app.ui.components.touch import touchable
from app.ui.following import use_reading
from app.ui.guard import component
from app.ui.surroundings import Surroundings
from app.ui.text_size import is_crowded, shortened
from app.ui.theme import FIELD_RADIUS, look
from protocol.fields import clean_text


class Part(StrEnum):
    """Where a text belongs; named like the fields of a draft."""

    HEARD = "heard"
    SEEN = "seen"
    CONCLUDED = "concluded"


@component
def ThreeParts(here: Surroundings, editor: DraftEditor) -> ft.Control:
    """The three segments and the field of the chosen one."""
    chosen, choose = ft.use_state(_first_part(editor))
    switched, set_switched = ft.use_state(False)
    kind = use_reading(editor, lambda: editor.draft.kind)
    problems = use_reading(editor, lambda: editor.problems)
    # What is written elsewhere changes only while it is chosen, so the segments need no redrawing at keystrokes.
    use_reading(editor, lambda: tuple(bool(_text(editor, part).strip()) for part in Part))

    def pick(part: Part) -> None:
        set_switched(True)
        choose(part)

    prompt = dict(zip(Part, words.kind_question(kind, here.notebook.template(editor.draft)), strict=True))[
        chosen
    ]
    problem = next((p for p in problems if p.field in (chosen.value, "")), None)
    return ft.Column(
        [
            ft.Container(
                content=_in_line(
                    [
                        _segment(here, editor, part, part is chosen, last=part is Part.CONCLUDED, pick=pick)
                        for part in Part
                    ]
                ),
                border=ft.Border.all(1, look().strong_outline),
                border_radius=FIELD_RADIUS,
                clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
            ),
            text_field(
                _text(editor, chosen),
                lambda value: editor.change(**{chosen.value: clean_text(value)}),
                label=prompt,
                identifier="capture-text",
                lines=4,
                error=words.draft_problem(problem) if problem else None,
                on_blur=lambda: here.spawn(editor.flush()),
                autofocus=switched,
                key=f"text-{chosen.value}",
            ),
        ],
        spacing=14,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _in_line(segments: list[ft.Control]) -> ft.Control:
    if is_crowded():
        return ft.Column(segments, spacing=0, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    return ft.Row(segments, spacing=0)


def _first_part(editor: DraftEditor) -> Part:
    return next((part for part in Part if _text(editor, part)), Part.HEARD)


def _text(editor: DraftEditor, part: Part) -> str:
    return str(getattr(editor.draft, part.value))


def _segment(
    here: Surroundings,
    editor: DraftEditor,
    part: Part,
    chosen: bool,
    *,
    last: bool,
    pick: Callable[[Part], None],
) -> ft.Control:
    colours = look()
    name, icon = {
        Part.HEARD: (t("Gehört"), ft.Icons.HEARING),
        Part.SEEN: (t("Gesehen"), ft.Icons.VISIBILITY_OUTLINED),
        Part.CONCLUDED: (t("Mein Schluss"), ft.Icons.PSYCHOLOGY_OUTLINED),
    }[part]
    ink = colours.container.text if chosen else colours.section
    written = _text(editor, part).strip()
    snippet = written.split("\n", 1)[0] if written else t("noch leer")
    if chosen and written:
        snippet = t("du schreibst")
    phone = is_phone(here.page)
    heading: list[ft.Control] = [
        ft.Text(name, size=16 if phone else 17, weight=ft.FontWeight.W_500, color=ink, max_lines=shortened(1))
    ]
    if not phone:
        heading.insert(0, ft.Icon(icon, size=24, color=ink))
    if written:
        heading.append(ft.Icon(ft.Icons.CHECK_CIRCLE, size=16 if phone else 18, color=colours.primary.ground))
    return touchable(
        ft.Column(
            [
                ft.Row(heading, spacing=2 if phone else 8, alignment=ft.MainAxisAlignment.CENTER),
                ft.Text(
                    snippet,
                    size=16,
                    color=colours.container.text if chosen else colours.secondary,
                    # It repeats what the field below shows: the first line of it is enough, also in large text.
                    max_lines=1,
                    overflow=ft.TextOverflow.ELLIPSIS,
                    text_align=ft.TextAlign.CENTER,
                ),
            ],
            spacing=2,
            alignment=ft.MainAxisAlignment.CENTER,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        lambda: pick(part),
        label=f"{name}: {snippet}",
        identifier=f"part-{part.value}",
        selected=chosen,
        radius=0,
        height=66,
        padding=ft.Padding.symmetric(horizontal=2 if phone else 8),
        bgcolor=colours.container.ground if chosen else colours.surface,
        border=None if last else _edge(),
        expand=None if is_crowded() else True,
    )


def _edge() -> ft.Border:
    side = ft.BorderSide(1, look().strong_outline)
    return ft.Border.only(bottom=side) if is_crowded() else ft.Border.only(right=side)
