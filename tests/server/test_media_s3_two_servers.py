"""Two server processes with folders of their own, one PostgreSQL and one S3 store: an upload crosses from one to the other."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from sync_server.application import build
from sync_server.settings import Settings
from tests.postgres import Postgres
from tests.running import running_server
from tests.s3 import VARIABLES, Store, running_store
from tests.server import firm as firms
from tests.server.calling import calling
from tests.server.firm import photo_of
from tests.server.pictures import hash_of, jpeg
from tests.server.test_media import PATH, begin, offset, patch
from tests.server.two_servers import Wire


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    with running_store() as running:
        for name, value in running.variables.items():
            monkeypatch.setenv(name, value)
        yield running


def test_s14_each_piece_may_reach_another_server_and_one_of_them_may_die(
    tmp_path: Path, postgres: Postgres, postgres_database: str, store: Store
) -> None:
    postgres.empty(postgres_database)
    url, media_url, data = postgres.url(postgres_database), store.create(), jpeg()
    folders = [tmp_path / name for name in ("inside", "a", "b")]
    for folder in folders:
        folder.mkdir()
    options = (f"--database-url={url}", f"--media-url={media_url}")
    with ExitStack() as running:
        app = build(Settings(data=folders[0], database_url=url, media_url=media_url))
        firm = firms.found(app, running.enter_context(calling(app)))
        a, b = (running.enter_context(running_server(folder, *options)) for folder in folders[1:])
        to_a, to_b = (running.enter_context(closing(Wire(server.url))) for server in (a, b))
        anna, photo = firm.pair(firm.anna), photo_of(hash_of(data), len(data))
        anna.push(observation := anna.observe(photos=(photo,)))
        third = len(data) // 3

        anna.http = to_a
        location = begin(anna, data).headers["location"]
        anna.http = to_b
        assert patch(anna, location, data[:third], 0).status_code == 204
        anna.http = to_a
        assert offset(anna, location) == third
        assert patch(anna, location, data[third : 2 * third], third).status_code == 204
        a.kill()
        anna.http = to_b
        assert offset(anna, location) == 2 * third
        assert patch(anna, location, data[2 * third :], 2 * third).status_code == 204

        assert anna.http.get(PATH + hash_of(data), headers=anna.headers).content == data
        anna.pull()
        assert anna.observation(observation).media_received == (photo.id,)
        assert store.keys(media_url) == [f"blobs/{hash_of(data)[:2]}/{hash_of(data)}"]
        assert not any((folder / "blobs").exists() for folder in folders)
