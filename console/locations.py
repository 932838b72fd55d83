"""One location: what is there, and its numbers day by day."""

from flask.typing import ResponseReturnValue

from console.pages import page, show
from console.places import the_location


@page("/places/locations/<code>")
def location(code: str) -> ResponseReturnValue:
    return show("location.html", location=the_location(code))
