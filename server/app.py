"""The application: every room's doors in one house, with the same manners at each."""

from pathlib import Path

from flask import Flask
from jinja2 import FileSystemLoader
from werkzeug.middleware.proxy_fix import ProxyFix

from core import http, i18n, quick
from core.services import Services, attach, make_services
from core.settings import Settings, load_settings
from server import cli, front, headers, health, hosts, metrics, static
from server.rooms import ROOMS, blueprints, load_tables, quick_doors

HOUSE = Path(__file__).resolve().parent.parent
MOST_BODY_BYTES = 1_000_000  # a door that takes more says so itself, in request.max_content_length


def create_app(settings: Settings | None = None, services: Services | None = None) -> Flask:
    """The whole house on these settings and services; without them, on the environment's."""
    services = services or make_services(settings or load_settings())
    load_tables()
    app = Flask("server", root_path=str(HOUSE), static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BODY_BYTES
    app.jinja_loader = FileSystemLoader([HOUSE / room / "templates" for room in ROOMS])
    attach(app, services)
    http.install_errors(app)
    i18n.install(app)
    for part in (hosts, headers, metrics):
        part.install(app, services.settings)
    for blueprint in (static.blueprint, health.blueprint, front.blueprint, *blueprints()):
        app.register_blueprint(blueprint)
    cli.install(app)
    quick.install(app, quick_doors(), _rules(services.settings))
    _believe_proxies(app, services.settings.trusted_proxies)
    return app


def _rules(settings: Settings) -> quick.Rules:
    """The manners of the quick doors: those of all others."""
    ours, always = hosts.own_names(settings), tuple(headers.always(settings).items())
    return quick.Rules(lambda host: hosts.name_of(host) in ours, always, metrics.counted)


def _believe_proxies(app: Flask, count: int) -> None:
    """Takes scheme and host from the last ``count`` proxies; from none, when there is none."""
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
