"""Faults: what was found wrong, and where. A check adds a fault and goes on, so that one report names them all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from dokaz_verify.canonical import Malformed
from dokaz_verify.entries import Entry

# A bundle made to harm can hold millions of faults of one sort. All are counted; so many are kept to be shown.
KEPT_OF_A_SORT = 200


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong.

    Args:
        code: What is wrong; ``words.FAULTS`` says it to a person.
        file: Path in the bundle; empty where no single file is meant.
        index: Index of the entry in the log.
        record: UUID of the record; ``kind``, ``version`` and ``act`` are those of the entry.
        values: What the sentence names.
    """

    code: str
    file: str = ""
    index: int | None = None
    record: str = ""
    kind: str = ""
    version: int | None = None
    act: str = ""
    values: dict[str, str] = field(default_factory=dict)


@dataclass
class Faults:
    """All faults of a bundle, in the order in which they were found."""

    kept: list[Fault] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def add(
        self, code: str, *, file: str = "", index: int | None = None, entry: Entry | None = None, **values: object
    ) -> None:
        """Note a fault.

        Args:
            code: What is wrong.
            file: In which file.
            index: At which index of the log, where the entry could not be read.
            entry: In which entry.
            values: What the sentence names.
        """
        told = {name: str(value) for name, value in values.items()}
        if entry is None:
            self._keep(Fault(code, file, index, values=told))
        else:
            self._keep(Fault(code, file, entry.index, entry.record, entry.kind, entry.version, entry.act, told))

    def malformed(
        self, code: str, error: Malformed, *, file: str = "", index: int | None = None, line: int | None = None
    ) -> None:
        """Note that something is not of the form that it must have, and why."""
        place = {} if line is None else {"line": str(line)}
        self._keep(Fault(code, file, index, values={"reason": error.reason, "found": error.value, **place}))

    def _keep(self, fault: Fault) -> None:
        self.counts[fault.code] += 1
        if self.counts[fault.code] <= KEPT_OF_A_SORT:
            self.kept.append(fault)
