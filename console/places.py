"""Areas as a tree, locations, and one location's numbers day by day."""

from datetime import datetime

from flask import g, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from console import area_tree, location_forms
from console.changes import Line, change
from console.forms import Form
from console.pages import again, done, must, page, see, show
from console.paging import paged
from core.errors import NotFound
from core.i18n import gettext as _
from core.paths import ROOT
from core.services import services
from places import actions, queries
from places.models import Area, Location


@page("/places")
def places() -> ResponseReturnValue:
    """The areas of this person as a tree, and the locations in the one that is chosen."""
    scope, search = g.principal.scope("viewer"), request.args.get("search", "").strip()
    with services().db.read() as db:
        areas = queries.areas(db, scope)
        chosen = _chosen(areas, request.args.get("area", ""))
        found = queries.locations(
            db, [chosen.path] if chosen else scope, search=search, closed="closed" in request.args
        )
    return show(
        "places.html",
        tree=area_tree.tree(areas),
        area=chosen,
        form=Form({"search": search, "area": chosen.code if chosen else ""}),
        page=paged(found),
        area_options=area_tree.area_options(areas),
        none_at_all=not areas,
    )


def _chosen(areas: list[Area], code: str) -> Area | None:
    return next((area for area in areas if area.code == code), None)


# -- areas


@page("/places/areas/new", "admin")
def new_area() -> ResponseReturnValue:
    form = Form({"parent": request.args.get("parent", ""), "kind": "commune"})
    return show("area_form.html", form=form, area=None, **location_forms.area_lists())


@page("/places/areas/new", "admin", methods=["POST"])
def create_area() -> ResponseReturnValue:
    form = Form.sent()
    facts, code, parent = location_forms.area_facts(form), form.text("code"), form.maybe("parent")

    must("admin", _path(parent))

    def create(db: Session, now: datetime) -> Area:
        return actions.create_area(db, code=code, parent=parent, now=now, **facts)

    made = form.attempt(lambda: change(create, lambda made: _line("create", made)))
    if made is None:
        return again("area_form.html", form, area=None, **location_forms.area_lists())
    return done(_("%(name)s has been added.", name=made.name), "places", area=made.code)


@page("/places/areas/<code>/edit", "admin")
def edit_area(code: str) -> ResponseReturnValue:
    area = _area(code)
    must("admin", area.path)
    return show("area_form.html", form=location_forms.of_area(area), area=area, **location_forms.area_lists())


@page("/places/areas/<code>/edit", "admin", methods=["POST"])
def update_area(code: str) -> ResponseReturnValue:
    area, form = _area(code), Form.sent()
    must("admin", area.path)
    facts, parent = location_forms.area_facts(form, area.settings), form.maybe("parent")
    moves = "parent" in request.form and parent != area.parent_code
    if moves:
        must("admin", _path(area.parent_code))
        must("admin", _path(parent))

    def update(db: Session, now: datetime) -> Area:
        if moves:
            actions.move_area(db, code, parent, now=now)
        return actions.update_area(db, code, facts, now=now)

    saved = form.attempt(lambda: change(update, lambda saved: _line("move" if moves else "update", saved)))
    if saved is None:
        return again("area_form.html", form, area=area, **location_forms.area_lists())
    return done(_("%(name)s has been saved.", name=saved.name), "places", area=code)


@page("/places/areas/<code>/close", "admin", methods=["POST"])
def close_area(code: str) -> ResponseReturnValue:
    area, form = _area(code), Form.sent()
    must("admin", area.path)
    closed = form.attempt(lambda: change(lambda db, now: actions.close_area(db, code, now=now), _line("close", area)))
    if closed is None:
        form = location_forms.of_area(area, form.errors)
        return again("area_form.html", form, area=area, **location_forms.area_lists())
    return done(_("%(name)s is closed.", name=area.name), "places")


def _line(verb: str, area: Area) -> Line:
    return Line(f"area.{verb}", "area", area.code, area.path, {"name": area.name})


def _area(code: str) -> Area:
    with services().db.read() as db:
        found = queries.area(db, code)
    if found is None:
        raise NotFound(_("It does not exist, or it lies outside your area."))
    see(found.path)
    return found


# -- locations


@page("/places/locations/new", "admin")
def new_location() -> ResponseReturnValue:
    form = Form({"area": request.args.get("area", ""), "audience_multiplier": 1})
    return show("location_form.html", form=form, location=None, **location_forms.choices())


@page("/places/locations/new", "admin", methods=["POST"])
def create_location() -> ResponseReturnValue:
    form = Form.sent()
    form.require("area", "venue_kind")
    facts, code = location_forms.location_facts(form), form.text("code")
    must("admin", _path(facts["area"]))

    def create(db: Session, now: datetime) -> Location:
        return actions.create_location(db, code=code, now=now, **facts)

    made = form.attempt(lambda: change(create, lambda made: _said("create", made)))
    if made is None:
        return again("location_form.html", form, location=None, **location_forms.choices())
    return done(_("%(name)s has been added.", name=made.name), "location", code=made.code)


@page("/places/locations/<code>/edit", "admin")
def edit_location(code: str) -> ResponseReturnValue:
    location = the_location(code)
    must("admin", location.area_path)
    form = location_forms.of_location(location)
    return show("location_form.html", form=form, location=location, **location_forms.choices())


@page("/places/locations/<code>/edit", "admin", methods=["POST"])
def update_location(code: str) -> ResponseReturnValue:
    location, form = the_location(code), Form.sent()
    must("admin", location.area_path)
    facts = location_forms.location_facts(form)
    must("admin", _path(facts["area"]))

    def update(db: Session, now: datetime) -> Location:
        return actions.update_location(db, code, facts, now=now)

    saved = form.attempt(lambda: change(update, lambda saved: _said("update", saved)))
    if saved is None:
        return again("location_form.html", form, location=location, **location_forms.choices())
    return done(_("%(name)s has been saved.", name=saved.name), "location", code=code)


@page("/places/locations/<code>/close", "admin", methods=["POST"])
def close_location(code: str) -> ResponseReturnValue:
    location = the_location(code)
    must("admin", location.area_path)
    change(lambda db, now: actions.close_location(db, code, now=now), _said("close", location))
    return done(_("%(name)s is closed. Its history stays.", name=location.name), "location", code=code)


@page("/places/locations/<code>/reopen", "admin", methods=["POST"])
def reopen_location(code: str) -> ResponseReturnValue:
    location = the_location(code)
    must("admin", location.area_path)
    change(lambda db, now: actions.reopen_location(db, code, now=now), _said("reopen", location))
    return done(_("%(name)s is open again.", name=location.name), "location", code=code)


def _path(code: str | None) -> str:
    """The path of an area that a form names: whoever puts something there is administrator there.

    None is the top; an area that does not exist is anybody's to try, the action refuses it beside its field.
    """
    if code is None:
        return ROOT
    with services().db.read() as db:
        found = queries.area(db, code)
    return found.path if found else g.principal.scope("admin")[0]


def _said(verb: str, location: Location) -> Line:
    return Line(f"location.{verb}", "location", location.code, location.area_path, {"name": location.name})


def the_location(code: str) -> Location:
    """The location, if this person may see it."""
    with services().db.read() as db:
        found = queries.location(db, code)
    if found is None:
        raise NotFound(_("It does not exist, or it lies outside your area."))
    see(found.area_path)
    return found
