"""The first page: what is on, how the screens are, what today brought, and what to do next."""

from flask.typing import ResponseReturnValue

from console.pages import page, show


@page("/")
def overview() -> ResponseReturnValue:
    return show("overview.html")
