"""A headless tablet: the real notebook on SQLite files and sockets, in a process that can be killed.

Reads one command per line and answers in lines; every "saved" is a promise that was made to a person.
"""

import asyncio
import random
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx

from app.device.native import native_platform
from app.state.notebook import Notebook
from app.state.session import Tablet
from app.sync import server, synchronize, uploads
from protocol.observation import Kind, Urgency
from tests.server.pictures import jpeg

_PATIENCE = httpx.Timeout(2.0)
"""Seconds, instead of the half minute that a person's tablet waits for a silent network."""


async def main(folder: Path, seed: str) -> None:
    """Do what is asked on standard input until that ends."""
    tablet = await Tablet.open(native_platform(folder))
    chance = random.Random(seed)
    _say("ready")
    while line := await asyncio.to_thread(sys.stdin.readline):
        command, *words = line.split()
        if command == "pair":
            await tablet.pair(words[0], words[1], folder.name)
            _say("paired")
        elif command == "act":
            assert tablet.notebook is not None
            for _ in range(int(words[0])):
                await _act(tablet.notebook, chance)
            _say("acted")
        elif command == "synchronize":
            await tablet.synchronizer._try()
            _say(f"synchronized {_problem(tablet.synchronizer.problem)}".rstrip())
    await tablet.close()


async def _act(notebook: Notebook, chance: random.Random) -> None:
    what = chance.choice(("save", "save", "save", "correct", "answer", "draft"))
    rows = sorted(row.id for row in notebook.observations() if not row.has_draft)
    before = {entry.id for entry in notebook._own.entries()}
    if what == "correct" and rows:
        draft = notebook.correction(chance.choice(rows))
        await notebook.save(replace(draft, heard=f"{draft.heard}!"))
    elif what == "answer" and rows:
        await notebook.answer(chance.choice(rows), f"Antwort {chance.random()}")
    else:
        customers = [row.id for row in notebook.search_customers("")]
        draft = replace(
            notebook.new_draft(customer_id=chance.choice(customers), kind=chance.choice(list(Kind))),
            heard=f"Gehört {chance.random()}",
            seen="Gesehen",
            urgency=chance.choice(list(Urgency)),
        )
        if chance.random() < 0.3:
            size = chance.choice((16, 80, 320))
            photo = await notebook.add_photo(draft.id, jpeg(size, size, seed=chance.randrange(50)))
            draft = replace(draft, photos=(photo,))
        await notebook.keep_draft(draft)
        _say(f"kept {draft.id}")
        if what == "draft":
            return
        await notebook.save(draft)
        _say(f"gone {draft.id}")
    for entry in notebook._own.entries():
        if entry.id not in before:
            _say(f"saved {entry.id}")


def _problem(problem: Any) -> str:
    if problem is None:
        return ""
    detail = str(getattr(problem, "detail", ""))
    return (
        "broken" if detail.startswith("app:") else type(problem).__name__ + f" {problem}".replace("\n", " ")
    )


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    with (
        patch.object(server, "TIMEOUT", _PATIENCE),
        patch.object(synchronize, "_PUSH_CHANGES", 5),
        patch.object(uploads, "MAX_UPLOAD_CHUNK", 64 * 1024),
    ):
        asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
