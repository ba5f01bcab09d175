"""Live: what happens elsewhere is announced to open pages, from any thread, without growing memory."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest

from protocol.pairing import Role
from sync_server.crm.users import User
from sync_server.live import READY, Event, Live
from tests.inbox.desk import Desk, Lead, words
from tests.server.firm import Firm, Tablet, photo_of
from tests.server.pictures import hash_of, jpeg
from tests.server.test_media import upload


async def _listening(live: Live) -> AsyncGenerator[Event, None]:
    """A stream that has begun."""
    stream = live.subscribe()
    assert (await anext(stream)).name == READY
    return stream


def test_an_announcement_from_another_thread_reaches_every_listener() -> None:
    async def scenario() -> list[Event]:
        live = Live()
        streams = [await _listening(live) for _ in range(2)]
        thread = threading.Thread(target=live.announce, args=("arrived", {"lead": "1"}))
        thread.start()
        events = [await anext(stream) for stream in streams]
        thread.join()
        live.close()
        return events

    assert asyncio.run(scenario()) == [Event("arrived", {"lead": "1"})] * 2


def test_a_slow_listener_is_told_to_count_anew() -> None:
    async def scenario() -> list[str]:
        live = Live()
        stream = await _listening(live)
        for number in range(1_000):
            live.announce("changed", {"lead": str(number)})
        live.close()
        return [event.name async for event in stream]

    names = asyncio.run(scenario())
    assert names[-1] == "reload"
    assert names.count("reload") == 1
    assert len(names) < 100


def test_closing_ends_the_streams_and_takes_no_new_ones() -> None:
    async def scenario() -> tuple[list[Event], list[Event], int]:
        live = Live()
        stream = await _listening(live)
        live.close()
        return [event async for event in stream], [event async for event in live.subscribe()], live.listeners

    assert asyncio.run(scenario()) == ([], [], 0)


class _Stream:
    """`/events` as an ASGI server would run it: reads what is sent, and can go away."""

    def __init__(self, firm: Firm, desk: Desk) -> None:
        self.firm = firm
        self.scope: dict[str, Any] = {
            "type": "http", "method": "GET", "path": "/events", "raw_path": b"/events", "query_string": b"",
            "headers": [(b"cookie", f"rundgang-session={desk.cookies['rundgang-session']}".encode())],
            "http_version": "1.1", "scheme": "http", "server": ("rundgang.test", 80), "client": ("::1", 1),
            "root_path": "", "app": firm.app,
        }  # fmt: skip
        self.received = ""
        self.gone = asyncio.Event()
        self.news = asyncio.Condition()

    async def run(self) -> None:
        await self.firm.app(self.scope, self._receive, self._send)

    async def _receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        async with self.news:
            self.received += bytes(message.get("body", b"")).decode()
            self.news.notify_all()

    async def until(self, text: str) -> None:
        async with self.news:
            await self.news.wait_for(lambda: text in self.received)


@pytest.mark.parametrize("what", ["arrived", "changed", "media"])
def test_the_stream_tells_of_arrivals_and_decisions_by_id_only(
    firm: Firm, nora: Desk, otto: Desk, anna: Tablet, arrive: Callable[..., Lead], what: str
) -> None:
    data = jpeg()
    photo = photo_of(hash_of(data), len(data), "Herr Bauer")
    lead = arrive("Geheimer Plan von Herrn Bauer", photos=(photo,))
    assert "0 von 1 Foto da" in words(nora.get("/").text)

    async def scenario() -> str:
        stream = _Stream(firm, nora)
        running = asyncio.ensure_future(stream.run())
        await stream.until("event: ready")
        if what == "arrived":
            await asyncio.to_thread(anna.push, anna.observe("Geheimer Plan von Herrn Bauer"))
        elif what == "media":
            await asyncio.to_thread(upload, anna, data)
        else:
            await asyncio.to_thread(otto.post, f"{lead.path}/accept", {"revision": "1"})
        await stream.until(f"event: {what}")
        stream.gone.set()
        await running
        return stream.received

    received = asyncio.run(asyncio.wait_for(scenario(), 30))
    assert "Bauer" not in received
    if what != "arrived":
        assert lead.id.hex in received
    if what == "media":
        # What the open page asks for then: the photos alone, and the line with its count.
        assert f'src="/photos/{photo.id.hex}?size=small"' in nora.htmx("GET", f"{lead.path}/photos").text
        assert "1 Foto" in words(nora.htmx("GET", f"{lead.path}/line").text)
        assert "von 1 Foto da" not in nora.htmx("GET", f"{lead.path}/line").text


def test_the_page_counts_what_it_missed(nora: Desk, arrive: Callable[..., Lead]) -> None:
    arrive("alt")
    top = nora.get("/").text.split('data-top="')[1].split('"')[0]
    assert "anzeigen" not in words(nora.htmx("GET", "/news?view=new", params={"top": top}).text)
    arrive("neu 1")
    arrive("neu 2")
    news = words(nora.htmx("GET", "/news", params={"view": "new", "top": top}).text)
    assert "2 neue Meldungen anzeigen" in news
    assert "Neu 3" in news


def test_the_stream_is_closed_to_strangers(firm: Firm) -> None:
    assert Desk(firm.http).get("/events").status_code == 204


def test_an_urgent_arrival_is_an_alert_until_somebody_opens_it(
    nora: Desk, arrive: Callable[..., Lead]
) -> None:
    arrive("Halle C kommt")
    assert 'role="alert"' not in nora.get("/news").text
    urgent = arrive("Anlage steht, Produktion steht", urgency="urgent")
    page = nora.get("/news").text
    assert 'role="alert"' in page
    assert "Dringend: Anlage steht, Produktion steht" in words(page)
    assert urgent.id.hex in page
    arrive("Öl läuft aus", urgency="urgent")
    assert "und 1 weitere" in words(nora.get("/news").text)
    nora.get(urgent.path)
    assert "Anlage steht" not in words(nora.get("/news").text)


@pytest.mark.parametrize(
    "path", ["/customers", "/offers", "/tablets", "/customers/{customer}", "/customers/{customer}/edit"]
)
def test_every_page_has_a_place_for_the_alert_and_listens(firm: Firm, nora: Desk, path: str) -> None:
    page = nora.get(path.format(customer=firm.brandl.hex)).text
    assert '<div id="alarm"' in page
    assert "live.js" in page


def test_who_only_reads_is_not_alarmed(
    firm: Firm, employ: Callable[[str, Role], User], arrive: Callable[..., Lead]
) -> None:
    arrive("Anlage steht", urgency="urgent")
    reader = Desk(firm.http).sit_down(firm, employ("sofie", Role.FIELD_SALES))
    assert 'role="alert"' not in reader.get("/news").text
