"""Creatives: the editor, the page of one with a preview on each shape, and taking it off every screen at once."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, g, redirect, request
from flask.typing import ResponseReturnValue

from console import creative_forms
from console.campaigns import owner_areas
from console.changes import Line, change
from console.forms import Form
from console.library import the_asset
from console.pages import again, done, must, page, see, show
from console.uploads import owner_path_of
from core.errors import Conflict, NotFound
from core.http import Cache
from core.i18n import gettext as _
from core.services import services
from media import actions, queries
from media.cards import Picture, Scan, card, file_url
from media.models import Creative
from playlists import actions as playlists
from portal.prompts import on_a_phone

BOARD_SIDE = 160


@page("/library/creatives/new", "editor")
def new_creative() -> ResponseReturnValue:
    form = creative_forms.new(request.args.get("asset", ""))
    return show("creative_form.html", form=form, creative=None, **_choices())


@page("/library/creatives/new", "editor", methods=["POST"])
def create_creative() -> ResponseReturnValue:
    form, by = Form.sent(names=creative_forms.NAMES), g.principal
    path = owner_path_of(form.text("owner_area"))
    made = form.attempt(lambda: _create(form, path, by.id))
    if made is None:
        return again("creative_form.html", form, creative=None, **_choices())
    return done(_("The creative has been made; its pictures are being drawn."), "creative", creative_id=made.id)


def _create(form: Form, path: str, by: str) -> Creative | None:
    wish = creative_forms.wish(form)
    if wish is None:
        return None
    if wish.asset_id is not None:
        the_asset(wish.asset_id)
    return change(
        lambda db, now: actions.create_creative(db, wish, owner_path=path, by=by, now=now),
        lambda made: _line("create", made),
    )


@page("/library/creatives/<creative_id>")
def creative(creative_id: str) -> ResponseReturnValue:
    return show("creative.html", form=Form(), **_creative_page(the_creative(creative_id)))


def _creative_page(found: Creative) -> dict[str, object]:
    asset = the_asset(found.asset_id) if found.asset_id else None
    return {"creative": found, "asset": asset, "drawn": drawn_of(found), "on_a_phone": on_a_phone}


@page("/library/creatives/<creative_id>/previews")
def creative_previews(creative_id: str) -> ResponseReturnValue:
    """The part of the page that htmx asks for again while pictures are being drawn."""
    found = the_creative(creative_id)
    return show("previews.html", creative=found, drawn=drawn_of(found))


@page("/library/creatives/<creative_id>/picture", cache=Cache.PRIVATE)
def creative_picture(creative_id: str) -> ResponseReturnValue:
    """A small picture for lists; a plain ground while none is drawn."""
    found = the_creative(creative_id)
    with services().db.read() as db:
        small, drawn = queries.inline_picture(db, creative_id), queries.renditions(db, creative_id)
    whole = next((one for one in drawn if one.width > one.height and one.language == found.languages[0]), None)
    if found.asset_id is None and whole is not None:  # words are all there is to see, and the small one has none
        return redirect(file_url(whole.sha256, whole.mime))
    if small is None:
        return Response(show("ground.svg", colour=found.background), mimetype="image/svg+xml")
    return Response(small.data, mimetype=small.mime)


@page("/library/creatives/<creative_id>/edit", "editor")
def edit_creative(creative_id: str) -> ResponseReturnValue:
    found = _editable(creative_id)
    return show("creative_form.html", form=creative_forms.of_creative(found), creative=found, **_choices())


@page("/library/creatives/<creative_id>/edit", "editor", methods=["POST"])
def update_creative(creative_id: str) -> ResponseReturnValue:
    found, form = _editable(creative_id), Form.sent(names=creative_forms.NAMES)
    if not creative_forms.keeps_all(found):
        raise Conflict(_("This creative speaks more languages than this form shows. Change it through the API."))
    saved = form.attempt(lambda: _update(form, creative_id))
    if saved is None:
        return again("creative_form.html", form, creative=found, **_choices())
    return _saved(saved, creative_id, _("Saved. Screens change over when the new pictures are drawn."))


def _saved(made: Creative, before: str, said: str) -> ResponseReturnValue:
    """To the creative; a published one was left as it is, and another took its place."""
    if made.id != before:
        said = _("Saved as a new creative. What was approved is shown until its campaigns are approved again.")
    return done(said, "creative", creative_id=made.id)


def _update(form: Form, creative_id: str) -> Creative | None:
    wish = creative_forms.wish(form)
    if wish is None:
        return None
    if wish.asset_id is not None:
        the_asset(wish.asset_id)
    by = g.principal
    return change(
        lambda db, now: playlists.change_creative(db, creative_id, wish, by=by, now=now),
        lambda made: _line("update", made),
    )


@page("/library/creatives/<creative_id>/mend", "editor", methods=["POST"])
def mend_creative(creative_id: str) -> ResponseReturnValue:
    """Makes the code as wide as the scan gate asks for."""
    found, form, by = _editable(creative_id), Form.sent(), g.principal
    mended = form.attempt(
        lambda: change(
            lambda db, now: playlists.widen_code(db, creative_id, by=by, now=now),
            lambda made: _line("update", made),
        )
    )
    if mended is None:
        return again("creative.html", form, **_creative_page(found))
    return _saved(mended, creative_id, _("The code is wider now; the pictures are being drawn anew."))


@page("/library/creatives/<creative_id>/stop", "editor", methods=["POST"])
def stop_drawing(creative_id: str) -> ResponseReturnValue:
    """Ends the making of its pictures."""
    return _drawing(creative_id, "stop", actions.stop_drawing, _("The drawing has been stopped."))


@page("/library/creatives/<creative_id>/draw", "editor", methods=["POST"])
def draw_on(creative_id: str) -> ResponseReturnValue:
    """Takes up what was stopped."""
    return _drawing(creative_id, "draw", actions.draw_on, _("The pictures are being drawn."))


def _drawing(creative_id: str, verb: str, act: Callable[..., Creative], said: str) -> ResponseReturnValue:
    form, found = Form.sent(), _editable(creative_id)
    made = form.attempt(lambda: change(lambda db, now: act(db, creative_id, now=now), lambda made: _line(verb, made)))
    if made is None:
        return again("creative.html", form, **_creative_page(found))
    return done(said, "creative", creative_id=creative_id)


@page("/library/creatives/<creative_id>/withdraw", "approver", methods=["POST"])
def withdraw_creative(creative_id: str) -> ResponseReturnValue:
    found, form, by = the_creative(creative_id), Form.sent(), g.principal
    must("approver", found.owner_path)
    reason = form.text("reason")
    gone = form.attempt(
        lambda: change(
            lambda db, now: actions.withdraw(db, creative_id, reason=reason, by=by.id, now=now),
            Line("creative.withdraw", "creative", found.id, found.owner_path, {"name": found.name, "reason": reason}),
        )
    )
    if gone is None:
        return again("creative.html", form, **_creative_page(found))
    return done(_("It leaves every screen and splash now."), "creative", creative_id=creative_id)


@dataclass(frozen=True)
class Preview:
    """One language on one shape; ``picture`` is None while it is being drawn."""

    width: int
    height: int
    language: str
    picture: Picture | None

    @property
    def is_board(self) -> bool:
        """LED boards have so few pixels that each is to be seen."""
        return min(self.width, self.height) < BOARD_SIDE


@dataclass(frozen=True)
class ShapePreviews:
    """One shape in every language, and what the scan gate found for it; ``scan`` is None while it looks."""

    width: int
    height: int
    pictures: list[Preview]
    scan: Scan | None


@dataclass(frozen=True)
class Drawn:
    """How far a creative is: ``drawn`` of ``of`` pictures, ``done`` when the gate has looked at them all too."""

    state: str
    shapes: list[ShapePreviews]
    drawn: int
    of: int

    @property
    def done(self) -> bool:
        return self.state in ("withdrawn", "stopped") or (
            self.drawn == self.of and all(shape.scan for shape in self.shapes)
        )

    @property
    def can_mend(self) -> bool:
        """Whether a wider code is what the gate asks for."""
        return any(shape.scan and shape.scan.suggested_width_pct for shape in self.shapes)


def drawn_of(found: Creative) -> Drawn:
    """Every shape in use in each of the creative's languages; pictures of an earlier design are still shown."""
    with services().db.read() as db:
        told, shapes = card(db, found), queries.wanted_shapes(db)
    pictures = {(one.width, one.height, one.language): one for one in told.pictures}
    listed = [
        ShapePreviews(
            shape.width,
            shape.height,
            [
                Preview(shape.width, shape.height, language, pictures.get((shape.width, shape.height, language)))
                for language in found.languages
            ],
            told.scans.get(f"{shape.width}x{shape.height}"),
        )
        for shape in shapes
    ]
    of = len(shapes) * len(found.languages)
    return Drawn(told.state, listed, of - told.waiting, of)


def _editable(creative_id: str) -> Creative:
    found = the_creative(creative_id)
    must("editor", found.owner_path)
    return found


def the_creative(creative_id: str) -> Creative:
    """The creative, if this person may see it."""
    with services().db.read() as db:
        found = queries.creative(db, creative_id)
    if found is None:
        raise NotFound(_("It does not exist, or it lies outside your area."))
    if found.id != queries.BUILTIN:
        see(found.owner_path)
    return found


def _line(verb: str, made: Creative) -> Line:
    return Line(f"creative.{verb}", "creative", made.id, made.owner_path, {"name": made.name})


def _choices() -> dict[str, object]:
    with services().db.read() as db:
        assets = queries.assets(db, g.principal.scope("viewer"))
    usable = [one for one in assets if one.state == "ready" and one.kind != "document"]
    return {
        "assets": usable,
        "fits": creative_forms.fits(),
        "corners": creative_forms.corners(),
        "areas": owner_areas("editor"),
    }
