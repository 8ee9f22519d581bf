"""Files of `dokaz physical`: what was scored, measured and counted, as JSON; whatever is not known of a file is refused."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from dokaz.errors import BadFile, PhysicalError, Sentence, sentence
from dokaz.exchange.programs.case_markers import read_json
from dokaz.physical import BodySide, Distribution, Fragment, PairedElement, ReferencePairs

#: A whole file of each question, as `--explain` prints it; the methods page and the tests read these.
EXAMPLES: dict[str, str] = {
    "age": """\
{"method": "suchey_brooks", "sex": "male", "phase": "IV",
 "prior": {"starts": [15, 20, 30, 40, 50, 60], "end": 90, "people": [30, 160, 140, 90, 60, 20]}}""",
    "sex": """\
{"method": "klales_2012", "scores": {"ventral_arc": 4, "medial_aspect": 3, "subpubic_contour": 4}, "prior_male": 0.7}""",
    "stature": """\
{"method": "trotter_gleser_1958", "sex": "male", "lengths_cm": {"femur": 46.2, "humerus": 33.5}, "age_years": 45,
 "reported": {"overstated_cm": 1.5, "spread_cm": 2.5}}""",
    "pairs": """\
{"measurements": ["humerus, maximum length, mm"], "rate": 0.1,
 "reference": [{"left": [318], "right": [320]}, {"left": [305], "right": [308]}, {"left": [331], "right": [331]},
               {"left": [299], "right": [301]}, {"left": [342], "right": [347]}, {"left": [310], "right": [309]},
               {"left": [326], "right": [329]}, {"left": [315], "right": [319]}, {"left": [303], "right": [304]}],
 "left": [{"name": "KLN1-G01-0007", "values": [312]}],
 "right": [{"name": "KLN1-G01-0011", "values": [314]}, {"name": "KLN1-G01-0019", "values": [334]}]}""",
    "mni": """\
{"paired": {"left": 21, "right": 15, "pairs": 11},
 "fragments": [{"name": "a", "element": "femur", "side": "left", "zones": ["1", "2"]},
               {"name": "b", "element": "femur", "side": "left", "zones": ["2", "3"]},
               {"name": "c", "element": "femur", "side": "right", "zones": ["1"]},
               {"name": "d", "element": "tibia", "side": "right"}],
 "same": [["a", "d"]], "different": [["a", "c"], ["b", "c"]]}""",
    "teeth": """\
{"before": {"16": "F", "26": "V", "36": "X", "46": "C"}, "after": {"16": "C", "26": "V", "36": "X", "46": "C"}}""",
}


@dataclass(frozen=True)
class AgeQuestion:
    """One phase, or several indicators of growth."""

    method: str
    phase: str | None
    composite: int | None
    sex: str | None
    indicators: Mapping[str, float | str]
    prior: Distribution | None


@dataclass(frozen=True)
class SexQuestion:
    """Scores of a method's traits."""

    method: str
    scores: Mapping[str, int]
    prior_male: float


@dataclass(frozen=True)
class StatureQuestion:
    """Lengths of long bones, and to what the estimate is to be carried."""

    method: str
    sex: str
    lengths_cm: Mapping[str, float]
    age_years: float | None
    reported: tuple[float, float] | None


@dataclass(frozen=True, eq=False)
class PairsQuestion:
    """Bones of both sides to be sorted, and reference pairs."""

    measurements: tuple[str, ...]
    rate: float
    reference: ReferencePairs
    left: Mapping[str, list[float]]
    right: Mapping[str, list[float]]


@dataclass(frozen=True)
class PeopleQuestion:
    """Counts of one element's pairs, fragments with their links, or both."""

    paired: PairedElement | None
    fragments: tuple[Fragment, ...]
    same: tuple[tuple[str, str], ...]
    different: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class TeethQuestion:
    """Two charts, and those of a population if there are any."""

    before: Mapping[str, str]
    after: Mapping[str, str]
    population: tuple[Mapping[str, str], ...]


class _ScoredFile:
    """One object of a file: takes its fields one by one, and refuses those that nobody asked for."""

    def __init__(self, found: object, where: str, question: str, file: str) -> None:
        self.where, self.question, self.file = where, question, file
        if not isinstance(found, dict):
            raise self.bad(sentence("{where} is no object", where=where or "the file"), found)
        self.found, self.asked = found, set[str]()

    def bad(self, problem: Sentence, value: object = None) -> BadFile:
        return BadFile(
            problem, file=self.file, value=None if value is None else str(value),
            next_step=sentence("`dokaz physical {question} --explain` shows a whole file", question=self.question),
        )  # fmt: skip

    def take(self, name: str, *, needed: bool = True) -> Any:
        self.asked.add(name)
        if name not in self.found and needed:
            raise self.bad(sentence("{where} lacks {name}", where=self.where or "the file", name=name))
        return self.found.get(name)

    def text(self, name: str, *, needed: bool = True) -> str:
        value = self.take(name, needed=needed)
        if value is None and not needed:
            return ""
        if not isinstance(value, str) or not value.strip():
            raise self.bad(sentence("{name} is no text", name=name), value)
        return value

    def number(self, name: str) -> float:
        return self.is_number(self.take(name), name)

    def number_if_there(self, name: str) -> float | None:
        value = self.take(name, needed=False)
        return None if value is None else self.is_number(value, name)

    def is_number(self, value: object, name: str) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < 1e9:
            raise self.bad(sentence("{name} is no number", name=name), value)
        return float(value)

    def items(self, name: str, *, needed: bool = True) -> list[Any]:
        value = self.take(name, needed=needed)
        if value is None and not needed:
            return []
        if not isinstance(value, list):
            raise self.bad(sentence("{name} is no list", name=name), value)
        return value

    def numbers(self, name: str) -> list[float]:
        return [self.is_number(value, name) for value in self.items(name)]

    def object(self, name: str, *, needed: bool = True) -> dict[str, Any]:
        value = self.take(name, needed=needed)
        if value is None and not needed:
            return {}
        if not isinstance(value, dict):
            raise self.bad(sentence("{name} is no object", name=name), value)
        return value

    def pairs_of_names(self, name: str) -> tuple[tuple[str, str], ...]:
        found = self.items(name, needed=False)
        for each in found:
            if not isinstance(each, list) or len(each) != 2 or not all(isinstance(part, str) for part in each):
                raise self.bad(sentence("{name} holds something else than pairs of names", name=name), each)
        return tuple((one, other) for one, other in found)

    def done(self) -> None:
        unknown = [name for name in self.found if name not in self.asked]
        if unknown:
            raise self.bad(
                sentence("{where} has a field that is not known", where=self.where or "the file"), unknown[0]
            )


def _opened(data: bytes, question: str, file: str) -> _ScoredFile:
    try:
        found = read_json(data, file=file)
    except BadFile as error:
        error.advice = sentence("`dokaz physical {question} --explain` shows a whole file", question=question)
        raise
    asked = _ScoredFile(found, "", question, file)
    twice: list[str] = []
    # The reader above keeps the last of two values of one name; which of them was meant is not ours to say.
    json.loads(data.decode("utf-8-sig"), object_pairs_hook=lambda pairs: _noted(pairs, twice))
    if twice:
        raise asked.bad(sentence("{name} is given twice", name=twice[0]))
    return asked


def _noted(pairs: list[tuple[str, Any]], twice: list[str]) -> dict[str, Any]:
    """An object of a file, whose names that occur twice are noted."""
    twice += [name for name, count in Counter(name for name, _ in pairs).items() if count > 1]
    return dict(pairs)


def read_age(data: bytes, *, file: str) -> AgeQuestion:
    """An age question.

    Raises:
        BadFile: names the field.
    """
    reader = _opened(data, "age", file)
    composite = reader.take("composite", needed=False)
    if composite is not None and (isinstance(composite, bool) or not isinstance(composite, int)):
        raise reader.bad(sentence("{name} is no whole number", name="composite"), composite)
    found = AgeQuestion(
        method=reader.text("method"),
        phase=reader.text("phase", needed=False) or None,
        composite=composite,
        sex=reader.text("sex", needed=False) or None,
        indicators=reader.object("indicators", needed=False),
        prior=_prior(reader),
    )
    reader.done()
    if sum((found.phase is not None, found.composite is not None, bool(found.indicators))) != 1:
        raise reader.bad(sentence("one of phase, composite and indicators is needed, and no more"))
    for code, scored in found.indicators.items():
        if isinstance(scored, bool) or not isinstance(scored, (int, float, str)):
            raise reader.bad(sentence("{name} is neither a number nor a stage", name=code), scored)
    return found


def _prior(reader: _ScoredFile) -> Distribution | None:
    """Ages that were possible: from … to, groups of people, or a mean and a spread."""
    if reader.take("prior", needed=False) is None:
        return None
    prior = _ScoredFile(reader.take("prior"), "prior", reader.question, reader.file)
    try:
        if "people" in prior.found:
            starts, people = prior.numbers("starts"), prior.numbers("people")
            found = Distribution.of_groups(starts, prior.number("end"), people, unit="years")
        else:
            low, high = prior.number("from"), prior.number("to")
            mean = prior.number_if_there("mean")
            if mean is None:
                found = Distribution.uniform(low, high, unit="years")
            else:
                found = Distribution.normal(mean, prior.number("sd"), unit="years", low=low, high=high)
    except PhysicalError as error:
        raise prior.bad(sentence("prior: {problem}", problem=error.what)) from None
    prior.done()
    return found


def read_sex(data: bytes, *, file: str) -> SexQuestion:
    """A question of sex.

    Raises:
        BadFile: names the field.
    """
    reader = _opened(data, "sex", file)
    found = SexQuestion(reader.text("method"), reader.object("scores"), reader.number("prior_male"))
    reader.done()
    return found


def read_stature(data: bytes, *, file: str) -> StatureQuestion:
    """A question of stature.

    Raises:
        BadFile: names the field.
    """
    reader = _opened(data, "stature", file)
    reported = None
    if reader.take("reported", needed=False) is not None:
        inner = _ScoredFile(reader.take("reported"), "reported", "stature", file)
        reported = (inner.number("overstated_cm"), inner.number("spread_cm"))
        inner.done()
    lengths = {bone: reader.is_number(length, bone) for bone, length in reader.object("lengths_cm").items()}
    found = StatureQuestion(
        reader.text("method"), reader.text("sex"), lengths, reader.number_if_there("age_years"), reported
    )
    reader.done()
    return found


def read_pairs(data: bytes, *, file: str) -> PairsQuestion:
    """Bones to be paired.

    Raises:
        BadFile: names the field.
    """
    reader = _opened(data, "pairs", file)
    measurements = tuple(str(each) for each in reader.items("measurements"))

    def values(found: object, where: str, side: str) -> list[float]:
        inner = found if isinstance(found, _ScoredFile) else _ScoredFile(found, where, "pairs", file)
        read = inner.numbers(side)
        if len(read) != len(measurements):
            raise inner.bad(
                sentence(
                    "{where} has {count} values for {expected} measurements",
                    where=where, count=len(read), expected=len(measurements),
                )
            )  # fmt: skip
        return read

    left, right = [], []
    for at, each in enumerate(reader.items("reference"), start=1):
        pair = _ScoredFile(each, f"reference pair {at}", "pairs", file)
        left.append(values(pair, pair.where, "left"))
        right.append(values(pair, pair.where, "right"))
        pair.done()
    rate = reader.number("rate")
    bones: dict[str, dict[str, list[float]]] = {"left": {}, "right": {}}
    for side, read in bones.items():
        for at, each in enumerate(reader.items(side), start=1):
            bone = _ScoredFile(each, f"{side} bone {at}", "pairs", file)
            name = bone.text("name")
            if name in read:
                raise bone.bad(sentence("{name} is given twice", name=name))
            read[name] = values(bone, bone.where, "values")
            bone.done()
    reader.done()
    try:
        reference = ReferencePairs(np.array(left, float), np.array(right, float))
    except PhysicalError as error:
        raise reader.bad(sentence("reference: {problem}", problem=error.what)) from None
    return PairsQuestion(measurements, rate, reference, bones["left"], bones["right"])


def read_people(data: bytes, *, file: str) -> PeopleQuestion:
    """Counts of pairs, fragments, or both.

    Raises:
        BadFile: names the field.
    """
    reader = _opened(data, "mni", file)
    paired, fragments = None, []
    try:
        if reader.take("paired", needed=False) is not None:
            inner = _ScoredFile(reader.take("paired"), "paired", "mni", file)
            paired = PairedElement(*(inner.take(name) for name in ("left", "right", "pairs")))
            inner.done()
        for at, each in enumerate(reader.items("fragments", needed=False), start=1):
            one = _ScoredFile(each, f"fragment {at}", "mni", file)
            side, zones = one.text("side"), one.items("zones", needed=False) or ["whole"]
            if side not in list(BodySide):
                raise one.bad(sentence("side is none of {sides}", sides=", ".join(BodySide)), side)
            if not all(isinstance(zone, (str, int)) and not isinstance(zone, bool) for zone in zones):
                raise one.bad(sentence("{name} holds something else than names of zones", name="zones"), zones)
            fragments.append(
                Fragment(one.text("name"), one.text("element"), BodySide(side), frozenset(str(zone) for zone in zones))
            )
            one.done()
    except PhysicalError as error:
        raise reader.bad(sentence("{problem}", problem=error.what)) from None
    found = PeopleQuestion(
        paired, tuple(fragments), reader.pairs_of_names("same"), reader.pairs_of_names("different")
    )  # fmt: skip
    reader.done()
    if paired is None and not fragments:
        raise reader.bad(sentence("it has neither counts of pairs nor fragments"))
    return found


def read_teeth(data: bytes, *, file: str) -> TeethQuestion:
    """Two charts.

    Raises:
        BadFile: names the field.
    """
    reader = _opened(data, "teeth", file)
    before, after = reader.object("before"), reader.object("after")
    population = tuple(reader.items("population", needed=False))
    reader.done()
    for chart in (before, after, *population):
        if not isinstance(chart, dict) or not all(isinstance(code, str) for code in chart.values()):
            raise reader.bad(sentence("a chart is no object of FDI numbers and codes"), chart)
    return TeethQuestion(before, after, population)
