"""Needs: what customers lack today, from dryers that are too small to contracts that ran out."""

from protocol.observation import Kind, Side
from protocol.review import RejectionReason as R
from sync_server.demo.texts.situation import Situation

_N = Kind.NEED
_IN, _FIELD, _TECH, _CUST = Side.INSIDE_SALES, Side.FIELD_SALES, Side.TECHNICIAN, Side.CUSTOMER

NEEDS = (
    Situation(
        "dryer-small",
        _N,
        (
            "Trockner zu klein, Kondensat in der Leitung",
            "{m} schafft die Menge nicht mehr",
            "Wasser im Netz, Trockner überfahren",
            "Kondensat {ort}, Trockner am Limit",
        ),
        (
            "{K}: seit {vormonat} kommt Wasser {ort} an, im Sommer war es schlimm.",
            "{K2} bläst jeden Morgen die Leitung frei, bevor es losgeht.",
        ),
        (
            "{m} zeigt {tp} °C Taupunkt bei Volllast, Soll ist +3 °C.",
            "Im Filterglas steht Wasser, Ableiter ist in Ordnung. Der Trockner ist schlicht überfahren.",
        ),
        (
            "Größerer Trockner mit Vorfilter, {trocknerplus} müsste reichen.",
            "Bypass für die Wartung gleich mit einbauen.",
        ),
        (("Angebot größerer Trockner mit Vorfilter", _IN), ("Taupunkt nächste Woche loggen", _TECH)),
        (
            ("Welche Liefermenge steht auf dem Typenschild?", "{m3} m³/min bei 7 bar, Foto ist jetzt dabei."),
            (
                "Läuft der Trockner mit oder ohne Bypass?",
                "Ohne. Für den Wechsel müssen wir abstellen, am besten samstags.",
            ),
        ),
        (
            "Angebot Trockner bis Freitag, {K} ist informiert.",
            "{K} angerufen: Tausch soll vor dem Sommer passieren.",
        ),
        ((R.ALREADY_KNOWN, "Angebot liegt seit {vormonat} beim Einkauf."),),
        needs="dryer",
        scenes=("dryer", "gauge_dew", "filter"),
    ),
    Situation(
        "pressure-low",
        _N,
        (
            "Netzdruck fällt auf {druck} bar",
            "Zu wenig Luft {ort}",
            "Druckabfall in der Spitze, Maschinen gehen auf Störung",
            "Morgens nur {druck} bar im Netz",
        ),
        (
            "{K} klagt über Störungen {ort}, immer zwischen 9 und 11 Uhr.",
            "„Wenn alle {maschinen} laufen, bleibt bei uns der Greifer stehen“, sagt {K2}.",
        ),
        (
            "Am Ende der Leitung {druck} bar, an der Station {soll} bar. {m} läuft durch.",
            "{m} lädt ohne Pause, kein Leerlauf in 20 Minuten.",
        ),
        (
            "Entweder Leitung zu dünn oder die Station zu klein. Ich tippe auf beides.",
            "Ein Behälter am Leitungsende würde die Spitze abfangen, sonst Richtung {gross}.",
        ),
        (("Messung mit Logger an zwei Stellen", _TECH), ("Angebot 2.000-l-Behälter", _IN)),
        (
            (
                "Wie lang ist die Leitung und welcher Querschnitt?",
                "Rund {laenge} m, 1½ Zoll, mit vielen Winkeln.",
            ),
            ("Ist der Filter vor dem Verbraucher geprüft?", "Ja, neu im {vormonat}. Daran liegt es nicht."),
        ),
        ("Messung beauftragt, {K} bekommt danach einen Vorschlag.",),
        ((R.NO_POTENTIAL, "Ursache war ein offener Absperrhahn, {K} hat Entwarnung gegeben."),),
        needs="compressor",
        scenes=("gauge_low", "pipes", "display"),
    ),
    Situation(
        "contract",
        _N,
        (
            "Wartungsvertrag läuft aus, möchten verlängern",
            "Interesse an Wartungsvertrag Plus",
            "Möchte Angebot Wartungsvertrag",
            "Wartung soll künftig über Vertrag laufen",
        ),
        (
            "{K} möchte die Wartung fest haben, ohne jedes Mal eine Bestellung zu schreiben.",
            "Vertrag läuft im {monat} aus, {K} will Bereitschaft am Wochenende dazu.",
            "{K}: „Macht mir einen Preis für alles zusammen, dann habe ich meine Ruhe.“",
        ),
        (
            "Ölwechsel an {m} ist {n}00 h drüber, Aufkleber vom letzten Mal fehlt.",
            "{n} Anlagen am Standort, nur {m} ist im Vertrag.",
        ),
        ("Plus-Paket mit Fernüberwachung passt, {m} ist alt genug.",),
        (("Angebot Wartungsvertrag Plus für alle Anlagen", _IN),),
        (("Welche Anlagen sollen hinein?", "Alle {n} am Standort, auch der Trockner."),),
        ("Vertragsangebot ist raus, Laufzeit 36 Monate.", "{K} hat mündlich zugesagt, Unterlagen folgen."),
        ((R.ALREADY_KNOWN, "Verlängerung hat {K} schon unterschrieben."),),
        needs="compressor",
        scenes=("display", "compressor"),
    ),
    Situation(
        "oil-free",
        _N,
        (
            "Brauchen künftig ölfreie Luft",
            "Kundenaudit verlangt ölfreie Druckluft",
            "Qualität fordert Klasse 1 nach ISO 8573",
        ),
        (
            "{K}: der Kunde verlangt ab {monat} ölfreie Luft mit Nachweis.",
            "Laut {Kd} hat das Audit einen Punkt gegeben, weil kein Aktivkohlefilter da ist.",
        ),
        ("Bisher nur Mikrofilter hinter {m}, Wechseldatum unleserlich.",),
        ("Kurzfristig Aktivkohlestufe, mittelfristig eine RO statt der {m}.",),
        (("Angebot Aktivkohlefilter und Luftqualitätsmessung", _IN),),
        (("Bis wann braucht der Kunde den Nachweis?", "Nachaudit ist am {termin}."),),
        ("Filterstufe angeboten, Messung durch das Labor am {termin}.",),
        ((R.CUSTOMER_DECLINES, "{K} hat mit dem Auditor eine andere Lösung vereinbart."),),
        needs="compressor",
        scenes=("filter", "pipes"),
    ),
    Situation(
        "leaks",
        _N,
        (
            "Starke Leckagen, Station läuft am Wochenende durch",
            "Leckagen {ort} hörbar",
            "Geschätzt {leck} % Leckage im Netz",
        ),
        (
            "{K} wundert sich über die Stromrechnung, seit {vormonat} deutlich höher.",
            "{K2}: „Am Sonntag läuft das Ding auch, obwohl keiner da ist.“",
        ),
        (
            "Bei stehender Produktion geht {m} alle 4 Minuten in Last.",
            "An den Kupplungen {ort} zischt es, Schläuche spröde.",
        ),
        ("Leckageortung lohnt sich hier sofort, danach Absperrventile je Halle.",),
        (("Leckageortung anbieten", _IN), ("Beim nächsten Besuch Kupplungen mitbringen", _TECH)),
        (("Wie viele Entnahmestellen sind es etwa?", "Geschätzt {zahl}, verteilt auf {n} Hallen."),),
        ("Ortung mit Ultraschall ist bestellt, KW {kw}.",),
        ((R.NO_POTENTIAL, "Kunde dichtet selbst ab, nur Kleinteile über den Teileverkauf."),),
        needs="compressor",
        scenes=("pipes", "display"),
    ),
    Situation(
        "spare-heat",
        _N,
        (
            "Kompressorraum zu warm, {temp} °C Verdichtung",
            "Übertemperatur im Sommer, Lüftung fehlt",
            "{m} schaltet bei Hitze ab",
        ),
        (
            "{K}: im {vormonat} {n}-mal Abschaltung wegen Temperatur.",
            "„Wir stellen im Sommer einen Ventilator davor“, sagt {K2}.",
        ),
        (
            "Im {raum} 38 °C, Zuluftgitter halb zugestellt. Verdichtungsendtemperatur {temp} °C.",
            "Abluft geht in den Raum statt hinaus, Kanal wurde nie fertig gebaut.",
        ),
        (
            "Abluftkanal mit Klappe, dann hat sich das Thema erledigt.",
            "Wenn ohnehin Kanal, dann gleich mit Wärmenutzung.",
        ),
        (("Angebot Abluftkanal mit thermostatischer Klappe", _IN),),
        (("Hast du Maße für den Kanal?", "Ausblasöffnung 600 × 600, bis zur Außenwand 2,80 m."),),
        ("Lüftungsbauer kommt am {termin} mit uns vor Ort.",),
        ((R.NO_RELATION, "Bauliche Maßnahme, macht der Vermieter selbst."),),
        needs="compressor",
        scenes=("room", "thermo", "display"),
    ),
    Situation(
        "filter-parts",
        _N,
        (
            "Filterelemente auf Lager gewünscht",
            "Ersatzteilpaket für {m} angefragt",
            "Wollen Verschleißteile selbst lagern",
        ),
        (
            "{K} möchte einen Satz Filter und Öl für {m} ins Regal, damit es beim nächsten Mal schneller geht.",
        ),
        ("Regal der Instandhaltung leer, letzter Filtersatz vom {vormonat}.",),
        ("Servicepaket 4.000 h anbieten, mit Lagerliste.",),
        (("Preis für Servicepaket {m} an {Kn}", _IN),),
        (("Einmalig oder als Abruf?", "Als Abruf, zweimal im Jahr."),),
        ("Abrufauftrag angelegt, erste Lieferung KW {kw}.",),
        ((R.OTHER, "Als Teileauftrag angelegt, dafür braucht es keinen Lead."),),
        needs="compressor",
        scenes=("filter",),
    ),
    Situation(
        "cooling-more",
        _N,
        (
            "Kühlung reicht nicht, Vorlauf {vorlauf} °C",
            "Kaltwasser zu warm, Takt verlängert",
            "{m} läuft im Sommer am Anschlag",
        ),
        (
            "{K}: Zykluszeit {ort} musste verlängert werden, weil das Wasser zu warm ist.",
            "„Ab 28 Grad draußen fahren wir {n} {maschinen} weniger“, so {K}.",
        ),
        (
            "{m} mit Vorlauf {vorlauf} °C statt 12 °C, beide Verdichter auf 100 %.",
            "Verflüssiger frei, Kältemittel passt. Die Leistung reicht einfach nicht.",
        ),
        ("Zweiter Kaltwassersatz parallel oder gleich {kuehler} mit Freikühlung.",),
        (("Angebot {kuehler} mit Freikühler", _IN),),
        (("Wie viel Platz ist auf dem Dach?", "Rund 4 × 6 m frei, Statik ist laut {Kd} geprüft."),),
        ("Kälteauslegung bei der Technik, Angebot bis {termin}.",),
        ((R.NO_POTENTIAL, "{K} nimmt eine Maschine außer Betrieb, dann reicht die Kälte wieder."),),
        needs="chiller",
        scenes=("chiller", "thermo"),
        urgent=0.15,
    ),
    Situation(
        "rental",
        _N,
        (
            "Mietkompressor gesucht, {n} Wochen",
            "Brauchen Übergangslösung für den Umbau",
            "Mietanlage ab {termin} gewünscht",
        ),
        ("{K} baut {ort} um und braucht {n} Wochen lang Luft von außen.",),
        ("Einspeisung wäre am Verteiler {halle} möglich, 63-A-Dose ist vorhanden.",),
        ("Miete kann der Einstieg für eine neue Station sein.",),
        (("Mietangebot 55 kW mit Trockner ab {termin}", _IN),),
        (
            (
                "Containeraufstellung im Hof möglich?",
                "Ja, Platz ist mit {Kd} abgesprochen, Schlauchlänge 30 m.",
            ),
        ),
        ("Mietanlage reserviert, Lieferung {termin}.",),
        ((R.CUSTOMER_DECLINES, "{K} hat sich eine Anlage vom Nachbarbetrieb geliehen."),),
        scenes=("yard",),
        urgent=0.3,
    ),
    Situation(
        "remote",
        _N,
        ("Interesse an Fernüberwachung", "Möchten Störmeldung aufs Handy", "Frage nach Fernzugriff auf {m}"),
        (
            "{K} will wissen, ob die {m} bei Störung eine Nachricht schicken kann.",
            "„Ich erfahre es immer erst am Montagmorgen“, sagt {K}.",
        ),
        ("Netzwerkdose ist im {raum} vorhanden, Steuerung hat noch keine Karte.",),
        ("Nachrüstkarte und Jahreslizenz, kleiner Auftrag, aber gute Bindung.",),
        (("Angebot Fernüberwachung mit Nachrüstkarte", _IN),),
        (("Lässt deren IT ein Gerät im Netz zu?", "Nur über Mobilfunk, eigenes Netz will die IT nicht."),),
        ("Angebot mit Mobilfunkmodul ist verschickt.",),
        ((R.NO_POTENTIAL, "Steuerung ist zu alt für die Karte, {K} wartet auf den Ersatz."),),
        needs="compressor",
        scenes=("display",),
    ),
)
