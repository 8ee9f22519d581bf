"""`dokaz transcription`: what it says, what it writes, and with which code it ends."""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from dokaz.cli.exits import ExitCode
from dokaz.cli.main import run

sys.path.insert(0, str(Path(__file__).parents[1] / "transcription"))


@pytest.fixture
def book(tmp_path):
    from small_book import in_format

    file = tmp_path / "book.csv"
    file.write_text(in_format("csv"), encoding="utf-8")
    return file


def test_a_book_goes_through_every_format_and_comes_back(book, tmp_path, capsys):
    files = [book, *(tmp_path / name for name in ("a.alto.xml", "a.xml", "folder", "a.xlsx", "back.csv"))]
    for source, target in pairwise(files):
        assert run(["transcription", "convert", str(source), str(target)]) == ExitCode.OK
    said = capsys.readouterr().out
    assert "a.alto.xml: pages 1, rows 3, cells 6, readings 11" in said and "written: marks, in tags alone" in said
    assert (tmp_path / "folder" / "p1.xml").exists()
    assert (tmp_path / "back.csv").read_bytes().decode("utf-8-sig").split() == book.read_text("utf-8").split()
    assert run(["transcription", "convert", str(book), str(tmp_path / "t.xml"), "--transkribus"]) == ExitCode.OK
    assert "<TableCell " in (tmp_path / "t.xml").read_text(encoding="utf-8")
    assert run(["transcription", "convert", str(book), str(tmp_path / "t.csv"), "--transkribus"]) == ExitCode.USAGE


def test_several_pages_do_not_go_into_one_file_of_page_xml(tmp_path, capsys):
    from small_book import BOOK, PAGE, in_format

    from dokaz.transcription.pages import TranscribedBook, TranscribedPage

    pages = (PAGE, TranscribedPage("p2", is_missing=True))
    file = tmp_path / "two.csv"
    file.write_text(in_format("csv", TranscribedBook(BOOK.id, "", BOOK.field_lists, pages)), encoding="utf-8")
    assert run(["transcription", "convert", str(file), str(tmp_path / "two.xml")]) == ExitCode.USAGE
    assert not (tmp_path / "two.xml").exists()
    assert run(["transcription", "convert", str(file), str(tmp_path / "two")]) == ExitCode.OK
    capsys.readouterr()
    assert run(["transcription", "check", str(tmp_path / "two"), "--json"]) == ExitCode.OK
    assert json.loads(capsys.readouterr().out) == {"pages": 2, "readers": ["Бойко", "Крук"], "lacks": []}
    assert run(["transcription", "check", str(file)]) == ExitCode.OK
    assert "pages 2 (1 missing)" in capsys.readouterr().out


def test_two_readings_are_compared_in_figures_and_in_words(book, capsys):
    readers = ["--reader", "Бойко", "--reader", "Крук"]
    assert run(["transcription", "agree", str(book), str(book), *readers, "--json"]) == ExitCode.OK
    found = json.loads(capsys.readouterr().out)
    assert found["rows"] == {"paired": 2, "only_first": 1, "only_second": 0, "how": "by the id of the row"}
    surname = found["fields"]["surname"]
    assert (surname["cells"], surname["share_equal"], surname["settled"]) == (2, 0.5, None)
    assert surname["kappa"] == pytest.approx(1 / 3) and surname["character_error_rate"] == pytest.approx(7 / 16)
    assert (
        run(["transcription", "agree", str(book), str(book), str(book), *readers, "--reader", "Бойко"]) == ExitCode.OK
    )
    said = capsys.readouterr().out
    assert "surname                  2   50.0%       0.0%   0.333                  43.8%" in said
    assert "Бойко: kept 1; took 1 of Бойко, 0 of Крук, 0 of neither; changed 0" in said
    assert run(["transcription", "agree", str(book), str(book)]) == ExitCode.USAGE
    assert "say whose reading to take" in capsys.readouterr().err
    assert run(["transcription", "agree", str(book), str(book), "--reader", "Бойко"]) == ExitCode.USAGE


def test_files_that_cannot_be_read_are_refused(tmp_path, capsys):
    empty = tmp_path / "empty.xml"
    empty.touch()
    (tmp_path / "folder").mkdir()
    for name, said in (("empty.xml", "the file is empty"), ("gone.xml", "No such file"), ("folder", "no XML file")):
        assert run(["transcription", "check", str(tmp_path / name)]) == ExitCode.BAD_FILE
        assert said in capsys.readouterr().err


def test_cells_are_proposed_for_a_photograph(tmp_path, capsys):
    from test_rulings import GRID, as_bytes, drawn

    photograph, out = tmp_path / "стор 1.jpg", tmp_path / "cells.xml"
    photograph.write_bytes(as_bytes(drawn(GRID), "JPEG"))
    assert run(["transcription", "propose", str(photograph), "-o", str(out)]) == ExitCode.OK
    assert "pages 1, rows 3, cells 6, readings 0, as the ruling shows them" in capsys.readouterr().out
    assert run(["transcription", "check", str(out)]) == ExitCode.OK
    assert "read by: nobody" in capsys.readouterr().out
    photograph.write_bytes(as_bytes(drawn([]), "JPEG"))
    assert run(["transcription", "propose", str(photograph), "-o", str(tmp_path / "none.xml")]) == ExitCode.REFUSED
    assert (
        run(["transcription", "propose", str(tmp_path / "gone.jpg"), "-o", str(tmp_path / "none.xml")])
        == ExitCode.BAD_FILE
    )
    assert not (tmp_path / "none.xml").exists()
