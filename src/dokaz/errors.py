"""Every deliberate error: what is wrong, which value, what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


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


class BadMarker(KinshipError):
    """A marker that is not one: frequencies that do not sum to 1, an allele named twice, an unknown chromosome."""


class AlleleWithoutFrequency(KinshipError):
    """An allele was seen that the frequency table does not hold, and no policy says what to do about it."""

    def __init__(self, marker: str, allele: str) -> None:
        super().__init__(
            f"{marker}: allele {allele!r} has no frequency",
            next_step="check the typing kit, or give a minimum frequency for unseen alleles (--min-frequency)",
        )
        self.marker, self.allele = marker, allele


class BadMutationModel(KinshipError):
    """A mutation model that is undefined for these alleles or rates."""


class BadPedigree(KinshipError):
    """A pedigree that cannot be: a person who is their own ancestor, a female father, an unknown parent."""


class BadProfile(KinshipError):
    """A genotype that cannot be: three alleles without a drop-in model, two alleles on a man's X."""


class BadQuestion(KinshipError):
    """Hypotheses that cannot be compared: a typed person missing from one of them, nothing in common."""


class NotMeaningful(KinshipError):
    """A combination of options that has no agreed meaning (theta with inbred founders), refused by name."""


class TooComplex(KinshipError):
    """An exact likelihood whose cheapest elimination still exceeds the stated limit of table entries."""


class UnknownPopulation(KinshipError):
    """A frequency table is asked for by a name that none of the shipped ones has."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"no frequency table is called {name!r}", next_step=f"one of: {', '.join(known)}")
        self.name = name


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
        what = f"{place}: {problem}" + (f" (found {_shortened(value)!r})" if value is not None else "")
        super().__init__(what, next_step=next_step)
        self.problem, self.file, self.line, self.column, self.value = problem, file, line, column, value


def _shortened(value: str) -> str:
    """As much of a value as finds it again; a cell may hold megabytes."""
    return value if len(value) <= 200 else f"{value[:199]}…"


class BadNumber(DokazError):
    """A human number that is not of the form SITE-GRAVE-NNNN-T[.k]-c, or whose check character does not fit."""

    def __init__(self, number: str, problem: str) -> None:
        super().__init__(f"{_shortened(number)}: {problem}", next_step="compare with the label; nothing was guessed")
        self.number, self.problem = number, problem


class SimulationRefused(DokazError):
    """An invented investigation that cannot be written as asked."""


# --- ledger and vault ----------------------------------------------------------------------------------------------


class TrustError(DokazError):
    """Base of what the ledger and the vault refuse or find broken."""


@dataclass(frozen=True)
class Finding:
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


class NotCanonical(TrustError):
    """A value or bytes that the canonical JSON of the ledger does not admit."""


class NotBase64(TrustError):
    """Text that is not the one standard base64 encoding of its bytes."""


class BadOpening(TrustError):
    """An opening whose salt, name or value the ledger format does not admit, or an openings file that does not hold."""


class BadEntry(TrustError):
    """An entry that the ledger format does not admit; names the member and the value."""


class BadProof(TrustError):
    """A Merkle proof that does not prove what it is said to prove, or whose text is not a proof."""


class BadVerifierKey(TrustError):
    """A log's public key that is not a signed-note verifier key."""


class BadNote(TrustError):
    """A signed note whose text breaks the format; says at which place and how."""


class NotSigned(TrustError):
    """A note that bears no signature by the expected key."""


class WrongSignature(TrustError):
    """A signature that stands under the expected key's name and does not verify."""


class BadCheckpoint(TrustError):
    """A validly signed note that is not a checkpoint of this log; says which line and why."""


class LedgerBroken(TrustError):
    """A file of the ledger that is missing, cut short or does not fit its neighbours."""


class LedgerForked(TrustError):
    """What is to be written contradicts what was published before."""


class BadKeyFile(TrustError):
    """A private key file that cannot be used as what it claims to be."""


class WrongPassphrase(TrustError):
    """The passphrase does not open this personal key."""


class FileAltered(TrustError):
    """A file in the vault whose content no longer has the hash that names it."""


class FileMissing(TrustError):
    """A file that the vault does not hold."""


class DiskFull(TrustError):
    """No room left on the disk; nothing of the unfinished writing was kept."""


class MachineFault(DokazError):
    """Disk, database or network did not do what was asked; says so in the machine's words, and where."""


# --- acts ----------------------------------------------------------------------------------------------------------


class ActRefused(DokazError):
    """Base of what an act refuses: the rule that stands in the way, and what to do about it."""


class DirectWriteRefused(ActRefused):
    """A record was about to be written without an act."""

    def __init__(self, kind: str, verb: str) -> None:
        super().__init__(
            f"{kind}: {verb} is refused; records are written by acts only",
            next_step="call an act of the record's room inside a filing",
        )


class NotInOffice(ActRefused):
    """The person who acts holds no office that this act needs."""

    def __init__(self, act: str, role: str, needed: list[str]) -> None:
        super().__init__(
            f"{act}: not open to the office of {role}",
            next_step=f"act as one of: {', '.join(needed)}",
        )


class SignatureNeeded(ActRefused):
    """The act must be signed personally, and no key was unlocked."""

    def __init__(self, act: str) -> None:
        super().__init__(
            f"{act} must be signed personally", next_step="unlock your key with your passphrase and try again"
        )


class SignaturesMissing(ActRefused):
    """An act needs more people's assent than it has."""

    def __init__(self, act: str, have: int, need: int) -> None:
        super().__init__(
            f"{act}: {have} of {need} signatures have been given",
            next_step="let another qualified person read it and sign",
        )


class SignedAlready(ActRefused):
    """The same person was about to sign the same version a second time."""

    def __init__(self, number: str, person: str) -> None:
        super().__init__(
            f"{number}: {person} has already signed this version",
            next_step="the second signature must be another person's",
        )


class SatAlone(ActRefused):
    """Everyone who signs the decision also signed the comparison that it rests on."""

    def __init__(self, number: str) -> None:
        super().__init__(
            f"{number}: nobody may sit alone on their own comparison",
            next_step="let a board member sign who signed none of its comparisons",
        )


class WrongState(ActRefused):
    """A record is not in the state that an act starts from."""

    def __init__(self, number: str, state: str, needed: list[str]) -> None:
        super().__init__(f"{number} is {state}", next_step=f"this act needs: {' or '.join(needed)}")


class ChangedMeanwhile(ActRefused):
    """Somebody else filed a newer version of the record after it was read."""

    def __init__(self, number: str, read: int, found: int) -> None:
        super().__init__(
            f"{number}: version {read} was read, but version {found} is there now",
            next_step="look at the newest version and act again",
        )


class InputsChanged(ChangedMeanwhile):
    """What was about to be filed was computed before the filing, from records that have changed since."""

    def __init__(self, number: str, index: int, read: int) -> None:
        ActRefused.__init__(
            self,
            f"{number}: filed as entry {index}, after this was computed from the first {read} entries",
            next_step="do it again: it is then computed from what is there now",
        )


class StoreBusy(ActRefused):
    """Somebody else had a filing open for longer than one waits for one's turn."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            f"somebody else has been filing for more than {seconds} seconds: a large delivery, for instance",
            next_step="do it again in a minute; nothing was filed",
        )


class NumberTaken(ActRefused):
    """A number was about to be given a second time."""

    def __init__(self, number: str) -> None:
        super().__init__(
            f"{number}: this number has been given already; numbers are never reused",
            next_step="check the label; a new find gets the next free number",
        )


class UnfitNumber(ActRefused):
    """A number was about to be given that cannot stand in an address, on a label and in a file's name."""

    def __init__(self, number: str) -> None:
        super().__init__(
            f"{_shortened(number)!r} cannot be the number of a record",
            next_step="use letters, digits and hyphens, at most 64; no slashes, no spaces at the ends",
        )


class LastAdministrator(ActRefused):
    """The only administrator was about to be dismissed; nobody could enrol or appoint anybody after that."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is the only administrator", next_step="enrol another administrator first")


class EmptyField(ActRefused):
    """A field that an act cannot do without is empty."""

    def __init__(self, record: str, field: str, why: str) -> None:
        super().__init__(f"{record}: {field} is empty", next_step=why)


class BadChoice(ActRefused):
    """A value is not in the vocabulary of its field."""

    def __init__(self, field: str, value: object, allowed: list[str]) -> None:
        super().__init__(f"{field}: {value!r} is not in the vocabulary", next_step=f"one of: {', '.join(allowed)}")


class UnknownAct(ActRefused):
    """There is no act of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no act called {name!r}", next_step="`dokaz sign --help` lists what can be signed")


class NoStore(DokazError):
    """There is no store where one was expected."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path}: there is no Dokaz store here",
            next_step="make one with `dokaz init`, or name one with --store or DOKAZ_STORE",
        )


class StoreExists(DokazError):
    """A store was about to be made where there is one."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path}: there is something here already", next_step="choose a new or an empty directory")


class NotYours(ActRefused):
    """Somebody acted on what another person answers for."""

    def __init__(self, what: str, problem: str, next_step: str) -> None:
        super().__init__(f"{what}: {problem}", next_step=next_step)


class NoInvestigation(DokazError):
    """The store holds no investigation yet."""

    def __init__(self) -> None:
        super().__init__("this store holds no investigation yet", next_step="`dokaz init` opens one")


class NobodyOfThatName(DokazError):
    """No person, or more than one, answers to a name."""

    def __init__(self, name: str, found: int) -> None:
        super().__init__(
            f"{name}: {found or 'nobody'} found",
            next_step="`dokaz user list` shows who holds which office; use the person's number",
        )


class HoldsNoOffice(DokazError):
    """A person holds none of the offices in which one may do this."""

    def __init__(self, name: str, roles: Sequence[str]) -> None:
        super().__init__(
            f"{name} does not hold the office of {' or '.join(roles)}",
            next_step="`dokaz user list` shows who holds which office",
        )


class LiftedBlind(ActRefused):
    """A unit was about to be lifted without coordinates or photograph, and without an emergency reason."""

    def __init__(self, number: str, *, points: int, photographs: int) -> None:
        super().__init__(
            f"{number}: {points} survey points and {photographs} photographs; lifting needs at least one of each",
            next_step="survey and photograph it where it lies, or state the emergency that does not allow it",
        )


class BadInterval(ActRefused):
    """An interval ends before it begins."""

    def __init__(self, number: str, field: str, interval: tuple[int, int]) -> None:
        super().__init__(
            f"{number}: {field} from {interval[0]} to {interval[1]} ends before it begins",
            next_step="give the lower bound first",
        )


class InTheFuture(ActRefused):
    """Something is said to have happened after it is written down."""

    def __init__(self, record: str, field: str, moment: object) -> None:
        super().__init__(
            f"{record}: {field} {moment} lies in the future",
            next_step="correct the date, or the clock of this machine",
        )


class TooManyAlleles(ActRefused):
    """A marker does not show exactly two alleles."""

    def __init__(self, number: str, marker: str, alleles: object) -> None:
        super().__init__(
            f"{number}: {marker} shows {alleles!r}, not two alleles",
            next_step="a mixture is no single person's profile; write a homozygote twice, leave an untyped marker out",
        )


class NoConsent(ActRefused):
    """A donor's consent does not cover what is asked, or was withdrawn."""

    def __init__(self, donor: str) -> None:
        super().__init__(f"{donor}: the donor has withdrawn", next_step="ask the family liaison officer")


class ComparisonNotSigned(ActRefused):
    """A comparison that a decision would rest on lacks its signatures."""

    def __init__(self, number: str, state: str) -> None:
        super().__init__(
            f"{number} is {state}", next_step="a decision rests on comparisons that two people have signed"
        )


class NoPrimaryIdentifier(ActRefused):
    """Nothing but secondary identifiers speak for an identification."""

    def __init__(self, unit: str, person: str) -> None:
        super().__init__(
            f"{unit} and {person}: no concordant DNA, friction ridge or dental comparison",
            next_step="recognition, clothing and documents alone never identify; compare a primary identifier",
        )


class ContradictionUnexplained(ActRefused):
    """Something speaks against an identification, and nobody said why it may still be."""

    def __init__(self, unit: str, person: str, statement: str) -> None:
        super().__init__(
            f"{unit} and {person}: unexplained contradiction: {statement}",
            next_step="explain it in a new comparison, or lay an exclusion before the board",
        )


class NothingExcludes(ActRefused):
    """An exclusion was laid before the board on comparisons none of which is discordant."""

    def __init__(self, unit: str, person: str) -> None:
        super().__init__(
            f"{unit} and {person}: no signed comparison of a primary identifier is discordant",
            next_step="compare DNA, friction ridge or teeth; on other discordant evidence, give the board's written ruling",
        )


class NotDistinguished(ActRefused):
    """Somebody else fits as well, and no line of evidence tells the two apart."""

    def __init__(self, unit: str, person: str, rival: str, log10_lr: str) -> None:
        super().__init__(
            f"{unit} and {person}: {rival} fits as well (log10 LR {log10_lr})",
            next_step="add a line of evidence that tells the two apart, or leave both open; a tie is never forced",
        )


# --- court ---------------------------------------------------------------------------------------------------------


class BadRedaction(DokazError):
    """A redaction that has no code, no authority, or would hide what a stranger must check."""

    def __init__(self, what: str, next_step: str) -> None:
        super().__init__(what, next_step=next_step)


class BundleExists(DokazError):
    """A bundle was about to be written where there is something already."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path}: not empty", next_step="choose a new directory; a bundle is never written over another"
        )


class NothingToCompare(DokazError):
    """A search or comparison lacks one of its sides."""

    def __init__(self, what: str, next_step: str) -> None:
        super().__init__(what, next_step=next_step)


# --- the database --------------------------------------------------------------------------------------------------


class DatabaseNotEmpty(DokazError):
    """A rebuild was asked for into a database that holds entries."""

    def __init__(self) -> None:
        super().__init__(
            "the database holds entries already",
            next_step="rebuild into an empty one (`dokaz rebuild --into sqlite:///absolute/path`)",
        )


class CannotRebuild(DokazError):
    """The ledger and its openings do not suffice to make the tables anew."""

    def __init__(self, what: str) -> None:
        super().__init__(what, next_step="run `dokaz check`, and restore openings/ and ledger/ from a copy")


class SignInRefused(DokazError):
    """A sign-in cannot be opened as asked."""

    def __init__(self, what: str, next_step: str) -> None:
        super().__init__(what, next_step=next_step)


class NoSuchRecord(DokazError):
    """No record of that kind bears the number."""

    def __init__(self, kind: str, number: str) -> None:
        super().__init__(f"{number}: no {kind} bears this number", next_step="compare with the label or the list")


class NoPassphrase(DokazError):
    """A passphrase is needed, and there is nobody to ask."""

    def __init__(self, prompt: str) -> None:
        super().__init__(f"{prompt}: needed, and there is no terminal to ask on", next_step="set DOKAZ_PASSPHRASE")
