"""XML as plain elements that know their line: no document types, no entities of their own, nothing fetched."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from dokaz.errors import BadFile, Sentence, sentence

#: More bytes than this are no table of profiles or frequencies.
MAX_BYTES = 256 * 1024 * 1024
DEEPEST = 40
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"


@dataclass
class XmlElement:
    """One element: its name without the namespace, its own text, and the elements in it.

    Attributes of a schema (`schemaLocation`) are called `xsi:schemaLocation`.
    """

    name: str
    namespace: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    parts: list[XmlElement] = field(default_factory=list)
    line: int = 0

    def named(self, name: str) -> list[XmlElement]:
        """The parts of that name."""
        return [part for part in self.parts if part.name == name]


def read_elements(data: bytes, *, file: str, keeps_foreign_attributes: bool = False) -> XmlElement:
    """Read an XML file.

    Args:
        keeps_foreign_attributes: Take attributes of any namespace, by their name alone; else they are refused.

    Returns:
        The root; texts without surrounding white space.

    Raises:
        BadFile: not well-formed, a document type, text beside elements, nested too deeply.
    """
    if len(data) > MAX_BYTES:
        raise BadFile(
            sentence("the file has {size:,} bytes; at most {most:,} are read", size=len(data), most=MAX_BYTES),
            file=file,
        )
    parser = expat.ParserCreate(namespace_separator="\x01")
    top = XmlElement("")
    open_elements = [top]

    def bad(problem: Sentence, value: str | None = None) -> BadFile:
        return BadFile(
            problem, file=file, line=parser.CurrentLineNumber, value=value, next_step=sentence("export it again")
        )

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(open_elements) > DEEPEST:
            raise bad(sentence("elements are nested too deeply"), name.rpartition("\x01")[2])
        namespace, _, local = name.rpartition("\x01")
        named: dict[str, str] = {}
        for key, value in attributes.items():
            whose, _, plain = key.rpartition("\x01")
            if keeps_foreign_attributes:
                named.setdefault(plain, value)
                continue
            if whose not in {"", _INSTANCE}:
                raise bad(sentence("an attribute of a namespace that is not understood here"), plain)
            named[f"xsi:{plain}" if whose else plain] = value
        element = XmlElement(local, namespace, named, line=parser.CurrentLineNumber)
        open_elements[-1].parts.append(element)
        open_elements.append(element)

    def end(_: str) -> None:
        element = open_elements.pop()
        element.text = element.text.strip()
        if element.text and element.parts:
            raise bad(sentence("text beside elements in {name}", name=element.name), element.text[:80])

    def characters(text: str) -> None:
        open_elements[-1].text += text

    def doctype(*_: object) -> None:
        raise bad(sentence("a document type is not read"))

    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise BadFile(
            sentence("not XML: {error}", error=expat.errors.messages[error.code]),
            file=file,
            line=error.lineno,
            column=str(error.offset + 1),
            next_step=sentence("export it again"),
        ) from None
    except (ValueError, LookupError) as error:
        # An encoding that the declaration names and nobody knows.
        raise BadFile(
            sentence("not XML: {error}", error=error), file=file, next_step=sentence("save it as UTF-8")
        ) from None
    return top.parts[0]


def written_elements(root: XmlElement) -> str:
    """A file of these elements, two spaces a level; the root states its namespace."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    _write(root, 0, lines, "")
    return "\n".join(lines) + "\n"


def in_namespace(element: XmlElement, namespace: str) -> XmlElement:
    """The same element and all in it in one namespace."""
    element.namespace = namespace
    for part in element.parts:
        in_namespace(part, namespace)
    return element


def _write(element: XmlElement, level: int, lines: list[str], around: str) -> None:
    attributes = "".join(f" {key}={quoteattr(value)}" for key, value in element.attributes.items())
    if any(key.startswith("xsi:") for key in element.attributes):
        attributes = f" xmlns:xsi={quoteattr(_INSTANCE)}{attributes}"
    if element.namespace != around:
        attributes = f" xmlns={quoteattr(element.namespace)}{attributes}"
    head, margin = f"{element.name}{attributes}", "  " * level
    if not element.parts:
        body = f">{escape(element.text)}</{element.name}>" if element.text else "/>"
        lines.append(f"{margin}<{head}{body}")
        return
    lines.append(f"{margin}<{head}>")
    for part in element.parts:
        _write(part, level + 1, lines, element.namespace)
    lines.append(f"{margin}</{element.name}>")
