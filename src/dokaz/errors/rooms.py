"""What the rules of single rooms refuse: lifting, typing, consent, identification, court."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from dokaz.errors.acts import ActRefused
from dokaz.errors.base import DokazError, Explained


@dataclass(eq=False)
class LiftedBlind(ActRefused):
    """A unit was about to be lifted without coordinates or photograph, and without an emergency reason."""

    template = "{number}: {points} survey points and {photographs} photographs; lifting needs at least one of each"
    next_template = "survey and photograph it where it lies, or state the emergency that does not allow it"
    number: str
    points: int
    photographs: int


@dataclass(eq=False)
class TooManyAlleles(ActRefused):
    """A marker does not show exactly two alleles."""

    template = "{number}: {marker} shows {alleles!r}, not two alleles"
    next_template = "a mixture is no single person's profile; write a homozygote twice, leave an untyped marker out"
    number: str
    marker: str
    alleles: object


@dataclass(eq=False)
class NoConsent(ActRefused):
    """A donor's consent does not cover what is asked, or was withdrawn."""

    template = "{donor}: the donor has withdrawn"
    next_template = "ask the family liaison officer"
    donor: str


@dataclass(eq=False)
class SatAlone(ActRefused):
    """Everyone who signs the decision also signed the comparison that it rests on."""

    template = "{number}: nobody may sit alone on their own comparison"
    next_template = "let a board member sign who signed none of its comparisons"
    number: str


@dataclass(eq=False)
class ComparisonNotSigned(ActRefused):
    """A comparison that a decision would rest on lacks its signatures."""

    template = "{number} is {state}"
    next_template = "a decision rests on comparisons that two people have signed"
    number: str
    state: object


@dataclass(eq=False)
class NoPrimaryIdentifier(ActRefused):
    """Nothing but secondary identifiers speak for an identification."""

    template = "{unit} and {person}: no concordant DNA, friction ridge or dental comparison"
    next_template = "recognition, clothing and documents alone never identify; compare a primary identifier"
    unit: str
    person: str


@dataclass(eq=False)
class ContradictionUnexplained(ActRefused):
    """Something speaks against an identification, and nobody said why it may still be."""

    template = "{unit} and {person}: unexplained contradiction: {statement}"
    next_template = "explain it in a new comparison, or lay an exclusion before the board"
    unit: str
    person: str
    statement: object


@dataclass(eq=False)
class NothingExcludes(ActRefused):
    """An exclusion was laid before the board on comparisons none of which is discordant."""

    template = "{unit} and {person}: no signed comparison of a primary identifier is discordant"
    next_template = (
        "compare DNA, friction ridge or teeth; on other discordant evidence, give the board's written ruling"
    )
    unit: str
    person: str


@dataclass(eq=False)
class NotDistinguished(ActRefused):
    """Somebody else fits as well, and no line of evidence tells the two apart."""

    template = "{unit} and {person}: {rival} fits as well (log10 LR {log10_lr})"
    next_template = "add a line of evidence that tells the two apart, or leave both open; a tie is never forced"
    unit: str
    person: str
    rival: str
    log10_lr: str


class NothingToCompare(Explained):
    """A search or comparison lacks one of its sides."""


class BadRedaction(Explained):
    """A redaction that has no code, no authority, or would hide what a stranger must check."""


@dataclass(eq=False)
class WouldName(ActRefused):
    """A bundle would name somebody whom it withholds; the places are sentences, and say the name nowhere."""

    template = "the bundle would name whom it withholds: {places}"
    next_template = "{advice}"
    places: Sequence[object]
    advice: object


@dataclass(eq=False)
class ClosedKind(ActRefused):
    """A bundle would take out records of a kind that whoever makes it may not read."""

    template = "a bundle that {role} makes would hold records of a kind that is closed to this office: {kind}"
    next_template = "withhold all of their fields and files, or let somebody make it who may read them"
    role: object
    kind: object


@dataclass(eq=False)
class BundleExists(DokazError):
    """A bundle was about to be written where there is something already."""

    template = "{path}: not empty"
    next_template = "choose a new directory; a bundle is never written over another"
    path: str


@dataclass(eq=False)
class UnknownReferenceSystem(ActRefused):
    """A coordinate reference system that is not known, or is not stated where points are given."""

    template = "{record}: the coordinate reference system {crs!r} is not known"
    next_template = "write an EPSG code, such as EPSG:32637 (WGS 84 / UTM zone 37N)"
    field: ClassVar[str] = "crs"
    record: str
    crs: str


@dataclass(eq=False)
class OutsideArea(ActRefused):
    """A survey point lies where the site's coordinate reference system may not be used."""

    template = "{east} {north} lies outside the area of {crs}"
    next_template = "check whether east and north changed places"
    east: str
    north: str
    crs: str
    field: str


class ImpossiblePedigree(ActRefused):
    """A pedigree that cannot be."""

    field = "members"


@dataclass(eq=False)
class MemberTwice(ImpossiblePedigree):
    """Two members have one name."""

    template = "{member} is listed twice"
    next_template = "give every member a name of their own"
    member: str


@dataclass(eq=False)
class UnknownParent(ImpossiblePedigree):
    """A parent is no member."""

    template = "{child}: the parent {parent} is no member"
    next_template = "list the parent as a member too"
    child: str
    parent: str


@dataclass(eq=False)
class ImpossibleParent(ImpossiblePedigree):
    """A female father, a male mother, or one person as both."""

    template = "{child}: {parent} cannot be that parent"
    next_template = "a father is male and a mother female; correct one"
    child: str
    parent: str


@dataclass(eq=False)
class OwnAncestor(ImpossiblePedigree):
    """Somebody descends from themselves."""

    template = "{member} is their own ancestor"
    next_template = "correct the parents on that path"
    member: str


@dataclass(eq=False)
class ReportTwice(ImpossiblePedigree):
    """The same report is that of two members."""

    template = "{number} is both {first} and {second}"
    next_template = "name a report once in a pedigree"
    number: str
    first: str
    second: str


@dataclass(eq=False)
class DonorLeftOut(ImpossiblePedigree):
    """A member who gave a sample is no member any more."""

    template = "{donor} gave a sample as {member}, who is no member any more"
    next_template = "keep the member, or withdraw the donor's consent first"
    donor: str
    member: str


@dataclass(eq=False)
class SearchUnfinished(ActRefused):
    """A search was about to be closed while something of its checklist is neither done nor excused."""

    template = "{number}: {count} neither done nor excused, or not searched: {lacks}"
    next_template = "do each of them, or say why it is not done; then close the search"
    number: str
    count: int
    lacks: Sequence[str]
