"""What the domain says when it does not do what was asked: a problem of the catalogue."""

from protocol.problems import Code, FieldError


class Refused(Exception):
    """The request was understood and is refused, for this reason.

    Attributes:
        code: the problem.
        detail: more about this case, in English; never personal data.
        errors: where in the sent document something is wrong.
        headers: what the HTTP answer carries in addition.
    """

    def __init__(
        self,
        code: Code,
        *,
        detail: str = "",
        errors: tuple[FieldError, ...] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(code.value)
        self.code = code
        self.detail = detail
        self.errors = errors
        self.headers = headers or {}
