"""What a store, its database and its people do not have, or have already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from dokaz.errors.base import DokazError, Explained
from dokaz.errors.sentences import Sentence, any_of, sentence


@dataclass(eq=False)
class NoStore(DokazError):
    """There is no store where one was expected."""

    template = "{path}: there is no Dokaz store here"
    next_template = "make one with `dokaz init`, or name one with --store or DOKAZ_STORE"
    path: str


@dataclass(eq=False)
class StoreExists(DokazError):
    """A store was about to be made where there is one."""

    template = "{path}: there is something here already"
    next_template = "choose a new or an empty directory"
    path: str


@dataclass(eq=False)
class StoreOpenToOthers(DokazError):
    """A store's directory that other users of the machine may enter."""

    template = "{path}: other users of this machine can read this store ({mode})"
    next_template = "run `chmod 700 {path}`"
    path: str
    mode: str


@dataclass(eq=False)
class DamagedSecret(DokazError):
    """The store's secret is not as it was written."""

    template = "{path}: the secret that keys sessions and second factors is damaged"
    next_template = "restore it from a copy; or move it away: the next start makes another, and everybody signs in anew"
    path: str


@dataclass(eq=False)
class NoInvestigation(DokazError):
    """The store holds no investigation yet."""

    template = "this store holds no investigation yet"
    next_template = "`dokaz init` opens one"


@dataclass(eq=False)
class NobodyOfThatName(DokazError):
    """No person, or more than one, answers to a name."""

    template = "{name}: {count} found"
    next_template = "`dokaz user list` shows who holds which office; use the person's number"
    name: str
    found: int

    @property
    def values(self) -> Mapping[str, object]:
        return {**vars(self), "count": self.found or sentence("nobody")}


@dataclass(eq=False)
class HoldsNoOffice(DokazError):
    """A person holds none of the offices in which one may do this."""

    template = "{name} does not hold the office of {any_role}"
    next_template = "`dokaz user list` shows who holds which office"
    name: str
    roles: Sequence[str]

    @property
    def values(self) -> Mapping[str, object]:
        return {**vars(self), "any_role": any_of(self.roles)}


@dataclass(eq=False)
class NoSuchRecord(DokazError):
    """No record of that kind bears the number."""

    template = "{number}: no {kind} bears this number"
    next_template = "compare with the label or the list"
    kind: object
    number: str


@dataclass(eq=False)
class DatabaseNotEmpty(DokazError):
    """A rebuild was asked for into a database that holds entries."""

    template = "the database holds entries already"
    next_template = "rebuild into an empty one (`dokaz rebuild --into sqlite:///absolute/path`)"


@dataclass(eq=False)
class OpeningMissing(DokazError):
    """The store cannot open a field to which an entry commits."""

    template = "entry {index} ({kind}): the store has no opening for one of its fields"
    next_template = "nobody ordered that it be erased: run `dokaz check`, and restore it from a copy"
    index: int
    kind: str


@dataclass(eq=False)
class CannotRebuild(DokazError):
    """The ledger and its openings do not suffice to make the tables anew."""

    template = "{problem}"
    next_template = "run `dokaz check`, and restore openings/ and ledger/ from a copy"
    problem: Sentence


class SignInRefused(Explained):
    """A sign-in cannot be opened as asked."""


@dataclass(eq=False)
class NoPassphrase(DokazError):
    """A passphrase is needed, and there is nobody to ask."""

    template = "{prompt}: needed, and there is no terminal to ask on"
    next_template = "set DOKAZ_PASSPHRASE"
    prompt: str


@dataclass(eq=False)
class TooManyAttempts(DokazError):
    """Somebody gave a wrong password, code or passphrase too often."""

    template = "too many wrong tries"
    next_template = "try again in {minutes} minutes; the auditor sees who tried, and from where"
    minutes: int
    field: ClassVar[str] = "passphrase"


class WeakPassphrase(Explained):
    """A passphrase that is easily guessed."""


@dataclass(eq=False)
class ReadersBusy(DokazError):
    """Others' files are being read, and nobody's turn came."""

    template = "other files are being read, and the turn of this one did not come within {seconds} seconds"
    next_template = "nothing was taken in: wait a minute, and do it again"
    seconds: int
