"""The reverse proxy that the tests put before the server, and the tool that makes a browser trust it."""

from scripts import debian

# Command and Debian's package.
TOOLS = {"caddy": "caddy", "certutil": "libnss3-tools"}


def ensure_proxy() -> None:
    """Install what is missing if we may. Raises StepFailed otherwise."""
    debian.ensure_commands(TOOLS)
