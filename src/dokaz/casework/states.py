"""States of records, each with the tone in which pages show it."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from django.db import models


class Tone(StrEnum):
    """How far along a state is, or what is wrong with it. Each has its own glyph; the colour only repeats it."""

    OPEN = "open"
    DOING = "doing"
    DONE = "done"
    DECIDE = "decide"
    BROKEN = "broken"
    VOID = "void"


class StateChoices(models.TextChoices):
    """The states of a kind of record: ``LIFTED = "lifted", Tone.DOING, _("lifted")``."""

    tone: Tone

    def __new__(cls, value: str, tone: Tone) -> Self:
        member = str.__new__(cls, value)
        member._value_, member.tone = value, tone
        return member

    @classmethod
    def tone_of(cls, value: str) -> Tone:
        """The tone of a state, by the value that a record keeps."""
        return next(member.tone for member in cls if member.value == value)
