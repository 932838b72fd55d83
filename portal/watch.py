"""Hotspots that fare badly are told of by mail and webhook, once a day each, to those whom their area names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from core.http import stamp
from core.ids import new_id
from core.jobs import enqueue, take_period
from core.post import hook, letter, post
from core.services import Services
from core.signing import PLAYERS, Signer
from places.areas import ancestors
from places.queries import areas
from portal import queries
from portal.health import Health

KIND = "portal.alert"
DAY_S = 86_400
MAIL, WEBHOOK = "mail", "webhook"
TELLS = {
    "fallen": ("ít người vào mạng hơn hẳn thường lệ", "far fewer than usual come on line"),
    "silent": ("im lặng đã một ngày", "has been silent for a day"),
    "signatures": ("khóa trên thiết bị không khớp", "its gateway's key does not match"),
}


def watch(services: Services) -> None:
    """Looks over all hotspots whose area wants to be told."""
    now, root = services.clock.now(), services.settings.public_url
    with services.db.read() as s:
        wanting = {area.path: told for area in areas(s) if (told := targets(area.settings))}
        ill = [
            (content_of(hotspot.code, hotspot.name, health, now, root), wanting[near])
            for hotspot, place in queries.hotspots(s)
            if (near := next((path for path in ancestors(place.area_path) if path in wanting), None))
            and (health := queries.health(s, hotspot.code, place.timezone, now)).state in TELLS
        ]
    for content, told in ill:
        services.db.write(partial(_put_down, content=content, told=told, now=now))


def targets(settings: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(channel, address) of all whom an area's settings name for alerts."""
    found = [(MAIL, settings.get("alert_mail")), (WEBHOOK, settings.get("alert_webhook"))]
    return [(channel, one) for channel, named in found for one in ([named] if isinstance(named, str) else named or [])]


def content_of(code: str, name: str, health: Health, now: datetime, root: str) -> dict[str, Any]:
    """What is told, as a webhook gets it; a mail says the same in words."""
    return {
        "kind": f"hotspot_{health.state}",
        "hotspot": code,
        "name": name,
        "at": stamp(now),
        "splashes": health.splashes,
        "grants": health.grants,
        "bad_signatures": health.bad_signatures,
        "usual": health.usual,
        "url": f"{root}/console/wifi/{code}",
    }


def _put_down(s: Session, content: dict[str, Any], told: list[tuple[str, str]], now: datetime) -> None:
    if not take_period(s, f"{KIND}:{content['hotspot']}", DAY_S, now):
        return  # told of today
    for channel, target in told:
        payload = {"channel": channel, "target": target, "content": content, "id": new_id("ntc")}
        enqueue(s, KIND, payload, now=now)


def tell(services: Services, payload: dict[str, Any]) -> None:
    """One notice, one try; what fails is tried again by the queue."""
    content = payload["content"]
    if payload["channel"] == WEBHOOK:
        body = msgspec.json.encode(content)
        signature = Signer(services.sealer, PLAYERS).sign(body)
        hook(payload["target"], body, {"Alert-Id": payload["id"], "Alert-Signature": signature})
        return
    subject, text = mail_of(content)
    post(services.settings.smtp_url, letter(services.settings.mail_from, payload["target"], subject, text))


def mail_of(content: Mapping[str, Any]) -> tuple[str, str]:
    """Subject and text: Vietnamese, then English, then the figures."""
    here, there = TELLS[content["kind"].removeprefix("hotspot_")]
    figures = f"{content['splashes']} → {content['grants']}"
    lines = [f"Wifi {content['name']}: {here} ({figures}).", f"The wifi {content['name']}: {there} ({figures})."]
    return f"Wifi {content['name']}: {here}", "\n".join([*lines, "", content["url"]])
