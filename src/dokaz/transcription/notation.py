r"""Marks as they are typed: a parenthesis and one sign, all on the same keys of Ukrainian, Russian and English keyboards.

| typed | means |
|---|---|
| `(..3)` | three characters that nobody can read |
| `(?Петренко)` | uncertain |
| `(-Петренко)` | struck out, and still read |
| `(+Петренко)` | inserted above or beside the line |
| `(:12.05)` | in another hand |
| `(*Коваль)`, `(*)` | a signature, read or not |
| `(%гр.)`, `(%гр.=громадянин)` | an abbreviation, and what it stands for |
| `(")`, `("=Петренко)`, `("-//-=Петренко)` | "same as above"; what it stands for; another sign on the page than `"` |
| `(/)` | a line break within a cell; Enter does the same |
| `\(`, `\)`, `\\`, `\=` | the character itself, where it would be read as a mark |

Marks may lie in each other: `(-(?Петренко))`. A parenthesis before anything else is a parenthesis: `(помер)`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from dokaz.errors import BadNotation, BadTranscription
from dokaz.transcription.marked_text import LONGEST_GAP, LONGEST_TEXT, Mark, MarkedText, TextRun, marked_text

SIGNS = {
    "-": Mark.STRUCK_OUT,
    "+": Mark.INSERTED,
    "?": Mark.UNCERTAIN,
    ":": Mark.OTHER_HAND,
    "*": Mark.SIGNATURE,
    "%": Mark.ABBREVIATED,
    '"': Mark.DITTO,
}
_SIGN_OF = {mark: sign for sign, mark in SIGNS.items()}
#: What stands for a ditto where nothing else is said.
DITTO_SIGN = '"'
_DEEPEST = 16
_ESCAPED = "()\\="


def read_notation(typed: str) -> MarkedText:
    r"""The text that somebody typed.

    Raises:
        BadNotation: a mark is not closed, or marks nothing; a gap without its count; a mark within an abbreviation.
        BadTranscription: a character that no page shows, or too many.

    Example:
        >>> text = read_notation("(-Іван) Микола (?Петре(..2)ко)")
        >>> text.as_written
        'Іван Микола Петре□□ко'
        >>> text.as_meant
        'Микола Петре□□ко'
        >>> read_notation("(?)")
        Traceback (most recent call last):
        ...
        dokaz.errors.transcription.BadNotation: '(?)' marks nothing
          next: type what it marks, or \(? for a parenthesis on the page
    """
    if len(typed) > 8 * LONGEST_TEXT:
        raise BadNotation(f"a text of {len(typed):,} characters", f"at most {LONGEST_TEXT:,} are one cell")
    return marked_text(_NotationReader(typed).read())


def written_notation(text: MarkedText) -> str:
    """A text as it may be typed; reading it gives the text again.

    Example:
        >>> written_notation(read_notation('("-//-=Петренко) (помер)'))
        '("-//-=Петренко) (помер)'
    """
    return "".join(map(_written_run, text.runs))


@dataclass
class _NotationReader:
    """Reads a typed text from left to right; ``open_marks`` are the marks that are not closed yet."""

    typed: str
    at: int = 0
    runs: list[TextRun] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)
    open_marks: list[tuple[Mark | None, int, int]] = field(default_factory=list)

    def read(self) -> list[TextRun]:
        while self.at < len(self.typed):
            letter, after = self.typed[self.at], self.typed[self.at + 1 : self.at + 2]
            if letter == "\\":
                self._escaped(after)
            elif letter == "(" and self._is_mark(after):
                self._opened(after)
            elif letter == "(" and self.open_marks:
                self._opened_parenthesis()
            elif letter == ")" and self.open_marks:
                self._closed()
            else:
                self._add(letter)
                self.at += 1
        if self.open_marks:
            raise BadNotation(f"{self.typed[self.open_marks[-1][1] :]!r} is not closed", "close it with )")
        self._end_run()
        return self.runs

    def _add(self, letter: str) -> None:
        self.letters.append("\n" if letter in "\r\n" else " " if letter.isspace() else letter)

    def _is_mark(self, after: str) -> bool:
        return after in SIGNS or self.typed.startswith(("(..", "(/)"), self.at)

    def _escaped(self, after: str) -> None:
        if not after or after not in _ESCAPED:
            raise BadNotation(f"\\{after} is no character of its own", r"type \\ for the sign \ itself")
        self.letters.append(after)
        self.at += 2

    def _opened(self, sign: str) -> None:
        if sign == "/":
            self.letters.append("\n")
            self.at += len("(/)")
            return
        if sign == ".":
            self._gap()
            return
        mark = SIGNS[sign]
        self._end_run()
        if mark in (Mark.ABBREVIATED, Mark.DITTO):
            self._standing_for(mark)
            return
        if len(self.open_marks) == _DEEPEST:
            raise BadNotation(f"more than {_DEEPEST} marks within each other", "close them")
        self.open_marks.append((mark, self.at, len(self.runs)))
        self.at += 2

    def _opened_parenthesis(self) -> None:
        """A parenthesis of the page within a mark: its end does not end the mark."""
        if len(self.open_marks) == _DEEPEST:
            raise BadNotation(f"more than {_DEEPEST} parentheses within each other", "close them")
        self.open_marks.append((None, self.at, 0))
        self._add("(")
        self.at += 1

    def _closed(self) -> None:
        mark, start, runs = self.open_marks[-1]
        self.at += 1
        if mark is None:
            self.open_marks.pop()
            self._add(")")
            return
        self._end_run()
        self.open_marks.pop()
        if not any(run.text.strip() or not run.text for run in self.runs[runs:]):
            del self.runs[runs:]
            marks = self._marks() | {mark}
            if mark is not Mark.SIGNATURE:
                sign = self.typed[start : start + 2]
                raise BadNotation(
                    f"{self.typed[start : self.at]!r} marks nothing",
                    f"type what it marks, or \\{sign} for a parenthesis on the page",
                )
            self.runs.append(TextRun("", marks))

    def _marks(self) -> frozenset[Mark]:
        return frozenset(mark for mark, _, _ in self.open_marks if mark)

    def _end_run(self) -> None:
        if self.letters:
            self.runs.append(TextRun("".join(self.letters), self._marks()))
            self.letters = []

    def _gap(self) -> None:
        end = self.typed.find(")", self.at)
        count = self.typed[self.at + 3 : end]
        if end < 0 or not (count.isascii() and count.isdigit()) or not 1 <= int(count[:9]) <= LONGEST_GAP:
            raise BadNotation(
                f"{self.typed[self.at : self.at + 12]!r} does not say how many characters are illegible",
                f"type (..3) for about three; 1 to {LONGEST_GAP}",
            )
        self._end_run()
        self.runs.append(TextRun("", self._marks(), illegible=int(count[:9])))
        self.at = end + 1

    def _standing_for(self, mark: Mark) -> None:
        start, parts, is_closed = self.at, [""], False
        self.at += 2
        while self.at < len(self.typed) and not is_closed:
            letter, after = self.typed[self.at], self.typed[self.at + 1 : self.at + 2]
            if letter == "\\" and after and after in _ESCAPED:
                parts[-1] += after
                self.at += 1
            elif letter == "=" and len(parts) == 1:
                parts.append("")
            elif letter == "(" or letter == "\\":
                raise BadNotation(
                    f"{letter} in {self.typed[start : self.at + 2]!r}",
                    f"no mark lies within an abbreviation or a ditto; type \\{letter} for the sign itself",
                )
            elif letter == ")":
                is_closed = True
            else:
                parts[-1] += letter
            self.at += 1
        if not is_closed:
            raise BadNotation(f"{self.typed[start:]!r} is not closed", "close it with )")
        text, stands_for = (" ".join(part.split()) for part in (*parts, "")[:2])
        if not text and mark is Mark.ABBREVIATED:
            raise BadNotation(f"{self.typed[start : self.at]!r} marks nothing", "type what is abbreviated")
        self.runs.append(TextRun(text or DITTO_SIGN, self._marks() | {mark}, stands_for=stands_for))


def _written_run(run: TextRun) -> str:
    simple = [mark for mark in Mark if mark in run.marks and mark not in (Mark.ABBREVIATED, Mark.DITTO)]
    inner = _written_inner(run, is_marked=bool(simple))
    for mark in reversed(simple):
        inner = f"({_SIGN_OF[mark]}{inner})"
    return inner


def _written_inner(run: TextRun, *, is_marked: bool) -> str:
    if run.illegible:
        return f"(..{run.illegible})"
    for mark in (Mark.ABBREVIATED, Mark.DITTO):
        if mark in run.marks:
            is_usual = mark is Mark.DITTO and run.text == DITTO_SIGN
            text = "" if is_usual else _with_escapes(run.text, _ESCAPED)
            resolved = f"={_with_escapes(run.stands_for, _ESCAPED)}" if run.stands_for else ""
            return f"({_SIGN_OF[mark]}{text}{resolved})"
    written = []
    for at, letter in enumerate(run.text):
        after = run.text[at + 1 : at + 2]
        would_be_read = letter == "(" and (is_marked or not after or after in SIGNS or after in "./\n")
        if letter == "\\" or would_be_read or (letter == ")" and is_marked):
            written.append("\\")
        written.append("(/)" if letter == "\n" else letter)
    return "".join(written)


def _with_escapes(text: str, signs: str) -> str:
    return "".join(f"\\{letter}" if letter in signs else letter for letter in text)


def checked_notation(typed: str, *, where: str) -> MarkedText:
    """The same as ``read_notation``; a refusal says where the text is."""
    try:
        return read_notation(typed)
    except (BadNotation, BadTranscription) as error:
        raise type(error)(f"{where}: {error.what}", str(error.next_step)) from None
