"""The list of a day as it is handed in: shown first, then given away as PDF or as text."""

import asyncio

import flet as ft

from app.device.sharing import ShareFiles, can_share, file_to_share
from app.i18n import language, t
from app.paper.layout import Block, Role
from app.paper.plain import as_text
from app.ui import day_paper
from app.ui.components.buttons import outlined, primary, quiet
from app.ui.components.cards import card
from app.ui.components.frame import bottom, head, is_phone, is_wide, scrolled
from app.ui.components.type import body, secondary, section
from app.ui.following import use_changes
from app.ui.guard import component
from app.ui.screens.day import day_of
from app.ui.surroundings import Surroundings
from app.ui.text_size import text_scale
from app.ui.theme import GAP, look

_PDF, _TEXT = "application/pdf", "text/plain"


@component
def DayListScreen(here: Surroundings, asked: str | None) -> ft.Control:
    """The list, and the ways to give it away."""
    use_changes(here.notebook)
    made, set_made = ft.use_state(None)
    day = day_of(here, asked)
    blocks = day_paper.blocks(here.notebook, here.notebook.day_review(day), here.now())
    # The minute in which it is made stands on the paper: that alone makes no other one.
    matter = (language(), *blocks[:1], *blocks[2:])

    async def make() -> None:
        await asyncio.sleep(0)  # the list is on the glass before the paper is written
        from app.paper.pdf import as_pdf

        pdf = as_pdf(
            blocks,
            title=day_paper.title(day),
            author=here.notebook.identity.user_name,
            language=language(),
            made_at=here.now().astimezone(),
            foot=lambda page, pages: day_paper.foot(here.notebook, day, page, pages),
        )
        files = (
            (day_paper.file_name(day, "pdf"), pdf, _PDF),
            (day_paper.file_name(day, "txt"), as_text(blocks).encode("utf-8"), _TEXT),
        )
        set_made(lambda _: files)

    def begin() -> None:
        here.spawn(make())

    ft.use_effect(begin, [matter])
    return ft.Column(
        [
            scrolled(
                here.page,
                card([_shown(block, narrow=is_phone(here.page)) for block in blocks[1:]], spacing=8),
                pinned=head(
                    day_paper.title(day), on_back=lambda: here.go(f"/day?on={asked}" if asked else "/day")
                ),
                wide=is_wide(here.page),
                key="day-list",
            ),
            _ways(here, made),
        ],
        spacing=0,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _shown(block: Block, *, narrow: bool) -> ft.Control:
    text = "".join(run.text for run in block.runs)
    if block.role is Role.HEADING:
        return ft.Container(section(text), padding=ft.Padding.only(top=10))
    if block.small:
        return secondary(text)
    words = ft.Text(
        spans=[
            ft.TextSpan(text=run.text, style=ft.TextStyle(weight=ft.FontWeight.BOLD) if run.strong else None)
            for run in block.runs
        ],
        size=17,
        color=look().text,
        expand=True,
    )
    if not (block.aside or block.indented):
        return words
    return ft.Row(
        [ft.Container(body(block.aside, bold=True), width=(56 if narrow else 68) * text_scale()), words],
        spacing=0,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def _ways(here: Surroundings, made: tuple[tuple[str, bytes, str], ...] | None) -> ft.Control:
    if made is None:
        return bottom(here.page, primary(t("Wird geschrieben …"), None, identifier="share-pdf", busy=True))
    sharing = can_share(here.page, is_web=here.launch.platform.is_web)
    pdf, text = made

    def save(file: tuple[str, bytes, str]) -> None:
        here.spawn(_save(here, file[0], file[1]))

    def way(file: tuple[str, bytes, str]) -> ShareFiles | None:
        return ShareFiles([file_to_share(*file)], title=file[0]) if sharing else None

    buttons: list[ft.Control] = [
        ft.Container(
            primary(
                t("PDF abgeben"),
                None if sharing else lambda: save(pdf),
                icon=ft.Icons.PICTURE_AS_PDF_OUTLINED,
                identifier="share-pdf",
                action=way(pdf),
                expand=True,
            ),
            expand=3,
        ),
        ft.Container(
            outlined(
                t("Als Text"),
                None if sharing else lambda: save(text),
                icon=ft.Icons.NOTES,
                identifier="share-text",
                action=way(text),
                expand=True,
            ),
            expand=2,
        ),
    ]
    row: ft.Control = ft.Row(buttons, spacing=GAP)
    if not sharing:
        return bottom(here.page, row)
    file = quiet(
        t("PDF als Datei sichern"),
        lambda: save(pdf),
        identifier="save-pdf",
        icon=ft.Icons.DOWNLOAD_OUTLINED,
    )
    return bottom(
        here.page,
        ft.Column([row, file], spacing=4, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
    )


async def _save(here: Surroundings, name: str, data: bytes) -> None:
    await here.files.save(name, data)
    here.say(t("Datei {name} geschrieben.", name=name))
