"""Photos from the camera to inside sales: several in a row, turned, cut, marked, and what is hidden is really gone."""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Playwright, expect

from app.photo.marks import CLOTH, SIGNAL
from tests.inbox_page import inbox, open_lead
from tests.journey.carving import carved_photos
from tests.journey.conftest import ADDRESS
from tests.journey.photo_evidence import (
    SECRET,
    around,
    camera_film,
    draw,
    hundred_megapixels,
    photo_with_metadata,
    shows_secret,
    stored_photos,
)
from tests.journey.technician import begin, choose_file, save
from tests.running import RunningServer
from tests.tablet import PATIENCE_MS
from tests.tablet import tablet as switched_on

SEEN = "Fremder Verdichter hinter der Presse"
LATER = "Noch ein Blick auf das Typenschild"


def test_what_was_made_unrecognisable_is_in_no_store_no_file_and_no_upload(
    driver: Playwright, server: RunningServer, profile: Path, tmp_path: Path
) -> None:
    film = camera_film(tmp_path)
    before = set(carved_photos(server.data))
    with switched_on(driver, profile, ADDRESS, port=server.port, film=film) as tablet:
        tablet.start()

        # Two in a row, without leaving the camera; then each of them is edited before anything is stored.
        begin(tablet, kind="competitor", text=SEEN)
        tablet.tap("photo-camera")
        for count in ("1 Foto:", "2 Fotos:"):
            tablet.tap_text("Auslösen")
            tablet.sees(count)
        assert stored_photos(tablet) == []

        tablet.tap("roll-1")
        draw(tablet, "arrow", (0.40, 0.20), (0.66, 0.25))
        draw(tablet, "hide", *around(SECRET))
        tablet.tap("photo-turn")
        tablet.tap("photo-done")

        tablet.tap("roll-2")
        draw(tablet, "crop", (0.50, 0.02), (0.98, 0.48))
        draw(tablet, "circle", (0.10, 0.20), (0.90, 0.80), of=(0.48, 0.46))
        tablet.tap("photo-undo")
        draw(tablet, "circle", (0.05, 0.10), (0.95, 0.90), of=(0.48, 0.46))
        tablet.tap("photo-done")
        tablet.tap("camera-done")
        expect(tablet.all_controls("photo-edit-")).to_have_count(2, timeout=PATIENCE_MS)
        save(tablet)
        tablet.sees("Alles übertragen")

        stored = [Image.open(io.BytesIO(data)).convert("RGB") for data in stored_photos(tablet)]
        assert len(stored) == 2
        turned = next(image for image in stored if image.height > image.width)
        cut = next(image for image in stored if image is not turned)
        assert max(turned.size) <= 2048
        assert has(turned, SIGNAL), "the arrow"
        assert all(has(turned, grey) for grey in CLOTH), "the grey in the place of the secret"
        assert cut.width < 0.52 * turned.height
        assert has(cut, SIGNAL), "the circle"

        of_the_browser, of_the_server = carved_photos(profile), set(carved_photos(server.data)) - before
        assert len(of_the_browser) >= 2, "what the app stored is found in the browser's files as well"
        assert len(of_the_server) >= 2
        everywhere = [*stored_photos(tablet), *of_the_browser, *of_the_server]
        assert not any(shows_secret(data) for data in everywhere)
        assert not any(Image.open(io.BytesIO(data)).getexif() for data in everywhere)

        with inbox(driver, tmp_path / "desk", server.url) as desk:
            open_lead(desk, SEEN)
            pictures = desk.get_by_role("list", name="Fotos").get_by_role("img")
            expect(pictures).to_have_count(2)
            shapes = [
                picture.evaluate(
                    "async (image) => { await image.decode(); return image.naturalHeight > image.naturalWidth; }"
                )
                for picture in pictures.all()
            ]
            assert shapes == [True, False], "edited, and in the order in which they were taken"

        # Later, in a draft: a photo that was kept as it was is edited, and its earlier bytes go.
        begin(tablet, kind="note", text=LATER)
        choose_file(tablet, photo_with_metadata(tmp_path / "phone.jpg"))
        expect(tablet.all_controls("photo-edit-")).to_have_count(1, timeout=PATIENCE_MS)
        kept = [data for data in stored_photos(tablet) if shows_secret(data)]
        assert len(kept) == 1, "the test can see the secret where it is"
        assert b"Exif" not in kept[0]
        assert b"Halle B" not in kept[0]
        tablet.touch(tablet.all_controls("photo-edit-").first, "photo-edit")
        draw(tablet, "hide", *around(SECRET))
        tablet.tap("photo-done")
        expect(tablet.all_controls("photo-edit-")).to_have_count(1, timeout=PATIENCE_MS)
        tablet.control("capture-save").wait_for()
        assert not any(shows_secret(data) for data in stored_photos(tablet))

        # What is no photo, and what is too much of one: words, and nothing is lost.
        broken = tmp_path / "bericht.jpg"
        broken.write_text("Das ist kein Foto.")
        choose_file(tablet, broken)
        tablet.sees("Diese Datei ist kein lesbares Foto")
        choose_file(tablet, hundred_megapixels(tmp_path / "riesig.jpg"))
        expect(tablet.all_controls("photo-edit-")).to_have_count(2, timeout=PATIENCE_MS)
        sizes = [Image.open(io.BytesIO(data)).size for data in stored_photos(tablet)]
        assert (2048, 1536) in sizes, "made smaller, and the tablet goes on"
        save(tablet)
        tablet.sees("Alles übertragen")
        assert not any(shows_secret(data) for data in set(carved_photos(server.data)) - before)


def test_a_camera_that_is_refused_says_how_to_go_on_and_loses_nothing(
    driver: Playwright, server: RunningServer, profile: Path, tmp_path: Path
) -> None:
    refused = ("--use-fake-ui-for-media-stream=deny",)
    with switched_on(driver, profile, ADDRESS, port=server.port, more=refused) as tablet:
        tablet.start()
        begin(tablet, kind="plan", text=SEEN)
        tablet.tap("photo-camera")
        tablet.sees("Die Kamera ist nicht erlaubt.")
        with tablet.page.expect_file_chooser() as chooser:
            tablet.tap("camera-file")
        chooser.value.set_files(photo_with_metadata(tmp_path / "phone.jpg"))
        expect(tablet.all_controls("photo-edit-")).to_have_count(1, timeout=PATIENCE_MS)
        # What stands in a field can be read from outside once the field is touched.
        tablet.scroll_to("capture-text")
        tablet.tap("capture-text")
        tablet.sees(SEEN)
        save(tablet)


def has(image: Image.Image, colour: str) -> bool:
    """Whether a colour is in a picture, as nearly as a JPEG keeps it."""
    wanted = tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))
    colours = image.getcolors(image.width * image.height) or []
    return sum(count for count, one in colours if _near(one, wanted)) > 200


def _near(one: object, other: tuple[int, ...]) -> bool:
    assert isinstance(one, tuple)
    return all(abs(left - right) < 16 for left, right in zip(one, other, strict=True))
