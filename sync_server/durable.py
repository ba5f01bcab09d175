"""Names that are on disk: a new, moved or removed file is so only when its folder was flushed (fsync(2))."""

import os
from pathlib import Path


def flush_folder(folder: Path) -> None:
    """Return when the names in this folder are on disk. Raises OSError."""
    descriptor = os.open(folder.absolute(), os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
