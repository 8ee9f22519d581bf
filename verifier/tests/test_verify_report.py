"""What the verifier says: in two languages, for a person and for a program, and by its exit code."""

from __future__ import annotations

import json
from pathlib import Path

import dokaz_verify
import pytest
from builder import TO_JUDGE
from dokaz_verify.report import as_json, as_text
from findings import verdict
from story import Story
from test_verify_hostile import run


def told(bundle: Path, language: str = "en") -> str:
    return "\n".join(as_text(verdict(bundle), language))


def test_a_sound_bundle_is_verified(sound: Path) -> None:
    found = verdict(sound)
    assert found.verified and found.whole_log and found.faults == ()
    assert found.entries == found.log_size


def test_a_part_of_the_log_verifies_and_says_that_it_is_a_part(story: Story, tmp_path: Path) -> None:
    story.unit()
    keep = story.unit()
    bundle = story.log.bundle(
        tmp_path / "bundle",
        story.prosecutor,
        only=lambda entry: entry["record"] == keep or entry["kind"] != "graves.RecoveryUnit",
    )
    found = verdict(bundle)
    assert found.verified and not found.whole_log
    assert f"{found.entries} of {found.log_size}" in told(bundle)


def test_what_was_filed_while_the_bundle_was_written_is_counted(story: Story, tmp_path: Path) -> None:
    bundle = story.log.bundle(tmp_path / "bundle", story.prosecutor, meanwhile=3)
    found = verdict(bundle)
    assert found.verified, found.faults
    assert found.filed_meanwhile == 3 and found.log_size == story.log.size + 3
    assert not found.whole_log
    assert f"{found.entries} of {found.log_size}" in told(bundle) and "3 entries were filed after" in told(bundle)
    assert json.loads(as_json(found, "en"))["entries"]["filed_meanwhile"] == 3


def test_without_a_key_from_outside_it_says_so_and_prints_the_fingerprint(sound: Path) -> None:
    found = verdict(sound)
    assert found.key is not None and not found.key_from_outside
    text = told(sound)
    assert text.startswith("VERIFIED, provided that the key")
    assert "INSIDE" in text and found.key.fingerprint in text.replace(" ", "") and found.key.text in text


def test_with_a_key_from_outside_it_says_so(sound: Path, tmp_path: Path) -> None:
    key = (sound / "log" / "key").read_text().strip()
    file = tmp_path / "published.vkey"
    file.write_text(key + "\n")
    for given in (key, file):
        out = run(sound, "--key", given)
        assert out.returncode == 0 and out.stdout.startswith("VERIFIED. ")
        assert "the key that you gave" in out.stdout and "INSIDE" not in out.stdout


def test_withheld_fields_are_listed_with_code_and_authority(story: Story, tmp_path: Path) -> None:
    story.unit()
    photo = next(iter(story.log.files))
    bundle = story.log.bundle(
        tmp_path / "bundle",
        story.prosecutor,
        withhold=lambda entry, name: TO_JUDGE if name == "name" else None,
        withhold_files={photo: ("B.1", "Registry")},
    )
    found = verdict(bundle)
    assert found.verified
    assert {row.code for row in found.withheld} == {"B.2"} and len(found.withheld_files) == 1
    text = told(bundle)
    assert "B.2, Trial Chamber, order 7" in text and f"sha256:{photo}" in text and "B.1, Registry" in text


def test_a_fault_names_file_entry_record_and_act(story: Story, tmp_path: Path) -> None:
    story.certify(story.ready_decision(), (story.board,))
    bundle = story.log.bundle(tmp_path / "bundle", story.prosecutor)
    (fault,) = verdict(bundle).faults
    assert (fault.code, fault.act, fault.version) == ("signatures-not-as-many", "identification.certify", 2)
    text = told(bundle)
    for part in (fault.record, f"entry {fault.index}", "identification.certify", "needs 2", "has 1", "does not prove"):
        assert part in text


def test_all_faults_are_named_and_not_the_first_alone(story: Story, tmp_path: Path) -> None:
    story.certify(story.ready_decision(discipline="secondary"), (story.board,))
    bundle = story.log.bundle(tmp_path / "bundle", story.prosecutor)
    (bundle / "index.html").write_bytes(b"<title>Forged</title>\n")
    (bundle / "more").write_bytes(b"")
    (bundle / "log" / "key").write_bytes(b"no key\n")
    expected = {
        "signatures-not-as-many",
        "cited-none-carries",
        "file-size-differs",
        "file-not-listed",
        "file-malformed",
    }
    assert set(verdict(bundle).counts) == expected


def test_it_speaks_ukrainian(sound: Path) -> None:
    (sound / "index.html").write_bytes(b"x")
    out = run(sound, "--language", "uk")
    assert out.returncode == 1
    assert "НЕ ПІДТВЕРДЖЕНО" in out.stdout and "Чого це не доводить" in out.stdout


def test_json_is_for_programs(sound: Path) -> None:
    (sound / "index.html").write_bytes(b"x")
    report = json.loads(run(sound, "--json").stdout)
    assert report["verdict"] == "not verified"
    assert report["fault_counts"] == {"file-size-differs": 1}
    (fault,) = report["faults"]
    assert fault["file"] == "index.html" and fault["says"] and fault["means"] and fault["does_not_prove"]
    assert report["entries"]["whole_log"] is True
    assert report["key"]["from"] == "inside the bundle" and len(report["key"]["fingerprint"]) == 64


@pytest.mark.parametrize("language", ["en", "uk"])
def test_quiet_says_it_by_the_exit_code_alone(sound: Path, language: str) -> None:
    assert (out := run(sound, "--quiet", "--language", language)).returncode == 0 and out.stdout == ""
    (sound / "index.html").unlink()
    assert (out := run(sound, "--quiet", "--language", language)).returncode == 1 and out.stdout == ""
    (sound / "bundle.json").unlink()
    assert (out := run(sound, "--quiet", "--language", language)).returncode == 2 and out.stdout == ""


def test_what_cannot_be_read_exits_with_two(tmp_path: Path, sound: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for arguments in (
        (tmp_path / "absent",),
        (tmp_path / "file",),
        (tmp_path,),
        ("nul\u0001",),
        (sound, "--key", "no key and no file"),
        (sound, "--key", sound / "index.html"),
        (sound, "--key", ""),
        (sound, "--bogus"),
        (),
    ):
        out = run(*arguments)
        assert out.returncode == 2, arguments
        assert "Traceback" not in out.stderr
    assert json.loads(run(tmp_path, "--json").stdout)["verdict"] == "unreadable"


def test_help_documents_the_exit_codes_and_every_option() -> None:
    out = run("--help")
    assert out.returncode == 0
    for part in ("0  verified", "1  something is wrong", "2  the bundle", "--key", "--json", "--quiet", "--language"):
        assert part in out.stdout


def test_verifying_changes_nothing(sound: Path) -> None:
    before = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in sound.rglob("*") if p.is_file()}
    dokaz_verify.verify(sound)
    assert before == {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in sound.rglob("*") if p.is_file()}
