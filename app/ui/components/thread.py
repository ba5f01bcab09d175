"""The conversation with inside sales about an observation, and the answer to it, kept while it is being typed."""

from uuid import UUID

import flet as ft

from app.i18n import t
from app.i18n.times import when
from app.state.drafting import Kept
from app.state.errors import InvalidDraft
from app.state.views import CommentView, ObservationPage, Progress
from app.ui import words
from app.ui.components.buttons import primary
from app.ui.components.cards import line, lines
from app.ui.components.chips import chip
from app.ui.components.fields import text_field
from app.ui.components.frame import part, stack
from app.ui.components.touch import named
from app.ui.components.type import body, secondary, section
from app.ui.components.voice import SpokenAnswer
from app.ui.components.voice_player import VoicePlayer
from app.ui.following import use_changes, use_reading
from app.ui.guard import component, keyed
from app.ui.surroundings import Surroundings
from app.ui.theme import BEFORE_SECTION, Tone, look
from protocol.voice import is_only_spoken

_SEND_BUTTON = 190
"""Second line, state and button below the answer's first line: who answers must see how to send it."""


def thread(here: Surroundings, shown: ObservationPage, answering: bool) -> ft.Control | None:
    """What was said so far and the field to answer in; None for what inside sales has not seen yet."""
    if shown.row.progress is Progress.DRAFT:
        return None
    rows = [_comment(here, shown, comment) for comment in shown.comments]
    return part(
        section(t("Gespräch mit dem Innendienst")),
        lines(rows) if rows else None,
        keyed(Answer, "answer")(here, shown.row.id, answering or shown.row.progress is Progress.QUESTION),
    )


def _comment(here: Surroundings, shown: ObservationPage, comment: CommentView) -> ft.Control:
    name = t("Du") if comment.by_me else comment.author_name
    said: ft.Control = body(comment.text)
    if comment.voice is not None:
        player = keyed(VoicePlayer, f"voice-{comment.voice.id}")(here, comment.voice, shown.row.id, None)
        said = player if is_only_spoken(comment.text, comment.voice) else stack(said, player)
    return line(
        said,
        f"{name} · {when(comment.at, here.now())}",
        icon=ft.Icons.PERSON_OUTLINED if comment.by_me else ft.Icons.HEADSET_MIC_OUTLINED,
        trailing=[_comment_state(comment)],
    )


def _comment_state(comment: CommentView) -> ft.Control | None:
    if comment.problem is not None:
        return chip(t("Nicht angenommen"), Tone.BAD, ft.Icons.ERROR_OUTLINED)
    if comment.waiting:
        return chip(t("Wartet auf Netz"), Tone.WAITING, ft.Icons.CLOUD_OFF_OUTLINED)
    return None


@component
def Answer(here: Surroundings, observation_id: UUID, inviting: bool) -> ft.Control:
    """The field to answer in."""
    begun = here.answer(observation_id)
    use_changes(begun)
    sent, set_sent = ft.use_state(0)
    fault, set_fault = ft.use_state("")
    recordings = here.notebook.recordings
    spoken = use_reading(here.notebook, lambda: recordings.answer(observation_id))

    def change(text: str) -> None:
        set_fault("")
        begun.change(text)

    async def send() -> None:
        await here.notebook.finish_speaking()
        voice = recordings.answer(observation_id)
        try:
            await begun.send(lambda text: here.notebook.answer(observation_id, text, voice))
        except InvalidDraft as invalid:
            set_fault(words.draft_problem(invalid.problems[0]))
            return
        set_sent(lambda count: count + 1)
        here.say(t("Antwort gespeichert. Sicher auf diesem Tablet, geht bei Netz an den Innendienst."))

    return ft.Container(
        stack(
            text_field(
                begun.text,
                change,
                label=t("Deine Antwort"),
                identifier="answer-text",
                lines=2,
                error=fault or None,
                on_blur=lambda: here.spawn(begun.flush()),
                autofocus=inviting and sent == 0,
                below=_SEND_BUTTON,
                key=f"answer-{sent}",
            ),
            _answer_state(begun.kept),
            keyed(SpokenAnswer, f"spoken-{observation_id}")(here, observation_id),
            primary(
                t("Antworten"),
                (lambda: here.spawn(send())) if begun.text.strip() or spoken else None,
                icon=ft.Icons.SEND_OUTLINED,
                identifier="answer-send",
                expand=None,
            ),
        ),
        padding=ft.Padding.only(top=0, bottom=BEFORE_SECTION),
    )


def _answer_state(kept: Kept) -> ft.Control:
    """Whether the begun answer is safe. Always there: what appears must not move the button under a finger."""
    colours = look()
    ink, said = {
        Kept.UNTOUCHED: (colours.secondary, t("Wird beim Schreiben von selbst gesichert.")),
        Kept.KEEPING: (colours.secondary, t("Wird gesichert …")),
        Kept.KEPT: (colours.good.text, t("Entwurf gesichert")),
        Kept.FULL: (
            colours.bad_strong,
            t("Speicher voll: nicht gesichert. Bitte Platz schaffen und hier offen lassen."),
        ),
        Kept.FAILED: (colours.bad_strong, t("Nicht gesichert. Bitte hier offen lassen.")),
    }[kept]
    return named(secondary(said, color=ink), identifier="answer-state", live=kept in (Kept.FULL, Kept.FAILED))
