"""A hand that counts: the five commonest tasks, each from the first screen to the end, with taps and keystrokes."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import expect

from tests.tablet import PATIENCE_MS, Tablet

SENTENCE = "Zweiter Kompressor gewünscht, der alte schafft die Spitzen nicht mehr."


@dataclass(frozen=True)
class Count:
    """What a task cost."""

    task: str
    taps: int
    keystrokes: int
    sentences: int
    way: str


class Hand:
    """Touches and types on a tablet, and counts."""

    def __init__(self, shown: Tablet) -> None:
        self._shown = shown
        self._way: list[str] = []
        self.taps = 0
        self.keystrokes = 0

    def tap(self, identifier: str, said: str) -> None:
        """Touch a control."""
        self._shown.tap(identifier)
        self.taps += 1
        self._way.append(said)

    def write(self, identifier: str, text: str) -> None:
        """Touch a field and type a sentence."""
        self._shown.type(identifier, text)
        self.taps += 1
        self.keystrokes += len(text)
        self._way.append("type a sentence")

    def count(self, task: str) -> Count:
        """What was counted since the hand was made."""
        return Count(task, self.taps, self.keystrokes, int(self.keystrokes > 0), " → ".join(self._way))


def tasks(shown: Tablet) -> list[Count]:
    """All five, one after the other, from the first screen of the demo's morning."""
    return [
        _at_home(shown, task)
        for task in (_capture_a_need, _read_the_brief, _answer_a_question, _tick_a_task, _note_a_rival)
    ]


def _at_home(shown: Tablet, task: Callable[[Tablet, Hand], str]) -> Count:
    shown.page.evaluate("location.hash = '#/'")
    shown.control("nav-capture").wait_for()
    shown.control("open-customer").wait_for()
    hand = Hand(shown)
    return hand.count(task(shown, hand))


def _capture_a_need(shown: Tablet, hand: Hand) -> str:
    hand.tap("capture-here", "Hier erfassen")
    hand.tap("kind-need", "Bedarf")
    hand.write("capture-text", SENTENCE)
    hand.tap("capture-save", "Fertig")
    shown.sees("Gespeichert. Sicher auf diesem Tablet")
    return "capture a need at the next visit's customer"


def _read_the_brief(shown: Tablet, hand: Hand) -> str:
    hand.tap("open-customer", "Kundenbrief")
    shown.sees("Zusagen und nächste Schritte")
    return "read the customer's brief before the visit"


def _answer_a_question(shown: Tablet, hand: Hand) -> str:
    hand.tap("question", "the question on the first screen")
    hand.write("answer-text", "Auf dem Typenschild stehen 7,5 Kubikmeter je Minute.")
    hand.tap("answer-send", "Antworten")
    shown.sees("7,5 Kubikmeter")
    return "answer a question of inside sales"


def _tick_a_task(shown: Tablet, hand: Hand) -> str:
    box = shown.all_controls("done-").first
    box.wait_for()
    hand.tap(box.get_attribute("flt-semantics-identifier") or "", "the box before the task")
    shown.sees("Erledigt. Sicher auf diesem Tablet")
    return "say that a task is done"


def _note_a_rival(shown: Tablet, hand: Hand) -> str:
    hand.tap("capture-here", "Hier erfassen")
    hand.tap("kind-competitor", "Wettbewerb")
    shown.scroll_to("photo-camera")  # a message may lie over the lower edge
    hand.tap("photo-camera", "Kamera")
    shown.page.get_by_role("button", name="Auslösen").wait_for(
        timeout=PATIENCE_MS
    )  # the camera has to wake up
    hand.tap("camera-shutter", "Auslösen")
    shown.sees("1 Foto: antippen zum Bearbeiten")
    hand.tap("camera-done", "Fertig")
    expect(shown.all_controls("photo-remove-")).to_have_count(1, timeout=PATIENCE_MS)
    hand.tap("capture-save", "Fertig")
    shown.sees("Gespeichert. Sicher auf diesem Tablet")
    return "note a competitor's machine with a photo"
