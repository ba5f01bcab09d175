"""Where the customers are: the firm's territories in south Germany with towns and their postal codes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Town:
    """A town and one of its postal codes."""

    name: str
    postal_code: str


def _towns(*entries: str) -> tuple[Town, ...]:
    return tuple(Town(entry[6:], entry[:5]) for entry in entries)


TERRITORIES: dict[str, tuple[Town, ...]] = {
    "Bodensee-Oberschwaben": _towns(
        "88212 Ravensburg",
        "88250 Weingarten",
        "88662 Überlingen",
        "88045 Friedrichshafen",
        "88339 Bad Waldsee",
        "88400 Biberach an der Riß",
        "88348 Bad Saulgau",
        "88069 Tettnang",
        "88239 Wangen im Allgäu",
        "88299 Leutkirch im Allgäu",
        "78315 Radolfzell am Bodensee",
        "78224 Singen (Hohentwiel)",
        "88512 Mengen",
        "88427 Bad Schussenried",
    ),
    "Ulm-Ostalb": _towns(
        "89073 Ulm",
        "89518 Heidenheim an der Brenz",
        "73430 Aalen",
        "73525 Schwäbisch Gmünd",
        "89584 Ehingen (Donau)",
        "89150 Laichingen",
        "73479 Ellwangen (Jagst)",
        "89537 Giengen an der Brenz",
        "89231 Neu-Ulm",
        "73312 Geislingen an der Steige",
        "88471 Laupheim",
        "89312 Günzburg",
    ),
    "Schwarzwald-Baar": _towns(
        "78050 Villingen-Schwenningen",
        "78532 Tuttlingen",
        "78628 Rottweil",
        "72250 Freudenstadt",
        "77716 Haslach im Kinzigtal",
        "78166 Donaueschingen",
        "78713 Schramberg",
        "77652 Offenburg",
        "79822 Titisee-Neustadt",
        "72270 Baiersbronn",
        "78549 Spaichingen",
        "77756 Hausach",
    ),
    "Neckar-Alb": _towns(
        "72764 Reutlingen",
        "72072 Tübingen",
        "72336 Balingen",
        "72458 Albstadt",
        "73230 Kirchheim unter Teck",
        "72622 Nürtingen",
        "72555 Metzingen",
        "73728 Esslingen am Neckar",
        "71032 Böblingen",
        "72379 Hechingen",
        "72108 Rottenburg am Neckar",
        "72574 Bad Urach",
    ),
    "Allgäu-Lech": _towns(
        "87435 Kempten (Allgäu)",
        "87700 Memmingen",
        "86150 Augsburg",
        "87600 Kaufbeuren",
        "87719 Mindelheim",
        "86899 Landsberg am Lech",
        "87527 Sonthofen",
        "86807 Buchloe",
        "87629 Füssen",
        "86381 Krumbach (Schwaben)",
        "87616 Marktoberdorf",
        "88161 Lindenberg im Allgäu",
    ),
}
"""Territory names appear on screens; a technician belongs to exactly one."""

STREETS = (
    "Industriestraße",
    "Gewerbestraße",
    "Robert-Bosch-Straße",
    "Daimlerstraße",
    "Carl-Benz-Straße",
    "Rudolf-Diesel-Straße",
    "Max-Eyth-Straße",
    "Im Gewerbepark",
    "Am Güterbahnhof",
    "Bahnhofstraße",
    "Siemensstraße",
    "Ziegeleistraße",
    "Mühlstraße",
    "An der Bundesstraße",
    "Im Ried",
    "Talstraße",
    "Zeppelinstraße",
    "Werkstraße",
    "Heinkelstraße",
    "Otto-Lilienthal-Straße",
    "Maybachstraße",
    "Lange Äcker",
    "Im Öschle",
    "Waldseer Straße",
    "Schussenstraße",
    "Unterer Brühl",
    "Boschweg",
    "Am Kanal",
    "Hochbergstraße",
    "Gänsweidle",
    "Fabrikstraße",
    "Liebigstraße",
    "Messerschmittstraße",
    "Auf der Steig",
    "Raiffeisenstraße",
    "Neue Straße",
)
