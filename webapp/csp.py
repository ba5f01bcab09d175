"""The Content-Security-Policy of the web app: nothing is loaded from, and nothing is sent to, another origin."""

from collections.abc import Iterable


def page_policy(inline_script_hashes: Iterable[str]) -> str:
    """The policy of the page. Hashes are the Base64 SHA-256 of the scripts that Flet writes into index.html.

    `wasm-unsafe-eval` lets CanvasKit compile; `unsafe-inline` for styles because Flutter positions its elements by
    inline style; `blob:` and `data:` carry pictures and sounds that exist on the tablet only.
    """
    hashes = " ".join(f"'sha256-{digest}'" for digest in inline_script_hashes)
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'wasm-unsafe-eval' {hashes}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' blob: data:",
            "media-src 'self' blob: data:",
            "font-src 'self' data:",
            "connect-src 'self' blob: data:",
            "worker-src 'self' blob:",
            "manifest-src 'self'",
            "base-uri 'self'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )


def worker_policy(*, python: bool) -> str:
    """The policy of a worker's script.

    The Python worker alone may evaluate JavaScript: Pyodide turns Python's access to the browser into it
    (`pyodide.code.run_js`, functions in extension modules). It has no document and reaches this origin only.
    """
    scripts = "script-src 'self' 'wasm-unsafe-eval' 'unsafe-eval'" if python else "script-src 'self'"
    return "; ".join(("default-src 'none'", scripts, "connect-src 'self' blob: data:", "worker-src 'none'"))
