"""Pedigrees, donors and genotypes of families, and how their contradictions are refused."""

from __future__ import annotations

import pytest

from dokaz.errors import BadFile
from dokaz.exchange.deliveries.families import Families, read_families
from dokaz.exchange.reading.pedigrees import read_pedigrees
from dokaz.exchange.reading.remarks import in_words

PED = "F1 FA 0 0 1 1\nF1 MO 0 0 2 1\nF1 MP FA MO 1 2\n"
DONORS = "family,member,name,born,relationship,consent_scope,sample\nF1,FA,Бойко Іван,1950,father,identification,A1\n"
GENOTYPES = "family,member,sample,TH01 1,TH01 2,AMEL 1,AMEL 2\nF1,FA,A1,6,9.3,X,Y\n"


def read(ped: str = PED, donors: str = DONORS, genotypes: str = GENOTYPES) -> Families:
    return read_families(ped.encode(), genotypes.encode(), donors.encode(), ped_file="f.ped",
                         genotypes_file="g.csv", donors_file="d.csv")  # fmt: skip


def assert_ped_refused(ped: str, match: str, *, line: int, column: str, value: str) -> None:
    with pytest.raises(BadFile, match=match) as caught:
        read_pedigrees(ped.encode(), file="f.ped")
    error = caught.value
    assert (error.file, error.line, error.column, error.value) == ("f.ped", line, column, value)
    assert error.next_step


def test_the_three_files_together_give_a_family() -> None:
    family = read().families[0]
    assert family.missing == ("MP",)
    assert [member.id for member in family.members] == ["FA", "MO", "MP"]
    assert family.donors[0].consent == "identification"
    assert family.typed[0].genotypes.autosomal == {"TH01": ("6", "9.3")}


def test_a_ped_reads_with_tabs_commas_a_header_and_in_any_order_of_rows() -> None:
    rows = "MP,F1,FA,MO,m,2,1985\nFA,F1,0,0,1,1,1950\nMO,F1,0,0,2,1,1952\n"
    members, _ = read_pedigrees(("id,family,father,mother,sex,status,born\n" + rows).replace("id,family", "family,id", 1)
                             .replace("MP,F1", "F1,MP").replace("FA,F1", "F1,FA").replace("MO,F1", "F1,MO").encode(),
                             file="f.ped")  # fmt: skip
    assert [(m.id, str(m.born)) for m in members] == [("MP", "1985"), ("FA", "1950"), ("MO", "1952")]


def test_a_child_older_than_its_parent_is_refused() -> None:
    ped = "#family id father mother sex status born\nF1 FA 0 0 1 1 1980\nF1 MP FA 0 1 2 1975\n"
    assert_ped_refused(ped, "older than the father FA", line=3, column="born", value="1975")


def test_a_parent_of_nine_years_is_refused_and_a_guessed_year_is_not_held_against_anybody() -> None:
    ped = "#family id father mother sex status born\nF1 FA 0 0 1 1 1980\nF1 MP FA 0 1 2 {}\n"
    assert_ped_refused(ped.format("1985"), "less than 10 years younger", line=3, column="born", value="1985")
    assert len(read_pedigrees(ped.format("1985~").encode(), file="f.ped")[0]) == 2


def test_a_birth_date_of_the_donors_table_is_compared_too() -> None:
    with pytest.raises(BadFile, match="older than the father"):
        read(donors=DONORS.replace("1950", "1990") + "F1,MP,Бойко Олег,1975,self,identification,A2\n")


def test_somebody_who_is_their_own_ancestor_is_refused() -> None:
    ped = "F1 A B 0 1 2\nF1 B C 0 1 1\nF1 C A 0 1 1\n"
    assert_ped_refused(ped, "own ancestor: A is a child of B is a child of C is a child of A", line=1,
                       column="father", value="B")  # fmt: skip


def test_a_very_deep_pedigree_is_walked_without_recursion() -> None:
    deep = "".join(f"F1 P{i} P{i + 1} 0 1 {2 if i == 0 else 1}\n" for i in range(5000)) + "F1 P5000 0 0 1 1\n"
    assert len(read_pedigrees(deep.encode(), file="f.ped")[0]) == 5001


def test_a_female_father_and_a_male_mother_are_refused() -> None:
    assert_ped_refused("F1 FA 0 0 2 1\nF1 MP FA 0 1 2\n", "father of MP is female", line=2, column="father", value="FA")
    assert_ped_refused("F1 MO 0 0 1 1\nF1 MP 0 MO 1 2\n", "mother of MP is male", line=2, column="mother", value="MO")


def test_a_parent_without_a_row_is_refused() -> None:
    assert_ped_refused("F1 MP FA 0 1 2\n", "no row", line=1, column="father", value="FA")


def test_one_person_as_both_parents_is_refused() -> None:
    assert_ped_refused("F1 FA 0 0 0 1\nF1 MP FA FA 1 2\n", "father and mother", line=2, column="mother", value="FA")


def test_a_member_given_twice_and_a_sex_that_is_none_are_refused() -> None:
    assert_ped_refused("F1 MP 0 0 1 2\nF1 MP 0 0 1 2\n", "given twice: line 1", line=2, column="id", value="MP")
    assert_ped_refused("F1 MP 0 0 3 2\n", "not a sex", line=1, column="sex", value="3")
    assert_ped_refused("F1 MP 0 0 1 9\n", "not a status", line=1, column="status", value="9")


def test_a_short_row_is_refused_with_the_column_that_it_lacks() -> None:
    with pytest.raises(BadFile, match="5 columns") as caught:
        read_pedigrees(b"F1 MP 0 0 1\n", file="f.ped")
    assert (caught.value.line, caught.value.column) == (1, "status")


def test_a_family_in_which_nobody_is_missing_is_refused() -> None:
    with pytest.raises(BadFile, match="nobody in family F1 is missing"):
        read(ped=PED.replace("MO 1 2", "MO 1 1"))


def test_a_genotype_without_consent_is_refused() -> None:
    with pytest.raises(BadFile, match="no consent") as caught:
        read(genotypes=GENOTYPES + "F1,MO,A2,6,6,X,X\n")
    assert (caught.value.file, caught.value.line) == ("g.csv", 3)


def test_a_genotype_after_a_withdrawn_consent_is_refused() -> None:
    with pytest.raises(BadFile, match="withdrawn"):
        read(donors=DONORS.replace("identification", "withdrawn"))


def test_a_sample_that_is_not_the_donors_is_refused() -> None:
    with pytest.raises(BadFile, match="the donor's sample is 'A1'") as caught:
        read(genotypes=GENOTYPES.replace("A1", "A7"))
    assert caught.value.value == "A7"


def test_a_donor_who_is_nobody_in_the_pedigree_is_refused() -> None:
    with pytest.raises(BadFile, match="nobody in the pedigree") as caught:
        read(donors=DONORS.replace("F1,FA", "F1,XX"))
    assert (caught.value.file, caught.value.line, caught.value.value) == ("d.csv", 2, "XX")


def test_amelogenin_against_the_stated_sex_is_remarked_on() -> None:
    (found,) = read(genotypes=GENOTYPES.replace("X,Y", "X,X")).remarks
    assert "amelogenin of FA of family F1 says female, the pedigree says male" in in_words(found)


def test_an_unknown_scope_of_consent_is_refused() -> None:
    with pytest.raises(BadFile, match="not one of the known terms") as caught:
        read(donors=DONORS.replace("identification", "everything"))
    assert caught.value.column == "consent"
