"""Familias files: read to the line, written to the byte, and meaning the same on the way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dokaz.errors import BadFile, DokazError
from dokaz.exchange.programs.case_reader import Question
from dokaz.exchange.programs.familias import read_familias, write_familias
from dokaz.exchange.programs.familias_cases import case_of, familias_of, markers_of, question_of
from dokaz.exchange.programs.familias_victims import familias_of_victims, victims_of
from dokaz.kinship import (
    Chromosome,
    Marker,
    MarkerSet,
    Member,
    Mutation,
    MutationKind,
    MutationModel,
    Pedigree,
    Profiles,
    Sex,
    likelihood_ratio,
)

LOCUS = """\
"L1"
0.001
0.002
4
4
4
0.1
0.1
1e-006
1e-006
#TRUE#
0.05
3\t(DatabaseSize = 722 , Dropout probability = 0.1 , Minor allele frequency = 0 )
"9"
0.45
"9.3"
2.5e-001
"10"
0.25
"""
TEXT = f"""\
"Output from Familias, version 3.3.1"
"DO NOT EDIT!"
3.3.1
""
2
"man"
#FALSE#
-1
#FALSE#
#TRUE#
1
0
0
0
"child"
#TRUE#
1987
#FALSE#
#FALSE#
1
0
2
0
"Known relations"
1
0
1
2
1
2
0
"father"
0
0
1
0
1
1
"unrelated"
0
1
0
#FALSE# (#Databases: 1 ;Theta/Kinship/Fst: 0.02 )
1
#TRUE#
"invented"
{LOCUS}[Advanced]
[[Other]]
NumberOfDecimals= 10
"""

VICTIMS = f"""\
"Output from Familias, version 3.3.1"
"DO NOT EDIT!"
3.3.1 (DVI)
""
0
"Known relations"
0
0
0
0
#FALSE# (#Databases: 1 ;Theta/Kinship/Fst: 0 )
1
#FALSE#
{LOCUS}
[DVI]
[[Unidentified persons]]
nPersons= 2
[[[Person 1 ]]]
Name= V1
Gender= Male
[[[[DNA data]]]]
nSystems= 1
SystemName= L1
Allele1= 9
Allele2= 10
[[[Person 2 ]]]
Name= V2
Gender= Female
[[[[DNA data]]]]
nSystems= 0
[[Notes]]
nFamilies= 1

[[Reference Families]]
nFamilies= 1
[[[Family 1 ]]]
Name= F1
[[[[Persons]]]]
nPersons= 2
[[[[[Person 1]]]]]
Name= mother
Gender= Female
[[[[[[DNA data]]]]]]
nSystems= 0
[[[[[Person 2]]]]]
Name= daughter
Gender= Female
[[[[[[DNA data]]]]]]
nSystems= 1
SystemName= L1
Allele1= 9
Allele2= 9.3
[[[[Pedigrees]]]]
nPedigrees= 2
[[[[[Pedigree 1]]]]]
Name= Reference pedigree
nRelations= 0
[[[[[Pedigree 2]]]]]
Name= F1
nRelations= 2
Parent= Missing person
Child= daughter
Parent= mother
Child= daughter
[Prior]
UseList= Yes
"""


def changed(text: str, old: str, new: str) -> bytes:
    assert old in text
    return text.replace(old, new, 1).encode()


@pytest.mark.parametrize("text", [TEXT, TEXT.replace("\n", "\r\n"), TEXT.removesuffix("\n"), "\ufeff" + TEXT, VICTIMS])
def test_reading_then_writing_gives_the_same_bytes(text: str) -> None:
    read = read_familias(text.encode(), file="x.fam")
    assert write_familias(read) == text.encode()
    assert read_familias(write_familias(read), file="x.fam") == read


def test_a_file_means_what_it_says() -> None:
    read = read_familias(TEXT.encode(), file="x.fam")
    question, notes = question_of(read)
    assert notes == ()
    assert question.theta == read.theta == 0.02
    assert (question.h1.name, question.h2.name) == ("father", "unrelated")
    assert question.h1["child"] == Member("child", "man", "+woman 1", Sex.FEMALE)
    assert question.h2.ids == ("man", "child", "+woman 1", "+man 1")
    marker = question.profiles.markers["L1"]
    assert marker.silent_frequency == 0.05
    assert marker.mutation is not None
    assert marker.mutation.female == MutationModel(MutationKind.STEPWISE, rate=0.001, rate2=1e-6, range=0.1)
    assert marker.mutation.male.rate == 0.002
    assert question.profiles.genotype("child", "L1") == ("9", "10")
    assert np.isnan(question.profiles.dropout).all()


def test_persons_who_consider_dropout_take_that_of_the_locus() -> None:
    read = read_familias(changed(TEXT, "-1\n", "-1 (Consider dropouts)\n"), file="x.fam")
    profiles = case_of(read).profiles
    assert profiles.dropout[profiles.row_of("man"), 0] == 0.1
    assert profiles.genotype("man", "L1") == ("9",)
    assert np.isnan(profiles.dropout[profiles.row_of("child"), 0])


def test_frequencies_that_sum_to_one_beside_a_silent_one_are_divided_and_told() -> None:
    text = TEXT.replace("0.45", "0.5")
    markers, notes = markers_of(read_familias(text.encode(), file="x.fam"))
    assert sum(markers["L1"].all_frequencies) == pytest.approx(1, abs=1e-12)
    assert markers["L1"].frequencies[markers["L1"].index_of("9")] == pytest.approx(0.5 / 1.05)
    assert "divided by 1 + silent 0.05" in notes[0]


@pytest.mark.parametrize(
    ("code", "kind", "stationary"),
    [
        (0, MutationKind.EQUAL, False),
        (1, MutationKind.PROPORTIONAL, False),
        (2, MutationKind.STEPWISE, False),
        (3, MutationKind.STEPWISE, True),
        (4, MutationKind.STEPWISE, False),
    ],
)
def test_every_mutation_model_has_its_number(code: int, kind: MutationKind, stationary: bool) -> None:
    # Whole repeats and no silent allele: for these, all five are defined.
    text = TEXT.replace("9.3", "11").replace("0.45", "0.5").replace("4\n4\n4\n", f"{code}\n{code}\n3\n")
    text = text.replace("#TRUE#\n0.05", "#FALSE#\n0")
    markers, notes = markers_of(read_familias(text.encode(), file="x.fam"))
    mutation = markers["L1"].mutation
    assert mutation is not None
    assert (mutation.male.kind, mutation.male.stationary) == (kind, stationary)
    assert notes == ()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"Output from Familias', '"Output from Excel', "line 1"),
        ('"man"\n', "man\n", "line 6"),
        ('"child"\n', '"man"\n', "a name given twice"),
        ("#TRUE#\n1\n0\n0\n0\n", "#MAYBE#\n1\n0\n0\n0\n", "found '#MAYBE#'"),
        ("1\n0\n0\n0\n", "1\n0\n3\n0\n", "alleles 0 to 2"),
        ("1\n0\n0\n0\n", "1\n0\n0\n1\n", "no locus 1"),
        ('"Known relations"', '"Other relations"', "Known relations"),
        ("1\n0\n1\n2\n1\n2\n", "1\n0\n1\n7\n1\n2\n", "persons 0 to 2"),
        ("1\n0\n1\n2\n1\n2\n", "1\n0\n1\n2\n1\nmany\n", "the number of pedigrees"),
        ('"unrelated"', '"father"', "two pedigrees of one name"),
        ("#FALSE# (#Data", "#TRUE# (#Data", "computed probabilities"),
        ("Fst: 0.02", "Fst: 2", "theta"),
        ("0.001\n", "0,001\n", "mutation rate of mothers"),
        ("4\n4\n4\n", "4\n5\n4\n", "mutation model of fathers"),
        ('"9.3"', '"9"', "given twice"),
        ("2.5e-001", "1.5", "the frequency of L1 9.3"),
        ("3\t(", "4\t(", "an allele in quotation marks"),
    ],
)
def test_a_line_that_is_not_what_its_place_demands_is_named(old: str, new: str, words: str) -> None:
    with pytest.raises(BadFile) as refused:
        read_familias(changed(TEXT, old, new), file="x.fam")
    assert "x.fam, line " in str(refused.value)
    assert words in str(refused.value)


def test_frequencies_that_do_not_sum_to_one_name_locus_and_line() -> None:
    assert TEXT.splitlines()[46] == '"L1"'
    with pytest.raises(BadFile, match=r"x\.fam, line 47, column L1: .*sum to 0\.8"):
        markers_of(read_familias(changed(TEXT, "0.45", "0.25"), file="x.fam"))


def test_a_child_with_two_fathers_is_refused_with_its_line() -> None:
    data = changed(TEXT, '"father"\n0\n0\n1\n0\n1\n', '"father"\n0\n1\n2\n0\n1\n3\n1\n')
    with pytest.raises(BadFile, match="child has two fathers"):
        question_of(read_familias(data, file="x.fam"))


def test_direct_identity_makes_two_names_one_person() -> None:
    data = changed(TEXT, '"father"\n0\n0\n1\n0\n1\n', '"father"\n0\n0\n1\n0 (Direct)\n1\n')
    data = data.replace(b"#TRUE#\n1987\n#FALSE#\n#FALSE#", b"#TRUE#\n1987\n#FALSE#\n#TRUE#")
    read = read_familias(data, file="x.fam")
    assert write_familias(read) == data
    assert case_of(read).pedigrees[0].identical_twins == (frozenset({"man", "child"}),)


def test_a_file_with_one_pedigree_is_no_question_unless_two_are_named() -> None:
    data = changed(TEXT, '2\n0\n"father"', '1\n0\n"father"').replace(b'1\n"unrelated"\n0\n1\n0\n', b"")
    with pytest.raises(BadFile, match="needs two pedigrees; the file has father"):
        question_of(read_familias(data, file="x.fam"))


def test_victims_and_families_are_read_from_the_section_of_the_dvi_module() -> None:
    case, notes = victims_of(read_familias(VICTIMS.encode(), file="x.fam"))
    assert notes == ()
    assert case.victims.ids == ("V1", "V2")
    assert case.victims.sexes == (Sex.MALE, Sex.FEMALE)
    assert case.victims.genotype("V1", "L1") == ("9", "10")
    assert case.missing == ("F1: missing person",)
    family = case.families[0]
    assert family.profiles.genotype("daughter", "L1") == ("9", "9.3")
    assert family.pedigree["daughter"] == Member("daughter", "F1: missing person", "mother", Sex.FEMALE)
    assert family.pedigree.sex_of("F1: missing person") is Sex.MALE


def test_a_couple_of_whom_neither_has_a_sex_is_refused() -> None:
    data = changed(VICTIMS, "Parent= mother", "Parent= somebody")
    with pytest.raises(BadFile, match="is Missing person the father or the mother of daughter"):
        victims_of(read_familias(data, file="x.fam"))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("nPersons= 2", "nPersons= 3", "2 are listed"),
        ("Gender= Male", "Gender= M", "Gender is not"),
        ("Allele2= 10", "Allele2= 77", "no frequency"),
        ("SystemName= L1\nAllele1= 9\nAllele2= 10", "SystemName= L2\nAllele1= 9\nAllele2= 10", "not in the database"),
        ("nSystems= 1", "nSystems= 2", "1 are listed"),
        ("Name= V2", "Name= V1", "listed twice"),
        ("nRelations= 2", "nRelations= 1", "2 relations are listed"),
        ("[[Reference Families]]", "[[Families]]", "0 sections Reference Families"),
        ("[[[[Persons]]]]", "[[[[[[Persons]]]]]]", "depth"),
    ],
)
def test_a_damaged_section_is_refused_with_its_line(old: str, new: str, words: str) -> None:
    with pytest.raises(BadFile) as refused:
        victims_of(read_familias(changed(VICTIMS, old, new), file="x.fam"))
    assert "x.fam, line " in str(refused.value)
    assert words in str(refused.value)


def test_what_is_not_understood_in_the_section_is_told() -> None:
    data = changed(VICTIMS, "Gender= Male\n", "Gender= Male\nAge= 30\n")
    _, notes = victims_of(read_familias(data, file="x.fam"))
    assert any("Age= 30" in note for note in notes)


# --- the way back ------------------------------------------------------------------------------------------------------

STEPS = Mutation(
    MutationModel(MutationKind.STEPWISE, rate=0.001, rate2=1e-5, range=0.1),
    MutationModel(MutationKind.STEPWISE, rate=0.003, rate2=1e-5, range=0.2),
)
MARKERS = MarkerSet(
    (
        Marker("A", ("9", "9.3", "10"), (0.3, 0.3, 0.4), mutation=STEPS),
        Marker("B", ("1", "2"), (0.55, 0.35), silent_frequency=0.1),
        Marker("DXS1", ("1", "2"), (0.5, 0.5), Chromosome.X),
    )
)


def asked(**options: object) -> Question:
    family = Pedigree(
        (Member("p", "f", None, Sex.FEMALE), Member("q", "f", "m", Sex.MALE), Member("f", sex=Sex.MALE), Member("m")),
        name="related",
    )
    profiles = Profiles.of(
        {"p": {"A": ("9", "9.3"), "B": ("1", "1"), "DXS1": ("1", "2")}, "q": {"A": ("10", "9.3"), "DXS1": ("2",)}},
        MARKERS,
        sexes={"p": Sex.FEMALE, "q": Sex.MALE},
    )
    apart = Pedigree.unrelated({"p": Sex.FEMALE, "q": Sex.MALE}, name="apart")
    return replace(Question("made", family, apart, profiles, 0.01), **options)  # type: ignore[arg-type]


def test_a_question_survives_the_way_there_and_back() -> None:
    there = asked()
    back, notes = question_of(read_familias(write_familias(familias_of(there)), file="made.fam"))
    assert notes == ()
    first, second = (likelihood_ratio(q.h1, q.h2, q.profiles, theta=q.theta) for q in (there, back))
    np.testing.assert_allclose(first.ln_likelihood_h1, second.ln_likelihood_h1, rtol=1e-13)
    np.testing.assert_allclose(first.ln_likelihood_h2, second.ln_likelihood_h2, rtol=1e-13)
    assert back.profiles.markers == there.profiles.markers


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"linked": ((("A", "B"), (0.1,)),)}, "linked"),
        ({"h2": Pedigree((Member("p"), Member("q"), Member("r")), name="apart")}, "r has no sex"),
        (
            {"h2": Pedigree((Member("p", sex=Sex.MALE), Member("q", sex=Sex.MALE)), name="apart")},
            "p has no sex, or two",
        ),
        ({"h2": Pedigree((Member("p", inbreeding=0.1), Member("q")), name="apart")}, "inbred"),
        ({"h2": Pedigree((Member("p"), Member("q")), name="related")}, "both hypotheses"),
    ],
)
def test_what_the_format_cannot_hold_is_refused_by_name(options: dict[str, object], words: str) -> None:
    with pytest.raises(DokazError, match=words):
        familias_of(asked(**options))


@pytest.mark.parametrize("kind", [MutationKind.ONESTEP, MutationKind.DAWID])
def test_a_mutation_model_that_familias_does_not_have_is_refused(kind: MutationKind) -> None:
    markers = MarkerSet(
        (Marker("A", ("9", "10"), (0.5, 0.5), mutation=Mutation.alike(MutationModel(kind, rate=0.01))),)
    )
    profiles = Profiles.of({"p": {"A": ("9", "10")}}, markers)
    with pytest.raises(BadFile, match=f"no {kind.value} mutation model"):
        familias_of(asked(profiles=profiles))


def test_victims_survive_the_way_there_and_back() -> None:
    case, _ = victims_of(read_familias(VICTIMS.encode(), file="x.fam"))
    written, losses = familias_of_victims(case)
    assert losses == ()
    back, notes = victims_of(read_familias(write_familias(written), file="x.fam"))
    assert notes == ()
    assert back == replace(case, families=back.families, victims=back.victims)
    assert back.families[0].pedigree == case.families[0].pedigree
    assert back.victims.markers == case.victims.markers
    assert back.victims.genotype("V1", "L1") == case.victims.genotype("V1", "L1")


@pytest.mark.parametrize("number", ["2\t", " 2", "02", "+2"])
def test_a_number_in_another_spelling_is_refused_because_it_would_not_be_written_so(number: str) -> None:
    with pytest.raises(BadFile, match="not the number of persons"):
        read_familias(changed(TEXT, '""\n2\n', f'""\n{number}\n'), file="x.fam")
