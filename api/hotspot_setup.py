"""For the installer of a hotspot: its gateway's configuration, a check of a pasted one, a trial of a redirect."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from api import refs
from api.kit import call
from core.services import services
from people.guards import principal
from portal import installer
from portal.house import stand_of
from portal.https import costs, recipes
from portal.lint import lint
from portal.sheet import Finding, Sheet, garden
from portal.sheets import sheets
from portal.stands import Stand

Pasted = Annotated[str, Meta(max_length=20_000, description="read, and not kept")]


class SheetOut(Struct, kw_only=True):
    """A piece of configuration: `text` to copy, or `steps` where the make is set up by hand."""

    title: str
    text: str
    steps: list[str]


class FindingOut(Struct, kw_only=True):
    """Something wrong, or worth knowing; `grave` where travellers would not get on line, or anybody could."""

    grave: bool
    text: str


class SetupOut(Struct, kw_only=True):
    """What to set at a gateway. `garden` must be reachable before login; `https` says what the addresses cost."""

    dialect: str
    confidence: Literal["run", "documented", "reported"]
    source: str
    sheets: list[SheetOut]
    garden: list[str]
    https: list[FindingOut]
    https_recipes: list[SheetOut]


class ConfigIn(Struct, kw_only=True, forbid_unknown_fields=True):
    """A gateway's configuration as it is."""

    config: Pasted


class FindingsOut(Struct, kw_only=True):
    """What is wrong with it; empty where nothing was found."""

    findings: list[FindingOut]


class RedirectIn(Struct, kw_only=True, forbid_unknown_fields=True):
    """The address to which the gateway sent a phone."""

    redirect: Pasted


class TrialOut(Struct, kw_only=True):
    """What the gateway sent, and what would become of it; nothing is counted."""

    state: Literal["captive", "online", "unknown"]
    signature: Literal["none", "good", "bad"]
    gateway_is_own: bool
    works: bool
    grant: str
    note: str
    sent: dict[str, str]


@call("GET", "/hotspots/<code>/setup", tag="Hotspots", role="admin", answers=SetupOut, refuses=(404,))
def hotspot_setup(code: str) -> SetupOut:
    """Read what to set at the hotspot's gateway. Its secrets are not in it."""
    stand, settings = _stand(code), services().settings
    return SetupOut(
        dialect=stand.dialect.name,
        confidence=stand.dialect.confidence.value,
        source=stand.dialect.source,
        sheets=[_sheet(one) for one in sheets(code, stand.dialect, stand.gateway, settings.portal_url)],
        garden=garden(settings.portal_url),
        https=[_finding(one) for one in costs(stand.gateway, settings.portal_url, settings.public_url)],
        https_recipes=[_sheet(one) for one in recipes(settings.portal_url, settings.bind)],
    )


@call(
    "POST", "/hotspots/<code>/setup/check", tag="Hotspots", role="admin", body=ConfigIn, answers=FindingsOut,
    refuses=(404,),
)  # fmt: skip
def check_hotspot_setup(code: str, body: ConfigIn) -> FindingsOut:
    """Check a gateway's configuration. Nothing of it is kept."""
    stand = _stand(code)
    found = lint(body.config, code, stand.dialect, stand.gateway, services().settings.portal_url)
    return FindingsOut(findings=[_finding(one) for one in found])


@call(
    "POST", "/hotspots/<code>/setup/try", tag="Hotspots", role="admin", body=RedirectIn, answers=TrialOut,
    refuses=(404,),
)  # fmt: skip
def try_hotspot_redirect(code: str, body: RedirectIn) -> TrialOut:
    """Try a redirect as the splash would read it. Nothing is counted or kept."""
    stand = _stand(code)
    online_url = f"{services().settings.portal_url}/wifi/{code}/online?visit=trial"
    found = installer.self_test(body.redirect, stand.dialect, stand.gateway, online_url)
    return TrialOut(
        state=found.arrival.state,
        signature=found.arrival.signature,
        gateway_is_own=found.target_fits,
        works=found.works,
        grant=found.grant,
        note=found.arrival.note,
        sent=found.sent,
    )


def _stand(code: str) -> Stand:
    """The hotspot, if this key may set it up. Raises NotFound, Forbidden."""
    with services().db.read() as s:
        refs.hotspot(s, principal(), "admin", code)
    return stand_of(code)


def _sheet(one: Sheet) -> SheetOut:
    return SheetOut(title=one.title, text=one.text, steps=[str(step) for step in one.steps])


def _finding(one: Finding) -> FindingOut:
    return FindingOut(grave=one.grave, text=str(one))
