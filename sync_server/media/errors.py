"""What may go wrong with the store of photos, in the project's own words."""

from enum import StrEnum

from sync_server.store import Busy, StorageFull, StoreError


class MediaUnreachable(Busy):
    """The store of photos does not answer, or has too much to do: try again."""


class MediaFull(StorageFull):
    """The store of photos has no room or a quota is used up; nothing was stored."""


class Reason(StrEnum):
    """Why the store of photos does not do what is asked of it; an administrator has to see to it."""

    ADDRESS = "MEDIA_URL, the endpoint or the region does not fit"
    DRIVER = "the client for S3 is missing: pip install 'rundgang[s3]'"
    NO_CREDENTIALS = "there are no credentials: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY"
    WRONG_CREDENTIALS = "the store does not know these credentials, or they have expired"
    CLOCK = "this machine's clock differs too much from the store's"
    DENIED = "these credentials may not do that: the account needs to list, read, write and delete"
    NO_BUCKET = "there is no such bucket"
    OTHER = "the store refused for a reason of its own"


class MediaRefused(StoreError):
    """The store of photos answers, and does not do it; what is sent stays on the tablet meanwhile.

    Attributes:
        reason: why.
        said: the store's own code, for whoever looks it up.
    """

    def __init__(self, reason: Reason, said: str = "") -> None:
        super().__init__(f"{reason.value} ({said})" if said else reason.value)
        self.reason = reason
        self.said = said


class DamagedBlob(StoreError):
    """What the store of photos gave back is not what its SHA-256 says."""
