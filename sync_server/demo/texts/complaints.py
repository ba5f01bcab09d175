"""Complaints and risks: failures, late parts, invoices, angry people."""

from protocol.observation import FlagKind, Kind, Side
from protocol.review import RejectionReason as R
from sync_server.demo.texts.situation import Care, Situation

_K = Kind.COMPLAINT
_IN, _FIELD, _TECH = Side.INSIDE_SALES, Side.FIELD_SALES, Side.TECHNICIAN

COMPLAINTS = (
    Situation(
        "third-failure",
        _K,
        (
            "{m} zum dritten Mal ausgefallen, {K} verärgert",
            "Dritter Ausfall seit {vormonat}, will Geschäftsführung einschalten",
            "{K} verärgert: wieder Stillstand an der {m}",
        ),
        (
            "{K}: „Noch einmal, und ich rufe Ihren Chef an.“ {Er} erwartet heute einen Anruf.",
            "{K2} sagt, die Nachtschicht stand {n} Stunden.",
        ),
        (
            "Störung Verdichtungsendtemperatur {temp} °C, Kühler zugesetzt. Gereinigt, läuft wieder.",
            "Sensor T2 war lose, Stecker gesichert. Fehlerspeicher voller Temperaturmeldungen.",
        ),
        (
            "Ersatzgerät anbieten und Kulanz prüfen, sonst sind die weg.",
            "Hier muss jemand aus der Leitung anrufen, nicht ich.",
        ),
        (("{Kn} heute noch anrufen", _IN), ("Kühler komplett tauschen", _TECH)),
        (("Ist die Anlage wieder in Betrieb?", "Ja, seit dem Mittag. Kühler muss aber getauscht werden."),),
        ("Serviceleitung hat {Kn} angerufen, Kühler kommt auf Kulanz.",),
        ((R.ALREADY_KNOWN, "Reklamation läuft bereits, Serviceleitung ist dran."),),
        needs="compressor",
        scenes=("display", "thermo", "compressor"),
        urgent=0.85,
    ),
    Situation(
        "late-part",
        _K,
        (
            "Ersatzteil kam {n} Tage zu spät",
            "Warten seit {n} Wochen auf Ersatzteil",
            "Lieferverzug Dichtsatz, Kunde ungeduldig",
        ),
        (
            "{K} hat das Teil im {vormonat} bestellt, bestätigt waren drei Tage.",
            "„Eine Info hätte gereicht“, sagt {K}.",
        ),
        ("{m} läuft mit provisorischer Dichtung, tropft leicht.",),
        ("Bitte Liefertermin verbindlich nennen, dann ist der Ärger vom Tisch.",),
        (("Liefertermin klären und {Kn} informieren", _IN),),
        (("Welche Bestellnummer?", "Steht auf dem Lieferschein: {bestellnr}."),),
        (
            "Teil ist da, Einbau am {termin}. {K} ist informiert.",
            "Entschuldigt und Expressversand veranlasst.",
        ),
        ((R.ALREADY_KNOWN, "Teil ist heute ausgeliefert worden."),),
        needs="compressor",
        scenes=("compressor",),
        urgent=0.3,
    ),
    Situation(
        "invoice",
        _K,
        (
            "Rechnung beanstandet, Anfahrt doppelt",
            "Ärger über Rechnung vom {vormonat}",
            "Zuschlag auf der Rechnung nicht abgesprochen",
        ),
        (
            "{K} versteht die Position Fahrtkosten nicht, zwei Anfahrten an einem Tag.",
            "„Notdienstzuschlag am Freitag um 14 Uhr?“, fragt {K}.",
        ),
        (),
        (
            "War tatsächlich nur eine Anfahrt, bitte gutschreiben.",
            "Zuschlag ist nach Vertrag richtig, muss aber jemand erklären.",
        ),
        (("Rechnung prüfen, {Kn} zurückrufen", _IN),),
        (("Welche Rechnungsnummer?", "{rechnungsnr}, Kopie habe ich fotografiert."),),
        ("Gutschrift über {euro_klein} ist raus.",),
        ((R.OTHER, "An die Buchhaltung gegeben, die melden sich direkt."),),
        urgent=0.1,
    ),
    Situation(
        "noise",
        _K,
        (
            "Zu laut, Nachbar hat sich beschwert",
            "Lärm an der {m}, Arbeitsplatz daneben",
            "Beschwerde wegen Geräusch nachts",
        ),
        ("{K} hatte die Gewerbeaufsicht am Telefon.", "{K2} sitzt {n} Meter daneben und trägt Gehörschutz."),
        ("Haube an der {m} schließt nicht mehr, Dämmung hängt heraus. Gemessen 82 dB(A) in 1 m.",),
        ("Dämmsatz bestellen, das ist an einem Vormittag erledigt.",),
        (("Dämmsatz {m} bestellen", _IN),),
        (
            (
                "Reicht der Dämmsatz oder braucht es eine Kabine?",
                "Satz reicht, Rest ist der offene Abluftkanal.",
            ),
        ),
        ("Dämmsatz bestellt, Einbau mit der nächsten Wartung.",),
        ((R.NO_RELATION, "Geräusch kommt von der Absaugung, nicht von unserer Anlage."),),
        needs="compressor",
        scenes=("compressor", "room"),
    ),
    Situation(
        "oil-carry",
        _K,
        (
            "Öl in der Leitung, Ausschuss {ort}",
            "Ölaustrag an der {m}, Teile verschmutzt",
            "Ölfilm im Filterglas",
        ),
        ("{K}: „Wir haben {zahl} Teile Ausschuss wegen Öl.“", "{K} hält sich Schadenersatz vor."),
        (
            "Ölabscheider zugesetzt, Differenzdruck 1,2 bar. Filterelement war {alter} Jahre alt.",
            "Ölstand unter Minimum, {n} Liter nachgefüllt.",
        ),
        ("Wechsel war im Vertrag nicht enthalten. Vorsicht bei der Wortwahl gegenüber dem Kunden.",),
        (("Vertragslage prüfen, dann {Kn} anrufen", _IN),),
        (
            (
                "Gab es einen Hinweis bei der letzten Wartung?",
                "Ja, im Bericht vom {vormonat} steht der Abscheider als Empfehlung.",
            ),
        ),
        ("Bericht herausgesucht, Gespräch mit {Kd} war sachlich. Abscheider wird bezahlt.",),
        ((R.ALREADY_KNOWN, "Vorgang liegt schon bei der Versicherung."),),
        needs="compressor",
        scenes=("filter", "gauge_low"),
        urgent=0.5,
    ),
    Situation(
        "no-callback",
        _K,
        (
            "Seit {n} Wochen kein Rückruf",
            "Wartet auf Angebot, droht mit Wechsel",
            "Angebot versprochen, nichts gekommen",
        ),
        (
            "{K}: „Ihr wollt doch was verkaufen, oder?“ Angebot war für {vormonat} zugesagt.",
            "{K} hat zweimal angerufen und niemanden erreicht.",
        ),
        (),
        ("Das Angebot sollte diese Woche raus, sonst fragt {er} {fmaker}.",),
        (("{Kn} anrufen und Termin nennen", _IN),),
        (("Um welches Angebot ging es?", "Trockner mit Vorfilter, besprochen beim letzten Besuch."),),
        ("Angerufen und entschuldigt, Angebot geht heute raus.",),
        ((R.ALREADY_KNOWN, "Angebot ist gestern verschickt worden, {K} hat es inzwischen."),),
        urgent=0.55,
    ),
    Situation(
        "dryer-broken",
        _K,
        (
            "{m} nach Wartung ausgefallen",
            "Trockner steht, Wasser im Netz",
            "{m}: Kältekreis undicht, {alter} Jahre alt",
        ),
        (
            "{K} fragt, warum das bei der Wartung nicht aufgefallen ist.",
            "„Nach vier Wochen schon wieder?“, so {K2}.",
        ),
        ("Leck am Verdampfer, mit Suchgas gefunden. Taupunkt {tp} °C.",),
        ("Reparatur lohnt nicht, Tausch gegen {trocknerplus} mit Nachlass anbieten.",),
        (("Kulanz klären, Angebot {trocknerplus}", _IN),),
        (("Ist noch Gewährleistung drauf?", "Nein, Baujahr {bj}."),),
        ("Leihtrockner ist unterwegs, Angebot folgt.",),
        ((R.ALREADY_KNOWN, "Leihgerät ist schon beauftragt."),),
        needs="dryer",
        scenes=("dryer", "gauge_dew", "plate"),
        urgent=0.6,
    ),
    Situation(
        "cooling-stop",
        _K,
        (
            "Kälte ausgefallen, Produktion steht",
            "{m} mit Hochdruckstörung",
            "Kaltwassersatz taktet, {K} sauer",
        ),
        ("{K}: „Jede Stunde kostet uns {euro_klein}.“",),
        ("Hochdruckstörung, Verflüssiger mit Pollen zugesetzt. Gereinigt, läuft auf einem Kreis.",),
        ("Zweiter Verdichter ist fest. Schnell ein Angebot für Tausch oder {kuehler}.",),
        (("Angebot Verdichtertausch und {kuehler} als Alternative", _IN),),
        (("Braucht der Kunde ein Mietgerät?", "Ja, 40 kW, bis der Verdichter da ist."),),
        ("Mietkälte organisiert, Verdichter bestellt.",),
        ((R.ALREADY_KNOWN, "Notdienst hat den Vorgang schon angelegt."),),
        needs="chiller",
        scenes=("chiller", "thermo", "plate"),
        urgent=0.9,
    ),
    Situation(
        "safety",
        _K,
        (
            "Sicherheitsventil verplombt umgangen",
            "Prüfung Druckbehälter überfällig",
            "Behälter ohne gültige Prüfplakette",
        ),
        ("{K2} sagt, die Prüfung macht „irgendwann der TÜV“.",),
        (
            "Plakette am 1.000-l-Behälter seit {vorjahr} abgelaufen.",
            "Absperrhahn vor dem Sicherheitsventil, so nicht zulässig. Habe darauf hingewiesen.",
        ),
        ("Schriftlich mitteilen, damit wir auf der sicheren Seite sind, und Prüfung anbieten.",),
        (("Schreiben Betreiberpflichten an {Kn}", _IN), ("Prüfung mit Sachverständigem anbieten", _IN)),
        (
            (
                "Hast du es vor Ort schriftlich übergeben?",
                "Steht auf dem Servicebericht, unterschrieben von {Kd}.",
            ),
        ),
        ("Schreiben ist raus, Prüftermin am {termin}.",),
        ((R.ALREADY_KNOWN, "Prüfung ist schon beauftragt."),),
        scenes=("receiver", "gauge_high"),
        urgent=0.4,
    ),
    Situation(
        "sick-contact",
        _K,
        (
            "Ansprechpartner länger krank, Freigaben bleiben liegen",
            "Keine Freigabe, weil Zuständiger ausfällt",
        ),
        ("{K2} sagt, {K} fällt nach einer Operation mehrere Monate aus, niemand darf bestellen.",),
        (),
        ("Vertretung klären, sonst bleibt die Reparatur liegen.",),
        (("Vertretung bei der Geschäftsführung erfragen", _IN),),
        (("Gibt es eine Vertretung?", "Ja, {neu}, {neurolle}."),),
        ("Vertretung eingetragen, Grund des Ausfalls nicht übernommen.",),
        ((R.PRIVACY, "Gesundheitsangaben bitte weglassen, „nicht erreichbar, Vertretung …“ genügt."),),
        care=Care(
            FlagKind.SPECIAL_CATEGORY, "Vertretung für laufende Reparaturfreigabe klären", 60, always=True
        ),
        urgent=0.2,
    ),
)
