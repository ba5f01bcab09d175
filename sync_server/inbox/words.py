"""The words of the inbox for states, kinds, reasons, channels, events and faults, in a language."""

from copy import copy
from functools import cache

from protocol.observation import FlagKind, Kind, Side
from protocol.pairing import Role
from protocol.reference import Channel, Influence, Trend
from protocol.review import LeadState, RejectionReason
from protocol.rules.kind_words import called, usual_words
from protocol.rules.leads import Action
from protocol.template import QuestionType, Template
from sync_server.crm.lead_filters import View
from sync_server.crm.lead_step import Step
from sync_server.crm.master_editing import MasterFault
from sync_server.crm.review import Fault
from sync_server.crm.template_editing import EditFault
from sync_server.crm.template_history import Part
from sync_server.inbox.language import Language


class Words:
    """Every fixed word of the inbox that stands for a value of the program."""

    def __init__(self, language: Language) -> None:
        _ = language.gettext
        self.states = {
            LeadState.NEW: _("Neu"),
            LeadState.IN_REVIEW: _("In Arbeit"),
            LeadState.QUESTION: _("Rückfrage"),
            LeadState.ACCEPTED: _("Angenommen"),
            LeadState.REJECTED: _("Abgelehnt"),
            LeadState.DUPLICATE: _("Dublette"),
            LeadState.HANDED_OVER: _("Übergeben"),
            LeadState.WON: _("Gewonnen"),
            LeadState.LOST: _("Verloren"),
        }
        self._language = language.code
        self.kinds = {kind: words.name.spoken(language.code) for kind, words in usual_words().items()}
        """As the product calls them; `in_house` gives the firm's words."""
        self.reasons = {
            RejectionReason.NO_RELATION: _("Kein Bezug zu unserem Angebot"),
            RejectionReason.ALREADY_KNOWN: _("Schon bekannt"),
            RejectionReason.NO_POTENTIAL: _("Kein Potenzial"),
            RejectionReason.TOO_VAGUE: _("Zu ungenau"),
            RejectionReason.CUSTOMER_DECLINES: _("Kunde möchte nicht"),
            RejectionReason.PRIVACY: _("Datenschutz"),
            RejectionReason.OTHER: _("Anderer Grund"),
        }
        self.sides = {
            Side.TECHNICIAN: _("Technik"),
            Side.INSIDE_SALES: _("Innendienst"),
            Side.FIELD_SALES: _("Außendienst"),
            Side.CUSTOMER: _("Kunde"),
        }
        self.flags = {
            FlagKind.PERSONAL: _("DSGVO: personenbezogen"),
            FlagKind.THIRD_PARTY: _("DSGVO: Dritte"),
            FlagKind.SPECIAL_CATEGORY: _("DSGVO: besondere Kategorie (Art. 9)"),
        }
        self.short_flags = {
            FlagKind.PERSONAL: _("DSGVO"),
            FlagKind.THIRD_PARTY: _("DSGVO: Dritte"),
            FlagKind.SPECIAL_CATEGORY: _("DSGVO: Art. 9"),
        }
        self.channels = {
            Channel.VISIT: _("Besuch"),
            Channel.PHONE: _("Telefon"),
            Channel.EMAIL: _("E-Mail"),
            Channel.LETTER: _("Brief"),
            Channel.PORTAL: _("Portal"),
            Channel.TRADE_FAIR: _("Messe"),
            Channel.OBSERVATION: _("Beobachtung"),
        }
        self.roles = {
            Role.TECHNICIAN: _("Servicetechnik"),
            Role.INSIDE_SALES: _("Innendienst"),
            Role.FIELD_SALES: _("Außendienst"),
            Role.HEAD_OF_SALES: _("Vertriebsleitung"),
            Role.DATA_PROTECTION: _("Datenschutz"),
            Role.ADMIN: _("Administration"),
        }
        self.views = {
            View.NEW: _("Neu"),
            View.MINE: _("Meine"),
            View.DUE: _("Heute fällig"),
            View.QUESTION: _("Rückfrage offen"),
            View.URGENT: _("Dringend"),
            View.A_CUSTOMERS: _("A-Kunden"),
            View.DEFERRED: _("Zurückgestellt"),
            View.DECIDED: _("Entschieden"),
            View.ALL: _("Alle"),
        }
        self.my_customers = _("Meine Kunden")
        self.empty_views = {
            View.NEW: _("Alles gesichtet. Neue Meldungen erscheinen hier von selbst."),
            View.MINE: _(
                "Nichts zugewiesen. Mit „Zuweisen“ oder „In Arbeit nehmen“ landet eine Meldung hier."
            ),
            View.DUE: _("Heute ist keine Wiedervorlage fällig."),
            View.QUESTION: _("Keine Rückfrage wartet auf eine Antwort aus der Technik."),
            View.URGENT: _("Nichts Dringendes."),
            View.A_CUSTOMERS: _("Keine offene Meldung von A-Kunden."),
            View.DEFERRED: _("Nichts ist zurückgestellt."),
            View.DECIDED: _("Noch wurde nichts entschieden."),
            View.ALL: _("Noch ist keine Meldung eingegangen. Sobald ein Tablet sendet, erscheint sie hier."),
        }
        self.events: dict[str, str] = {
            "recorded": _("auf dem Tablet gesichert"),
            "received": _("empfangen"),
            "taken_in": _("aus einer Datei des Tablets übernommen"),
            "revise": _("von der Technik berichtigt"),
            "revised": _("von der Technik berichtigt"),
            "task_done": _("nächster Schritt von der Technik erledigt"),
            "task_open": _("nächster Schritt doch noch offen"),
            Action.OPEN: _("in Arbeit genommen"),
            Action.ACCEPT: _("angenommen"),
            Action.REJECT: _("abgelehnt"),
            Action.ASK: _("Rückfrage gestellt"),
            Action.ANSWER: _("Rückfrage beantwortet"),
            Action.REOPEN: _("wieder geöffnet"),
            Action.MARK_DUPLICATE: _("als Dublette geschlossen"),
            Action.HAND_OVER: _("übergeben"),
            Action.OFFER: _("Angebot gemacht"),
            Action.WIN: _("gewonnen"),
            Action.LOSE: _("verloren"),
            Step.COMMENT: _("kommentiert"),
            Step.ASSIGN: _("zugewiesen"),
            Step.FOLLOW_UP: _("auf Wiedervorlage gelegt"),
            Step.FOLLOW_UP_DONE: _("Wiedervorlage erledigt"),
            Step.SETTLE: _("Fassung gewählt"),
            Step.UNDO: _("Schritt zurückgenommen"),
        }
        self.done: dict[str, str] = {
            Action.OPEN: _("In Arbeit genommen."),
            Action.ACCEPT: _("Angenommen."),
            Action.REJECT: _("Abgelehnt."),
            Action.ASK: _("Rückfrage gestellt. Sie erreicht das Tablet beim nächsten Abgleich."),
            Action.REOPEN: _("Wieder geöffnet."),
            Action.MARK_DUPLICATE: _("Als Dublette geschlossen."),
            Action.HAND_OVER: _("Übergeben."),
            Action.OFFER: _("Angebot vermerkt. Die Technik liest es beim nächsten Abgleich."),
            Action.WIN: _("Als gewonnen vermerkt."),
            Action.LOSE: _("Als verloren vermerkt."),
            Step.COMMENT: _("Kommentar gespeichert. Er erreicht das Tablet beim nächsten Abgleich."),
            Step.ASSIGN: _("Zugewiesen."),
            Step.FOLLOW_UP: _("Auf Wiedervorlage gelegt."),
            Step.FOLLOW_UP_DONE: _("Wiedervorlage erledigt."),
            Step.SETTLE: _("Diese Fassung gilt. Das Tablet zeigt sie nach dem nächsten Abgleich."),
            Step.UNDO: _("Zurückgenommen."),
        }
        self.influences = {
            Influence.DECIDES: _("entscheidet"),
            Influence.BUYS: _("kauft ein"),
            Influence.USES: _("arbeitet damit"),
            Influence.OPPOSES: _("ist dagegen"),
        }
        self.trends = {
            Trend.GROWING: _("wächst"),
            Trend.STEADY: _("bleibt gleich"),
            Trend.SHRINKING: _("wird kleiner"),
        }
        self.edits = {
            "class": _("Kundenwert"),
            "contact": _("Ansprechpartner"),
            "consent": _("Werbeerlaubnis"),
            "interest": _("Interesse mit Einwilligung notiert"),
            "interest_withdrawn": _("Einwilligung widerrufen, Interesse gelöscht"),
            "own_customer": _("Kunde des Kunden"),
            "own_customer_removed": _("Kunde des Kunden entfernt"),
        }
        self.master_faults = {
            MasterFault.TEXT_MISSING: _("Es fehlt ein Text. Nichts wurde geändert."),
            MasterFault.TOO_LONG: _("Ein Text ist zu lang. Nichts wurde geändert."),
            MasterFault.EVIDENCE_MISSING: _(
                "Ohne Beleg wird nichts festgehalten: Wo und wie wurde es gesagt?"
            ),
            MasterFault.AGREEMENT_MISSING: _(
                "Ein Interesse wird nur mit dem Tag der Einwilligung notiert. Nichts wurde gespeichert."
            ),
            MasterFault.DAY_AHEAD: _("Die Einwilligung kann nicht in der Zukunft liegen."),
            MasterFault.OVERTAKEN: _(
                "Inzwischen hat jemand anderes das geändert. Hier steht der neue Stand; Ihre Eingabe war:"
            ),
        }
        self._codes: dict[str, str] = {
            **{code.value: said for code, said in self.influences.items()},
            **{code.value: said for code, said in self.trends.items()},
            **{code.value: said for code, said in self.channels.items()},
            "yes": _("ja"),
            "no": _("nein"),
        }
        self.question_types = {
            QuestionType.SHORT_TEXT: _("Kurzer Text"),
            QuestionType.CHOICE: _("Auswahl"),
            QuestionType.SCALE: _("Stufen, die schlimmste zuletzt"),
            QuestionType.PERIOD: _("Tag oder Zeitraum"),
            QuestionType.AMOUNT: _("Betrag in €"),
            QuestionType.YEAR: _("Jahr"),
            QuestionType.PERSON: _("Person beim Kunden"),
            QuestionType.PHOTO: _("Foto"),
            QuestionType.SIGNATURE: _("Unterschrift"),
        }
        self.template_parts = {
            Part.QUESTIONS: _("Fragen"),
            Part.WORDS: _("Wörter"),
            Part.KINDS: _("Welche Arten"),
            Part.PREPARATION: _("Vorbereitung"),
            Part.LIVES: _("Lebensdauer"),
        }
        self.edit_faults = {
            EditFault.GERMAN_MISSING: _("Der deutsche Text fehlt."),
            EditFault.TOO_LONG: _("Ein Text ist zu lang (höchstens 500 Zeichen). Bitte kürzen."),
            EditFault.TOO_FEW_CHOICES: _("Bitte mindestens zwei Möglichkeiten angeben, je Zeile eine."),
            EditFault.TOO_MANY_CHOICES: _("Mehr als 20 Möglichkeiten passen auf kein Tablet."),
            EditFault.TOO_MANY_QUESTIONS: _("Mehr als 20 Fragen beantwortet vor Ort niemand."),
            EditFault.TOO_MANY_POINTS: _("Mehr als 12 Punkte hakt vor einem Besuch niemand ab."),
            EditFault.NOT_AN_AMOUNT: _("Ein Betrag ist keine ganze Zahl in Euro."),
            EditFault.SEVERAL_SENTENCES: _("Unterschrieben wird ein Satz; er steht in einer Zeile."),
            EditFault.NO_KIND: _("Mindestens eine Art muss angeboten werden."),
            EditFault.NAME_TOO_LONG: _("Der Name ist zu lang für eine Kachel (höchstens 30 Zeichen)."),
            EditFault.NAME_TWICE: _("So heißt schon eine andere Art."),
            EditFault.NO_YEARS: _("Bitte je Zeile: Hersteller | Typ | Jahre, die Jahre von 1 bis 99."),
            EditFault.NO_MACHINE: _("Es fehlt, welche Anlagen gemeint sind: Hersteller, Typ oder beides."),
            EditFault.MACHINE_TWICE: _("Diese Anlagen stehen zweimal da."),
            EditFault.TOO_MANY_LIVES: _(
                "Mehr als 200 Zeilen sind nicht möglich; der Anfang eines Typs genügt."
            ),
        }
        self.faults = {
            Fault.TEXT_MISSING: _("Bitte einen Text eingeben."),
            Fault.TEXT_TOO_LONG: _("Der Text ist zu lang (höchstens 20.000 Zeichen). Bitte kürzen."),
            Fault.NOTE_TOO_LONG: _("Die Notiz ist zu lang (höchstens 500 Zeichen). Bitte kürzen."),
            Fault.NOTE_MISSING: _("Bei „Anderer Grund“ braucht die Technik einen Satz dazu."),
            Fault.REASON_MISSING: _("Bitte einen Grund wählen."),
            Fault.DATE_MISSING: _("Bitte ein Datum wählen."),
            Fault.DATE_PAST: _("Das Datum liegt in der Vergangenheit."),
            Fault.DATE_FAR: _("Das Datum liegt zu weit in der Zukunft."),
            Fault.ASSIGNEE_UNKNOWN: _("Diese Person kann keine Meldungen übernehmen."),
            Fault.FOLLOW_UP_UNKNOWN: _("Diese Wiedervorlage ist schon erledigt."),
            Fault.VERSION_UNKNOWN: _("Diese Fassung steht nicht mehr zur Wahl."),
            Fault.UNDO_LATE: _("Der Schritt ist älter als 10 Minuten. Bitte „Wieder öffnen“ benutzen."),
        }

    def in_house(self, template: Template) -> "Words":
        """The same words, with those that the firm has for kinds."""
        words = copy(self)
        words.kinds = {kind: called(template, kind).name.spoken(self._language) for kind in Kind}
        return words

    def codes(self, text: str) -> str:
        """What was noted of a change, in words."""
        return " · ".join(self._codes.get(part, part) for part in text.split(" · "))


@cache
def get_words(language: Language) -> Words:
    """The words of a language."""
    return Words(language)
