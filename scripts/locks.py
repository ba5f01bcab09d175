"""Regenerates the lock files in requirements/ (`make locks`).

Every lock names exact versions with their SHA-256 and no download address, so that it works with any package
index the person has configured. `run`, `dev`, `postgres` and `s3` (what a server on PostgreSQL, or with its
photos in S3, needs besides `run`), `web-client`, `node` and `pip` are resolved by uv for every supported Python at once;
`web` is resolved by pip, because only pip selects wheels for Pyodide's platform tag.
"""

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable
from pathlib import Path

from webapp.packages import PYODIDE_WHEELS

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "requirements"

# The first pip that knows the platform tag of Pyodide's wheels (PEP 783).
PIP_REQUIREMENT = "pip>=26.3"


def main() -> int:
    """Write every lock anew and say which changed."""
    before = {path.name: path.read_bytes() for path in LOCKS.glob("*.txt")}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    tablet: list[str] = project["project"]["dependencies"]
    server: list[str] = [*tablet, *_extra(project, "server")]
    build_system: list[str] = project["build-system"]["requires"]
    postgres, s3 = _extra(project, "postgres"), _extra(project, "s3")
    groups: dict[str, list[str]] = project["dependency-groups"]

    _lock_with_uv("pip", [PIP_REQUIREMENT])
    _lock_with_uv("run", [*server, *build_system])
    _lock_with_uv("postgres", postgres, same_versions_as="run")
    _lock_with_uv("s3", s3, same_versions_as="run")
    _lock_with_uv("dev", [*server, *postgres, *s3, *build_system, *groups["dev"]], same_versions_as="run")
    # Without its dependencies: they are FastAPI and a server that the sync server must never import.
    _lock_with_uv("web-client", groups["web-client"], same_versions_as="run", dependencies=False)
    _lock_with_uv("node", groups["node"], dependencies=False)
    _lock_web(tablet)

    for path in sorted(LOCKS.glob("*.txt")):
        state = "unchanged" if before.get(path.name) == path.read_bytes() else "written"
        print(f"{path.relative_to(ROOT)}: {state}")
    return 0


def _extra(project: dict[str, dict[str, dict[str, list[str]]]], name: str) -> list[str]:
    return project["project"]["optional-dependencies"][name]


def _lock_with_uv(
    name: str, requirements: Iterable[str], *, same_versions_as: str | None = None, dependencies: bool = True
) -> None:
    lock = LOCKS / f"{name}.txt"
    command = [sys.executable, "-m", "uv", "pip", "compile", "-", "--quiet"]
    command += ["--universal", "--python-version=3.11", "--generate-hashes"]
    command += ["--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate"]
    command += [f"--output-file={lock}"]
    if same_versions_as:
        command += [f"--constraints={LOCKS / f'{same_versions_as}.txt'}"]
    if not dependencies:
        command += ["--no-deps"]
    subprocess.run(command, input="\n".join(requirements), text=True, check=True, cwd=ROOT)


def _lock_web(requirements: Iterable[str]) -> None:
    """Resolve the tablet's packages for Pyodide, at the versions that the desktop and the tests use."""
    with tempfile.TemporaryDirectory() as folder:
        constraints = Path(folder) / "constraints.txt"
        constraints.write_text(pinned_versions(LOCKS / "run.txt"), encoding="utf-8")
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"]
        command += [f"--target={folder}/unused", f"--report={report}", f"--constraint={constraints}"]
        subprocess.run([*command, *PYODIDE_WHEELS, *requirements], check=True, cwd=ROOT)
        installs = json.loads(report.read_text(encoding="utf-8"))["install"]
    lines = []
    for install in installs:
        name = re.sub(r"[-_.]+", "-", install["metadata"]["name"]).lower()
        digest = install["download_info"]["archive_info"]["hashes"]["sha256"]
        lines.append(f"{name}=={install['metadata']['version']} \\\n    --hash=sha256:{digest}\n")
    (LOCKS / "web.txt").write_text("".join(sorted(lines)), encoding="utf-8")


def pinned_versions(lock: Path) -> str:
    """The `name==version` lines of a lock, without hashes, usable as pip constraints."""
    pins = re.findall(r"^([A-Za-z0-9._-]+==[^\s;\\]+)", lock.read_text(encoding="utf-8"), re.MULTILINE)
    return "\n".join(pins) + "\n"


if __name__ == "__main__":
    sys.exit(main())
