"""One running app: opens the stores, pairs, and keeps the synchronisation going."""

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Self

from app.device.platform import Platform
from app.state.errors import Damage, Offline, StoreError, SyncError, SyncProblem
from app.state.notebook import Notebook
from app.state.recordings import recover
from app.state.views import Identity
from app.store.documents import Documents, Put, Remove
from app.store.own_work import LogLine, OwnWork
from app.store.reference import Reference
from app.sync.errors import OfflineReason
from app.sync.loading import load
from app.sync.scheduler import Scheduler
from app.sync.synchronize import Run, Synchronization
from protocol.fields import Document, Moment, clean_text
from protocol.limits import MAX_SHORT_TEXT
from protocol.pairing import PairAnswer, normalise_code
from protocol.taken_out import seal, token_hash

if TYPE_CHECKING:
    from app.sync.server import Server

SCHEMA = 2
"""1: without checksums. 2: each document under its seal, an inventory in every commit."""
_PAIRING, _CURRENT = "pairing", "current"
_DAMAGE_SEEN, _DAMAGE_LOGGED = "damage-seen", "damage-logged"

_log = logging.getLogger(__name__)


class Pairing(Document):
    """What the tablet keeps of its pairing: who uses it, with which server, and the secret that proves it."""

    server: str
    paired_at: Moment
    answer: PairAnswer

    def seal(self, content: bytes) -> str:
        """By which the server knows that this tablet has taken out this `outbox.json`."""
        return seal(token_hash(self.answer.token), content)

    @property
    def identity(self) -> Identity:
        """Who uses this tablet."""
        answer = self.answer
        return Identity(
            user_id=answer.user_id,
            user_name=answer.user_name,
            role=answer.role,
            territory=answer.territory,
            company=answer.company,
            server=self.server,
            device_id=answer.device_id,
            paired_at=self.paired_at,
        )


@dataclass
class _User:
    """The stores of the one who is paired, and the way to his server."""

    own: OwnWork
    reference: Reference
    notebook: Notebook
    pairing: Pairing
    platform: Platform
    _server: "Server | None" = None

    @property
    def server(self) -> "Server":
        """The server, made when it is first asked: a start does not wait for the HTTP library."""
        if self._server is None:
            self._server = _server(self.platform, self.pairing.server, self.pairing.answer.token)
        return self._server

    async def close(self) -> None:
        if self._server is not None:
            await self._server.close()
        await self.own.close()
        await self.reference.close()


class Tablet:
    """One running app. Made by `Tablet.open`."""

    def __init__(self, platform: Platform, device: Documents) -> None:
        self._platform = platform
        self._device = device
        self._user: _User | None = None
        self._current: asyncio.Task[None] | None = None
        self.synchronizer = Scheduler(
            self._synchronize, clock=platform.clock, sleep=platform.sleep, random=platform.random
        )
        """`request()` synchronises as soon as possible."""

    @classmethod
    async def open(cls, platform: Platform) -> Self:
        """Open the stores of this tablet. Raises StoreError.

        Call `platform.acquire_tab` first: two running copies would not see what the other one writes.
        """
        backing = await platform.open_backing("rundgang-device")
        tablet = cls(platform, await Documents.open(backing, name="device", schema=SCHEMA, counted=True))
        try:
            pairing = tablet._pairing
            if pairing is not None:
                tablet._user = await tablet._open_user(pairing)
        except BaseException:
            await tablet._device.close()
            raise
        return tablet

    @property
    def notebook(self) -> Notebook | None:
        """The notebook of the one who is paired; None: not paired."""
        return self._user.notebook if self._user else None

    @property
    def first_sync_done(self) -> bool:
        """Whether everything was read from the server once since pairing."""
        return self._user is not None and self._user.reference.mark.complete

    @property
    def damage(self) -> tuple[Damage, ...]:
        """What could not be read of the person's own work and of the pairing. It is set aside, nothing of it removed.

        Damaged reference is not in it: that is read anew, and nothing of it was the person's.
        """
        own = self._user.own.damage if self._user else ()
        return (*self._device.damage, *own)

    @property
    def damage_is_news(self) -> bool:
        """Whether the person has not seen all of that yet."""
        return self._user is not None and self._damage_count > int(
            self._user.own.preference(_DAMAGE_SEEN) or "0"
        )

    async def damage_seen(self) -> None:
        """The person has read what was damaged. It stays set aside."""
        if self._user is not None:
            await self._user.own.prefer(_DAMAGE_SEEN, str(self._damage_count))

    @property
    def _damage_count(self) -> int:
        own = self._user.own.documents.damage_count if self._user else 0
        return self._device.damage_count + own

    async def pair(self, server: str, code: str, device_name: str) -> None:
        """Exchange a code for this tablet's identity. Own work of the same person from before is there again.

        Raises:
            SyncProblem: the server refuses the code.
            Offline: there is no such server, or no network.
            StoreError: the identity could not be kept.
        """
        await load()
        from app.sync.server import server_address

        try:
            address = server_address(server)
        except ValueError as failure:
            raise Offline(OfflineReason.UNREACHABLE, str(failure)) from failure
        stranger = _server(self._platform, address)
        try:
            answer = await stranger.pair(normalise_code(code), clean_text(device_name)[:MAX_SHORT_TEXT])
        finally:
            await stranger.close()
        pairing = Pairing(server=address, paired_at=self._platform.clock(), answer=answer)
        # Kept before anybody has to go: with no room for it, whoever was paired goes on.
        await self._device.change(lambda: [Put(_PAIRING, _CURRENT, pairing.as_dict())])
        await self._leave()
        self._user = await self._open_user(pairing)
        # From now on rows are made as they arrive, a few at a time, and not all when the first screen is drawn.
        self._user.notebook.observations()
        await self._platform.ask_persistent()
        self.synchronizer.request()

    async def unpair(self) -> None:
        """Forget who uses this tablet; own work stays for the next pairing of the same person."""
        await self._device.change(lambda: [Remove(_PAIRING, _CURRENT)])
        await self._leave()

    async def run(self) -> None:
        """Synchronise at start, after each save, on reconnect and every few minutes, until cancelled."""
        stop = self._platform.on_reconnect(self.synchronizer.request)
        try:
            await self._prepare()
            await self.synchronizer.run()
        finally:
            stop()

    async def close(self) -> None:
        """Let go of the stores."""
        await self._leave()
        await self._device.close()

    @property
    def _pairing(self) -> Pairing | None:
        document = self._device.get(_PAIRING, _CURRENT)
        return Pairing.model_validate(document) if document else None

    async def _open_user(self, pairing: Pairing) -> _User:
        """Open the stores of one user: one database each, so that nobody's work goes under another's name (S18)."""
        user_id = pairing.answer.user_id
        own = await OwnWork.open(await self._platform.open_backing(f"rundgang-own-{user_id}"))
        try:
            reference = await Reference.open(
                await self._platform.open_backing(f"rundgang-reference-{user_id}")
            )
        except BaseException:
            await own.close()
            raise
        try:
            await own.collect()
            await self._log_damage(own)
        except StoreError:
            _log.exception("what is no longer needed could not be removed")
        notebook = Notebook(
            own, reference, pairing.identity, self._platform, self.synchronizer, seal=pairing.seal
        )
        failure = await recover(notebook.recordings)
        if failure is not None:
            _log.error("a recording could not be recovered", exc_info=failure)
        return _User(own, reference, notebook, pairing, self._platform)

    async def _leave(self) -> None:
        """Stop a synchronisation under way and close the stores of the one who was paired."""
        if self._current is not None:
            self._current.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await self._current
        user, self._user = self._user, None
        if user is not None:
            await user.close()

    async def _synchronize(self, run: Run) -> None:
        """One attempt, on its own task, so that leaving can end it."""
        user = self._user
        if user is None:
            return
        await self._mend(user)
        steps = Synchronization(
            user.own,
            user.reference,
            user.server,
            self._platform.clock,
            run,
            photos_allowed=user.notebook.photo_sending.allowed,
        )
        started = self._platform.clock()
        self._current = asyncio.ensure_future(steps.synchronize())
        try:
            await asyncio.wait({self._current})
            if not self._current.cancelled():
                await self._current
                user.notebook.photo_sending.settle()
                await user.notebook.room.make()
        except (SyncError, StoreError) as failure:
            with contextlib.suppress(StoreError):
                await user.own.note(
                    self._line("attempt", count=1, started=started, result=_result(failure)), again=True
                )
            raise
        finally:
            self._current.cancel()
            self._current = None

    async def _prepare(self) -> None:
        """What can wait until the first screen is drawn."""
        await load()
        user = self._user
        if user is None:
            return
        await user.reference.prepare()
        with contextlib.suppress(StoreError):
            await user.notebook.room.make()

    async def _log_damage(self, own: OwnWork) -> None:
        known, count = int(own.preference(_DAMAGE_LOGGED) or "0"), own.documents.damage_count
        if count > known:
            await own.note(self._line("damage", count=count - known))
            await own.prefer(_DAMAGE_LOGGED, str(count))

    async def _mend(self, user: _User) -> None:
        """Have reference that turned out to be damaged read anew."""
        count = await user.reference.mend()
        if count:
            await user.own.note(self._line("mended", count=count))

    def _line(self, what: str, *, count: int, started: datetime | None = None, result: str = "ok") -> LogLine:
        now = self._platform.clock()
        seconds = (now - started).total_seconds() if started else 0.0
        return LogLine(at=now, what=what, count=count, seconds=seconds, result=result)


def _result(failure: SyncError | StoreError) -> str:
    """A failure as one word for the log: codes and names of ours, never what a foreign system said."""
    if isinstance(failure, SyncProblem):
        return str(failure.problem.code)
    return str(failure.reason) if isinstance(failure, Offline) else type(failure).__name__


def _server(platform: Platform, address: str, token: str | None = None) -> "Server":
    from app.sync.server import Server

    transport = platform.open_transport() if platform.open_transport else None
    return Server(address, transport=transport, token=token)


__all__ = ["Pairing", "Tablet"]
