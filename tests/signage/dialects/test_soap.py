"""Calls as Xibo's players send them, and what is refused of XML."""

from xml.etree import ElementTree

import pytest

from core.errors import BadRequest
from signage.dialects.soap import answer, fault, read_call, read_xml

CALL = """<?xml version="1.0" encoding="UTF-8"?>
<soap:Envelope
    xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"
    xmlns:tns="urn:xmds"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xmlns:xsd="http://www.w3.org/2001/XMLSchema">
  <soap:Body soap:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">
    <tns:NotifyStatus>
      <serverKey xsi:type="xsd:string">secret</serverKey>
      <status xsi:type="xsd:string">{&quot;a&quot;: &quot;&lt;b&gt;&quot;}</status>
    </tns:NotifyStatus>
  </soap:Body>
</soap:Envelope>"""
BOMB = '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]><a>&y;</a>'
FILE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'


def test_it_works() -> None:
    call = read_call(CALL.encode())
    assert call.operation == "NotifyStatus"
    assert call.args == {"serverKey": "secret", "status": '{"a": "<b>"}'}
    assert call.arg("hardwareKey") == ""


def test_an_answer_can_be_read_back() -> None:
    told = ElementTree.fromstring(answer("Schedule", "ScheduleXml", "string", '<schedule a="1"/>'))
    assert told.findtext(".//ScheduleXml") == '<schedule a="1"/>'
    assert told.find(".//{urn:xmds}ScheduleResponse") is not None


def test_a_fault_says_whose_it_is_and_why() -> None:
    told = ElementTree.fromstring(fault("Client", "a < b"))
    assert (told.findtext(".//faultcode"), told.findtext(".//faultstring")) == ("SOAP-ENV:Client", "a < b")


@pytest.mark.parametrize("body", [b"", b"{}", b"<a>", b"\xff\xfe\x00", b"<a/>", CALL[:-40].encode()])
def test_what_is_no_call_is_refused(body: bytes) -> None:
    with pytest.raises(BadRequest):
        read_call(body)


@pytest.mark.parametrize("text", [BOMB, FILE, '<!DOCTYPE a SYSTEM "http://a.vn/a.dtd"><a/>', "<a>&x;</a>"])
def test_no_entity_is_ever_declared(text: str) -> None:
    with pytest.raises(BadRequest):
        read_xml(text)


def test_depth_costs_nothing() -> None:
    assert read_xml("<a>" * 200_000 + "</a>" * 200_000).tag == "a"
