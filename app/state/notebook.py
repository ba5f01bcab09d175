"""Everything a technician can do with the tablet, with or without network."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from app.device.platform import Platform, StorageUse
from app.state.briefing import page_of
from app.state.choices import LastChoices
from app.state.day_review import DayReview, DayReviews
from app.state.errors import DraftFault, DraftProblem, InvalidDraft, Offline, StoreError
from app.state.machines import Machines
from app.state.observations import Observations
from app.state.photo_sending import PhotoSending
from app.state.photos import Photos
from app.state.planning import Planning
from app.state.recordings import Recordings
from app.state.room import Room
from app.state.saving import clean, content_of, draft_of
from app.state.tally import Tally
from app.state.tasks import Tasks
from app.state.unsent import Unsent
from app.state.views import (
    CustomerPage,
    CustomerRow,
    Draft,
    Identity,
    ObservationPage,
    ObservationRow,
    Today,
    Transfer,
    VisitDay,
)
from app.state.visits import Visits
from app.store.outbox import EntryState
from app.store.own_work import LogLine, OwnWork
from app.store.reference import Reference
from app.sync.synchronize import Run
from protocol.changes import AddComment, ReviseObservation
from protocol.fields import clean_text
from protocol.ids import new_id
from protocol.limits import MAX_TEXT
from protocol.observation import Kind, Medium, Photo
from protocol.problems import Advice, Problem
from protocol.reference import CustomerClass
from protocol.template import Question, Template
from protocol.voice import VoiceNote, spoken_text

if TYPE_CHECKING:
    from app.state.speaking import Speaker

ANSWERS_SHOWN = 20
"""News on the first screen at most; all of it is in the list of observations."""


class TransferWatch(Protocol):
    """What the notebook needs to know of the transfer."""

    run_now: Run | None
    problem: Problem | Offline | StoreError | None
    next_attempt: datetime | None

    @property
    def advice(self) -> Advice | None:
        """What the last problem advises."""

    def request(self) -> None:
        """Synchronise as soon as possible."""

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` when this changes."""


class Notebook:
    """One technician's notebook. Reads are synchronous (in memory); writes return after the durable commit.

    Args:
        new_id: makes ids that sort by when they were made.
        local: turns a moment into the time of the place where the tablet is.
        seal: makes the seal of what is taken out, by the tablet's token.
    """

    def __init__(
        self,
        own: OwnWork,
        reference: Reference,
        identity: Identity,
        platform: Platform,
        transfer: TransferWatch,
        *,
        new_id: Callable[[], UUID] = new_id,
        local: Callable[[datetime], datetime] = datetime.astimezone,
        seal: Callable[[bytes], str] = lambda _: "",
    ) -> None:
        self._own = own
        self._reference = reference
        self._identity = identity
        self._platform = platform
        self._transfer = transfer
        self._new_id = new_id
        self._seal = seal
        self._observations = Observations(own, reference, identity)
        self._tally = Tally(own)
        self._visits = Visits(own, reference, self._observations, local)
        self._saved: dict[UUID, datetime] = {}
        self.unsent = Unsent(own, new_id, platform.clock)
        """Answers and searches that were typed and not sent."""
        self.choices = LastChoices(own)
        """What the person chose and answered last."""
        self.room = Room(own, platform)
        """How much room the tablet has."""
        self.recordings = Recordings(own, self.room, clock=platform.clock, new_id=new_id)
        """What was spoken and is not part of a draft or an answer yet."""
        self._speaker: Speaker | None = None
        self.photos = Photos(own, platform, self.room, new_id)
        """Their bytes: made smaller, kept, edited, forgotten."""
        self.photo_sending = PhotoSending(own, platform)
        """Over what photos may be sent."""
        self.machines = Machines(reference)
        """The machines of the territory, by serial number."""
        self.tasks = Tasks(
            own,
            reference,
            self._observations,
            self.room,
            new_id=new_id,
            clock=platform.clock,
            local=local,
            saved=transfer.request,
        )
        """What the technician himself has to do next."""
        self.planning = Planning(
            own,
            reference,
            self._visits,
            self.room,
            new_id=new_id,
            clock=platform.clock,
            sending=lambda: self._sending,
            saved=transfer.request,
        )
        """Visits that the technician plans, and what he prepares for them."""
        self.days = DayReviews(
            own,
            reference,
            self._observations,
            self._visits,
            self.room,
            answers=self.unsent.answers,
            new_id=new_id,
            clock=platform.clock,
            local=local,
            saved=transfer.request,
        )
        """The reviews of the technician's days."""

    @property
    def identity(self) -> Identity:
        """Who writes here."""
        return self._identity

    # -- the day and the customers ---------------------------------------------------------------------

    def today(self, now: datetime) -> Today:
        """The visits of the local day of `now`, and the news from inside sales, unread first, newest first."""
        news = self._observations.news(self._sending)[:ANSWERS_SHOWN]
        return Today(self._visits.of_day(now, self._sending), news)

    def day_review(self, day: date) -> DayReview:
        """What is to be looked at before the end of a day."""
        return self.days.of(day, self._sending)

    def coming_visits(self, now: datetime) -> tuple[VisitDay, ...]:
        """Today and the days after it on which there is a visit."""
        return self._visits.coming(now, self._sending)

    def search_customers(self, query: str, limit: int = 60) -> tuple[CustomerRow, ...]:
        """Customers that match, best first; with an empty query by name."""
        return tuple(
            CustomerRow(UUID(found.id), found.name, found.number, found.city, _class(found.customer_class))
            for found in self._reference.search_customers(query, limit)
        )

    def count_customers(self) -> int:
        """How many customers are on this tablet."""
        return self._reference.count_customers()

    def customer(self, customer_id: UUID) -> CustomerPage | None:
        """A customer's page, None if he is not on this tablet (any more)."""
        return page_of(
            self._reference,
            self._observations,
            self._identity,
            customer_id,
            sending=self._sending,
            next_visit=self._visits.next_at(customer_id, self._platform.clock(), self._sending),
        )

    # -- observations ------------------------------------------------------------------------------------

    def observations(self) -> tuple[ObservationRow, ...]:
        """The technician's observations, drafts included, newest first."""
        return self._observations.rows(self._sending)

    def count_unread(self) -> int:
        """How many observations have news that the technician has not read."""
        return self._observations.count_unread(self._sending)

    def observation(self, observation_id: UUID) -> ObservationPage | None:
        """One observation with all that belongs to it."""
        return self._observations.page(observation_id, self._sending)

    async def answer(self, observation_id: UUID, text: str, voice: VoiceNote | None = None) -> None:
        """Contribute to the thread with inside sales, typed or spoken. Raises InvalidDraft, StorageFull."""
        cleaned = clean_text(text).strip() or (spoken_text(voice) if voice else "")
        if not cleaned:
            raise InvalidDraft((DraftProblem("text", DraftFault.MISSING),))
        if len(cleaned) > MAX_TEXT:
            raise InvalidDraft(
                (DraftProblem("text", DraftFault.TOO_LONG, count=len(cleaned), limit=MAX_TEXT),)
            )
        comment = AddComment(
            id=self._new_id(),
            observation_id=observation_id,
            comment_id=self.unsent.comment_id(observation_id),
            text=cleaned,
            voice=voice,
            recorded_at=self._platform.clock(),
        )
        await self.room.keep(lambda: self._own.add(comment))
        if voice is not None:
            await self.recordings.forget_answer(voice.id)
        self._transfer.request()

    async def mark_read(self, observation_id: UUID) -> None:
        """The person has seen what inside sales said."""
        mark = self._observations.news_mark(observation_id)
        if mark:
            await self._own.mark_read(observation_id, mark)

    # -- drafts --------------------------------------------------------------------------------------------

    def drafts(self) -> tuple[Draft, ...]:
        """All drafts, the one last written first."""
        return tuple(self._own.drafts())

    def draft(self, draft_id: UUID) -> Draft | None:
        """One draft."""
        return self._own.draft(draft_id)

    def new_draft(
        self,
        *,
        customer_id: UUID | None = None,
        site_id: UUID | None = None,
        visit_id: UUID | None = None,
        kind: Kind | None = None,
        asset_id: UUID | None = None,
        contact_id: UUID | None = None,
    ) -> Draft:
        """A fresh draft, not stored yet."""
        now = self._platform.clock()
        return Draft(
            id=self._new_id(),
            observed_at=now,
            updated_at=now,
            customer_id=customer_id,
            site_id=site_id,
            visit_id=visit_id,
            kind=kind,
            asset_id=asset_id,
            contact_id=contact_id,
            template=self._reference.templates.asked.id,
            next_step_by=self.choices.side,
        )

    @property
    def asked(self) -> Template:
        """The version that new drafts begin with: how kinds are called, how long machines last."""
        return self._reference.templates.asked

    def template(self, draft: Draft) -> Template:
        """What the kinds ask in this draft: the version with which it was begun."""
        return self._reference.templates.begun_with(draft.template)

    def question(self, template_id: UUID, question_id: str) -> Question | None:
        """The question that an answer belongs to; None if nobody here knows it."""
        return self._reference.templates.question(template_id, question_id)

    def correction(self, observation_id: UUID) -> Draft:
        """The draft of the next revision (an existing one if begun). Raises KeyError if there is no such observation."""
        begun = self._own.draft(observation_id)
        if begun is not None:
            return begun
        newest = self._observations.newest(observation_id)
        if newest is None:
            raise KeyError(observation_id)
        now = self._platform.clock()
        begun = draft_of(observation_id, newest.content, based_on=newest.revision_id, updated_at=now)
        return begun if begun.template else replace(begun, template=self._reference.templates.asked.id)

    async def keep_draft(self, draft: Draft) -> None:
        """Keep a draft durably. Raises StorageFull.

        What was typed before the draft was saved and arrives after that is no draft any more.
        """
        saved = self._saved.get(draft.id)
        if saved is None or draft.updated_at > saved:
            await self.room.keep(lambda: self._own.keep_draft(clean(draft)))

    async def discard_draft(self, draft_id: UUID) -> Draft:
        """Remove a draft and return it, so that `keep_draft` can bring it back. Raises KeyError."""
        draft = self._own.draft(draft_id)
        if draft is None:
            raise KeyError(draft_id)
        await self._own.remove_draft(draft_id)
        return draft

    async def save(self, draft: Draft) -> None:
        """Draft gone, observation in the outbox, choices learnt: one durable commit. Raises InvalidDraft, StorageFull."""
        template = self.template(draft)
        content = content_of(draft, template)
        change = ReviseObservation(
            id=self._new_id(),
            observation_id=draft.id,
            revision_id=self._new_id(),
            based_on=draft.based_on,
            content=content,
            recorded_at=self._platform.clock(),
        )
        learnt = self.choices.learnt(draft, template)
        await self.room.keep(lambda: self._own.add(change, learnt))
        self._saved[draft.id] = draft.updated_at
        self._transfer.request()

    async def reopen_refused(self, change_id: UUID) -> Draft:
        """A refused observation as a draft again; the refused change goes when that is saved. Raises KeyError."""
        entry = self._own.entry(change_id)
        if entry is None or entry.revision is None or entry.state != EntryState.REFUSED:
            raise KeyError(change_id)
        begun = self._own.draft(entry.thing)
        if begun is not None:
            return begun
        change = entry.revision
        draft = draft_of(
            change.observation_id, change.content, based_on=change.based_on, updated_at=self._platform.clock()
        )
        await self._own.keep_draft(draft)
        return draft

    async def discard_refused(self, change_id: UUID) -> None:
        """Give up a change that the server refused; changes that wait cannot be given up."""
        await self._own.remove_refused(change_id)

    # -- photos ----------------------------------------------------------------------------------------------

    async def add_photo(self, draft_id: UUID, data: bytes, caption: str = "") -> Photo:
        """Keep a photo's bytes; the caller adds it to the draft.

        Raises PhotoError, StorageFull.
        """
        scaled = await self.photos.scale(draft_id, data)
        return await self.photos.keep(scaled, caption=caption)

    async def photo(self, sha256: str) -> bytes | None:
        """The bytes of a photo or a voice note, None if they are not on this tablet (any more)."""
        return await self.photos.read(sha256)

    def photo_is_missing(self, observation_id: UUID, photo: Medium) -> bool:
        """Whether a photo or voice note of an observation is neither here nor at the server any more."""
        return self._observations.is_missing(observation_id, photo)

    @property
    def speaker(self) -> "Speaker":
        """Microphone and loudspeaker, opened when they are first wanted."""
        if self._speaker is None:
            from app.state.speaking import Speaker

            platform = self._platform
            self._speaker = Speaker(
                platform.open_voice(), self.recordings, new_id=self._new_id, sleep=platform.sleep
            )
        return self._speaker

    async def finish_speaking(self) -> None:
        """End a recording that is under way, so that what comes next has it."""
        if self._speaker is not None:
            await self._speaker.finish()
            self._speaker.be_quiet()

    # -- the transfer and the tablet ------------------------------------------------------------------------

    def transfer(self) -> Transfer:
        """What waits, what was transferred, what hinders it."""
        own = self._tally.count()
        run = self._transfer.run_now
        return Transfer(
            waiting=own.waiting,
            waiting_since=own.since,
            refused=own.refused,
            photos_waiting=own.photos,
            others_waiting=own.others,
            last_contact=own.contact,
            running=run is not None,
            phase=run.phase.value if run and run.phase else None,
            done=run.done if run else 0,
            total=run.total if run else None,
            problem=self._transfer.problem,
            next_attempt=self._transfer.next_attempt,
            seal=self.is_sealed,
            needs_pairing=self._transfer.advice == Advice.PAIR,
            photos_held=not self.photo_sending.allowed(),
        )

    @property
    def is_sealed(self) -> bool:
        """Whether the server has told this tablet to show nothing of customers any more."""
        return self._transfer.advice == Advice.SEAL

    def send_photos_now(self) -> None:
        """Send what waits over whatever there is, this once."""
        self.photo_sending.permit()
        self._transfer.request()

    def transfer_log(self) -> tuple[LogLine, ...]:
        """What was transferred when, newest first, without personal data."""
        return tuple(self._own.log())

    def preference(self, name: str, default: str) -> str:
        """A setting of this person on this tablet."""
        found = self._own.preference(name)
        return default if found is None else found

    async def prefer(self, name: str, value: str) -> None:
        """Keep a setting of this person on this tablet."""
        await self._own.prefer(name, value)

    async def export_outbox(self) -> bytes:
        """A zip of everything unconfirmed or unsent: readable JSON and the photos."""
        from app.state.taking_out import about_this_tablet, export_outbox

        about = about_this_tablet(self._identity, self._platform.clock())
        answers, spoken = self.unsent.answers(), self.recordings.answers()
        return await export_outbox(
            self._own, self._reference.customer_name, answers, spoken, about=about, seal=self._seal
        )

    async def storage(self) -> StorageUse:
        """How much of the tablet's storage is used."""
        return await self.room.look()

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after each change of what can be read here; returns how to stop that."""
        sources = (self._own.documents, self._reference.documents, self._transfer, self.room)
        stops = [source.subscribe(listener) for source in sources]

        def stop() -> None:
            for stop_one in stops:
                stop_one()

        return stop

    @property
    def _sending(self) -> frozenset[UUID]:
        return self._transfer.run_now.sending if self._transfer.run_now else frozenset()


def _class(found: str | None) -> CustomerClass | None:
    return CustomerClass(found) if found in set(CustomerClass) else None


__all__ = ["Notebook"]
