"""What can go wrong, in words a user understands, with the HTTP status it deserves (RFC 9457)."""

from collections.abc import Sequence
from typing import ClassVar

FieldError = tuple[str, str]


class Problem(Exception):
    """A refusal. ``detail`` says what was wrong and what is allowed; ``members`` are extra problem members."""

    status: ClassVar[int] = 500
    slug: ClassVar[str] = "internal"
    title: ClassVar[str] = "Something went wrong here"

    def __init__(self, detail: str = "", **members: object) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.errors: tuple[FieldError, ...] = ()
        self.retry_after_s: int | None = None
        self.members = members


class BadRequest(Problem):
    status, slug, title = 400, "bad-request", "The request cannot be read"


class Unauthorized(Problem):
    status, slug, title = 401, "unauthorized", "Sign in, or send a valid key"


class Forbidden(Problem):
    status, slug, title = 403, "forbidden", "Your role does not allow this"


class NotFound(Problem):
    status, slug, title = 404, "not-found", "There is nothing here"


class Conflict(Problem):
    status, slug, title = 409, "conflict", "This does not fit the present state"


class Gone(Problem):
    status, slug, title = 410, "gone", "This is no longer here"


class TooLarge(Problem):
    status, slug, title = 413, "too-large", "This is larger than allowed"


class WrongType(Problem):
    status, slug, title = 415, "wrong-type", "This type of content is not accepted"


class Invalid(Problem):
    """Fields are at fault: ``errors`` are pairs of field path and message."""

    status, slug, title = 422, "invalid", "Some fields are not right"

    def __init__(self, errors: Sequence[FieldError] | str, **members: object) -> None:
        if isinstance(errors, str):
            super().__init__(errors, **members)
        else:
            super().__init__("; ".join(f"{field}: {message}" for field, message in errors), **members)
            self.errors = tuple(errors)


class Limited(Problem):
    status, slug, title = 429, "limited", "Too many tries"

    def __init__(self, detail: str = "", *, retry_after_s: int) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


class Busy(Problem):
    status, slug, title = 503, "busy", "Too busy at this moment"

    def __init__(self, detail: str = "", *, retry_after_s: int = 5) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


class StorageFull(Problem):
    status, slug, title = 507, "storage-full", "The server's disk is full"
