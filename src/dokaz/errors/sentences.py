"""Sentences that are composed in English and can be translated whole: a template with named holes, and their values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any


class Sentence(str):
    """A sentence in English that remembers its template and values, so that a page can say it in another language.

    It is a ``str``: commands, logs and tests use it as such. A plain ``str`` in its place has no translation.
    """

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str = "", values: Mapping[str, object] | None = None) -> Sentence:
        made = super().__new__(cls, _filled(template, values or {}, _unchanged, _unchanged))
        made.template, made.values = template, values or {}
        return made

    def __reduce__(self) -> tuple[type[Sentence], tuple[str, Mapping[str, object]]]:
        return Sentence, (self.template, self.values)

    def said(self, translate: Callable[[str], str], show: Callable[[object], object]) -> str:
        """The sentence in another language.

        Args:
            translate: gives a template, and those of the sentences within it, in that language.
            show: gives a value as that language says it.
        """
        return _filled(self.template, self.values, translate, show)


def sentence(template: str, /, **values: object) -> Sentence:
    """Mark a text for translation (``tools/translations.py`` finds it) and fill its holes.

    Args:
        template: A literal; holes are named and formatted as by ``str.format``.
        values: What fills the holes: plain values, sentences, words that are translated already, or lists of them.

    Example:
        >>> sentence("no {kind} bears the number {number!r}", kind=sentence("grave"), number="G-1")
        "no grave bears the number 'G-1'"
    """
    return Sentence(template, values)


def template(text: str) -> str:
    """Mark a template for translation whose values come later: a record holds a code and values, never the sentence."""
    return text


def any_of(values: Sequence[object]) -> object:
    """Values of which one is needed, as a sentence names them.

    Example:
        >>> any_of(["lifted", "received", "stored"])
        'lifted, received or stored'
    """
    first, *others = values
    for other in others[:-1]:
        first = sentence("{first}, {other}", first=first, other=other)
    return sentence("{first} or {other}", first=first, other=others[-1]) if others else first


def shortened(value: str) -> str:
    """As much of a value as finds it again; a cell may hold megabytes."""
    return value if len(value) <= 200 else f"{value[:199]}…"


def _filled(
    template: str,
    values: Mapping[str, object],
    translate: Callable[[str], str],
    show: Callable[[object], object],
) -> str:
    def ready(value: object) -> object:
        """A value as a hole takes it; numbers stay numbers, for a hole may say how they are written."""
        if isinstance(value, Sentence):
            return value.said(translate, show)
        if isinstance(value, list | tuple):
            return ", ".join(str(ready(one)) for one in value)
        return show(value)

    return translate(template).format_map({name: ready(value) for name, value in values.items()})


def _unchanged(value: Any) -> Any:
    """English as it stands; a code that is a number is said by its name."""
    is_number = isinstance(value, Enum) and not isinstance(value, str)
    return value.name.lower().replace("_", " ") if is_number else value


#: What an error says that has no next step.
NOTHING = Sentence()
