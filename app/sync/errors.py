"""Every way in which talking to the server can fail; foreign exceptions are mapped to these at one boundary."""

from enum import StrEnum

from protocol.problems import Problem

__all__ = ["Offline", "OfflineReason", "SyncError", "SyncProblem"]


class OfflineReason(StrEnum):
    """Why there was no answer from a Rundgang server."""

    UNREACHABLE = "unreachable"
    """No connection, or it broke."""
    TIMEOUT = "timeout"
    """Nobody answered in time."""
    NOT_OUR_SERVER = "not_our_server"
    """Somebody else answered: a captive portal, a proxy, a redirect, a cut-off body (rule S3)."""


class SyncError(Exception):
    """The synchronisation could not be finished. What waits stays in the outbox."""


class Offline(SyncError):
    """There was no answer that counts."""

    def __init__(self, reason: OfflineReason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail


class SyncProblem(SyncError):
    """The server answered with a problem of the catalogue."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.code} ({problem.status}) {problem.detail}".rstrip())
        self.problem = problem
