"""Who works at the demo firm: twelve technicians, inside and field sales, head of sales, data protection, admin."""

from dataclasses import dataclass
from uuid import UUID

from protocol.pairing import Role
from sync_server.demo.chance import Chance
from sync_server.demo.people import Person

_BODENSEE, _ULM, _SCHWARZWALD, _NECKAR, _ALLGAEU = (
    "Bodensee-Oberschwaben",
    "Ulm-Ostalb",
    "Schwarzwald-Baar",
    "Neckar-Alb",
    "Allgäu-Lech",
)


@dataclass(frozen=True)
class Colleague:
    """A user of the demo firm."""

    id: UUID
    login: str
    person: Person
    role: Role
    territory: str | None

    @property
    def name(self) -> str:
        """First and last name."""
        return self.person.name


@dataclass(frozen=True)
class Staff:
    """All users by what they do."""

    everybody: tuple[Colleague, ...]

    def with_role(self, role: Role) -> tuple[Colleague, ...]:
        """Everybody of one role, in fixed order."""
        return tuple(colleague for colleague in self.everybody if colleague.role == role)

    @property
    def technicians(self) -> tuple[Colleague, ...]:
        """The twelve who walk through machine rooms; the first one is who the demo link pairs."""
        return self.with_role(Role.TECHNICIAN)

    @property
    def inside_sales(self) -> tuple[Colleague, ...]:
        """The five who decide."""
        return self.with_role(Role.INSIDE_SALES)

    def technicians_of(self, territory: str) -> tuple[Colleague, ...]:
        """The technicians of a territory."""
        return tuple(colleague for colleague in self.technicians if colleague.territory == territory)

    def field_sales_for(self, territory: str) -> Colleague:
        """Who of field sales looks after a territory: one has the south, one the north."""
        south, north = self.with_role(Role.FIELD_SALES)
        return south if territory in (_BODENSEE, _ALLGAEU, _SCHWARZWALD) else north


_ROSTER: tuple[tuple[str, str, str, bool, Role, str | None], ...] = (
    ("jonas", "Jonas", "Wieland", False, Role.TECHNICIAN, _BODENSEE),
    ("mehmet", "Mehmet", "Yıldırım", False, Role.TECHNICIAN, _BODENSEE),
    ("carola", "Carola", "Rauch", True, Role.TECHNICIAN, _BODENSEE),
    ("dieter", "Dieter", "Oßwald", False, Role.TECHNICIAN, _ULM),
    ("lukasz", "Łukasz", "Kowalik", False, Role.TECHNICIAN, _ULM),
    ("stefan", "Stefan", "Brugger", False, Role.TECHNICIAN, _ULM),
    ("manuel", "Manuel", "Schwörer", False, Role.TECHNICIAN, _SCHWARZWALD),
    ("hakan", "Hakan", "Aydın", False, Role.TECHNICIAN, _SCHWARZWALD),
    ("sandra", "Sandra", "Mäder", True, Role.TECHNICIAN, _NECKAR),
    ("uli", "Ulrich", "Grünwald", False, Role.TECHNICIAN, _NECKAR),
    ("xaver", "Xaver", "Höß", False, Role.TECHNICIAN, _ALLGAEU),
    ("bene", "Benedikt", "Immler", False, Role.TECHNICIAN, _ALLGAEU),
    ("oezdemir", "Aylin", "Özdemir", True, Role.INSIDE_SALES, None),
    ("fischer", "Nadine", "Fischer", True, Role.INSIDE_SALES, None),
    ("brandl", "Johannes", "Brandl", False, Role.INSIDE_SALES, None),
    ("kessler", "Miriam", "Keßler", True, Role.INSIDE_SALES, None),
    ("thai", "Minh", "Thai", False, Role.INSIDE_SALES, None),
    ("kern", "Ralf", "Kern", False, Role.FIELD_SALES, None),
    ("lindauer", "Judith", "Lindauer", True, Role.FIELD_SALES, None),
    ("hartwig", "Dr. Elisabeth", "Hartwig", True, Role.HEAD_OF_SALES, None),
    ("datenschutz", "Gerhard", "Pohl", False, Role.DATA_PROTECTION, None),
    ("admin", "Tamara", "Eisele", True, Role.ADMIN, None),
)


def staff_of(chance: Chance) -> Staff:
    """The roster with ids."""
    return Staff(
        tuple(
            Colleague(chance.id_of(f"user/{login}"), login, Person(first, last, woman), role, territory)
            for login, first, last, woman, role, territory in _ROSTER
        )
    )
