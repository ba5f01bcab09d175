"""Speaking instead of typing: the button, the recording under way, and what was spoken."""

from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

import flet as ft

from app.i18n import t
from app.state.drafting import DraftEditor
from app.state.errors import StoreError
from app.state.speaking import For, Phase, Take
from app.ui import voice_words
from app.ui.components.buttons import outlined, primary, symbol
from app.ui.components.cards import notice
from app.ui.components.frame import stack
from app.ui.components.touch import named, touchable
from app.ui.components.type import body, secondary
from app.ui.components.voice_player import VoicePlayer
from app.ui.following import use_reading
from app.ui.guard import component, keyed
from app.ui.surroundings import Surroundings
from app.ui.theme import FIELD_RADIUS, GAP, PRIMARY_HEIGHT, Tone, look
from app.ui.words import failure
from protocol.limits import MAX_VOICE_NOTES, MAX_VOICE_SECONDS
from protocol.voice import VoiceNote, minutes


@component
def VoiceNotes(here: Surroundings, editor: DraftEditor) -> ft.Control:
    """What was spoken for a draft, and the way to speak more."""
    notes = use_reading(editor, lambda: editor.draft.voice)
    draft_id = editor.draft.id

    def remove(note: VoiceNote) -> None:
        before = editor.draft.voice
        here.notebook.speaker.be_quiet()
        editor.change(voice=tuple(kept for kept in before if kept.id != note.id))
        here.say(
            t("Sprachnotiz verworfen."),
            action=t("Rückgängig"),
            on_action=lambda: editor.change(voice=before),
        )

    return _spoken(
        here, notes, draft_id, remove, For(draft=draft_id), editor.add_voice, editor.require_durable
    )


@component
def SpokenAnswer(here: Surroundings, observation_id: UUID) -> ft.Control:
    """The spoken answer to inside sales, until it is sent."""
    recordings = here.notebook.recordings
    note = use_reading(here.notebook, lambda: recordings.answer(observation_id))

    async def take_back(note: VoiceNote) -> None:
        here.notebook.speaker.be_quiet()
        await recordings.forget_answer(note.id)
        here.say(
            t("Sprachnotiz verworfen."),
            action=t("Rückgängig"),
            on_action=lambda: here.spawn(recordings.keep_answer(observation_id, note)),
        )

    async def take(note: VoiceNote) -> None:
        await recordings.keep_answer(observation_id, note)

    async def ready() -> None:
        return

    def leave() -> None:
        here.spawn(here.notebook.finish_speaking())

    ft.use_effect(lambda: None, [], cleanup=leave)

    return _spoken(
        here,
        (note,) if note else (),
        observation_id,
        lambda note: here.spawn(take_back(note)),
        For(answer_to=observation_id),
        take,
        ready,
        most=1,
    )


def _spoken(  # noqa: PLR0917  the two components above alone
    here: Surroundings,
    notes: tuple[VoiceNote, ...],
    of: UUID,
    remove: Callable[[VoiceNote], object],
    spoken_for: For,
    take: Take,
    prepare: Callable[[], Awaitable[None]],
    *,
    most: int = MAX_VOICE_NOTES,
) -> ft.Control:
    recovered: ft.Control | None = None
    if any(note.id in here.notebook.recordings.recovered for note in notes):
        recovered = notice(
            Tone.WAITING,
            ft.Icons.RESTORE,
            t("Eine Aufnahme wurde unterbrochen."),
            t("Was bis dahin gesprochen war, ist hier."),
            identifier="voice-recovered",
        )
    full = len(notes) >= most
    return stack(
        recovered,
        *(keyed(VoicePlayer, f"voice-{note.id}")(here, note, of, partial(_call, remove)) for note in notes),
        keyed(Recorder, f"recorder-{of}")(here, spoken_for, take, prepare, full),
    )


def _call(remove: Callable[[VoiceNote], object], note: VoiceNote) -> None:
    remove(note)


@component
def Recorder(
    here: Surroundings, spoken_for: For, take: Take, prepare: Callable[[], Awaitable[None]], full: bool
) -> ft.Control:
    """The button that begins a recording, or the recording.

    Args:
        prepare: makes durable what is spoken for, before anything is recorded.
        full: there are as many voice notes as there may be.
    """
    speaker = here.notebook.speaker
    phase, mine, trouble, silent = use_reading(
        speaker,
        lambda: (
            speaker.now.phase,
            speaker.now.spoken_for == spoken_for,
            speaker.now.trouble,
            speaker.now.silent,
        ),
    )

    async def begin() -> None:
        try:
            await prepare()
        except StoreError as error:
            here.say(failure(error))
            return
        await speaker.record(spoken_for, take)

    said: ft.Control | None = None
    if mine and trouble is not None:
        first, second = voice_words.trouble(trouble)
        close = symbol(ft.Icons.CLOSE, t("Hinweis schließen"), speaker.put_aside, identifier="voice-ok")
        said = notice(
            voice_words.tone(trouble),
            voice_words.icon(trouble),
            first,
            second,
            action=None if phase is not Phase.IDLE else close,
            identifier="voice-trouble",
            live=True,
        )
    recorder: ft.Control | None = None
    if mine and phase is not Phase.IDLE:
        recorder = _panel(here, phase, silent=silent)
    elif not full:
        recorder = _begin(lambda: here.spawn(begin()))
    return stack(said, recorder)


def _begin(on_click: Callable[[], object]) -> ft.Control:
    colours = look()
    return touchable(
        ft.Row(
            [
                ft.Icon(ft.Icons.MIC_NONE_OUTLINED, size=30, color=colours.container.text),
                ft.Column(
                    [
                        body(t("Sprachnotiz aufnehmen"), bold=True, color=colours.container.text),
                        secondary(t("Nur deine eigene Stimme, bis 5 Minuten")),
                    ],
                    spacing=1,
                    tight=True,
                    expand=True,
                ),
            ],
            spacing=14,
        ),
        on_click,
        identifier="voice-record",
        radius=FIELD_RADIUS,
        height=PRIMARY_HEIGHT + 10,
        padding=ft.Padding.symmetric(horizontal=18),
        bgcolor=colours.surface,
        border=ft.Border.all(1, colours.strong_outline),
    )


def _panel(here: Surroundings, phase: Phase, *, silent: bool) -> ft.Control:
    colours = look()
    speaker = here.notebook.speaker
    runs, waits = phase is Phase.RECORDING, phase in (Phase.ASKING, Phase.ENDING)
    dot = ft.Icons.FIBER_MANUAL_RECORD if runs else ft.Icons.PAUSE if phase is Phase.PAUSED else ft.Icons.MIC
    hold = outlined(
        t("Pause") if phase is not Phase.PAUSED else t("Weiter"),
        None if waits else speaker.pause if runs else speaker.go_on,
        icon=ft.Icons.PAUSE if phase is not Phase.PAUSED else ft.Icons.FIBER_MANUAL_RECORD,
        identifier="voice-hold",
    )
    done = primary(
        t("Aufnahme fertig"),
        None if phase is Phase.ENDING else lambda: here.spawn(speaker.finish()),
        icon=ft.Icons.STOP,
        identifier="voice-done",
        expand=True,
        busy=phase is Phase.ENDING,
    )
    return ft.Container(
        ft.Column(
            [
                ft.Row(
                    [
                        ft.Icon(dot, size=28, color=colours.bad_strong if runs else colours.secondary),
                        named(
                            body(voice_words.phase(phase), bold=True),
                            identifier="voice-phase",
                            live=True,
                            expand=True,
                        ),
                        keyed(Clock, "voice-clock")(here),
                    ],
                    spacing=12,
                ),
                keyed(Meter, "voice-meter")(here),
                secondary(
                    t("Es kommt kein Ton an. Ist das Mikrofon zugedeckt oder stumm?"),
                    color=colours.bad_strong,
                )
                if silent
                else secondary(
                    t("Jede Sekunde wird gesichert. Andere heimlich aufzunehmen ist strafbar (§ 201 StGB).")
                ),
                ft.Row([hold, ft.Container(done, expand=True)], spacing=GAP),
            ],
            spacing=12,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        bgcolor=colours.surface,
        border=ft.Border.all(2, colours.bad_strong if runs else colours.strong_outline),
        border_radius=FIELD_RADIUS,
        padding=16,
    )


@component
def Clock(here: Surroundings) -> ft.Control:
    """How long the recording is; drawn once a second."""
    speaker = here.notebook.speaker
    seconds = use_reading(speaker, lambda: int(speaker.now.seconds))
    limit = minutes(MAX_VOICE_SECONDS)
    return named(
        ft.Text(
            f"{minutes(seconds)} / {limit}",
            size=20,
            weight=ft.FontWeight.W_500,
            color=look().text,
            max_lines=1,
        ),
        label=t("{length} von {limit} Minuten", length=minutes(seconds), limit=limit),
        identifier="voice-time",
    )


@component
def Meter(here: Surroundings) -> ft.Control:
    """How loud it is; in twenty steps, so that silence draws nothing."""
    speaker = here.notebook.speaker
    level = use_reading(speaker, lambda: round(speaker.now.level * 20) / 20)
    colours = look()
    return ft.Semantics(
        content=ft.ProgressBar(
            value=level,
            bar_height=10,
            border_radius=5,
            color=colours.primary.ground,
            bgcolor=colours.neutral.ground,
        ),
        label=t("Lautstärke"),
        exclude_semantics=True,
    )
