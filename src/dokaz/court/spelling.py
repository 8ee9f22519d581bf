"""How a name may be spelt: every spelling in Ukrainian or Latin letters, in any case of its declension, has one skeleton.

A *skeleton* is a word in a coarse Latin alphabet in which the official transliteration of 2010, the older ones of
passports, and the Cyrillic spelling itself fall together: Дар'я, Dar'ia, Darya and ДАРЯ are all ``daria``. It is coarse on
purpose: Г and Х are one letter. Declension works on skeletons by the endings of nouns and adjectives, all of them at every
stem: no dictionary is needed, a name from another language is declined too, and a form that does not exist costs nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "h", "д": "d", "е": "e", "є": "ie", "ж": "Z", "з": "z", "и": "i", "і": "i",
    "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u",
    "ф": "f", "х": "h", "ц": "c", "ч": "C", "ш": "S", "щ": "SC", "ь": "", "ъ": "", "ы": "i", "э": "e", "ё": "io", "ю": "iu",
    "я": "ia", "ў": "u",
}  # fmt: skip
# The longest first: what passports of several decades, and neighbours, write for one letter.
_LATIN = {
    "szcz": "SC", "shch": "SC", "sch": "SC", "tch": "C", "zgh": "zh", "zh": "Z", "kh": "h", "gh": "h", "ts": "c", "tz": "c",
    "cz": "C", "ch": "C", "sh": "S", "sz": "S", "ph": "f", "x": "ks", "q": "k", "w": "v", "g": "h", "y": "i",
    "j": "i", "č": "C", "š": "S", "ž": "Z", "ż": "Z", "ł": "l", "ß": "s",
}  # fmt: skip
_DIGRAPH = re.compile("|".join(_LATIN))
# Latin letters that look like Cyrillic ones, for words that mix the two.
_ALIKE = str.maketrans("aceiopxyktmhb", "асеіорхуктмнв")
_TWICE = re.compile(r"(.)\1+")
_IS_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_IS_LATIN = re.compile(r"[a-z]")
_APOSTROPHE = re.compile("(?<=[^\\W\\d_])['’‘ʼ`´′ʹ\"](?=[^\\W\\d_])")
_WORD = re.compile(r"[^\W\d_]+")

#: Letters of a skeleton below which a word alone is no name: it would be found everywhere.
SHORTEST = 3


def plain(text: str) -> str:
    """A text as it is searched: composed, without invisible characters, marks of stress, and apostrophes inside words."""
    text = unicodedata.normalize("NFKC", text)
    if not text.isascii():
        text = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Mn"))
    return _APOSTROPHE.sub("", text)


def words(text: str) -> list[str]:
    """The words of a text."""
    return _WORD.findall(plain(text))


@lru_cache(maxsize=1 << 17)
def skeleton(word: str) -> str:
    """The skeleton of a word; all spellings of a name have one."""
    return _folded(_letters(word))


def _letters(word: str) -> str:
    """Letter by letter, doubled letters and glides still there: what endings are put to."""
    word = unicodedata.normalize("NFC", word).casefold()
    if _IS_CYRILLIC.search(word):
        if _IS_LATIN.search(word):
            word = word.translate(_ALIKE)
        return "".join(_CYRILLIC.get(c, c) for c in word)
    word = _DIGRAPH.sub(lambda found: _LATIN[found[0]], word)
    word = "".join(c for c in unicodedata.normalize("NFD", word) if unicodedata.category(c) != "Mn")
    return _TWICE.sub(r"\1", word) if word.isascii() and "ii" not in word else word


def _folded(letters: str) -> str:
    letters = letters.replace("ts", "c").replace("ie", "e").replace("io", "o")
    return _TWICE.sub(r"\1", letters)


_NOUN = ("", "a", "u", "i", "e", "o", "om", "em", "am", "ami", "ah", "ovi", "evi", "oiu", "eiu", "iv", "ev", "ei",
         "ia", "iu", "iem", "iam", "iami", "iah", "ievi", "ieiu", "im", "iv", "iu")  # fmt: skip
_ADJECTIVE = (
    "ii",
    "oho",
    "omu",
    "im",
    "a",
    "oi",
    "oiu",
    "ei",
    "u",
    "e",
    "i",
    "ih",
    "imi",
    "ieho",
    "iemu",
    "ia",
    "ieiu",
    "iu",
)
_ENDINGS = tuple(dict.fromkeys((*_NOUN, *_ADJECTIVE)))
_SOFTENED = {"k": ("c", "C"), "h": ("z", "Z", "s", "S")}
_FLEETING = re.compile(r"(?<=[^aeiou])[eo](?=[^aeiou]$)|(?<=[aeiou])ie(?=[^aeiou]$)")
_CLOSED = re.compile(r"i(?=[^aeiou]$)")


@lru_cache(maxsize=1 << 15)
def forms(word: str) -> frozenset[str]:
    """The skeletons of every form of a name, and of forms that do not exist."""
    letters = _letters(plain(word))
    found = {_folded(letters)}
    for stem in _stems(letters):
        found |= {_folded(stem + ending) for ending in _ENDINGS}
    return frozenset(each for each in found if len(each) >= SHORTEST)


def _stems(letters: str) -> Iterator[str]:
    """What endings are put to: the word without its own ending, and as its last consonants and vowels change."""
    cut = {letters}
    for ending in ("ia", "ii", "a", "o", "e", "i", "u"):
        if letters.endswith(ending):
            cut.add(letters[:-1])
            # Ковальський loses both letters of its ending; Соломія keeps its і, or it would be straw.
            if ending == "ii":
                cut.add(letters[:-2])
    for stem in cut:
        if len(stem) < SHORTEST:
            continue
        yield stem
        yield from (stem[:-1] + soft for soft in _SOFTENED.get(stem[-1], ()))
        # Кравець, Кравця; Орел, Орла; Заєць, Зайця.
        if len(shorter := _FLEETING.sub(lambda found: "i" if found[0] == "ie" else "", stem)) >= SHORTEST:
            yield shorter
        # Федір, Федора; Кисіль, Киселя.
        yield from (_CLOSED.sub(vowel, stem) for vowel in "oe" if _CLOSED.search(stem))
    # Швець, Шевця.
    if re.search(r"vec$", letters):
        yield re.sub(r"vec$", "evc", letters)
