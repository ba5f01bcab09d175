"""Names of people as one meets them in the firms of the region, and reachable nowhere: numbers and addresses are fiction."""

import unicodedata
from dataclasses import dataclass

from sync_server.demo.chance import Chance


@dataclass(frozen=True)
class Person:
    """A name with what German grammar needs of it."""

    first: str
    last: str
    woman: bool

    @property
    def name(self) -> str:
        """'Thomas Bauer'."""
        return f"{self.first} {self.last}"

    @property
    def subject(self) -> str:
        """'Herr Bauer' as the one who acts."""
        return f"{'Frau' if self.woman else 'Herr'} {self.last}"

    @property
    def object(self) -> str:
        """'Herrn Bauer' as the one who is asked."""
        return f"{'Frau' if self.woman else 'Herrn'} {self.last}"

    @property
    def pronoun(self) -> str:
        """'er' or 'sie'."""
        return "sie" if self.woman else "er"


def _names(lines: str) -> list[str]:
    return lines.split()


_GERMAN_MEN = _names("""Thomas Markus Stefan Andreas Michael Jürgen Uwe Bernd Klaus Wolfgang Matthias Frank Ralf Peter Martin
Christian Sebastian Daniel Florian Tobias Simon Lukas Philipp Benjamin Dieter Rainer Manfred Günter Holger Jörg Oliver
Alexander René André Xaver Alois Josef Anton Georg Ludwig Fritz Eberhard Hans-Peter Karl-Heinz Till Fabian Dominik
Patrick Marcel Kevin Nico Pascal Björn Sören Ulrich Winfried Roland Volker Armin Hubert Erwin Achim""")
_GERMAN_WOMEN = _names("""Sabine Petra Monika Andrea Claudia Susanne Birgit Martina Anja Katrin Stefanie Nicole Sandra Tanja
Melanie Julia Katharina Anna Lena Laura Sarah Christina Heike Ute Gabriele Ingrid Renate Elke Silke Simone Bettina
Doris Karin Brigitte Noëlle Zoé Franziska Theresa Magdalena Veronika Miriam Verena Ramona Daniela Cornelia Hannelore
Beate Annette Ulrike Margit Kerstin Jana Vanessa Larissa""")
SURNAMES = _names("""Bauer Maier Schäfer Häberle Müller Mayer Schwarz Wieland Kern Lutz Stadler Locher Fessler Gresser Halder
Heine Ott Strobel Wälder Zoller Bucher Dreher Ehinger Fuchs Gindele Hepp Igel Jehle Kiechle Laux Merk Nägele Öhler
Pfeiffer Rädle Schmid Uhl Vogel Wetzel Zeller Baumann Bader Dangel Eberle Frick Haug Hornstein Joos Kurz Lang Lehmann
Mack Munding Neher Oswald Reich Renz Ruf Sauer Schlegel Schneider Sigg Späth Steinhauser Stehle Straub Thoma Unger
Wagner Weber Widmann Wirth Wolf Zimmermann Schröder Voß Weiß Großmann Preiß Hölzle Bühler Dörflinger Füßl Gälle Hägele
Jäger Kühn Löffler Mößle Nüßle Rößler Tränkle Wörz Zürn Aßfalg Brändle Däubler Göser Hörmann Knör Lämmle Mühlbauer
Pröbstle Riedmüller Söll Bär Kremer Herrmann Krüger Hartmann Werner Krause Vogt Rist Fehrenbach Schwörer Ganter
Hummel Isele Kaltenbach Burger Dold Winterhalter Zipfel Bihler Endres Gschwend Kolb Natterer Prestel Waibel""")
_FAMILIES: tuple[tuple[list[str], list[str], list[str]], ...] = (
    (_names("Mehmet Ali Emre Murat Hasan Yusuf"), _names("Ayşe Fatma Elif Zeynep Derya"),
     _names("Yılmaz Özdemir Kaya Şahin Demir Çelik Aydın Öztürk")),
    (_names("Antonio Giuseppe Salvatore Marco Luca"), _names("Francesca Giulia Chiara Rosa"),
     _names("Rossi Ferrari Bianchi Esposito Russo D’Angelo")),
    (_names("Goran Dragan Ivan Zoran Mirko"), _names("Ivana Marija Jasmina Snežana"),
     _names("Kovačević Petrović Horvat Marković Babić")),
    (_names("Piotr Łukasz Mateusz Paweł"), _names("Agnieszka Joanna Małgorzata"), _names("Nowak Kowalczyk Wójcik Mazur")),
    (_names("Sergej Igor Dimitri"), _names("Svetlana Olga Irina"), _names("Ivanov Sokolov Schmidt Wagner")),
    (_names("Carlos José Miguel"), _names("Carmen Lucía"), _names("García López Íñiguez Pereira")),
    (_names("Minh Tuan"), _names("Linh Mai"), _names("Nguyen Pham Tran")),
    (_names("Kostas Nikos"), _names("Eleni"), _names("Papadopoulos Georgiou")),
)  # fmt: skip
"""First names of men and women with surnames: the people of the region come from everywhere."""

OWNERS = [*SURNAMES, "Özdemir", "Yılmaz", "Rossi", "Bianchi", "Kovačević", "Petrović", "Nowak", "García"]
"""Surnames that firms carry."""


def draw_person(chance: Chance, women: float = 0.35) -> Person:
    """A person; the share of women is the caller's to say because trades differ."""
    woman = chance.happens(women)
    if chance.happens(0.14):
        men, ladies, surnames = chance.pick(_FAMILIES)
        return Person(chance.pick(ladies if woman else men), chance.pick(surnames), woman)
    last = chance.pick(SURNAMES)
    if chance.happens(0.04):
        other = chance.pick(SURNAMES)
        last = f"{last}-{other}" if other != last else last
    return Person(chance.pick(_GERMAN_WOMEN if woman else _GERMAN_MEN), last, woman)


def draw_phone(chance: Chance, bavarian: bool) -> str:
    """A number from the ranges that the Bundesnetzagentur keeps free for film and fiction."""
    ranges = {
        "089 99998": 5.0 if bavarian else 1.5,
        "0221 4710": 1.0,
        "069 90009": 2.0,
        "030 23125": 1.0,
        "0171 39200": 1.5,
    }
    prefix = chance.weighted(ranges)
    digits = 2 if prefix.startswith("0171") else 3
    return f"{prefix}{chance.number(0, 10**digits - 1):0{digits}d}"


def mail_of(person: Person, domain: str) -> str:
    """An address under the reserved domain .example (RFC 2606)."""
    return f"{_address_part(person.first)}.{_address_part(person.last)}@{domain}.example"


def _address_part(name: str) -> str:
    return "-".join(_plain_letters(name).split())


def _plain_letters(name: str) -> str:
    """Lower-case ASCII words: umlauts written out, accents gone, as firms spell themselves in addresses."""
    spelled = name.casefold().translate(_SPELLED)
    bare = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return " ".join("".join(c if c.isalnum() else " " for c in bare).split())


_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ı": "i", "ł": "l"})


def domain_of(firm: str) -> str:
    """The first words of a firm's name as a domain label."""
    words = [word for word in _plain_letters(firm).split() if len(word) > 2]
    return "-".join(words[:2]) or "firma"
