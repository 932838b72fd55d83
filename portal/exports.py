"""The splash as files that a gateway serves by itself, for stations whose uplink fails.

One page, its picture inlined, in a few of the place's languages; nothing is counted until somebody opens the tracked
link of the place, whenever that phone has a network again.

Sources: openNDS 9.10.0, libs/libopennds.sh (a ThemeSpec is walked through the real one in tests/gateway); RouterOS
manual, "Hotspot customisation"; OPNsense core, captive portal, htdocs_default/index.html.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import render_template

from core.errors import NotFound
from core.i18n import translate as say
from core.services import services
from portal import pages
from portal.house import desk, stand_of
from portal.languages import DEFAULT, FOREIGN, NAMES
from portal.prompts import Prompt
from portal.stands import Stand

MOST_LANGUAGES = 3
SLOT = "@@slot@@"  # stands in a page where the gateway puts what belongs to one phone
END = "END_OF_THE_PAGE"
ZIP, SHELL = "application/zip", "text/x-shellscript"
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # the same splash is the same bytes
_NAMES = {"opennds": "theme_bangtin.sh", "routeros": "bangtin-routeros.zip", "opnsense": "bangtin-opnsense.zip"}
_ROUTEROS_README = b"""Copy these pages into the hotspot's html-directory.
The hotspot's profile needs login-by=trial (alone or among others) and a trial-uptime-limit.
"""
TITLES = {
    "opennds": "openNDS 9 and 10 (ThemeSpec)",
    "routeros": "MikroTik RouterOS (hotspot pages)",
    "opnsense": "OPNsense (template)",
}


@dataclass(frozen=True, slots=True)
class Export:
    """A file to put on a gateway."""

    name: str
    mime: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Section:
    """What one language says on the page."""

    language: str
    prompt: Prompt
    terms: str


def export_of(code: str, kind: str) -> Export:
    """The files of an open hotspot, with what its splash shows at this moment. Raises NotFound."""
    if kind not in TITLES:
        raise NotFound("There is no such export; there are " + ", ".join(TITLES))
    stand, now = stand_of(code), services().clock.now()
    prompts = {one: desk().prompts.prompt(stand.spot, one, "export", now) for one in languages_of(stand)}
    return make(kind, stand, prompts, services().settings.public_url)


def languages_of(stand: Stand) -> tuple[str, ...]:
    """The languages of the page: the place's own, most spoken first, then ours; no more than fit one small page."""
    wanted = [*dict.fromkeys(stand.spot.languages), DEFAULT, FOREIGN]
    return tuple(dict.fromkeys(one for one in wanted if one in NAMES))[:MOST_LANGUAGES]


def make(kind: str, stand: Stand, prompts: Mapping[str, Prompt], public_url: str) -> Export:
    """The files of a make of gateway (a key of TITLES); `prompts` by language, in the order of the page."""
    sections = [Section(language, prompt, _terms(stand, language)) for language, prompt in prompts.items()]
    return Export(_NAMES[kind], SHELL if kind == "opennds" else ZIP, _MAKERS[kind](stand, sections, public_url))


def _terms(stand: Stand, language: str) -> str:
    own = stand.terms.get(language) or stand.terms.get(FOREIGN) or stand.terms.get(DEFAULT)
    return own or say(
        language,
        "This wifi is offered free of charge by %(name)s. Use it lawfully, and leave enough of it for others.",
        name=stand.name,
    )


def _page(stand: Stand, sections: list[Section], public_url: str, **way: object) -> str:
    """`way`: `action`, `method` and `fields` of the form that lets a phone on line; without one, the online page."""
    picture = next((one.prompt.picture for one in sections if one.prompt.picture), None)
    return render_template(
        "portal/away.html",
        style=pages.STYLE,
        stand=stand,
        sections=sections,
        picture=pages.data_uri(picture.mime, picture.data) if picture else "",
        link=next((f"{public_url}/q/{one.prompt.link_code}" for one in sections if one.prompt.link_code), ""),
        say=say,
        **way,
    )


def _theme(stand: Stand, sections: list[Section], public_url: str) -> bytes:
    """A ThemeSpec: functions that libopennds.sh calls. What it would log names the phone, so it logs nothing."""
    fields = {"fas": SLOT, "landing": "yes"}
    splash = _page(stand, sections, public_url, action="/opennds_preauth/", method="get", fields=fields)
    online = _page(stand, sections, public_url)
    minutes = stand.gateway.session_minutes or 0
    rates = [stand.gateway.number(name) for name in ("upload_rate", "download_rate", "upload_quota", "download_quota")]
    return (
        f"#!/bin/sh\n# {TITLES['opennds']}: login_option_enabled 3, and themespec_path to this file.\n"
        f'title="bangtin"\nlogname=""\nquotas="{" ".join(map(str, [minutes, *rates]))}"\nuserinfo="$title"\n\n'
        "header() { :; }\nfooter() { exit 0; }\n"
        "known() { printf '%s' \"$fas\" | tr -cd 'A-Za-z0-9+/='; }\n"
        f"splash_page() {{\n{_spoken(splash)}}}\nonline_page() {{\n{_spoken(online)}}}\n"
        "check_authenticated() {\n"
        '\tif [ "$status" = "authenticated" ]; then online_page; exit 0; fi\n}\n'
        "generate_splash_sequence() { splash_page; exit 0; }\n"
        "display_terms() { splash_page; exit 0; }\n"
        "landing_page() {\n\tauth_log\n"
        '\tif [ "$ndsstatus" = "authenticated" ]; then online_page; else splash_page; fi\n\texit 0\n}\n'
    ).encode()


def _spoken(html: str) -> str:
    """Shell that prints a page as it is, with what belongs to the phone in its slots."""
    assert END not in html
    return "\tknown\n".join(f"\tcat <<'{END}' | tr -d '\\n'\n{part}\n{END}\n" for part in html.split(SLOT))


def _routeros(stand: Stand, sections: list[Section], public_url: str) -> bytes:
    """The pages of a hotspot's folder. `$(…)` are RouterOS's own; a dollar of ours would be read as one."""
    fields = {"dst": "$(link-orig)", "username": "T-$(mac)"}

    def page(**way: object) -> bytes:
        html = _page(stand, sections, public_url, **way).replace("$", "&#36;")
        for own in ("$(link-orig)", "$(mac)", "$(link-login-only)"):
            html = html.replace("&#36;" + own[1:], own)
        return html.encode()

    login = page(action="$(link-login-only)", method="get", fields=fields)
    onward = b'<!doctype html><meta http-equiv="refresh" content="0;url=$(link-redirect)">'
    return _zip(
        {
            "login.html": login,
            "error.html": login,
            "alogin.html": page(),
            "status.html": page(),
            "logout.html": login,
            "redirect.html": onward,
            "rlogin.html": onward,
            "README.txt": _ROUTEROS_README,
        }
    )


def _opnsense(stand: Stand, sections: list[Section], public_url: str) -> bytes:
    """A template of a zone without authentication: its API answers in JSON, so a script goes on to the next page."""
    way = {"action": "/api/captiveportal/access/logon/0/", "method": "post", "fields": {"user": "", "password": ""}}
    splash = _page(stand, sections, public_url, script=True, **way)
    return _zip({"index.html": splash.encode(), "online.html": _page(stand, sections, public_url).encode()})


def _zip(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, _ZIP_DATE), data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


_MAKERS: dict[str, Callable[[Stand, list[Section], str], bytes]] = {
    "opennds": _theme,
    "routeros": _routeros,
    "opnsense": _opnsense,
}
