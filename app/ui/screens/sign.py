"""Signing: the sentence, the name in block letters and a large field, in the hands of the customer."""

from uuid import UUID

import flet as ft

from app.i18n import language, t
from app.state.drafting import DraftEditor
from app.state.errors import StoreError
from app.state.signing import Signer, Signing, SigningFault, resume, who_signs
from app.ui.components.buttons import outlined, primary
from app.ui.components.cards import empty, notice
from app.ui.components.chips import choice
from app.ui.components.fields import text_field
from app.ui.components.frame import bottom, head, is_phone, margin, narrow_head, scrolled
from app.ui.components.signature_pad import SignaturePad
from app.ui.components.step_back import step_back
from app.ui.components.touch import Handler, named
from app.ui.components.type import body, secondary
from app.ui.following import use_reading
from app.ui.guard import component, keyed
from app.ui.surroundings import Surroundings
from app.ui.text_size import is_large
from app.ui.theme import GAP, Tone, look
from app.ui.words import failure
from protocol.reference import Contact, Customer
from protocol.rules.answering import say_period
from protocol.rules.signing import signed_words
from protocol.template import Question, QuestionType

_BESIDE = 360
"""Width in dp of the words where they stand beside the field."""
_NAMES = 4
"""Contacts whose names are one touch away."""


@component
def SignScreen(here: Surroundings, draft_id: UUID, question_id: str) -> ft.Control:
    """What is signed, by whom, and the field."""
    editor = here.editor(draft_id)
    begun: ft.MutableRef[Signing | None] = ft.use_ref(None)
    busy, set_busy = ft.use_state(False)
    # Also what only another version asks: an observation that was signed then is being corrected.
    question = here.notebook.question(here.notebook.template(editor.draft).id, question_id)
    customer_id = use_reading(editor, lambda: editor.draft.customer_id)
    found = here.notebook.customer(customer_id) if customer_id else None
    if found is None or question is None or question.type is not QuestionType.SIGNATURE:
        return scrolled(
            here.page,
            head(t("Unterschrift"), on_back=lambda: here.back(f"/capture/{draft_id}")),
            empty(
                ft.Icons.DRAW_OUTLINED,
                t("Bitte wähle zuerst den Kunden.") if question else t("Danach wird hier nicht gefragt."),
            ),
        )
    customer = found.customer
    words = _words(here, editor, question, customer)
    if begun.current is None or begun.current.words != words:
        template = here.notebook.template(editor.draft)
        signer = who_signs(editor.draft, template, customer.contacts)
        begun.current = Signing(editor, here.notebook.photos, question.id, words, signer)
    signing = begun.current

    def back() -> None:
        here.back(f"/capture/{draft_id}")

    async def done() -> None:
        if not signing.check():
            return
        set_busy(True)
        try:
            said = t("Unterschrift von {name}", name=signing.signer.name.strip())
            await signing.finish(said, here.now())
        except StoreError as error:
            here.say(failure(error))
            return
        finally:
            set_busy(False)
        back()
        here.say(t("Unterschrieben. Sicher auf diesem Tablet."))

    def cancel() -> None:
        dropped = signing.cancel()
        back()
        if dropped is not None:

            def again() -> None:
                resume(editor, dropped)
                here.go(f"/capture/{draft_id}/sign?for={question_id}")

            here.say(t("Nicht unterschrieben."), action=t("Rückgängig"), on_action=again)

    page = here.page
    beside = (page.width or 0) > (page.height or 0)
    edge = margin(page)
    # Where there is little room, words that are read large must not push the field off the glass: they scroll.
    tight = is_phone(page) or is_large()
    above = keyed(SignHead, f"sign-head-{id(signing)}")(editor, signing, back, beside or tight)
    said = ft.Column(
        [
            statement(words),
            keyed(WhoSigns, f"sign-who-{id(signing)}")(here, editor, signing, customer.contacts, tight),
        ],
        spacing=GAP,
        tight=True,
        scroll=ft.ScrollMode.AUTO,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    pad = ft.Column(
        [
            keyed(SignaturePad, f"sign-pad-{id(signing)}")(here, editor, signing),
            keyed(Missing, f"sign-missing-{id(signing)}")(editor, signing),
        ],
        spacing=8,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    buttons = ft.Row(
        [
            outlined(t("Abbrechen"), cancel, identifier="sign-cancel", expand=2),
            primary(
                t("Fertig"),
                lambda: here.spawn(done()),
                icon=ft.Icons.CHECK,
                identifier="sign-done",
                busy=busy,
                expand=3,
            ),
        ],
        spacing=GAP,
    )
    if beside:
        return ft.Row(
            [
                ft.Container(
                    ft.Column([above, ft.Container(said, expand=True), buttons], spacing=GAP),
                    width=min(_BESIDE, (page.width or 0) * 0.42) + edge,
                    padding=ft.Padding.only(left=edge, right=GAP, top=8, bottom=16),
                    bgcolor=look().surface,
                ),
                ft.Container(pad, padding=16, expand=True),
            ],
            spacing=0,
            expand=True,
            vertical_alignment=ft.CrossAxisAlignment.STRETCH,
        )
    return ft.Column(
        [
            ft.Container(above, padding=ft.Padding.only(left=edge, right=edge, top=12)),
            ft.Container(said, padding=ft.Padding.symmetric(horizontal=edge), expand=6 if tight else None),
            ft.Container(pad, padding=ft.Padding.symmetric(horizontal=edge, vertical=4), expand=5),
            bottom(page, buttons),
        ],
        spacing=8,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@component
def SignHead(editor: DraftEditor, signing: Signing, on_back: Handler, narrow: bool) -> ft.Control:
    """The way back (what was drawn stays in the draft), one step back, and a new sheet."""
    can_undo, is_empty = use_reading(editor, lambda: (signing.can_undo, signing.is_empty))
    undo, new = (signing.undo if can_undo else None), (None if is_empty else signing.clear)
    ways_back = [
        step_back(undo, identifier="sign-undo"),
        step_back(new, identifier="sign-new", text=t("Neu"), icon=ft.Icons.RESTART_ALT),
    ]
    if narrow:
        return narrow_head(on_back, *ways_back)
    return head(t("Unterschrift"), trailing=ways_back, on_back=on_back)


def statement(words: str, *, identifier: str = "sign-words") -> ft.Control:
    """What is signed, line by line as it is kept: to whom, the sentence, for which customer, the day."""
    company, *others = words.split("\n")
    sentence, rest = (others[0], others[1:]) if others else ("", [])
    return named(
        ft.Column(
            [
                secondary(company),
                body(sentence, bold=True),
                *(secondary(line) for line in rest),
            ],
            spacing=4,
            tight=True,
        ),
        identifier=identifier,
    )


@component
def WhoSigns(
    here: Surroundings, editor: DraftEditor, signing: Signing, contacts: tuple[Contact, ...], tight: bool
) -> ft.Control:
    """The name in block letters, with the customer's people one touch away; where it is `tight` while it is empty."""
    missing, named_already = use_reading(
        editor, lambda: (SigningFault.NO_NAME in signing.faults, bool(signing.signer.name.strip()))
    )
    chosen, set_chosen = ft.use_state(0)
    there = [contact for contact in contacts if not contact.left][:_NAMES]

    def take(contact: Contact) -> None:
        signing.name(Signer(contact.name, contact.id))
        set_chosen(lambda count: count + 1)

    names = [
        choice(
            contact.name,
            lambda contact=contact: take(contact),  # type: ignore[misc]
            chosen=contact.id == signing.signer.contact_id,
            identifier=f"sign-name-{number}",
        )
        for number, contact in enumerate(there, start=1)
    ]
    rows: list[ft.Control] = [
        text_field(
            signing.signer.name,
            lambda typed: signing.name(Signer(typed)),
            label=t("Name in Druckbuchstaben"),
            identifier="sign-name",
            error=t("Bitte den Namen dazuschreiben.") if missing else None,
            on_blur=lambda: here.spawn(editor.flush()),
            capitalization=ft.TextCapitalization.WORDS,
            key=f"sign-name-{chosen}",
        )
    ]
    if names and not (tight and named_already):
        rows.append(ft.Row(names, spacing=10, scroll=ft.ScrollMode.AUTO))
    return ft.Column(rows, spacing=8, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


@component
def Missing(editor: DraftEditor, signing: Signing) -> ft.Control:
    """What keeps it from being a signature, in words."""
    faults, changed = use_reading(editor, lambda: (signing.faults, signing.begun_under_other_words))
    if SigningFault.NO_SIGNATURE in faults:
        return notice(
            Tone.WAITING,
            ft.Icons.DRAW_OUTLINED,
            t("Das ist noch keine Unterschrift."),
            t("Bitte mit Finger oder Stift groß in das Feld schreiben."),
            identifier="sign-fault",
            live=True,
        )
    if SigningFault.NO_NAME in faults:
        return notice(  # beside the field for it, too; but that may have been scrolled away
            Tone.WAITING,
            ft.Icons.BADGE_OUTLINED,
            t("Bitte den Namen dazuschreiben."),
            identifier="sign-fault",
            live=True,
        )
    if changed:
        return notice(
            Tone.HINT,
            ft.Icons.INFO_OUTLINED,
            t("Die Worte darüber haben sich geändert. Bitte noch einmal unterschreiben."),
            identifier="sign-fault",
            live=True,
        )
    return ft.Container()


def _words(here: Surroundings, editor: DraftEditor, question: Question, customer: Customer) -> str:
    today = here.now().astimezone().date()
    return signed_words(
        question.to_be_signed.spoken(language()),
        company=here.notebook.identity.company,
        customer=customer.name,
        place=next((site.name for site in customer.sites if site.id == editor.draft.site_id), ""),
        day=say_period(today.isoformat(), language()) or today.isoformat(),
    )
