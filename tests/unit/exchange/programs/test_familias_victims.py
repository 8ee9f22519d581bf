"""Who is missing in the section `[DVI]`: as Familias 3.2.9, 3.3 and 3.3.1 write it, and as a person has to say it."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_familias import TEXT, VICTIMS
from typer.testing import CliRunner

from dokaz.cli.kinship import app
from dokaz.errors import BadFile
from dokaz.exchange.programs.case_reader import VictimCase, read_victims
from dokaz.exchange.programs.familias import read_familias, write_familias
from dokaz.exchange.programs.familias_victims import familias_of_victims, victims_of
from dokaz.exchange.programs.loading import Options, load
from dokaz.kinship.model.pedigree import Sex

HEAD = VICTIMS[: VICTIMS.index("[[Reference Families]]")]
TYPED = "nSystems= 1\nSystemName= L1\nAllele1= 9\nAllele2= 9.3\n"


def people(*rows: tuple[str, str, str]) -> str:
    """Listed persons: (name, gender, DNA data)."""
    found = [
        f"[[[[[Person {i}]]]]]\nName= {name}\nGender= {sex}\n[[[[[[DNA data]]]]]]\n{data or 'nSystems= 0' + chr(10)}"
        for i, (name, sex, data) in enumerate(rows, start=1)
    ]
    return f"[[[[Persons]]]]\nnPersons= {len(rows)}\n{''.join(found)}"


def pedigrees(*drawn: str) -> str:
    """Pedigrees, each as "parent>child parent>child", with an underscore for a space."""
    found = []
    for i, text in enumerate(drawn, start=1):
        pairs = [pair.replace("_", " ").split(">") for pair in text.split()]
        relations = "".join(f"Parent= {parent}\nChild= {child}\n" for parent, child in pairs)
        name = "Reference pedigree" if i == 1 else f"Tree {i}"
        found.append(f"[[[[[Pedigree {i}]]]]]\nName= {name}\nnRelations= {len(pairs)}\n{relations}")
    return f"[[[[Pedigrees]]]]\nnPedigrees= {len(drawn)}\n{''.join(found)}"


def made(*families: str, after: str = "") -> bytes:
    named = [f"[[[Family {i} ]]]\nName= F{i}\n{family}" for i, family in enumerate(families, start=1)]
    return f"{HEAD}[[Reference Families]]\nnFamilies= {len(families)}\n{''.join(named)}{after}".encode()


def read(data: bytes, *missing: str) -> tuple[VictimCase, tuple[str, ...]]:
    return victims_of(read_familias(data, file="x.fam"), missing)


COUPLE = "wife>child Missing_person>child"


def test_the_missing_person_whom_familias_lists_once_more_is_one_person() -> None:
    listed = people(("wife", "Female", ""), ("child", "Male", TYPED), ("Missing male 1", "Male", ""))
    case, notes = read(made(listed + pedigrees("", COUPLE)))
    assert case.missing == ("F1: missing person",)
    assert set(case.families[0].pedigree.ids) == {"wife", "child", "F1: missing person"}
    assert notes == ()


def test_the_sex_that_is_listed_is_not_believed_against_the_relations() -> None:
    listed = people(("wife", "Female", ""), ("child", "Male", TYPED), ("Missing female 1", "Female", ""))
    case, notes = read(made(listed + pedigrees(COUPLE, COUPLE)))
    assert case.families[0].pedigree.sex_of("F1: missing person") is Sex.MALE
    assert len(notes) == 1
    assert "Missing female 1 is taken for the Missing person; the sex stated there" in notes[0]


def test_the_sex_of_somebody_who_is_nobodys_parent_stays_unknown() -> None:
    listed = people(("mother", "Female", TYPED), ("Missing female 1", "Female", ""))
    case, notes = read(made(listed + pedigrees("mother>Missing_person", "mother>Missing_person")))
    assert case.families[0].pedigree.sex_of("F1: missing person") is Sex.UNKNOWN
    assert len(notes) == 1


def test_a_missing_person_who_is_the_only_parent_is_refused() -> None:
    listed = people(("son", "Male", TYPED), ("Missing female 1", "Female", ""))
    with pytest.raises(BadFile, match="father or the mother of son") as refused:
        read(made(listed + pedigrees("Missing_person>son")))
    assert "add the other parent" in str(refused.value)


def test_further_missing_persons_are_those_who_are_called_so() -> None:
    listed = people(
        ("R", "Female", TYPED),
        ("Missing male 1", "Male", ""),
        ("Missing male 2", "Male", ""),
        ("Missing male 3", "Male", ""),
    )
    tree = "R>Missing_male_2 Missing_person>Missing_male_2 Missing_male_2>Missing_male_3"
    case, _ = read(made(listed + pedigrees("", tree)))
    assert case.missing == ("F1: missing person", "Missing male 2", "Missing male 3")
    assert case.families[0].pedigree["Missing male 3"].father == "Missing male 2"
    case, _ = read(made(listed + pedigrees("", tree), listed + pedigrees("", tree)))
    assert case.missing[1:3] == ("F1: Missing male 2", "F1: Missing male 3")
    assert case.families[1].pedigree["F2: Missing male 3"].father == "F2: Missing male 2"
    with pytest.raises(BadFile, match="F1: 3 missing persons; Familias holds one a family"):
        familias_of_victims(case)


def test_somebody_with_a_name_of_their_own_is_missing_when_a_person_says_so() -> None:
    listed = people(("R", "Male", TYPED), ("Olha", "Female", ""))
    data = made(listed + pedigrees("R>Olha", "R>Olha"))
    with pytest.raises(BadFile, match="F1: nobody is called Missing person") as refused:
        read(data)
    assert "--missing" in str(refused.value)
    case, notes = read(data, "Olha")
    assert (case.missing, notes) == (("Olha",), ())
    for name, words in (("Ola", "nobody in a family has this name"), ("R", "has a profile")):
        with pytest.raises(BadFile, match=words):
            read(data, "Olha", name)
    apart = made(people(("R", "Male", TYPED), ("Olha", "Female", ""), ("Ivan", "Male", "")) + pedigrees("R>Olha"))
    with pytest.raises(BadFile, match="is nobody's child or parent"):
        read(apart, "Olha", "Ivan")


def test_of_two_pedigrees_the_one_that_says_all_is_taken_and_told() -> None:
    listed = people(("R", "Male", TYPED), ("wife", "Female", ""), ("sister", "Female", TYPED))
    case, notes = read(made(listed + pedigrees("R>Missing_person", "R>Missing_person R>sister")))
    assert case.families[0].pedigree["sister"].father == "R"
    assert notes == ("F1: its pedigrees differ; Tree 2, which holds all relations, is taken",)
    with pytest.raises(BadFile, match="2 pedigrees, and none says all that the others say"):
        read(made(listed + pedigrees("R>Missing_person", "wife>Missing_person")))
    with pytest.raises(BadFile, match="0 pedigrees"):
        read(made(listed + pedigrees()))


def test_what_a_familias_file_would_not_say_is_not_written() -> None:
    listed = people(("wife", "Female", ""), ("child", "Male", TYPED))
    case, _ = read(made(listed + pedigrees(COUPLE)))
    back, _ = read(write_familias(familias_of_victims(case)[0]))
    assert back.families[0].pedigree == case.families[0].pedigree
    alone, _ = read(made(people(("Olha", "Female", ""), ("child", "Male", TYPED)) + pedigrees("Olha>child")), "Olha")
    with pytest.raises(BadFile, match="whether Olha is the father or the mother of child"):
        familias_of_victims(alone)
    named = people(("Missing male 7", "Male", ""), ("R", "Male", TYPED))
    called, _ = read(made(named + pedigrees("R>Missing_person Missing_male_7>R")))
    assert called.missing == ("F1: missing person", "Missing male 7")


def test_options_that_only_familias_has_are_told() -> None:
    listed = people(("wife", "Female", ""), ("child", "Male", TYPED))
    options = "[Prior]\nUseList= No\nSize= 9\n[Advanced]\n[[Direct/Identity]]\nDropin= 0\nDropout= 0.1\nError= 0\n"
    data = made(listed + pedigrees(COUPLE), after=options)
    [told] = load("x.fam", data, "fam", Options()).notes
    assert told == "only a Familias file holds the options Dropout= 0.1"


def test_who_is_missing_is_said_on_the_command_line(tmp_path: Path) -> None:
    listed = people(("R", "Male", TYPED), ("Olha", "Female", ""), ("Ivan", "Male", ""))
    (tmp_path / "x.fam").write_bytes(made(listed + pedigrees("R>Olha R>Ivan")))
    words = ["convert", str(tmp_path / "x.fam"), str(tmp_path / "x.json"), "--missing", "Olha", "--missing", "Ivan"]
    asked = CliRunner().invoke(app, words)
    assert asked.exit_code == 1
    assert "not in the table of markers, so the chromosome is not known" in asked.output
    assert CliRunner().invoke(app, [*words, "--chromosome", "*=autosomal"]).exit_code == 0
    assert read_victims(tmp_path / "x.json").missing == ("Olha", "Ivan")


def test_a_year_of_birth_that_only_familias_holds_is_told() -> None:
    notes = load("x.fam", TEXT.encode(), "fam", Options()).notes
    assert "only a Familias file holds what stands before the sex of child: #TRUE#, 1987, #FALSE#" in notes
