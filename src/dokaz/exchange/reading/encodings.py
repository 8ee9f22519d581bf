"""Bytes to text: UTF-8, or cp1251 where nothing else is plausible; everything else is refused with what to do.

A wrong guess here would garble a dead person's name without anyone noticing, so a guess has to be beyond doubt. UTF-8
is: no other encoding yields valid UTF-8 by accident. cp1251 is taken only if all of the text reads as Ukrainian or
Russian in it.
"""

from __future__ import annotations

import re
from itertools import pairwise

from dokaz.errors import BadFile, sentence

MAX_BYTES = 512 * 1024 * 1024
_SAVE_AS = sentence("save the file as UTF-8 (in Excel: 'CSV UTF-8'; in LibreOffice: character set 'Unicode (UTF-8)')")
_CYRILLIC = "а-яёіїєґ"
_TYPOGRAPHIC = "№«»„“”’‘–—…°±§·•©®µ\u00a0"
_PLAUSIBLE = re.compile(rf"[\x00-\x7f{_CYRILLIC}{_CYRILLIC.upper()}{_TYPOGRAPHIC}]*")
#: Latin letters that a keyboard or an OCR leaves within a Cyrillic word.
_LOOK_ALIKE = frozenset("aceiopxyABCEHIKMOPTX")
_WORD = re.compile(r"[^\W\d_]+")
#: Line ends and tabs are typed by people. Other control characters, halves of characters, and the characters that turn the
#: direction of writing or have no width make a text look like another one, or are kept by no database.
UNREADABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
# From here on they are marks: letters are where they should not be, and the file is whole.
_FIRST_MARK = "\u061c"


def decode(data: bytes, *, file: str) -> tuple[str, str]:
    """Decode a text file, and name its encoding.

    Returns:    the text without a byte-order mark, and ``utf-8``, ``utf-8-sig`` or ``cp1251``.
    Raises:     BadFile: empty, too large, not text, or of an encoding that cannot be told.
    """
    if not data.removeprefix(b"\xef\xbb\xbf").strip():
        raise BadFile(sentence("the file is empty"), file=file, next_step=sentence("export it again"))
    if len(data) > MAX_BYTES:
        raise BadFile(
            sentence("the file has {size:,} bytes; at most {most:,} are read", size=len(data), most=MAX_BYTES),
            file=file,
            next_step=sentence("cut it into several files"),
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadFile(sentence("the file is UTF-16"), file=file, line=1, next_step=_SAVE_AS)
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise BadFile(
            sentence("the file is a spreadsheet or an archive, not a text table"),
            file=file,
            next_step=sentence("open it and save the sheet as CSV"),
        )
    marked = data.startswith(b"\xef\xbb\xbf")
    data = data[3:] if marked else data
    try:
        text, encoding = data.decode("utf-8"), "utf-8-sig" if marked else "utf-8"
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        if marked:
            raise BadFile(
                sentence("the file claims to be UTF-8 and is not"),
                file=file,
                line=line,
                value=repr(data[error.start : error.start + 4]),
                next_step=_SAVE_AS,
            ) from error
        text, encoding = _cp1251(data, file=file), "cp1251"
    if match := UNREADABLE.search(text):
        line = text.count("\n", 0, match.start()) + 1
        is_mark = match[0] >= _FIRST_MARK
        what = (
            sentence("a NUL byte")
            if match[0] == "\0"
            else sentence("a mark U+{code:04X}, which turns or hides letters,", code=ord(match[0]))
            if is_mark
            else sentence("a control character U+{code:04X}", code=ord(match[0]))
        )
        raise BadFile(
            sentence("{what} stands in the text", what=what),
            file=file,
            line=line,
            value=text[max(0, match.start() - 20) : match.start() + 20],
            next_step=sentence("type these letters anew in the file, and save it")
            if is_mark
            else sentence("the file may be damaged: copy it again from the original medium"),
        )
    return text, encoding


def _cp1251(data: bytes, *, file: str) -> str:
    """The text if it is beyond doubt cp1251, as the offices of the region still write it."""
    try:
        text = data.decode("cp1251")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadFile(
            sentence("the encoding is neither UTF-8 nor cp1251"),
            file=file,
            line=line,
            value=repr(data[error.start : error.start + 4]),
            next_step=_SAVE_AS,
        ) from error
    words = 0
    for number, line_text in enumerate(text.split("\n"), start=1):
        if line_text.isascii():
            continue
        if not _PLAUSIBLE.fullmatch(line_text.lower()) or any(map(_odd, _WORD.findall(line_text))):
            raise BadFile(
                sentence("the encoding cannot be told: not UTF-8, and as cp1251 it does not read as Ukrainian"),
                file=file,
                line=number,
                value=line_text.strip()[:60],
                next_step=_SAVE_AS,
            )
        words += sum(len(w) > 1 and not w.isascii() for w in _WORD.findall(line_text))
    if not words:
        raise BadFile(
            sentence("the encoding cannot be told: not UTF-8, and too few letters to recognise cp1251"),
            file=file,
            next_step=_SAVE_AS,
        )
    return text


def _odd(word: str) -> bool:
    """Whether a word looks as words look when KOI8-U, cp866 or Latin text is read as cp1251."""
    cyrillic = [not c.isascii() for c in word]
    if not any(cyrillic):
        return False  # 'vWA' is the same in every encoding
    if not all(cyrillic) and not all(
        c in _LOOK_ALIKE for c, is_cyrillic in zip(word, cyrillic, strict=True) if not is_cyrillic
    ):
        return True  # Latin and Cyrillic letters within one word: 'Mьller'; 'Kоваль' is a slip of the keyboard
    return any(a.islower() and b.isupper() for a, b in pairwise(word))  # 'иБЮМЕМЙН'
