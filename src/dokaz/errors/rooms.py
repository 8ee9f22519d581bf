"""What the rules of single rooms refuse: lifting, typing, consent, identification, court."""

from __future__ import annotations

from dataclasses import dataclass

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
class BundleExists(DokazError):
    """A bundle was about to be written where there is something already."""

    template = "{path}: not empty"
    next_template = "choose a new directory; a bundle is never written over another"
    path: str
