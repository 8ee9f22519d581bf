"""What was refused, in the reader's language: the sentence of an error is found again by its text, and said anew.

Errors are composed in English below the pages (``dokaz.errors``), and the catalogue holds each of their sentences with
named holes: ``"{number} is {state}"``. The text of an error is matched against them; what fills the holes is put into
the translation. A text that matches nothing stays as it is, so nothing is ever lost.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation.trans_real import translation

from dokaz.casework.roles import Role
from dokaz.errors import BadFile, DokazError
from dokaz.graves.models import State
from dokaz.pages.refused_sentences import GIVEN

_HOLE = re.compile(r"\{(\w+)\}")
_CONTEXT_ENDS = "\x04"
# A hole may hold a sentence in which there is a hole.
_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the catalogue: as errors say it, and as the reader does."""

    pattern: re.Pattern[str]
    translated: str
    own_letters: int

    def said_of(self, text: str, depth: int) -> str | None:
        """The sentence with the values of this text; None if the text is another sentence."""
        found = self.pattern.fullmatch(text)
        if found is None:
            return None
        values = found.groupdict()
        return _HOLE.sub(lambda hole: _value(values.get(hole[1]) or "", depth + 1), self.translated)


def what_and_next(refused: DokazError) -> tuple[str, str]:
    """What was refused and what to do next, in the language of the page."""
    contexts = [GIVEN, *_contexts(refused)]
    if isinstance(refused, BadFile):
        return _of_file(refused), sentence(refused.next_step, contexts)
    return sentence(refused.what, contexts), sentence(refused.next_step, contexts)


def sentence(text: str, contexts: Iterable[str] = (GIVEN,), *, depth: int = 0) -> str:
    """A text in the language of the page, if it is a sentence that Dokaz composes; else the text itself.

    Args:
        contexts: The classes of errors whose own sentences it may be, and ``refusal`` for what is given to them.
    """
    if not text or depth > _DEEPEST:
        return text
    for each in _sentences(get_language() or "en", tuple(dict.fromkeys(contexts))):
        said = each.said_of(text, depth)
        if said is not None:
            return said
    return text


def _contexts(refused: BaseException | None) -> list[str]:
    """The classes of an error, and of the errors that it was made of."""
    names: list[str] = []
    while isinstance(refused, DokazError):
        names += [one.__name__ for one in type(refused).__mro__ if issubclass(one, DokazError)]
        refused = refused.__cause__
    return names


def _of_file(refused: BadFile) -> str:
    place = refused.file
    if refused.line is not None:
        place += ", " + gettext("line %(line)s") % {"line": refused.line}
    if refused.column is not None:
        place += ", " + gettext("column %(column)s") % {"column": refused.column}
    contexts = [GIVEN, *_contexts(refused)]
    problem = sentence(refused.problem, contexts)
    if problem == refused.problem:
        # Of a marker or a column that the problem names first: its own words come after.
        about, colon, rest = problem.partition(": ")
        problem = about + colon + sentence(rest, contexts)
    found = "" if refused.value is None else " " + gettext("(found %(value)s)") % {"value": repr(refused.value)}
    return f"{place}: {problem}{found}"


@functools.lru_cache(maxsize=256)
def _sentences(language: str, contexts: Sequence[str]) -> tuple[Sentence, ...]:
    """The sentences of these contexts, the most telling first."""
    found = []
    # Django's own JavaScript catalogue lists a catalogue in the same way; there is no public one.
    for key, translated in translation(language)._catalog.items():  # type: ignore[attr-defined]
        if not isinstance(key, str) or _CONTEXT_ENDS not in key or not translated:
            continue
        context, message = key.split(_CONTEXT_ENDS, 1)
        if context in contexts:
            found.append(Sentence(_pattern(message), translated, len(_HOLE.sub("", message))))
    return tuple(sorted(found, key=lambda one: -one.own_letters))


def _pattern(message: str) -> re.Pattern[str]:
    parts = _HOLE.split(message)
    literal, holes = map(re.escape, parts[::2]), [f"(?P<{name}>.*?)" for name in parts[1::2]]
    return re.compile("".join(a + b for a, b in zip(literal, [*holes, ""], strict=True)), re.DOTALL)


def _value(value: str, depth: int) -> str:
    """What fills a hole: an office, a word of our own, another sentence, or a value that stays as it is."""
    ours = _our_words()
    for divider in (", ", " or "):
        parts = value.split(divider)
        if all(part in ours for part in parts):
            return (gettext(" or ") if divider == " or " else divider).join(ours[part] for part in parts)
    if " or " in value:
        parts = [sentence(part, depth=depth) for part in value.split(" or ")]
        if parts != value.split(" or "):
            return gettext(" or ").join(parts)
    return sentence(value, depth=depth)


def word(text: str) -> str:
    """One of our own words, in the language of the page; else the text itself."""
    return _our_words().get(text, text)


def _our_words() -> dict[str, str]:
    words = {
        "nobody": pgettext("word", "nobody"),
        "male": pgettext("word", "male"),
        "female": pgettext("word", "female"),
        "probably male": pgettext("word", "probably male"),
        "probably female": pgettext("word", "probably female"),
        "ambiguous": pgettext("word", "ambiguous"),
        "unknown": pgettext("word", "unknown"),
        "sex": pgettext("word", "sex"),
        "age": pgettext("word", "age"),
        "stature": pgettext("word", "stature"),
        "duplicated element": pgettext("word", "duplicated element"),
        "reason": pgettext("word", "reason"),
        "father": pgettext("word", "father"),
        "mother": pgettext("word", "mother"),
    }
    states = {str(value).replace("_", " "): str(label) for value, label in State.choices}
    return words | states | {str(value): str(label) for value, label in Role.choices}
