"""Pedigrees of genealogy programs: parents by birth, who is called how, and what is refused."""

from __future__ import annotations

import pytest

from dokaz.errors import BadFile, BadPedigree
from dokaz.exchange.programs.gedcom import read_gedcom
from dokaz.exchange.programs.loading import Options, load_any
from dokaz.kinship.model.pedigree import Member, Sex

HEAD = "0 HEAD\n1 GEDC\n2 VERS 5.5.1\n1 CHAR UTF-8\n"
PEOPLE = (
    "0 @I1@ INDI\n1 NAME Іван /Бойко/\n1 SEX M\n1 BIRT\n2 DATE 5 MAY 1950\n1 FAMS @F1@\n"
    "0 @I2@ INDI\n1 NAME Ольга /Бойко/\n1 SEX F\n"
    "0 @I3@ INDI\n1 NAME Петро /Бойко/\n1 SEX M\n1 FAMC @F1@\n"
)
FAMILY = "0 @F1@ FAM\n1 HUSB @I1@\n1 WIFE @I2@\n1 CHIL @I3@\n1 MARR\n"
END = "0 TRLR\n"


def read(people: str = PEOPLE, family: str = FAMILY) -> tuple[list[Member], tuple[str, ...]]:
    """The members of the one family of such a file, and its notes."""
    [family_read], notes = read_gedcom((HEAD + people + family + END).encode(), file="x.ged", name="x")
    return list(family_read.pedigree), notes


def test_parents_and_children_are_read_and_the_rest_is_named() -> None:
    assert read() == (
        [
            Member("Іван Бойко", sex=Sex.MALE),
            Member("Ольга Бойко", sex=Sex.FEMALE),
            Member("Петро Бойко", "Іван Бойко", "Ольга Бойко", Sex.MALE),
        ],
        ("not read: FAM.MARR (1), INDI.BIRT (1)",),
    )


def test_a_link_that_only_one_side_states_is_a_link() -> None:
    without = FAMILY.replace("1 CHIL @I3@\n", "")
    assert read(family=without)[0] == read()[0]
    assert read(people=PEOPLE.replace("1 FAMC @F1@\n", ""))[0] == read()[0]


@pytest.mark.parametrize(
    "link",
    [
        "1 FAMC @F1@\n2 PEDI adopted\n",
        "1 FAMC @F1@\n2 PEDI FOSTER\n",
        "1 FAMC @F1@\n1 ADOP\n2 FAMC @F1@\n3 ADOP BOTH\n",
        "1 FAMC @F1@\n1 ADOP\n2 FAMC @F1@\n",
    ],
)
def test_parents_who_are_not_by_birth_are_none_and_are_named(link: str) -> None:
    people = PEOPLE + f"0 @I4@ INDI\n1 NAME Марко //\n1 SEX M\n{link}"
    members, notes = read(people)
    assert [member.id for member in members] == ["Іван Бойко", "Ольга Бойко", "Петро Бойко"]
    assert notes[0].startswith("no parent by birth: Іван Бойко of Марко (")
    assert notes[1].startswith("no parent by birth: Ольга Бойко of Марко (")
    assert notes[2] == "related to nobody by birth, so left out: Марко"


def test_a_stepfather_who_adopted_leaves_the_mother_by_birth() -> None:
    people = PEOPLE + "0 @I4@ INDI\n1 NAME Марко //\n1 SEX M\n1 FAMC @F1@\n1 ADOP\n2 FAMC @F1@\n3 ADOP HUSB\n"
    members, notes = read(people)
    assert members[3] == Member("Марко", None, "Ольга Бойко", Sex.MALE)
    assert notes[0] == "no parent by birth: Іван Бойко of Марко (adopted)"
    of_program = FAMILY + "1 CHIL @I4@\n2 _FREL Step\n2 _MREL Natural\n"
    members, _ = read(PEOPLE + "0 @I4@ INDI\n1 NAME Марко //\n1 SEX M\n", of_program)
    assert members[3] == Member("Марко", None, "Ольга Бойко", Sex.MALE)


def test_two_of_one_name_are_told_apart_by_their_number_and_the_missing_are_named_by_it() -> None:
    text = HEAD + PEOPLE + "0 @I9@ INDI\n1 NAME Петро /Бойко/\n1 SEX M\n" + FAMILY + "1 CHIL @I9@\n" + END
    loaded = load_any("x.ged", text.encode(), Options(missing=("Петро Бойко (I9)",)))
    assert [m.id for m in loaded.families[0].pedigree][2:] == ["Петро Бойко (I3)", "Петро Бойко (I9)"]
    assert loaded.families[0].missing == ("Петро Бойко (I9)",)
    with pytest.raises(BadFile, match=r"0 persons of this name .*Петро Бойко"):
        load_any("x.ged", text.encode(), Options(missing=("Петро Бойко",)))


def test_families_that_are_not_joined_by_birth_are_families_of_their_own() -> None:
    more = "0 @J1@ INDI\n1 NAME A\n1 SEX U\n0 @J2@ INDI\n1 NAME B\n1 SEX F\n0 @F2@ FAM\n1 HUSB @J1@\n1 CHIL @J2@\n"
    families, _ = read_gedcom((HEAD + PEOPLE + FAMILY + more + END).encode(), file="x.ged", name="x")
    assert [family.pedigree.name for family in families] == ["x 1", "x 2"]
    # The husband of a family is a man where his sex is not stated.
    assert list(families[1].pedigree) == [Member("A", sex=Sex.MALE), Member("B", "A", None, Sex.FEMALE)]


def test_husband_and_wife_in_each_others_place_are_father_and_mother_by_sex() -> None:
    swapped = FAMILY.replace("HUSB @I1@", "HUSB @I2@").replace("WIFE @I2@", "WIFE @I1@")
    assert read(family=swapped)[0] == read()[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("not a file", "line 1: the file does not begin with 0 HEAD|not a line of GEDCOM"),
        ("0 @I1@ INDI\n", "line 1: the file does not begin with 0 HEAD"),
        (HEAD + "2 NAME A\n3 X\n5 Y\n", "line 7: the level is more than one above"),
        (HEAD + END, "there is nobody in the file"),
        (HEAD + "0 @I1@ INDI\n1 NAME A\n" + END, "nobody is anybody's child by birth"),
        (HEAD + PEOPLE.replace("SEX F", "SEX Q") + FAMILY + END, "line 13: not a sex .found 'Q'"),
        (HEAD + PEOPLE + PEOPLE + FAMILY + END, "there twice, or without a number .found 'I1'"),
        (HEAD + PEOPLE + FAMILY + "1 CHIL @I7@\n" + END, "line 23: this number is not in the file"),
        (HEAD + PEOPLE + FAMILY + "1 HUSB @I3@\n" + END, "line 23: a second person in this place"),
        (HEAD + PEOPLE.replace("SEX F", "SEX M") + FAMILY + END, "line 20: both parents by birth have one sex"),
        (
            HEAD + PEOPLE + "0 @I8@ INDI\n1 SEX M\n0 @F2@ FAM\n1 HUSB @I8@\n1 CHIL @I3@\n" + FAMILY + END,
            "I3 has two fathers by birth",
        ),
        (HEAD.replace("UTF-8", "UNICODE").encode("utf-16"), "the file is UTF-16"),
    ],
)
def test_what_is_no_pedigree_is_refused_with_its_line(text: str | bytes, words: str) -> None:
    with pytest.raises(BadFile, match=words):
        read_gedcom(text if isinstance(text, bytes) else text.encode(), file="x.ged", name="x")


def test_letters_of_old_programs_are_refused_with_what_to_do() -> None:
    old = (HEAD.replace("UTF-8", "ANSEL") + PEOPLE + FAMILY + END).encode("cp1251")
    with pytest.raises(BadFile, match=r"the letters are of ANSEL, which is not read.*\n.*export it as UTF-8"):
        read_gedcom(old, file="x.ged", name="x")


def test_nobody_is_their_own_ancestor() -> None:
    loop = PEOPLE.replace("1 FAMS @F1@", "1 FAMC @F2@") + "0 @F2@ FAM\n1 HUSB @I3@\n"
    with pytest.raises(BadPedigree, match="ancestor"):
        read(loop)
