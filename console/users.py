"""People: who may come in, what they may do and where; invitations and resets by one-time links."""

from flask import g
from flask.typing import ResponseReturnValue

from console import area_tree
from console.forms import Form
from console.pages import again, done, page, show
from console.paging import paged
from console.words import badge_of, roles
from core.errors import NotFound
from core.i18n import gettext as _
from core.paths import ROOT
from core.services import services
from people import actions, queries
from people.models import User
from people.roles import Grant
from places import queries as places


@page("/users", "admin")
def users() -> ResponseReturnValue:
    with services().db.read() as db:
        found = queries.users(db, g.principal.scope("admin"))
    shown = sorted(found, key=lambda user: (user.disabled_at is not None, user.name.casefold()))
    return show("users.html", page=paged(shown), state_of=state_of)


def state_of(user: User) -> str:
    """Closed, waiting for the invitation to be taken up, or active."""
    if user.disabled_at:
        return "blocked"
    return "active" if user.password_hash else "invited"


@page("/users/new", "admin")
def new_user() -> ResponseReturnValue:
    return show("user_form.html", form=Form({"role": "editor"}), user=None, **_choices())


@page("/users/new", "admin", methods=["POST"])
def create_user() -> ResponseReturnValue:
    s, form, by = services(), Form.sent(names={"grants": "role"}), g.principal
    now, grants = s.clock.now(), [Grant(form.text("role"), form.text("area") or ROOT)]
    made = form.attempt(
        lambda: s.db.write(
            lambda db: actions.make_link(
                db,
                actions.create_user(
                    db, email=form.text("email"), name=form.text("name"), grants=grants, by=by, now=now
                ).id,
                by=by,
                now=now,
            )
        )
    )
    if made is None:
        return again("user_form.html", form, user=None, **_choices())
    return _link_page(made)


@page("/users/<user_id>", "admin")
def user(user_id: str) -> ResponseReturnValue:
    found = _user(user_id)
    form = Form({"name": found.name})
    with services().db.read() as db:
        trail = queries.audit_entries(db, g.principal.scope("admin"), actor_id=user_id, limit=20)
    return show("user.html", form=form, user=found, state=badge_of(state_of(found)), trail=trail, **_choices())


@page("/users/<user_id>/name", "admin", methods=["POST"])
def rename_user(user_id: str) -> ResponseReturnValue:
    s, form, by = services(), Form.sent(), g.principal
    now, found = s.clock.now(), _user(user_id)
    saved = form.attempt(
        lambda: s.db.write(lambda db: actions.update_user(db, user_id, name=form.text("name"), by=by, now=now))
    )
    if saved is None:
        return again("user.html", form, user=found, state=badge_of(state_of(found)), trail=[], **_choices())
    return done(_("Saved."), "user", user_id=user_id)


@page("/users/<user_id>/grants/add", "admin", methods=["POST"])
def add_grant(user_id: str) -> ResponseReturnValue:
    form, found = Form.sent(names={"grants": "role"}), _user(user_id)
    wanted = [*found.grants, Grant(form.text("role"), form.text("area") or ROOT)]
    return _set_grants(form, found, wanted)


@page("/users/<user_id>/grants/remove", "admin", methods=["POST"])
def remove_grant(user_id: str) -> ResponseReturnValue:
    form, found = Form.sent(names={"grants": "role"}), _user(user_id)
    gone = Grant(form.text("role"), form.text("area"))
    return _set_grants(form, found, [grant for grant in found.grants if grant != gone])


def _set_grants(form: Form, found: User, wanted: list[Grant]) -> ResponseReturnValue:
    s, by = services(), g.principal
    now = s.clock.now()
    if form.attempt(lambda: s.db.write(lambda db: actions.set_grants(db, found.id, wanted, by=by, now=now))) is None:
        return again("user.html", form, user=found, state=badge_of(state_of(found)), trail=[], **_choices())
    return done(_("The roles have been saved."), "user", user_id=found.id)


@page("/users/<user_id>/link", "admin", methods=["POST"])
def make_link(user_id: str) -> ResponseReturnValue:
    s, by = services(), g.principal
    now = s.clock.now()
    return _link_page(s.db.write(lambda db: actions.make_link(db, user_id, by=by, now=now)))


@page("/users/<user_id>/disable", "admin", methods=["POST"])
def disable_user(user_id: str) -> ResponseReturnValue:
    s, by = services(), g.principal
    now = s.clock.now()
    s.db.write(lambda db: actions.disable_user(db, user_id, by=by, now=now))
    return done(_("The account is closed, and signed out everywhere."), "user", user_id=user_id)


@page("/users/<user_id>/enable", "admin", methods=["POST"])
def enable_user(user_id: str) -> ResponseReturnValue:
    s, by = services(), g.principal
    now = s.clock.now()
    s.db.write(lambda db: actions.enable_user(db, user_id, by=by, now=now))
    return done(_("The account is open again."), "user", user_id=user_id)


def _link_page(made: actions.LinkMade) -> ResponseReturnValue:
    """The link, shown this once: only its digest is kept."""
    address = f"{services().settings.public_url}/console/link/{made.token}"
    return show("user_link.html", made=made, address=address)


def _user(user_id: str) -> User:
    with services().db.read() as db:
        found = queries.user(db, user_id)
    if found is None or not any(g.principal.allows("admin", grant.area_path) for grant in found.grants):
        raise NotFound(_("It does not exist, or it lies outside your area."))
    return found


def _choices() -> dict[str, object]:
    return {"roles": roles(), "areas": admin_areas()}


def admin_areas() -> list[tuple[str, str]]:
    """Paths that this person may give roles and keys for, as options."""
    with services().db.read() as db:
        areas = places.areas(db, g.principal.scope("admin"))
    paths = {area.code: area.path for area in areas}
    top = [(ROOT, _("Everywhere"))] if g.principal.allows("admin", ROOT) else []
    return top + [(paths[code], name) for code, name in area_tree.area_options(areas)]
