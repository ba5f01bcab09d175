"""Signatures: asking for one, and showing one with its name, its words and its moment."""

import flet as ft

from app.i18n import language, t
from app.i18n.times import clock, plain_day
from app.state.answering import field_of
from app.state.drafting import DraftEditor
from app.state.signing import begun_signature, bring_back, fingerprint_of_draft, signature_of, take_away
from app.ui import words
from app.ui.components.buttons import outlined, symbol
from app.ui.components.cards import notice
from app.ui.components.frame import part, stack
from app.ui.components.signature_pad import PAPER
from app.ui.components.type import body, secondary, section
from app.ui.following import use_reading
from app.ui.guard import component, keyed
from app.ui.surroundings import Surroundings
from app.ui.theme import FIELD_RADIUS, Tone, look
from protocol.observation import ObservationContent
from protocol.rules.signing import fingerprint_of, has_changed_since
from protocol.signature import Signature
from protocol.template import Question

_HEIGHT = 96
"""Dp of the picture in a list."""


@component
def AskSignature(here: Surroundings, editor: DraftEditor, question: Question) -> ft.Control:
    """A question that is answered by signing: the way to the field, or what was signed."""
    signature, begun, says, no_customer = use_reading(
        editor,
        lambda: (
            signature_of(editor.draft, question.id),
            begun_signature(editor.draft, question.id),
            fingerprint_of_draft(editor.draft),
            editor.draft.customer_id is None,
        ),
    )
    problems = use_reading(editor, lambda: editor.problems)
    problem = next((one for one in problems if one.field == field_of(question.id)), None)

    def sign() -> None:
        if no_customer:
            here.say(t("Bitte wähle zuerst den Kunden: Er steht über der Unterschrift."))
        else:
            here.go(f"/capture/{editor.draft.id}/sign?for={question.id}")

    def remove() -> None:
        before = take_away(editor, question.id)
        here.say(
            t("Unterschrift entfernt."),
            action=t("Rückgängig"),
            on_action=lambda: bring_back(editor, before, question.id),
        )

    given: ft.Control | None = None
    if signature is not None:
        given = ft.Row(
            [
                ft.Container(
                    keyed(ShownSignature, f"signature-{signature.id}")(
                        here, signature, has_changed_since(signature, says)
                    ),
                    expand=True,
                ),
                symbol(
                    ft.Icons.DELETE_OUTLINED,
                    t("Unterschrift entfernen"),
                    remove,
                    identifier=f"ask-{question.id}-remove",
                    color=look().secondary,
                ),
            ],
            spacing=4,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    started = begun is not None and bool(begun.strokes)
    text = t("Weiter unterschreiben") if started else t("Unterschreiben lassen")
    leads_on = outlined(
        t("Noch einmal unterschreiben") if signature and not started else text,
        sign,
        icon=ft.Icons.DRAW_OUTLINED,
        identifier=f"ask-{question.id}-sign",
    )
    wrong: ft.Control | None = None
    if problem is not None:
        wrong = notice(Tone.BAD, ft.Icons.ERROR_OUTLINED, words.draft_problem(problem), live=True)
    return stack(secondary(question.words.spoken(language())), given, ft.Row([leads_on]), wrong, spacing=8)


def signed(here: Surroundings, content: ObservationContent) -> ft.Control | None:
    """The section with what was signed in an observation; None where nothing was."""
    if not content.signed:
        return None
    says = fingerprint_of(content)
    return part(
        section(t("Unterschrieben")),
        *(
            keyed(ShownSignature, f"signature-{one.id}")(here, one, has_changed_since(one, says))
            for one in content.signed
        ),
    )


@component
def ShownSignature(here: Surroundings, signature: Signature, changed: bool) -> ft.Control:
    """A signature: its picture on white, who, when, and the very words.

    Args:
        changed: whether the observation says something else by now.
    """
    data, set_data = ft.use_state(None)
    gone, set_gone = ft.use_state(False)

    async def load() -> None:
        found = await here.notebook.photo(signature.sha256)
        if found is None:
            set_gone(True)
        else:
            set_data(lambda _: found)

    def begin() -> None:
        here.spawn(load())

    ft.use_effect(begin, [signature.sha256])
    name = t("Unterschrift von {name}", name=signature.signer)
    picture: ft.Control = ft.ProgressRing(width=32, height=32)
    if data is not None:
        picture = ft.Image(
            src=data, height=_HEIGHT, fit=ft.BoxFit.CONTAIN, semantics_label=name, gapless_playback=True
        )
    elif gone:
        picture = ft.Text(t("nicht mehr auf diesem Tablet"), size=16, color="#3A4A4E")
    local = signature.signed_at.astimezone()
    moment = t(
        "{day} um {time}", day=plain_day(local.date(), here.now().astimezone().date()), time=clock(local)
    )
    rows: list[ft.Control] = [
        ft.Container(
            picture,
            bgcolor=PAPER,
            border=ft.Border.all(1, look().strong_outline),
            border_radius=FIELD_RADIUS,
            padding=ft.Padding.symmetric(horizontal=14, vertical=8),
            height=_HEIGHT + 18,
            alignment=ft.Alignment.CENTER_LEFT,
        ),
        body(name, bold=True),
        secondary(moment),
        secondary(signature.words),
    ]
    if changed:
        rows.append(
            notice(
                Tone.HINT,
                ft.Icons.INFO_OUTLINED,
                t(
                    "Nach der Unterschrift wurde die Meldung geändert. Unterschrieben ist nur, was hier steht."
                ),
                identifier=f"signature-changed-{signature.id}",
            )
        )
    return ft.Column(rows, spacing=4, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
