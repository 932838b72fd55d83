"""For the installer: a gateway's settings to copy, a check of pasted ones, and a trial of a pasted redirect."""

from flask import Response
from flask.typing import ResponseReturnValue

from console.forms import Form
from console.hotspots import the_hotspot
from console.pages import must, page, show
from core.services import services
from portal import exports
from portal.house import stand_of
from portal.https import costs, recipes
from portal.installer import self_test
from portal.lint import lint
from portal.sheet import garden
from portal.sheets import sheets

MOST_PASTED = 20_000


@page("/wifi/<code>/setup", "admin")
def wifi_setup(code: str) -> ResponseReturnValue:
    return _page(code, Form())


@page("/wifi/<code>/setup", "admin", methods=["POST"])
def check_wifi_setup(code: str) -> ResponseReturnValue:
    """Nothing of what is pasted is kept."""
    return _page(code, Form.sent())


@page("/wifi/<code>/exports/<kind>", "admin")
def wifi_export(code: str, kind: str) -> ResponseReturnValue:
    """The splash as files for the gateway."""
    _found, place = the_hotspot(code)
    must("admin", place.area_path)
    made = exports.export_of(code, kind)
    named = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return Response(made.data, content_type=made.mime, headers=named)


def _page(code: str, form: Form) -> str:
    found, place = the_hotspot(code)
    must("admin", place.area_path)
    stand, settings = stand_of(code), services().settings
    portal_url = settings.portal_url
    config, redirect = form.text("config")[:MOST_PASTED], form.text("redirect")[:MOST_PASTED]
    online_url = f"{portal_url}/wifi/{code}/online?visit=trial"
    return show(
        "hotspot_setup.html",
        hotspot=found,
        location=place,
        form=form,
        sheets=sheets(code, stand.dialect, stand.gateway, portal_url),
        garden=garden(portal_url),
        costs=costs(stand.gateway, portal_url, settings.public_url),
        recipes=recipes(portal_url, settings.bind),
        findings=lint(config, code, stand.dialect, stand.gateway, portal_url) if config else None,
        trial=self_test(redirect, stand.dialect, stand.gateway, online_url) if redirect else None,
        dialect=stand.dialect,
        exports=exports.TITLES,
    )
