"""The doors of public wifi: splash, accept, online, store, terms, and the captive portal API."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue

from core.http import Cache, door
from core.services import services
from measure.stores import store_address
from portal import capport, gateway_doors, pages
from portal.agents import device
from portal.arrivals import Turned, arrive, grant_for, renewed, reopen, seen_prompt
from portal.catcher import address_marks
from portal.faces import (
    MOST_TURNS,
    agent,
    content,
    form_page,
    language_of_request,
    online_page,
    phone_marks,
    seen_by_nobody,
    splash_page,
    terms_page,
    turned,
    waiting_page,
)
from portal.gateway_doors import authmon_answer
from portal.gateways.base import Form, Link, Open, Poll, ServerCall
from portal.gateways.wire import digits_of
from portal.house import desk, here, stand_at_once, stand_of
from portal.languages import preferred
from portal.prompts import CHANNEL
from portal.stands import Stand
from portal.visit import Visit

blueprint = Blueprint("portal", __name__, template_folder="templates")
blueprints = [blueprint, gateway_doors.blueprint]
HOLD_S = 8.0  # how long a phone that waits for its gateway is held
SETTLE_S = 0.05  # how long an answer waits for its fact to be durable: not longer, whatever the database does

public = partial(door, "public", guard=None, cache=Cache.NO_STORE)


@blueprint.get("/wifi/<code>")
@public()
def splash(code: str) -> ResponseReturnValue:
    """The first page that a traveller sees; a visit in the address is shown again, in another language perhaps."""
    if "auth_get" in request.args:
        return authmon_answer(stand_at_once(code), request.args.to_dict())  # openNDS level 4
    stand = stand_of(code)
    token = request.args.get("visit")
    try:
        if token is not None:
            visit, _ = reopen(desk(), stand, token)
            shown = renewed(desk(), stand, visit, request.args.get("lang"))
        else:
            arrival, shown = arrive(desk(), stand, request.query_string.decode("latin-1"), language_of_request())
            if arrival.state == "online":
                return already_online(stand, arrival.visit)
    except Turned as refusal:
        return turned(stand, refusal)
    if token is None and not seen_by_nobody():
        desk().record(stand, shown.visit, "splash_view")
    return pages.answer(splash_page(stand, shown.visit.language, shown.prompt), shown.token)


@blueprint.get("/wifi/<code>/accept")
@public()
def accept(code: str) -> ResponseReturnValue:
    """Go on line: straight to the gateway's grant. A visit that is too old gets a fresh splash."""
    stand = stand_of(code)
    try:
        visit, fresh = reopen(desk(), stand, request.args.get("visit", ""))
        if not fresh:
            shown = renewed(desk(), stand, visit)
            return pages.answer(splash_page(stand, shown.visit.language, shown.prompt), shown.token)
        token = request.args["visit"]
        then = "&then=install" if request.args.get("then") == "install" else ""
        grant = grant_for(stand, visit, f"{services().settings.portal_url}{here(stand)}/online?visit={token}{then}")
    except Turned as refusal:
        return turned(stand, refusal)
    if not seen_by_nobody():
        desk().accepted(stand, visit)
    if isinstance(grant, Link):
        return redirect(grant.url, 302)
    if isinstance(grant, Open):
        return redirect(f"{here(stand)}/online?visit={token}{then}", 302)
    if isinstance(grant, Form):
        return form_page(stand, visit, grant)
    assert isinstance(grant, Poll | ServerCall)
    if not seen_by_nobody():
        desk().ask(stand, visit, grant)
    return waiting_page(stand, visit, token, 0)


@blueprint.get("/wifi/<code>/wait")
@public()
def wait(code: str) -> ResponseReturnValue:
    """Until the gateway has fetched its grant; the answer is held back for a while, so that no phone asks in a loop."""
    stand = stand_of(code)
    token, turn = request.args.get("visit", ""), digits_of(request.args.get("turn", "0"), 3)
    try:
        visit, _ = reopen(desk(), stand, token)
    except Turned as refusal:
        return turned(stand, refusal)
    if desk().is_through(visit.id, HOLD_S):
        return redirect(f"{here(stand)}/online?visit={token}", 302)
    return waiting_page(stand, visit, token, MOST_TURNS if turn is None else turn + 1)


@blueprint.get("/wifi/<code>/online")
@public()
def online(code: str) -> ResponseReturnValue:
    """Where the gateway sends a phone that it has let through: the grant counts here, once."""
    stand = stand_of(code)
    token = request.args.get("visit", "")
    try:
        visit, _ = reopen(desk(), stand, token)
    except Turned as refusal:
        return turned(stand, refusal)
    count_grant(stand, visit)
    return online_page(stand, visit, token)


def count_grant(stand: Stand, visit: Visit) -> None:
    """This phone is through: once for each visit, however often and wherever it is told."""
    if not seen_by_nobody():
        settle(desk().record(stand, visit, "grant"))
        minutes = stand.gateway.session_minutes
        marks = [*address_marks(desk(), stand), *([visit.who] if visit.who else [])]
        desk().online.add(stand.code, marks, minutes * 60 if minutes else None)


def already_online(stand: Stand, token: str) -> Response:
    """The gateway says that this phone is through; it may be the first to say so (chilli's `res=success`)."""
    try:
        visit, _ = reopen(desk(), stand, token)
        count_grant(stand, visit)
        return online_page(stand, visit, token)
    except Turned:
        language = language_of_request()
        return online_page(stand, Visit("", stand.code, language, counts=False), "")


def settle(number: int) -> None:
    """Gives the fact a moment to become durable, so that a report asked for next holds it."""
    if number:
        desk().outbox.wait(number, SETTLE_S)


@blueprint.get("/wifi/<code>/store")
@public()
def store(code: str) -> ResponseReturnValue:
    """On to the store of this device; counted once for each visit."""
    stand = stand_of(code)
    try:
        visit, _ = reopen(desk(), stand, request.args.get("visit", ""))
    except Turned as refusal:
        return turned(stand, refusal)
    prompt = seen_prompt(desk(), stand, visit)
    if prompt.link_code is None:
        return redirect(here(stand), 302)
    url = prompt.destination.of(device(agent()))
    if not url:
        return redirect(f"{services().settings.public_url}/q/{prompt.link_code}", 302)
    if not seen_by_nobody():
        settle(desk().record(stand, visit, "store_click"))
    return redirect(store_address(url, code=prompt.link_code, campaign=prompt.campaign, channel=CHANNEL), 302)


@blueprint.get("/wifi/<code>/terms")
@public()
def terms(code: str) -> ResponseReturnValue:
    """The terms, and what is counted."""
    stand = stand_of(code)
    token = request.args.get("visit", "")
    language = language_of_request()
    try:
        if token:
            visit, _ = reopen(desk(), stand, token)
            language = preferred("", request.args.get("lang", visit.language))
    except Turned as refusal:
        return turned(stand, refusal)
    return pages.answer(terms_page(stand, language), token)


@blueprint.get("/wifi/<code>/install")
@public()
def install(code: str) -> ResponseReturnValue:
    """The venue's page of RFC 8908: phones offer it after login, in their real browser."""
    stand, language = stand_of(code), language_of_request()
    prompt = desk().prompts.prompt(stand.spot, language, code, services().clock.now())
    link = f"{services().settings.public_url}/q/{prompt.link_code}" if prompt.link_code else ""
    return pages.answer(pages.draw("install", language, **content(stand, prompt), link=link))


@blueprint.get("/wifi/<code>/api")
@public()
def captive_api(code: str) -> ResponseReturnValue:
    """RFC 8908. A gateway that can puts the phone's MAC into the address (`?who=`); unknown means captive."""
    stand = stand_of(code)
    splash_url = f"{services().settings.portal_url}{here(stand)}"
    left = desk().online.remaining(stand.code, phone_marks(stand))
    standing = capport.Standing(captive=left is None, seconds_remaining=left if stand.gateway.session_minutes else None)
    response = Response(
        capport.encode(capport.body(standing, splash_url, f"{splash_url}/install")), mimetype=capport.MEDIA_TYPE
    )
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Vary"] = "Accept"
    return response
