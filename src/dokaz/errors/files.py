"""Incoming files and numbers that cannot be read as what they claim to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dokaz.errors.base import DokazError, EngineError, Explained
from dokaz.errors.sentences import NOTHING, Sentence, sentence, shortened


class BadFile(DokazError):
    """A file that cannot be read as what it claims to be; names file, line, column and value where there is one."""

    template = "{place}: {problem}{found}"
    next_template = "{advice}"

    def __init__(
        self,
        problem: Sentence,
        *,
        file: str,
        line: int | None = None,
        column: str | None = None,
        value: str | None = None,
        next_step: Sentence = NOTHING,
    ) -> None:
        super().__init__(problem)
        self.problem, self.advice = problem, next_step
        self.file, self.line, self.column, self.value = file, line, column, value

    @property
    def values(self) -> Mapping[str, object]:
        found = NOTHING if self.value is None else sentence(" (found {value!r})", value=shortened(self.value))
        return {"place": self._place(), "problem": self.problem, "found": found, "advice": self.advice}

    def _place(self) -> str:
        where = {"file": self.file, "line": self.line, "column": self.column}
        if self.line is not None and self.column is not None:
            return sentence("{file}, line {line}, column {column}", **where)
        if self.line is not None:
            return sentence("{file}, line {line}", **where)
        return self.file if self.column is None else sentence("{file}, column {column}", **where)


class BadRows(BadFile):
    """Several faults of one file, each with its place; the file is refused for all of them at once."""

    template = "{file}: {count:,} faults"
    next_template = "mend them all; nothing was filed"
    shown = 100

    def __init__(self, faults: Sequence[BadFile]) -> None:
        first = faults[0]
        super().__init__(
            first.problem, file=first.file, line=first.line, column=first.column, value=first.value,
            next_step=first.advice,
        )  # fmt: skip
        self.faults = tuple(faults)

    @property
    def values(self) -> Mapping[str, object]:
        return {"file": self.file, "count": len(self.faults)}

    def __str__(self) -> str:
        said = [str(fault).replace("\n", "\n  ") for fault in self.faults[: self.shown]]
        more = len(self.faults) - len(said)
        return (
            "\n- ".join([self.what, *said, *([f"and {more:,} more"] if more else [])]) + f"\n  next: {self.next_step}"
        )


@dataclass(eq=False)
class UnknownDelivery(DokazError):
    """No kind of delivery bears that name."""

    template = "nothing that is delivered is called {name!r}"
    next_template = "one of: {known}"
    name: str
    known: Sequence[str]


@dataclass(eq=False)
class WrongNumberOfFiles(DokazError):
    """A delivery of so many files cannot be of that kind."""

    template = "{kind}: {given} files are given where {count} are read"
    next_template = "give, in this order: {wanted}"
    kind: str
    wanted: Sequence[object]
    given: int

    @property
    def values(self) -> Mapping[str, object]:
        return {**vars(self), "count": len(self.wanted)}


@dataclass(eq=False)
class BadNumber(DokazError):
    """A human number that is not of the form SITE-GRAVE-NNNN-T[.k]-c, or whose check character does not fit."""

    template = "{number}: {problem}"
    next_template = "compare with the label; nothing was guessed"
    number: str
    problem: Sentence

    def __post_init__(self) -> None:
        self.number = shortened(self.number)


class UnreadDate(Explained):
    """A text that is no date, time or zone; the next step says what to write instead."""


class UnreadElement(Explained):
    """A text that is no skeletal element; the next step says what to write instead."""


class SimulationRefused(EngineError):
    """An invented investigation that cannot be written as asked."""
