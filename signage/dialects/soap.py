"""SOAP 1.1 as Xibo's players speak it: a call with named strings in, one value or a fault out. Pure."""

from collections.abc import Mapping
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser
from xml.sax.saxutils import escape

from core.errors import BadRequest

XMDS = "urn:xmds"
_ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
_OPEN = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<SOAP-ENV:Envelope xmlns:SOAP-ENV="{_ENVELOPE}" xmlns:ns1="{XMDS}" '
    'xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'SOAP-ENV:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><SOAP-ENV:Body>'
)
_CLOSE = "</SOAP-ENV:Body></SOAP-ENV:Envelope>\n"


class Call(NamedTuple):
    """What a player asks for: the operation's name, and its arguments as they stand."""

    operation: str
    args: Mapping[str, str]

    def arg(self, name: str) -> str:
        """An argument; empty where the player sent none."""
        return self.args.get(name, "")


class _NoDoctype(TreeBuilder):
    """A document that declares a type could define entities, and they could grow without end or name files."""

    def doctype(self, *_: object) -> None:
        raise BadRequest("XML with a document type is not read")


def read_xml(text: str | bytes) -> Element:
    """The root of a document without a document type. Raises BadRequest."""
    parser = XMLParser(target=_NoDoctype())
    try:
        parser.feed(text)
        return parser.close()
    except (ParseError, ValueError) as error:
        raise BadRequest(f"This is not XML: {error}") from None


def local(element: Element) -> str:
    """An element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def read_call(body: bytes) -> Call:
    """The call in an envelope. Raises BadRequest."""
    asked = read_xml(body).find(f"{{{_ENVELOPE}}}Body/*")
    if asked is None:
        raise BadRequest("This is not a SOAP 1.1 envelope with a call in it")
    return Call(local(asked), {local(one): one.text or "" for one in asked})


def answer(operation: str, name: str, kind: str, value: str) -> str:
    """The answer to a call: its one part, of the type that the service's description gives it."""
    part = f'<{name} xsi:type="xsd:{kind}">{escape(value)}</{name}>'
    return f"{_OPEN}<ns1:{operation}Response>{part}</ns1:{operation}Response>{_CLOSE}"


def fault(code: str, reason: str) -> str:
    """A refusal; ``code`` is ``Client`` where the player or its settings are at fault, else ``Server``."""
    told = f"<faultcode>SOAP-ENV:{code}</faultcode><faultstring>{escape(reason)}</faultstring>"
    return f"{_OPEN}<SOAP-ENV:Fault>{told}</SOAP-ENV:Fault>{_CLOSE}"
