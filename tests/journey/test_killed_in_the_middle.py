"""Chromium is killed in the middle: of saving, of pushing, of sending a photo. Nothing is lost, nothing is doubled.

What the person had is read from the tablet's screens after the next start, what inside sales has from the server's
tables. Which step of a save is the last one, and which byte of a request, comes from a seed.
"""

import hashlib
import json
import random
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Locator, Worker, expect

from protocol.limits import MAX_UPLOAD_CHUNK
from sync_server.media.backing import place_of
from tests.faults.proxy import Kind, Mishap, Proxy, Way
from tests.journey.conftest import OpenAt, OpenTablet
from tests.journey.technician import choose_file, open_customer, save
from tests.running import RunningServer
from tests.tablet import PATIENCE_MS, Tablet, kill_browser

SEED = 20261123

# Each death costs a start of Chromium and the app. The suite kills a browser below the interface (tests/contract).
pytestmark = pytest.mark.soak


class Moment(StrEnum):
    """Where a save stands when the power goes: one transaction that puts the observation into the outbox."""

    BEGUN = "begun"
    """Before the first, the second or the third thing that it does, as the chance of the seed will have it."""
    ASKED = "asked"
    """All of it is asked for, nothing committed."""
    COMMITTING = "committing"
    """The browser was told to commit: it may have done so or not."""
    COMMITTED = "committed"
    """It is on the disk, and the app has not heard of it."""


# In the worker in which the app's Python runs. Whoever says that he may be killed does nothing more: what he is in the
# middle of stays as it is until the test has killed the browser.
_CRY = "kill me now"
_DIE_AT = f"""([moment, operation]) => {{
  const die = () => {{ console.log('{_CRY}'); for (;;) {{}} }};
  let count = 0;
  for (const name of ['put', 'delete']) {{
    const original = IDBObjectStore.prototype[name];
    IDBObjectStore.prototype[name] = function (...given) {{
      const key = given[given.length - 1];
      if (!count && key[0] !== 'outbox') return original.apply(this, given);
      count += 1;
      if (moment === 'begun' && count === operation) die();
      const request = original.apply(this, given);
      if (key[0] === '_about') {{  // the last thing of each transaction: how many documents there are
        if (moment === 'asked') die();
        if (moment === 'committing') {{ this.transaction.commit(); die(); }}
        if (moment === 'committed') this.transaction.addEventListener('complete', die);
      }}
      return request;
    }};
  }}
}}"""


@dataclass(frozen=True)
class Death:
    """When the power goes."""

    moment: Moment
    operation: int


@dataclass(frozen=True)
class Words:
    """What the person writes, and how many photos belong to it."""

    text: str
    photos: int


DRAFT, WAITING, RECEIVED = STATES = ("Entwurf", "Wartet auf Netz", "Empfangen")
"""How far an observation has come, as its line in the list says it."""

AFTER = {
    Moment.BEGUN: {DRAFT},
    Moment.ASKED: {DRAFT},
    Moment.COMMITTING: {DRAFT, WAITING},
    Moment.COMMITTED: {WAITING},
}
"""What may be there after such a death."""


@pytest.fixture(scope="module")
def proxy(server: RunningServer) -> Iterator[Proxy]:
    """What lies between the tablet and the server."""
    between = Proxy([server.port])
    yield between
    between.close()


@pytest.fixture
def switch_on(switch_on_at: OpenAt, proxy: Proxy) -> OpenTablet:
    """Switches the tablet on."""
    return lambda: switch_on_at(proxy.port)


def test_killed_while_it_saves_the_tablet_has_the_draft_or_the_observation_and_never_both(
    switch_on: OpenTablet,
    server: RunningServer,
    proxy: Proxy,
    profile: Path,
    tmp_path: Path,
) -> None:
    chance = random.Random(SEED)
    deaths = [Death(moment, chance.randint(1, 3)) for moment in Moment]
    chance.shuffle(deaths)
    written = [
        Words(f"Verdichter {len(deaths)}-{number} läuft heiß", photos=number % 2)
        for number in range(len(deaths))
    ]
    proxy.plan([])
    with switch_on() as one:
        one.start()
        one.go_offline()
        open_customer(one)
        for words in written:
            write(one, words, tmp_path)
            one.scroll_up()
            one.tap("back")

    states: dict[Words, set[str]] = {words: {DRAFT} for words in written}
    for death, words in zip(deaths, written, strict=True):
        with switch_on() as one:
            one.go_offline()
            one.start("#/observations")
            holds(one, states)
            one.touch(row(one, words), words.text)
            one.sees("Entwurf gesichert")
            python(one).evaluate(_DIE_AT, [death.moment, death.operation])
            with one.page.expect_console_message(lambda said: said.text == _CRY):
                one.tap("capture-save")
            kill_browser(profile)
        states[words] = AFTER[death.moment]

    with switch_on() as one:
        one.go_offline()
        one.start("#/observations")
        holds(one, states)
        for words in written:
            if row(one, words).filter(has_text=DRAFT).count():
                one.touch(row(one, words), words.text)
                save(one)
                one.tap("nav-observations")
        one.go_online()
        one.tap("nav-today")
        one.tap("sync-now")
        one.sees("Alles übertragen")
    assert arrived(server, written) == dict.fromkeys(written, 1)


def test_killed_while_it_sends_each_observation_arrives_once_and_its_photo_whole(
    switch_on: OpenTablet,
    server: RunningServer,
    proxy: Proxy,
    profile: Path,
    tmp_path: Path,
) -> None:
    chance = random.Random(SEED)
    text_only, with_photo = Words("Trockner ohne Ablauf", 0), Words("Trockner mit Foto", 1)
    sent = (text_only, with_photo)
    killed = threading.Event()

    def die() -> None:
        kill_browser(profile)
        proxy.plan([])  # what was on its way does not arrive
        killed.set()

    def dies(way: Way, behind: str, after: int) -> None:
        killed.clear()
        proxy.plan([Mishap(Kind.CALLED, way, after, die, behind)])

    def killed_when_switched_on() -> None:
        with switch_on() as one, suppress(PlaywrightError):
            one.start()
            killed.wait(PATIENCE_MS / 1000)
        assert killed.is_set(), proxy.happened

    proxy.plan([])
    with switch_on() as one:
        one.start()
        one.go_offline()
        open_customer(one)
        for words in sent:
            write(one, words, tmp_path, size=(1600, 1200))
            save(one)
        one.tap("back")
        one.tap("nav-today")
        dies(Way.UP, "POST /sync/v1/push", chance.randint(0, 400))
        with suppress(PlaywrightError):
            one.go_online()
            one.tap("sync-now")
        assert killed.wait(PATIENCE_MS / 1000), proxy.happened
    assert arrived(server, sent) == {}, "the request has arrived whole"

    dies(Way.DOWN, '"rundgang.push"', chance.randint(0, 100))
    killed_when_switched_on()
    assert arrived(server, sent, with_photos=False) == {text_only: 1, with_photo: 1}

    proxy.plan([])
    with switch_on() as one:
        one.go_offline()
        one.start("#/observations")
        holds(one, {text_only: {WAITING}, with_photo: {WAITING}})
        python(one).evaluate(_DIE_AT, [Moment.BEGUN, chance.randint(1, 2)])
        with one.page.expect_console_message(lambda said: said.text == _CRY):
            one.go_online()
        kill_browser(profile)

    dies(Way.UP, "PATCH /sync/v1/media/", MAX_UPLOAD_CHUNK + chance.randint(10_000, MAX_UPLOAD_CHUNK))
    killed_when_switched_on()
    (half,) = (server.data / "uploads").iterdir()
    assert half.stat().st_size >= MAX_UPLOAD_CHUNK

    dies(Way.DOWN, "HTTP/1.1 204", 0)
    killed_when_switched_on()

    proxy.plan([])
    with switch_on() as one:
        one.start()
        one.sees("Alles übertragen")
        one.tap("nav-observations")
        holds(one, {text_only: {RECEIVED}, with_photo: {RECEIVED}})
    assert arrived(server, sent) == {text_only: 1, with_photo: 1}
    assert not list((server.data / "uploads").iterdir())


# -- what the person does and sees ------------------------------------------------------------------------


def write(one: Tablet, words: Words, folder: Path, *, size: tuple[int, int] = (64, 48)) -> None:
    """Begin an observation at the customer whose page is open."""
    one.tap("capture-here")
    one.tap("kind-need")
    one.type("capture-text", words.text)
    for _ in range(words.photos):
        choose_file(one, photo(folder, words.text, size))
        expect(one.all_controls("photo-remove-")).to_have_count(1, timeout=PATIENCE_MS)
    one.sees("Entwurf gesichert")


def photo(folder: Path, seed: str, size: tuple[int, int]) -> Path:
    """A picture of noise: no two are alike, and none can be made much smaller."""
    width, height = size
    noise = random.Random(seed).randbytes(width * height * 3)
    file = folder / f"{seed}.png"
    Image.frombytes("RGB", size, noise).save(file, compress_level=1)
    return file


def row(one: Tablet, words: Words) -> Locator:
    """The lines of the list of observations that show these words."""
    return one.all_controls("observation-").filter(has_text=words.text)


def holds(one: Tablet, states: Mapping[Words, set[str]]) -> None:
    """Whether the list that is shown has each of these once, in one of its states, and with its photo."""
    for words, possible in states.items():
        expect(row(one, words)).to_have_count(1, timeout=PATIENCE_MS)
        line = row(one, words).inner_text()
        said = {state for state in STATES if state in line}
        assert len(said) == 1, line
        assert said <= possible, line
        assert ("1 Foto" in line) == bool(words.photos), line


def python(one: Tablet) -> Worker:
    """The worker in which the app's Python runs."""
    return next(worker for worker in one.page.workers if "python_worker" in worker.url)


# -- what inside sales has --------------------------------------------------------------------------------


def arrived(server: RunningServer, wanted: Sequence[Words], *, with_photos: bool = True) -> dict[Words, int]:
    """How often the server has observations with these words: each with one revision and whole photos."""
    found: Counter[Words] = Counter()
    with closing(sqlite3.connect(server.data / "rundgang.db")) as database:
        for observation_id, text in database.execute("SELECT id, title FROM observations").fetchall():
            if text not in {words.text for words in wanted}:
                continue  # the demo's
            revisions = database.execute(
                "SELECT content FROM revisions WHERE observation_id = ?", [observation_id]
            ).fetchall()
            assert len(revisions) == 1, revisions
            content = json.loads(revisions[0][0])
            assert content["heard"] == text
            named = content.get("photos", [])
            found[Words(text, len(named))] += 1
            for one in named if with_photos else ():
                is_whole(server, database, one["sha256"], one["size"])
    return dict(found)


def is_whole(server: RunningServer, database: sqlite3.Connection, sha256: str, size: int) -> None:
    """Whether a photo lies where it belongs and is what the tablet has sent."""
    assert database.execute("SELECT size FROM blobs WHERE sha256 = ?", [sha256]).fetchall() == [(size,)]
    data = (server.data / "blobs" / place_of(sha256)).read_bytes()
    assert (len(data), hashlib.sha256(data).hexdigest()) == (size, sha256)
