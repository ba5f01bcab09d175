"""Competitors' machines, offers and people as they are met beside our own."""

from protocol.observation import FlagKind, Kind, Side
from protocol.review import RejectionReason as R
from sync_server.demo.texts.situation import Care, Situation

_C = Kind.COMPETITOR
_IN, _FIELD, _TECH = Side.INSIDE_SALES, Side.FIELD_SALES, Side.TECHNICIAN

COMPETITORS = (
    Situation(
        "old-machine",
        _C,
        (
            "{f}, Bj. {fbj}, Öl am Boden",
            "Fremdverdichter {f} läuft im Dauerbetrieb",
            "{f} neben unserer {m}, stark verschlissen",
            "Alte {f} hält nicht mehr lange",
        ),
        (
            "{K2} meint, die {f} wird nur noch geflickt.",
            "„Wenn die ausfällt, kaufen wir keine zweite von denen“, sagt {K}.",
        ),
        (
            "{f}, Baujahr {fbj}, {fstd} h. Ölspur bis zum Abfluss, Schalldämmung fehlt.",
            "{f} läuft durch, Riemen quietscht, Wartungsaufkleber von {vorjahr}.",
            "Steht direkt neben unserer {m}. Typenschild fotografiert.",
        ),
        (
            "Ablöseangebot machen, bevor sie im Sommer ausfällt.",
            "Fremdwartung anbieten und so den Fuß in die Tür bekommen.",
        ),
        (("Ablöseangebot für {f}", _IN), ("{Kn} auf Ersatz ansprechen", _FIELD)),
        (
            (
                "Wer wartet die Fremdmaschine heute?",
                "Bisher {fmaker} selbst, seit {vormonat} war niemand mehr da.",
            ),
            ("Hast du die Betriebsstunden abgelesen?", "Ja, {fstd} h, steht jetzt im Text."),
        ),
        ("Ablöseangebot {gross} verschickt.", "{K} angerufen, Interesse an Fremdwartung ist da."),
        (
            (R.ALREADY_KNOWN, "{f} steht seit dem letzten Besuch in der Anlagenliste."),
            (R.NO_POTENTIAL, "Maschine ist laut {Kd} nur noch Reserve und wird nicht ersetzt."),
        ),
        needs="competitor",
        scenes=("plate", "competitor"),
    ),
    Situation(
        "their-offer",
        _C,
        (
            "{fmaker} hat angeboten, {pct} % unter uns",
            "Gegenangebot von {fmaker} liegt vor",
            "{fmaker} war letzte Woche im Haus",
        ),
        (
            "{K} hat ein Angebot von {fmaker} bekommen, angeblich {pct} % günstiger als unseres.",
            "{K}: „Die haben fünf Jahre Garantie dazugeschrieben.“",
        ),
        ("Prospekt von {fmaker} lag auf dem Schreibtisch.",),
        (
            "Über den Preis gewinnen wir das nicht, über Reaktionszeit schon: wir sind in 40 Minuten da.",
            "Energiekosten über fünf Jahre gegenüberstellen.",
        ),
        (("Vergleichsrechnung über fünf Jahre an {Kn}", _IN), ("Termin bei {Kd} vor der Vergabe", _FIELD)),
        (
            ("Wann wird vergeben?", "Spätestens {termin}, {K} entscheidet mit dem Einkauf zusammen."),
            ("Ist es das gleiche Leistungspaket?", "Nein, ohne Trockner und ohne Montage."),
        ),
        ("Außendienst ist am {termin} vor Ort.",),
        ((R.ALREADY_KNOWN, "Gegenangebot ist bekannt, Außendienst verhandelt."),),
        urgent=0.3,
    ),
    Situation(
        "unhappy-with-them",
        _C,
        (
            "Unzufrieden mit {fmaker}, Wartung verspätet",
            "{fmaker} lässt auf Ersatzteile warten",
            "Ärger über {fmaker}, Wechsel möglich",
        ),
        (
            "{K} wartet seit {n} Wochen auf einen Techniker von {fmaker}.",
            "Laut {Kd} kostet die Anfahrt dort inzwischen {euro_klein}.",
        ),
        ("{f} steht, Störung quittiert, Zettel „defekt“ am Schaltschrank.",),
        ("Fremdwartung für {f} anbieten, das können wir.",),
        (("{Kn} wegen Fremdwartung anrufen", _IN),),
        (("Haben wir Teile für die Maschine?", "Filter und Öl ja, Stufe nein. Für die Wartung reicht es."),),
        ("Fremdwartung angeboten, Probewartung am {termin}.",),
        ((R.CUSTOMER_DECLINES, "Vertrag bei {fmaker} läuft noch bis {jahr}, {K} bleibt so lange dort."),),
        needs="competitor",
        scenes=("competitor", "plate"),
    ),
    Situation(
        "new-machine",
        _C,
        (
            "Neue {f} steht in {halle}",
            "{f} neu aufgestellt, ging an uns vorbei",
            "Neu: {f}, in Betrieb seit {vormonat}",
        ),
        (
            "{K2}: „Die hat der Einkauf über die Zentrale bestellt.“",
            "{K} sagt, die Lieferzeit hat den Ausschlag gegeben.",
        ),
        (
            "{f} läuft parallel zur {m}, eigene Steuerung, kein Verbund.",
            "Neues Gerät am alten Trockner angeschlossen, der ist damit zu klein.",
        ),
        ("Verbundsteuerung könnte beide zusammen fahren, damit bleiben wir im Spiel.",),
        (("Verbundsteuerung für beide Geräte anbieten", _IN),),
        (
            (
                "Weißt du, warum wir nicht gefragt wurden?",
                "Die Zentrale hat einen Rahmenvertrag, die Instandhaltung wurde nicht gehört.",
            ),
        ),
        ("Angebot Verbundsteuerung ist bei {Kd}.",),
        ((R.NO_POTENTIAL, "Zentrale gibt den Hersteller vor, hier ist nichts zu holen."),),
        needs="competitor",
        scenes=("competitor", "plate", "room"),
    ),
    Situation(
        "their-dryer",
        _C,
        (
            "Fremdtrockner vor unserem Netz, Taupunkt {tp} °C",
            "Kältetrockner von {fmaker} defekt",
            "{fmaker}-Trockner im Bypass",
        ),
        ("{K2} hat den Trockner auf Bypass gestellt, „kühlt ja eh nicht mehr“.",),
        (
            "Kältekreis leer, Ventilator steht. Luft geht feucht ins Netz.",
            "Am Fremdtrockner blinkt seit Tagen die Störlampe.",
        ),
        ("{trockner} passt in die Lücke, Anschlüsse auf gleicher Höhe.",),
        (("Angebot {trockner}, Lieferzeit angeben", _IN),),
        (
            (
                "Wie eilig ist es?",
                "Solange es kühl bleibt, geht es. {K} will es vor dem Frühjahr erledigt haben.",
            ),
        ),
        ("{trockner} ab Lager angeboten.",),
        ((R.ALREADY_KNOWN, "Angebot für den Ersatz liegt schon vor."),),
        scenes=("dryer", "gauge_dew"),
    ),
    Situation(
        "their-staff",
        _C,
        (
            "Techniker von {fmaker} getroffen, Gebiet wird neu verteilt",
            "{fmaker} hat hier keinen festen Techniker mehr",
        ),
        (
            "{K} erzählt, dass der bisherige Techniker von {fmaker} gekündigt hat.",
            "Der Kollege von {fmaker} betreut jetzt das ganze Gebiet bis Stuttgart allein.",
        ),
        (),
        ("Guter Zeitpunkt, um mit kurzen Wegen zu werben.",),
        (("Kunden mit {fmaker}-Anlagen im Gebiet anrufen", _FIELD),),
        (("Steht der Name irgendwo?", "Nein, habe ich bewusst nicht aufgeschrieben."),),
        ("Als Hinweis für die Gebietsplanung aufgenommen.",),
        ((R.PRIVACY, "Angaben über Beschäftigte anderer Firmen speichern wir nicht."),),
        care=Care(FlagKind.THIRD_PARTY, "Gebietsplanung, keine Speicherung zur Person", 90, always=True),
        sells=False,
    ),
    Situation(
        "rental-theirs",
        _C,
        (
            "Mietanlage von {fmaker} im Hof",
            "Leihkompressor von {fmaker} als Dauerlösung",
            "Fremder Mietcontainer seit {vormonat}",
        ),
        ("{K}: die Mietanlage war für zwei Wochen gedacht, jetzt steht sie seit {vormonat}.",),
        ("Container von {fmaker}, {fkw} kW, Schlauch quer über den Hof.",),
        ("Die Miete ist teurer als eine Rate. Kauf oder Leasing anbieten.",),
        (("Leasingangebot {gross}", _IN),),
        (("Was kostet sie die Miete?", "{euro_klein} im Monat, sagt {K}."),),
        ("Leasingrechnung ist raus, {K} meldet sich.",),
        ((R.CUSTOMER_DECLINES, "Mietkauf ist dort schon unterschrieben."),),
        needs="compressor",
        scenes=("yard",),
    ),
    Situation(
        "their-cooler",
        _C,
        (
            "Rückkühler von {fmaker} verrostet",
            "Fremder Kaltwassersatz am Ende",
            "Kälte von {fmaker} leckt, zweimal nachgefüllt",
        ),
        ("{K} hat dieses Jahr schon {n}-mal Kältemittel nachfüllen lassen.",),
        ("Lamellen lösen sich, Ölfleck unter dem Verdichter, Manometer unter Soll.",),
        ("Austausch gegen {kuehler}, Dichtheitsprüfung wird sonst jedes Jahr zum Problem.",),
        (("Angebot {kuehler} mit Entsorgung", _IN),),
        (("Welches Kältemittel ist drin?", "R404A laut Schild, Füllmenge 38 kg."),),
        ("Angebot mit Entsorgungsnachweis verschickt.",),
        ((R.NO_POTENTIAL, "Anlage wird mit dem Gebäude aufgegeben."),),
        scenes=("chiller", "gauge_low"),
    ),
    Situation(
        "trial",
        _C,
        ("{fmaker} stellt Testanlage auf", "Probelauf einer Fremdmaschine ab {termin}"),
        ("{K}: ab {termin} läuft eine {f2} vier Wochen zur Probe.",),
        ("Platz neben {m} ist frei geräumt, Anschluss vorbereitet.",),
        ("Wir brauchen vorher Messwerte der {m}, sonst rechnen die sich schön.",),
        (("Eigene Messung vor dem Probelauf", _TECH),),
        (("Hat {K} unser Angebot noch?", "Ja, liegt oben auf. {Er} will beide vergleichen."),),
        ("Messung genehmigt, Koffer liegt am Stützpunkt.",),
        ((R.ALREADY_KNOWN, "Probelauf ist mit uns abgesprochen."),),
        needs="compressor",
        scenes=("compressor", "room"),
    ),
)
