"""Gives observations their photos: type plates of the very machine, and sights that fit what is told."""

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from functools import cache
from typing import Any

from protocol.observation import Kind, Photo
from sync_server.demo.chance import Chance
from sync_server.demo.customers import Installed
from sync_server.demo.pictures.paint import HEIGHT, WIDTH
from sync_server.demo.pictures.plates import Plate, draw_plate
from sync_server.demo.pictures.scenes import SCENES
from sync_server.demo.recording import Story

_PLATES = 14
"""Type plates that are drawn; they go to the newest observations, because each takes a tenth of a second."""

_SHARE = 0.34
"""Share of the observations with photos, of those for which there is a sight."""

_WITH_RIVALS = frozenset({"competitor", "plate", "gauge_low", "gauge_dew", "yard"})
"""Sights that do not show a machine of ours."""

_Draw = Callable[[], bytes]


class Album:
    """The photos of one company."""

    def __init__(self, chance: Chance, end: datetime) -> None:
        self._chance = chance
        self._end = end
        self._plates = 0
        self._wanted: dict[str, _Draw] = {}
        self._chosen: list[tuple[Story, list[tuple[str, str]], str | None]] = []
        self._pool = ThreadPoolExecutor(max_workers=2)
        self._drawing: dict[str, Future[bytes]] = {}
        self.pictures: dict[str, bytes] = {}
        """What has arrived, by SHA-256."""

    def choose(self, stories: list[Story]) -> None:
        """Choose photos for all stories, newest first, and begin to draw each picture once.

        Pillow lets go of the interpreter while it paints: the rest of the company is made meanwhile.
        """
        for story in reversed(stories):
            sights = self._choose(story)
            pending = self._sight(story, story.told.pending) if story.told.pending else None
            if pending is not None:
                sights.append(pending)
            if sights:
                self._chosen.append((story, sights, pending[0] if pending else None))
        for key, draw in self._wanted.items():
            if key not in _drawn:
                self._drawing[key] = self._pool.submit(draw)

    def hand_out(self) -> None:
        """Wait for the pictures and give them to their stories."""
        _drawn.update({key: picture.result() for key, picture in self._drawing.items()})
        self._pool.shutdown()
        drawn = _drawn
        for story, sights, pending_key in self._chosen:
            story.photos = tuple(self._photo(story, drawn[key], caption) for key, caption in sights)
            for key, _ in sights:
                if key != pending_key:
                    self.pictures[_sha256(drawn[key])] = drawn[key]

    def rows(self) -> Iterator[dict[str, Any]]:
        """Rows of `blobs`."""
        for sha256, picture in self.pictures.items():
            yield {
                "sha256": sha256,
                "size": len(picture),
                "media_type": "image/jpeg",
                "width": WIDTH,
                "height": HEIGHT,
                "stored_at": self._end,
            }

    def _choose(self, story: Story) -> list[tuple[str, str]]:
        told = story.told
        if not told.scenes or (told.situation is not None and not self._chance.happens(_SHARE)):
            return []
        scenes = [s for s in told.scenes if told.kind is not Kind.COMPETITOR or s in _WITH_RIVALS]
        if told.situation is not None:
            scenes = self._chance.some(scenes, self._chance.number(1, 2))
        found = (self._sight(story, scene) for scene in scenes)
        return [sight for sight in found if sight is not None]

    def _sight(self, story: Story, scene: str) -> tuple[str, str] | None:
        """Key and caption of a picture; notes that it must be drawn. None when there is none that fits."""
        machine = story.told.asset
        if scene == "plate":
            return self._plate(machine) if machine is not None else None
        variants = SCENES[scene]
        if scene == "competitor":
            maker = machine.machine.maker if machine else ""
            variants = tuple(variant for variant in variants if variant[0].endswith(maker))
            if not maker or not variants:
                return None
        caption, draw, number = self._chance.pick(variants)
        key = f"{scene}/{caption}/{number}"
        self._wanted[key] = lambda: draw(number)
        return key, caption

    def _plate(self, installed: Installed) -> tuple[str, str] | None:
        machine = installed.machine
        plate = Plate(
            maker=machine.maker,
            model=machine.model,
            serial=installed.serial_number or "",
            built=str(installed.built_in or ""),
            kilowatts=machine.size,
            dirty=not machine.ours or (installed.built_in or 0) % 3 == 0,
        )
        key = f"plate/{plate}"
        if key not in self._wanted:
            if self._plates == _PLATES:
                return None
            self._plates += 1
            self._wanted[key] = lambda: draw_plate(plate)
        return key, f"Typenschild {machine.model}"

    def _photo(self, story: Story, picture: bytes, caption: str) -> Photo:
        return Photo(
            id=self._chance.id_at(story.observed_at),
            sha256=_sha256(picture),
            size=len(picture),
            media_type="image/jpeg",
            width=WIDTH,
            height=HEIGHT,
            caption=caption,
        )


_drawn: dict[str, bytes] = {}
"""Pictures depend on their key alone: a process that makes several companies draws each once."""


@cache
def _sha256(picture: bytes) -> str:
    return hashlib.sha256(picture).hexdigest()
