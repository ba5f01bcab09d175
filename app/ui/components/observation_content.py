"""What an observation says: the three parts, answers, signatures, photos, voice notes and what goes with it."""

import flet as ft

from app.i18n import language, t
from app.i18n.times import short_day, when
from app.state.views import ObservationPage
from app.ui import words
from app.ui.components.cards import card, line, lines
from app.ui.components.frame import part
from app.ui.components.photos import Thumbnail
from app.ui.components.signatures import signed
from app.ui.components.type import body, secondary, section
from app.ui.components.voice_player import VoicePlayer
from app.ui.guard import keyed
from app.ui.surroundings import Surroundings
from app.ui.theme import GAP
from protocol.observation import ObservationContent, Urgency
from protocol.rules.answering import say


def content_parts(here: Surroundings, shown: ObservationPage) -> list[ft.Control | None]:
    """The sections; a sentence in their place while it is a draft only."""
    content = shown.content
    if content is None:
        return [card([secondary(t("Noch ein Entwurf. Tipp auf „Entwurf weiterschreiben“."))])]
    parts = [
        (t("Gehört"), ft.Icons.HEARING, content.heard),
        (t("Gesehen"), ft.Icons.VISIBILITY_OUTLINED, content.seen),
        (t("Mein Schluss"), ft.Icons.PSYCHOLOGY_OUTLINED, content.concluded),
    ]
    texts = [line(body(text), name, icon=icon) for name, icon, text in parts if text.strip()]
    return [
        part(section(t("Meldung")), lines(texts)) if texts else None,
        _answers(here, content),
        signed(here, content),
        part(
            section(t("Fotos")),
            ft.Row(
                [keyed(Thumbnail, photo.sha256)(here, photo, shown.row.id) for photo in content.photos],
                spacing=GAP,
                run_spacing=GAP,
                wrap=True,
            ),
        )
        if content.photos
        else None,
        part(
            section(t("Gesprochen")),
            *(
                keyed(VoicePlayer, f"voice-{note.id}")(here, note, shown.row.id, None)
                for note in content.voices
            ),
        )
        if content.voices
        else None,
        _facts(here, shown, content),
    ]


def _answers(here: Surroundings, content: ObservationContent) -> ft.Control | None:
    if content.answers is None:
        return None
    rows: list[ft.Control] = []
    with_picture = {str(one.id) for one in content.signed}
    for answer in content.answers.given:
        if answer.value in with_picture:
            continue  # under what was signed
        question = here.notebook.question(content.answers.template, answer.question)
        asked = question.words.spoken(language()) if question else t("Eine Frage, die hier nicht bekannt ist")
        rows.append(line(say(question, answer, language()), asked, icon=ft.Icons.QUESTION_ANSWER_OUTLINED))
    return part(section(t("Nachgefragt")), lines(rows)) if rows else None


def _facts(here: Surroundings, shown: ObservationPage, content: ObservationContent) -> ft.Control | None:
    rows: list[ft.Control] = []
    if content.next_step is not None:
        step = content.next_step
        due = t("bis {day}", day=short_day(step.due_on)) if step.due_on else None
        rows.append(
            line(
                step.text,
                " · ".join(
                    text for text in (t("Nächster Schritt"), words.side(step.responsible), due) if text
                ),
                icon=ft.Icons.EVENT_AVAILABLE_OUTLINED,
            )
        )
    if shown.asset_name:
        rows.append(line(shown.asset_name, t("Anlage"), icon=ft.Icons.PRECISION_MANUFACTURING_OUTLINED))
    if shown.contact_name:
        rows.append(line(shown.contact_name, t("Ansprechpartner"), icon=ft.Icons.PERSON_OUTLINED))
    if content.flag is not None:
        until = (
            t("bis {day}", day=short_day(content.flag.expires_on))
            if content.flag.expires_on
            else t("ohne Ende")
        )
        rows.append(
            line(
                words.flag(content.flag.kind),
                f"{content.flag.purpose} · {until}",
                icon=ft.Icons.PRIVACY_TIP_OUTLINED,
            )
        )
    rows.append(
        line(
            when(content.observed_at, here.now()),
            t("beobachtet") if content.urgency is Urgency.NORMAL else t("beobachtet, dringend"),
            icon=ft.Icons.SCHEDULE,
        )
    )
    return part(section(t("Dazu")), lines(rows))
