"""The base of every deliberate error: what is wrong, with which values, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from dokaz.errors.sentences import NOTHING, Sentence, sentence


class DokazError(Exception):
    """Base of every error that Dokaz raises on purpose.

    ``str()`` says in English what is wrong and what to do next; pages say the same in the reader's language::

        TH01: allele '9.3' has no frequency
          next: check the typing kit, or give a minimum frequency for unseen alleles (--min-frequency)

    A subclass is a dataclass: its fields are the values, its two templates the sentences that they fill::

        @dataclass(eq=False)
        class NumberTaken(ActRefused):
            template = "{number}: this number has been given already"
            next_template = "check the label"

            number: str
    """

    template: ClassVar[str]
    next_template: ClassVar[str] = ""

    @property
    def values(self) -> Mapping[str, object]:
        """What fills the holes of the templates."""
        return vars(self)

    @property
    def what(self) -> Sentence:
        """What is wrong."""
        return Sentence(self.template, self.values)

    @property
    def next_step(self) -> Sentence:
        """What to do about it; empty if nothing is known."""
        return Sentence(self.next_template, self.values)

    def __str__(self) -> str:
        return f"{self.what}\n  next: {self.next_step}" if self.next_step else self.what


class Explained(DokazError):
    """An error whose problem and next step are said by whoever raises it, each as a ``sentence``."""

    template = "{problem}"
    next_template = "{advice}"

    def __init__(self, problem: Sentence, next_step: Sentence = NOTHING) -> None:
        super().__init__(problem)
        self.problem, self.advice = problem, next_step


class EngineError(Explained):
    """An error that only commands show: its problem and next step are texts in English, without a translation."""

    def __init__(self, problem: str, next_step: str = "") -> None:
        super().__init__(sentence("{problem}", problem=problem), sentence("{advice}", advice=next_step))
