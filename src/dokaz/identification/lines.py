"""Lines of evidence: what each is about and says; those that the program proposes are codes with values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dokaz.casework.rules import require_fields
from dokaz.errors import BadChoice, Sentence, WrongKind, sentence, template
from dokaz.exchange.reading.skeleton import in_words as element_in_words
from dokaz.identification.models import Bearing, Discipline, Subject
from dokaz.missing.models import ReportedSex
from dokaz.mortuary.models import SkeletalSex

# What the program finds in the records of a unit and a person, by the code that a line carries.
FINDINGS = {
    "amelogenin": template("amelogenin shows {alleles}; the report says {reported}"),
    "skeleton": template("the skeleton is {skeleton}; the report says {reported}"),
    "age": template("the remains show {low} to {high} years; the person was {age}"),
    "age_range": template("the remains show {low} to {high} years; the person was {youngest} to {oldest}"),
    "stature": template(
        "the remains show {low} to {high} cm; the family reports {reported_cm} cm (families overstate)"
    ),
    "duplicated": template("{unit}, identified as the same person, also holds: {elements}"),
    "discordant": template("{number} was discordant ({discipline}), until another took its place"),
}
_SHOWN: dict[str, Callable[[Any], object]] = {
    "reported": ReportedSex,
    "skeleton": SkeletalSex,
    "discipline": Discipline,
    "elements": lambda codes: [element_in_words(code) for code in codes],
}


@dataclass(frozen=True)
class Line:
    """One line of evidence in a comparison.

    Args:
        about: A ``Subject``.
        bearing: Whether it speaks for, against, or neither.
        statement: What is compared with what, in the examiner's words; may be empty where there is a finding.
        source: Number of the record that it rests on.
        explanation: Where it speaks against: why it may still be this person, or empty.
        distinguishes: Numbers of other missing persons whom this line tells apart from this one.
        finding: What the program found: ``{"code": …}``, one of ``FINDINGS``, and its values; empty if it found nothing.
    """

    about: str
    bearing: str
    statement: str = ""
    source: str = ""
    explanation: str = ""
    distinguishes: tuple[str, ...] = ()
    finding: Mapping[str, Any] = field(default_factory=dict)

    def must_hold(self) -> None:
        """Refuse a line that says nothing, or something that cannot be read.

        Raises:
            BadChoice: what it is about, its bearing or its finding is not in the vocabulary.
            EmptyField: it says nothing.
            WrongKind: its finding lacks a value.
        """
        codes = [("about", self.about, Subject.values), ("bearing", self.bearing, Bearing.values)]
        if self.finding:
            codes.append(("finding", self.finding.get("code", ""), list(FINDINGS)))
        else:
            require_fields(sentence("comparison"), sentence("say what is compared with what"), statement=self.statement)
        for name, value, allowed in codes:
            if value not in allowed:
                raise BadChoice(name, value, allowed)
        try:
            str(self.words)
        except (KeyError, TypeError, ValueError) as wrong:
            raise WrongKind("finding", dict(self.finding), sentence("a finding with its values")) from wrong

    @property
    def words(self) -> Sentence:
        """What the line says."""
        return words_of(self.as_json())

    def as_json(self) -> dict[str, Any]:
        """As the comparison's record holds it."""
        return {
            "about": self.about,
            "bearing": self.bearing,
            "finding": dict(self.finding),
            "statement": self.statement,
            "source": self.source,
            "explanation": self.explanation,
            "distinguishes": list(self.distinguishes),
        }


def words_of(line: Mapping[str, Any]) -> Sentence:
    """What a line of a record says: what the program found, then what the examiner wrote."""
    found, typed = line["finding"], line["statement"]
    if not found:
        return Sentence("{typed}", {"typed": typed})
    values = {name: _SHOWN[name](value) if name in _SHOWN else value for name, value in found.items()}
    finding = Sentence(FINDINGS[found["code"]], values)
    return Sentence("{finding}; {typed}", {"finding": finding, "typed": typed}) if typed else finding
