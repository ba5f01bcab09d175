"""Cuts out of JSON what is nested so deep that no parser reads it, so that what stands beside it can be read (S2)."""

import re
from itertools import islice

DEEPEST = 100
"""Levels that stay: the documents of the protocol have fewer than ten, and every parser here reads twice as many."""

_MOST = 400_000
"""Texts and runs of brackets that are looked at: more than the largest push has, and half a second at most."""

# Strings whole, so that a bracket in a text is no bracket; brackets in runs. Nothing in it is tried twice.
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[\[{]++|[\]}]++', re.DOTALL)


def without_depths(body: bytes) -> bytes:
    """The same text with `null` in place of each list or object that lies deeper than DEEPEST.

    Only counts brackets: what was no JSON before is none afterwards, unless the fault lies in what is cut out.
    A text with more brackets and strings than any push has stays too deep, or ends too early.
    """
    kept: list[bytes] = []
    depth = begin = 0
    for token in islice(_TOKEN.finditer(body), _MOST):
        place, count = token.start(), token.end() - token.start()
        if body[place] in b"[{":
            if depth <= DEEPEST < depth + count:
                kept += [body[begin : place + DEEPEST - depth], b"null"]
            depth += count
        elif body[place] in b"]}":
            if depth > DEEPEST >= depth - count:
                begin = place + depth - DEEPEST
            depth -= count
    # What was opened below and never closed reaches to the end.
    return b"".join(kept) if depth > DEEPEST else b"".join([*kept, body[begin:]])
