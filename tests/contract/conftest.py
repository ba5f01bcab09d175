"""Coroutine tests run on asyncio alone: it is what Flet and Pyodide have."""

import pytest


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
