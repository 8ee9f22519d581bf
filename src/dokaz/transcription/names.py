"""Names of fields, pages and regions, and short texts, as every format can hold them."""

from __future__ import annotations

from dokaz.errors import BadTranscription

LONGEST_NAME, LONGEST_LINE = 200, 4000


def checked_name(name: str, of: str) -> str:
    """A name as XML takes it for an id: a letter or _, then letters, digits, - . and _.

    Raises:
        BadTranscription: it is none.
    """
    is_name = name[:1] != "" and (name[0].isalpha() or name[0] == "_")
    if not is_name or not all(c.isalpha() or c.isdecimal() or c in "-._" for c in name) or len(name) > LONGEST_NAME:
        raise BadTranscription(
            f"{name[:40]!r} is no id of {of}",
            f"begin with a letter, go on with letters, digits, - . _ ({LONGEST_NAME})",
        )
    return name


def checked_line(text: str, of: str) -> str:
    """A text on one line, with single spaces; may be empty.

    Raises:
        BadTranscription: it is longer, or holds what no page shows.
    """
    if text != " ".join(text.split()) or not text.isprintable() or len(text) > LONGEST_LINE:
        raise BadTranscription(
            f"{of} is {text[:40]!r}", f"one line of at most {LONGEST_LINE} characters, single spaces"
        )
    return text


def free_name(text: str, otherwise: str) -> str:
    """An id made of a text, as a file's name becomes one: what no id holds is ``_``."""
    name = "".join(c if c.isalpha() or c.isdecimal() or c in "-._" else "_" for c in text)[:LONGEST_NAME]
    return name if name and (name[0].isalpha() or name[0] == "_") else f"{otherwise}_{name}"[:LONGEST_NAME].rstrip("_")
