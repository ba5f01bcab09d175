"""What is a whole picture, and what is left of its metadata: held against Pillow's own files."""

import io

import pytest
from flet_camera import Camera, CameraDescription, CameraLensDirection
from PIL import Image, ImageOps

from app.device.camera import Viewfinder
from app.device.errors import PhotoTooLarge, UnreadablePhoto
from app.device.native import take_photo
from app.device.pictures import examine, unmirrored, without_metadata
from protocol.limits import MAX_PHOTO_BYTES

GPS = 0x8825


def picture(form: str, orientation: int | None = None, **options: object) -> bytes:
    image = Image.radial_gradient("L").resize((320, 200)).convert("RGB")
    exif = Image.Exif()
    if orientation is not None:
        exif[0x0112] = orientation
        exif[0x010F] = "Hofer Kamera"
        exif.get_ifd(GPS)[1] = "N"
        options["exif"] = exif
    target = io.BytesIO()
    image.save(target, form, **options)
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (picture("JPEG"), "image/jpeg"),
        (picture("JPEG", progressive=True), "image/jpeg"),
        (picture("PNG"), "image/png"),
        (picture("WEBP"), "image/webp"),
        (picture("WEBP", lossless=True), "image/webp"),
        (picture("WEBP", orientation=6), "image/webp"),
    ],
)
def test_kind_and_size_are_read(data: bytes, media_type: str) -> None:
    found = examine(data)
    assert (found.media_type, found.width, found.height) == (media_type, 320, 200)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.9])
def test_a_picture_that_was_cut_off_is_none(form: str, share: float) -> None:
    data = picture(form)
    with pytest.raises(UnreadablePhoto):
        examine(data[: int(len(data) * share)])


@pytest.mark.parametrize(
    "data", [b"", b"<html>", b"GIF89a" + b"x" * 99, b"\xff\xd8\xff\xe0", b"%PDF-1.7", b"RIFF1234WEBPVP8?"]
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadablePhoto):
        examine(data)


def test_a_phone_that_appends_more_after_the_picture_is_believed() -> None:
    assert examine(picture("JPEG") + b"MotionPhoto_Data" * 1000).width == 320


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_only_which_way_up_is_left_of_the_metadata(orientation: int) -> None:
    data = picture("JPEG", orientation=orientation, comment=b"geheim")
    clean = without_metadata(data)
    exif = Image.open(io.BytesIO(clean)).getexif()
    assert exif.get(0x0112, 1) == orientation
    assert set(exif) <= {0x0112}
    assert not exif.get_ifd(GPS)
    assert b"Hofer" not in clean
    assert b"geheim" not in clean
    before, after = (Image.open(io.BytesIO(each)).convert("RGB").tobytes() for each in (data, clean))
    assert before == after, "the picture itself is untouched"


def test_what_a_mirror_shows_is_drawn_as_it_stood_and_no_pixel_is_encoded_again() -> None:
    data = picture("JPEG")
    turned = unmirrored(data)
    assert turned.endswith(data[2:])
    drawn = ImageOps.exif_transpose(Image.open(io.BytesIO(turned)))
    stood = ImageOps.mirror(Image.open(io.BytesIO(data)))
    assert drawn.tobytes() == stood.tobytes()
    assert (examine(turned).width, examine(turned).height) == (320, 200)


@pytest.mark.parametrize(
    "data", [picture("JPEG", orientation=6), picture("PNG")], ids=["said already", "PNG"]
)
def test_what_says_which_way_up_it_is_and_what_is_no_jpeg_is_left_alone(data: bytes) -> None:
    assert unmirrored(data) == data


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("web", "direction", "turned"),
    [
        (True, CameraLensDirection.EXTERNAL, True),
        (True, CameraLensDirection.FRONT, True),
        (True, CameraLensDirection.BACK, False),
        (False, CameraLensDirection.FRONT, False),
    ],
)
async def test_writing_can_be_read_in_the_picture_of_every_camera(
    monkeypatch: pytest.MonkeyPatch, web: bool, direction: CameraLensDirection, turned: bool
) -> None:
    data = picture("JPEG")

    async def cameras(_: Camera) -> list[CameraDescription]:
        return [CameraDescription("one", direction, 0)]

    async def on(*_: object, **__: object) -> None:
        return None

    async def shutter(_: Camera) -> bytes:
        return data

    monkeypatch.setattr(Camera, "get_available_cameras", cameras)
    monkeypatch.setattr(Camera, "initialize", on)
    monkeypatch.setattr(Camera, "take_picture", shutter)
    viewfinder = Viewfinder(web=web)
    await viewfinder.start()
    assert await viewfinder.take() == (unmirrored(data) if turned else data)
    assert unmirrored(data) != data


@pytest.mark.anyio
async def test_a_photo_that_is_too_large_is_refused_with_its_size() -> None:
    data = picture("JPEG") + bytes(MAX_PHOTO_BYTES)
    with pytest.raises(PhotoTooLarge) as raised:
        await take_photo(data)
    assert raised.value.limit == MAX_PHOTO_BYTES
