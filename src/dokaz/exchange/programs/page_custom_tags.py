"""Marks of a line in PAGE's attribute ``custom``, in the words that programs of the field use.

``unclear {offset:3; length:2;} textStyle {offset:0; length:5; strikethrough:true;}``: a tag, from which character of the
line on, and over how many it holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from dokaz.transcription.marked_text import GAP, LONGEST_GAP, Mark, MarkedText, TextRun, marked_text

_TAG = re.compile(r"([^\s{};:]+)\s*\{([^{}]*)\}")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_TAGS = {
    Mark.INSERTED: "add",
    Mark.UNCERTAIN: "unclear",
    Mark.OTHER_HAND: "otherHand",
    Mark.SIGNATURE: "signature",
    Mark.ABBREVIATED: "abbrev",
    Mark.DITTO: "ditto",
}
_MARKS = {tag: mark for mark, tag in _TAGS.items()}
#: Follows from the order of the file.
_ORDER = "readingOrder"

_Tag = tuple[str, dict[str, str]]


def written_tags(text: MarkedText) -> str:
    """The marks of a text as tags over ``text.as_written``."""
    tags, offset = [], 0
    for run in text.runs:
        length = len(run.shown)
        place = f"offset:{offset}; length:{length};"
        expansion = f" expansion:{_escaped(run.stands_for)};" if run.stands_for else ""
        if run.illegible:
            tags.append(f"gap {{{place}}}")
        for mark in Mark:
            if mark is Mark.STRUCK_OUT and mark in run.marks:
                tags.append(f"textStyle {{{place} strikethrough:true;}}")
            elif mark in run.marks:
                more = expansion if mark in (Mark.ABBREVIATED, Mark.DITTO) else ""
                if mark is Mark.SIGNATURE and not run.text and not run.illegible:
                    more = " read:false;"
                tags.append(f"{_TAGS[mark]} {{{place}{more}}}")
        offset += length
    return " ".join(tags)


def marks_from_tags(text: str, custom: str, remark: Callable[[str], None]) -> tuple[MarkedText, str]:
    """A line's text with the marks that its tags make, and the tags that are not understood, as they were.

    Args:
        remark: Told of a tag that points beyond the text, and of a gap of which nobody said how long it is.
    """
    per_letter: list[set[Mark]] = [set() for _ in text]
    words: dict[int, tuple[int, str]] = {}
    gaps: dict[int, int] = {}
    kept = []
    for whole, (name, said) in _tags(custom):
        mark = Mark.STRUCK_OUT if name == "textStyle" and said.get("strikethrough") == "true" else _MARKS.get(name)
        if name == _ORDER:
            continue
        if mark is None and name != "gap":
            kept.append(whole)
            continue
        start, length = _number(said.get("offset")), _number(said.get("length"))
        if start is None or length is None or start + length > len(text) or (not length and name != "gap"):
            remark(f"a tag {name} that points to no part of its line, not kept")
        elif mark is None:
            if set(text[start : start + length]) - {GAP} or not length:
                remark("a gap that does not say how many characters nobody can read, taken as one")
                length = 0
            gaps[start] = length
        else:
            for at in range(start, start + length):
                per_letter[at].add(mark)
            if mark in (Mark.ABBREVIATED, Mark.DITTO) or said.get("read") == "false":
                words[start] = start + length, said.get("expansion", "")
    return _marked(text, per_letter, words, gaps, remark), " ".join(kept)


def _marked(
    text: str,
    per_letter: list[set[Mark]],
    words: dict[int, tuple[int, str]],
    gaps: dict[int, int],
    remark: Callable[[str], None],
) -> MarkedText:
    runs: list[TextRun] = []
    at = 0
    while at < len(text) or at in gaps:
        if at in gaps:
            length = gaps.pop(at)
            around = frozenset(per_letter[at] if at < len(text) else ()) - {Mark.ABBREVIATED, Mark.DITTO}
            runs.append(TextRun("", around, illegible=min(length, LONGEST_GAP) or 1))
            at += length
            continue
        marks = frozenset(per_letter[at])
        end, expansion = words.get(at, (at + 1, ""))
        if at not in words:
            while end < len(text) and per_letter[end] == marks and end not in gaps and end not in words:
                end += 1
        run = TextRun(text[at:end], marks - {Mark.ABBREVIATED, Mark.DITTO})
        special = marks & {Mark.ABBREVIATED, Mark.DITTO}
        word = " ".join(run.text.split())
        if Mark.SIGNATURE in marks and run.text == GAP and at in words:
            run = replace(run, text="")
        elif special and word == run.text and at in words and len(special) == 1:
            run = replace(run, marks=marks, stands_for=" ".join(expansion.split()))
        elif special and at in words:
            remark("an abbreviation with white space around it or of two kinds, not kept")
        runs.append(run)
        at = end
    if gaps:
        remark("a gap within an abbreviation, not kept")
    return marked_text(runs)


def _tags(custom: str) -> list[tuple[str, _Tag]]:
    found: list[tuple[str, _Tag]] = []
    at = 0
    for match in _TAG.finditer(custom):
        if stray := custom[at : match.start()].strip():
            found.append((" ".join(stray.split()), ("", {})))
        said = dict(_pair(part) for part in match[2].split(";") if ":" in part)
        found.append((" ".join(match[0].split()), (match[1], said)))
        at = match.end()
    if stray := custom[at:].strip():
        found.append((" ".join(stray.split()), ("", {})))
    return found


def _pair(part: str) -> tuple[str, str]:
    name, _, value = part.partition(":")
    return name.strip(), _ESCAPE.sub(lambda match: chr(int(match[1], 16)), value.strip())


def _escaped(text: str) -> str:
    return "".join(f"\\u{ord(letter):04x}" if letter in "{};:\\" else letter for letter in text)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 8 else None
