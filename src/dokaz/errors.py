"""Every deliberate error: what is wrong, which value, what to do next."""

from __future__ import annotations


class DokazError(Exception):
    """Base of every error that Dokaz raises on purpose.

    A subclass states *what* in its first argument and *what next* in ``next_step``; ``str()`` prints both, as a person
    reads them::

        TH01: allele '9.3' has no frequency
          next: check the typing kit, or give a minimum frequency for unseen alleles (--min-frequency)
    """

    def __init__(self, what: str, *, next_step: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.what}\n  next: {self.next_step}" if self.next_step else self.what


# --- kinship -------------------------------------------------------------------------------------------------------


class KinshipError(DokazError):
    """Base of what the kinship engine refuses."""


# --- incoming files ------------------------------------------------------------------------------------------------


class BadFile(DokazError):
    """A file that cannot be read as what it claims to be; names file, line, column and value where there is one."""

    def __init__(
        self,
        problem: str,
        *,
        file: str,
        line: int | None = None,
        column: str | None = None,
        value: str | None = None,
        next_step: str = "",
    ) -> None:
        place = file
        if line is not None:
            place += f", line {line}"
        if column is not None:
            place += f", column {column}"
        what = f"{place}: {problem}" + (f" (found {value!r})" if value is not None else "")
        super().__init__(what, next_step=next_step)
        self.problem, self.file, self.line, self.column, self.value = problem, file, line, column, value


# --- ledger and vault ----------------------------------------------------------------------------------------------


class TrustError(DokazError):
    """Base of what the ledger and the vault refuse or find broken."""


# --- acts ----------------------------------------------------------------------------------------------------------


class ActRefused(DokazError):
    """Base of what an act refuses: the rule that stands in the way, and what to do about it."""
