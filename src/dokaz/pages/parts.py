"""What the parts of a page are given: plain values, so that a room can fill them without knowing how they are drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the path to this page; the last has no address."""

    label: Text
    url: str = ""
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the facts of a record.

    Args: label: what it is; value: empty or None reads "not recorded"; note: source, method, unit; url: the record behind
          it; kind: "", "number" (a record's number), "hash", "when" (a time)
    """

    label: Text
    value: Any
    note: Text = ""
    url: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed, acting as what, when."""

    name: str
    role: Text
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version in the history of a record."""

    number: int
    act: Text
    by: str
    at: datetime
    url: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Strip:
    """What the ledger strip shows of a record.

    Args: version: the version on this page; leaf: hash of its entry, hex; index: place of that entry in the log;
          tree_size: size of the newest checkpoint, or None while there is none; signers: personal signatures on this
          version; receipt: address of the receipt; history: newest first; changes: address of
          what each version changed; broken: what failed, in words, if a check failed
    """

    version: int
    leaf: str
    index: int
    at: datetime
    tree_size: int | None = None
    signers: Sequence[Signer] = ()
    entry: str = ""
    receipt: str = ""
    history: Sequence[VersionLine] = ()
    changes: str = ""
    broken: Text = ""

    @property
    def is_covered(self) -> bool:
        """The newest checkpoint speaks of this entry."""
        return self.tree_size is not None and self.index < self.tree_size


@dataclass(frozen=True, slots=True)
class Signing:
    """What the signing panel needs.

    Args: statement: what a signature says, in one sentence; needed: how many; given: who already did; roles: who may;
          can_sign: the reader may now; why_not: else why; action: address that takes the form; form: the passphrase and
          whatever else; version: of the record that is being signed; leaf: its hash, shown so that one knows what one signs
    """

    statement: Text
    needed: int
    version: int
    leaf: str
    given: Sequence[Signer] = ()
    roles: Sequence[Text] = ()
    can_sign: bool = False
    why_not: Text = ""
    action: str = ""
    form: Any = None
    verb: Text = ""

    @property
    def missing(self) -> range:
        """The places still open, numbered as signatures are."""
        return range(len(self.given) + 1, self.needed + 1)

    @property
    def is_complete(self) -> bool:
        return len(self.given) >= self.needed


@dataclass(frozen=True, slots=True)
class ListColumn:
    """One column of a table.

    Args:
        label: In words; empty: a column of buttons.
        key: The order that it asks for; empty: the table cannot be ordered by it.
        is_number: Whether it holds figures, which are aligned right.
        value: What a line shows: a plain value, also for lists that leave as files; handed the line.
        kind: How it is shown: "" as it is, "number" (a record's number), "state" (a pair of label and tone), "when", "name"
            (in the language of the investigation), "mono".
        url: The record or list behind it; handed the line.
        note: What is shown beside it in a lighter tone; handed the line.
        under: Whether the note is shown below the value instead of beside it.
        order: The fields that its order is made of; ``key`` names it.
        acts: Names of pages of acts: a column of buttons, for those that may be performed on the line.
    """

    label: Text
    key: str = ""
    is_number: bool = False
    value: Callable[[Any], Any] | None = None
    kind: str = ""
    url: Callable[[Any], str] | None = None
    note: Callable[[Any], Any] | None = None
    under: bool = False
    order: Sequence[Any] = ()
    acts: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one place of a table, as its template draws it; ``of`` is the number of the line's record."""

    column: ListColumn
    value: Any
    url: str = ""
    note: Any = ""
    links: Sequence[Any] = ()
    of: str = ""


@dataclass(frozen=True, slots=True)
class Pick:
    """What can be done with some lines of a list.

    Args:
        section: What the choosing is called, for those who listen.
        field: The field of the addresses that takes the numbers of the chosen lines.
        pages: The pages that are handed them, each with the label of its button; the first where Enter leads.
    """

    section: Text
    field: str
    pages: Sequence[tuple[str, Text]]


@dataclass(frozen=True, slots=True)
class Choice:
    """One filter above a table: a field of the address, its values, and what they are called."""

    name: str
    label: Text
    options: Sequence[tuple[str, Text]] = field(default_factory=tuple)
    value: str = ""


@dataclass(frozen=True, slots=True)
class MapPlace:
    """A place on the map: degrees in WGS 84, or None where it is not known where it lies."""

    number: str
    name: Text
    longitude: float | None
    latitude: float | None
    url: str = ""
    note: Text = ""
