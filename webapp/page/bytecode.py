"""Compiles what Python would otherwise compile at every start of the app: the standard library and the app's archive.

Runs once per version on the tablet itself, in a worker of its own (bytecode_worker.js), because only the Python that
is bundled with Pyodide writes the bytecode that it reads. The sources are replaced: a module's `.pyc` stands where
its `.py` stood, which Python imports without looking for a source.
"""

import gzip
import importlib.util
import io
import marshal
import tarfile
import zipfile

# PEP 552: the file is named by its source's hash, which is not to be looked at.
UNCHECKED_HASH = (0b01).to_bytes(4, "little")


def compiled_zip(packed: bytes, place: str) -> bytes:
    """A zip archive of modules, compiled; `place` is the path that tracebacks name it by.

    Stored, not deflated: it is read at every start and never travels.
    """
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(packed)) as source,
        zipfile.ZipFile(result, "w", zipfile.ZIP_STORED) as target,
    ):
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(compiled_name(name)), compiled(name, source.read(name), place))
    return result.getvalue()


def compiled_tar(packed: bytes, place: str) -> bytes:
    """A gzipped tar archive of modules, compiled, as a plain tar archive."""
    if packed[:2] == b"\x1f\x8b":
        packed = gzip.decompress(packed)
    result = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(packed)) as source,
        tarfile.open(fileobj=result, mode="w", format=tarfile.USTAR_FORMAT) as target,
    ):
        for member in source.getmembers():
            content = source.extractfile(member)
            if content is None:
                continue
            data = compiled(member.name, content.read(), place)
            entry = tarfile.TarInfo(compiled_name(member.name))
            entry.size = len(data)
            target.addfile(entry, io.BytesIO(data))
    return result.getvalue()


def compiled_name(name: str) -> str:
    """`a/b.py` becomes `a/b.pyc`; other files keep their name."""
    return f"{name}c" if name.endswith(".py") else name


def compiled(name: str, content: bytes, place: str) -> bytes:
    """A module's bytecode as a .pyc file that is never checked against a source; other files as they are.

    A module that cannot be compiled (a template, say) is one that is never imported: it is kept as it is.
    """
    if not name.endswith(".py"):
        return content
    code = compile(content, f"{place}/{name}", "exec", dont_inherit=True)
    return (
        importlib.util.MAGIC_NUMBER
        + UNCHECKED_HASH
        + importlib.util.source_hash(content)
        + marshal.dumps(code)
    )
