"""What the platform asks of a browser, in a real Chromium: photos, requests, one tab at a time."""

import base64
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageCms
from playwright.sync_api import BrowserContext, Page, Playwright

from tests.browser import persistent_context, playwright_driver
from tests.contract.laboratory import Laboratory, call, laboratory

WEB = "tests.contract.web_in_browser"


@pytest.fixture(scope="module")
def lab() -> Iterator[Laboratory]:
    with laboratory() as lab:
        yield lab


@pytest.fixture(scope="module")
def driver() -> Iterator[Playwright]:
    with playwright_driver() as driver:
        yield driver


@pytest.fixture(scope="module")
def context(driver: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    with persistent_context(driver, tmp_path_factory.mktemp("profile")) as context:
        yield context


@pytest.fixture(scope="module")
def page(context: BrowserContext, lab: Laboratory) -> Page:
    return lab.enter(context)


def photo(width: int, height: int, *, orientation: int = 1, form: str = "JPEG") -> bytes:
    """Left half red, right half blue, with a place in its metadata."""
    image = Image.new("RGB", (width, height), (200, 0, 0))
    image.paste((0, 0, 200), (width // 2, 0, width, height))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Hofer Kamera"
    exif.get_ifd(0x8825)[1] = "N"
    target = io.BytesIO()
    image.save(
        target,
        form,
        exif=exif,
        icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    )
    return target.getvalue()


def scaled(page: Page, data: bytes) -> Image.Image:
    result = call(page, WEB, "scale", base64.b64encode(data).decode())
    assert "failure" not in result, result
    image = Image.open(io.BytesIO(base64.b64decode(result["data"])))
    assert result["type"] == "image/jpeg"
    assert image.size == (result["width"], result["height"])
    return image


def test_a_large_photo_is_scaled_and_loses_its_metadata(page: Page) -> None:
    image = scaled(page, photo(4000, 3000))
    assert image.format == "JPEG"
    assert image.size == (2048, 1536)
    assert not image.getexif()


def test_a_small_photo_is_not_made_larger(page: Page) -> None:
    assert scaled(page, photo(640, 480, form="PNG")).size == (640, 480)


def test_a_photo_taken_on_its_side_is_turned_upright(page: Page) -> None:
    image = scaled(page, photo(400, 200, orientation=6)).convert("RGB")
    assert image.size == (200, 400)
    top, bottom = image.getpixel((100, 50)), image.getpixel((100, 350))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] > 150 > top[2], "red was left and is now above"
    assert bottom[2] > 150 > bottom[0]


@pytest.mark.parametrize(
    "data",
    [b"no picture", photo(900, 600)[:5000], b"\xff\xd8\xff" + b"\0" * 500, photo(900, 600)[:600] + b"\xff\xda\0\2\0\xff\xd9"],
    ids=["text", "cut off", "empty", "broken inside"],
)  # fmt: skip
def test_what_is_no_photo_is_refused(page: Page, data: bytes) -> None:
    assert call(page, WEB, "scale", base64.b64encode(data).decode()) == {"failure": "UnreadablePhoto"}


def test_a_file_of_60_mb_is_refused_as_too_large(page: Page) -> None:
    assert call(page, WEB, "scale_large", 60 * 1024 * 1024) == "PhotoTooLarge"


def test_a_request_arrives_whole_with_its_headers_and_the_answer_is_unpacked(
    page: Page, lab: Laboratory
) -> None:
    answer = call(page, WEB, "post", f"{lab.url}echo", 512 * 1024)
    assert answer["status"] == 201
    assert (answer["said"]["length"], answer["said"]["sha256"]) == (512 * 1024, answer["sent"])
    headers = {name.lower(): value for name, value in answer["said"]["headers"].items()}
    assert (headers["upload-offset"], headers["authorization"]) == ("7", "Bearer x")
    assert "cookie" not in headers


def test_a_redirect_is_not_followed(page: Page, lab: Laboratory) -> None:
    answer = call(page, WEB, "get", f"{lab.url}redirect")
    assert (answer["status"], answer["length"]) == (307, 0)


@pytest.mark.parametrize("path", ["cut-off", "silence"])
def test_what_breaks_is_a_failure_of_httpx(page: Page, lab: Laboratory, path: str) -> None:
    expected = {"cut-off": "ConnectError", "silence": "TimeoutException"}[path]
    timeout = 20.0 if path == "cut-off" else 0.2
    assert call(page, WEB, "get", f"{lab.url}{path}", timeout) == {"failure": expected}


def test_without_network_there_is_no_connection(page: Page, lab: Laboratory, context: BrowserContext) -> None:
    context.set_offline(True)
    try:
        assert call(page, WEB, "get", lab.url) == {"failure": "ConnectError"}
    finally:
        context.set_offline(False)


def test_the_platform_knows_where_it_is(page: Page, lab: Laboratory) -> None:
    found = call(page, WEB, "surroundings")
    assert found["secure"]
    assert found["server"] == lab.url.rstrip("/")
    assert found["quota"] > 0
    assert found["utc_offset"] in (3600, 7200), "the tests' browsers are in Berlin; days are local days"


def test_the_second_tab_waits_is_told_and_goes_on_when_the_first_is_closed(
    driver: Playwright, lab: Laboratory, tmp_path: Path
) -> None:
    with persistent_context(driver, tmp_path) as context:
        first, second = lab.enter(context), lab.enter(context)
        assert call(first, WEB, "become_the_tab") is False
        # Braces: the promise must not be what `evaluate` waits for.
        second.evaluate(f"() => {{ window.waiting = window.call('{WEB}', 'become_the_tab', '[]'); }}")
        second.wait_for_function(
            f"window.call('{WEB}', 'tell_when_waiting', '[]').then((text) => text === 'true')"
        )
        first.close()
        assert second.evaluate("() => window.waiting") == "true"
