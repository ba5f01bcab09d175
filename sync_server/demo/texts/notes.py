"""Notes: small things that help the next one who comes."""

from protocol.observation import FlagKind, Kind, Side
from protocol.review import RejectionReason as R
from sync_server.demo.texts.situation import Care, Situation

_N = Kind.NOTE
_IN, _FIELD, _TECH = Side.INSIDE_SALES, Side.FIELD_SALES, Side.TECHNICIAN

NOTES = (
    Situation(
        "access", _N,
        ("Zugang geändert, Anmeldung über Tor 2", "Anfahrt nur noch über die Rückseite", "Neue Besucherregelung am Werkstor"),
        ("Pforte will ab {monat} eine Anmeldung am Vortag.",), ("Schranke neu, Schlüssel für den {raum} liegt jetzt beim Schichtleiter.",),
        (), (), (("Gilt das auch für Notdienst?", "Nein, nachts ist der Wachdienst da."),),
        ("Im Kundenstamm hinterlegt.",), ((R.OTHER, "In die Standortnotiz übernommen."),),
    ),
    Situation(
        "canteen", _N,
        ("Kantine wird umgebaut", "Parkplatz wegen Bauarbeiten gesperrt", "Verwaltung zieht in den Neubau"),
        ("{K2} erzählt, dass bis {monat} umgebaut wird.",), ("Gerüst am Verwaltungsgebäude.",), (), (), (),
        ("Zur Kenntnis genommen.",), ((R.NO_RELATION, "Kein Bezug zu Druckluft oder Kälte, trotzdem danke."), (R.NO_RELATION, "Für den Vertrieb ohne Bedeutung.")),
    ),
    Situation(
        "good-mood", _N,
        ("Sehr zufrieden mit der neuen Station", "Lob für die schnelle Hilfe im {vormonat}", "{K} ist Referenzkunde wert"),
        ("{K}: „So gut lief es noch nie.“ Würde uns auch weiterempfehlen.", "{K} lobt den Notdienst vom {vormonat}."),
        ("Station sauber, {m} bei {ausl} % Last, {soll} bar stabil.",), ("Als Referenz für die Branche anfragen.",),
        (("Referenzfreigabe bei {Kd} anfragen", _IN),), (("Darf der Name genannt werden?", "{K} fragt die Geschäftsführung."),),
        ("Referenzanfrage ist raus.",), ((R.ALREADY_KNOWN, "Ist schon als Referenz geführt."),), needs="compressor", scenes=("room", "display"),
    ),
    Situation(
        "order-books", _N,
        ("Volle Auftragsbücher, stellen Leute ein", "Kurzarbeit ab {monat}", "Auftragslage schwach, Investitionen geschoben"),
        ("{K} spricht von der Lage: „Vor {saison} bewegt sich hier nichts.“", "Laut {Kd} werden {zahl} Leute gesucht."),
        ("Parkplatz {halle} nur halb belegt.",), ("Bei der Planung der Besuche berücksichtigen.",), (),
        (("Betrifft das auch das laufende Angebot?", "Vermutlich verschoben auf {saison}."),),
        ("In die Kundenplanung aufgenommen.",), ((R.TOO_VAGUE, "Bitte konkreter: welche Investition, wer sagt das?"),),
    ),
    Situation(
        "condition", _N,
        ("{m} in gutem Zustand, nächste Wartung {monat}", "Zustand {m} dokumentiert", "{m}: Laufzeit jetzt {std} h"),
        (), ("{std} h, Öl klar, Filter trocken, Netzdruck {soll} bar.", "Laufgeräusch ruhig, Kühler sauber, Riemen nachgespannt."),
        ("Hält noch ein paar Jahre.",), (), (("Stunden plausibel? Letztes Mal waren es mehr.", "Zahlendreher beim letzten Mal, jetzt ist es richtig."),),
        ("Stand übernommen.",), ((R.NO_POTENTIAL, "Reine Zustandsmeldung, steht im Servicebericht."),), needs="compressor", scenes=("display", "plate", "compressor"),
    ),
    Situation(
        "hobby", _N,
        ("{K} ist Feuerwehrkommandant", "{K} fährt Oldtimer", "Gesprächsthema: Musikverein"),
        ("{K} erzählt gern von der Feuerwehr, hat selbst einen Atemluftkompressor im Gerätehaus.",
         "Nächstes Mal nach dem Vereinsfest fragen, {K} organisiert es."),
        (), (), (), (("Wofür brauchen wir das?", "Für den Einstieg ins Gespräch, kann auch weg."),),
        ("Mit Einverständnis von {Kd} als Interesse vermerkt.",), ((R.PRIVACY, "Private Angaben nur mit Einverständnis. Text entfernt."),),
        care=Care(FlagKind.PERSONAL, "Gesprächseinstieg, mit Einverständnis", 180, always=True),
    ),
    Situation(
        "dust", _N,
        ("Ansaugfilter nach {n} Monaten zu", "Viel Staub {ort}, Intervall verkürzen", "Umgebung sehr staubig"),
        ("{K2} bläst jeden Freitag die Anlage ab.",), ("Filtermatte schwarz, Unterdruck zu hoch. Matte getauscht.",), ("Intervall auf 1.000 h verkürzen oder Ansaugung verlegen.",),
        (("Wartungsintervall im Vertrag anpassen", _IN),), (("Soll das in den Vertrag?", "Ja, {K} ist einverstanden."),),
        ("Intervall angepasst.",), ((R.OTHER, "Vom Service übernommen."),), needs="compressor", scenes=("filter",),
    ),
    Situation(
        "sister-company", _N,
        ("Schwesterfirma sucht ebenfalls Druckluft", "Nachbarbetrieb hat Interesse", "Empfehlung: Firma nebenan"),
        ("{K} sagt, nebenan wird gerade gebaut, die hätten noch keinen Lieferanten.", "Schwesterfirma in {stadt} hat eine alte Kolbenanlage."),
        (), ("Mit Empfehlung von {Kd} anrufen.",), (("Empfehlung nachgehen", _FIELD),),
        (("Name der Firma?", "Steht am Bauschild, Foto ist dabei."),), ("Außendienst hat Kontakt aufgenommen.",),
        ((R.TOO_VAGUE, "Ohne Firmennamen können wir nichts machen, bitte beim nächsten Mal notieren."),), scenes=("construction",),
    ),
    Situation(
        "vacation", _N,
        ("Betriebsferien KW {kw}", "Werk zwischen den Jahren geschlossen", "Stillstand im {monat}, gut für Umbauten"),
        ("{K} nennt den Stillstand: {n} Wochen ab KW {kw}.",), (), ("Gute Zeit für den Trocknertausch.",), (("Termine in den Stillstand legen", _IN),),
        (("Ist jemand vor Ort?", "{K2} hat Bereitschaft."),), ("Im Kalender eingetragen.",), ((R.OTHER, "An die Disposition weitergegeben."),),
    ),
    Situation(
        "cabinet", _N,
        ("Schaltschrank der {m} getauscht", "Neue Zuleitung 63 A gelegt", "Elektriker hat umverdrahtet, Drehfeld geprüft"),
        ("{K2} hat die Zuleitung neu gelegt, weil {linie} dazukam.",), ("Drehfeld rechts, Motorschutz neu eingestellt.",), ("Reserve für eine größere Maschine ist damit da.",), (),
        (("Welche Absicherung?", "63 A träge, steht am Schrank."),), ("In der Anlagenakte vermerkt.",), ((R.NO_POTENTIAL, "Technischer Hinweis ohne Vertriebsbezug."),), needs="compressor", scenes=("display",),
    ),
)
