"""The report on two kinship hypotheses, section by section, from the answer to the places where people sign."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dokaz.kinship.direct_match import Relation
from dokaz.reports.assumptions import assumptions, posterior, shown_genotype
from dokaz.reports.compared import Compared, KinshipAnswer, unshared_alleles
from dokaz.reports.document import (
    CellContent,
    ReportBlock,
    ReportDocument,
    ReportFacts,
    ReportHeading,
    ReportSignatures,
    ReportTable,
    ReportText,
    ShownNumber,
)
from dokaz.reports.pedigrees_drawn import hypotheses_drawn
from dokaz.reports.verbal_scale import GRADES, SCALE_NAME, SCALE_SOURCE, grade_of
from dokaz.reports.words import ReportWords, gettext_noop

#: With more people typed, their genotypes have tables of their own, so many people each.
_BESIDE_THE_LR = 4
_PEOPLE_A_TABLE = 7


@dataclass(frozen=True)
class ReportInput:
    """A file that was read: its name without a folder, its SHA-256 in hexadecimal, its size in bytes."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Circumstances:
    """What a report states beside the numbers.

    Args:
        inputs: Every file that was read.
        command: What was typed, without the name of the report.
        versions: Of the programs, by name.
        date: Of the report.
        minimum_frequency: Of alleles without a frequency; None: they are refused.
        prior: Probability of H1 before any DNA, 0 or more and below 1; None: no posterior is told.
        prior_source: Who stated it.
    """

    inputs: Sequence[ReportInput]
    command: str
    versions: Mapping[str, str]
    date: dt.date
    minimum_frequency: float | None = None
    prior: float | None = None
    prior_source: str = ""


def kinship_report(
    compared: Compared, answer: KinshipAnswer, circumstances: Circumstances, words: ReportWords
) -> ReportDocument:
    """The whole report.

    Args:
        compared, answer: The hypotheses, and what the engine says of them.
        circumstances: See there.
        words: The language.
    """
    _ = words.gettext
    blocks: list[ReportBlock] = [
        ReportText(
            _(
                "A likelihood ratio is the strength of this evidence. It is not the probability that a hypothesis is true, "
                "and no score identifies anyone: people decide, on all lines of evidence, and answer for it."
            ),
            is_strong=True,
        ),
        ReportFacts(
            (
                (_("Case"), compared.case),
                (_("Date of the report"), _date(circumstances.date, words)),
                (_("Laboratory"), ""),
                (_("Number of the report"), ""),
            )
        ),
        *_answer(compared, answer, circumstances, words),
        *_hypotheses(compared, words),
        *_markers(compared, answer, words),
        ReportHeading(_("Assumptions")),
        assumptions(compared, answer.result, circumstances.minimum_frequency, words),
        *_frequencies(compared, words),
        *_scale(answer, words),
        *_inputs(circumstances, words),
        ReportHeading(_("Who answers for this report")),
        ReportText(
            _(
                "Two people sign: one who computed the answer, and one who checked inputs, assumptions and numbers "
                "independently. The report says nothing about samples or people other than those named in it."
            )
        ),
        ReportSignatures((_("Computed by"), _("Checked by")), (_("Name"), _("Position"), _("Date"), _("Signature"))),
    ]
    return ReportDocument(
        _("Kinship report"),
        compared.case,
        words.language,
        circumstances.date,
        _("Page %(page)s of %(pages)s"),
        blocks,
    )


def _date(day: dt.date, words: ReportWords) -> str:
    return day.isoformat() if words.language == "en" else f"{day:%d.%m.%Y}"


_RELATED = {
    Relation.SAME_PERSON: gettext_noop("H1: %(first)s and %(second)s are one person"),
    Relation.PARENT: gettext_noop("H1: %(first)s is a parent of %(second)s"),
    Relation.SIBLING: gettext_noop("H1: %(first)s and %(second)s are siblings, of the same two parents"),
}
_UNRELATED = gettext_noop("H2: %(first)s and %(second)s are unrelated")


def hypothesis_names(compared: Compared, words: ReportWords) -> tuple[str, str]:
    """What the two hypotheses are called: by their names in the file, of a pair in a sentence."""
    if compared.pair is not None:
        values = {"remains": compared.pair.remains, "missing": compared.pair.missing, "family": compared.pair.family}
        return (
            words.gettext("H1: %(remains)s is %(missing)s of family %(family)s") % values,
            words.gettext("H2: %(remains)s is unrelated to family %(family)s") % values,
        )
    if compared.matched is not None:
        two = {"first": compared.matched.first, "second": compared.matched.second}
        return words.gettext(_RELATED[compared.matched.relation]) % two, words.gettext(_UNRELATED) % two
    first, second = (
        key if pedigree.name in ("", key) else f"{key}: {pedigree.name}"
        for key, pedigree in (("H1", compared.h1), ("H2", compared.h2))
    )
    return first, second


# --- sections -----------------------------------------------------------------------------------------------------------


def _answer(
    compared: Compared, answer: KinshipAnswer, circumstances: Circumstances, words: ReportWords
) -> list[ReportBlock]:
    _ = words.gettext
    result = answer.result
    total = result.log10_lr
    rows = [
        (_("Question"), "; ".join(hypothesis_names(compared, words))),
        (_("Likelihood ratio, H1 to H2"), f"{words.ratio(total)} (log10 {words.logarithm(total)})"),
        (_("In words"), in_words(total, words)),
        (_("Verbal scale"), _supported(total, words)),
    ]
    if circumstances.prior is not None and not math.isnan(total):
        values = {
            "prior": words.number(circumstances.prior, ".6g"),
            "source": circumstances.prior_source,
            "posterior": _posterior(total, circumstances.prior, words),
        }
        rows.append(
            (
                _("Posterior probability of H1"),
                _(
                    "%(posterior)s, with a prior probability of %(prior)s (%(source)s). It holds only as far as the "
                    "prior does, and if one of the two hypotheses is true."
                )
                % values,
            )
        )
    else:
        rows.append((_("Posterior probability of H1"), _("not told: no prior probability was stated")))
    return [ReportHeading(_("The answer")), ReportFacts(tuple(rows))]


def in_words(log10_lr: float, words: ReportWords) -> str:
    """What the likelihood ratio means, without a scale."""
    if math.isnan(log10_lr):
        return words.gettext(
            "The profiles are impossible under both hypotheses: check the pedigrees, the samples and the markers."
        )
    if math.isinf(log10_lr):
        impossible = "H1" if log10_lr < 0 else "H2"
        return words.gettext("The profiles are impossible under %(hypothesis)s, with the assumptions below.") % {
            "hypothesis": impossible
        }
    better, worse = ("H1", "H2") if log10_lr >= 0 else ("H2", "H1")
    return words.gettext(
        "The profiles are %(times)s times as probable if %(better)s is true as if %(worse)s is true."
    ) % {
        "times": words.ratio(abs(log10_lr)),
        "better": better,
        "worse": worse,
    }


def _supported(log10_lr: float, words: ReportWords) -> str:
    grade = grade_of(log10_lr)
    if grade is None:
        return words.gettext("%(scale)s has no words for a hypothesis that is impossible") % {"scale": SCALE_NAME}
    support = words.gettext(GRADES[grade].support)
    if grade == 0:
        return f"{support} ({SCALE_NAME})"
    better, worse = ("H1", "H2") if log10_lr > 0 else ("H2", "H1")
    values = {"support": support, "better": better, "worse": worse, "scale": SCALE_NAME}
    return words.gettext("%(support)s for %(better)s rather than %(worse)s (%(scale)s)") % values


def _posterior(log10_lr: float, prior: float, words: ReportWords) -> str:
    """Six digits; what would round to 1 or 0 is told as a bound, unless a hypothesis is impossible or was excluded."""
    value = posterior(log10_lr, prior)
    if prior == 0 or math.isinf(log10_lr):
        return words.number(value)
    if value > 0.999999:
        return words.gettext("more than %(bound)s") % {"bound": words.number(0.999999, ".6f")}
    if value < 0.000001:
        return words.gettext("less than %(bound)s") % {"bound": words.number(0.000001, ".6f")}
    return words.number(value, ".6f")


def _hypotheses(compared: Compared, words: ReportWords) -> list[ReportBlock]:
    titles = hypothesis_names(compared, words)
    return [ReportHeading(words.gettext("Hypotheses")), hypotheses_drawn(compared, titles, words)]


def _markers(compared: Compared, answer: KinshipAnswer, words: ReportWords) -> list[ReportBlock]:
    _ = words.gettext
    people = compared.profiles.ids
    rows = _marker_rows(compared, answer, words)
    blocks: list[ReportBlock] = [ReportHeading(_("Marker by marker"))]
    beside = people if len(people) <= _BESIDE_THE_LR else ()
    for start in range(0, 0 if beside else len(people), _PEOPLE_A_TABLE):
        part = people[start : start + _PEOPLE_A_TABLE]
        cells = tuple((marker, *(genotypes[p] for p in part)) for marker, genotypes, *_rest in rows)
        blocks.append(ReportTable(_("Genotypes"), (_("Marker"), *part), cells))
    total = answer.result.log10_lr
    columns = (_("Marker"), *beside, _("LR"), _("log10 LR"), _("Remarks"))
    table: list[tuple[CellContent, ...]] = [
        (marker, *(genotypes[p] for p in beside), lr, log10, remark) for marker, genotypes, lr, log10, remark in rows
    ]
    table.append((_("All markers"), *("" for _p in beside), ShownNumber(_power(total), words.ratio(total)),
                  ShownNumber(total, words.logarithm(total)), ""))  # fmt: skip
    width = len(beside)
    blocks.append(
        ReportTable(
            _("Genotypes and likelihood ratios") if beside else _("Likelihood ratios"),
            columns,
            tuple(table),
            frozenset({width + 1, width + 2}),
            frozenset({len(table) - 1}),
        )
    )
    blocks.append(ReportFacts(tuple(_left_out(compared, answer, words))))
    return blocks


def _power(log10: float) -> float:
    return math.nan if math.isnan(log10) else math.inf if log10 > 308 else 10.0**log10


Row = tuple[str, dict[str, str], CellContent, CellContent, str]


def _marker_rows(compared: Compared, answer: KinshipAnswer, words: ReportWords) -> list[Row]:
    """A row a marker; the LR of a linked group is told with its first marker."""
    profiles, result = compared.profiles, answer.result
    rows: list[Row] = []
    for term, log10 in zip(result.markers, (float(v) for v in result.log10_lr_per_marker), strict=True):
        names = term.split("+")
        for k, marker in enumerate(names):
            genotypes = {p: shown_genotype(profiles, p, marker, words) for p in profiles.ids}
            lr: CellContent = ShownNumber(_power(log10), words.ratio(log10)) if k == 0 else "″"
            shown: CellContent = ShownNumber(log10, words.logarithm(log10)) if k == 0 else "″"
            remarks = [*_why(compared, answer, term, marker, words)] if len(names) == 1 or k == 0 else []
            if len(names) > 1 and k == 0:
                remarks.insert(0, words.gettext("one LR for %(markers)s, linked") % {"markers": ", ".join(names)})
            rows.append((marker, genotypes, lr, shown, "; ".join(remarks)))
    return rows


def _why(compared: Compared, answer: KinshipAnswer, term: str, marker: str, words: ReportWords) -> list[str]:
    """Remarks on a term: nobody typed, impossible, or needing a mutation and between whom."""
    result = answer.result
    if term in result.missing_markers:
        return [words.gettext("nobody typed, counts as 1")]
    remarks = []
    sides = zip(("H1", "H2"), (compared.h1, compared.h2), result.impossible_markers, answer.impossible, strict=True)
    for name, pedigree, impossible, without in sides:
        if term in impossible:
            remarks.append(words.gettext("impossible under %(hypothesis)s") % {"hypothesis": name})
        elif term in without:
            remarks.append(words.gettext("needs a mutation under %(hypothesis)s") % {"hypothesis": name})
        if term in without:
            remarks += [
                words.gettext("%(child)s and parent %(parent)s: no shared allele, %(steps)s")
                % {"child": one.child, "parent": one.parent, "steps": _steps(one.steps, words)}
                for one in unshared_alleles(
                    pedigree, compared.profiles, [marker] if "+" not in term else term.split("+")
                )
            ]
    if compared.pair is not None:
        remarks += _typed_in_one(compared, marker, words)
    return list(dict.fromkeys(remarks))


def _steps(steps: int | None, words: ReportWords) -> str:
    if steps is None:
        return words.gettext("no whole number of repeats apart")
    return words.ngettext("%(n)d repeat apart", "%(n)d repeats apart", steps) % {"n": steps}


def _typed_in_one(compared: Compared, marker: str, words: ReportWords) -> list[str]:
    assert compared.pair is not None
    column = compared.profiles.markers.names.index(marker)
    mine = compared.profiles.row_of(compared.pair.remains)
    typed = compared.profiles.typed[:, column]
    others = bool(typed.sum() - typed[mine])
    if typed[mine] and not others:
        return [words.gettext("typed in the remains only")]
    return [words.gettext("typed in the family only")] if others and not typed[mine] else []


def _left_out(compared: Compared, answer: KinshipAnswer, words: ReportWords) -> list[tuple[str, str]]:
    """Which markers count for nothing, and why."""
    _ = words.gettext
    result = answer.result
    compared_terms = [term for term in result.markers if term not in result.missing_markers]
    rows = [(_("Compared (a linked group counts once)"), _("%(typed)s of %(all)s") % {
        "typed": len(compared_terms), "all": len(result.markers)})]  # fmt: skip
    if result.missing_markers:
        rows.append((_("Left out: nobody typed"), ", ".join(result.missing_markers)))
    if result.set_aside:
        rows.append(
            (
                _("Left out: not inherited as one of two alleles"),
                _("%(markers)s (amelogenin, Y and mtDNA enter no product)") % {"markers": ", ".join(result.set_aside)},
            )
        )
    if compared.pair is not None:
        names = [name for name in compared.profiles.markers.names if compared.profiles.markers[name].alleles]
        of = {name: _typed_in_one(compared, name, words) for name in names}
        for said in (_("typed in the remains only"), _("typed in the family only")):
            markers = [name for name in names if said in of[name]]
            if markers:
                rows.append((_("Says nothing: %(why)s") % {"why": said}, ", ".join(markers)))
    if compared.matched is not None:
        if compared.matched.typed_in_one:
            why = _("Says nothing: %(why)s") % {"why": _("typed in one of the two only")}
            rows.append((why, ", ".join(compared.matched.typed_in_one)))
        if compared.matched.not_used_on_x:
            why = _("Not used on X: a sex is unknown or, for one person, the sexes differ")
            rows.append((why, ", ".join(compared.matched.not_used_on_x)))
    for name, terms in zip(("H1", "H2"), answer.impossible, strict=True):
        if terms:
            rows.append(
                (_("Impossible without mutation under %(hypothesis)s") % {"hypothesis": name}, ", ".join(terms))
            )
    return rows


def _frequencies(compared: Compared, words: ReportWords) -> list[ReportBlock]:
    _ = words.gettext
    profiles = compared.profiles
    seen_rows: list[tuple[CellContent, ...]] = []
    all_rows: list[tuple[CellContent, ...]] = []
    for marker in profiles.markers:
        if not marker.alleles:
            continue
        seen = {a for person in profiles.ids for a in profiles.genotype(person, marker.name) or ()}
        listed = zip(marker.alleles, marker.frequencies, strict=True)
        shown = [f"{allele}: {words.number(f, '.6g')}" for allele, f in listed if allele in seen]
        if shown:
            seen_rows.append(
                (marker.name, "; ".join(shown), ShownNumber(len(marker.alleles), str(len(marker.alleles))))
            )
        all_rows += [
            (marker.name, allele, ShownNumber(f, words.number(f)))
            for allele, f in zip(marker.alleles, marker.frequencies, strict=True)
        ]
        if marker.silent_frequency is not None:
            silent = ShownNumber(marker.silent_frequency, words.number(marker.silent_frequency))
            all_rows.append((marker.name, _("silent"), silent))
    source = compared.frequency_source or _("NOT STATED: neither the file nor an option says where they come from")
    return [
        ReportHeading(_("Frequencies")),
        ReportFacts(((_("Source"), source),)),
        ReportTable(
            _("Alleles that were seen"),
            (_("Marker"), _("Allele: frequency"), _("Alleles in the table")),
            tuple(seen_rows),
            frozenset({2}),
        ),
        ReportTable(
            _("All frequencies"),
            (_("Marker"), _("Allele"), _("Frequency")),
            tuple(all_rows),
            frozenset({2}),
            is_for_workbooks=True,
        ),
    ]


def _scale(answer: KinshipAnswer, words: ReportWords) -> list[ReportBlock]:
    _ = words.gettext
    reached = grade_of(answer.result.log10_lr)
    rows = []
    for grade in GRADES:
        low, high = words.number(grade.at_least, ",.0f"), words.number(grade.below, ",.0f")
        if grade is GRADES[0]:
            reach = "1"
        elif math.isinf(grade.below):
            reach = _("%(low)s and more") % {"low": low}
        else:
            reach = f"{low} – {high}"
        rows.append((reach, _(grade.support)))
    return [
        ReportHeading(_("Verbal scale")),
        ReportText(
            _(
                "A verbal scale is a convention and adds nothing to the number. Below 1 the reciprocal is looked up, for "
                "H2. The scale has no words for ratios between 1 and 2; they count with 1."
            )
        ),
        ReportTable(
            SCALE_NAME,
            (_("Likelihood ratio"), _("The profiles give")),
            tuple(rows),
            strong_rows=frozenset(() if reached is None else (reached,)),
        ),
        ReportFacts(((_("Source"), SCALE_SOURCE),)),
    ]


def _inputs(circumstances: Circumstances, words: ReportWords) -> list[ReportBlock]:
    _ = words.gettext
    files = tuple(
        (one.name, one.sha256, ShownNumber(one.size, words.number(one.size, ",d"))) for one in circumstances.inputs
    )
    rows = [
        (_("Command"), circumstances.command),
        (_("Programs"), ", ".join(f"{name} {version}" for name, version in circumstances.versions.items())),
        (_("Method"), _("docs/methods/kinship.md of this version of Dokaz")),
    ]
    return [
        ReportHeading(_("Inputs and programs")),
        ReportTable(_("Files that were read"), (_("File"), "SHA-256", _("Bytes")), files, frozenset({2})),
        ReportFacts(tuple(rows)),
    ]
