"""The whole thread on the command line, from an empty directory to a verified bundle and a rebuilt database."""

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from commands import ADMINISTRATOR, Desk, family_case

EVERYTHING = ("scene", "mortuary", "family_liaison", "dna_examiner")


def verify(bundle):
    program = Path(sys.executable).parent / "dokaz-verify"
    return subprocess.run([str(program), str(bundle)], capture_output=True, text=True)


def test_from_remains_to_a_bundle_that_verifies_and_a_database_made_anew(tmp_path, new_database):
    database = new_database()
    desk = Desk(tmp_path / "store", database, cold=database.startswith("sqlite"))
    desk.found()
    examiner = desk.enrol("Zoya Examiner", *EVERYTHING)
    second = desk.enrol("Yuriy Examiner", "dna_examiner")
    board = [desk.enrol(name, "board") for name in ("Bohdana Board", "Vasyl Board")]
    prosecutor = desk.enrol("Pavlo Prosecutor", "prosecutor")
    liaison = desk.enrol("Liubov Liaison", "family_liaison")

    file = tmp_path / "case.json"
    file.write_text(json.dumps(family_case()), encoding="utf-8")
    assert desk.read("import", "dvi", file, "--as", examiner)["taken"]["profiles"] == 2

    candidates = desk.read("search", "--as", examiner)["candidates"]
    assert len(candidates) == 2
    unit, person = candidates[0]["unit"], candidates[0]["missing"]
    assert float(candidates[0]["log10_lr"]) > 8

    comparison = desk.read(
        "compare", unit, person, "--as", examiner, "--conclusion", "concordant", "--statement", "Parents and child."
    )
    desk.do("sign", comparison["number"], "--as", f"{examiner}:dna_examiner")
    before = desk.size()
    code, said = desk.attempt("sign", comparison["number"], "--as", f"{examiner}:dna_examiner")
    assert (code, desk.size()) == (3, before), said
    assert desk.read("sign", comparison["number"], "--as", second)["complete"]
    decision = desk.read("board", "lay", comparison["number"], "--as", board[0])["number"]
    for who in board:
        signed = desk.read("sign", decision, "--as", who)
    assert signed["complete"]
    desk.do("board", "notify", decision, "--as", liaison)

    bundle = tmp_path / "bundle"
    desk.do("bundle", bundle, "--as", prosecutor, "--purpose", "disclosure", "--decision", decision)
    verdict = verify(bundle)
    assert verdict.returncode == 0, verdict.stdout
    assert desk.attempt("verify", bundle)[0] == 0

    desk.assert_sound()
    elsewhere = new_database()
    records = desk.read("rebuild", "--into", elsewhere)["records"]
    assert records["identification.Decision"] == 1
    Desk(desk.store, elsewhere).assert_sound()

    leaf = bundle / "log" / "entries.jsonl"
    leaf.write_bytes(leaf.read_bytes().replace(b"identification.certify", b"identification.exclude", 1))
    assert verify(bundle).returncode == 1


def test_a_refused_file_names_the_place_and_files_nothing(tmp_path):
    desk = Desk(tmp_path / "store")
    desk.found()
    examiner = desk.enrol("Zoya Examiner", *EVERYTHING)
    case = family_case()
    case["pm"][1]["genotypes"]["L3"] = ["1", "2", "3"]
    file = tmp_path / "case.json"
    file.write_text(json.dumps(case), encoding="utf-8")
    before = desk.size()
    code, said = desk.attempt("import", "dvi", file, "--as", examiner)
    assert code in (3, 4)
    assert "L3" in said
    assert "V1" in said
    assert desk.size() == before
    desk.assert_sound()


def processor_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_a_lost_key_is_retired_and_the_person_signs_with_another(tmp_path):
    desk = Desk(tmp_path / "store")
    desk.found()
    desk.enrol("Second Administrator", "administrator")
    desk.enrol("Dora Examiner", "dna_examiner")
    before = desk.size()
    said = desk.do("user", "new-key", "Dora Examiner", "--reason", "forgotten", "--as", ADMINISTRATOR)
    assert "has a new key" in said
    # The old key retired; the new one proposed, agreed to by the only administrator of a trial, and in force.
    assert desk.size() == before + 4
    code, said = desk.attempt("user", "new-key", ADMINISTRATOR, "--reason", "forgotten", "--as", ADMINISTRATOR)
    assert code != 0
    assert "another administrator" in said
    assert desk.size() == before + 4
    desk.do("user", "new-key", ADMINISTRATOR, "--reason", "forgotten", "--as", "Second Administrator")
    desk.do("user", "dismiss", "Dora Examiner", "--role", "dna_examiner", "--reason", "left", "--as", ADMINISTRATOR)
    desk.enrol("Pavlo Prosecutor", "prosecutor")
    bundle = tmp_path / "bundle"
    desk.do("bundle", bundle, "--purpose", "for the court", "--recipient", "the court", "--as", "Pavlo Prosecutor")
    verified = verify(bundle)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    desk.assert_sound()
    desk.do("user", "stop-key", "Dora Examiner", "--reason", "stolen", "--as", ADMINISTRATOR)
    code, said = desk.attempt("user", "stop-key", "Dora Examiner", "--reason", "stolen", "--as", ADMINISTRATOR)
    assert code == 3 and "without a signing key in use" in said


def test_help_answers_at_once():
    """In processor time, so that a busy machine fails nobody; on an idle one that is the time one waits."""
    desk, taken = Desk(Path("nowhere")), []
    for _ in range(5):
        begun = processor_seconds()
        assert "Usage: dokaz COMMAND" in desk.do("--help")
        taken.append(processor_seconds() - begun)
    assert min(taken) < 0.3


@pytest.mark.parametrize(("arguments", "code"), [((), 2), (("nonsense",), 2), (("check",), 5), (("--help",), 0)])
def test_exit_codes_say_what_happened(tmp_path, arguments, code):
    assert Desk(tmp_path / "nothing").attempt(*arguments)[0] == code
