"""Security headers of every page: no foreign content, no inline script or style, no frame, no sniffing."""

from starlette.responses import Response

from sync_server.settings import Settings

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self' data:",
        "media-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "manifest-src 'self'",
    )
)


def secured(response: Response, settings: Settings) -> Response:
    """The response with its headers; what it has set itself stays.

    The referrer policy is `same-origin` and not `no-referrer`: with the latter browsers send
    `Origin: null` with our own forms, which then could not be told from foreign ones.
    """
    headers = response.headers
    headers.setdefault("Content-Security-Policy", _POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    headers.setdefault("Cache-Control", "no-store")
    if settings.secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response
