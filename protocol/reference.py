"""What the server tells the tablet: customers, history, visits, and what became of observations."""

from enum import StrEnum
from uuid import UUID

from protocol.fields import Day, Document, Moment
from protocol.observation import Kind, NextStep, ObservationContent
from protocol.planning import OtherPlan, Prepared
from protocol.review import Comment, Review


class Entity(StrEnum):
    """The kinds of documents that a tablet can read."""

    CUSTOMER = "customer"
    HISTORY = "history"
    VISIT = "visit"
    OBSERVATION = "observation"


class CustomerClass(StrEnum):
    """ABC class: A large potential, C little potential and more effort than it brings."""

    A = "A"
    B = "B"
    C = "C"


class Channel(StrEnum):
    """How a contact took place, or which way a person prefers."""

    VISIT = "visit"
    PHONE = "phone"
    EMAIL = "email"
    LETTER = "letter"
    PORTAL = "portal"
    TRADE_FAIR = "trade_fair"
    OBSERVATION = "observation"


class Influence(StrEnum):
    """What a person does when his company buys: whom a technician should ask what."""

    DECIDES = "decides"
    BUYS = "buys"
    USES = "uses"
    OPPOSES = "opposes"


class Occasion(StrEnum):
    """What a past contact was about, where the one who noted it has said so."""

    COMPLAINT = "complaint"
    OFFER = "offer"
    ORDER = "order"
    SERVICE = "service"


class Trend(StrEnum):
    """How one of the customer's own customers develops."""

    GROWING = "growing"
    STEADY = "steady"
    SHRINKING = "shrinking"


class OwnCustomer(Document):
    """Somebody to whom our customer sells, as far as we know: when he buys less, our customer invests less."""

    id: UUID
    name: str
    trend: Trend | None = None
    note: str = ""
    as_of: Day
    source: str = ""


class Offer(Document):
    """A special offer that fits the customer."""

    id: UUID
    title: str
    text: str = ""
    valid_from: Day
    valid_until: Day
    by_name: str | None = None
    changed_at: Moment


class Interest(Document):
    """What interests a person, noted because he agreed to it."""

    text: str
    agreed_on: Day | None = None
    """Without this day it is not shown (Art. 6 (1) a GDPR)."""
    by_name: str | None = None


class Permission(Document):
    """A person's newest word on advertising over one channel for one purpose (Werbeerlaubnis).

    The evidence stays in the office: at the door it is enough to know that there is one, and of which day.
    """

    channel: Channel
    purpose: str
    granted: bool
    at: Moment


class Site(Document):
    """A place of a customer (Standort)."""

    id: UUID
    name: str
    street: str | None = None
    postal_code: str | None = None
    city: str | None = None


class Contact(Document):
    """A person at a customer (Ansprechpartner)."""

    id: UUID
    name: str
    role: str | None = None
    phone: str | None = None
    email: str | None = None
    preferred_channel: Channel | None = None
    site_id: UUID | None = None
    left: bool = False
    influence: Influence | None = None
    reachable: str | None = None
    """When and how he is best reached, in his colleagues' words: "vormittags"."""
    permissions: tuple[Permission, ...] | None = None
    """None: nobody has asked him, or an older server does not tell."""
    interests: tuple[Interest, ...] | None = None


class Asset(Document):
    """An installed machine (Anlage), ours or a competitor's."""

    id: UUID
    site_id: UUID | None = None
    maker: str
    model: str
    serial_number: str | None = None
    built_in: int | None = None
    ours: bool = True
    note: str | None = None
    service_due_on: Day | None = None
    condition: str | None = None
    """As it was last seen: the id of a possibility of the question after it ("worn")."""
    seen_at: Moment | None = None
    """When somebody last reported it; None: it is known from the master data alone."""
    seen_by: str | None = None
    observation_id: UUID | None = None
    """The newest observation that reports it."""
    expected_life: int | None = None
    """Years after which the firm reckons with a replacement; None: it does not say."""


class Customer(Document):
    """A company (Kunde) with everything a technician looks up before the door opens."""

    id: UUID
    number: str
    name: str
    customer_class: CustomerClass | None = None
    industry: str | None = None
    city: str | None = None
    territory: str
    sites: tuple[Site, ...] = ()
    contacts: tuple[Contact, ...] = ()
    assets: tuple[Asset, ...] = ()
    changed_at: Moment
    class_reason: str | None = None
    class_decided_on: Day | None = None
    own_customers: tuple[OwnCustomer, ...] | None = None
    offers: tuple[Offer, ...] | None = None
    """Those that fit; whether one is valid today the tablet decides, which may be without network."""


class HistoryEntry(Document):
    """One past contact with a customer, of whatever channel, or a colleague's observation in one line."""

    id: UUID
    customer_id: UUID
    at: Moment
    channel: Channel
    summary: str
    by_name: str | None = None
    observation_id: UUID | None = None
    occasion: Occasion | None = None
    kind: Kind | None = None
    """Of an observation: what sort it is."""
    next_step: NextStep | None = None
    """Of an observation: what was promised, where colleagues may read it."""
    step_done_at: Moment | None = None


class Visit(Document):
    """An appointment of the technician at a site (Besuch)."""

    id: UUID
    customer_id: UUID
    site_id: UUID | None = None
    starts_at: Moment
    ends_at: Moment | None = None
    purpose: str = ""
    version: UUID | None = None
    """Of a visit that the technician has planned himself: the version shown. He alone changes it."""
    others: tuple[OtherPlan, ...] | None = None
    """Versions made apart from that, on another of his tablets."""
    prepared: tuple[Prepared, ...] | None = None
    """What is done of the preparation."""


class Revision(Document):
    """One kept version of an observation."""

    id: UUID
    based_on: UUID | None = None
    content: ObservationContent
    recorded_at: Moment
    received_at: Moment
    author_name: str
    conflict: bool = False


class ObservationState(Document):
    """An observation as the server holds it: the revision shown, its siblings, review and thread."""

    id: UUID
    shown: Revision
    siblings: tuple[Revision, ...] = ()
    revision_count: int = 1
    review: Review = Review()
    comments: tuple[Comment, ...] = ()
    media_received: tuple[UUID, ...] = ()
    media_missing: tuple[UUID, ...] | None = None
    """Photos that are neither here nor on the tablet that took them (rule S13)."""
    received_at: Moment
    step_done_at: Moment | None = None
    """When the next step of the shown revision was done; None as long as it is open."""
    step_marked_at: Moment | None = None
    """When the server last heard the technician say so, or say that it is open after all."""


AnyReference = Customer | HistoryEntry | Visit | ObservationState

DOCUMENT_TYPES: dict[Entity, type[AnyReference]] = {
    Entity.CUSTOMER: Customer,
    Entity.HISTORY: HistoryEntry,
    Entity.VISIT: Visit,
    Entity.OBSERVATION: ObservationState,
}
"""Which model a document of an entity has."""
