"""What the ledger and the vault refuse or find broken, and what the machine did not do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dokaz.errors.base import DokazError, EngineError, Explained
from dokaz.errors.sentences import sentence


class TrustError(DokazError):
    """Base of what the ledger and the vault refuse or find broken."""


@dataclass(frozen=True)
class Fault:
    """One thing that a check of ledger, openings or vault found wrong, in a person's words.

    Args:     file: which file of the store, as a path relative to it.
              what: what is wrong with it.
              next_step: what to do about it.
              unfinished: a writing that was cut short and that the next start carries on; nothing is lost or altered.
    """

    file: str
    what: str
    next_step: str = ""
    unfinished: bool = False

    def __str__(self) -> str:
        text = f"{self.file}: {self.what}"
        return f"{text}\n  next: {self.next_step}" if self.next_step else text


class NotCanonical(EngineError, TrustError):
    """A value or bytes that the canonical JSON of the ledger does not admit."""


class NotBase64(EngineError, TrustError):
    """Text that is not the one standard base64 encoding of its bytes."""


class BadOpening(EngineError, TrustError):
    """An opening whose salt, name or value the ledger format does not admit, or an openings file that does not hold."""


class BadEntry(EngineError, TrustError):
    """An entry that the ledger format does not admit; names the member and the value."""


class BadProof(EngineError, TrustError):
    """A Merkle proof that does not prove what it is said to prove, or whose text is not a proof."""


class BadVerifierKey(EngineError, TrustError):
    """A log's public key that is not a signed-note verifier key."""


class BadNote(EngineError, TrustError):
    """A signed note whose text breaks the format; says at which place and how."""


class NotSigned(EngineError, TrustError):
    """A note that bears no signature by the expected key."""


class WrongSignature(EngineError, TrustError):
    """A signature that stands under the expected key's name and does not verify."""


class BadCheckpoint(EngineError, TrustError):
    """A validly signed note that is not a checkpoint of this log; says which line and why."""


class LedgerBroken(EngineError, TrustError):
    """A file of the ledger that is missing, cut short or does not fit its neighbours."""


class LedgerForked(EngineError, TrustError):
    """What is to be written contradicts what was published before."""


class BadKeyFile(EngineError, TrustError):
    """A private key file that cannot be used as what it claims to be."""


class WrongPassphrase(Explained, TrustError):
    """The passphrase does not open this personal key."""


class FileAltered(EngineError, TrustError):
    """A file in the vault whose content no longer has the hash that names it."""


class FileMissing(Explained, TrustError):
    """A file that the vault does not hold."""


class DiskFull(Explained, TrustError):
    """No room left on the disk; nothing of the unfinished writing was kept."""


@dataclass(eq=False)
class FileThere(DokazError):
    """A file would be written under a name that is taken."""

    template = "{name} is there already"
    next_template = "give another name, or move the file away first; nothing was written"

    name: str


@dataclass(eq=False)
class FiledNotPublished(DokazError):
    """What was filed is committed, and could not be published; it must not be filed a second time."""

    template = "filed as {entries} ({numbers}), and not published yet: {problem}"
    next_template = "do not do it again; mend this first ({advice}): the next filing or command publishes it"

    first: int
    last: int
    numbers: str
    problem: object
    advice: object

    @property
    def values(self) -> Mapping[str, object]:
        if self.first == self.last:
            return {**vars(self), "entries": sentence("entry № {first}", first=self.first)}
        return {**vars(self), "entries": sentence("entries № {first} to {last}", first=self.first, last=self.last)}


class MachineFault(EngineError):
    """Disk, database or network did not do what was asked; says so in the machine's words, and where."""
