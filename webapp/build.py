"""`python -m webapp.build`: the installable offline web app, in build/web/. Does nothing if nothing has changed."""

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

from webapp import fingerprint
from webapp.failures import BuildFailed
from webapp.layout import (
    APP_ASSETS,
    BUILD_RECORD,
    EMPTY,
    EMPTY_OUTPUT,
    EXTRA_ROBOTO,
    FALLBACK_FONT,
    FONTS,
    ICONS,
    OUTPUT,
    ROOT,
    RUNDGANG,
    WEB_CLIENT_LOCK,
    WEB_LOCK,
    Source,
)


def main(arguments: list[str] | None = None) -> int:
    """Build what the command line asks for; the exit status is 0 or, with a sentence on stderr, 1."""
    parser = argparse.ArgumentParser(prog="python -m webapp.build", description=__doc__)
    parser.add_argument(
        "--empty", action="store_true", help="build the empty app that the start is measured against"
    )
    parser.add_argument("--out", type=Path, help="output folder (default: build/web, or build/web-empty)")
    parser.add_argument("--force", action="store_true", help="build even if nothing has changed")
    options = parser.parse_args(arguments)
    source = EMPTY if options.empty else RUNDGANG
    output = options.out or (EMPTY_OUTPUT if options.empty else OUTPUT)
    try:
        build(source, output, force=options.force)
    except BuildFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"Die Web-App konnte nicht geschrieben werden: {error}", file=sys.stderr)
        print(f"The web app could not be written: {error}", file=sys.stderr)
        return 1
    return 0


def build(source: Source, output: Path, *, force: bool = False) -> bool:
    """Bring `output` up to date with its sources. Returns whether there was anything to do.

    Raises BuildFailed, and OSError when the disk is full or not writable; `output` is then what it was before.
    """
    inputs = inputs_of(source)
    if not force and _inputs_built(output) == inputs:
        return False
    # Imported when there is something to build: Flet and Babel would double the time of a check.
    from webapp import archive, client, code_reader, packages, release

    web_client = packages.web_client()
    web_packages = packages.web_packages()
    reader = code_reader.code_reader() if source.reads_codes else None
    output.parent.mkdir(parents=True, exist_ok=True)
    # Beside the output, hence on the same disk: the finished folder takes the old one's place at once.
    staging = Path(tempfile.mkdtemp(prefix=f".{output.name}-", dir=output.parent))
    try:
        client.assemble(staging, source, web_client, reader)
        archive.write(staging / "app.tar.gz", source, web_packages)
        # Without the reader the build is not what its sources say: the next one tries again.
        complete = reader is not None or not source.reads_codes
        record = release.release(staging, inputs if complete else f"{inputs} without code reader")
        staging.chmod(0o755)
        if output.exists():
            shutil.rmtree(output)
        staging.rename(output)
    finally:
        if staging.exists():
            shutil.rmtree(staging)
    size = record.install_bytes / 1_000_000
    print(f"{_shown(output)}: version {record.version}, {size:.1f} MB to install")
    return True


def inputs_of(source: Source) -> str:
    """The hash of everything that a build depends on."""
    fonts = [FONTS / name for name in (*(name for name, _ in EXTRA_ROBOTO), FALLBACK_FONT)]
    shown = [ICONS, *fonts, *([APP_ASSETS] if APP_ASSETS.is_dir() else [])]
    made_by = [ROOT / "webapp", ROOT / "scripts" / "catalogs.py", WEB_LOCK, WEB_CLIENT_LOCK]
    roots = [*source.packages, *shown, *made_by]
    return fingerprint.of_sources(roots, settings=f"{source.main_module} {source.only}")


def _inputs_built(output: Path) -> str | None:
    try:
        record = json.loads((output / BUILD_RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return record.get("inputs") if isinstance(record, dict) else None


def _shown(path: Path) -> Path:
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


if __name__ == "__main__":
    sys.exit(main())
