"""What the tablet's stores cost inside Pyodide in a real browser; called by bench and by hand, no test."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx

from app.device.platform import Platform, ScaledPhoto, StorageUse
from app.state.notebook import Notebook
from app.state.views import Identity
from app.store.indexeddb import IndexedDBBacking
from app.store.own_work import OwnWork
from app.store.reference import Reference
from app.sync.scheduler import Scheduler
from app.sync.server import Server
from app.sync.synchronize import Run, Synchronization
from protocol.observation import Kind
from protocol.pairing import Hello, Role
from protocol.reading import Item, PullPage, Totals
from protocol.reference import Entity
from protocol.rules.checksum import fingerprint

EPOCH = UUID(int=7)
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def _customer(number: int) -> dict[str, Any]:
    key = str(UUID(int=10**6 + number))
    sites = [{"id": str(UUID(int=number * 10 + n)), "name": f"Werk {n}", "street": f"Industriestraße {n}",
              "postal_code": "88213", "city": ["Ravensburg", "Weingarten", "Köln"][number % 3]} for n in range(2)]  # fmt: skip
    contacts = [{"id": str(UUID(int=number * 10 + 5 + n)), "name": f"Dr. Jörg Müller-{n}", "role": "Einkauf",
                 "phone": "+49 751 1234567", "email": f"m{n}@kaesmayr.test"} for n in range(3)]  # fmt: skip
    assets = [
        {
            "id": str(UUID(int=number * 10 + 8)),
            "maker": "Hofer",
            "model": "V 15",
            "built_in": 2009,
            "ours": False,
        }
    ]
    return {"id": key, "number": f"K-{number:05}", "name": f"Käsmayr {number} Kunststofftechnik GmbH & Co. KG",
            "customer_class": "ABC"[number % 3], "city": "Ravensburg", "territory": "Süd", "sites": sites,
            "contacts": contacts, "assets": assets, "changed_at": "2026-01-01T00:00:00Z"}  # fmt: skip


def _observation(number: int) -> dict[str, Any]:
    content = {"kind": "plan", "customer_id": str(UUID(int=10**6 + number % 2000)), "observed_at": "2026-11-01T10:00:00Z",
               "heard": "Im Frühjahr soll Halle C gebaut werden. " * 5, "seen": "Der alte Verdichter läuft noch. " * 4}  # fmt: skip
    shown = {"id": str(UUID(int=3 * 10**6 + number)), "content": content, "recorded_at": "2026-11-01T10:00:00Z",
             "received_at": "2026-11-01T11:00:00Z", "author_name": "Jonas Weber"}  # fmt: skip
    comment = {"id": str(UUID(int=4 * 10**6 + number)), "author_id": str(UUID(int=9)), "author_name": "Özdemir",
               "by_technician": False, "text": "Wer entscheidet?", "at": "2026-11-02T10:00:00Z"}  # fmt: skip
    return {"id": str(UUID(int=2 * 10**6 + number)), "shown": shown, "review": {"state": "accepted",
            "changed_at": "2026-11-02T10:00:00Z"}, "comments": [comment], "received_at": "2026-11-01T11:00:00Z"}  # fmt: skip


class _Pages:
    """A server that answers from pages made beforehand, so that only the tablet is measured."""

    def __init__(self, customers: int, observations: int) -> None:
        things = [(Entity.CUSTOMER, _customer(n)) for n in range(customers)]
        things += [(Entity.OBSERVATION, _observation(n)) for n in range(observations)]
        checksum = 0
        for version, (entity, body) in enumerate(things, start=1):
            checksum ^= fingerprint(entity, UUID(body["id"]), version)
        self.pages = []
        for start in range(0, len(things), 500):
            part = things[start : start + 500]
            more = start + 500 < len(things)
            items = tuple(
                Item(entity=entity, id=UUID(body["id"]), version=version, body=body)
                for version, (entity, body) in enumerate(part, start=start + 1)
            )
            totals = None if more else Totals(count=len(things), checksum=checksum)
            page = PullPage(epoch=EPOCH, server_time=NOW, items=items, cursor=str(start // 500 + 1), more=more,
                            remaining=len(things) - start - len(part), totals=totals)  # fmt: skip
            self.pages.append(page.as_json().encode())
        self.bytes = sum(map(len, self.pages))

    def __call__(self, request: httpx.Request) -> httpx.Response:
        headers = {"Content-Type": "application/json"}
        if request.url.path.endswith("/hello"):
            hello = Hello(epoch=EPOCH, server_time=NOW, oldest_protocol=1, company="Albwerk")
            return httpx.Response(200, content=hello.as_json(), headers=headers)
        return httpx.Response(
            200, content=self.pages[int(request.url.params.get("cursor", 0))], headers=headers
        )


def pages(customers: int, observations: int) -> list[bytes]:
    """The pages of such a first synchronisation."""
    return _Pages(customers, observations).pages


async def _scale(data: bytes) -> ScaledPhoto:
    return ScaledPhoto(data, "image/jpeg", 1, 1)


async def _estimate() -> StorageUse:
    return StorageUse(0, 0, False)


async def _yes() -> bool:
    return True


async def _alone(_: Any) -> None:
    return None


def _notebook(own: OwnWork, reference: Reference) -> Notebook:
    async def nothing(_: Run) -> None:
        return None

    async def forever(_: float) -> None:
        return None

    platform = Platform(
        is_web=True, is_secure=True, default_server=None, open_backing=IndexedDBBacking.open, open_transport=None,
        scale_photo=_scale, storage_estimate=_estimate, ask_persistent=_yes, on_reconnect=lambda _: lambda: None,
        acquire_tab=_alone,
    )  # fmt: skip
    identity = Identity(UUID(int=1), "Jonas Weber", Role.TECHNICIAN, "Süd", "Albwerk", "", UUID(int=2), NOW)
    scheduler = Scheduler(nothing, clock=lambda: NOW, sleep=forever, random=lambda: 0.5)
    return Notebook(own, reference, identity, platform, scheduler)


async def measure(customers: int, observations: int, saves: int) -> dict[str, float]:
    """First synchronisation, opening, searching, listing and saving; milliseconds."""
    result: dict[str, float] = {}
    pages = _Pages(customers, observations)
    result["pages_mb"] = pages.bytes / 1e6
    own = await OwnWork.open(await IndexedDBBacking.open("own"))
    reference = await Reference.open(await IndexedDBBacking.open("reference"))
    server = Server("https://x.test", transport=httpx.MockTransport(pages))

    longest = 0.0
    running = True

    async def heartbeat() -> None:
        nonlocal longest
        while running:
            before = time.perf_counter()
            await asyncio.sleep(0)
            longest = max(longest, time.perf_counter() - before)

    beat = asyncio.ensure_future(heartbeat())
    start = time.perf_counter()
    await Synchronization(own, reference, server, lambda: datetime.now(UTC)).synchronize()
    result["first_sync"] = _ms(start)
    result["first_sync_longest_block"] = longest * 1000
    await reference.close()

    longest = 0.0
    start = time.perf_counter()
    reference = await Reference.open(await IndexedDBBacking.open("reference"))
    result["open_reference"] = _ms(start)
    result["open_longest_block"] = longest * 1000
    running = False
    await beat

    notebook = _notebook(own, reference)
    screens: dict[str, Callable[[], object]] = {
        "list_first": notebook.observations,
        "list_again": notebook.observations,
        "search": lambda: notebook.search_customers("muller kas"),
        "search_hit": lambda: notebook.search_customers("kasmayr 19"),
        "customer_page": lambda: notebook.customer(UUID(int=10**6 + 5)),
        "today": lambda: notebook.today(NOW),
    }
    for name, work in screens.items():
        start = time.perf_counter()
        work()
        result[name] = _ms(start)

    times, drafts = [], []
    for number in range(saves):
        draft = notebook.new_draft(customer_id=UUID(int=10**6), kind=Kind.PLAN)
        draft = replace(draft, seen=f"Beobachtung {number} " * 40)
        start = time.perf_counter()
        await notebook.keep_draft(draft)
        drafts.append(_ms(start))
        start = time.perf_counter()
        await notebook.save(draft)
        times.append(_ms(start))
    result["save_median"], result["save_p95"] = _median(times), _p95(times)
    result["keep_draft_median"], result["keep_draft_p95"] = _median(drafts), _p95(drafts)
    start = time.perf_counter()
    notebook.observations()
    result["list_after_save"] = _ms(start)
    assert reference.count_customers() == customers, json.dumps(result)
    return result


def _ms(start: float) -> float:
    return (time.perf_counter() - start) * 1000


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def _p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]
