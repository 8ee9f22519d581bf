"""`dokaz kinship report`: reproducible, never over a file, and every refusal a sentence with its exit code."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from small_cases import QUESTION, VICTIMS, changed, written
from test_kinship_mutation import assembled

from dokaz.cli.exits import ExitCode
from dokaz.cli.main import run

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = ROOT / "docs" / "examples"
EXPECTED = Path(__file__).parent / "expected_paternity_report.html"
DATE = ("--date", "2026-11-27")


def report(*words: object) -> int:
    return run(["kinship", "report", *map(str, words)])


def dated(source: Path, out: Path, *options: str) -> bytes:
    assert report(source, out, *options, *DATE) == ExitCode.OK
    return out.read_bytes()


def masked(page: str) -> str:
    """A report without the versions of the programs, which differ from machine to machine."""
    return re.sub(r"dokaz [\w.+]+, numpy [\w.+]+, numba [\w.+]+, Python [\w.+]+", "VERSIONS", page)


@pytest.mark.parametrize("form", ["pdf", "html", "xlsx"])
def test_another_process_elsewhere_writes_the_same_bytes(form: str, tmp_path: Path) -> None:
    source = written(tmp_path, QUESTION)
    first = dated(source, tmp_path / f"first.{form}", "--prior", "0.5")
    (tmp_path / "elsewhere").mkdir()
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C", "SOURCE_DATE_EPOCH": "1"}
    command = [sys.executable, "-c", "import sys; from dokaz.cli.main import run; sys.exit(run(sys.argv[1:]))"]
    asked = ["kinship", "report", str(source), f"second.{form}", "--prior", "0.5", *DATE]
    subprocess.run([*command, *asked], cwd=tmp_path / "elsewhere", env=environment, check=True)
    assert (tmp_path / "elsewhere" / f"second.{form}").read_bytes() == first


def test_the_report_of_the_tutorial_is_reproduced_byte_for_byte(tmp_path: Path) -> None:
    """To renew it: run the command of the tutorial, and put the file in the place of the expected one."""
    case = tmp_path / "paternity.json"
    assert run(["kinship", "convert", str(EXAMPLES / "paternity.fam"), str(case)]) == ExitCode.OK
    page = dated(case, tmp_path / "paternity.html", "--prior", "0.5", "--frequency-source", "invented for the tutorial")
    assert masked(page.decode()) == masked(EXPECTED.read_text(encoding="utf-8"))
    assert "VERSIONS" in masked(page.decode())


def test_the_hash_is_that_of_the_file(tmp_path: Path) -> None:
    source = written(tmp_path, QUESTION)
    page = dated(source, tmp_path / "r.html").decode()
    assert sha256(source.read_bytes()).hexdigest() in page
    assert str(tmp_path) not in page


def test_a_pair_of_a_search_is_reported_with_the_source_of_its_frequencies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case, _ = assembled(tmp_path, "--mutation", "stepwise")
    page = dated(Path(case), tmp_path / "r.html", "--pair", "bone-01", "son").decode()
    assert capsys.readouterr().out == "r.html: bone-01 as son of F1: log10 LR 15.057\n"
    assert "Hill, Duewer, Kline, Coble, Butler 2013" in page
    assert "bone-01 and parent mother: no shared allele, 1 repeat apart" in page
    assert "--pair bone-01 son" in page


def test_a_familias_file_and_options_are_taken_as_lr_takes_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dated(EXAMPLES / "paternity.fam", tmp_path / "r.html", "--theta", "0.02", "--linked", "auto")
    told = capsys.readouterr().out
    run(["kinship", "lr", str(EXAMPLES / "paternity.fam"), "--theta", "0.02", "--linked", "auto", "--json"])
    answer = json.loads(capsys.readouterr().out)
    assert told == f"r.html: father against unrelated: log10 LR {answer['log10_lr']:.3f}\n"


def test_the_prior_of_the_file_gives_a_posterior_and_the_option_replaces_it(tmp_path: Path) -> None:
    source = written(tmp_path, {**VICTIMS, "prior": {"V1": {"M1": 3}}})
    # Odds 3, times an LR of 10.
    page = dated(source, tmp_path / "r.html", "--pair", "V1", "M1").decode()
    assert "0.967742, with a prior probability of 0.75 (the file states prior odds of 3 to 1)" in page
    page = dated(source, tmp_path / "s.html", "--pair", "V1", "M1", "--prior", "0.5").decode()
    assert "0.909091, with a prior probability of 0.5 (stated with --prior)" in page
    page = dated(written(tmp_path, VICTIMS), tmp_path / "t.html", "--pair", "V1", "M1").decode()
    assert "not told: no prior probability was stated" in page


def test_a_report_in_ukrainian(tmp_path: Path) -> None:
    page = dated(written(tmp_path, QUESTION), tmp_path / "r.html", "--language", "uk").decode()
    assert '<html lang="uk">' in page
    assert "Звіт про спорідненість" in page


def test_without_a_date_it_is_dated_today(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import datetime as dt

    before = dt.date.today()
    assert report(written(tmp_path, QUESTION), tmp_path / "r.html") == ExitCode.OK
    after = dt.date.today()
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert f"--date {before}" in page or f"--date {after}" in page


# --- refusals -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["pdf", "html", "xlsx"])
def test_a_file_that_is_there_is_never_overwritten(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / f"r.{form}"
    out.write_bytes(b"signed by two people")
    assert report(written(tmp_path, QUESTION), out, *DATE) == ExitCode.REFUSED
    assert f"r.{form} is there already" in capsys.readouterr().err
    assert out.read_bytes() == b"signed by two people"
    # It is said before anything is read or computed.
    assert report(tmp_path / "nothing.json", out, *DATE) == ExitCode.REFUSED


@pytest.mark.parametrize(
    ("data", "options", "code", "said"),
    [
        (QUESTION, ("--prior", "0"), ExitCode.REFUSED, "--prior 0"),
        (QUESTION, ("--prior", "1"), ExitCode.REFUSED, "above 0 and below 1"),
        (QUESTION, ("--language", "de"), ExitCode.REFUSED, "one of: en, uk"),
        (QUESTION, ("--linked", "all"), ExitCode.REFUSED, "--linked 'all'"),
        (QUESTION, ("--pair", "V1", "M1"), ExitCode.REFUSED, "leave --pair out"),
        (VICTIMS, (), ExitCode.REFUSED, "--pair REMAINS MISSING"),
        (VICTIMS, ("--pair", "V9", "M1"), ExitCode.REFUSED, "remains: V1, V2; missing: M1, M2"),
        (VICTIMS, ("--pair", "V2", "M1"), ExitCode.REFUSED, "V2 is female by profile"),
        (QUESTION, ("--date", "27.11.2026"), ExitCode.USAGE, "write YYYY-MM-DD"),
        ("{", (), ExitCode.BAD_FILE, "not JSON"),
        (changed(QUESTION, "genotypes.child.L1", ["1", "9"]), (), ExitCode.REFUSED, "allele '9' has no frequency"),
        (changed(QUESTION, "H1.0.members.0.sex", 2), (), ExitCode.BAD_FILE, "father man of child is female"),
        ({**QUESTION, "frequency_source": "a"}, ("--frequency-source", "b"), ExitCode.REFUSED, "leave the option out"),
    ],
)
def test_what_cannot_be_reported_is_refused_in_a_sentence_and_nothing_is_written(
    data: object,
    options: tuple[str, ...],
    code: ExitCode,
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert report(written(tmp_path, data), tmp_path / "r.html", *options) == code
    told = capsys.readouterr()
    assert said in told.err
    assert told.out == ""
    assert os.listdir(tmp_path) == ["case.json"]


def test_other_suffixes_missing_files_and_folders_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = written(tmp_path, QUESTION)
    assert report(source, tmp_path / "r.docx") == ExitCode.USAGE
    assert ".pdf, .html, .xlsx" in capsys.readouterr().err
    assert report(tmp_path / "nothing.json", tmp_path / "r.pdf") == ExitCode.MACHINE
    assert "nothing.json: no such file" in capsys.readouterr().err
    assert report(source, tmp_path / "nowhere" / "r.pdf") == ExitCode.MACHINE
    assert "nowhere: no such file" in capsys.readouterr().err
    assert os.listdir(tmp_path) == ["case.json"]


def test_a_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from dokaz.reports import compared

    source = written(tmp_path, QUESTION)
    answered = compared.answered

    def meanwhile(asked: compared.Compared) -> compared.KinshipAnswer:
        written(tmp_path, {**QUESTION, "theta": 0.03})
        return answered(asked)

    monkeypatch.setattr(compared, "answered", meanwhile)
    assert report(source, tmp_path / "r.html", *DATE) == ExitCode.REFUSED
    assert "was changed while it was read" in capsys.readouterr().err
    assert os.listdir(tmp_path) == ["case.json"]
