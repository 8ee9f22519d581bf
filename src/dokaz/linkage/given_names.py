"""Given names and patronymics: which forms are one name, in which language and however short they are written.

`data/given_names.txt` holds one name a line in its forms (Микола, Николай, Коля). A patronymic is read back to the
father's name, so that Миколайович and Николаевич are one. A name that is on no line is its own only form; its
Ukrainian, Russian and Latin spellings still meet in the skeleton.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib import resources

from dokaz.linkage.spelling import cleaned, is_cyrillic, skeleton

#: -ович, -евич, -йович, -івна, -ївна, -овна, -евна, -ич, -ична, -инична, -ьївна, and the same in Latin letters.
_PATRONYMIC = re.compile(
    r"(?:[ьй]?[оеєё]вич|ич|[ії]ч|[ьй]?[іїоеєё]вна|[иі]?нична|ична|йовна|[io]?[yi]?[oeu]?vy[ck]h|[yij]*[oe]vich|[yij]*[oe]vi[tc]ch|"
    r"[yij]*[oei]vna|ovych|ivna|ych|ich|огли|оглы|oglu|ogly)(?:а|у|ем|ом|еві|і|е|и|ы|ой|ою|a|u|em|om)?$"
)
_END_VOWELS = re.compile("[aeiou]+$")


@cache
def _lines() -> list[list[str]]:
    text = (resources.files("dokaz.linkage") / "data" / "given_names.txt").read_text(encoding="utf-8")
    return [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]


@cache
def _names_by_form() -> dict[str, int]:
    """The number of the line on which each form is; the first where two have it."""
    found: dict[str, int] = {}
    for number, forms in enumerate(_lines()):
        for form in forms:
            found.setdefault(skeleton(form), number)
    return found


@cache
def _fathers() -> dict[str, int]:
    """The same for Cyrillic forms without their last vowels, as they are in a patronymic."""
    found: dict[str, int] = {}
    for number, forms in enumerate(_lines()):
        for form in filter(is_cyrillic, forms):
            found.setdefault(_END_VOWELS.sub("", skeleton(form)), number)
    return found


@cache
def _initials_by_name() -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = {}
    for form, number in _names_by_form().items():
        found.setdefault(number, set()).add(form[:1])
    return {number: frozenset(letters) for number, letters in found.items()}


@lru_cache(maxsize=1 << 17)
def one_name(given: str) -> str:
    """A key that the forms of one given name share.

    Example:
        >>> one_name("Микола") == one_name("Николай") == one_name("Коля") == one_name("Mykola")
        True
        >>> one_name("Сергій") == one_name("Степан")
        False
    """
    first = skeleton(given).partition(" ")[0]
    number = _names_by_form().get(first)
    if number is None and len(first) > 3:
        number = _fathers().get(_END_VOWELS.sub("", first))  # declined: Миколу, Миколи
    return first if number is None else f"={number}"


def is_patronymic_like(word: str) -> bool:
    """Whether a word ends as patronymics do."""
    return bool(_PATRONYMIC.search(cleaned(word)))


@lru_cache(maxsize=1 << 17)
def one_father(patronymic: str) -> str:
    """A key that patronymics of one father's name share, whatever the language, the child's sex and the case.

    Example:
        >>> one_father("Миколайович") == one_father("Николаевна") == one_father("Микола")
        True
        >>> one_father("Якович") == one_father("Яковлевич"), one_father("Ілліч") == one_father("Ильинична")
        (True, True)
    """
    word = cleaned(patronymic)
    stem = _END_VOWELS.sub("", skeleton(_PATRONYMIC.sub("", word) or word))
    # Яковлевич has a letter more than the name, Якович two less.
    number = next((_fathers()[at] for at in (stem, stem.removesuffix("l"), f"{stem}ov") if at in _fathers()), None)
    return (stem or skeleton(word)) if number is None else f"={number}"


@lru_cache(maxsize=1 << 17)
def initials(name: str, *, patronymic: bool = False) -> frozenset[str]:
    """The letters, as skeletons write them, with which a name begins in any of its forms.

    Example:
        >>> sorted(initials("Микола"))
        ['k', 'm', 'n']
    """
    key = one_father(name) if patronymic else one_name(name)
    own = skeleton(name)[:1]
    return (_initials_by_name()[int(key[1:])] if key.startswith("=") else frozenset()) | frozenset(own)
