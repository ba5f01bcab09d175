"""One observation: what was written, how far it has come, what inside sales says, and the answer to it."""

from uuid import UUID

import flet as ft

from app.i18n import language, t, tn
from app.i18n.times import short_day, when
from app.state.drafting import Kept
from app.state.errors import InvalidDraft
from app.state.views import CommentView, ObservationPage, Progress
from app.ui import words
from app.ui.components.buttons import outlined, primary, second
from app.ui.components.cards import card, empty, line, lines, notice
from app.ui.components.chips import chip
from app.ui.components.fields import text_field
from app.ui.components.frame import bottom, columns, head, is_wide, part, scrolled, stack
from app.ui.components.observation_row import failed, four_parts, title
from app.ui.components.outcome import outcome
from app.ui.components.photos import Thumbnail, photos_missing
from app.ui.components.signatures import signed
from app.ui.components.touch import named
from app.ui.components.type import body, secondary, section
from app.ui.components.voice import SpokenAnswer
from app.ui.components.voice_player import VoicePlayer
from app.ui.following import use_changes, use_reading
from app.ui.guard import component, keyed
from app.ui.screens.taking_out import take_out
from app.ui.surroundings import Surroundings
from app.ui.theme import BEFORE_SECTION, GAP, Tone, look
from protocol.observation import ObservationContent, Urgency
from protocol.reference import Revision
from protocol.rules.answering import say
from protocol.voice import is_only_spoken

_SEND_BUTTON = 190
"""Second line, state and button below the answer's first line: who answers must see how to send it."""


@component
def ObservationScreen(here: Surroundings, observation_id: UUID, answering: bool) -> ft.Control:
    """One observation of the technician."""
    # Not at every change of the notebook: an answer being typed is kept there, too.
    shown = use_reading(here.notebook, lambda: here.notebook.observation(observation_id))
    unread = shown is not None and shown.row.unread

    def read() -> None:
        if unread:
            here.spawn(here.notebook.mark_read(observation_id))

    ft.use_effect(read, [observation_id, unread])
    if shown is None:
        return scrolled(
            here.page,
            head(t("Meldung"), on_back=lambda: here.back("/observations")),
            empty(ft.Icons.OUTBOX_OUTLINED, t("Diese Meldung ist nicht (mehr) auf diesem Tablet.")),
        )
    row = shown.row
    facts = [row.customer_name, shown.site_name, words.kind(row.kind, here.notebook.asked)]
    left = [
        _where(here, shown),
        _refused(here, shown),
        photos_missing(row.photos_missing),
        _conflict(here, shown),
        *_content(here, shown),
    ]
    right = [_thread(here, shown, answering)]
    return ft.Column(
        [
            scrolled(
                here.page,
                columns(here.page, left, right),
                pinned=head(
                    title(row),
                    " · ".join(text for text in facts if text),
                    on_back=lambda: here.back("/observations"),
                ),
                wide=is_wide(here.page),
                key=f"observation-{observation_id}",
            ),
            _actions(here, shown),
        ],
        spacing=0,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _actions(here: Surroundings, shown: ObservationPage) -> ft.Control:
    row = shown.row
    change_id = shown.refused_change_id
    buttons: list[ft.Control] = []
    if change_id is not None:

        async def reopen() -> None:
            here.edit(await here.notebook.reopen_refused(change_id))

        buttons = [
            outlined(
                t("Als Datei sichern"),
                lambda: here.spawn(take_out(here)),
                icon=ft.Icons.DOWNLOAD_OUTLINED,
                identifier="observation-export",
            ),
            ft.Container(
                primary(
                    t("Bearbeiten"),
                    lambda: here.spawn(reopen()),
                    icon=ft.Icons.EDIT_OUTLINED,
                    identifier="observation-reopen",
                    expand=True,
                ),
                expand=True,
            ),
        ]
    else:
        text = t("Entwurf weiterschreiben") if row.has_draft else t("Berichtigen")
        buttons = [
            ft.Container(
                second(
                    text,
                    lambda: here.edit(
                        here.notebook.correction(row.id), stored=here.notebook.draft(row.id) is not None
                    ),
                    icon=ft.Icons.EDIT_OUTLINED,
                    identifier="observation-correct",
                    expand=True,
                ),
                expand=True,
            )
        ]
    return bottom(here.page, ft.Row(buttons, spacing=GAP))


def _where(here: Surroundings, shown: ObservationPage) -> ft.Control:
    row = shown.row
    steps = [
        (t("Auf diesem Tablet gesichert"), True),
        (
            t("Vom Server empfangen"),
            row.stage >= 2,
        ),
        (t("Beim Innendienst"), row.stage >= 3),
        (_decision(shown), row.stage >= 4),
    ]
    colours = look()
    rows: list[ft.Control] = []
    for text, reached in steps:
        ink = colours.text if reached else colours.secondary
        icon = ft.Icons.CHECK_CIRCLE if reached else ft.Icons.RADIO_BUTTON_UNCHECKED
        rows.append(
            ft.Row(
                [
                    ft.Icon(
                        icon, size=24, color=colours.primary.ground if reached else colours.strong_outline
                    ),
                    body(text, color=ink, expand=True),
                ],
                spacing=12,
            )
        )
    if row.photos_total:
        rows.append(
            secondary(
                t(
                    "Beim Server: {done} von {total} Fotos und Sprachnotizen",
                    done=row.photos_received,
                    total=row.photos_total,
                )
                if row.voices
                else t(
                    "Fotos beim Server: {done} von {total}", done=row.photos_received, total=row.photos_total
                )
            )
        )
    if shown.revision_count > 1:
        rows.append(
            secondary(tn("{count} Fassung aufgehoben", "{count} Fassungen aufgehoben", shown.revision_count))
        )
    became = outcome(shown, here.notebook.identity.user_name, here.now())
    if became is not None:
        rows.append(became)
    chips: list[ft.Control] = [
        chip(words.progress(row), words.progress_tone(row.progress), words.progress_icon(row.progress))
    ]
    if row.urgent:
        chips.append(chip(t("Dringend"), Tone.BAD, ft.Icons.PRIORITY_HIGH))
    return card(
        [
            ft.Row(chips, spacing=8, run_spacing=8, wrap=True),
            four_parts(row.stage, failed=failed(row.progress)),
            stack(*rows, spacing=10),
        ]
    )


def _decision(shown: ObservationPage) -> str:
    row = shown.row
    if row.stage < 4:
        return t("Entscheidung")
    return words.progress(row)


def _refused(here: Surroundings, shown: ObservationPage) -> ft.Control | None:
    if shown.row.problem is None:
        return None
    return notice(
        Tone.BAD,
        ft.Icons.ERROR_OUTLINED,
        words.problem(shown.row.problem),
        t(
            "Sicher auf diesem Tablet. Du kannst sie bearbeiten und noch einmal senden oder als Datei sichern."
        ),
        identifier="refused-reason",
    )


def _conflict(here: Surroundings, shown: ObservationPage) -> ft.Control | None:
    if not shown.siblings:
        return None
    now = here.now()

    def fact(revision: Revision) -> str:
        return f"{revision.author_name} · {when(revision.recorded_at, now)}"

    return part(
        section(t("Es gibt noch eine Fassung")),
        secondary(t("Beide sind aufgehoben. Mit „Berichtigen“ machst du daraus eine.")),
        lines(
            [
                line(
                    body(revision.content.text or revision.content.title or t("nur Fotos")),
                    fact(revision),
                    icon=ft.Icons.COMPARE_ARROWS,
                    key=str(revision.id),
                )
                for revision in shown.siblings
            ]
        ),
    )


def _content(here: Surroundings, shown: ObservationPage) -> list[ft.Control | None]:
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


def _thread(here: Surroundings, shown: ObservationPage, answering: bool) -> ft.Control | None:
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
