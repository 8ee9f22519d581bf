"""What an act refuses: the rule that stands in the way, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dokaz.errors.base import DokazError
from dokaz.errors.sentences import Sentence, any_of, shortened


class ActRefused(DokazError):
    """Base of what an act refuses."""


@dataclass(eq=False)
class DirectWriteRefused(ActRefused):
    """A record was about to be written without an act."""

    template = "{kind}: {verb} is refused; records are written by acts only"
    next_template = "call an act of the record's room inside a filing"
    kind: str
    verb: str


@dataclass(eq=False)
class BeyondTheAct(ActRefused):
    """An act was about to file what it does not declare: another kind of record, another state, another field."""

    template = "{act}: does not file {beyond} of {number}"
    next_template = "declare in the act what it files, or mend the act"
    act: str
    number: str
    beyond: str


@dataclass(eq=False)
class OtherConstitution(ActRefused):
    """The log is kept by another constitution than this version of the program files by."""

    template = "this log is kept by the constitution {found}…, and this version of Dokaz files by {own}…"
    next_template = (
        "let two administrators put the new one in force (`dokaz constitution sign`), or use the older version"
    )
    found: str
    own: str


@dataclass(eq=False)
class NotInOffice(ActRefused):
    """The person who acts holds no office that this act needs."""

    template = "{act}: not open to the office of {role}"
    next_template = "act as one of: {needed}"
    act: str
    role: str
    needed: Sequence[str]


@dataclass(eq=False)
class SignatureNeeded(ActRefused):
    """The act must be signed personally, and no key was unlocked."""

    template = "{act} must be signed personally"
    next_template = "unlock your key with your passphrase and try again"
    act: str


@dataclass(eq=False)
class SessionOver(ActRefused):
    """The key of a session was about to sign, but it does so no longer, or not in this office."""

    template = "your session of work does not sign this: {problem}"
    next_template = "give your passphrase again; a new session begins with it"
    problem: Sentence


@dataclass(eq=False)
class SignaturesMissing(ActRefused):
    """An act needs more people's assent than it has."""

    template = "{act}: {have} of {need} signatures have been given"
    next_template = "let another qualified person read it and sign"
    act: str
    have: int
    need: int


@dataclass(eq=False)
class SignedAlready(ActRefused):
    """The same person was about to sign the same version a second time."""

    template = "{number}: {person} has already signed this version"
    next_template = "the second signature must be another person's"
    number: str
    person: str


@dataclass(eq=False)
class RecordIsVoid(ActRefused):
    """A record was about to be changed, or pointed to, that is void."""

    template = "{number} is void: it was found not to be a record of its own"
    next_template = "undo that on its page, with a reason, if it was wrong"
    number: str


@dataclass(eq=False)
class RestedOn(ActRefused):
    """A record was about to be voided on which others rest."""

    template = "{number} cannot be void: {others} rest on it"
    next_template = "answer these first: void, withdraw, supersede or revoke what is wrong with them"
    number: str
    others: Sequence[object]


@dataclass(eq=False)
class ClosedField(ActRefused):
    """A field was about to be corrected that no correction changes."""

    template = "{number}: {field} is not corrected: {why}"
    next_template = "{advice}"
    number: str
    field: str
    why: Sentence
    advice: Sentence


@dataclass(eq=False)
class NeverErased(ActRefused):
    """A field was about to be erased that never is."""

    template = "{number}: {field} is never erased: {why}"
    next_template = "leave it out of the order"
    number: str
    field: str
    why: Sentence


@dataclass(eq=False)
class NothingToErase(ActRefused):
    """An order of erasure would destroy nothing."""

    template = "{number}: these fields hold nothing in these versions, or it was erased before"
    next_template = "see the record's history for what its versions hold"
    number: str


@dataclass(eq=False)
class NothingCorrected(ActRefused):
    """A correction says what the record says already."""

    template = "{number}: nothing of it would be changed"
    next_template = "change a field, or leave the record as it is"
    number: str


@dataclass(eq=False)
class WrongState(ActRefused):
    """A record is not in the state that an act starts from; both are labels or sentences."""

    template = "{number} is {state}"
    next_template = "this act needs: {any_needed}"
    number: str
    state: object
    needed: Sequence[object]

    @property
    def values(self) -> Mapping[str, object]:
        return {**vars(self), "any_needed": any_of(self.needed)}


@dataclass(eq=False)
class ChangedMeanwhile(ActRefused):
    """Somebody else filed a newer version of the record after it was read."""

    template = "{number}: version {read} was read, but version {found} is there now"
    next_template = "look at the newest version and act again"
    number: str
    read: int
    found: int


@dataclass(eq=False)
class ChangedInMemory(ActRefused):
    """An act was handed a record that is not as it was filed: somebody set a field of it after it was read."""

    template = "{number} is not as it was filed: {fields}"
    next_template = "read it again, and hand the act what shall change; only acts change records"
    number: str
    fields: Sequence[str]


@dataclass(eq=False)
class InputsChanged(ChangedMeanwhile):
    """What was about to be filed was computed before the filing, from records that have changed since."""

    template = "{number}: filed as entry {found}, after this was computed from the first {read} entries"
    next_template = "do it again: it is then computed from what is there now"


@dataclass(eq=False)
class StoreBusy(ActRefused):
    """Somebody else had a filing open for longer than one waits for one's turn."""

    template = "somebody else has been filing for more than {seconds} seconds: a large delivery, for instance"
    next_template = "do it again in a minute; nothing was filed"
    seconds: int


@dataclass(eq=False)
class NumberTaken(ActRefused):
    """A number was about to be given a second time."""

    template = "{number}: this number has been given already; numbers are never reused"
    next_template = "check the label; a new find gets the next free number"
    number: str


@dataclass(eq=False)
class UnfitNumber(ActRefused):
    """A number was about to be given that cannot stand in an address, on a label and in a file's name."""

    template = "{number!r} cannot be the number of a record"
    next_template = "use letters, digits and hyphens, at most 64; no slashes, no spaces at the ends"
    number: str

    def __post_init__(self) -> None:
        self.number = shortened(self.number)


@dataclass(eq=False)
class LastAdministrator(ActRefused):
    """Without this administrator, nobody could appoint anybody any more."""

    template = "too few administrators would be left without {name}"
    next_template = "appoint another administrator first"
    name: str


@dataclass(eq=False)
class EmptyField(ActRefused):
    """A field that an act cannot do without is empty."""

    template = "{record}: {field} is empty"
    next_template = "{why}"
    record: str
    field: str
    why: Sentence


@dataclass(eq=False)
class BadChoice(ActRefused):
    """A value is not in the vocabulary of its field."""

    template = "{field}: {value!r} is not in the vocabulary"
    next_template = "one of: {allowed}"
    field: str
    value: object
    allowed: Sequence[object]


@dataclass(eq=False)
class UnknownAct(ActRefused):
    """There is no act of that name."""

    template = "there is no act called {name!r}"
    next_template = "`dokaz sign --help` lists what can be signed"
    name: str


@dataclass(eq=False)
class NotYours(ActRefused):
    """Somebody acted on what another person answers for."""

    template = "{thing}: {problem}"
    next_template = "{advice}"
    thing: str
    problem: Sentence
    advice: Sentence


@dataclass(eq=False)
class BadInterval(ActRefused):
    """An interval ends before it begins."""

    template = "{number}: {field} from {low} to {high} ends before it begins"
    next_template = "give the lower bound first"
    number: str
    field: str
    low: object
    high: object


@dataclass(eq=False)
class InTheFuture(ActRefused):
    """Something is said to have happened after it is written down."""

    template = "{record}: {field} {moment} lies in the future"
    next_template = "correct the date, or the clock of this machine"
    record: str
    field: str
    moment: object


@dataclass(eq=False)
class WrongKind(ActRefused):
    """An act was handed a value of another kind than it takes."""

    template = "{field}: {shown} is not {wanted}"
    next_template = "give {wanted}"
    field: str
    value: object
    wanted: object

    @property
    def values(self) -> Mapping[str, object]:
        return {**vars(self), "shown": shortened(repr(self.value))}


@dataclass(eq=False)
class TextTooLong(ActRefused):
    """A text is longer than a field takes."""

    template = "{field}: {length} characters; at most {most} are kept"
    next_template = "shorten it, or deliver it as a file"
    field: str
    length: int
    most: int


@dataclass(eq=False)
class UnreadableCharacter(ActRefused):
    """A text holds a control character, or one that turns the direction of writing."""

    template = "{field}: the text holds {character}, a character that cannot be seen"
    next_template = "type the text anew"
    field: str
    character: str


@dataclass(eq=False)
class NotFiledHere(ActRefused):
    """A record of another investigation, or one that was never filed."""

    template = "{number}: no such record is filed in this investigation"
    next_template = "file it first"
    number: str


@dataclass(eq=False)
class PartOfAnAct(ActRefused):
    """An act that is only done as part of another one was about to be done on its own."""

    template = "{act} is never done on its own"
    next_template = "it is part of {wholes}"
    act: str
    wholes: Sequence[str]


@dataclass(eq=False)
class OutOfRange(ActRefused):
    """A number that cannot be: a stature of three metres, a negative age."""

    template = "{record}: {field} {value} is not {low} to {high}"
    next_template = "correct the figure"
    record: str
    field: str
    value: object
    low: object
    high: object


@dataclass(eq=False)
class BadDate(ActRefused):
    """A date, as far as it is known, that is not written as dates are kept (ISO 8601-2)."""

    template = "{record}: {field} {value!r} is not a date"
    next_template = "write 2026-05-04, 2026-05, 2026, 2026~ or 2020/2026"
    record: str
    field: str
    value: str

    def __post_init__(self) -> None:
        self.value = shortened(self.value)


@dataclass(eq=False)
class TooEarly(ActRefused):
    """Something is said to have happened before that from which it follows."""

    template = "{record}: {field} {moment} is before {before} {earliest}"
    next_template = "correct the date"
    record: str
    field: str
    moment: object
    before: str
    earliest: object
