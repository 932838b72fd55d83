"""Players of Xibo's make, played by the tests: what goes over the wire, and a day of one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from xml.etree import ElementTree
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from signage.dialects.walltime import heard, told

BOX = "pwa-0123456789abcdef"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SECOND = timedelta(seconds=1)
ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" '
    'xmlns:tns="urn:xmds" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soap:Body>{}</soap:Body></soap:Envelope>'
)


@dataclass
class Xibo:
    """A player of Xibo's make, as the wire has it."""

    client: FlaskClient
    key: str
    screen: str
    box: str = BOX

    def post(self, operation: str, **args: object) -> TestResponse:
        given = {"serverKey": self.key, "hardwareKey": self.box, **args}
        told = "".join(f'<{name} xsi:type="xsd:string">{escape(str(value))}</{name}>' for name, value in given.items())
        return self.send(ENVELOPE.format(f"<tns:{operation}>{told}</tns:{operation}>").encode(), operation)

    def send(self, body: bytes, operation: str = "RegisterDisplay") -> TestResponse:
        where = f"/xmds.php?v=5&method={operation}"
        return self.client.post(where, data=body, content_type="text/xml; charset=utf-8")

    def ask(self, operation: str, **args: object) -> str:
        """The value of the answer."""
        response = self.post(operation, **args)
        assert response.status_code == 200, response.text
        (value,) = ElementTree.fromstring(response.data).findall(f".//{{urn:xmds}}{operation}Response/*")
        return value.text or ""

    def register(self, **args: object) -> ElementTree.Element:
        facts = {"displayName": "x", "clientType": "chromeOS", "clientVersion": "0.5.20", "macAddress": "aa:bb:cc:dd"}
        return ElementTree.fromstring(self.ask("RegisterDisplay", **(facts | args)))

    def layouts(self) -> list[int]:
        """Numbers in the schedule."""
        found = ElementTree.fromstring(self.ask("Schedule")).findall("layout")
        return [int(one.get("file", "")) for one in found]


def stat(layout: int, start: datetime, seconds: int) -> str:
    """A play, as the player for browsers tells it."""
    times = f'fromdt="{told(start, ZONE)}" todt="{told(start + seconds * SECOND, ZONE)}"'
    return f'<stat type="layout" {times} scheduleid="1" layoutid="{layout}" count="1" duration="{seconds}" />'


class Line(NamedTuple):
    """A line of the schedule."""

    layout: int
    start: datetime
    until: datetime
    priority: int
    seconds: int


class XiboDay:
    """A player that keeps the schedule it fetched, and looks anew when its checksum is another."""

    def __init__(self, wire: Xibo) -> None:
        self.wire, self.lines, self.held = wire, [], ""
        self.log: list[str] = []
        self._due: list[int] = []
        self._place = 0

    def look(self) -> None:
        check = self.wire.register().get("checkSchedule", "")
        if check != self.held:
            schedule = ElementTree.fromstring(self.wire.ask("Schedule"))
            self.held, self.lines = check, [_line(one) for one in schedule.iter("layout")]

    def play(self, start: datetime, until: datetime) -> None:
        at = start
        while at < until:
            due = self._lines_at(at)
            if [one.layout for one in due] != self._due:
                self._due, self._place = [one.layout for one in due], 0
            one = due[self._place % len(due)]
            self._place += 1
            self.log.append(stat(one.layout, at, one.seconds))
            at += one.seconds * SECOND

    def _lines_at(self, at: datetime) -> list[Line]:
        now = [one for one in self.lines if one.start <= at < one.until]
        highest = max(one.priority for one in now)
        return [one for one in now if one.priority == highest]

    def report(self) -> None:
        """In batches of fifty, each told twice: the first answer was lost."""
        log, self.log = self.log, []
        for start in range(0, len(log), 50):
            for _ in range(2):
                assert (
                    self.wire.ask("SubmitStats", statXml=f"<stats>{''.join(log[start : start + 50])}</stats>") == "true"
                )


def _line(told: ElementTree.Element) -> Line:
    start, until = (heard(told.get(name, ""), ZONE) for name in ("fromdt", "todt"))
    return Line(int(told.get("file", "")), start, until, int(told.get("priority", "")), int(told.get("duration", "")))
