"""Content hashes: of the inputs (is a build needed?) and of the outputs (which version is this?)."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

IGNORED_FOLDERS = frozenset({"__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"})
# Compiled catalogues are made from the .po files beside them, hence not inputs of their own.
IGNORED_SUFFIXES = frozenset({".pyc", ".pyo", ".mo"})


def files_below(folder: Path) -> list[Path]:
    """Every file of a source folder that counts, in a stable order."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and path.suffix not in IGNORED_SUFFIXES
        and IGNORED_FOLDERS.isdisjoint(path.relative_to(folder).parts)
    )


def of_sources(roots: Iterable[Path], *, settings: str) -> str:
    """SHA-256 over names and contents of files and folders, and over the settings of the build."""
    digest = hashlib.sha256(settings.encode())
    for root in roots:
        for path in files_below(root) if root.is_dir() else [root]:
            name = f"{root.name}/{path.relative_to(root).as_posix()}"
            digest.update(f"\0{name}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def of_file(path: Path) -> str:
    """SHA-256 of one file's content, as hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def of_listing(listing: dict[str, str]) -> str:
    """SHA-256 of a listing (path to SHA-256 of the content): the identity of a whole version."""
    digest = hashlib.sha256()
    for path, content in sorted(listing.items()):
        digest.update(f"{path}\0{content}\n".encode())
    return digest.hexdigest()
