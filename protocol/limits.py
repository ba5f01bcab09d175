"""Every size and duration that both sides must agree on, in one place with its reason."""

from datetime import date, timedelta

MAX_PUSH_BYTES = 4 * 1024 * 1024
"""Body of one push in bytes. 500 changes of 1 KB are 0.5 MB: room for long texts, no room for abuse."""

MAX_PUSH_CHANGES = 500
"""Changes in one push. One transaction of this size holds the database for well under a second."""

MAX_TEXT = 20_000
"""Characters in one text of an observation: about eight printed pages."""

MAX_SHORT_TEXT = 500
"""Characters in a next step, a caption."""

MAX_PURPOSE = 200
"""Characters of what a visit is for: a line in a list."""

MAX_PREPARATION = 12
"""Points of the preparation of a visit: more nobody ticks in a car."""

MAX_VERSIONS_APART = 20
"""Versions of one thing that one choice can settle; more tablets than that nobody carries."""

MAX_KIND_NAME = 30
"""Characters of a kind's name: two lines of a tile."""

MAX_LIVES = 200
"""Types of machines of which a firm says how long they last."""

MAX_LIFE = 99
"""Years that a machine may last."""

MAX_PHOTOS = 20
"""Photos of one observation."""

MAX_ANSWERS = 40
"""Answers of one observation: twice as many as a kind may ask, for those of a template that has changed since."""

MAX_QUESTIONS = 20
"""Questions of one kind. Nobody answers more beside a running machine; the product's own template asks up to five."""

MAX_CHOICES = 20
"""Possibilities of one question: more do not fit on a screen."""

MAX_PHOTO_BYTES = 25 * 1024 * 1024
"""Bytes of one photo. The tablet scales to 2048 pixels first (about 1 MB); natively it may send more."""

MAX_VOICE_SECONDS = 300
"""Seconds of one voice note: what inside sales will listen to. The tablet ends a recording there."""

MAX_VOICE_BYTES = 8 * 1024 * 1024
"""Bytes of one voice note. Five minutes of Opus at 32 kbit/s are 1.2 MB; Safari's AAC needs up to four times that."""

MAX_VOICE_NOTES = 5
"""Voice notes of one observation."""

MAX_SIGNATURES = 5
"""Signatures of one observation: one for each question that wants one, and no form wants more."""

MAX_SIGNATURE_BYTES = 64 * 1024
"""Bytes of the picture of a signature. The tablet makes 2 to 6 kB of it; a scribble that fills the field 40 kB."""

MAX_UPLOAD_CHUNK = 512 * 1024
"""Bytes in one PATCH of the tablet: a lost connection costs at most this much (rule S14)."""

PULL_PAGE = 500
"""Documents in a page of a pull when the tablet does not ask otherwise."""

MAX_PULL_PAGE = 1_000
"""Documents in a page of a pull at most."""

PAIRING_CODE_LENGTH = 8
PAIRING_CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No 0, O, 1, I: codes are read from a screen and typed with gloves."""

PAIRING_VALID = timedelta(minutes=15)
"""How long a pairing code can be redeemed."""

TOKEN_VALID = timedelta(days=180)
"""How long a tablet may stay away before it must be paired again; every contact renews it."""

TOMBSTONES_KEPT = timedelta(days=400)
"""Longer than any token lives, so that no tablet that may still read misses a deletion (rule S11)."""

CONFIRMED_KEPT = timedelta(days=30)
"""How long a tablet keeps confirmed changes, to offer them again to a restored server (rule S13)."""

EARLIEST_DATE = date(2000, 1, 1)
LATEST_DATE = date(2100, 1, 1)
"""Dates outside are typing mistakes or broken clocks, never an observation of this product."""
