"""API keys: made for scripts, shown once, revoked."""

from flask import g
from flask.typing import ResponseReturnValue

from console.forms import Form
from console.pages import again, done, page, show
from console.paging import Page, paged
from console.users import admin_areas
from console.words import roles
from core.i18n import gettext as _
from core.services import services
from people import actions, queries
from people.models import ApiKey


@page("/keys", "admin")
def keys() -> ResponseReturnValue:
    return show("keys.html", form=Form({"role": "editor"}), page=_keys(), roles=roles(), areas=admin_areas())


@page("/keys", "admin", methods=["POST"])
def create_key() -> ResponseReturnValue:
    s, form, by = services(), Form.sent(), g.principal
    now, path = s.clock.now(), form.text("area")
    made = form.attempt(
        lambda: s.db.write(
            lambda db: actions.create_key(
                db, name=form.text("name"), role=form.text("role"), area_path=path, by=by, now=now
            )
        )
    )
    if made is None:
        return again("keys.html", form, page=_keys(), roles=roles(), areas=admin_areas())
    return show("key_made.html", key=made[0], text=made[1])


@page("/keys/<key_id>/revoke", "admin", methods=["POST"])
def revoke_key(key_id: str) -> ResponseReturnValue:
    s, by = services(), g.principal
    now = s.clock.now()
    gone = s.db.write(lambda db: actions.revoke_key(db, key_id, by=by, now=now))
    return done(_("The key %(name)s opens nothing any more.", name=gone.name), "keys")


def _keys() -> Page[ApiKey]:
    with services().db.read() as db:
        found = queries.api_keys(db, g.principal.scope("admin"))
    return paged(sorted(found, key=lambda key: (key.revoked_at is not None, key.name.casefold())))
