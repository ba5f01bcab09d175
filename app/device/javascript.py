"""JavaScript functions for Python in the browser's worker, each made once."""

from typing import Any

_made: dict[str, Any] = {}


def script(source: str) -> Any:
    """The function that this source is."""
    from pyodide.code import run_js

    if source not in _made:
        _made[source] = run_js(source)
    return _made[source]
