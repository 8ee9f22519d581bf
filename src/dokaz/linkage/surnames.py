"""Surnames: what is left without case and gender, so that Шевченка, Ковальової and Ивановым find their nominative.

Only endings whose class is certain are taken off, from both lists alike: -енко, -ук, -ський, -ов, -ін and those like
them. A surname of no class keeps its spelling.
"""

from __future__ import annotations

import re
from functools import lru_cache

from dokaz.linkage.spelling import cleaned, is_cyrillic, skeleton

#: Class of surname, the endings that its cases and genders have in Ukrainian and Russian, and its nominative for a man.
_CLASSES = [
    (re.compile("(енк)(?:о|а|у|ом|ові|ою|е)$"), r"\1о"),
    (re.compile("([сцз])ьк(?:ий|ого|ому|им|ім|а|ої|ій|у|ою|і)$"), r"\1ький"),
    (re.compile("([сцз])к(?:ий|ого|ому|им|ом|ая|ой|ую|ою)$"), r"\1ький"),
    (re.compile("([оеєё]в)(?:а|у|і|им|ым|е|ої|ій|ою|ой|ого|ому)?$"), r"\1"),
    (re.compile("([иіїы]н)(?:а|у|і|им|ым|е|ої|ій|ою|ой|ого|ому)$"), r"\1"),
    (re.compile("([чщшж]?[ую]к)(?:а|у|ом|ові|е)$"), r"\1"),
    (re.compile("([бвгґджзклмпрстфхцчшщ]н)(?:ий|ый|ій|ого|ому|а|ая|ої|у|ую|ою|ой)$"), r"\1ий"),
    (re.compile("([аеиоуіяю][нлтрвм])(?:ий|ый|ій|ого|ому|ая|ої|ую)$"), r"\1ий"),
]
#: Ukrainian -ів and -ьов are Russian -ов and -ев; -ський is -ский, and what Latin letters make of both.
_ONE_ENDING = [(re.compile("[oei]v$"), "ev"), (re.compile("(?<=[scz])k(?:i|ia|aia|a)$"), "k")]


@lru_cache(maxsize=1 << 18)
def nominative(surname: str) -> str:
    """The nominative of a man's surname, in the letters in which it was written; cleaned.

    Example:
        >>> nominative("Шевченка"), nominative("Іванової"), nominative("Ковальська"), nominative("Бондарчуку")
        ('шевченко', 'іванов', 'ковальський', 'бондарчук')
        >>> nominative("Мороз"), nominative("Smith")
        ('мороз', 'smith')
    """
    word = cleaned(surname)
    if not is_cyrillic(word):
        return word
    return "-".join(_one_nominative(part) for part in word.split("-"))


def _one_nominative(word: str) -> str:
    for ending, made in _CLASSES:
        if (found := ending.search(word)) and found.start() > 1:
            return word[: found.start()] + found.expand(made)
    return word


@lru_cache(maxsize=1 << 18)
def surname_key(surname: str) -> str:
    """The skeleton of the nominative; Ukrainian -ів and Russian -ов are one ending.

    Example:
        >>> surname_key("Лебедєвої") == surname_key("Лебедев"), surname_key("Ковалів") == surname_key("Ковалев")
        (True, True)
    """
    key = skeleton(nominative(surname))
    for ending, made in _ONE_ENDING:
        key = ending.sub(made, key)
    return key
