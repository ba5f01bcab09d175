"""The customers' trades: how such firms are called, what stands in their halls, how much air they use."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Trade:
    """One trade with its words; phrases fit as subject and as object, so that sentences stay right."""

    industry: str
    suffixes: tuple[str, ...]
    lines: tuple[str, ...]
    """New equipment with its article: 'eine Spritzgießzelle'."""
    machines: str
    """What runs there, plural: 'Spritzgießmaschinen'."""
    place: str
    """Where in the works: 'in der Spritzerei'."""
    weight: float
    cooling: float = 0.2
    """Share of firms with a chiller."""
    kilowatts: tuple[int, int] = (15, 75)


TRADES = (
    Trade(
        "Kunststoffverarbeitung",
        ("Kunststofftechnik", "Kunststoffwerk", "Spritzguss", "Formteile", "Folientechnik"),
        (
            "eine Spritzgießzelle",
            "eine Extrusionslinie",
            "eine Zwei-Komponenten-Anlage",
            "eine Blasformlinie",
        ),
        "Spritzgießmaschinen",
        "in der Spritzerei",
        1.5,
        0.7,
        (37, 110),
    ),
    Trade(
        "Metallbau",
        ("Metallbau", "Stahlbau", "Blechtechnik", "Schlosserei", "Lasertechnik"),
        (
            "eine Laserschneidanlage",
            "eine Strahlkabine",
            "eine Pulverbeschichtung",
            "ein Schweißroboter-Portal",
        ),
        "Laserschneidanlagen",
        "in der Blechbearbeitung",
        1.6,
        0.2,
        (15, 55),
    ),
    Trade(
        "Werkzeugbau",
        ("Werkzeugbau", "Formenbau", "Präzisionsteile", "Zerspanungstechnik", "Drehteile"),
        ("ein Fünf-Achs-Zentrum", "eine Erodierzelle", "ein Langdreher-Verbund", "eine Schleifzelle"),
        "Bearbeitungszentren",
        "in der Zerspanung",
        1.6,
        0.35,
        (15, 45),
    ),
    Trade(
        "Gießerei",
        ("Gießerei", "Druckguss", "Leichtmetallguss"),
        ("eine Druckgusszelle", "eine Kernschießanlage", "eine Putzzelle"),
        "Gießzellen",
        "in der Putzerei",
        0.6,
        0.6,
        (55, 132),
    ),
    Trade(
        "Druck und Papier",
        ("Druck", "Druckhaus", "Etiketten", "Papierverarbeitung", "Faltschachteln"),
        ("eine Bogenoffsetmaschine", "eine Stanzlinie", "eine Digitaldrucklinie"),
        "Druckmaschinen",
        "im Drucksaal",
        0.9,
        0.4,
        (22, 75),
    ),
    Trade(
        "Bäckerei und Backwaren",
        ("Bäckerei", "Backwaren", "Großbäckerei", "Teigwaren"),
        ("eine Brötchenlinie", "eine Schockfrostanlage", "eine Verpackungslinie"),
        "Teiglinien",
        "in der Backstube",
        1.0,
        0.5,
        (11, 37),
    ),
    Trade(
        "Molkerei und Käserei",
        ("Molkerei", "Käserei", "Milchwerke", "Sennerei"),
        ("eine Becherabfüllung", "eine Käsereifung", "eine Sprühtrocknung"),
        "Abfülllinien",
        "in der Abfüllung",
        0.8,
        0.8,
        (37, 90),
    ),
    Trade(
        "Brauerei und Getränke",
        ("Brauerei", "Mineralbrunnen", "Getränke", "Fruchtsäfte"),
        ("eine Flaschenabfüllung", "eine Dosenlinie", "eine KEG-Anlage"),
        "Füller",
        "im Füllerkeller",
        0.9,
        0.7,
        (30, 90),
    ),
    Trade(
        "Holzverarbeitung",
        ("Holzbau", "Sägewerk", "Möbelwerkstätten", "Fensterbau", "Zimmerei", "Küchenmöbel"),
        ("eine Abbundanlage", "eine CNC-Plattensäge", "eine Kantenanleimlinie"),
        "Kantenanleimer",
        "im Zuschnitt",
        1.4,
        0.05,
        (11, 55),
    ),
    Trade(
        "Textil",
        ("Textil", "Weberei", "Strickwaren", "Feinripp", "Technische Gewebe"),
        ("eine Luftdüsenweberei", "eine Rundstrickgruppe", "eine Ausrüstungslinie"),
        "Webmaschinen",
        "in der Weberei",
        0.6,
        0.3,
        (45, 132),
    ),
    Trade(
        "Medizintechnik",
        ("Medizintechnik", "Chirurgieinstrumente", "Implantate", "Dentaltechnik"),
        ("eine Reinraumzelle", "eine Reinigungslinie", "eine Verpackungslinie"),
        "Reinraumanlagen",
        "im Reinraum",
        1.0,
        0.4,
        (15, 45),
    ),
    Trade(
        "Automobilzulieferer",
        ("Fahrzeugteile", "Automotive", "Umformtechnik", "Stanztechnik", "Antriebskomponenten"),
        ("eine Montagelinie", "eine Transferpresse", "eine Schweißzelle", "eine Härteanlage"),
        "Pressen",
        "in der Montage",
        1.2,
        0.5,
        (55, 132),
    ),
    Trade(
        "Maschinenbau",
        ("Maschinenbau", "Anlagenbau", "Fördertechnik", "Antriebstechnik", "Sondermaschinen"),
        ("eine Lackierkabine", "eine Montagehalle", "ein Prüfstand"),
        "Prüfstände",
        "in der Lackiererei",
        1.4,
        0.2,
        (15, 55),
    ),
    Trade(
        "Elektronik",
        ("Elektronik", "Sensorik", "Schaltgeräte", "Leiterplatten", "Messtechnik"),
        ("eine Bestückungslinie", "eine Lötanlage", "ein Reflow-Ofen"),
        "Bestückungslinien",
        "in der Bestückung",
        0.9,
        0.3,
        (11, 45),
    ),
    Trade(
        "Verpackung",
        ("Verpackungen", "Kartonagen", "Wellpappe", "Etikettiertechnik"),
        ("eine Wellpappenanlage", "eine Faltschachtelklebelinie", "ein Palettierer-Verbund"),
        "Klebelinien",
        "in der Konfektionierung",
        0.8,
        0.1,
        (30, 90),
    ),
    Trade(
        "Chemie und Farben",
        ("Lacke", "Chemie", "Farben", "Klebstoffe"),
        ("eine Dispergieranlage", "eine Abfüllanlage", "eine Granulierung"),
        "Rührwerke",
        "im Ansatzraum",
        0.6,
        0.5,
        (22, 75),
    ),
    Trade(
        "Versorgung und Klärwerk",
        ("Stadtwerke", "Zweckverband Abwasser", "Gemeindewerke"),
        ("eine Belüftungsstufe", "eine Filteranlage", "eine Schlammpresse"),
        "Gebläse",
        "im Maschinenhaus",
        0.5,
        0.3,
        (22, 90),
    ),
    Trade(
        "Krankenhaus und Labor",
        ("Klinikum", "Kreiskrankenhaus", "Laborzentrum"),
        ("eine Druckluftzentrale", "ein Sterilgutbereich", "ein Laborgebäude"),
        "Versorgungsstränge",
        "in der Technikzentrale",
        0.4,
        0.6,
        (15, 37),
    ),
    Trade(
        "Kfz und Nutzfahrzeuge",
        ("Nutzfahrzeuge", "Autohaus", "Karosserie + Lack", "Landtechnik", "Reifencenter"),
        ("eine Lackierkabine", "eine Lkw-Halle", "eine Waschanlage"),
        "Hebebühnen",
        "in der Werkstatt",
        1.0,
        0.0,
        (7, 22),
    ),
)
