"""What the pages of a visit show, and what is looked at in a request to show the right one."""

from __future__ import annotations

from flask import Response, request

from core.i18n import translate as say
from core.services import services
from portal import pages
from portal.agents import device, machine, mini
from portal.arrivals import Turned, seen_prompt
from portal.catcher import address_marks
from portal.gateways.base import Form
from portal.gateways.wire import mac_of
from portal.house import desk, here
from portal.languages import NAMES, preferred
from portal.online import mark
from portal.prompts import Prompt
from portal.stands import Stand
from portal.visit import Visit
from portal.words import REFUSALS

REFUSED_STATUS = {"no_gateway": 409}
MOST_TURNS = 4
NOT_YET = "The wifi has not answered yet. Try once more."


def language_of_request() -> str:
    """The language that a link asked for, else the phone's."""
    return preferred(request.headers.get("Accept-Language", ""), request.args.get("lang"))


def agent() -> str:
    """The browser's name for itself: looked at, never kept."""
    return request.headers.get("User-Agent", "")


def phone_marks(stand: Stand) -> list[str]:
    """What the phone that asks may be known by."""
    mac = mac_of(request.args.get("who", ""))
    salt = desk().salt.today(services().clock.now())
    return [*address_marks(desk(), stand), *([mark("mac", mac, salt)] if mac else [])]


def seen_by_nobody() -> bool:
    """Whether a machine asks."""
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return machine(agent(), purpose, request.method)


def splash_page(stand: Stand, language: str, prompt: Prompt) -> pages.Kept:
    """The splash of a prompt in a language, drawn once."""
    key = stand.page_key(language, prompt)
    page = desk().pages.get(key)
    if page is None:
        page = pages.draw("splash", language, **content(stand, prompt))
        desk().pages.keep(key, page)
    return page


def terms_page(stand: Stand, language: str) -> pages.Kept:
    """The terms in a language: the host's own, in the nearest language that they have, or the house's."""
    own_language = next((code for code in (language, "en", "vi") if code in stand.terms), "")
    return pages.draw(
        "terms",
        language,
        stand=stand,
        here=here(stand),
        token=pages.MARK,
        languages=NAMES,
        own=stand.terms.get(own_language, ""),
        own_language=own_language,
    )


def content(stand: Stand, prompt: Prompt) -> dict[str, object]:
    """What all pages of a visit speak of."""
    picture = pages.data_uri(prompt.picture.mime, prompt.picture.data) if prompt.picture else ""
    return {
        "stand": stand,
        "prompt": prompt,
        "picture": picture,
        "here": here(stand),
        "token": pages.MARK,
        "languages": NAMES,
    }


def turned(stand: Stand, refusal: Turned) -> Response:
    """A refusal that a traveller understands; the hotspot's day counts it."""
    status = REFUSED_STATUS.get(refusal.tally, 403)
    if status == 403:
        desk().tally(stand, refusal.tally)
    language = language_of_request()
    title, text = REFUSALS[refusal.tally]
    page = pages.draw(
        "message", language, name=stand.name, title=say(language, title), text=say(language, text), languages=NAMES
    )
    return pages.answer(page, status=status)


def form_page(stand: Stand, visit: Visit, form: Form) -> Response:
    """The last step of gateways that take a form: one button, no script."""
    title, text, button = (say(visit.language, word) for word in ("Almost there", "One more tap.", "Go on line"))
    page = pages.draw(
        "message", visit.language, name=stand.name, title=title, text=text, button=button, form=form, languages=NAMES
    )
    return pages.answer(page)


def waiting_page(stand: Stand, visit: Visit, token: str, turn: int) -> Response:
    """While the gateway is asked. Its refresh takes no time of its own, so nobody's reading is cut short."""
    patient = turn < MOST_TURNS
    title = "Connecting you" if patient else "It takes longer than usual"
    text = "This takes a few seconds; the page goes on by itself." if patient else NOT_YET
    page = pages.draw(
        "message",
        visit.language,
        name=stand.name,
        title=say(visit.language, title),
        text=say(visit.language, text),
        again=f"0;url={here(stand)}/wait?visit={pages.MARK}&turn={turn}" if patient else "",
        href="" if patient else f"{here(stand)}/accept?visit={pages.MARK}",
        button=say(visit.language, "Try again"),
        languages=NAMES,
    )
    return pages.answer(page, token)


def online_page(stand: Stand, visit: Visit, token: str) -> Response:
    """You are on line, and how to the store from this device."""
    prompt, install = seen_prompt(desk(), stand, visit), request.args.get("then") == "install"
    phone, small = device(agent()), mini(agent())
    key = ("online", install, phone, small, *stand.page_key(visit.language, prompt))
    page = desk().pages.get(key)
    if page is None:
        short = f"{services().settings.public_url.partition('://')[2]}/q/{prompt.link_code}" if prompt.link_code else ""
        page = pages.draw(
            "online",
            visit.language,
            **content(stand, prompt),
            device=phone,
            mini=small,
            short=short,
            install=install,
            qr=f"{request.script_root}/media/qr/{prompt.link_code}/240.png",
        )
        desk().pages.keep(key, page)
    return pages.answer(page, token)
