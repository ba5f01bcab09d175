"""Changed contacts: people who come, leave, marry, retire, or want to be reached differently."""

from protocol.observation import FlagKind, Kind, Side
from protocol.review import RejectionReason as R
from sync_server.demo.texts.situation import Care, Situation

_A = Kind.CONTACT_CHANGE
_IN, _FIELD, _TECH = Side.INSIDE_SALES, Side.FIELD_SALES, Side.TECHNICIAN
_KEEP = Care(FlagKind.PERSONAL, "Ansprechpartner aktuell halten", 365)

CONTACT_CHANGES = (
    Situation(
        "new-buyer",
        _A,
        (
            "Neuer Einkaufsleiter ab {monat}, kommt von {fmaker}",
            "Einkauf ab {monat} neu besetzt",
            "{neu} übernimmt den Einkauf",
        ),
        (
            "{K} sagt, {neu} übernimmt im {monat} den Einkauf und hat früher bei {fmaker} gearbeitet.",
            "Laut {Kd} läuft ab {monat} jede Bestellung über {neun}.",
        ),
        (),
        ("Früh vorstellen, bevor alte Verbindungen greifen.",),
        (("Antrittsbesuch bei {neun} im {monat}", _FIELD),),
        (("Weißt du Telefon oder Mail?", "Noch nicht, Zentrale stellt durch."),),
        ("Kontakt angelegt, Außendienst meldet sich im {monat}.",),
        ((R.ALREADY_KNOWN, "{neu} hat sich schon selbst bei uns gemeldet."),),
        care=Care(FlagKind.THIRD_PARTY, "Ansprechpartner Einkauf vorbereiten", 180),
    ),
    Situation(
        "retires",
        _A,
        ("{K} geht {saison} in Rente", "Nachfolge für {Kn} geregelt", "Rente zum {monat}, Nachfolge: {neu}"),
        (
            "{K} hört zum {monat} auf, {neu} wird eingearbeitet.",
            "„Dann müsst ihr euch mit dem Jungen verstehen“, lacht {K}.",
        ),
        (),
        ("Übergabetermin zu dritt vorschlagen, solange {K} noch da ist.",),
        (("Übergabegespräch mit {Kd} und {neud}", _FIELD),),
        (("Entscheidet die Nachfolge dann auch über Investitionen?", "Bis {euro_grenze} ja, sagt {K}."),),
        ("{neu} als Kontakt angelegt, Übergabe für {monat} notiert.",),
        ((R.ALREADY_KNOWN, "Nachfolge ist seit {vormonat} im System."),),
        care=_KEEP,
    ),
    Situation(
        "new-technical-head",
        _A,
        (
            "{neu} ist neu in der Instandhaltung",
            "Neuer Ansprechpartner Technik: {neu}",
            "Instandhaltung jetzt unter {neud}",
        ),
        (
            "{neu} hat sich vorgestellt, zuständig für alle Anlagen {ort}.",
            "{K} hat mich an {neun} übergeben, {er} macht nur noch Projekte.",
        ),
        ("Neues Türschild, {neurolle}.",),
        ("Kennt sich mit Druckluft aus, stellt gute Fragen.",),
        (("Kontakt anlegen, Broschüre schicken", _IN),),
        (("Bleibt {K} als Kontakt?", "Ja, für Projekte. Wartung macht {neu}."),),
        ("Kontakt angelegt, Zuständigkeiten geändert.",),
        ((R.ALREADY_KNOWN, "Kontakt war schon angelegt."),),
        care=_KEEP,
    ),
    Situation(
        "left",
        _A,
        ("{K} hat die Firma verlassen", "{K} nicht mehr im Haus", "Ansprechpartner weg, Nachfolge offen"),
        (
            "An der Pforte hieß es, {K} ist seit {vormonat} nicht mehr da.",
            "{K2} sagt, die Stelle ist ausgeschrieben.",
        ),
        (),
        ("Offenes Angebot muss an jemand anderen adressiert werden.",),
        (("Offene Angebote neu adressieren", _IN),),
        (("Wer unterschreibt jetzt die Berichte?", "Vorläufig {K2}."),),
        ("Kontakt als ausgeschieden markiert.",),
        ((R.ALREADY_KNOWN, "Ist bei uns schon als ausgeschieden vermerkt."),),
        care=_KEEP,
    ),
    Situation(
        "channel",
        _A,
        (
            "Möchte nur noch per Post angeschrieben werden",
            "{K} will keine Werbemails mehr",
            "Bitte nur noch anrufen, keine Mails",
            "{K} möchte Wartungstermine per Mail statt Telefon",
        ),
        (
            "{K} bittet darum, Angebote künftig schriftlich auf Papier zu schicken.",
            "„Die Mails lese ich nicht, ruft mich vormittags an“, sagt {K}.",
        ),
        (),
        (),
        (("Bevorzugten Weg bei {Kd} ändern", _IN),),
        (("Gilt das für alles oder nur für Werbung?", "Nur Werbung. Wartungstermine weiter wie bisher."),),
        ("Weg geändert, Werbung per Mail gesperrt.",),
        ((R.ALREADY_KNOWN, "Sperre war schon eingetragen."),),
        care=Care(FlagKind.PERSONAL, "Werbeerlaubnis richtig führen", 365),
    ),
    Situation(
        "parental-leave",
        _A,
        ("{K} ab {monat} in Elternzeit, Vertretung {neu}", "Vertretung für {Kn} ab {monat}"),
        ("{K} ist ab {monat} ein halbes Jahr weg, {neu} vertritt.",),
        (),
        ("Termine vorher noch fest ausmachen.",),
        (("Vertretung als Kontakt anlegen", _IN),),
        (("Wie lange ungefähr?", "Bis {monat2}."),),
        ("Vertretung eingetragen, befristet.",),
        ((R.PRIVACY, "Vertretung übernommen, den Grund haben wir entfernt."),),
        care=Care(FlagKind.PERSONAL, "Vertretung bis zur Rückkehr", 240, always=True),
    ),
    Situation(
        "new-number",
        _A,
        (
            "Telefonanlage neu, Durchwahlen geändert",
            "Neue Mailadressen nach Umfirmierung",
            "{K} hat neue Durchwahl",
        ),
        (
            "{K}: alte Durchwahl läuft noch bis {monat}.",
            "Firma hat auf neue Adressen umgestellt, alte Mails kommen zurück.",
        ),
        ("Neue Visitenkarte fotografiert.",),
        (),
        (("Kontaktdaten aus Foto übernehmen", _IN),),
        (
            (
                "Foto ist unscharf, kannst du die letzten Ziffern nennen?",
                "Habe nachgefragt und im Kontakt selbst eingetragen lassen.",
            ),
        ),
        ("Daten übernommen.",),
        ((R.ALREADY_KNOWN, "Neue Daten kamen schon per Rundschreiben."),),
        care=_KEEP,
    ),
    Situation(
        "decides-now",
        _A,
        (
            "{K2} entscheidet jetzt über Technik",
            "Zuständigkeit gewechselt: Freigabe bei {Kd}",
            "Freigaben laufen künftig über die Zentrale",
        ),
        (
            "{K} hat seit {vormonat} Prokura und gibt bis {euro_grenze} selbst frei.",
            "Ab {monat} muss die Zentrale alles über {euro_grenze} freigeben.",
        ),
        (),
        ("Angebote künftig an beide schicken.",),
        (("Freigabegrenzen beim Kunden eintragen", _IN),),
        (("Gilt das für alle Werke?", "Ja, für alle Standorte."),),
        ("Freigabegrenzen sind hinterlegt.",),
        ((R.TOO_VAGUE, "Welche Zentrale und wer dort? Bitte nachfragen."),),
        care=_KEEP,
    ),
    Situation(
        "young-owner",
        _A,
        ("Junior übernimmt die Leitung", "Generationswechsel {saison}", "Tochter steigt in die Firma ein"),
        (
            "{K} übergibt zum {monat} an die nächste Generation.",
            "„Meine Tochter macht das Technische, ich nur noch die Kunden“, sagt {K}.",
        ),
        (),
        ("Die nächste Generation fragt nach Energie und Daten, da passt unsere Steuerung gut.",),
        (("Kennenlerntermin vorschlagen", _FIELD),),
        (("Ab wann genau?", "Offiziell zum {monat}, sie sitzt aber jetzt schon mit am Tisch."),),
        ("Termin für {monat} notiert, Außendienst übernimmt.",),
        ((R.NO_RELATION, "Familiäre Angaben ohne Bezug zum Geschäft, nicht übernommen."),),
        care=Care(FlagKind.THIRD_PARTY, "Übergabe der Geschäftsleitung begleiten", 365),
    ),
)
