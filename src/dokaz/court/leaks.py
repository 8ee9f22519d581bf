"""The last search before a bundle is signed: every byte that leaves, for whomever it withholds.

It knows nothing of how fields were withheld: it reads the files of the bundle as they lie there. What the program itself
writes into every bundle (names of fields, kinds, acts and codes, the sentences of its own pages) names nobody.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from dokaz.court.sought import Mention, Sought
from dokaz.court.texts_in_files import Unreadable, texts_in
from dokaz.court.withholding import Leak, vocabulary
from dokaz.errors import Sentence, WouldName, sentence

# More places than these are counted, not named.
_NAMED = 20


def refuse_leaks(leaks: Sequence[Leak]) -> None:
    """Refuse a bundle that would name whom it withholds.

    Raises:
        WouldName: there is such a place; the error names it, and never the name.
    """
    if leaks:
        found = list(dict.fromkeys(leaks))
        places: list[Sentence] = [place(each) for each in found[:_NAMED]]
        if len(found) > _NAMED:
            places.append(sentence("and {count} more", count=len(found) - _NAMED))
        raise WouldName(places, what_next(found))


def place(leak: Leak) -> Sentence:
    """A place, and whom it names."""
    if leak.why == "also":
        return sentence("a name of {who} is also a name of {also}", who=leak.who, also=leak.also)
    by = _BY[leak.by]
    if leak.why == "open":
        return sentence("{place} is never withheld and holds {by} of {who}", place=leak.place, by=by, who=leak.who)
    if leak.why == "stated":
        return sentence("{place}, as you wrote it, holds {by} of {who}", place=leak.place, by=by, who=leak.who)
    return sentence("{place} holds {by} of {who}", place=leak.place, by=by, who=leak.who)


_BY = {
    "name": sentence("a name"),
    "number": sentence("the number"),
    "contact": sentence("a contact"),
    "profile": sentence("the DNA profile"),
    "unreadable": sentence("text that cannot be searched for a name"),
}


def what_next(leaks: Sequence[Leak]) -> Sentence:
    """What can be done about some places."""
    reasons = {leak.why for leak in leaks}
    if "also" in reasons:
        return sentence("withhold these others too, or state that names which are also other people's may stay")
    if "stated" in reasons:
        return sentence("write it without the name")
    if "open" in reasons:
        return sentence("make a bundle of a decision that does not hold this entry, or withhold nobody whom it names")
    return sentence("report this place: nothing was handed out")


def stated_leaks(sought: Sought, stated: Mapping[str, str]) -> list[Leak]:
    """Where what somebody wrote for this bundle names whom it withholds."""
    return [
        Leak(name, found.who.label, found.by, "stated")
        for name, text in stated.items()
        if (found := sought.in_value(text))
    ]


def leaks_in(folder: Path, sought: Sought, *, own: Mapping[str, Sequence[str]]) -> list[Leak]:
    """Where any file of a bundle, its name included, names whom it withholds.

    Args:
        own: Lines of a file that the program writes into every bundle, by its path.
    """
    if not sought:
        return []
    found: list[Leak] = []
    look = _looking(sought)
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        name = path.relative_to(folder).as_posix()
        for where, hit in _in_file(path, name, sought, look, frozenset(own.get(name, ()))):
            found.append(Leak(where, hit.who.label, hit.by, "found"))
    return found


def _in_file(
    path: Path, name: str, sought: Sought, look: Callable[[Any], Mention | None], own: frozenset[str]
) -> Iterator[tuple[str, Mention]]:
    for part in name.removesuffix(".csv").split("/"):
        if (hit := look(part)) is not None:
            yield name, hit
    if name.startswith("files/"):
        try:
            hit = sought.in_readings(texts_in(path.read_bytes()))
        except Unreadable:
            first = sought.withheld[0]
            hit = Mention(0, first, "unreadable")
        if hit is not None:
            yield f"{name}: {hit.at}", hit
    else:
        for where, value in _atoms(path, name):
            if not (isinstance(value, str) and value in own) and (hit := look(value)) is not None:
                yield f"{name}: {where}", hit


def _looking(sought: Sought) -> Callable[[Any], Mention | None]:
    """Search a value once, however often it is written."""
    known: dict[str, Mention | None] = {}

    def look(value: Any) -> Mention | None:
        if not isinstance(value, str):
            return sought.profile_in(value)
        if value not in known:
            known[value] = None if value in vocabulary() else sought.in_value(value)
        return known[value]

    return look


def _atoms(path: Path, name: str) -> Iterator[tuple[str, Any]]:
    """What stands in a file that the program wrote, piece by piece, with its place."""
    text = path.read_text(encoding="utf-8-sig")
    if name.endswith((".jsonl", ".json")):
        for nth, line in enumerate(text.split("\n"), 1):
            if line:
                yield from _in_json(json.loads(line), str(nth))
    elif name.endswith(".csv"):
        for nth, row in enumerate(csv.reader(text.splitlines(keepends=True)), 1):
            for cell in row:
                yield from _in_json(_parsed(cell), str(nth))
    elif name.endswith(".html"):
        page = _Page()
        page.feed(text)
        yield from page.found
    else:
        for nth, line in enumerate(text.splitlines(), 1):
            yield str(nth), line


def _in_json(value: Any, place: str) -> Iterator[tuple[str, Any]]:
    """Strings, and objects that may be a DNA profile; of openings with the entry and the name of the field."""
    if isinstance(value, dict):
        if set(value) == {"index", "openings"}:
            for _salt, field, held in value["openings"]:
                yield from _in_json(held, f"№ {value['index']}, {field}")
            return
        yield place, value
        for key, each in value.items():
            yield place, key
            yield from _in_json(each, place)
    elif isinstance(value, list):
        for each in value:
            yield from _in_json(each, place)
    elif isinstance(value, str):
        yield place, value


def _parsed(cell: str) -> Any:
    """What a cell of a table holds: an object or a list stands there as JSON."""
    try:
        return json.loads(cell) if cell[:1] in ("{", "[") else cell
    except ValueError:
        return cell


class _Page(HTMLParser):
    """The texts and attributes of the page for reading; what the page says in every bundle is marked as its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, Any]] = []
        self._own = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self._own and (tag in ("style", "th") or "own" in (dict(attrs).get("class") or "").split()):
            self._own = tag
        if tag != "meta":
            self.found += [(str(self.getpos()[0]), value) for name, value in attrs if value and name != "class"]

    def handle_endtag(self, tag: str) -> None:
        if tag == self._own:
            self._own = ""

    def handle_data(self, data: str) -> None:
        if not self._own:
            self.found += _in_json(_parsed(data), str(self.getpos()[0]))

    def handle_comment(self, data: str) -> None:
        self.found.append((str(self.getpos()[0]), data))
