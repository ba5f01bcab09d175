"""Who may read and write what: pure rules on user, role, territory and flag (rule S17)."""

from dataclasses import dataclass
from uuid import UUID

from protocol.observation import Flag, FlagKind
from protocol.pairing import Role

INBOX_ROLES = frozenset({Role.INSIDE_SALES, Role.HEAD_OF_SALES, Role.ADMIN})
"""Roles that may decide about leads."""

INBOX_READERS = INBOX_ROLES | {Role.FIELD_SALES, Role.DATA_PROTECTION}
"""Roles that may open the inbox."""

TEMPLATE_ROLES = frozenset({Role.HEAD_OF_SALES, Role.ADMIN})
"""Roles that may change what the kinds ask."""

TABLET_ROLES = frozenset({Role.TECHNICIAN, Role.FIELD_SALES})
"""Roles whose tablets can be paired."""


@dataclass(frozen=True)
class Who:
    """A user as far as rules need him."""

    user_id: UUID
    role: Role
    territory: str | None = None


def audiences(who: Who) -> frozenset[str]:
    """Names of the groups whose documents a tablet of this user reads: his own and his territory's."""
    own = {own_audience(who.user_id)}
    return frozenset(own | {territory_audience(who.territory)} if who.territory else own)


def own_audience(user_id: UUID) -> str:
    """The audience that is one user alone."""
    return f"user:{user_id}"


def territory_audience(territory: str) -> str:
    """The audience that is everybody responsible for a territory."""
    return f"territory:{territory}"


def may_record_at(who: Who, customer_territory: str) -> bool:
    """Whether a tablet's user may record an observation at a customer of this territory.

    A technician who helps out next door records there too: what he saw must not be lost for a
    line on a map. What he may *read* is bounded by `audiences`.
    """
    return who.role in TABLET_ROLES and bool(customer_territory)


def may_revise(who: Who, author_id: UUID) -> bool:
    """Whether this user may correct an observation or answer in its thread from a tablet: his own only."""
    return who.user_id == author_id


def colleagues_may_read(flag: Flag | None) -> bool:
    """Whether a note appears in the history that colleagues of the territory read.

    Third-party and special-category notes stay between their author and inside sales.
    """
    return flag is None or flag.kind == FlagKind.PERSONAL


def colleagues_may_read_step(flag: Flag | None) -> bool:
    """Whether colleagues of the territory read, with the line of a note, what was promised to the customer.

    Only of notes without any flag: of the others they get the one line and nothing more.
    """
    return flag is None


def may_read_text(role: Role, flag: Flag | None) -> bool:
    """Whether a user of the inbox may read the text of a note with this flag.

    Special categories (Art. 9 GDPR) are for those who decide and for data protection.
    """
    if role not in INBOX_READERS:
        return False
    return flag is None or flag.kind != FlagKind.SPECIAL_CATEGORY or role != Role.FIELD_SALES
