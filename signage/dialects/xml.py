"""XML from strangers: read as a stream of elements, with all that makes XML dangerous refused. Pure.

Expat with nothing declared: no document type, hence no entity, internal or external, hence no bomb. Depth, names and
text are bounded, so what is held is bounded by what is taken.
"""

from collections.abc import Callable
from xml.parsers import expat

MOST_DEPTH = 40
MOST_TEXT = 8_192  # characters of one element


class BadXml(ValueError):
    """This is not XML, or XML of a kind that nobody has to read."""


Element = Callable[[tuple[str, ...], dict[str, str], str], None]


def read_elements(body: bytes, ended: Element) -> None:
    """Calls ``ended`` at the end of each element with its path of local names, its attributes, and its own text.

    Children come before their parents. Raises BadXml.
    """
    reader = _Reader(ended)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _declares
    parser.EntityDeclHandler = _declares
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        raise BadXml(f"not well-formed: {error}") from None


def _declares(*_: object) -> None:
    raise BadXml("a document type and its entities are not accepted")


class _Reader:
    def __init__(self, ended: Element) -> None:
        self._ended = ended
        self._path: tuple[str, ...] = ()
        self._open: list[tuple[dict[str, str], list[str]]] = []
        self._held = [0]

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._path) >= MOST_DEPTH:
            raise BadXml(f"elements stand more than {MOST_DEPTH} deep")
        self._path = (*self._path, name.rpartition(" ")[2][:100])
        self._open.append((attributes, []))
        self._held.append(0)

    def text(self, data: str) -> None:
        self._held[-1] += len(data)
        if self._held[-1] <= MOST_TEXT and self._open:
            self._open[-1][1].append(data)

    def end(self, _: str) -> None:
        attributes, pieces = self._open.pop()
        self._held.pop()
        self._ended(self._path, attributes, "".join(pieces).strip())
        self._path = self._path[:-1]
