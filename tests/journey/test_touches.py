"""A finger rests on the glass while a transfer brings something new: nothing moves away under it."""

import re
import threading
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Playwright, expect

from tests.faults.proxy import Kind, Mishap, Proxy, Way
from tests.inbox_page import inbox, open_lead, reject
from tests.journey.conftest import OpenAt
from tests.journey.technician import begin, save
from tests.running import RunningServer
from tests.tablet import PATIENCE_MS

TEXT = "Ölstand an der Anzeige nicht mehr zu sehen"

# How large all is that lies in the app's stores. Given a size it waits for another one, and until it would be seen.
_STORED = """async (before) => {
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const size = async () => {
    let found = 0;
    for (const { name } of await indexedDB.databases()) {
      const database = await done(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        const values = await done(database.transaction(store).objectStore(store).getAll());
        found += JSON.stringify(values).length;
      }
      database.close();
    }
    return found;
  };
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  let now = await size();
  if (before === null) return now;
  while (now === before) {
    await frame();
    now = await size();
  }
  for (let picture = 0; picture < 20; picture++) await frame();
  return now;
}"""


def test_a_line_that_is_touched_opens_although_a_newer_one_has_come_meanwhile(
    driver: Playwright, switch_on_at: OpenAt, server: RunningServer, tmp_path: Path
) -> None:
    touched = threading.Event()
    with (
        closing(Proxy([server.port])) as proxy,
        switch_on_at(proxy.port) as shown,
        inbox(driver, tmp_path / "desk", server.url) as desk,
    ):
        shown.start()
        begin(shown, kind="need", text=TEXT)
        save(shown)
        shown.sees("Alles übertragen")
        shown.reload()  # what was said at the bottom is gone
        shown.sees("Alles übertragen")
        desk.reload()
        open_lead(desk, TEXT)
        reject(desk, reason="Schon bekannt", note="Steht seit Mai im CRM.")

        def wait() -> None:
            assert touched.wait(PATIENCE_MS / 1000)

        proxy.plan([Mishap(Kind.CALLED, Way.UP, 1, wait, "/sync/v1/pull")])
        shown.tap("sync-now")
        shown.finds("Antworten für dich")
        line = shown.all_controls("news-").first
        name = line.get_attribute("flt-semantics-identifier") or ""
        shown.scroll_to(name)
        before = shown.page.evaluate(_STORED, None)
        shown.page.mouse.move(*shown.bring_into_view(line))
        shown.page.mouse.down()
        touched.set()
        shown.page.evaluate(_STORED, before)
        assert line.get_attribute("flt-semantics-identifier") == name, "it has moved away under the finger"
        shown.page.mouse.up()

        opened = re.compile(name.removeprefix("news-"))
        expect(shown.page).to_have_url(opened, timeout=PATIENCE_MS)
        shown.tap("back")
        expect(line).to_have_text(re.compile(TEXT), timeout=PATIENCE_MS)
