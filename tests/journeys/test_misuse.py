"""The command line used wrongly, on a machine that fails: plain words, the exit code that help states, nothing done."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from commands import ADMINISTRATOR, Desk, family_case

EXAMINERS = ("Zoya Examiner", "Yuriy Examiner")
PROSECUTOR = "Pavlo Prosecutor"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A case taken in and compared, before anybody signed."""
    directory = tmp_path_factory.mktemp("misuse")
    made = Desk(directory / "store")
    made.found()
    made.enrol(EXAMINERS[0], "scene", "mortuary", "family_liaison", "dna_examiner")
    made.enrol(EXAMINERS[1], "dna_examiner")
    made.enrol(PROSECUTOR, "prosecutor")
    file = directory / "case.json"
    file.write_text(json.dumps(family_case()), encoding="utf-8")
    made.do("import", "dvi", file, "--as", EXAMINERS[0])
    made.do(*compared(made))
    return made


def compared(desk, *more):
    found = desk.read("search", "--as", EXAMINERS[0])["candidates"][0]
    return ("compare", found["unit"], found["missing"], "--as", EXAMINERS[0], "--conclusion", "concordant",
            "--statement", "Parents and child.", *more)  # fmt: skip


def assert_refused(desk, *arguments, code, says):
    before = desk.size()
    found, said = desk.attempt(*arguments)
    assert found == code, said
    assert "Traceback" not in said
    assert says in said, said
    assert desk.size() == before


def test_a_comparison_is_not_signed_by_who_asks_to_revoke_it(desk):
    assert_refused(desk, "sign", "CMP-000001", "--as", EXAMINERS[0], "--revoke", code=2, says="only a decision")
    assert_refused(desk, "sign", "--as", EXAMINERS[0], "--revoke", code=2, says="number of a decision")


def test_what_cannot_be_signed_is_named(desk):
    assert_refused(desk, "sign", "MP-000001", "--as", EXAMINERS[0], code=2, says="CMP-")


def test_confirming_all_custody_and_one_number_are_not_mixed(desk):
    assert_refused(desk, "sign", "CMP-000001", "--custody", "--as", EXAMINERS[0], code=2, says="leave the number out")


def test_words_about_a_line_that_is_not_there_are_not_dropped(desk):
    assert_refused(desk, *compared(desk, "--explain", "teeth=read younger"), code=3, says="'teeth'")


def test_a_line_tells_apart_only_who_was_reported(desk):
    assert_refused(desk, *compared(desk, "--distinguish", "sex=NOBODY"), code=3, says="no missing person")


@pytest.mark.parametrize("threshold", ["nan", "inf"])
def test_a_search_without_a_threshold_is_not_filed(desk, threshold):
    assert_refused(desk, "search", "--as", EXAMINERS[0], "--threshold", threshold, code=2, says="threshold")


def test_who_holds_no_office_is_told_which_one_it_takes(desk):
    says = f"{PROSECUTOR} does not hold the office of dna_examiner or analyst"
    assert_refused(desk, "search", "--as", PROSECUTOR, code=3, says=says)


def test_nobody_is_enrolled_whose_sign_in_is_refused(desk):
    desk.do("user", "sign-in", ADMINISTRATOR, "--login", "ada", "--as", ADMINISTRATOR)
    keys = sorted((desk.store / "keys" / "people").iterdir())
    newcomer = ("user", "add", "Newcomer", "--role", "board", "--as", ADMINISTRATOR, "--login", "ada")
    assert_refused(desk, *newcomer, code=3, says="taken")
    assert "Newcomer" not in desk.do("user", "list")
    assert sorted((desk.store / "keys" / "people").iterdir()) == keys


def test_a_lost_sign_in_is_replaced_and_the_old_one_ends(desk):
    begin = ("user", "sign-in", PROSECUTOR, "--as", ADMINISTRATOR)
    first = desk.read(*begin, "--login", "pavlo")
    assert_refused(desk, *begin, "--login", "pavlo2", code=3, says="--anew")
    assert desk.read(*begin, "--login", "pavlo", "--anew")["second_factor"] != first["second_factor"]


def test_an_interrupted_import_says_that_nothing_was_filed(desk, tmp_path):
    case = tmp_path / "case.json"
    os.mkfifo(case)  # the import waits for the file
    process = desk.start("import", "frequencies", case, "--as", EXAMINERS[0])
    writer = os.open(case, os.O_WRONLY)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=60)[1]
    os.close(writer)
    assert (process.returncode, said) == (130, "dokaz: interrupted; nothing that was under way was filed\n")


def test_the_log_key_that_is_none_is_asked_for_again(desk):
    assert_refused(desk, "check", "--key", "nonsense", code=3, says="as it was published")


def test_a_bundle_where_no_directory_can_be_made(desk):
    made = ("bundle", "/proc/bundle", "--as", PROSECUTOR, "--purpose", "disclosure")
    assert_refused(desk, *made, code=6, says="/proc/bundle.unfinished: no such file or directory\n  next: ")


def test_a_database_that_is_no_address(desk, tmp_path):
    assert_refused(desk, "rebuild", "--into", tmp_path / "new.sqlite3", code=2, says=f"sqlite://{tmp_path}/new.sqlite3")
    assert_refused(
        desk, "rebuild", "--into", "sqlite:////nowhere/new.sqlite3", code=6, says="/nowhere/new.sqlite3: no such file"
    )


def test_a_port_that_is_taken(desk):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert_refused(desk, "serve", "--port", port, code=6, says="address already in use\n  next: ")
    assert_refused(desk, "serve", "--port", 99999, code=2, says="65535")


def test_tables_that_are_gone_are_made_anew_as_the_message_says(desk, tmp_path):
    path = tmp_path / "empty.sqlite3"
    empty = Desk(desk.store, f"sqlite://{path}")
    assert_refused(empty, "user", "list", code=6, says="`dokaz rebuild`")
    assert not path.exists()
    path.touch()
    assert_refused(empty, "user", "list", code=6, says="`dokaz rebuild`")
    empty.do("rebuild")
    assert PROSECUTOR in empty.do("user", "list")


def test_a_store_whose_settings_are_damaged(desk, tmp_path):
    (tmp_path / "dokaz.toml").write_text("garbage", encoding="utf-8")
    code, said = Desk(tmp_path).attempt("check")
    assert code == 4, said
    assert "dokaz.toml: Expected '='" in said


def test_an_investigation_that_cannot_be_opened_leaves_nothing_in_the_way(tmp_path):
    desk = Desk(tmp_path / "store")
    stated = ("--name", "a", "--mandate", "b", "--authority", "c", "--administrator", "d", "--trial")
    code, said = desk.attempt("init", *stated, "--database", "sqlite:////nowhere/x.sqlite3")
    assert code == 6, said
    assert not desk.store.exists()
    desk.do("init", *stated)


def test_an_investigation_is_not_opened_over_a_file(tmp_path):
    (tmp_path / "store").write_text("something", encoding="utf-8")
    desk = Desk(tmp_path / "store")
    code, said = desk.attempt(
        "init", "--name", "a", "--mandate", "b", "--authority", "c", "--administrator", "d", "--trial"
    )
    assert (code, (tmp_path / "store").read_text(encoding="utf-8")) == (3, "something"), said


def test_two_photographs_of_one_name_are_not_mistaken_for_each_other(desk, tmp_path):
    desk.do("simulate", tmp_path / "files", "--remains", 40)
    for folder in ("monday", "tuesday"):
        (tmp_path / "pictures" / folder).mkdir(parents=True)
    for picture in (tmp_path / "files" / "photographs").iterdir():
        (tmp_path / "pictures" / picture.name).write_bytes(picture.read_bytes())
    name = next(Path(tmp_path / "pictures").glob("KLN2-G01-*.jpg")).name
    for folder in ("monday", "tuesday"):
        (tmp_path / "pictures" / folder / name).write_bytes((tmp_path / "pictures" / name).read_bytes())
    (tmp_path / "pictures" / name).unlink()
    survey = ("import", "survey", tmp_path / "files" / "survey_KLN2.csv", "--as", EXAMINERS[0], "--photographs")
    assert_refused(desk, *survey, tmp_path / "pictures", code=4, says=name)
    assert_refused(desk, *survey, tmp_path / "absent", code=2, says="does not exist")


def test_an_import_says_what_it_took_with_a_remark(desk, tmp_path):
    file = tmp_path / "missing.csv"
    file.write_text("id,surname,given_name,sex,hair\nMP-77,Boiko,Oleh,m,fair\n", encoding="utf-8")
    said = desk.do("import", "missing", file, "--as", EXAMINERS[0])
    assert said == "missing.csv: 1 missing persons filed.\n  column not known: hair\n"


def test_a_list_is_tried_before_it_is_filed_and_comes_again(desk, tmp_path):
    file, liaison = tmp_path / "list.csv", EXAMINERS[0]
    file.write_text("id,surname,given_name,sex,place\nMP-78,Boiko,Oleh,m,Izium\n", encoding="utf-8")
    before = desk.size()
    said = desk.do("import", "missing", file, "--as", liaison, "--dry-run")
    assert said == ("list.csv: nothing was filed. It would be 1 missing persons.\n  list.csv:2: MP-78 would be new\n")
    assert desk.size() == before
    desk.do("import", "missing", file, "--as", liaison)
    file.write_text("id,surname,given_name,sex,place\nMP-78,Boiko,Oleh,m,Balakliia\n", encoding="utf-8")
    tried = desk.read("import", "missing", file, "--as", liaison, "--dry-run")
    assert (tried["dry_run"], tried["taken"]) == (True, {"changed": 1})
    assert tried["rows"] == [{"row": "list.csv:2", "number": "MP-78", "kind": "missing.MissingPerson", "what": "changed",
                              "fields": {"last_seen_place": ["Izium", "Balakliia"]}}]  # fmt: skip
    assert_refused(
        desk,
        "import",
        "missing",
        file,
        "--as",
        liaison,
        code=4,
        says="reports that are here say something else in the list: 1",
    )
    said = desk.do("import", "missing", file, "--as", liaison, "--reason", "the family wrote")
    assert said == "list.csv: 1 changed filed.\n"


def test_a_case_with_an_allele_that_has_no_frequency_names_its_file(desk, tmp_path):
    case = family_case()
    case["pm"][0]["genotypes"]["L3"] = ["77", "77"]
    file = tmp_path / "case.json"
    file.write_text(json.dumps(case), encoding="utf-8")
    assert_refused(desk, "import", "dvi", file, "--as", EXAMINERS[0], code=4, says="case.json: V0, L3: allele '77'")


def test_a_case_with_linked_markers_is_not_taken_as_if_they_were_independent(desk, tmp_path):
    file = tmp_path / "case.json"
    file.write_text(json.dumps({**family_case(), "rho": 0.1}), encoding="utf-8")
    assert_refused(desk, "import", "dvi", file, "--as", EXAMINERS[0], code=4, says="linked markers in a search")


def test_the_verdict_stands_though_its_reader_left(desk, tmp_path):
    desk.do("bundle", tmp_path / "bundle", "--as", PROSECUTOR, "--purpose", "disclosure")
    read, write = os.pipe()
    os.close(read)
    process = subprocess.run(
        [Path(sys.executable).parent / "dokaz-verify", tmp_path / "bundle"],
        stdout=write, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    os.close(write)
    assert (process.returncode, process.stderr) == (0, "")


def test_the_only_administrator_is_not_dismissed(desk):
    leave = ("user", "dismiss", ADMINISTRATOR, "--role", "administrator", "--reason", "leaves", "--as", ADMINISTRATOR)
    assert_refused(
        desk,
        *leave,
        code=3,
        says="too few administrators would be left without Ada Administrator\n  next: appoint another administrator",
    )
    desk.enrol("Olha Administrator", "administrator")
    desk.do(*leave)
    assert_refused(desk, "user", "add", "X", "--role", "board", "--as", ADMINISTRATOR, code=3, says="does not hold")
