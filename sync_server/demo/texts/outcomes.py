"""What follows a decision: orders, losses, hand-overs, follow-ups, corrections by the technician."""

WON = (
    "Auftrag ist da, Lieferung in sechs Wochen. Danke für den Hinweis!",
    "{K} hat bestellt. Ohne deine Meldung hätten wir das nicht mitbekommen.",
    "Auftrag über {euro} unterschrieben.",
    "Gewonnen, die Montage wird gerade mit {Kd} abgestimmt.",
    "Bestellung ist heute eingegangen, {K} lobt die schnelle Rückmeldung.",
    "Zuschlag bekommen, trotz Gegenangebot von {fmaker}.",
    "Auftrag! {K} hat sich für unser Angebot entschieden.",
)
LOST = (
    "Ging an {fmaker}, dort war die Lieferzeit kürzer.",
    "Leider verloren, Wettbewerb lag {pct} % darunter.",
    "Projekt ist auf unbestimmte Zeit verschoben.",
    "{K} hat das Budget gestrichen bekommen, wir bleiben dran.",
    "Zentrale hat anders entschieden.",
    "Kunde behält die vorhandene Lösung noch ein Jahr.",
)
HANDED_OVER = (
    "An {aussend} übergeben, Vorgang im CRM angelegt.",
    "{aussen} übernimmt und meldet sich bei {Kd}.",
    "Verkaufschance angelegt, {aussen} ist informiert.",
    "Im CRM als Chance mit {euro} erfasst.",
)
DUPLICATE = (
    "Gehört zur Meldung vom {datum}, wird dort weiterverfolgt. Danke trotzdem!",
    "Schon von {kollege} am {datum} gemeldet, ich habe beides zusammengeführt.",
    "Gleicher Hinweis wie am {datum}. Antwort siehst du dort.",
)
FOLLOW_UPS = (
    "{K} wegen Angebot anrufen",
    "Nachfassen: Entscheidung bis {termin}",
    "Datenblatt da? Sonst bei {Kd} nachhaken",
    "Budgetfreigabe {jahr} erfragen",
    "Termin mit {aussend} bestätigt?",
    "Messwerte auswerten und anrufen",
    "Rückmeldung {K} offen",
    "Angebot verlängern, läuft ab",
)
CORRECTIONS = (
    "Nachtrag: {K} ist ab {wochentag} wieder erreichbar.",
    "Nachtrag: Platz für eine zweite Anlage ist da, habe nachgemessen.",
    "Korrektur: es geht um {halle}, nicht um das Nachbargebäude.",
    "Nachtrag: Zuleitung 63 A liegt bereits.",
    "Nachtrag: Entscheidung fällt erst im {monat}.",
    "Nachtrag: {K2} ist auch dafür.",
    "Korrektur: Netzdruck noch einmal gemessen, {soll} bar an der Station.",
    "Nachtrag: auch {fmaker} wurde angefragt.",
)
SECOND_OPINIONS = (
    "Nach dem Gespräch mit {K2d}: eher {jahr} als sofort.",
    "Am anderen Tablet ergänzt: {K} möchte zuerst eine Messung.",
    "Auf der Rückfahrt noch notiert: Budget liegt bei rund {euro}.",
)
FIRST_LOOKS = (
    "Bin dran, melde mich.",
    "Danke, schaue ich mir heute noch an.",
    "Ich kläre das mit der Technik.",
    "Gute Meldung, ich rufe {Kn} an.",
)
