"""What was refused, in the reader's language: the template of a sentence is translated, and its values are put in."""

from __future__ import annotations

import datetime as dt

from django.db.models.enums import Choices
from django.utils import timezone
from django.utils.translation import pgettext

from dokaz.errors import DokazError, Sentence
from dokaz.pages.local_time import in_local_time

# The context of every sentence in the catalogue (tools/translations.py).
CONTEXT = "refusal"


def what_and_next(refused: DokazError) -> tuple[str, str]:
    """What was refused and what to do next, in the language of the page."""
    return in_words(refused.what), in_words(refused.next_step)


def in_words(sentence: Sentence) -> str:
    """A sentence in the language of the page."""
    return sentence.said(_template, _value)


def _template(template: str) -> str:
    return pgettext(CONTEXT, template)


def _value(value: object) -> object:
    """A code as its label, a moment by the local clock; what people wrote stays as it is."""
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        return in_local_time(value)
    return value.label if isinstance(value, Choices) else value
