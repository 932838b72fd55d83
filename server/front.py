"""The address alone leads to where most who type it want to go."""

from flask import Blueprint, redirect
from flask.typing import ResponseReturnValue

from core.http import Cache, door

blueprint = Blueprint("front", __name__)


@blueprint.get("/")
@door("public", guard=None, cache=Cache.NO_STORE)
def front() -> ResponseReturnValue:
    """To the console; travellers and screens have addresses of their own."""
    return redirect("/console")
