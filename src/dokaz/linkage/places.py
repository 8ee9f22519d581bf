"""Places as lists name them: without the words for town and village, and with one key for their spellings."""

from __future__ import annotations

import re
from functools import lru_cache

from dokaz.linkage.spelling import cleaned, skeleton

_KIND = re.compile(
    r"\b(?:місто|город|село|селище|смт|пгт|пос|поселок|посёлок|м|г|с|хутір|хутор|вул|ул|обл|область|р-н|район|ua|ukraine|україна|украина)\b"
)
#: Endings that Ukrainian and Russian spell differently: -ів and -ов, -ія and -ея, -е and -ое.
_EV, _IA, _ENDING = re.compile("[oei]v(?=$|o$|e$)"), re.compile("[ei]ia$"), re.compile("(?<=[a-z]{3})[oeia]$")
_MARKS = re.compile(r"[^\w\- ]|_")


@lru_cache(maxsize=1 << 17)
def place_text(cell: str) -> str:
    """A place without punctuation and without words for its kind.

    Example:
        >>> place_text("м. Ізюм, Харківська обл."), place_text("TQ13 8DF")
        ('ізюм харківська', 'tq13 8df')
    """
    plain = cleaned(_MARKS.sub(" ", cell.replace("'", "").replace("’", "").replace("ʼ", "")))
    return " ".join(_KIND.sub(" ", plain).split()) or plain


@lru_cache(maxsize=1 << 17)
def place_key(text: str) -> str:
    """The skeleton of a place; a Russian -ово and -ая meet the Ukrainian ending.

    Example:
        >>> place_key("харків"), place_key("харьков"), place_key("балаклія") == place_key("балаклея")
        ('harkev', 'harkev', True)
    """
    words = (_ENDING.sub("", _IA.sub("ia", _EV.sub("ev", word))) for word in skeleton(text).split())
    return " ".join(words)
