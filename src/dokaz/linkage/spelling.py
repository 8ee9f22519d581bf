"""Letters: what is left of a name when alphabet, language, transliteration and typing are taken away.

`cleaned` keeps the name and mends what a keyboard does to it: case, apostrophes of every kind, Latin letters inside a
Cyrillic word. `skeleton` goes further: Ukrainian, Russian and Latin spellings of one name come out alike (г, ґ, х,
g, h and kh are one letter; и, і, ї, й, ы, i, y and j are one; soft signs and doubled letters are none). Two different
names may share a skeleton: it is a key to look under and a level to compare by, never a name to show.

Source: Cabinet of Ministers of Ukraine, resolution 55 of 27 January 2010 (KMU); ICAO 9303-3; ISO 9:1995 (what ICU
writes); BGN/PCGN for Russian.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_APOSTROPHES = str.maketrans(dict.fromkeys("'’‘ʼ`´ʹ′\"ʾʻ", ""))
#: Latin letters that look like Cyrillic ones, as keyboards and OCR leave them inside Cyrillic words.
_LOOK_ALIKE = str.maketrans("aceiopxykmhtbëï", "асеіорхукмнтвёї")
_LOOK_ALIKE_LATIN = str.maketrans("асеіорхукмнтвёї", "aceiopxykmhtbëï")
_CYRILLIC = re.compile("[а-яёіїєґ]")
_LATIN = re.compile("[a-z]")
_NO_NAME = re.compile(r"[^\w\- ]|[_]")
_SPACES = re.compile(r"\s+")

#: Ukrainian and Russian write these sounds differently (Соловйов, Соловьёв; Ковальов, Ковалёв).
_SOFT_E = re.compile("ьйо|ьо|йо|ье|ьё|ъе|йе")
_OF_CYRILLIC: dict[int, str] = {
    **dict(zip(map(ord, "абвгґдеєёэжзиіїйыклмнопрстуўфхцчшщ"), "abvhhdeeeejziiiiiklmnoprstuvfhcqww", strict=True)),
    ord("ю"): "iu",
    ord("я"): "ia",
    ord("ь"): "",
    ord("ъ"): "",
}
#: Longest first: how Latin spellings write the same sounds.
_OF_LATIN = [
    ("shch", "w"), ("sch", "w"), ("tsch", "q"), ("tch", "q"), ("szcz", "w"), ("sh", "w"), ("sz", "w"), ("zh", "j"),
    ("rz", "j"), ("kh", "h"), ("ch", "q"), ("cz", "q"), ("ts", "c"), ("tz", "c"), ("ck", "k"), ("ph", "f"), ("th", "t"),
    ("yu", "iu"), ("ju", "iu"), ("ya", "ia"), ("ja", "ia"), ("yo", "e"), ("jo", "e"), ("ye", "e"), ("ie", "e"), ("je", "e"),
    ("iov", "ev"), ("oo", "u"), ("ou", "u"), ("ee", "i"), ("x", "ks"), ("q", "k"),
]  # fmt: skip
_LATIN_RULE = re.compile("|".join(re.escape(was) for was, _ in sorted(_OF_LATIN, key=lambda rule: -len(rule[0]))))
_LATIN_MADE = dict(_OF_LATIN)
_LATIN_LETTERS = str.maketrans("gyjw", "hiiv")
_DOUBLED = re.compile(r"(.)\1+")
_SIGNS = dict(
    zip("ščžŝûâłđøßæıə", ["sh", "ch", "zh", "shch", "yu", "ya", "l", "d", "o", "ss", "e", "i", "e"], strict=True)
)


@lru_cache(maxsize=1 << 18)
def cleaned(text: str) -> str:
    """A name in lower case, without apostrophes, punctuation and letters of the wrong alphabet.

    Example:
        >>> cleaned("  Дем’ЯНЕНКО "), cleaned("Kоваль"), cleaned("O'Neil-Smith")
        ('демяненко', 'коваль', 'oneil-smith')
    """
    plain = unicodedata.normalize("NFC", text).casefold().translate(_APOSTROPHES)
    plain = _SPACES.sub(" ", _NO_NAME.sub(" ", plain.replace("–", "-").replace("—", "-"))).strip(" -")
    if not _CYRILLIC.search(plain):
        return plain
    return " ".join(_one_alphabet(word) if _LATIN.search(word) else word for word in plain.split(" "))


def _one_alphabet(word: str) -> str:
    """A word with look-alike letters of the other alphabet put back, where all of them are look-alikes."""
    cyrillic = word.translate(_LOOK_ALIKE)
    if not _LATIN.search(cyrillic):
        return cyrillic
    latin = word.translate(_LOOK_ALIKE_LATIN)
    return word if _CYRILLIC.search(latin) else latin


@lru_cache(maxsize=1 << 18)
def skeleton(text: str) -> str:
    """What Ukrainian, Russian and Latin spellings of one name have in common, in Latin letters; see the module.

    Example:
        >>> skeleton("Соловйов"), skeleton("Соловьёв"), skeleton("Soloviov"), skeleton("Solovyov")
        ('solovev', 'solovev', 'solovev', 'solovev')
        >>> skeleton("Щербак") == skeleton("Shcherbak"), skeleton("Григоренко") == skeleton("Hryhorenko")
        (True, True)
    """
    word = cleaned(text).replace("-", " ")
    if is_cyrillic(word):
        made_of = _SOFT_E.sub("е", word).replace("шч", "щ").translate(_OF_CYRILLIC)
    else:
        made_of = _LATIN_RULE.sub(lambda found: _LATIN_MADE[found[0]].upper(), latin_letters(word))
        made_of = made_of.translate(_LATIN_LETTERS).lower()
    return _DOUBLED.sub(r"\1", made_of)


def latin_letters(text: str) -> str:
    """Latin letters without their signs; letters whose sign is a sound of its own (š, č, ž) are spelt out.

    Example:
        >>> latin_letters("šerbač müller")
        'sherbach muller'
    """
    if text.isascii():
        return text
    spelt = "".join(_SIGNS.get(letter, letter) for letter in unicodedata.normalize("NFC", text))
    return "".join(letter for letter in unicodedata.normalize("NFKD", spelt) if not unicodedata.combining(letter))


def is_cyrillic(text: str) -> bool:
    """Whether a cleaned text has a Cyrillic letter."""
    return bool(_CYRILLIC.search(text))
