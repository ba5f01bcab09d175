"""`python -m scripts <chore>`: what the Makefile calls. Understood by any Python 3, so that an old one is told so."""

import sys

MINIMUM = (3, 11)


def refuse_old_python(version: "tuple[int, ...]") -> "str | None":
    """The sentences for a Python that is too old, or None for one that is new enough."""
    if tuple(version[:2]) >= MINIMUM:
        return None
    found = ".".join(str(part) for part in version[:3])
    return (
        f"Python 3.11 oder neuer wird gebraucht, gefunden: {found}. Neuere Fassung installieren "
        "und mit make PYTHON=/pfad/zu/python3.12 noch einmal starten.\n"
        f"Python 3.11 or newer is needed, found: {found}. Install a newer one "
        "and run again with make PYTHON=/path/to/python3.12."
    )


if __name__ == "__main__":
    refusal = refuse_old_python(tuple(sys.version_info[:3]))
    if refusal:
        sys.stderr.write(refusal + "\n")
        sys.exit(1)
    from scripts.chores import main

    sys.exit(main(sys.argv[1:]))
