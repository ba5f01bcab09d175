"""One synchronisation, from the greeting to the last photo. `synchronize()` reads as its description."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from app.store.outbox import OutboxEntry, PhotoRecord
from app.store.own_work import Contact, LogLine, OwnWork
from app.store.reference import Reference
from app.sync.errors import Offline, OfflineReason, SyncProblem
from app.sync.loading import set_apart
from protocol.limits import MAX_PUSH_CHANGES
from protocol.pairing import Hello
from protocol.problems import Advice, Code, Problem, problem
from protocol.version import PROTOCOL

if TYPE_CHECKING:
    from app.sync.server import Server

_PUSH_CHANGES = min(100, MAX_PUSH_CHANGES)
_PUSH_CHARACTERS = 500_000
"""One push in changes and in characters: what a weak network carries within the timeout, far below the limits."""

PAGE = 200
"""Documents in a page: taking one in is one step in which the browser's screen stands still. With 500 the longest took
0.9 s on a busy machine of two cores, and a small page also loses less to a broken connection."""

_OF_THE_CONTENT = frozenset({Code.TOO_LARGE, Code.TOO_MANY_CHANGES, Code.INVALID_REQUEST, Code.NOT_JSON})
"""Refusals of a whole push for which one change may be to blame."""

_READ_ANEW_AT_MOST = timedelta(hours=24)
"""A drift that reading anew does not mend is not chased at every contact."""

_NEVER = frozenset({Advice.CORRECT, Advice.GIVE_UP})


class Phase(StrEnum):
    """What is under way."""

    PUSH = "push"
    PULL = "pull"
    MEDIA = "media"


@dataclass
class Run:
    """What one synchronisation has done so far; screens may look at it while it runs."""

    phase: Phase | None = None
    done: int = 0
    total: int | None = None
    sending: frozenset[UUID] = frozenset()
    """Changes that are on the wire."""
    problems: list[Problem] = field(default_factory=list)
    """What hindered a part of it; the rest was done."""
    announce: Callable[[], None] = lambda: None

    def reach(self, phase: Phase | None, done: int = 0, total: int | None = None) -> None:
        """Tell how far it is."""
        self.phase, self.done, self.total = phase, done, total
        self.announce()


class Synchronization:
    """The steps of one synchronisation of one user's stores with one server.

    Must: forget nothing before its receipt (S3); send what is small and urgent first, text before media (S7); keep
    a page and its cursor in one commit (S9); never touch own work when reading (S9a, S11).
    """

    def __init__(
        self,
        own: OwnWork,
        reference: Reference,
        server: "Server",
        clock: Callable[[], datetime],
        run: Run | None = None,
        *,
        photos_allowed: Callable[[], bool] = lambda: True,
    ) -> None:
        self._own = own
        self._reference = reference
        self._server = server
        self._clock = clock
        self._photos_allowed = photos_allowed
        self._tried: set[UUID] = set()
        self._can_read = True
        self._epoch: UUID | None = None
        self._template: UUID | None = None
        self.run = run or Run()

    async def synchronize(self) -> None:
        """Meet the server, send the text, read what changed, send the photos.

        Raises:
            Offline: there is no server (any more); what was done is kept.
            SyncProblem: the server refused all of it (SEAL, PAIR), or a part could not be done.
        """
        try:
            await self._meet_server()
            await self._push_changes()
            await self._report_missing_photos()
            await self._pull_pages()
            await self._read_templates()
            await self._send_photos()
        finally:
            self.run.sending = frozenset()
            self.run.reach(None)
        if self.run.problems:
            raise SyncProblem(self.run.problems[0])

    # -- the greeting -------------------------------------------------------------------------------

    async def _meet_server(self) -> None:
        self.run.reach(Phase.PUSH)
        hello = await self._server.hello()
        self._epoch, self._template = hello.epoch, hello.template
        self._can_read = hello.oldest_protocol <= PROTOCOL
        if not self._can_read:
            self.run.problems.append(problem(Code.PROTOCOL_TOO_OLD))
        if await self._own.note_contact(self._contact(hello)):
            # Another life of the server's database (S13): everything confirmed is offered again.
            await self._reference.begin_anew()
            await self._note("restored")

    def _contact(self, hello: Hello) -> Contact:
        return Contact(at=self._clock(), server_time=hello.server_time, epoch=hello.epoch)

    # -- text ---------------------------------------------------------------------------------------

    async def _push_changes(self) -> None:
        """Everything that waits, in bounded pushes; what is saved meanwhile is in a later one (S6)."""
        while batch := self._next_batch():
            self._tried |= {entry.id for entry in batch}
            waiting = sum(entry.id not in self._tried for entry in self._own.waiting())
            self.run.reach(Phase.PUSH, len(self._tried), len(self._tried) + waiting)
            await self._push(batch)

    def _next_batch(self) -> list[OutboxEntry]:
        batch: list[OutboxEntry] = []
        characters = 0
        for entry in self._own.waiting():
            if entry.id in self._tried:
                continue
            characters += len(entry.change.as_json())
            if batch and (len(batch) >= _PUSH_CHANGES or characters > _PUSH_CHARACTERS):
                break
            batch.append(entry)
        return batch

    async def _push(self, batch: list[OutboxEntry]) -> None:
        """One push. If the server cannot take it whole, halves of it: one bad change holds back no neighbour (S2)."""
        started = self._clock()
        self.run.sending = frozenset(entry.id for entry in batch)
        try:
            answer = await self._server.push(
                [entry.change for entry in batch], epoch=self._known_epoch, sent_at=started
            )
        except SyncProblem as refusal:
            await self._push_less(batch, refusal.problem)
            return
        finally:
            self.run.sending = frozenset()
        await self._own.confirm(answer.receipts)
        await self._note("push", count=len(batch), started=started)

    async def _push_less(self, batch: list[OutboxEntry], reason: Problem) -> None:
        if reason.code not in _OF_THE_CONTENT and reason.code != Code.INTERNAL:
            raise SyncProblem(reason)
        if len(batch) > 1:
            await self._push(batch[: len(batch) // 2])
            await self._push(batch[len(batch) // 2 :])
            return
        # Alone it fails too. An error inside the server may pass: the change waits on, the others go their way.
        await self._own.note_problem(batch[0].id, reason, refused=reason.code in _OF_THE_CONTENT)
        if reason.code == Code.INTERNAL:
            self.run.problems.append(reason)

    async def _report_missing_photos(self) -> None:
        """What a restored server waits for in vain it is told, and what it has all the same is noted (S13).

        Before reading: the person learns of it from what the server then says of the observation.
        """
        records = self._own.photos_to_report()[:MAX_PUSH_CHANGES]
        if not records:
            return
        try:
            received = await self._server.missing_photos(
                [record.sha256 for record in records], epoch=self._known_epoch
            )
        except SyncProblem as refusal:
            if refusal.problem.code != Code.NOT_FOUND:
                raise
            return  # an older server does not want to know; it is told when it is newer
        for record in records:
            is_there = record.sha256 in received
            await self._own.note_photo(
                record.model_copy(update={"received": is_there, "missing": not is_there, "upload": None})
            )
        await self._note("missing", count=len(records) - len(received))

    # -- reading --------------------------------------------------------------------------------------

    async def _pull_pages(self) -> None:
        """Everything that changed, page by page; an interrupted reading goes on where it ended (S9)."""
        if not self._can_read:
            return
        anew = 0
        started, count = self._clock(), 0
        while True:
            mark = self._reference.mark
            total = None if count == 0 else self.run.total
            self.run.reach(Phase.PULL, count, total)
            try:
                page = await self._server.pull(mark.cursor, epoch=self._known_epoch, limit=PAGE)
            except SyncProblem as refusal:
                if refusal.problem.code == Code.PROTOCOL_TOO_OLD:
                    self.run.problems.append(refusal.problem)  # photos can still go (S16)
                    return
                if refusal.problem.advice != Advice.READ_ANEW or anew:
                    raise
                anew += 1
                if refusal.problem.code == Code.CURSOR_OTHER_EPOCH:
                    await self._offer_again()
                await self._reference.begin_anew()
                await self._note("read anew", result=refusal.problem.code)
                continue
            if page.more and page.cursor == mark.cursor:
                raise Offline(OfflineReason.NOT_OUR_SERVER, "a page that leads nowhere")
            await self._reference.apply(page)
            set_apart(len(page.items))
            count += len(page.items)
            self.run.total = count + (page.remaining or 0)
            if page.more:
                continue
            await self._note("pull", count=count, started=started)
            if page.totals:  # without them something older is still on its way
                await self._own.note_told()
            drift = self._reference.drift(page.totals) if page.totals else None
            if drift is None or anew or not self._may_read_anew():
                if drift is not None:
                    await self._note("drift", count=drift.held.count - drift.expected.count, result="remains")
                return
            anew += 1
            await self._note("drift", count=drift.held.count - drift.expected.count, result="read anew")
            await self._offer_again()
            await self._reference.begin_anew(self._clock())

    async def _offer_again(self) -> None:
        """The server may have been put back by somebody who copied files: its epoch is the old one, its data older.

        What was read does not fit to what it holds, and what it confirmed it may not have. Offering costs little:
        whatever it has gets the receipt that it had. Comes before reading anew, which removes the only sign.
        """
        await self._own.offer_again()
        self._tried.clear()
        await self._push_changes()
        await self._report_missing_photos()

    def _may_read_anew(self) -> bool:
        last = self._reference.mark.anew_at
        # The clock may have been set back: then "long ago" is in the future.
        return last is None or abs(self._clock() - last) > _READ_ANEW_AT_MOST

    async def _read_templates(self) -> None:
        """What is asked now, and what the observations here were asked; seldom anything, for versions never change."""
        shelf = self._reference.templates
        for template_id in shelf.missing(self._template):
            try:
                await shelf.put(template_id, await self._server.template(template_id))
            except SyncProblem as refusal:
                if refusal.problem.advice not in _NEVER:
                    raise
                await shelf.put(template_id, None)
        if self._template is not None:
            await shelf.ask(self._template)

    # -- photos -----------------------------------------------------------------------------------------

    async def _send_photos(self) -> None:
        """Every photo of which the server has the text; text written meanwhile goes first (S7)."""
        photos = self._own.photos_waiting()
        for number, photo in enumerate(photos, start=1):
            if not self._photos_allowed():
                return  # the person wants them to wait for another network; it may change at any time
            self.run.reach(Phase.MEDIA, number, len(photos))
            await self._send_photo(photo)
            await self._push_changes()

    async def _send_photo(self, record: PhotoRecord) -> None:
        """One photo; what hinders it does not stop the others (S7), unless there is no server."""
        from app.sync.uploads import upload  # with httpx, which no start should wait for

        data = await self._own.photo_bytes(record.sha256)
        if data is None:
            await self._note("media", result="missing")
            return
        started = self._clock()

        async def remember(address: str | None) -> None:
            nonlocal record
            record = record.model_copy(update={"upload": address})
            await self._own.note_photo(record)

        try:
            await upload(
                self._server,
                record.sha256,
                record.media_type,
                data,
                address=record.upload,
                remember=remember,
            )
        except SyncProblem as refusal:
            await self._photo_failed(record, refusal.problem)
            return
        await self._own.note_photo(record.model_copy(update={"received": True, "upload": None}))
        await self._note("media", count=1, size=len(data), started=started)

    async def _photo_failed(self, record: PhotoRecord, reason: Problem) -> None:
        if reason.advice in (Advice.SEAL, Advice.PAIR):
            raise SyncProblem(reason)
        if reason.code in (Code.MEDIA_TOO_LARGE, Code.MEDIA_NOT_A_PHOTO, Code.MEDIA_NOT_A_VOICE_NOTE):
            await self._own.note_photo(record.model_copy(update={"problem": reason, "upload": None}))
        else:
            self.run.problems.append(reason)
        await self._note("media", result=reason.code)

    # -- notes ------------------------------------------------------------------------------------------

    @property
    def _known_epoch(self) -> UUID:
        if self._epoch is None:
            raise RuntimeError("the server was not met")
        return self._epoch

    async def _note(
        self, what: str, *, count: int = 0, size: int = 0, started: datetime | None = None, result: str = "ok"
    ) -> None:
        now = self._clock()
        seconds = (now - started).total_seconds() if started else 0.0
        await self._own.note(
            LogLine(at=now, what=what, count=count, bytes=size, seconds=seconds, result=result)
        )


__all__ = ["Phase", "Run", "Synchronization"]
