"""The day's review in a real browser without network: a step confirmed, the day's list handed in as PDF and as text."""

import io
import re

from pypdf import PdfReader

from tests.journey.conftest import OpenTablet
from tests.journey.technician import CUSTOMER, begin, save
from tests.tablet import PATIENCE_MS, Tablet

SEEN = "Größerer Kältetrockner für 12.500 € geplant"
STEP = "Datenblatt schicken"

# A browser with a share sheet: this one has none, so that what would be handed to it is caught.
_WITH_SHARE_SHEET = """() => {
  window.shared = [];
  navigator.canShare = (data) => Boolean(data && data.files && data.files.length);
  navigator.share = async (data) => { window.shared.push(...data.files); };
}"""
_SHARED = """async () => Promise.all(window.shared.map(async (file) => ({
  name: file.name, type: file.type, start: (await file.slice(0, 8).text()), size: file.size,
})))"""


def test_the_day_is_reviewed_and_handed_in_without_network(open_tablet: OpenTablet) -> None:
    with open_tablet() as shown:
        shown.start()
        shown.go_offline()
        begin(shown, kind="plan", text=SEEN)
        shown.scroll_to("capture-next-step")
        shown.type("capture-next-step", STEP)
        save(shown)
        begin(shown, kind="note", text="Nur angefangen")
        shown.tap("back")
        shown.scroll_to("day-review")
        shown.tap("day-review")

        shown.sees(re.compile(r"noch \d+ Punkte"))
        left = int(re.findall(r"noch (\d+) Punkte", shown.reads())[0])
        shown.tap_text("Stimmt so")
        shown.sees(f"noch {left - 1} Punkt")
        shown.sees("Nur angefangen")
        shown.finds("Wartet auf Netz")
        shown.tap("day-list")
        shown.sees(SEEN)

        pdf = PdfReader(io.BytesIO(_downloaded(shown, "share-pdf", ".pdf")), strict=True)
        text = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
        for words in (CUSTOMER, SEEN, STEP, "noch auf dem Tablet", "1 Entwurf, noch nicht fertig"):
            assert words in text
        assert "Nur angefangen" not in text
        assert str(pdf.root_object["/Lang"]) == "de"
        assert pdf.metadata is not None
        assert pdf.metadata.title is not None
        assert pdf.metadata.title.startswith("Tagesliste ")
        plain = _downloaded(shown, "share-text", ".txt").decode("utf-8")
        assert SEEN in plain
        assert _downloaded(shown, "save-pdf", ".pdf").startswith(b"%PDF-1.7")

        shown.page.evaluate(_WITH_SHARE_SHEET)
        shown.tap("share-pdf")
        shown.tap("share-text")
        for _ in range(100):
            shared = shown.page.evaluate(_SHARED)
            if len(shared) == 2:
                break
            shown.page.wait_for_timeout(100)
        assert [file["type"] for file in shared] == ["application/pdf", "text/plain"]
        assert shared[0]["start"] == "%PDF-1.7"
        assert shared[0]["name"].endswith(".pdf")


def _downloaded(shown: Tablet, button: str, ending: str) -> bytes:
    with shown.page.expect_download(timeout=PATIENCE_MS) as download:
        shown.tap(button)
    assert download.value.suggested_filename.endswith(ending)
    path = download.value.path()
    return path.read_bytes()
