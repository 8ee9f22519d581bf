"""What was found: the faults, and how much of the log the bundle shows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from dokaz_verify.constitution import Comparison
from dokaz_verify.erasure import Erased
from dokaz_verify.faults import Fault
from dokaz_verify.manifest import Manifest, Withheld
from dokaz_verify.notes import LogKey


@dataclass(frozen=True)
class Verdict:
    """What was found.

    Args:
        faults: What is wrong; of each sort at most 200 are kept, ``counts`` has them all.
        manifest: What the bundle says of itself; ``None`` if that could not be read.
        key: The newest key of the log, against which its signatures were checked; ``None`` if there was none.
        earlier_keys: Those that its administrators revoked, the one that it was founded under first.
        key_from_outside: Whether that key was given by the reader, and not found in the bundle.
        entries: How many entries the bundle shows, the receipt's not counted.
        shown_size: How many the log had that the bundle shows; ``None`` if no checkpoint could be read.
        filed_at: The index at which the bundle was filed; ``None`` if no receipt could be read.
        constitution: SHA-256 of the log's constitution, hex; empty if there was none.
        founders: How many administrators founded the log, as far as that could be read.
        head_at: When the newest entry was filed, by the clock of the machine; empty if there is none.
        erased: The fields that were erased, by which order.
        of_a_store: Whether a store was checked, and no bundle.
        differences: What that adds to the standard one, and what of it it changes.
    """

    faults: tuple[Fault, ...]
    counts: Counter[str]
    manifest: Manifest | None
    key: LogKey | None
    earlier_keys: tuple[LogKey, ...]
    key_from_outside: bool
    entries: int
    shown_size: int | None
    filed_at: int | None
    constitution: str
    differences: Comparison
    founders: int
    head_at: str
    erased: tuple[Erased, ...] = ()
    of_a_store: bool = False

    @property
    def verified(self) -> bool:
        """Nothing is wrong."""
        return not self.counts

    @property
    def is_trial(self) -> bool:
        """One administrator founded the log: it is a trial, for good."""
        return self.founders == 1

    @property
    def filed_meanwhile(self) -> int:
        """How many entries came after the log that the bundle shows, while it was being written."""
        return max(0, (self.filed_at or 0) - (self.shown_size or 0))

    @property
    def log_size(self) -> int | None:
        """How many the log had when the bundle was filed."""
        return None if self.shown_size is None else self.shown_size + self.filed_meanwhile

    @property
    def whole_log(self) -> bool:
        """The bundle shows every entry that the log had, so that nothing was left out of it."""
        return self.log_size is not None and self.entries == self.log_size

    @property
    def withheld(self) -> tuple[Withheld, ...]:
        """The fields that were kept back, as declared."""
        return self.manifest.withheld if self.manifest else ()

    @property
    def withheld_files(self) -> tuple[Withheld, ...]:
        """The files that were kept back, as declared."""
        return self.manifest.withheld_files if self.manifest else ()
