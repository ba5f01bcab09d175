"""Next steps that customers ask for: quotes, call-backs, dates, papers."""

from protocol.observation import Kind, Side
from protocol.review import RejectionReason as R
from sync_server.demo.texts.situation import Situation

_S = Kind.NEXT_STEP
_IN, _FIELD, _TECH, _CUST = Side.INSIDE_SALES, Side.FIELD_SALES, Side.TECHNICIAN, Side.CUSTOMER

NEXT_STEPS = (
    Situation(
        "call-back", _S,
        ("Bittet um Rückruf wegen {gross}", "Rückruf erbeten, am besten vormittags", "{K} möchte zur Auslegung zurückgerufen werden"),
        ("{K} hat Fragen zur {gross}, vor allem zum Schallpegel.", "{K} ist {wochentag} bis 10 Uhr im Büro."),
        (), ("Kaufbereit, will es nur noch einmal von jemandem hören, der rechnet.",),
        (("{Kn} {wochentag} vormittags anrufen", _IN),),
        (("Worum geht es genau?", "Schallpegel und Lieferzeit der {gross}."),),
        ("Angerufen, Fragen geklärt, Angebot folgt.",),
        ((R.ALREADY_KNOWN, "{K} hat sich schon selbst gemeldet."),), needs="compressor", urgent=0.15,
    ),
    Situation(
        "quote-regulated", _S,
        ("Angebot {fu} gewünscht", "Preis für {fu} anfragen", "{K} will Vergleich {gross} und {fu}"),
        ("{K} will wissen, was die Drehzahlregelung mehr kostet und wann sie sich rechnet.",),
        ("{m} taktet alle {n} Minuten, Leerlaufanteil {leck} %.",),
        ("Bei dem Leerlauf ist die Rechnung einfach.",),
        (("Angebot {fu} mit Amortisationsrechnung", _IN),),
        (("Welchen Strompreis soll ich ansetzen?", "{K} rechnet mit 21 Cent."),),
        ("Angebot mit Rechnung ist raus.", "Vergleichsrechnung verschickt, Rückmeldung bis {termin}."),
        ((R.NO_POTENTIAL, "Laufzeit unter 1.500 h im Jahr, rechnet sich nicht. {K} sieht das auch so."),),
        needs="compressor", scenes=("display", "plate"),
    ),
    Situation(
        "visit-field", _S,
        ("Außendienst soll vorbeikommen", "Gesprächstermin mit Außendienst erbeten", "{K} bittet um Termin im {monat}"),
        ("{K} möchte das Thema Verbundsteuerung einmal in Ruhe durchgehen.", "Es geht um die Planung für {jahr}, {K} will Zahlen sehen."),
        (), (), (("Termin mit {Kd} abstimmen", _FIELD),),
        (("Reicht ein Videotermin?", "Lieber vor Ort, {K} will die Station zeigen."),),
        ("Termin am {termin} steht.",),
        ((R.ALREADY_KNOWN, "Termin ist schon im Kalender des Außendienstes."),),
    ),
    Situation(
        "papers", _S,
        ("Braucht Unterlagen zur {m}", "Prüfbuch und Konformitätserklärung fehlen", "Wartungsnachweise für das Audit gewünscht"),
        ("{K} braucht bis {termin} die Nachweise der letzten drei Jahre.", "Der Sachverständige war da, die Behälterpapiere fehlen."),
        ("Ordner an der Anlage leer bis auf die Betriebsanleitung.",), (),
        (("Unterlagen {m}, SN {sn}, an {Kn} schicken", _IN),),
        (("Papier oder PDF?", "PDF reicht."),),
        ("Unterlagen sind per Mail raus.",),
        ((R.OTHER, "Vom Service direkt erledigt, kein Lead nötig."),), needs="compressor", scenes=("plate",), sells=False,
    ),
    Situation(
        "repair-quote", _S,
        ("Kostenvoranschlag Stufentausch {m}", "Angebot Revision {m} gewünscht", "Reparatur oder neu? Angebot für beides"),
        ("{K} will schwarz auf weiß, was die Revision gegenüber einer {gross} kostet.",),
        ("Lagergeräusch an der Stufe, Schwingung 7,1 mm/s. {std} h.",),
        ("Ich würde nicht mehr reparieren.", "Stufe hält vielleicht noch {n}00 h."),
        (("Gegenüberstellung Revision und {gross}", _IN),),
        (("Wie lange darf die Anlage stehen?", "Maximal ein Wochenende, sonst Mietgerät."),),
        ("Beide Angebote sind bei {Kd}.",),
        ((R.CUSTOMER_DECLINES, "{K} lässt vorerst alles, wie es ist."),), needs="compressor", scenes=("compressor", "plate", "display"), urgent=0.2,
    ),
    Situation(
        "training", _S,
        ("Einweisung für neue Kollegen gewünscht", "Schulung an der Steuerung angefragt", "Betreiberschulung für {n} Leute"),
        ("{K} hätte gern eine halbe Stunde Einweisung für {n} Mitarbeiter.",), (), ("Verbinden mit der Wartung im {monat}.",),
        (("Schulung anbieten, {n} Personen", _IN),),
        (("Vor Ort oder bei uns?", "Vor Ort, an der eigenen Anlage."),),
        ("Schulung mit der Wartung zusammengelegt.",),
        ((R.OTHER, "Machen wir bei der Wartung ohne Berechnung mit."),), sells=False,
    ),
    Situation(
        "measure", _S,
        ("Druckluftmessung vor der Entscheidung", "Logger für eine Woche gewünscht", "Will erst messen, dann kaufen"),
        ("{K} traut den Prospektwerten nicht und möchte eine Messung.",), ("Messstutzen DN 50 hinter dem Behälter vorhanden.",),
        ("Messung lohnt sich, {m} ist sicher zu groß oder das Netz undicht.",),
        (("Messkoffer für KW {kw} reservieren", _IN),),
        (("Kostenlos oder berechnet?", "{K} zahlt, wenn es bei Kauf verrechnet wird."),),
        ("Koffer für KW {kw} reserviert.",),
        ((R.CUSTOMER_DECLINES, "{K} hat die Messung abgesagt."),), needs="compressor", scenes=("pipes", "receiver"), sells=False,
    ),
    Situation(
        "lead-time", _S,
        ("Fragt Lieferzeit {trockner} an", "Wie schnell geht ein {trockner}?", "Lieferzeit entscheidet: {trockner}"),
        ("{K}: „Wenn ihr bis {monat} liefern könnt, habt ihr den Auftrag.“",), (), ("Sehr konkret, bitte schnell antworten.",),
        (("Liefertermin {trockner} nennen", _IN),),
        (("Mit Montage?", "Ja, komplett, samstags."),),
        ("Liefertermin {termin} zugesagt.",),
        ((R.ALREADY_KNOWN, "Auftragsbestätigung ist schon draußen."),), scenes=("dryer",), urgent=0.45,
    ),
    Situation(
        "service-date", _S,
        ("Wartung auf {monat} verschieben", "Terminwunsch: Wartung nur samstags", "Wartung vorziehen wegen Betriebsferien"),
        ("{K} bittet, die Wartung der {m} in die Betriebsferien zu legen.", "Unter der Woche darf die Anlage nicht stehen."),
        (), (), (("Wartungstermin im {monat} neu planen", _IN),),
        (("Ist die Pforte samstags besetzt?", "Nein, {K} kommt selbst und macht auf."),),
        ("Termin verschoben, Bestätigung verschickt.",),
        ((R.OTHER, "An die Disposition gegeben."),), needs="compressor", sells=False,
    ),
    Situation(
        "trade-in", _S,
        ("Inzahlungnahme der {m} möglich?", "Was ist die {m} noch wert?", "Fragt nach Rücknahme {m}"),
        ("{K} würde die {m}, Baujahr {bj}, gern in Zahlung geben.",), ("Zustand gut, {std} h, immer gewartet.",),
        ("Für den Gebrauchtpool interessant.",), (("Restwert {m} ermitteln", _IN),),
        (("Läuft sie noch täglich?", "Ja, bis die neue steht."),),
        ("Restwert {euro_klein} genannt, {K} überlegt.",),
        ((R.NO_POTENTIAL, "Zu alt für den Gebrauchtpool."),), needs="compressor", scenes=("compressor", "plate"),
    ),
)
