"""Spoken on the tablet into a real recorder, heard there and by inside sales; a question answered by voice.

The microphone is fed with a sound of known length, and Chromium itself decodes what has arrived at the server.
"""

import math
import re
import struct
import wave
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from protocol.rules.sound import sound_type
from tests.inbox_page import ask, inbox, open_lead
from tests.journey.conftest import ADDRESS
from tests.journey.technician import begin, open_observation, save
from tests.running import RunningServer
from tests.tablet import PATIENCE_MS, Tablet, tablet

TEXT = "Kompressor klopft, hört man bis in den Hof"
_RATE = 48_000

# The length of what arrived, as Chromium decodes it, and how loud it is (root mean square, from 0 to 1).
_DECODE = """async (address) => {
  const bytes = await (await fetch(address)).arrayBuffer();
  const beginning = Array.from(new Uint8Array(bytes.slice(0, 4096)));
  const sound = await new OfflineAudioContext(1, 48000, 48000).decodeAudioData(bytes);
  const samples = sound.getChannelData(0);
  const power = samples.reduce((sum, each) => sum + each * each, 0) / samples.length;
  return { seconds: sound.duration, loudness: Math.sqrt(power), beginning };
}"""

_PLACE = "(number) => document.querySelectorAll('audio')[number]?.currentTime ?? -1"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds like speech: a voice's overtones, four syllables in a second."""
    file = tmp_path_factory.mktemp("sound") / "stimme.wav"
    samples = []
    for number in range(10 * _RATE):
        at = number / _RATE
        voice = sum(math.sin(2 * math.pi * 140 * tone * at) / tone for tone in range(1, 9))
        samples.append(int(9_000 * voice * max(0.0, math.sin(2 * math.pi * 4 * at)) ** 0.5))
    with wave.open(str(file), "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(_RATE)
        written.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return file


def test_what_is_spoken_on_the_tablet_is_heard_at_the_desk(
    driver: Playwright, server: RunningServer, profile: Path, tmp_path: Path, sound: Path
) -> None:
    fed = (f"--use-file-for-fake-audio-capture={sound}", "--autoplay-policy=user-gesture-required")
    with tablet(driver, profile, ADDRESS, port=server.port, more=fed) as shown:
        shown.go_offline()
        shown.start()
        begin(shown, kind="complaint", text=TEXT)

        refused(shown, "NotAllowedError", "Das Mikrofon ist nicht erlaubt.")
        refused(shown, "NotFoundError", "Dieses Gerät hat kein Mikrofon.")
        refused(shown, "NotReadableError", "Das Mikrofon ist belegt.")

        length = record_with_a_pause(shown)
        play(shown)

        # The tab is gone in the middle of the second one: what was spoken until then is there again.
        record(shown, until=3)
        shown.reload()
        shown.scroll_to("voice-recovered")
        shown.sees("Eine Aufnahme wurde unterbrochen.")
        expect(shown.all_controls("voice-play-")).to_have_count(2, timeout=PATIENCE_MS)
        save(shown)
        shown.go_online()
        shown.tap("sync-now")
        shown.sees("Alles übertragen")

        with inbox(driver, tmp_path / "desk", server.url) as desk:
            open_lead(desk, TEXT)
            first, second = sources(desk, 2)
            whole = desk.evaluate(_DECODE, first)
            assert sound_type(bytes(whole["beginning"])) == "audio/webm"
            # The tablet shows whole seconds by the clock, and each of the two parts begins a moment after its touch.
            assert whole["seconds"] - length < 1.0, "the pause is not in it"
            assert length - whole["seconds"] < 2.0, "nothing else is missing"
            assert whole["loudness"] > 0.01, "it is not silence"
            # The tablet keeps each second when it is whole: of three that it showed, the last may be on its way.
            assert desk.evaluate(_DECODE, second)["seconds"] > 1.0
            play_by_key(desk, 0)
            lead = desk.url
            ask(desk, "Wie oft klopft er?")

        shown.tap("nav-today")
        shown.tap("sync-now")
        open_observation(shown, TEXT)
        shown.sees("Wie oft klopft er?")
        answer(shown)
        with inbox(driver, tmp_path / "another desk", server.url) as desk:
            desk.goto(lead)
            *_, spoken = sources(desk, 3)
            assert desk.evaluate(_DECODE, spoken)["seconds"] > 1.5
            expect(desk.locator(".thread .comment audio")).to_have_count(1)
            expect(desk.locator("#comment-text")).to_be_visible()


def refused(shown: Tablet, name: str, words: str) -> None:
    """The browser does not give the microphone: the person is told why, and the draft is as it was."""
    shown.page.evaluate(
        "(name) => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', name)); }",
        name,
    )
    touch(shown, "voice-record")
    shown.sees(words)
    touch(shown, "voice-ok")
    shown.page.evaluate("() => { delete navigator.mediaDevices.getUserMedia; }")


def record_with_a_pause(shown: Tablet) -> float:
    """Record, hold, go on, end; returns how many seconds the tablet says that it is."""
    record(shown, until=3)
    touch(shown, "voice-hold")
    shown.sees("Aufnahme hält an")
    stood = time_shown(shown)
    # Held for longer than a second, by the recorder's own clock.
    shown.page.wait_for_timeout(2_000)
    assert time_shown(shown) - stood <= 1
    touch(shown, "voice-hold")
    shown.sees("Aufnahme läuft")
    wait_until(shown, stood + 3)
    touch(shown, "voice-done")
    said = shown.all_controls("voice-said-").first
    expect(said).to_be_visible(timeout=PATIENCE_MS)
    minutes, seconds = re.findall(
        r"(\d):(\d\d)", said.inner_text() or said.get_attribute("aria-label") or ""
    )[-1]
    return int(minutes) * 60 + float(seconds)


def record(shown: Tablet, *, until: int) -> None:
    """Begin a recording; returns when it is that many seconds long."""
    touch(shown, "voice-record")
    shown.sees("Aufnahme läuft")
    wait_until(shown, until)


def wait_until(shown: Tablet, seconds: int) -> None:
    """Wait until the recording is that long."""
    later = "|".join(f"0:{value:02d}" for value in range(seconds, 60))
    shown.sees(re.compile(rf"(?:{later}) von 5:00 Minuten"))


def time_shown(shown: Tablet) -> int:
    found = re.search(r"0:(\d\d) von 5:00 Minuten", shown.reads())
    assert found is not None
    return int(found.group(1))


def play(shown: Tablet) -> None:
    """Play the voice note before it is saved: the place in it moves, on the loudspeaker and on the screen."""
    shown.touch(shown.all_controls("voice-play-").first, "voice-play")
    shown.sees(re.compile(r"0:[0-5]\d von 0:[0-5]\d"))
    assert moves(shown.page, 0)


def moves(page: Page, number: int) -> bool:
    """Whether an audio element's place moves."""
    before = page.evaluate(_PLACE, number)
    for _ in range(200):
        page.wait_for_timeout(50)
        if page.evaluate(_PLACE, number) > max(before, 0):
            return True
    return False


def sources(desk: Page, count: int) -> list[str]:
    """The addresses of all voice notes of the open lead, once so many have arrived."""
    players = desk.locator("#detail audio[data-voice]")
    expect(players).to_have_count(count, timeout=PATIENCE_MS)
    return [str(player.get_attribute("src")) for player in players.all()]


def play_by_key(desk: Page, number: int) -> None:
    """One key plays, the same key stops."""
    desk.locator("#lead-title").focus()
    desk.keyboard.press("p")
    assert moves(desk, number)
    desk.keyboard.press("p")
    assert desk.evaluate("(n) => document.querySelectorAll('audio')[n].paused", number)


def answer(shown: Tablet) -> None:
    """Answer by voice alone; returns when it has been transferred."""
    record(shown, until=2)
    touch(shown, "voice-done")
    expect(shown.all_controls("voice-said-").first).to_be_visible(timeout=PATIENCE_MS)
    shown.tap("answer-send")  # the last thing on the page: it cannot be brought any higher
    shown.sees("Antwort gespeichert.")
    shown.tap("back")
    shown.tap("nav-today")
    shown.tap("sync-now")
    shown.sees("Alles übertragen")


def touch(shown: Tablet, identifier: str) -> None:
    """Bring a control into sight, as a finger does, and touch it."""
    shown.scroll_to(identifier)
    shown.tap(identifier)
