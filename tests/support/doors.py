"""A quick door and the view behind it, asked the same thing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask

from core.quick import Quick


class BothDoors:
    """`left` counts what the quick door left to the view."""

    def __init__(self, app: Flask) -> None:
        assert isinstance(app.wsgi_app, Quick)
        self.app, self.quick = app, app.wsgi_app
        self.left = 0

    @contextmanager
    def without(self) -> Iterator[None]:
        """The view alone answers."""
        self.app.wsgi_app = self.quick.inner  # type: ignore[method-assign]
        yield
        self.app.wsgi_app = self.quick  # type: ignore[method-assign]

    @contextmanager
    def counting(self) -> Iterator[None]:
        """What is left to the view is counted."""
        inner = self.quick.inner

        def watched(environ: Any, start_response: Any) -> Any:
            self.left += 1
            return inner(environ, start_response)

        self.quick.inner = watched
        yield
        self.quick.inner = inner
