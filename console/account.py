"""Signing in and out, invitations, one's own account, the language."""

from flask import Response, g, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from console import notices
from console.forms import WHOLE, Form
from console.pages import again, done, open_page, page, show
from console.refusals import say
from core.errors import Limited, Unauthorized
from core.i18n import CONSOLE_LANGUAGES
from core.i18n import gettext as _
from core.services import services
from people import actions, queries
from people.actions.links import good_link
from people.guards import give_session, present, take_session

YEAR_S = 365 * 24 * 3600


def local_path(target: str) -> str | None:
    """A path of the console, or None: nobody is sent anywhere else after signing in."""
    inside = target.startswith("/console") and not set(target) & {"\\", "\r", "\n", "\t"} and "//" not in target
    return target if inside else None


@open_page("/sign-in")
def sign_in() -> ResponseReturnValue:
    if present():
        return redirect(url_for("console.overview"), 303)
    return show("sign_in.html", form=Form({"next": request.args.get("next", "")}))


@open_page("/sign-in", methods=["POST"])
def sign_in_now() -> ResponseReturnValue:
    form = Form.sent()
    form.require("email", "password")
    if form.errors:
        return again("sign_in.html", form)
    try:
        entered = actions.sign_in(
            services(), form.text("email"), form.secret("password"), origin=request.remote_addr or ""
        )
    except (Unauthorized, Limited) as refusal:
        form.mistake(WHOLE, say(refusal.detail))
        response = again("sign_in.html", form)
        response.status_code = refusal.status
        if refusal.retry_after_s is not None:
            response.headers["Retry-After"] = str(refusal.retry_after_s)
        return response
    return _let_in(entered, local_path(form.text("next")) or url_for("console.overview"))


def _let_in(entered: actions.Entered, target: str) -> Response:
    response = make_response(redirect(target, 303))
    give_session(response, entered.token)
    return response


@page("/sign-out", methods=["POST"])
def sign_out() -> ResponseReturnValue:
    me, session_id = g.user.id, g.user_session.id
    services().db.write(lambda s: actions.end_session(s, session_id, user_id=me))
    response = done(_("You have signed out."), "sign_in")
    take_session(response)
    return response


@open_page("/link/<token>")
def one_time_link(token: str) -> ResponseReturnValue:
    """An invitation, or leave to set a new password."""
    return show("one_time_link.html", form=Form(), **_link(token))


@open_page("/link/<token>", methods=["POST"])
def take_one_time_link(token: str) -> ResponseReturnValue:
    form = Form.sent()
    form.require("password")
    if form.secret("password") != form.secret("repeated"):
        form.mistake("repeated", _("The two passwords are not the same"))
    entered = form.attempt(lambda: actions.redeem(services(), token, form.secret("password")))
    if entered is None:
        return again("one_time_link.html", form, **_link(token))
    notices.say(_("Your password is set. Welcome!"))
    return _let_in(entered, url_for("console.overview"))


def _link(token: str) -> dict[str, object]:
    s = services()
    with s.db.read() as db:
        link, user = good_link(db, token, s.clock.now())
    return {"token": token, "purpose": link.purpose, "email": user.email, "name": user.name}


@page("/account")
def account() -> ResponseReturnValue:
    return show("account.html", form=Form(), **_account())


@page("/account/password", methods=["POST"])
def change_password() -> ResponseReturnValue:
    form = Form.sent()
    form.require("old", "new")
    if form.secret("new") != form.secret("repeated"):
        form.mistake("repeated", _("The two passwords are not the same"))
    entered = form.attempt(lambda: actions.change_password(services(), g.user, form.secret("old"), form.secret("new")))
    if entered is None:
        return again("account.html", form, **_account())
    notices.say(_("Your password is changed. You have been signed out everywhere else."))
    return _let_in(entered, url_for("console.account"))


@page("/account/sessions/<session_id>/end", methods=["POST"])
def end_session(session_id: str) -> ResponseReturnValue:
    me = g.user.id
    services().db.write(lambda s: actions.end_session(s, session_id, user_id=me))
    return done(_("That session is signed out."), "account")


def _account() -> dict[str, object]:
    with services().db.read() as db:
        sessions = queries.sessions_of(db, g.user.id)
    return {"user": g.user, "sessions": sessions, "this_session": g.user_session.id}


@open_page("/language", methods=["POST"])
def choose_language() -> ResponseReturnValue:
    wanted = request.form.get("language", "")
    response = make_response(redirect(local_path(request.form.get("back", "")) or url_for("console.overview"), 303))
    if wanted in CONSOLE_LANGUAGES:
        response.set_cookie("language", wanted, max_age=YEAR_S, samesite="Lax", path="/")
    return response
