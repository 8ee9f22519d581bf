"""`dokaz linkage` prints what programs and readers rely on, and refuses by name."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from commands import PROGRAM
from typer.testing import CliRunner

from dokaz.cli.linkage import app
from dokaz.errors import BadFile, BadPeople, BadSettings

MISSING = """\
id,surname,given,patronymic,dob,place
1,Гончаренко,Микола,Петрович,05.06.1971,Ізюм
2,Гончаренко,Олег,Петрович,11.02.1975,Ізюм
3,Лисенко,Сергій,Іванович,1980,Харків
4,Дем’яненко,Ганна,Миколаївна,12.12.1990,Лиман
5,,,,,
6,Savchuk,Oleksandr,,03.04.1969,
"""
LOG = """\
surname;given;patronymic;dob;place
Гончаренко;Николай;Петрович;1971;Изюм
Лысенко;С.;И.;00.00.1980;Харьков
Демяненко;Анна;Николаевна;12.12.1990;
Савчук;Александр;;03.04.1969;
"""


@pytest.fixture
def lists(tmp_path: Path) -> tuple[str, str]:
    left, right = tmp_path / "missing.csv", tmp_path / "log.csv"
    left.write_text(MISSING, encoding="utf-8-sig")
    right.write_bytes(LOG.encode("cp1251"))
    return str(left), str(right)


def asked(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.output


def test_links_are_printed_as_the_contract_says(lists):
    told = json.loads(asked("link", *lists, "--one-to-one", "--at-least", "0", "--json"))
    assert list(told) == ["links"]
    for link in told["links"]:
        assert set(link) == {"left", "right", "probability", "fields"}
        assert isinstance(link["left"], int) and isinstance(link["right"], int) and 0 <= link["probability"] <= 1
        assert all(set(each) == {"agreement", "bits"} for each in link["fields"].values())
    assert {(0, 0), (2, 1), (3, 2), (5, 3)} <= {(link["left"], link["right"]) for link in told["links"]}, (
        "rows are counted from 0, empty rows too"
    )


def test_only_likely_links_are_printed(lists):
    some = json.loads(asked("link", *lists, "--json"))["links"]
    every = json.loads(asked("link", *lists, "--at-least", "0", "--json"))["links"]
    assert len(some) < len(every)
    assert all(link["probability"] >= 0.5 for link in some)
    assert [link["probability"] for link in every] == sorted((link["probability"] for link in every), reverse=True)


def test_words_say_what_was_read_learnt_compared_and_missed(lists):
    told = asked("link", *lists)
    for said in (
        "not read: id",
        "what agreement is worth, in bits",
        "pairs that share",
        "not reached by any rule",
        "no link identifies",
    ):
        assert said in told


def test_a_file_twice_is_one_list_against_itself(lists, tmp_path):
    twice = tmp_path / "twice.csv"
    twice.write_text(MISSING + MISSING.partition("\n")[2], encoding="utf-8")
    told = json.loads(asked("link", str(twice), str(twice), "--at-least", "0", "--json"))
    assert told == json.loads(asked("link", str(twice), "--at-least", "0", "--json"))
    pairs = {(link["left"], link["right"]) for link in told["links"]}
    assert all(left < right for left, right in pairs)
    assert {(0, 6), (3, 9)} <= pairs


def test_weights_are_written_and_used_again(lists, tmp_path):
    weights = tmp_path / "weights.json"
    assert "written:" in asked("train", *lists, "--out", str(weights))
    with_them = asked("link", *lists, "--settings", str(weights), "--at-least", "0", "--json")
    assert with_them == asked("link", *lists, "--at-least", "0", "--json")
    settings = json.loads(weights.read_text())
    settings["same_person"] = 2
    weights.write_text(json.dumps(settings))
    with pytest.raises(BadSettings):
        asked("link", *lists, "--settings", str(weights))


def test_links_are_held_to_the_truth(lists, tmp_path):
    links, truth, plot = tmp_path / "links.json", tmp_path / "truth.csv", tmp_path / "plot.svg"
    links.write_text(asked("link", *lists, "--at-least", "0", "--json"))
    truth.write_text("left,right\n0,0\n2,1\n3,2\n5,3\n")
    told = json.loads(asked("evaluate", str(links), str(truth), "--at-least", "0", "--plot", str(plot), "--json"))
    assert (told["true"], told["right"], told["recall"]) == (4, 4, 1.0)
    assert sum(each["links"] for each in told["reliability"]) == told["linked"]
    assert "precision" in asked("evaluate", str(links), str(truth))
    circles = ElementTree.parse(plot).findall(".//{http://www.w3.org/2000/svg}circle")
    assert len(circles) == len(told["reliability"])


def test_two_rows_are_explained_field_by_field(lists):
    told = asked("explain", f"{lists[0]}:0", f"{lists[1]}:0")
    assert "the same name in another form" in told and "agree as far as both are known" in told
    values = json.loads(asked("explain", f"{lists[0]}:0", f"{lists[1]}:0", "--json"))
    of_fields = sum(each["bits"] for each in values["fields"].values())
    assert values["bits"] == pytest.approx(of_fields + values["rarity"] + values["before"], abs=0.02)
    assert "row 0 and row 1" in asked("explain", f"{lists[0]}:0", f"{lists[0]}:1")


@pytest.mark.parametrize("rows", [("{}", "{}:0"), ("{}:6", "{}:0"), ("{}:0", "{}:4")])
def test_rows_that_are_not_there_are_wrong_usage(lists, rows):
    said = asked("explain", rows[0].format(lists[0]), rows[1].format(lists[1]), code=2)
    assert "FILE:ROW" in said or "the list has rows 0 to" in said
    assert "that is one row" in asked("explain", f"{lists[0]}:1", f"{lists[0]}:1", code=2)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"a,b\n1,2\n", "no column is known"),
        (b"surname,given\nprizv,x\nsurname,given\n", "second row of headers"),
        (b"surname,given\nKoval\n", "1 cells where the header has 2"),
        (b"\x00\x01surname\n", "control|NUL"),
    ],
)
def test_lists_that_cannot_be_read_are_refused_by_name(lists, tmp_path, content, says):
    bad = tmp_path / "bad.csv"
    bad.write_bytes(content)
    with pytest.raises(BadFile, match=says) as refused:
        asked("link", str(bad), lists[1])
    assert "bad.csv" in str(refused.value)


def test_a_list_that_is_not_there_and_one_of_nobody_are_refused(lists, tmp_path):
    with pytest.raises(BadFile, match="cannot be read"):
        asked("link", str(tmp_path / "nowhere.csv"), lists[1])
    (tmp_path / "nobody.csv").write_text("surname,given\n")
    with pytest.raises(BadPeople):
        asked("link", str(tmp_path / "nobody.csv"), lists[1])


@pytest.mark.parametrize(
    "content",
    [
        "[]",
        "{}",
        '{"links": 3}',
        '{"links": [{"left": 0}]}',
        '{"links": [{"left": 0, "right": "x", "probability": 1}]}',
    ],
)
def test_links_of_another_form_are_refused(tmp_path, content):
    links, truth = tmp_path / "links.json", tmp_path / "truth.csv"
    links.write_text(content)
    truth.write_text("left,right\n0,0\n")
    with pytest.raises(BadFile):
        asked("evaluate", str(links), str(truth))


def test_the_program_says_the_same(lists):
    import subprocess

    done = subprocess.run(
        [str(PROGRAM), "linkage", "link", *lists, "--json"], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == asked("link", *lists, "--json").strip()


def test_help_reads_no_heavy_module():
    import subprocess
    import sys

    code = (
        "import sys, dokaz.cli.linkage; print([m for m in ('numpy', 'rapidfuzz', 'dokaz.linkage') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_words_that_readers_use_for_columns_are_read(tmp_path):
    from dokaz.exchange.programs.people_tables import read_people

    def people(text: str):
        return read_people(text.encode(), file="list.csv").people[0]

    assert people("Прізвище,Ім'я,По батькові,Дата народження,Місто\nКоваль,Іван,Ілліч,1974,Лиман\n").place == "Лиман"
    assert people("Фамилия;Имя;Отчество;Год рождения\nКоваль;Иван;Ильич;1974\n").patronymic == "Ильич"
    assert people("ПІБ,вік\nКоваль Іван Ілліч,45\n").given == "Іван"
    assert people("First Name,Last Name,DOB\nJohn,Smith,1974\n").surname == "Smith"
    assert people("name,given\nКоваль,Іван\n").surname == "Коваль"
    assert people("city,place\nХарків,Лиман\n").place == "Лиман", "the field's own name goes before its synonyms"


def test_a_workbook_is_read(tmp_path):
    from workbooks import row, workbook

    from dokaz.exchange.programs.people_tables import read_people

    rows = row(1, "surname", "given", "dob") + row(2, "Коваль", "Іван", "1974")
    assert read_people(workbook({"list": rows}), file="list.xlsx").people[0].given == "Іван"


def test_latin_letters_in_a_cyrillic_word_do_not_hide_the_encoding(tmp_path):
    from dokaz.exchange.programs.people_tables import read_people

    read = read_people("surname\nКoваленко\nМороз\n".encode("cp1251"), file="list.csv")
    assert read.people[0].surname == "Кoваленко"
    with pytest.raises(BadFile, match="cannot be told"):
        read_people("surname\nМйller\nМороз\n".encode("cp1251"), file="list.csv")


def test_the_last_line_of_a_list_is_as_long_as_the_list(lists):
    with open(lists[0], encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 6
    assert re.search(r"missing\.csv: 6 people", asked("link", *lists))
