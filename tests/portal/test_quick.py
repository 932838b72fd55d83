"""The quick splash says what the view behind it says, and counts the same."""

import gzip
import re
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from core.quick import Quick
from core.services import Services
from portal.house import desk_of
from tests.portal.station import draw, fas, make_campaign, make_hotspot, make_place
from tests.portal.test_splash import AGENT

PATH = "/wifi/ST01"
TOKEN = re.compile(rb'(?<=visit=)[\w-]{40,}|(?<=value=")[\w-]{40,}')


class Doors:
    """Asks the same thing at both doors."""

    def __init__(self, app: Flask) -> None:
        assert isinstance(app.wsgi_app, Quick)
        self.app, self.quick, self.left = app, app.wsgi_app, 0
        self.inner = self.quick.inner
        self.quick.inner = self._watched

    def _watched(self, environ: Any, start_response: Any) -> Any:
        self.left += 1
        return self.inner(environ, start_response)

    def ask(self, query: str, headers: dict[str, str]) -> tuple[Any, Any, bool]:
        """(the quick door's answer, Flask's, whether the quick door gave it alone)."""
        said, before = self._open(query, headers), self.left
        alone = self.left == before
        self.app.wsgi_app = self.inner  # type: ignore[method-assign]
        again = self._open(query, headers)
        self.app.wsgi_app = self.quick  # type: ignore[method-assign]
        return said, again, alone

    def _open(self, query: str, headers: dict[str, str]) -> Any:
        return seen(self.app.test_client().get(f"{PATH}?{query}", headers=headers))


def seen(answer: TestResponse) -> tuple[str, list[tuple[str, str]], bytes]:
    """Status, headers and page, with another visit than the visit's own."""
    body = gzip.decompress(answer.data) if answer.headers.get("Content-Encoding") == "gzip" else answer.data
    return answer.status, sorted(answer.headers.items()), TOKEN.sub(b"TOKEN", body)


@pytest.fixture
def doors(app: Flask, services: Services) -> Doors:
    services.db.write(lambda s: make_place(s, services))
    make_campaign(services)
    make_hotspot(services)
    draw(services)
    return Doors(app)


def views(doors: Doors) -> int:
    outbox = desk_of(doors.app).outbox
    assert outbox.flush()
    return outbox._done


@pytest.mark.parametrize("language", ["vi", "ko-KR,ko;q=0.9,en;q=0.5", "xx", "", "zh-TW"])
@pytest.mark.parametrize("packing", ["gzip, deflate", "identity"])
def test_it_works(doors: Doors, language: str, packing: str) -> None:
    headers = AGENT | {"Accept-Language": language, "Accept-Encoding": packing}
    doors.ask(fas(), headers)  # the view draws what the quick door then has
    said, again, alone = doors.ask(fas(), headers)
    assert alone
    assert said == again
    assert b"TOKEN" in said[2]


def test_each_look_of_a_person_is_put_down(doors: Doors) -> None:
    doors.ask(fas(), AGENT)
    before = views(doors)
    doors.ask(fas(), AGENT)
    assert views(doors) == before + 2


def test_machines_see_it_and_are_not_counted(doors: Doors) -> None:
    doors.ask(fas(), AGENT)
    before = views(doors)
    for headers in ({"User-Agent": "CaptiveNetworkSupport-355"}, AGENT | {"Purpose": "prefetch"}, {"User-Agent": ""}):
        said, again, _ = doors.ask(fas(), headers)
        assert said == again
    assert views(doors) == before


@pytest.mark.parametrize(
    "query",
    ["visit=forged", "lang=ko", "auth_get=view", fas("192.0.2.66:2050"), "status=authenticated&redir=x"],
    ids=["a visit", "a language", "a poll", "another gateway", "on line already"],
)
def test_what_is_no_first_look_goes_to_the_view(doors: Doors, query: str) -> None:
    doors.ask(fas(), AGENT)
    said, again, _ = doors.ask(query, AGENT)
    assert said == again


def test_a_hotspot_that_is_not_there_goes_to_the_view(app: Flask, doors: Doors) -> None:
    assert app.test_client().get("/wifi/NOWHERE", headers=AGENT).status_code == 404
