"""The template that the product brings along: what field service asks so that sales can do something with it.

What was planned, needed or complained about is the observation's text, and who does the next step until when stands in
its next step; neither is asked for again here.
"""

from functools import cache
from uuid import UUID

from protocol.observation import Kind
from protocol.template import Choice, KindQuestions, Point, Question, QuestionType, Template, Words

FIRST_TEMPLATE = UUID("01a20000-0000-7000-8000-000000000003")
"""The version that a firm begins with. Another one that the product brings along gets another id, and this one is then
kept as it is among the earlier ones."""

_WITHOUT_SIGNATURE = UUID("01a20000-0000-7000-8000-000000000002")
_WITHOUT_SERIAL_NUMBER = UUID("01a20000-0000-7000-8000-000000000001")


def brought_along(template_id: UUID) -> Template | None:
    """A version that the product brings along or once did; None if it is none of them."""
    if template_id == FIRST_TEMPLATE:
        return first_template()
    if template_id == _WITHOUT_SIGNATURE:
        return _without_signature()
    return _without_serial_number() if template_id == _WITHOUT_SERIAL_NUMBER else None


@cache
def first_template() -> Template:
    """The template of a firm that has not made its own."""
    return _template(FIRST_TEMPLATE, _competitor(), (*_contact_change(), _consent()))


@cache
def _without_signature() -> Template:
    return _template(_WITHOUT_SIGNATURE, _competitor(), _contact_change())


@cache
def _without_serial_number() -> Template:
    questions = tuple(question for question in _competitor() if question.id != "rival_serial")
    return _template(_WITHOUT_SERIAL_NUMBER, questions, _contact_change())


def _template(
    template_id: UUID, competitor: tuple[Question, ...], contact_change: tuple[Question, ...]
) -> Template:
    return Template(
        id=template_id,
        kinds=(
            KindQuestions(kind=Kind.PLAN, questions=_plan()),
            KindQuestions(kind=Kind.NEED, questions=_need()),
            KindQuestions(kind=Kind.NEXT_STEP),
            KindQuestions(kind=Kind.COMPETITOR, questions=competitor),
            KindQuestions(kind=Kind.COMPLAINT, questions=_complaint()),
            KindQuestions(kind=Kind.CONTACT_CHANGE, questions=contact_change),
            KindQuestions(kind=Kind.NOTE),
        ),
    )


@cache
def usual_preparation() -> tuple[Point, ...]:
    """What is prepared before a visit where the firm has not said otherwise. Ids and meanings never change."""
    return (
        _point("history", "Gelesen, was zuletzt war", "Read what happened last"),
        _point("questions", "Fragen und Zusagen im Kopf", "Questions and promises in mind"),
        _point("contacts", "Ansprechpartner weiß, dass ich komme", "Contact knows that I am coming"),
        _point("machines", "Anlagen und Wartungsstand angesehen", "Looked at machines and their service"),
        _point("offers", "Weiß, welche Angebote passen", "Know which offers fit"),
        _point("parts", "Teile, Werkzeug, Unterlagen eingepackt", "Parts, tools, papers packed"),
    )


def _point(name: str, german: str, english: str) -> Point:
    return Point(id=name, words=Words(de=german, en=english))


def _plan() -> tuple[Question, ...]:
    return (
        _ask("plan_when", QuestionType.PERIOD, "Wann soll es so weit sein?", "When is it to happen?"),
        _ask("plan_decides", QuestionType.PERSON, "Wer entscheidet?", "Who decides?"),
        Question(
            id="plan_budget",
            type=QuestionType.AMOUNT,
            words=Words(de="Welches Budget wurde genannt?", en="Which budget was mentioned?"),
            amounts=(10_000, 25_000, 50_000, 100_000, 250_000),
        ),
    )


def _need() -> tuple[Question, ...]:
    return (
        _ask("need_when", QuestionType.PERIOD, "Bis wann wird es gebraucht?", "By when is it needed?"),
        _choose(
            "need_reason",
            QuestionType.CHOICE,
            Words(de="Warum?", en="Why?"),
            old=Words(de="Gerät zu alt", en="Machine too old"),
            failures=Words(de="Ausfälle", en="Breakdowns"),
            capacity=Words(de="Leistung reicht nicht", en="Not enough capacity"),
            costs=Words(de="Kosten, Energie", en="Costs, energy"),
            rules=Words(de="Vorschrift, Prüfung", en="Regulation, inspection"),
            new_task=Words(de="Neue Aufgabe", en="New task"),
        ),
        _ask("need_person", QuestionType.PERSON, "Wer braucht es?", "Who needs it?"),
    )


def _competitor() -> tuple[Question, ...]:
    return (
        _ask("rival_maker", QuestionType.SHORT_TEXT, "Welcher Hersteller?", "Which maker?"),
        _ask("rival_model", QuestionType.SHORT_TEXT, "Welches Modell?", "Which model?"),
        _ask("rival_serial", QuestionType.SHORT_TEXT, "Welche Seriennummer?", "Which serial number?"),
        _ask("rival_year", QuestionType.YEAR, "Welches Baujahr?", "Built in which year?"),
        _choose(
            "rival_condition",
            QuestionType.SCALE,
            Words(de="In welchem Zustand?", en="In which condition?"),
            new=Words(de="Wie neu", en="Like new"),
            good=Words(de="Gut", en="Good"),
            worn=Words(de="Abgenutzt", en="Worn"),
            broken=Words(de="Defekt", en="Broken"),
        ),
        _ask("rival_nameplate", QuestionType.PHOTO, "Typenschild", "Nameplate"),
    )


def _complaint() -> tuple[Question, ...]:
    return (
        _choose(
            "complaint_severity",
            QuestionType.SCALE,
            Words(de="Wie schlimm ist es?", en="How bad is it?"),
            nuisance=Words(de="Lästig", en="A nuisance"),
            hinders=Words(de="Behindert die Arbeit", en="Hinders work"),
            standstill=Words(de="Produktion steht", en="Production stands still"),
            danger=Words(de="Gefahr für Menschen", en="Danger to people"),
        ),
        _ask("complaint_person", QuestionType.PERSON, "Wer ist verärgert?", "Who is upset?"),
        _choose(
            "complaint_risk",
            QuestionType.CHOICE,
            Words(de="Womit ist zu rechnen?", en="What is to be expected?"),
            nothing=Words(de="Nichts weiter", en="Nothing more"),
            money=Words(de="Will Geld zurück", en="Wants money back"),
            leaving=Words(de="Sucht andere Anbieter", en="Looks for other suppliers"),
        ),
    )


def _contact_change() -> tuple[Question, ...]:
    return (
        _choose(
            "change_what",
            QuestionType.CHOICE,
            Words(de="Was hat sich geändert?", en="What has changed?"),
            new=Words(de="Neu da", en="New there"),
            left=Words(de="Nicht mehr da", en="No longer there"),
            role=Words(de="Neue Aufgabe", en="New role"),
        ),
        _ask("change_person", QuestionType.PERSON, "Wer?", "Who?"),
        Question(
            id="change_role",
            type=QuestionType.SHORT_TEXT,
            words=Words(de="Mit welcher Aufgabe?", en="In which role?"),
            suggestions=(
                Words(de="Instandhaltung", en="Maintenance"),
                Words(de="Produktion", en="Production"),
                Words(de="Einkauf", en="Purchasing"),
                Words(de="Geschäftsführung", en="Management"),
            ),
        ),
    )


def _consent() -> Question:
    """The word of a person who is new, where evidence is cheapest: at the first meeting.

    Whoever holds personal data by consent must be able to prove it, and that it can be withdrawn must be said before it
    is given (Art. 7(1) and (3) GDPR; § 7 UWG for calls and e-mails that advertise).
    """
    return Question(
        id="change_consent",
        type=QuestionType.SIGNATURE,
        words=Words(de="Einverstanden, dass wir uns melden?", en="Agrees to be contacted?"),
        sentence=Words(
            de=(
                "Ich bin einverstanden, dass die genannte Firma meinen Namen, meine Aufgabe und meine "
                "Kontaktdaten speichert und mich per Telefon und E-Mail zu Wartung, Ersatzteilen und "
                "Angeboten anspricht. Das ist freiwillig; ich kann es jederzeit ohne Nachteil widerrufen."
            ),
            en=(
                "I agree that the company named here stores my name, my role and my contact details and "
                "contacts me by phone and e-mail about service, spare parts and offers. This is "
                "voluntary; I can withdraw it at any time without disadvantage."
            ),
        ),
    )


def _ask(name: str, kind: QuestionType, german: str, english: str) -> Question:
    return Question(id=name, type=kind, words=Words(de=german, en=english))


def _choose(name: str, kind: QuestionType, words: Words, **choices: Words) -> Question:
    possibilities = tuple(Choice(id=choice, words=said) for choice, said in choices.items())
    return Question(id=name, type=kind, words=words, choices=possibilities)
