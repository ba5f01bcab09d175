"""How a kind is called and what its fields ask: in the firm's words where it has some, else in the product's. Pure."""

from dataclasses import dataclass
from functools import cache

from protocol.observation import Kind
from protocol.template import KindWords, Template, Words


@dataclass(frozen=True)
class Called:
    """The words of a kind, whole.

    Attributes:
        heard: what to write of what was heard.
        seen: what to write of what was seen.
    """

    name: Words
    heard: Words
    seen: Words


def called(template: Template, kind: Kind) -> Called:
    """The words of a kind in a version."""
    usual = usual_words()[kind]
    own = own_words(template, kind)
    return Called(own.name or usual.name, own.heard or usual.heard, own.seen or usual.seen)


def own_words(template: Template, kind: Kind) -> KindWords:
    """What the firm itself has said of a kind."""
    return next((words for words in template.words or () if words.kind is kind), KindWords(kind=kind))


@cache
def usual_words() -> dict[Kind, Called]:
    """The product's words. To a draft whose kind is open yet the fields ask as a note does."""
    return {
        Kind.PLAN: _called(
            ("Plan", "Plan"),
            ("Was ist geplant? Wer hat es gesagt?", "What is planned? Who said so?"),
            ("Was ist davon schon zu sehen?", "What can be seen of it already?"),
        ),
        Kind.NEED: _called(
            ("Bedarf", "Need"),
            ("Was wird gebraucht?", "What is needed?"),
            ("Woran sieht man den Bedarf?", "What shows the need?"),
        ),
        Kind.NEXT_STEP: _called(
            ("Nächster Schritt", "Next step"),
            ("Was wurde vereinbart?", "What was agreed?"),
            ("Was ist dazu vor Ort zu sehen?", "What can be seen of it on site?"),
        ),
        Kind.COMPETITOR: _called(
            ("Wettbewerb", "Competitor"),
            ("Was wird über den Wettbewerb gesagt?", "What is said about the competitor?"),
            (
                "Welche Maschine, welches Baujahr, welcher Zustand?",
                "Which machine, which year, in what condition?",
            ),
        ),
        Kind.COMPLAINT: _called(
            ("Reklamation", "Complaint"),
            ("Worüber ist der Kunde verärgert?", "What is the customer annoyed about?"),
            ("Was ist am Gerät zu sehen?", "What can be seen on the machine?"),
        ),
        Kind.CONTACT_CHANGE: _called(
            ("Kontakt neu", "Contact change"),
            ("Wer ist neu, wer ist gegangen?", "Who is new, who has left?"),
            ("Was steht auf Türschild oder Karte?", "What does the door plate or the card say?"),
        ),
        Kind.NOTE: _called(
            ("Notiz", "Note"),
            ("Was hast du gehört?", "What did you hear?"),
            ("Was hast du gesehen?", "What did you see?"),
        ),
    }


def _called(*texts: tuple[str, str]) -> Called:
    name, heard, seen = (Words(de=german, en=english) for german, english in texts)
    return Called(name, heard, seen)
