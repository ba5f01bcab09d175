"""Writes `app.tar.gz`: the program, its compiled catalogues and its packages, byte for byte reproducible."""

import gzip
import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

from scripts import catalogs
from webapp import fingerprint
from webapp.layout import Source
from webapp.packages import STAMP, closure

# The folder that the Python worker puts on `sys.path`.
PACKAGES_FOLDER = "__pypackages__"

# 1980-01-01, the earliest time that zip-based tools accept: archives of equal content are equal bytes.
FIXED_TIME = 315532800

Member = tuple[str, bytes]


def write(target: Path, source: Source, packages: Path) -> None:
    """Pack a source and its packages into `target`."""
    members = sorted([*program_members(source), *package_members(source, packages)])
    target.write_bytes(deterministic_tar_gz(members))


def program_members(source: Source) -> Iterator[Member]:
    """The program's own files; message catalogues are compiled on the way."""
    for package in source.packages:
        for path in fingerprint.files_below(package):
            name = f"{package.name}/{path.relative_to(package).as_posix()}"
            if path.suffix == ".po":
                yield name.removesuffix(".po") + ".mo", catalogs.compiled(path)
            elif path.suffix != ".pot":
                yield name, path.read_bytes()


def package_members(source: Source, packages: Path) -> Iterator[Member]:
    """The files of the installed packages that this source needs."""
    wanted = None if source.only is None else closure(packages, source.only)
    for path in sorted(packages.rglob("*")):
        relative = path.relative_to(packages)
        if path.is_dir() or relative.name in {STAMP, "RECORD-TOP"}:
            continue
        if wanted is None or relative.parts[0] in wanted:
            yield f"{PACKAGES_FOLDER}/{relative.as_posix()}", path.read_bytes()


def deterministic_tar_gz(members: list[Member]) -> bytes:
    """A gzipped tar archive that depends on nothing but names, contents and their order."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in members:
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            entry.mtime = FIXED_TIME
            entry.mode = 0o644
            archive.addfile(entry, io.BytesIO(content))
    return gzip.compress(packed.getvalue(), compresslevel=9, mtime=0)
