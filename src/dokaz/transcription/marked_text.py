"""What was read in one place of a page: a text with its marks (illegible, struck out, in another hand and so on)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from dokaz.errors import BadTranscription

#: Stands for one illegible character wherever a text is shown or compared without its marks.
GAP = "□"
#: More characters than these are no cell of a page.
LONGEST_GAP, LONGEST_TEXT = 999, 4_000


class Mark(StrEnum):
    """What a reader says of a part of a text. The order is the one in which the notation nests them."""

    STRUCK_OUT = "struck_out"
    INSERTED = "inserted"
    UNCERTAIN = "uncertain"
    OTHER_HAND = "other_hand"
    SIGNATURE = "signature"
    ABBREVIATED = "abbreviated"
    DITTO = "ditto"


@dataclass(frozen=True, slots=True)
class TextRun:
    """A part of a text under the same marks.

    Args:
        text: As it is written on the page; for a ditto the sign itself. Empty for a gap, and for a signature that is
            not read.
        marks: What is said of it.
        illegible: How many characters nobody can read here, about; 0 for what is read.
        stands_for: What an abbreviation or a ditto says in full; empty while nobody has said so.
    """

    text: str
    marks: frozenset[Mark] = frozenset()
    illegible: int = 0
    stands_for: str = ""

    def __post_init__(self) -> None:
        for text in (self.text, self.stands_for):
            unkept = next((c for c in text if not (c.isprintable() or c == "\n")), None)
            if unkept is not None:
                raise BadTranscription(f"a character that no page shows, U+{ord(unkept):04X}", "type the text anew")
        if not 0 <= self.illegible <= LONGEST_GAP:
            raise BadTranscription(f"{self.illegible} illegible characters", f"count 1 to {LONGEST_GAP}")
        if self.illegible and (self.text or self.marks & {Mark.ABBREVIATED, Mark.DITTO}):
            raise BadTranscription(f"{self.text!r} is both read and illegible", "mark the gap apart from what is read")
        if not self.text and not self.illegible and Mark.SIGNATURE not in self.marks:
            raise BadTranscription("a mark without anything that it marks", "leave it out")
        if Mark.ABBREVIATED in self.marks and Mark.DITTO in self.marks:
            raise BadTranscription(f"{self.text!r} is both an abbreviation and a ditto", "choose one")
        if self.stands_for and not self.marks & {Mark.ABBREVIATED, Mark.DITTO}:
            raise BadTranscription(f"{self.text!r} stands for nothing else", "mark it as abbreviated or as a ditto")
        if self.stands_for != " ".join(self.stands_for.split()):
            raise BadTranscription(f"white space in what {self.text!r} stands for", "use single spaces, on one line")
        if self.marks & {Mark.ABBREVIATED, Mark.DITTO} and self.text != " ".join(self.text.split()):
            raise BadTranscription(f"white space around or a line break within {self.text!r}", "mark the word alone")

    @property
    def shown(self) -> str:
        """The text as written, with one sign for each illegible character, and for a signature that is not read."""
        return self.text or GAP * max(1, self.illegible)


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A text with its marks; empty if the place on the page is empty.

    How wide a space is, is not read: white space is one space or one line break, and none at the ends. Parts under
    the same marks are one part. ``marked_text`` makes a text so.
    """

    runs: tuple[TextRun, ...] = ()

    def __post_init__(self) -> None:
        if self.runs != _tidied(self.runs):
            raise BadTranscription(f"{self.as_written!r} has stray white space or parts that are one", "tidy it")
        if len(self.as_written) > LONGEST_TEXT:
            raise BadTranscription(
                f"a text of {len(self.as_written):,} characters", f"at most {LONGEST_TEXT:,} are one cell"
            )

    @property
    def as_written(self) -> str:
        """All that is written, struck-out parts too; illegible characters as □."""
        return "".join(run.shown for run in self.runs)

    @property
    def as_meant(self) -> str:
        """Without what is struck out; abbreviations and dittos in full where somebody has said what they stand for."""
        kept = (run.stands_for or run.shown for run in self.runs if Mark.STRUCK_OUT not in run.marks)
        return " ".join("".join(kept).split())

    @property
    def unmarked(self) -> str:
        """As written, in the normal form NFC: what two readings are compared by."""
        return unicodedata.normalize("NFC", self.as_written)

    @property
    def is_ditto(self) -> bool:
        """Whether all of it is one ditto."""
        return len(self.runs) == 1 and Mark.DITTO in self.runs[0].marks

    def standing_for(self, resolved: str) -> MarkedText:
        """The same, where a ditto is all of it, with what it stands for."""
        if not self.is_ditto:
            raise BadTranscription(f"{self.as_written!r} is no ditto", "only a ditto stands for what is above it")
        return MarkedText((replace(self.runs[0], stands_for=resolved),))


def marked_text(runs: Iterable[TextRun]) -> MarkedText:
    """A text of these parts: white space made single, parts under the same marks joined."""
    return MarkedText(_tidied(tuple(runs)))


def plain_text(text: str) -> MarkedText:
    """A text without marks."""
    return marked_text([TextRun(spaced(text))] if text.strip() else [])


def spaced(text: str) -> str:
    """White space as single spaces and line breaks."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _tidied(runs: tuple[TextRun, ...]) -> tuple[TextRun, ...]:
    """Single white space over all runs, none at the ends; equal neighbours joined."""
    tidy: list[TextRun] = []
    last = "\n"
    for given in runs:
        # A mark on nothing but white space marks nothing.
        run = TextRun(given.text) if given.text and not given.text.strip() else given
        letters: list[str] = []
        for letter in run.text:
            if letter.isspace() and last.isspace():
                # Of several, a line break stays; at the beginning there is nothing for it to end.
                if letter == "\n" and last == " ":
                    _put_break(letters, tidy)
                    last = "\n"
                continue
            letters.append(letter)
            last = letter
        if run.illegible or (Mark.SIGNATURE in run.marks and not run.text):
            last = GAP
        elif not letters:
            continue
        _join(tidy, replace(run, text="".join(letters)))
    while tidy and tidy[-1].text and tidy[-1].text[-1].isspace():
        text = tidy[-1].text.rstrip()
        tidy[-1:] = [replace(tidy[-1], text=text)] if text else []
    return tuple(tidy)


def _put_break(letters: list[str], tidy: list[TextRun]) -> None:
    """Make the space that was written last, in this run or in the one before, a line break."""
    if letters:
        letters[-1] = "\n"
    else:
        tidy[-1] = replace(tidy[-1], text=f"{tidy[-1].text[:-1]}\n")


def _join(tidy: list[TextRun], run: TextRun) -> None:
    """Put a run behind the others, as a part of the last one if both are under the same marks."""
    if tidy and _is_one_with(tidy[-1], run):
        tidy[-1] = replace(tidy[-1], text=tidy[-1].text + run.text)
    else:
        tidy.append(run)


def _is_one_with(before: TextRun, run: TextRun) -> bool:
    alone = {Mark.ABBREVIATED, Mark.DITTO}
    return bool(before.marks == run.marks and before.text and run.text and not run.marks & alone)
