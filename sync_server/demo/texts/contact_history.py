"""One-line summaries of past contacts, by channel, as colleagues write them into the CRM."""

from protocol.reference import Channel, Occasion

SUMMARIES: dict[Channel, tuple[str, ...]] = {
    Channel.VISIT: (
        "Wartung {m}: Öl, Ölfilter und Abscheider getauscht, Netzdruck {soll} bar",
        "Wartung {m} bei {std} h, ohne Befund",
        "Störung {m}: Temperaturfühler ersetzt, läuft wieder",
        "Keilriemen {m} gewechselt, Ansaugfilter neu",
        "Inspektion {m}, Kühler gereinigt, Empfehlung: Abscheider beim nächsten Mal",
        "Kondensatableiter getauscht, Taupunkt wieder +3 °C",
        "Notdienst: {m} stand, Schütz getauscht, {n} Stunden vor Ort",
        "Leckagerundgang {ort}, {zahl} Stellen markiert",
        "Wartung Trockner, Verflüssiger ausgeblasen",
        "Behälterprüfung begleitet, Plakette erneuert",
        "Steuerung {m} auf neuen Stand gebracht, Parameter gesichert",
        "Ölprobe {m} genommen, Ergebnis in Ordnung",
        "Einweisung am neuen Bedienfeld mit {Kd}",
        "Schwingungsmessung {m}: 2,8 mm/s, unauffällig",
    ),
    Channel.PHONE: (
        "{K} fragt nach Termin für die {m}, KW {kw} zugesagt",
        "Rückruf {K}: Angebot wird intern geprüft",
        "{K} bittet um Kopie des Serviceberichts vom {vormonat}",
        "Frage zur Störmeldung an der {m}, am Telefon gelöst",
        "{K} nicht erreicht, Bitte um Rückruf hinterlassen",
        "Wartungstermin mit {Kd} auf {wochentag} gelegt",
        "Rechnung {rechnungsnr} erläutert, Frage geklärt",
        "{K} möchte den Vertrag um ein Jahr verlängern",
        "Liefertermin Ersatzteil durchgegeben, {termin}",
        "Nachgefasst: Entscheidung im {monat}",
        "{K} lobt den schnellen Notdienst",
        "Zufriedenheitsanruf nach Wartung, Note 1",
        "Reklamation: Ersatzteil für die {m} kam {n} Tage zu spät. Entschuldigt und erledigt",
        "{K} beschwert sich: Termin für die {m} zweimal verschoben",
    ),
    Channel.EMAIL: (
        "Angebot {gross} an {Kn} verschickt",
        "Wartungsprotokoll {m} als PDF geschickt",
        "Anfrage Ersatzteile: Filtersatz für {m}",
        "Auftragsbestätigung {bestellnr} verschickt",
        "Datenblatt {trockner} an {Kn}",
        "Terminbestätigung Wartung, KW {kw}",
        "{K} schickt Fotos vom Aufstellort",
        "Erinnerung an das offene Angebot vom {vormonat}",
        "Sicherheitsdatenblatt Kompressorenöl nachgereicht",
        "Konformitätserklärung {m} auf Wunsch zugeschickt",
    ),
    Channel.LETTER: (
        "Wartungsvertrag unterschrieben zurück",
        "Preisanpassung {jahr} angekündigt",
        "Schriftliche Bestellung Filtersatz, {bestellnr}",
        "Hinweis auf Prüffristen für Druckbehälter versandt",
        "Weihnachtsgruß verschickt",
        "Kündigungsbestätigung Mietanlage",
    ),
    Channel.PORTAL: (
        "Filtersatz {m} im Portal bestellt",
        "Serviceberichte der letzten zwei Jahre heruntergeladen",
        "Störung {m} über das Portal gemeldet",
        "Wunschtermin Wartung KW {kw} eingetragen",
        "Öl 20 l nachbestellt, {bestellnr}",
    ),
    Channel.TRADE_FAIR: (
        "Gespräch am Stand in Stuttgart, Interesse an {fu}",
        "Messebesuch Hannover: {K} fragt nach Wärmerückgewinnung",
        "Hausmesse: Vorführung Fernüberwachung mit {Kd}",
        "Motek Stuttgart: Prospekte Trockner mitgegeben",
    ),
}

_TELLS: tuple[tuple[str, Occasion], ...] = (
    ("Reklamation", Occasion.COMPLAINT),
    ("beschwert sich", Occasion.COMPLAINT),
    ("Störung", Occasion.SERVICE),
    ("Wartung ", Occasion.SERVICE),
    ("Notdienst:", Occasion.SERVICE),
    ("Angebot", Occasion.OFFER),
    ("Auftragsbestätigung", Occasion.ORDER),
    ("bestellt", Occasion.ORDER),
    ("Bestellung", Occasion.ORDER),
)


def occasion_of(template: str) -> Occasion | None:
    """What such a contact was about; None for what is only a contact."""
    return next((occasion for words, occasion in _TELLS if words in template), None)


CHANNEL_WEIGHTS: dict[Channel, float] = {
    Channel.VISIT: 36,
    Channel.PHONE: 30,
    Channel.EMAIL: 24,
    Channel.LETTER: 4,
    Channel.PORTAL: 5,
    Channel.TRADE_FAIR: 1.5,
}

VISIT_PURPOSES = (
    ("Wartung {sort} {m}", 10.0),
    ("Inspektion {sort} {m}", 4.0),
    ("Störung {sort} {m}", 3.5),
    ("Ölwechsel {m}", 1.5),
    ("Leckageortung", 1.0),
    ("Messkoffer abholen", 0.7),
    ("Inbetriebnahme {m}", 1.0),
    ("Filterwechsel und Taupunktmessung", 1.0),
    ("Rückruf: Geräusch {m}", 0.8),
    ("Begehung neue Station", 0.6),
)
