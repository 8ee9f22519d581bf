"""What every format of transcribed pages shares: points, readings as JSON, and the list of what a file lacked or lost."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from dokaz.errors import BadFile, BadNotation, BadTranscription, EngineError, sentence
from dokaz.transcription.field_lists import FieldList, LogField
from dokaz.transcription.marked_text import MarkedText
from dokaz.transcription.notation import read_notation, written_notation
from dokaz.transcription.pages import (
    CellReading,
    MachineProposal,
    Outline,
    PageImage,
    PageSide,
    TextRegion,
    TranscribedBook,
    TranscribedPage,
)

#: More of anything than this is no book that people read.
MOST_REGIONS = 250_000
#: A program writes what it has recognised with its confidence; nothing else tells a machine's text from a reader's.
UNNAMED_ENGINE = "a program that the file does not name"
_PAIR = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)[,\s]+(\d{1,9}(?:\.\d{1,9})?)", re.ASCII)
_Made = TypeVar("_Made")
_NUMBER = re.compile(r"-?\d{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ReadTranscription:
    """A book from a file, and in words what the file lacked or what of it is not kept."""

    book: TranscribedBook
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WrittenTranscription:
    """Files by name, and in words what other programs will not find in them."""

    files: dict[str, bytes]
    notes: tuple[str, ...]


@dataclass
class FileNotes:
    """Collects remarks on a file; many of one kind become one remark with their number and the first few names."""

    file: str
    found: dict[str, list[str]] = field(default_factory=dict)

    def add(self, what: str, name: str = "") -> None:
        """Note something of a thing."""
        self.found.setdefault(what, []).append(name)

    def in_words(self) -> tuple[str, ...]:
        said = []
        for what, names in self.found.items():
            named = [name for name in dict.fromkeys(names) if name]
            few = ", ".join(named[:5]) + (f" and {len(named) - 5} more" if len(named) > 5 else "")
            count = f" ({len(names)} times)" if len(names) > 1 else ""
            said.append(f"{what}{count}{': ' if few else ''}{few}")
        return tuple(said)


def refused(problem: str, next_step: str, *, file: str, line: int | None = None, value: str | None = None) -> BadFile:
    """A refusal of a file of transcribed pages; only commands read them, so it has no translation yet."""
    return BadFile(
        sentence("{problem}", problem=problem), file=file, line=line, value=value,
        next_step=sentence("{advice}", advice=next_step),
    )  # fmt: skip


def built(make: Callable[[], _Made], *, file: str, line: int | None = None) -> _Made:
    """A value of the engine; what it refuses is a refusal of the file.

    Raises:
        BadFile: the engine refuses the value.
    """
    try:
        return make()
    except EngineError as error:
        raise BadFile(error.problem, file=file, line=line, next_step=error.advice) from None


def written_points(points: Outline) -> str:
    """Points in pixels as PAGE and ALTO take them: ``x,y x,y``."""
    return " ".join(f"{x},{y}" for x, y in points)


def read_points(text: str, *, file: str, line: int | None, notes: FileNotes, of: str) -> Outline:
    """Points as PAGE and ALTO write them: ``x,y x,y`` or ``x y x y``.

    Raises:
        BadFile: a negative number, or anything else.
    """
    at, points = 0, []
    while match := _PAIR.match(text, at):
        x, y = float(match[1]), float(match[2])
        if not (x.is_integer() and y.is_integer()):
            notes.add("points between pixels, rounded", of)
        points.append((round(x), round(y)))
        at = match.end()
        while text[at : at + 1].isspace() or text[at : at + 1] == ",":
            at += 1
    if at < len(text) or not points:
        raise refused(
            f"{of}: points that cannot be read", "write x,y x,y in pixels from the top left", file=file, line=line,
            value=text[at : at + 40] or text,
        )  # fmt: skip
    return tuple(points)


def read_whole(text: str, what: str, *, file: str, line: int | None) -> int:
    """A whole number.

    Raises:
        BadFile: it is none, or absurdly large.
    """
    if not _NUMBER.fullmatch(text.strip()):
        raise refused(f"{what} is no whole number", "export it again", file=file, line=line, value=text)
    return int(text)


# --- JSON ---------------------------------------------------------------------------------------------------------


def as_json(value: object) -> str:
    """JSON on one line, letters as they are: for a place that another format leaves to programs."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def from_json(text: str, *, file: str, line: int | None) -> dict[str, Any]:
    """What Dokaz wrote of its own into a place that another format leaves to programs.

    Raises:
        BadFile: it was changed and can no longer be read.
    """
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, dict):
        raise refused("what Dokaz had noted here was changed", "export it again", file=file, line=line, value=text[:80])
    return read


def book_as_json(book: TranscribedBook) -> dict[str, Any]:
    """A book without its pages."""
    versions = [[[each.id, each.label, each.is_of_page] for each in one.fields] for one in book.field_lists]
    return {"id": book.id, "title": book.title, "fields": versions}


def book_from_json(read: dict[str, Any], pages: Iterable[TranscribedPage]) -> TranscribedBook:
    """The reverse; to be called within ``told``."""
    lists = tuple(
        FieldList(at, tuple(LogField(_text(one[0]), _text(one[1]), bool(one[2])) for one in fields))
        for at, fields in enumerate(read["fields"], 1)
    )
    return TranscribedBook(_text(read["id"]), _text(read["title"]), lists, tuple(pages))


def page_as_json(page: TranscribedPage) -> dict[str, Any]:
    """A page without its regions."""
    image = [page.image.file, page.image.width, page.image.height] if page.image else None
    return {"id": page.id, "number": page.number, "side": page.side, "image": image, "torn": page.is_torn,
            "missing": page.is_missing}  # fmt: skip


def page_from_json(read: dict[str, Any], regions: Iterable[Any]) -> TranscribedPage:
    """The reverse; to be called within ``told``."""
    image = read["image"]
    return TranscribedPage(
        _text(read["id"]), _text(read["number"]), PageSide(read["side"]) if read["side"] else None,
        PageImage(_text(image[0]), _count(image[1]), _count(image[2])) if image else None,
        bool(read["torn"]), bool(read["missing"]), tuple(regions),
    )  # fmt: skip


def texts_as_json(region: TextRegion) -> dict[str, Any]:
    """What was read in a place, and under which field it is filed; empty if nothing is to be said."""
    said: dict[str, Any] = {}
    if region.field:
        said["field"] = region.field
    if region.readings:
        said["readings"] = [[each.reader, written_notation(each.text)] for each in region.readings]
    if region.proposals:
        said["proposals"] = [[p.engine, written_notation(p.text), p.confidence] for p in region.proposals]
    return said


def texts_from_json(read: dict[str, Any]) -> dict[str, Any]:
    """The reverse, as arguments of a ``TextRegion``; to be called within ``told``."""
    return {
        "field": _text(read.get("field", "")),
        "readings": tuple(
            CellReading(_text(by), read_notation(_text(typed))) for by, typed in read.get("readings", ())
        ),
        "proposals": tuple(
            MachineProposal(_text(by), read_notation(_text(typed)), None if sure is None else float(sure))
            for by, typed, sure in read.get("proposals", ())
        ),
    }


def continued(read: dict[str, Any]) -> tuple[str, str] | None:
    """Which page and table a table continues; to be called within ``told``."""
    named = read.get("continues")
    return (_text(named[0]), _text(named[1])) if named else None


def line_name(read: Any) -> tuple[str, str]:
    """The id of a line, and what another program said of it; to be called within ``told``."""
    name, custom = read
    return _text(name), _text(custom)


def told(make: Callable[[], _Made], *, file: str, line: int | None = None) -> _Made:
    """What Dokaz noted for itself, read back.

    Raises:
        BadFile: somebody changed it, and it makes no sense any more.
    """
    try:
        return make()
    except (BadNotation, BadTranscription) as error:
        raise BadFile(error.problem, file=file, line=line, next_step=error.advice) from None
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise refused(
            "what Dokaz had noted here was changed", "export it again", file=file, line=line, value=str(error)[:80]
        ) from None


def shown_texts(region: TextRegion) -> list[tuple[MarkedText, float | None]]:
    """Readings, then proposals, as formats show them that know several texts of one place."""
    return [(each.text, None) for each in region.readings] + [(p.text, p.confidence) for p in region.proposals]


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _count(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is no number")
    return value
