"""Every way in which a photo cannot be taken in, or a code in it not be read."""

__all__ = [
    "CodesUnavailable",
    "PhotoError",
    "PhotoNotEdited",
    "PhotoTooLarge",
    "TooManyPixels",
    "UnreadablePhoto",
]


class PhotoError(Exception):
    """A file cannot become a photo of an observation."""


class UnreadablePhoto(PhotoError):
    """The file is no readable JPEG, PNG or WebP, or it is cut off."""


class PhotoTooLarge(PhotoError):
    """The file is larger than allowed and could not be made smaller.

    Attributes:
        size: bytes of the file.
        limit: bytes allowed.
    """

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(f"{size} bytes, at most {limit}")
        self.size = size
        self.limit = limit


class CodesUnavailable(Exception):
    """The reader of codes cannot be loaded: the app was built without it, or it is not on the tablet yet."""


class PhotoNotEdited(PhotoError):
    """What a person did to a photo could not be done to its pixels. The photo is as it was."""


class TooManyPixels(PhotoError):
    """The picture has more pixels than this device can take into its memory to make it smaller.

    Attributes:
        megapixels: of the picture, rounded up.
        limit: megapixels that can be made smaller here.
    """

    def __init__(self, megapixels: int, limit: int) -> None:
        super().__init__(f"{megapixels} megapixels, at most {limit}")
        self.megapixels = megapixels
        self.limit = limit
