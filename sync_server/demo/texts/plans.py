"""Plans and investments of customers: halls, lines, shifts, renovations."""

from protocol.observation import FlagKind, Kind, Side
from protocol.review import RejectionReason as R
from sync_server.demo.texts.situation import Care, Situation

_P = Kind.PLAN
_IN, _FIELD, _TECH, _CUST = Side.INSIDE_SALES, Side.FIELD_SALES, Side.TECHNICIAN, Side.CUSTOMER

PLANS = (
    Situation(
        "new-hall",
        _P,
        (
            "{neuhalle} geplant, etwa doppelter Druckluftbedarf",
            "Anbau {neuhalle} kommt ab {saison}",
            "Neue Halle ab {saison}: zweite Station nötig",
            "Erweiterung um {neuhalle}, Druckluft noch nicht geplant",
        ),
        (
            "{K} sagt, ab {saison} kommt {neuhalle} dazu. „Da brauchen wir ungefähr doppelt so viel Luft.“",
            "Laut {Kd} ist der Bauantrag für {neuhalle} durch, Baubeginn {monat}.",
            "{K}: „Die Halle steht {saison}, die Druckluft hat der Architekt vergessen.“",
        ),
        (
            "Das Gelände hinter {halle} ist ausgesteckt, Bauzaun steht. {m} läuft mit {ausl} % Auslastung.",
            "Baugrube neben {halle} ist ausgehoben. Die vorhandene Leitung DN 50 reicht nicht bis hinüber.",
            "Im Büro hängt der Lageplan, {neuhalle} mit rund {flaeche} m² eingezeichnet.",
        ),
        (
            "Zweite Station mit Drehzahlregelung, Wärmerückgewinnung gleich mitdenken.",
            "Wir sollten vor dem Elektroplaner am Tisch sitzen, sonst steht der Kompressor wieder im Heizraum.",
            "Eine {fu} als Grundlast und {m} als Reserve würde passen.",
        ),
        (
            ("Innendienst ruft {Kn} an, Auslegung Druckluft {neuhalle}", _IN),
            ("Termin mit Planer und {Kd} vereinbaren", _FIELD),
        ),
        (
            (
                "Wird {neuhalle} sicher gebaut? Wer entscheidet?",
                "{K} entscheidet bis {euro_grenze}, darüber der Geschäftsführer. Bauantrag ist genehmigt.",
            ),
            (
                "Welche Luftmenge rechnen sie für {neuhalle}?",
                "{K} rechnet mit {m3} m³/min bei {soll} bar, das steht so im Maschinenplan.",
            ),
        ),
        (
            "Auslegung liegt bei der Technik, {K} bekommt bis {termin} ein Richtangebot.",
            "{K} erreicht, Termin vor Ort am {termin} vereinbart.",
        ),
        (
            (
                R.ALREADY_KNOWN,
                "{neuhalle} ist seit {vormonat} bei uns in Planung, Angebot liegt beim Architekten.",
            ),
            (
                R.CUSTOMER_DECLINES,
                "{K} hat die Planung schon komplett vergeben, kein Bedarf an einem weiteren Angebot.",
            ),
        ),
        needs="compressor",
        scenes=("construction", "hall", "display"),
    ),
    Situation(
        "new-line",
        _P,
        (
            "{Linie} kommt {monat}",
            "Investition {monat}: {linie}",
            "{Linie} bestellt, Luftbedarf steigt",
            "Bekommen {monat} {linie}",
        ),
        (
            "{K} hat {linie} bestellt, Lieferung {monat}. Anschlusswert Luft laut Datenblatt {m3} m³/min.",
            "„Im {monat} stellen wir {linie} auf, dann wird es mit der Luft eng“, sagt {K}.",
            "{K2} erzählt, dass {linie} schon freigegeben ist, Aufstellung {monat}.",
        ),
        (
            "Der Platz {ort} ist freigeräumt, Fundament ist gegossen.",
            "{m} lädt heute schon {ausl} % der Zeit, Netzdruck fällt in der Spitze auf {druck} bar.",
            "Bodenmarkierung für die neue Anlage ist schon aufgeklebt, Luftanschluss fehlt noch.",
        ),
        (
            "Mit {m} allein geht das nicht mehr. Richtung {gross} oder ein zweites Gerät dazu.",
            "Erst messen, dann auslegen: eine Woche Logger würde ich vorschlagen.",
            "Trockner gleich größer anbieten, {trockner} passt zum neuen Volumenstrom.",
        ),
        (
            ("Datenblatt der neuen Anlage bei {Kd} anfordern", _IN),
            ("Messkoffer für eine Woche setzen", _TECH),
        ),
        (
            (
                "Hast du den Luftbedarf der neuen Anlage schriftlich?",
                "Datenblatt habe ich abfotografiert, {m3} m³/min bei 6 bar, liegt bei den Fotos.",
            ),
            (
                "Ist der Aufstellort gleich wie bisher?",
                "Nein, die kommt ans andere Ende {ort}, rund 60 m Leitung.",
            ),
        ),
        ("Messung für KW {kw} eingeplant, danach Angebot.", "Angebot {gross} mit Trockner ist in Arbeit."),
        (
            (
                R.NO_POTENTIAL,
                "Die Anlage bringt ihren eigenen Kompressor mit, {K} hat das am Telefon bestätigt.",
            ),
            (R.ALREADY_KNOWN, "{K} hatte uns das schon gemeldet, Vorgang läuft."),
        ),
        needs="compressor",
        scenes=("hall", "gauge_low", "construction"),
    ),
    Situation(
        "third-shift",
        _P,
        (
            "Ab {monat} Dreischichtbetrieb",
            "Dritte Schicht kommt, Anlage läuft dann durch",
            "Umstellung auf drei Schichten ab {monat}",
        ),
        (
            "{K} stellt ab {monat} auf drei Schichten um, Nachtschicht ohne Instandhaltung.",
            "„Ab {monat} läuft das hier rund um die Uhr“, sagt {K2}. Ausfall nachts wäre für die teuer.",
        ),
        (
            "{m} hat {std} h auf der Uhr, keine Reserve daneben.",
            "Nur ein Kompressor im {raum}, kein Umschaltventil, kein zweiter Anschluss.",
        ),
        (
            "Redundanz anbieten und den Wartungsvertrag auf die Laufzeit umstellen.",
            "Fernüberwachung wäre hier das richtige Thema, nachts ist niemand da.",
        ),
        (
            ("Wartungsintervall auf Laufzeit umstellen und Vertrag anbieten", _IN),
            ("Redundanz ansprechen", _FIELD),
        ),
        (("Gibt es schon einen Starttermin für die Nachtschicht?", "Ja, {termin}, steht am Aushang."),),
        ("Vertrag Plus mit 24-h-Bereitschaft geht {K} diese Woche zu.",),
        ((R.CUSTOMER_DECLINES, "{K} will mit der vorhandenen Anlage fahren und meldet sich bei Bedarf."),),
        needs="compressor",
        scenes=("display", "room"),
    ),
    Situation(
        "replace-old",
        _P,
        (
            "{m} soll {jahr} ersetzt werden",
            "Ersatz für {m}, Bj. {bj}, im Budget {jahr}",
            "Budget {jahr}: {m} fliegt raus",
            "{m} bekommt keine Revision mehr, Ersatz {jahr}",
        ),
        (
            "{K}: „Noch eine Revision zahle ich an der {m} nicht.“ Ersatz steht für {quartal} im Budget.",
            "Laut {Kd} sind {euro} für eine neue Station eingeplant, Entscheidung im {monat}.",
        ),
        (
            "{m}, Baujahr {bj}, {std} h. Verdichterstufe singt, Ölverbrauch steigt.",
            "Öltemperatur {temp} °C bei offener Tür, Kühler ist zugesetzt.",
        ),
        (
            "{gross} mit Wärmerückgewinnung anbieten, Fördermittel ansprechen.",
            "Der nächste Sommer wird für die Maschine der letzte.",
        ),
        (("Angebot {gross} erstellen", _IN), ("Fördermöglichkeit BAFA prüfen und mitschicken", _IN)),
        (
            (
                "Bleibt die Leistung gleich oder soll es größer werden?",
                "{K} will etwas Reserve, eine Nummer größer.",
            ),
            (
                "Kommt man mit Stapler an den Aufstellplatz?",
                "Tor ist 2,40 m breit, der Stapler kommt bis vor die Tür. Rest mit Rollen.",
            ),
        ),
        (
            "Angebot über {gross} ist raus, Nachfassen am {termin}.",
            "{K} möchte zwei Varianten, mit und ohne Drehzahlregelung.",
        ),
        ((R.ALREADY_KNOWN, "Angebot für den Ersatz läuft seit {vormonat} über den Außendienst."),),
        needs="compressor",
        scenes=("plate", "compressor", "display"),
    ),
    Situation(
        "heat-recovery",
        _P,
        (
            "Interesse an Wärmerückgewinnung",
            "Wollen Abwärme der {m} für die Hallenheizung nutzen",
            "Heizung wird {jahr} neu, Abwärme ist Thema",
        ),
        (
            "{K} lässt {jahr} die Heizung erneuern und fragt, was die {m} an Wärme hergibt.",
            "„Das ganze Jahr blasen wir die Wärme zum Dach raus“, meint {K}.",
        ),
        (
            "Abluftkanal geht ungenutzt über Dach, Heizraum liegt direkt nebenan.",
            "{m} läuft im Schnitt mit {ausl} % Last, Öltemperatur {temp} °C: da ist ordentlich Wärme da.",
        ),
        (
            "Plattentauscher-Paket nachrüsten, Heizungsbauer mit ins Boot.",
            "Bei den Laufzeiten rechnet sich das in unter drei Jahren.",
        ),
        (("Wirtschaftlichkeitsrechnung Wärmerückgewinnung an {Kn}", _IN),),
        (("Welcher Heizungsbauer macht das?", "Steht noch nicht fest, {K} holt gerade zwei Angebote ein."),),
        ("Rechnung mit {euro} Einsparung in drei Jahren ist bei {Kd}.",),
        ((R.NO_POTENTIAL, "Heizung wird auf Fernwärme umgestellt, Abwärme bringt dort nichts."),),
        needs="compressor",
        scenes=("room", "display", "pipes"),
    ),
    Situation(
        "tender",
        _P,
        (
            "Ausschreibung Kälteanlage {quartal}",
            "Kaltwasser wird {quartal} neu ausgeschrieben",
            "Planungsbüro schreibt Kälte aus, Abgabe {quartal}",
        ),
        (
            "{K}: Ausschreibung kommt {quartal}, geplant wird beim Ingenieurbüro Haag.",
            "{K2} sagt, die Kälte geht komplett neu in die Ausschreibung, {n} Bieter werden eingeladen.",
        ),
        ("{m} mit R407C, Verflüssiger stark verschmutzt.", "Rückkühler auf dem Dach brummt, Lager am Ende."),
        (
            "Wir müssen beim Planer gelistet sein, bevor das Leistungsverzeichnis steht.",
            "Freikühlung anbieten, das macht sonst keiner.",
        ),
        (("Kontakt zum Planungsbüro aufnehmen", _FIELD), ("Unterlagen {kuehler} an {Kn}", _IN)),
        (
            (
                "Weißt du, wer im Büro plant?",
                "{K} nennt mir den Namen beim nächsten Besuch, ich trage ihn nach.",
            ),
        ),
        ("Planungsbüro angerufen, wir werden zur Abgabe eingeladen.",),
        (
            (
                R.TOO_VAGUE,
                "Ohne Zeitraum und Planer kommen wir nicht weiter. Bitte beim nächsten Besuch nachfragen.",
            ),
        ),
        needs="chiller",
        scenes=("chiller", "plate"),
    ),
    Situation(
        "move",
        _P,
        (
            "Umzug der Fertigung {saison} geplant",
            "Ziehen {saison} um, Station muss mit",
            "Standort wird {saison} verlegt",
        ),
        (
            "{K} bestätigt: Fertigung zieht {saison} um. Was mit der {m} passiert, ist offen.",
            "„Mitnehmen oder neu, das sollt ihr uns sagen“, meint {K}.",
        ),
        (
            "In {halle} stehen schon Umzugskisten, das Lager ist halb leer.",
            "{m} ist Bj. {bj}, {std} h: Umzug lohnt nur mit Revision.",
        ),
        ("Angebot Demontage und Wiederinbetriebnahme gegen Neuanlage stellen.",),
        (("Zwei Varianten anbieten: Umzug mit Revision oder {gross}", _IN),),
        (
            (
                "Neue Adresse bekannt?",
                "Im selben Gewerbegebiet, Halle wird angemietet. Vertrag ist unterschrieben.",
            ),
        ),
        ("Begehung am neuen Standort für {termin} ausgemacht.",),
        ((R.ALREADY_KNOWN, "Umzug ist bekannt, {K} hat uns im {vormonat} informiert."),),
        needs="compressor",
        scenes=("hall", "compressor"),
    ),
    Situation(
        "iso-energy",
        _P,
        (
            "ISO 50001 ab {jahr}, suchen Maßnahmen",
            "Energieaudit steht an, Druckluft im Fokus",
            "Energiemanagement wird eingeführt, Leckagen sind Thema",
        ),
        (
            "{K} sagt, das Audit ist im {monat}, bis dahin brauchen sie Kennzahlen zur Druckluft.",
            "„Der Auditor fragt als Erstes nach der Druckluft“, so {K}.",
        ),
        (
            "Kein Zähler an der Station. Am Wochenende fördert {m} rund {leck} % für nichts.",
            "Am Verteiler {ort} zischt es an mindestens {n} Stellen.",
        ),
        (
            "Leckageortung plus Messung als Paket, danach kommt die Station von allein.",
            "Verbundsteuerung mit Auswertung würde denen das Audit leicht machen.",
        ),
        (("Angebot Leckageortung und Durchflussmessung", _IN),),
        (("Wie groß ist das Netz ungefähr?", "Etwa {laenge} m Ringleitung, {n} Hallen."),),
        ("Leckageortung für KW {kw} bestätigt.", "Messpaket angeboten, {K} nimmt es ins Budget {jahr}."),
        ((R.CUSTOMER_DECLINES, "Energieberater bringt eigene Messtechnik mit."),),
        needs="compressor",
        scenes=("pipes", "gauge_low"),
    ),
    Situation(
        "takeover",
        _P,
        (
            "Firma wird übernommen, Investitionen gestoppt",
            "Neuer Eigentümer ab {monat}",
            "Verkauf an Gruppe läuft, Budget eingefroren",
        ),
        (
            "{K} erzählt im Vertrauen, dass der Betrieb zum {monat} verkauft wird. Bis dahin keine Ausgaben.",
            "{K}: „Vor {monat} unterschreibt hier keiner mehr etwas.“",
        ),
        (),
        (
            "Angebot liegen lassen und nach der Übernahme neu ansetzen.",
            "Die neue Gruppe hat einen Rahmenvertrag mit {fmaker}, da müssen wir früh hin.",
        ),
        (("Nach {monat} neuen Entscheider klären", _FIELD),),
        (("Ist das öffentlich?", "Nein, bitte vertraulich behandeln. Belegschaft weiß es noch nicht."),),
        ("Vertraulich vermerkt, Wiedervorlage nach der Übernahme.",),
        (
            (
                R.PRIVACY,
                "Vertrauliche Angabe Dritter, Text wird nicht weiterverwendet. Danke fürs Kennzeichnen.",
            ),
        ),
        care=Care(
            FlagKind.THIRD_PARTY, "Einordnung laufender Angebote bis zur Bekanntgabe", 180, always=True
        ),
        sells=False,
    ),
    Situation(
        "solar",
        _P,
        (
            "Photovoltaik aufs Dach, wollen Strom selbst nutzen",
            "PV kommt {saison}, Laufzeiten sollen in den Tag",
        ),
        ("{K} bekommt {saison} PV mit {kwp} kWp aufs Dach und will die Luft möglichst tagsüber erzeugen.",),
        (
            "Dach ist schon eingerüstet. Station hat nur einen Behälter mit 1.000 l.",
            "Module liegen auf Paletten im Hof, Wechselrichter hängt neben der Station.",
        ),
        ("Größerer Speicher und eine {fu}, die der PV folgt: gutes Beispiel für unser Steuerungspaket.",),
        (("Steuerungspaket und 3.000-l-Behälter anbieten", _IN),),
        (
            (
                "Soll die Steuerung mit dem Wechselrichter reden?",
                "Ja, {K} möchte das über die Leittechnik, Modbus ist da.",
            ),
        ),
        ("Konzept mit der Technik abgestimmt, Angebot bis {termin}.",),
        ((R.NO_POTENTIAL, "Netz ist für den großen Behälter zu klein, rechnet sich nicht."),),
        needs="compressor",
        scenes=("roof", "receiver"),
    ),
    Situation(
        "nitrogen",
        _P,
        (
            "Denken über eigenen Stickstoff nach",
            "Stickstofferzeugung vor Ort angefragt",
            "Wollen weg von der Flaschenbatterie",
        ),
        (
            "{K}: Stickstoff in Flaschen kostet sie {euro} im Jahr, eigener Erzeuger wäre interessant.",
            "„Jede Woche zwei Bündel, das muss doch anders gehen“, sagt {K2}.",
        ),
        ("Flaschenbündel steht vor {halle}, Lieferung zweimal die Woche.",),
        ("Dafür braucht es eine saubere Luftaufbereitung, {m} allein reicht nicht.",),
        (("Verbrauch und Reinheit bei {Kd} erfragen", _IN),),
        (("Welche Reinheit brauchen sie?", "99,9 % laut {Kd}, für den Laser."),),
        ("Anfrage an unseren Partner für Erzeuger weitergeleitet, {K} ist informiert.",),
        ((R.NO_RELATION, "Stickstofferzeuger führen wir nicht, Hinweis an den Partner gegeben."),),
        needs="compressor",
        scenes=("hall", "pipes"),
    ),
)
