"""What a likelihood ratio rests on beyond the pedigrees: each assumption named, also where nothing was assumed."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from dokaz.kinship.model.marker_table import of_one_haplotype, taken_as_unlinked
from dokaz.kinship.model.mutation import MutationKind, MutationModel
from dokaz.kinship.model.profiles import Profiles
from dokaz.kinship.model.results import LikelihoodRatio
from dokaz.reports.compared import Compared
from dokaz.reports.document import ReportFacts
from dokaz.reports.words import ReportWords, gettext_noop

KIND_WORDS = {
    MutationKind.EQUAL: gettext_noop("equal: every other allele alike"),
    MutationKind.PROPORTIONAL: gettext_noop("proportional to frequency"),
    MutationKind.STEPWISE: gettext_noop("stepwise"),
    MutationKind.ONESTEP: gettext_noop("one step"),
    MutationKind.DAWID: gettext_noop("stepwise, stationary after Dawid"),
    MutationKind.CUSTOM: gettext_noop("a matrix stated in the file"),
}


def assumptions(
    compared: Compared, result: LikelihoodRatio, minimum_frequency: float | None, words: ReportWords
) -> ReportFacts:
    """Every assumption with its value.

    Args:
        minimum_frequency: What alleles without a frequency were given; None: they would have been refused.
    """
    _ = words.gettext
    rows = [
        (_("Population"), _("founders are unrelated beyond θ, in Hardy–Weinberg proportions; markers outside linked "
                            "groups are independent")),
        (_("θ (coancestry)"), words.number(compared.theta)),
        *((_("Mutation model"), line) for line in mutation_lines(compared.profiles, words)),
        (_("Dropout and drop-in"), _dropout(compared.profiles, words)),
        (_("Silent alleles"), _silent(compared.profiles, words)),
        (_("Linkage"), _linkage(compared, words)),
        (_("Alleles without a frequency"), _unseen(result, minimum_frequency, words)),
    ]  # fmt: skip
    inbred = [
        f"{member.id} {words.number(member.inbreeding)}"
        for member in {m.id: m for p in (compared.h1, compared.h2) for m in p if m.inbreeding}.values()
    ]
    if inbred:
        rows.append((_("Inbred founders"), ", ".join(inbred)))
    return ReportFacts(tuple(rows))


def mutation_lines(profiles: Profiles, words: ReportWords) -> list[str]:
    """The mutation models, each once with the markers that have it; the commonest first, its markers not listed."""
    groups: dict[str, list[str]] = {}
    for marker in profiles.markers:
        if marker.alleles:
            if marker.mutation is None:
                said = words.gettext("none: no allele ever mutates")
            elif marker.mutation.female == marker.mutation.male:
                said = _model(marker.mutation.female, words)
            else:
                said = words.gettext("mothers: %(mothers)s; fathers: %(fathers)s") % {
                    "mothers": _model(marker.mutation.female, words),
                    "fathers": _model(marker.mutation.male, words),
                }
            groups.setdefault(said, []).append(marker.name)
    ordered = sorted(groups, key=lambda said: -len(groups[said]))
    return [said if k == 0 else f"{', '.join(groups[said])}: {said}" for k, said in enumerate(ordered)]


def _model(model: MutationModel, words: ReportWords) -> str:
    if model.stated is None and not model.rate + model.rate2:
        return words.gettext("none: no allele ever mutates")
    said = [words.gettext(KIND_WORDS[model.kind])]
    if model.stated is None:
        said.append(words.gettext("rate %(rate)s") % {"rate": words.number(model.rate)})
        if model.kind is MutationKind.STEPWISE:
            said.append(words.gettext("rate to other microvariants %(rate)s") % {"rate": words.number(model.rate2)})
        if model.kind in (MutationKind.STEPWISE, MutationKind.DAWID):
            said.append(words.gettext("range %(range)s") % {"range": words.number(model.range)})
    elif model.kind is not MutationKind.CUSTOM:
        said.append(words.gettext(KIND_WORDS[MutationKind.CUSTOM]))
    if model.stationary:
        said.append(words.gettext("made stationary"))
    return ", ".join(said)


def _dropout(profiles: Profiles, words: ReportWords) -> str:
    said = []
    for row, person in enumerate(profiles.ids):
        modelled = ~np.isnan(profiles.dropout[row])
        if modelled.any():
            rates = {"person": person, "dropout": _range(profiles.dropout[row][modelled], words),
                     "dropin": _range(profiles.dropin[row][modelled], words)}  # fmt: skip
            said.append(words.gettext("%(person)s: dropout %(dropout)s, drop-in %(dropin)s") % rates)
    return "; ".join(said) or words.gettext("none: every profile is taken as complete")


def _range(rates: np.ndarray[tuple[int, ...], np.dtype[np.float64]], words: ReportWords) -> str:
    low, high = float(rates.min()), float(rates.max())
    return words.number(low) if low == high else f"{words.number(low)}–{words.number(high)}"


def _silent(profiles: Profiles, words: ReportWords) -> str:
    said = [f"{m.name} {words.number(m.silent_frequency)}" for m in profiles.markers if m.silent_frequency]
    return ", ".join(said) or words.gettext("none")


def _linkage(compared: Compared, words: ReportWords) -> str:
    said = [
        words.gettext("%(markers)s, recombination %(fractions)s")
        % {"markers": ", ".join(names), "fractions": ", ".join(words.number(r, ".3g") for r in fractions)}
        for names, fractions in compared.linked
    ]
    near, on_x = taken_as_unlinked(compared.profiles.markers, compared.linked)
    if near:
        groups = "; ".join("–".join(names) for names in near)
        said.append(words.gettext("near each other and taken as unlinked: %(groups)s") % {"groups": groups})
    if on_x:
        said.append(words.gettext("X markers taken as unlinked: %(markers)s") % {"markers": ", ".join(on_x)})
    if haplotypes := of_one_haplotype(compared.profiles.markers):
        groups = "; ".join("–".join(names) for names in haplotypes)
        text = words.gettext(
            "within 1 cM, by allele frequencies although haplotype frequencies would be right: %(groups)s"
        )
        said.append(text % {"groups": groups})
    return "; ".join(said) or words.gettext("no markers near each other")


def _unseen(result: LikelihoodRatio, minimum_frequency: float | None, words: ReportWords) -> str:
    if minimum_frequency is None:
        return words.gettext("refused; none occurred")
    minimum = {"minimum": words.number(minimum_frequency)}
    if not result.assumptions.added:
        return words.gettext("given %(minimum)s; none occurred") % minimum
    added = "; ".join(
        words.gettext("%(marker)s allele %(allele)s: %(frequency)s, the others divided by %(sum)s")
        % {
            "marker": a.marker,
            "allele": a.allele,
            "frequency": words.number(a.frequency),
            "sum": words.number(a.divided_by),
        }
        for a in result.assumptions.added
    )
    return f"{words.gettext('given %(minimum)s') % minimum}; {added}"


def posterior(log10_lr: float, prior: float) -> float:
    """Probability of H1, of the two hypotheses alone, from its prior and the likelihood ratio (Bayes).

    Args:
        log10_lr: Its logarithm to base 10; -inf gives 0, +inf gives 1.
        prior: Probability of H1 before any DNA, 0 or more and below 1.

    Example:
        >>> round(posterior(2.0, 0.5), 6)
        0.990099
    """
    if prior == 0:
        return 0.0
    log10_odds = math.log10(prior) - math.log10(1 - prior) + log10_lr
    return 0.0 if log10_odds < -300 else 1 / (1 + 10 ** min(300.0, -log10_odds))


def shown_genotype(profiles: Profiles, person: str, marker: str, words: ReportWords) -> str:
    """What was seen of somebody at a marker: ``16/17``; one allele of a man's X; a dash where untyped."""
    from dokaz.kinship.model.markers import Chromosome
    from dokaz.kinship.model.pedigree import Sex

    seen: Sequence[str] | None = profiles.genotype(person, marker)
    if seen is None:
        return "–"
    if not seen:
        return words.gettext("nothing seen")
    is_single = (
        profiles.markers[marker].chromosome is Chromosome.X
        and profiles.sexes[profiles.row_of(person)] is Sex.MALE
        and len(set(seen)) == 1
    )
    return seen[0] if is_single else "/".join(seen)
