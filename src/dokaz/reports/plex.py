"""The letters of a PDF: IBM Plex Sans, Latin, Greek and Cyrillic, shipped as published (WOFF) and unpacked here.

WOFF 1.0 is a TrueType font whose tables are packed one by one; the PDF library reads TrueType only.

Source: W3C Recommendation 2012, WOFF File Format 1.0, sections 3 to 5. The fonts are under the SIL Open Font License 1.1
(`fonts/OFL.txt`), which lets anybody ship and embed them.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from dokaz.errors import NotMeaningful

REGULAR, STRONG = "IBMPlexSans-Regular", "IBMPlexSans-SemiBold"


def true_type(woff: bytes) -> bytes:
    """A WOFF file as the TrueType font that was packed into it.

    Raises:
        ValueError: no WOFF, or a table that does not unpack to its stated length.
    """
    if woff[:4] != b"wOFF":
        raise ValueError("no WOFF file")
    flavour, _, count = struct.unpack(">IIH", woff[4:14])
    tables = []
    for k in range(count):
        tag, offset, packed, length, checksum = struct.unpack(">4sIIII", woff[44 + 20 * k : 64 + 20 * k])
        data = woff[offset : offset + packed]
        data = data if packed == length else zlib.decompress(data)
        if len(data) != length:
            raise ValueError(f"table {tag.decode('ascii')} has {len(data)} bytes, not {length}")
        tables.append((offset, tag, checksum, data))
    power = 1 << (count.bit_length() - 1)
    head = struct.pack(">IHHHH", flavour, count, 16 * power, power.bit_length() - 1, 16 * (count - power))
    body, place, entries = b"", 12 + 16 * count, []
    # The directory is in the order of names, the tables in the order in which they were packed.
    for _, tag, checksum, data in sorted(tables):
        entries.append(struct.pack(">4sIII", tag, checksum, place + len(body), len(data)))
        body += data + b"\0" * (-len(data) % 4)
    return head + b"".join(sorted(entries)) + body


@cache
def font_bytes(name: str) -> bytes:
    """One of the shipped fonts as TrueType."""
    return true_type((files("dokaz.reports") / "fonts" / f"{name}.woff").read_bytes())


def must_have_letters(texts: Iterable[str], known: Iterable[int]) -> None:
    """Refuse a text with a letter that the font does not have: it would be printed as an empty box.

    Args:
        known: Code points of the font.

    Raises:
        NotMeaningful: names the first text and letter.
    """
    letters = set(known)
    for text in texts:
        for letter in text:
            if ord(letter) not in letters and letter not in "\n\t":
                raise NotMeaningful(
                    f"{text[:60]!r} has the letter {letter!r}, which the font of the PDF does not have",
                    next_step="write HTML or a workbook instead: OUT.html, OUT.xlsx",
                )
