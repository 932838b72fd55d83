"""The blueprint, and what every page of the console has: its guard, its frame, its headers, its refusals."""

from collections.abc import Callable, Sequence

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from console import notices, ui
from console.forms import Form
from core.errors import Forbidden, NotFound, Problem, Unauthorized
from core.http import Cache, door
from core.i18n import gettext as _
from core.reply import problem_reply
from media import tus_doors
from people.guards import same_origin, signed_in

blueprint = Blueprint("console", __name__, url_prefix="/console", template_folder="templates")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; frame-src 'self'; "
    "img-src 'self' data: blob:; media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

View = Callable[..., ResponseReturnValue]


def page(
    rule: str, role: str = "viewer", *, methods: Sequence[str] = ("GET",), cache: Cache = Cache.NO_STORE
) -> Callable[[View], View]:
    """A page for those who hold ``role`` somewhere; where exactly, the view asks with :func:`must`."""
    return route(rule, "operator", signed_in(role), methods, cache)


def open_page(rule: str, *, methods: Sequence[str] = ("GET",)) -> Callable[[View], View]:
    """A page that needs no account; what another site's page sends to it is refused."""
    return route(rule, "public", same_origin, methods)


def route(
    rule: str,
    audience: str,
    guard: Callable[[], None] | None,
    methods: Sequence[str],
    cache: Cache = Cache.NO_STORE,
) -> Callable[[View], View]:
    """A route of the console with its door."""

    def mark(view: View) -> View:
        guarded = door(audience, guard=guard, cache=cache)(view)
        blueprint.add_url_rule(rule, endpoint=view.__name__, view_func=guarded, methods=list(methods))
        return guarded

    return mark


def show(template: str, **context: object) -> str:
    """A page, or the part of one that htmx asked for."""
    return render_template(f"console/{template}", **context)


def again(template: str, form: Form, **context: object) -> Response:
    """The form once more with its mistakes."""
    return make_response(show(template, form=form, **context), 422)


def done(text: str, endpoint: str, **values: str) -> Response:
    """After a change: a notice, and the page that shows it (303, so that reloading repeats nothing)."""
    notices.say(text)
    target = url_for(f"console.{endpoint}", **values)  # type: ignore[arg-type]  # no view takes an argument of url_for
    return make_response(redirect(target, 303))


def see(path: str) -> None:
    """Raises NotFound where this person sees nothing: what lies in another province is not even named."""
    if not g.principal.allows("viewer", path):
        raise NotFound(_("It does not exist, or it lies outside your area."))


def must(role: str, path: str) -> None:
    """Raises NotFound or Forbidden unless this person holds ``role`` over this area path."""
    see(path)
    if not g.principal.allows(role, path):
        raise Forbidden(_("Your role in this area does not allow this. Ask an administrator of the area."))


def can(role: str, path: str) -> bool:
    """For templates: whether to offer what needs ``role`` here."""
    return bool(g.principal.allows(role, path))


@blueprint.after_request
def finish(response: Response) -> Response:
    notices.keep(response)
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    return response


@blueprint.errorhandler(Unauthorized)
def ask_to_sign_in(error: Unauthorized) -> Response:
    """Sends a person to the sign-in page and back afterwards; an htmx request takes the whole page along."""
    target = url_for("console.sign_in", next=ui.here())
    if tus_doors.HEADER in request.headers:
        return told(error)
    if "HX-Request" in request.headers:
        return Response(status=204, headers={"HX-Redirect": target})
    return make_response(redirect(target, 303))


@blueprint.errorhandler(Problem)
def refuse(error: Problem) -> Response:
    """A refusal inside the console's frame; the script that uploads is told in words that it can show."""
    if tus_doors.HEADER in request.headers:
        return told(error)
    frame = "base.html" if "principal" in g else "gate.html"
    response = make_response(show("refused.html", error=error, frame=f"console/{frame}"), error.status)
    response.headers["Cache-Control"] = "no-store"
    if error.retry_after_s is not None:
        response.headers["Retry-After"] = str(error.retry_after_s)
    return response


def told(error: Problem) -> Response:
    """A refusal for a script of ours, in the person's language."""
    error.detail = ui.say(error.detail or error.title)
    return problem_reply(error, bearer=False).response()


@blueprint.record_once
def give_templates_ui(state: object) -> None:
    state.app.jinja_env.globals.update(ui=ui, can=can)  # type: ignore[attr-defined]
