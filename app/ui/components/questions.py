"""What a kind asks: each question with its usual answers one touch away. Nothing has to be answered."""

from collections.abc import Callable
from datetime import date

import flet as ft

from app.i18n import language, t
from app.state.answering import amount_of, answer_to, field_of
from app.state.drafting import DraftEditor
from app.state.offering import Offer, offers, said
from app.ui import words
from app.ui.components.cards import card
from app.ui.components.chips import choice
from app.ui.components.fields import text_field
from app.ui.components.next_step import pick_day
from app.ui.components.signatures import AskSignature
from app.ui.components.type import body, secondary
from app.ui.following import use_reading
from app.ui.guard import component, keyed
from app.ui.surroundings import Surroundings
from app.ui.theme import Tone
from protocol.fields import clean_text
from protocol.template import Question, QuestionType

_TYPED = frozenset({QuestionType.SHORT_TEXT, QuestionType.AMOUNT, QuestionType.YEAR, QuestionType.PERSON})
"""Types whose answer can be typed where no chip says it."""

_FIGURES = frozenset({QuestionType.AMOUNT, QuestionType.YEAR})


@component
def Questions(here: Surroundings, editor: DraftEditor) -> ft.Control:
    """The card with the questions of the draft's kind."""
    kind = use_reading(editor, lambda: editor.draft.kind)
    template = here.notebook.template(editor.draft)
    # What a scan has answered stands there even where the firm's template does not ask for it.
    unasked = [
        question
        for answer in editor.draft.answers
        if template.question(answer.question) is None
        and (question := here.notebook.question(template.id, answer.question)) is not None
    ]
    asked = [*template.questions_of(kind), *unasked]
    return card(
        [
            body(t("Falls du es weißt"), bold=True),
            *(keyed(_asking(question), f"ask-{question.id}")(here, editor, question) for question in asked),
        ],
        padding=18,
        spacing=16,
    )


def _asking(question: Question) -> Callable[[Surroundings, DraftEditor, Question], ft.Control]:
    return AskSignature if question.type is QuestionType.SIGNATURE else Ask


@component
def Ask(here: Surroundings, editor: DraftEditor, question: Question) -> ft.Control:
    """One question. A keystroke in its field does not draw it again; what stands on its chips does."""
    # What is offered depends on whom the customer employs and which photos there are.
    use_reading(editor, lambda: (editor.draft.customer_id, editor.draft.photos))
    offered = _offered(here, editor, question)
    chosen = use_reading(editor, lambda: _chosen(editor, question, offered))
    problems = use_reading(editor, lambda: editor.problems)
    typing, set_typing = ft.use_state(chosen is None and bool(_value(editor, question)))
    opened, set_opened = ft.use_state(False)

    def take(offer: Offer) -> None:
        set_typing(False)
        taken_back = offer.value == chosen
        editor.answer(
            question.id,
            "" if taken_back else offer.value,
            said=offer.said,
            contact_id=offer.contact_id,
        )

    def typed(text: str) -> None:
        if not typing:
            set_typing(True)
        _typed(editor, question, text)

    def type_it() -> None:
        set_typing(True)
        set_opened(True)

    chips: list[ft.Control] = [
        choice(
            offer.said,
            lambda offer=offer: take(offer),  # type: ignore[misc]
            chosen=offer.value == chosen,
            identifier=f"ask-{question.id}-{number}",
            tone=_tone(question, number),
        )
        for number, offer in enumerate(offered, start=1)
    ]
    # A text is typed at once; the rest only when somebody asks for it, so that the screen stays short.
    field = question.type in _TYPED and (typing or not offered or question.type is QuestionType.SHORT_TEXT)
    if question.type in _TYPED and not field:
        chips.append(
            choice(
                _other(question),
                type_it,
                chosen=False,
                icon=ft.Icons.EDIT_OUTLINED,
                identifier=f"ask-{question.id}-other",
            )
        )
    elif question.type is QuestionType.PERIOD:
        chips.append(_other_day(here, editor, question, chosen))
    elif question.type is QuestionType.PHOTO:
        chips.append(
            choice(
                t("Jetzt fotografieren"),
                lambda: here.go(f"/capture/{editor.draft.id}/camera?for={question.id}"),
                chosen=False,
                icon=ft.Icons.PHOTO_CAMERA_OUTLINED,
                identifier=f"ask-{question.id}-camera",
            )
        )
    rows: list[ft.Control] = [secondary(question.words.spoken(language()))] if chips else []
    if chips:
        rows.append(ft.Row(chips, spacing=10, run_spacing=10, wrap=True))
    if field:
        problem = next((p for p in problems if p.field == field_of(question.id)), None)
        rows.append(
            text_field(
                # What is being typed stays in the field, also while it reads like one of the chips.
                "" if chosen is not None and not typing else _value(editor, question),
                typed,
                label=_other(question) if chips else question.words.spoken(language()),
                identifier=f"ask-{question.id}",
                error=words.draft_problem(problem) if problem else None,
                on_blur=lambda: here.spawn(editor.flush()),
                autofocus=opened,
                keyboard=ft.KeyboardType.NUMBER if question.type in _FIGURES else None,
                key=f"ask-{question.id}",
            )
        )
    return ft.Column(rows, spacing=8, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _offered(here: Surroundings, editor: DraftEditor, question: Question) -> tuple[Offer, ...]:
    draft = editor.draft
    found = here.notebook.customer(draft.customer_id) if draft.customer_id else None
    return offers(
        question,
        language=language(),
        today=here.now().astimezone().date(),
        contacts=found.customer.contacts if found else (),
        photos=draft.photos,
        last=here.notebook.choices.answers(question.id),
    )


def _value(editor: DraftEditor, question: Question) -> str:
    answer = answer_to(editor.draft.answers, question.id)
    return answer.value if answer else ""


def _chosen(editor: DraftEditor, question: Question, offered: tuple[Offer, ...]) -> str | None:
    """The value of the chip that is chosen; of a period also a day that no chip says."""
    value = _value(editor, question)
    if question.type is QuestionType.PERIOD:
        return value or None
    return value if value in {offer.value for offer in offered} else None


def _typed(editor: DraftEditor, question: Question, typed: str) -> None:
    value = amount_of(typed) if question.type is QuestionType.AMOUNT else clean_text(typed)
    editor.answer(question.id, value, said=said(question, value, language()) if value.strip() else None)


def _tone(question: Question, number: int) -> Tone:
    if question.type is not QuestionType.SCALE:
        return Tone.PRIMARY
    from_the_worst = len(question.choices) - number
    return {0: Tone.BAD, 1: Tone.WAITING}.get(from_the_worst, Tone.PRIMARY)


def _other(question: Question) -> str:
    return {
        QuestionType.AMOUNT: t("Anderer Betrag in €"),
        QuestionType.YEAR: t("Genaues Jahr"),
        QuestionType.PERSON: t("Jemand anderes"),
    }.get(question.type, t("Etwas anderes"))


def _other_day(here: Surroundings, editor: DraftEditor, question: Question, chosen: str | None) -> ft.Control:
    elsewhere = chosen is not None and chosen not in {
        offer.value for offer in _offered(here, editor, question)
    }

    def take(day: date) -> None:
        value = day.isoformat()
        editor.answer(question.id, value, said=said(question, value, language()))

    return choice(
        said(question, chosen, language()) if chosen is not None and elsewhere else t("anderer Tag …"),
        lambda: pick_day(here, None, take, title=question.words.spoken(language())),
        chosen=elsewhere,
        icon=ft.Icons.EVENT_OUTLINED,
        identifier=f"ask-{question.id}-day",
    )
