"""What a report says: answer, remarks, what was left out, assumptions, frequencies, inputs."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import pytest
from small_cases import QUESTION, changed
from test_compared import _case, _family

from dokaz.exchange.programs.case_reader import question_from, victims_from
from dokaz.kinship import UnseenAllelePolicy
from dokaz.reports.assumptions import posterior
from dokaz.reports.compared import Compared, answered, of_pair, of_question
from dokaz.reports.document import (
    ReportDocument,
    ReportFacts,
    ReportHeading,
    ReportPictures,
    ReportSignatures,
    ReportTable,
    ReportText,
    shown_of,
)
from dokaz.reports.kinship_report import Circumstances, ReportInput, kinship_report
from dokaz.reports.verbal_scale import SCALE_SOURCE
from dokaz.reports.words import ReportWords


def circumstances(**others: Any) -> Circumstances:
    stated: dict[str, Any] = {
        "inputs": (ReportInput("case.json", "ab" * 32, 1234),),
        "command": "dokaz kinship report case.json OUT --date 2026-11-27",
        "versions": {"dokaz": "0.1.0", "numpy": "2", "numba": "0.60", "Python": "3.11"},
        "date": dt.date(2026, 11, 27),
    }
    return Circumstances(**stated | others)


def reported(compared: Compared, language: str = "en", **others: Any) -> ReportDocument:
    return kinship_report(compared, answered(compared), circumstances(**others), ReportWords(language))


def question(data: dict[str, Any] = QUESTION) -> Compared:
    return of_question(question_from(data, "q"))


def facts(document: ReportDocument) -> dict[str, str]:
    rows = [row for block in document.blocks if isinstance(block, ReportFacts) for row in block.rows]
    return dict(rows)


def table(document: ReportDocument, caption: str) -> ReportTable:
    [found] = [block for block in document.blocks if isinstance(block, ReportTable) and block.caption == caption]
    return found


def remarks(document: ReportDocument, caption: str = "Genotypes and likelihood ratios") -> dict[str, str]:
    return {shown_of(row[0]): shown_of(row[-1]) for row in table(document, caption).rows}


def everything(document: ReportDocument) -> str:
    said = [document.title, document.subtitle]
    for block in document.blocks:
        if isinstance(block, ReportHeading | ReportText):
            said.append(block.text)
        elif isinstance(block, ReportFacts):
            said += [text for row in block.rows for text in row]
        elif isinstance(block, ReportTable):
            said += [block.caption, *block.columns, *(shown_of(cell) for row in block.rows for cell in row)]
        elif isinstance(block, ReportPictures):
            said += [part for picture in block.pictures for part in (picture.title, picture.svg)]
        elif isinstance(block, ReportSignatures):
            said += [*block.people, *block.lines]
    return "\n".join(said)


# --- the answer ---------------------------------------------------------------------------------------------------------


def test_the_answer_is_a_number_in_words_and_on_a_named_scale() -> None:
    told = facts(reported(question()))
    assert told["Likelihood ratio, H1 to H2"] == "5.000 (log10 +0.699)"
    assert told["In words"] == "The profiles are 5.000 times as probable if H1 is true as if H2 is true."
    assert told["Verbal scale"] == "weak support for H1 rather than H2 (ENFSI 2015)"
    assert told["Posterior probability of H1"] == "not told: no prior probability was stated"
    scale = table(reported(question()), "ENFSI 2015")
    assert [scale.rows[row][1] for row in scale.strong_rows] == ["weak support"]


def test_the_other_hypothesis_is_supported_by_the_reciprocal() -> None:
    swapped = {**QUESTION, "H1": QUESTION["H2"], "H2": QUESTION["H1"], "hypotheses": ["unrelated", "father"]}
    document = reported(question(swapped))
    told = facts(document)
    assert told["Question"] == "H1: unrelated; H2: father"
    assert told["Likelihood ratio, H1 to H2"] == "0.2000 (log10 −0.699)"
    assert told["In words"] == "The profiles are 5.000 times as probable if H2 is true as if H1 is true."
    assert told["Verbal scale"] == "weak support for H2 rather than H1 (ENFSI 2015)"


def test_a_posterior_is_told_with_its_prior_only() -> None:
    told = facts(reported(question(), prior=0.25, prior_source="stated with --prior"))["Posterior probability of H1"]
    # Odds 1 to 3, times 5: 5 to 3.
    assert told.startswith("0.625000, with a prior probability of 0.25 (stated with --prior). It holds only")


@pytest.mark.parametrize(
    ("log10_lr", "prior", "expected"),
    [(0.0, 0.3, 0.3), (math.log10(99), 0.5, 0.99), (-math.inf, 0.5, 0.0), (math.inf, 0.5, 1.0), (5.0, 0.0, 0.0)],
)
def test_the_posterior_is_bayes(log10_lr: float, prior: float, expected: float) -> None:
    assert posterior(log10_lr, prior) == pytest.approx(expected, abs=1e-12)


def test_a_posterior_near_1_is_a_bound_and_of_the_impossible_0() -> None:
    markers = [{**QUESTION["markers"][0], "name": f"L{k}"} for k in range(1, 21)]
    genotypes = {person: {f"L{k}": ["1", "1"] for k in range(1, 21)} for person in ("man", "child")}
    strong = {**QUESTION, "markers": markers, "genotypes": genotypes}
    told = facts(reported(question(strong), prior=0.5, prior_source="x"))
    assert told["Posterior probability of H1"].startswith("more than 0.999999, ")
    assert told["Likelihood ratio, H1 to H2"] == "1.000 × 10²⁰ (log10 +20.000)"
    excluded = changed(QUESTION, "genotypes.child.L1", ["2", "2"])
    told = facts(reported(question(excluded), prior=0.5, prior_source="x"))
    assert told["Posterior probability of H1"].startswith("0, ")
    assert told["Likelihood ratio, H1 to H2"] == "0 (log10 −∞)"
    assert told["In words"] == "The profiles are impossible under H1, with the assumptions below."
    assert told["Verbal scale"] == "ENFSI 2015 has no words for a hypothesis that is impossible"


def test_no_score_identifies_anyone_and_two_people_answer() -> None:
    document = reported(question())
    [first] = [block for block in document.blocks if isinstance(block, ReportText) and block.is_strong]
    assert "no score identifies anyone: people decide" in first.text
    [signed] = [block for block in document.blocks if isinstance(block, ReportSignatures)]
    assert signed.people == ("Computed by", "Checked by")
    assert signed.lines == ("Name", "Position", "Date", "Signature")
    assert facts(document)["Laboratory"] == ""


# --- markers ------------------------------------------------------------------------------------------------------------


def test_every_marker_has_genotypes_lr_and_why_it_is_as_it_is() -> None:
    document = reported(of_pair(_case(), "V1", "elder"))
    markers = table(document, "Genotypes and likelihood ratios")
    assert markers.columns == ("Marker", "V1", "mother", "sister", "LR", "log10 LR", "Remarks")
    shown = {shown_of(row[0]): [shown_of(cell) for cell in row[1:4]] for row in markers.rows}
    assert shown["D3S1358"] == ["14/15", "15/18", "14/18"]
    assert shown["DXS8378"] == ["17", "17/18", "–"]
    assert shown["FGA"] == ["–", "–", "15/16"]
    why = remarks(document)
    assert why["D12S391"] == "needs a mutation under H1; V1 and parent mother: no shared allele, 2 repeats apart"
    assert why["FGA"] == "typed in the family only"
    assert why["D3S1358"] == ""
    told = facts(document)
    assert told["Impossible without mutation under H1"] == "D12S391"
    assert told["Says nothing: typed in the family only"] == "FGA"
    assert told["Compared (a linked group counts once)"] == "5 of 5"
    lr_column = [row[4] for row in markers.rows]
    product = math.prod(cell.value for cell in lr_column[:-1] if not isinstance(cell, str))
    assert lr_column[-1].value == pytest.approx(product)  # type: ignore[union-attr]


def test_a_marker_of_the_remains_alone_says_nothing() -> None:
    family = _family()
    family["pm"][0]["genotypes"]["FGA"] = family["am"][0]["genotypes"]["sister"].pop("FGA")
    document = reported(of_pair(victims_from(family, "brothers"), "V1", "elder"))
    assert remarks(document)["FGA"] == "typed in the remains only"
    assert facts(document)["Says nothing: typed in the remains only"] == "FGA"
    [row] = [row for row in table(document, "Genotypes and likelihood ratios").rows if row[0] == "FGA"]
    assert shown_of(row[4]) == "1.000"


def test_linked_markers_have_one_lr_and_nobody_typed_counts_for_nothing() -> None:
    family = _family(linked=[{"markers": ["vWA", "D12S391"], "rho": [0.11]}])
    del family["am"][0]["genotypes"]["sister"]["FGA"]
    document = reported(of_pair(victims_from(family, "brothers"), "V1", "elder"))
    rows = {shown_of(row[0]): row for row in table(document, "Genotypes and likelihood ratios").rows}
    assert shown_of(rows["D12S391"][4]) == "″"
    why = remarks(document)
    assert why["vWA"].startswith("one LR for vWA, D12S391, linked; needs a mutation under H1; V1 and parent mother")
    assert why["FGA"] == "nobody typed, counts as 1"
    told = facts(document)
    assert told["Left out: nobody typed"] == "FGA"
    assert told["Compared (a linked group counts once)"] == "3 of 4"
    assert told["Linkage"].startswith("vWA, D12S391, recombination 0.11")


def test_markers_of_lineages_are_named_as_left_out() -> None:
    data = {
        **QUESTION,
        "markers": [*QUESTION["markers"], {"name": "AMEL", "chrom": "AMEL", "alleles": [], "freqs": []}],
    }
    told = facts(reported(question(data)))
    assert told["Left out: not inherited as one of two alleles"].startswith("AMEL (amelogenin, Y and mtDNA")


def test_many_people_have_tables_of_genotypes_of_their_own() -> None:
    people = [f"child {k}" for k in range(9)]
    members = [{"id": p, "father": "man", "mother": None, "sex": 2} for p in people]
    man = {"id": "man", "father": None, "mother": None, "sex": 1}
    data = {
        **QUESTION,
        "H1": [{"members": [man, *members]}],
        "H2": [{"members": [man, *({**m, "father": None} for m in members)]}],
        "genotypes": {**{p: {"L1": ["1", "2"]} for p in people}, "man": {"L1": ["1", "3"]}},
    }
    document = reported(question(data))
    parts = [block for block in document.blocks if isinstance(block, ReportTable) and block.caption == "Genotypes"]
    assert [len(part.columns) - 1 for part in parts] == [7, 3]
    assert {name for part in parts for name in part.columns[1:]} == {*people, "man"}
    assert table(document, "Likelihood ratios").columns == ("Marker", "LR", "log10 LR", "Remarks")


# --- what it rests on ---------------------------------------------------------------------------------------------------


def test_every_assumption_is_named_with_its_value() -> None:
    bare = facts(reported(question()))
    assert bare["θ (coancestry)"] == "0"
    assert bare["Mutation model"] == "none: no allele ever mutates"
    assert bare["Dropout and drop-in"] == "none: every profile is taken as complete"
    assert bare["Silent alleles"] == "none"
    assert bare["Linkage"] == "no markers near each other"
    assert bare["Alleles without a frequency"] == "refused; none occurred"
    case = _case(theta=0.02, dropout={"V1": 0.2}, dropin=0.03)
    full = facts(reported(of_pair(case, "V1", "elder")))
    assert full["θ (coancestry)"] == "0.02"
    assert full["Mutation model"] == (
        "mothers: stepwise, rate 0.001, rate to other microvariants 0, range 0.1; "
        "fathers: stepwise, rate 0.003, rate to other microvariants 0, range 0.1"
    )
    assert full["Dropout and drop-in"] == "V1: dropout 0.2, drop-in 0.03"
    assert full["Linkage"] == "near each other and taken as unlinked: vWA–D12S391"


def test_mutation_models_that_differ_are_told_marker_by_marker() -> None:
    models = {sex: {"model": "equal", "rate": 0.002} for sex in ("female", "male")}
    data = changed(QUESTION, "markers.1.mutation", models)
    data["markers"].append({**data["markers"][0], "name": "L3"})
    document = reported(question(data))
    lines = [
        row[1] for b in document.blocks if isinstance(b, ReportFacts) for row in b.rows if row[0] == "Mutation model"
    ]
    assert lines == ["none: no allele ever mutates", "L2: equal: every other allele alike, rate 0.002"]


def test_silent_alleles_and_inbred_founders_are_named() -> None:
    data = changed(QUESTION, "markers.0", {"name": "L1", "alleles": ["1", "2", "silent"], "freqs": [0.5, 0.45, 0.05]})
    data = changed(data, "genotypes.man.L1", ["1", "2"])
    for hypothesis in ("H1", "H2"):
        data = changed(data, f"{hypothesis}.0.members.0.inbreeding", 0.0625)
    document = reported(question(data))
    told = facts(document)
    assert ("L1", "silent", "0.05") in [tuple(map(shown_of, row)) for row in table(document, "All frequencies").rows]
    [drawn] = [block for block in document.blocks if isinstance(block, ReportPictures)]
    assert all(">inbred: 0.0625<" in picture.svg for picture in drawn.pictures)
    assert told["Silent alleles"] == "L1 0.05"
    assert told["Inbred founders"] == "man 0.0625"


def test_an_allele_that_a_policy_let_in_is_told() -> None:
    data = changed(QUESTION, "genotypes.child.L1", ["1", "9"])
    asked = of_question(question_from(data, "q", policy=UnseenAllelePolicy(0.01)))
    told = facts(reported(asked, minimum_frequency=0.01))["Alleles without a frequency"]
    assert told == "given 0.01; L1 allele 9: 0.009900990099, the others divided by 1.01"
    assert facts(reported(question(), minimum_frequency=0.01))["Alleles without a frequency"] == (
        "given 0.01; none occurred"
    )


def test_frequencies_have_their_source_or_say_that_none_is_stated() -> None:
    document = reported(question({**QUESTION, "frequency_source": "invented, 2026"}))
    assert facts(document)["Source"] != "invented, 2026"  # the last source is that of the scale
    assert ("Source", "invented, 2026") in [r for b in document.blocks if isinstance(b, ReportFacts) for r in b.rows]
    assert "NOT STATED" in everything(reported(question()))
    seen = {row[0]: row[1] for row in table(document, "Alleles that were seen").rows}
    assert seen == {"L1": "1: 0.1; 2: 0.2; 3: 0.7", "L2": "1: 0.25; 2: 0.75"}
    everyone = table(document, "All frequencies")
    assert everyone.is_for_workbooks
    assert len(everyone.rows) == 5


def test_inputs_programs_and_the_command_are_named() -> None:
    document = reported(question())
    [row] = table(document, "Files that were read").rows
    assert [shown_of(cell) for cell in row] == ["case.json", "ab" * 32, "1,234"]
    told = facts(document)
    assert told["Programs"] == "dokaz 0.1.0, numpy 2, numba 0.60, Python 3.11"
    assert told["Command"] == "dokaz kinship report case.json OUT --date 2026-11-27"
    assert told["Date of the report"] == "2026-11-27"


def test_the_two_hypotheses_are_drawn_with_everybody_in_each() -> None:
    compared = of_pair(_case(), "V1", "elder")
    [drawn] = [block for block in reported(compared).blocks if isinstance(block, ReportPictures)]
    first, second = drawn.pictures
    assert first.title == "H1: V1 is elder of family F"
    assert second.title == "H2: V1 is unrelated to family F"
    assert ">elder = V1<" in first.svg
    assert 'data-member="elder"' not in first.svg
    assert 'data-member="elder"' in second.svg
    assert second.svg.count("data-member") == 6
    assert "elder, male, missing person<" in second.svg
    assert "elder = V1, male, missing person, typed<" in first.svg
    assert [row[1] for row in drawn.as_table.rows if row[5] == "typed"] == [
        "mother", "sister", "elder = V1", "mother", "sister", "V1",
    ]  # fmt: skip


def test_identical_twins_are_drawn_as_such() -> None:
    twins = [{"id": p, "father": None, "mother": None, "sex": 2} for p in ("bone", "sister")]
    genotypes = {p: {"L1": ["1", "2"]} for p in ("bone", "sister")}
    pedigrees = {"H1": [{"members": twins, "identical_twins": [["bone", "sister"]]}], "H2": [{"members": twins}]}
    document = reported(question({**QUESTION, **pedigrees, "genotypes": genotypes}))
    [drawn] = [block for block in document.blocks if isinstance(block, ReportPictures)]
    assert ["identical-twins" in picture.svg for picture in drawn.pictures] == [True, False]


def test_a_parent_who_is_not_named_is_drawn_for_each_child() -> None:
    [drawn] = [block for block in reported(question()).blocks if isinstance(block, ReportPictures)]
    assert drawn.pictures[0].svg.count("unnamed") >= 1
    assert "unnamed" not in drawn.pictures[1].svg
    assert len(drawn.as_table.rows) == 4


# --- in Ukrainian -------------------------------------------------------------------------------------------------------


def test_a_report_in_ukrainian_has_no_english_sentence() -> None:
    document = reported(of_pair(_case(theta=0.02), "V1", "elder"), "uk", prior=0.5, prior_source="—")
    assert document.language == "uk"
    told = facts(document)
    assert told["θ (спорідненість популяції)"] == "0,02"
    assert told["Дата звіту"] == "27.11.2026"
    english = everything(reported(of_pair(_case(theta=0.02), "V1", "elder"), "en", prior=0.5, prior_source="—"))
    sentences = {line for line in english.splitlines() if line.count(" ") >= 3 and not line.startswith(("<", "dokaz "))}
    kept = {line for line in everything(document).splitlines() if line in sentences}
    # The guideline bears its own name in either language.
    assert kept == {SCALE_SOURCE}
    assert len(sentences) > 15
    assert "жодне число нікого не ідентифікує" in everything(document)
