"""Erfassen: an observation in seconds. Every keystroke is kept; "Gespeichert" is said after the durable commit only."""

from dataclasses import replace
from uuid import UUID

import flet as ft

from app.i18n import t
from app.i18n.times import clock
from app.state.drafting import DraftEditor
from app.state.errors import InvalidDraft
from app.state.views import Draft
from app.ui import words
from app.ui.components.buttons import quiet
from app.ui.components.cards import notice
from app.ui.components.frame import columns, head, is_wide, scrolled, stack
from app.ui.components.kind_tiles import kind_tiles
from app.ui.components.next_step import NextStep
from app.ui.components.photos import PhotoStrip
from app.ui.components.privacy_flag import PrivacyFlag
from app.ui.components.questions import Questions
from app.ui.components.save_bar import SaveBar
from app.ui.components.three_parts import ThreeParts
from app.ui.components.touch import Handler, touchable
from app.ui.components.type import body, secondary
from app.ui.components.voice import VoiceNotes
from app.ui.following import use_reading
from app.ui.guard import component, keyed
from app.ui.surroundings import Surroundings
from app.ui.text_size import beside, ending, is_crowded, is_large, shortened
from app.ui.theme import FIELD_RADIUS, GAP, TOUCH, Tone, look
from protocol.observation import Kind
from protocol.reference import Customer


@component
def Capture(here: Surroundings, draft_id: UUID) -> ft.Control:
    """The form of one draft."""
    editor = here.editor(draft_id)
    draft = use_reading(editor, lambda: _without_texts(editor.draft))
    problems = use_reading(editor, lambda: editor.problems)

    async def done(*, again: bool = False) -> None:
        # Nothing is drawn before the commit: Python has one thread there, and the disk would wait for the picture.
        try:
            await here.notebook.finish_speaking()
            if not await editor.finish():
                return  # a second tap on it
        except InvalidDraft as invalid:
            here.say(words.draft_problem(invalid.problems[0]))
            return
        here.editors.pop(draft_id, None)
        if again:
            here.trail.leave(here.route)
            here.capture_another(editor.draft)
        else:
            here.back()
        here.say(t("Gespeichert. Sicher auf diesem Tablet, geht bei Netz an den Innendienst."))

    async def discard() -> None:
        await here.notebook.finish_speaking()
        discarded = await editor.discard()
        here.editors.pop(draft_id, None)
        here.back()
        if discarded is not None:
            here.say(
                t("Entwurf verworfen."),
                action=t("Rückgängig"),
                on_action=lambda: here.spawn(here.notebook.keep_draft(discarded)),
            )

    async def end() -> None:
        await here.notebook.finish_speaking()
        await editor.flush()

    def leave() -> None:
        here.spawn(end())

    ft.use_effect(lambda: None, [], cleanup=leave)

    found = here.notebook.customer(draft.customer_id) if draft.customer_id else None
    customer = found.customer if found else None
    template = here.notebook.template(draft)
    asks = bool(template.questions_of(draft.kind))
    questions = keyed(Questions, f"questions-{draft_id}-{draft.kind}")(here, editor) if asks else None
    next_step = keyed(NextStep, f"next-{draft_id}")(here, editor)
    wide, stepping = is_wide(here.page), draft.kind is Kind.NEXT_STEP
    faults = {problem.field: words.draft_problem(problem) for problem in problems}
    first = [
        _fault(faults.get("kind")),
        kind_tiles(
            here.page,
            template,
            draft.kind,
            lambda kind: editor.change(kind=kind),
            lambda: here.go(f"/capture/{draft_id}/camera"),
            missing="kind" in faults,
        ),
        _fault(faults.get("customer_id")),
        None if customer else _expected(here, editor),
        None if customer else _choose_customer(here, draft_id, missing="customer_id" in faults),
        keyed(ThreeParts, f"parts-{draft_id}")(here, editor),
        # Where there are two columns, they stand beside the text; else what makes the kind what it is comes next.
        None if wide else questions,
        next_step if stepping and not wide else None,
        keyed(PhotoStrip, f"photos-{draft_id}")(here, editor),
        _fault(faults.get("photos")),
        keyed(VoiceNotes, f"voice-{draft_id}")(here, editor),
    ]
    more = [
        next_step if stepping and wide else None,
        questions if wide else None,
        _belongings(here, draft_id, draft, customer) if customer else None,
        None if stepping else next_step,
        keyed(PrivacyFlag, f"flag-{draft_id}")(here, editor),
        ft.Row(
            [
                quiet(
                    t("Entwurf verwerfen"),
                    lambda: here.spawn(discard()),
                    identifier="capture-discard",
                    color=look().secondary,
                    icon=ft.Icons.DELETE_OUTLINED,
                )
            ],
            alignment=ft.MainAxisAlignment.END,
        ),
    ]
    return ft.Column(
        [
            scrolled(
                here.page,
                head(
                    t("Berichtigen") if draft.based_on else t("Erfassen"),
                    trailing=[_place(here, draft_id, customer, draft)],
                    on_back=here.back,
                ),
                columns(here.page, first, more) if wide else stack(*first, *more, spacing=16),
                wide=wide,
                key=f"capture-{draft_id}",
            ),
            SaveBar(
                here,
                editor,
                lambda: here.spawn(done()),
                None if draft.based_on else lambda: here.spawn(done(again=True)),
            ),
        ],
        spacing=0,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _without_texts(draft: Draft) -> Draft:
    """What the form draws itself; texts and photos are drawn by parts that follow them on their own."""
    return replace(
        draft,
        heard="",
        seen="",
        concluded="",
        next_step="",
        flag_purpose="",
        photos=(),
        voice=(),
        answers=(),
        signatures=(),
        signing=(),
        updated_at=draft.observed_at,
    )


def _fault(words_: str | None) -> ft.Control | None:
    if words_ is None:
        return None
    return notice(Tone.BAD, ft.Icons.ERROR_OUTLINED, words_, live=True)


def _place(here: Surroundings, draft_id: UUID, customer: Customer | None, draft: Draft) -> ft.Control:
    colours = look()
    pair = colours.neutral if customer else colours.waiting_chip
    site = (
        next((site.name for site in customer.sites if site.id == draft.site_id), None) if customer else None
    )
    text = " · ".join(part for part in (customer.name, site) if part) if customer else t("Kunde wählen")
    return touchable(
        ft.Row(
            [
                ft.Icon(ft.Icons.PLACE_OUTLINED, size=22, color=pair.text),
                ft.Container(
                    ft.Text(
                        text,
                        size=16,
                        weight=ft.FontWeight.W_500,
                        color=pair.text,
                        max_lines=shortened(1),
                        overflow=ending(1),
                    ),
                    expand=is_large(),
                    expand_loose=True,
                    width=_chip_width(here, text, correcting=draft.based_on is not None),
                ),
            ],
            spacing=8,
            tight=True,
        ),
        lambda: here.go(f"/capture/{draft_id}/customer"),
        label=t("Kunde: {name}. Ändern", name=text) if customer else text,
        identifier="capture-customer",
        radius=24,
        height=TOUCH,
        padding=ft.Padding.symmetric(horizontal=16),
        bgcolor=pair.ground,
    )


def _chip_width(here: Surroundings, text: str, *, correcting: bool) -> float | None:
    # Beside it stand the way back and the title, which must not break: "Berichtigen" is longer than "Erfassen".
    if is_large():
        return None
    room = max(56.0, min((here.page.width or 800) - (286 if correcting else 254), 420.0))
    return room if len(text) * 8.5 > room else None


def _expected(here: Surroundings, editor: DraftEditor) -> ft.Control | None:
    """The customer whose appointment is now: one touch, never chosen silently."""
    view = here.present_visit()
    if view is None:
        return None
    visit, pair = view.visit, look().container
    return touchable(
        ft.Row(
            [
                ft.Icon(ft.Icons.TODAY_OUTLINED, size=26, color=pair.text),
                ft.Column(
                    [
                        body(view.customer_name, bold=True, color=pair.text, max_lines=1),
                        secondary(
                            t("Besuch um {time}: hier übernehmen", time=clock(visit.starts_at)),
                            color=pair.text,
                        ),
                    ],
                    spacing=2,
                    tight=True,
                    expand=True,
                ),
                ft.Icon(ft.Icons.CHECK, size=26, color=pair.text),
            ],
            spacing=14,
        ),
        lambda: editor.change(customer_id=visit.customer_id, site_id=visit.site_id, visit_id=visit.id),
        identifier="expected-customer",
        radius=FIELD_RADIUS,
        padding=ft.Padding.symmetric(horizontal=18, vertical=10),
        bgcolor=pair.ground,
    )


def _choose_customer(here: Surroundings, draft_id: UUID, *, missing: bool) -> ft.Control:
    colours = look()
    return touchable(
        ft.Row(
            [
                ft.Icon(ft.Icons.SEARCH, size=26, color=colours.container.text),
                body(t("Bei welchem Kunden?"), bold=True, color=colours.container.text, expand=True),
                ft.Icon(ft.Icons.CHEVRON_RIGHT, size=26, color=colours.container.text),
            ],
            spacing=14,
        ),
        lambda: here.go(f"/capture/{draft_id}/customer"),
        identifier="choose-customer",
        radius=FIELD_RADIUS,
        height=64,
        padding=ft.Padding.symmetric(horizontal=18),
        bgcolor=colours.surface,
        border=ft.Border.all(2, colours.bad_strong) if missing else ft.Border.all(1, colours.strong_outline),
    )


def _belongings(here: Surroundings, draft_id: UUID, draft: Draft, customer: Customer) -> ft.Control:
    asset = next((asset for asset in customer.assets if asset.id == draft.asset_id), None)
    contact = next((person for person in customer.contacts if person.id == draft.contact_id), None)
    boxes = [
        _box(
            t("Anlage"),
            f"{asset.maker} {asset.model}" if asset else t("keine bestimmte"),
            bool(asset),
            "capture-asset",
            lambda: here.go(f"/capture/{draft_id}/asset"),
        ),
        _box(
            t("Ansprechpartner"),
            contact.name if contact else t("niemand bestimmtes"),
            bool(contact),
            "capture-contact",
            lambda: here.go(f"/capture/{draft_id}/contact"),
        ),
    ]
    return beside(boxes, spacing=GAP)


def _box(name: str, value: str, chosen: bool, identifier: str, on_click: Handler) -> ft.Control:
    return touchable(
        ft.Column(
            [
                secondary(name, max_lines=1),
                body(value, color=look().text if chosen else look().secondary, max_lines=1),
            ],
            spacing=2,
            tight=True,
        ),
        on_click,
        label=f"{name}: {value}",
        identifier=identifier,
        radius=FIELD_RADIUS,
        padding=ft.Padding.symmetric(horizontal=18, vertical=12),
        bgcolor=look().surface,
        border=ft.Border.all(1, look().strong_outline),
        expand=None if is_crowded() else True,
    )
