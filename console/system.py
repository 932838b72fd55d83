"""The settings in force and how the parts are, for administrators of everything."""

from dataclasses import dataclass

from flask.typing import ResponseReturnValue

from console.changes import Line as AuditLine
from console.changes import change
from console.pages import done, must, page, show
from core.i18n import gettext as _
from core.jobs import waiting_and_failed
from core.paths import ROOT
from core.services import services
from media import upkeep
from media.actions import ask_for_sweep


@dataclass(frozen=True)
class Line:
    """One setting as it is in force; a secret is never shown."""

    name: str
    variable: str
    value: str


@page("/system", "admin")
def system() -> ResponseReturnValue:
    must("admin", ROOT)
    with services().db.read() as db:
        waiting, failed = waiting_and_failed(db)
    swept = upkeep.last_sweep(services())
    return show("system.html", lines=_settings(), waiting=waiting, failed=failed, warnings=_warnings(), swept=swept)


@page("/system/sweep", "admin", methods=["POST"])
def sweep_media() -> ResponseReturnValue:
    """Files that nothing refers to are looked for now, not only once a day."""
    must("admin", ROOT)
    change(lambda db, now: ask_for_sweep(db, now=now), AuditLine("media.sweep", "media", "shelf", ROOT))
    return done(_("The shelf is being swept."), "system")


def _settings() -> list[Line]:
    s = services().settings
    return [
        Line(_("Address in QR codes and links"), "BANGTIN_PUBLIC_URL", s.public_url),
        Line(_("Address that gateways send phones to"), "BANGTIN_PORTAL_URL", s.portal_url),
        Line(_("Listens on"), "BANGTIN_BIND", s.bind),
        Line(_("Data folder"), "BANGTIN_DATA_DIR", str(s.data_dir)),
        Line(_("Database"), "BANGTIN_DATABASE_URL", services().db.dialect),
        Line(_("Media"), "BANGTIN_MEDIA_URL", s.media_url.split("?")[0]),
        Line(_("Secret key"), "BANGTIN_SECRET_KEY", _("set, not shown")),
        Line(_("Files are sent by"), "BANGTIN_ACCEL", s.accel or _("this server itself")),
        Line(_("Web workers"), "BANGTIN_WORKERS", str(s.workers)),
        Line(_("Trusted proxies"), "BANGTIN_TRUSTED_PROXIES", str(s.trusted_proxies)),
        Line(_("Demo data"), "BANGTIN_DEMO", _("yes") if s.demo else _("no")),
    ]


def _warnings() -> list[str]:
    """What an administrator would want to know about these settings."""
    found = []
    if services().settings.public_url.startswith("http://"):
        found.append(
            _("The public address is http: passwords and screens' keys travel unprotected outside this machine, and a "
              "screen that reloads while it is off line stays dark. Put a front server with a certificate before it.")
        )  # fmt: skip
    if services().settings.public_url.startswith(("http://127.", "http://localhost")):
        found.append(
            _("The public address is this machine's own: phones cannot open what they scan. Set BANGTIN_PUBLIC_URL.")
        )
    return found
