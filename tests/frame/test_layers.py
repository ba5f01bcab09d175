"""Dependencies point inwards: who may import whom, read from the source."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Where the tablet's user interface framework may be known at all.
MAY_IMPORT_FLET = ("app/ui/", "app/state/", "app/device/", "app/main.py")


def imports_of(source: str, package: str) -> Iterator[str]:
    """Every module that a source imports, relative imports resolved against `package`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                base = package.split(".")[: len(package.split(".")) - node.level + 1]
                yield ".".join([*base, *([node.module] if node.module else [])])
            else:
                yield node.module or ""


def imports_below(folder: str) -> list[tuple[str, str]]:
    """(file, imported module) for every import below a folder of the checkout."""
    found = []
    for path in sorted((ROOT / folder).rglob("*.py")):
        name = path.relative_to(ROOT)
        package = ".".join(name.parent.parts)
        found += [
            (name.as_posix(), module) for module in imports_of(path.read_text(encoding="utf-8"), package)
        ]
    return found


def top(module: str) -> str:
    return module.split(".", maxsplit=1)[0]


def test_the_protocol_knows_pydantic_and_the_standard_library_only() -> None:
    allowed = {"protocol", "pydantic", "pydantic_core", "annotated_types", "typing_extensions"}
    foreign = [
        (file, module)
        for file, module in imports_below("protocol")
        if top(module) not in allowed and top(module) not in sys.stdlib_module_names
    ]
    assert imports_below("protocol")
    assert foreign == []


@pytest.mark.parametrize(
    ("folder", "forbidden"),
    [
        ("app", {"sync_server", "webapp", "scripts", "bench", "tests"}),
        ("sync_server", {"app", "webapp", "scripts", "bench", "tests", "flet", "flet_web", "fastapi"}),
        ("protocol", {"app", "sync_server", "webapp"}),
        ("webapp", {"app", "sync_server", "tests", "bench"}),
        ("scripts", {"app"}),
    ],
)
def test_no_layer_imports_one_that_is_not_below_it(folder: str, forbidden: set[str]) -> None:
    found = imports_below(folder)
    assert found
    assert [(file, module) for file, module in found if top(module) in forbidden] == []


def test_flet_is_known_in_ui_state_and_device_only() -> None:
    offenders = [
        file
        for file, module in imports_below("app")
        if top(module) in {"flet", "flet_camera"} and not file.startswith(MAY_IMPORT_FLET)
    ]
    assert offenders == []


def test_inside_the_app_storing_and_synchronizing_know_no_screens() -> None:
    inner = [*imports_below("app/store"), *imports_below("app/sync")]
    assert inner
    assert [(file, module) for file, module in inner if module.startswith(("app.ui", "app.state"))] == []


def test_relative_imports_are_resolved() -> None:
    source = "from . import a\nfrom .b import c\nfrom ..d import e\nimport f.g"
    assert list(imports_of(source, "app.store")) == ["app.store", "app.store.b", "app.d", "f.g"]
