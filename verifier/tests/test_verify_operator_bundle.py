"""Attacks by whoever runs the system on versions, on the form of entries, and on what a bundle shows.

As in `test_verify_operator`: each names the attack and the one fault that it must raise.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builder import TO_JUDGE, b64, canonical, signed
from findings import assert_faults, codes
from story import Story

# --- versions ---------------------------------------------------------------------------------------------------------


def quarantine(story: Story, unit: str, **more: Any) -> None:
    story.change("graves.quarantine", unit, story.scene, {"state": "quarantined", "reason": "a booby trap"}, **more)


def cleared(story: Story, unit: str) -> None:
    story.change("graves.end_quarantine", unit, story.scene, {"state": "lifted", "reason": "cleared"})


def test_a_version_is_skipped(story: Story, tmp_path: Path) -> None:
    quarantine(story, story.unit(), version=4)
    assert_faults(story, tmp_path, "version-skipped")


def test_a_version_is_left_out_of_the_bundle(story: Story, tmp_path: Path) -> None:
    unit = story.unit()
    quarantine(story, unit)
    cleared(story, unit)
    assert_faults(story, tmp_path / "honest")
    assert_faults(story, tmp_path / "forged", "version-skipped", "rule-restores",
                  only=lambda entry: not (entry["record"] == unit and entry["version"] == 3))  # fmt: skip


def test_the_first_version_is_left_out_of_the_bundle(story: Story, tmp_path: Path) -> None:
    unit = story.unit()
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor,
                                   only=lambda entry: not (entry["record"] == unit and entry["version"] == 1)))  # fmt: skip
    assert found == {"version-skipped"}


def test_a_record_has_two_histories(story: Story, tmp_path: Path) -> None:
    unit = story.unit()
    first = story.log.records[unit]
    quarantine(story, unit)
    story.log.records[unit] = first
    quarantine(story, unit)
    assert_faults(story, tmp_path, "version-filed-twice")


def test_a_version_names_another_predecessor(story: Story, tmp_path: Path) -> None:
    quarantine(story, story.unit(), previous=["0" * 64])
    assert_faults(story, tmp_path, "previous-is-another")


def test_a_version_names_an_older_predecessor(story: Story, tmp_path: Path) -> None:
    unit = story.registered()
    older = story.log.records[unit].leaf
    story.lift(unit)
    quarantine(story, unit, previous=[older])
    assert_faults(story, tmp_path, "previous-is-another")


def test_a_record_is_used_for_two_kinds(story: Story, tmp_path: Path) -> None:
    found = story.log.file("graves.open_grave", "graves.Grave", story.scene, {"site": story.site}, record=story.site)
    assert found == story.site
    assert "kind-changed" in codes(story.log.bundle(tmp_path / "bundle", story.prosecutor))


def test_a_record_starts_twice(story: Story, tmp_path: Path) -> None:
    del story.log.records[story.site]
    story.log.file("graves.open_grave", "graves.Grave", story.scene, {"site": story.site}, record=story.site)
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor))
    assert {"version-filed-twice", "kind-changed"} <= found


ASSENT = {"base": {"root": "0" * 64, "size": 0}, "key": "0" * 64, "office": "00000000-0000-4000-8000-000000000000",
          "sig": b64(bytes(64))}  # fmt: skip


# --- entries that look right ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        {"act": "identification.certifу"},  # the last letter is Cyrillic
        {"act": "graves"},
        {"kind": "graves.recoveryunit"},
        {"kind": "graves.Unit\u0000"},
        {"at": "2026-02-30T00:00:00Z"},
        {"at": "2026-05-04T00:00:00+03:00"},
        {"at": "2026-05-0٤T00:00:00Z"},
        {"v": 1},
        {"v": True},
        {"v": "2"},
        {"version": True},
        {"version": 0},
        {"record": "00000000-0000-0000-0000-00000000000G"},
        {"record": "ABCDEF00-0000-0000-0000-000000000000"},
        {"actor": "0" * 63},
        {"files": ["sha256:" + "0" * 64, "sha256:" + "0" * 64]},
        {"fields": ["1" * 64, "0" * 64]},
        {"fields": {"number": "1" * 63}},
        {"fields": {"number": "1" * 64, "reason": "1" * 64}},
        {"fields": {"numbеr": "1" * 64}},  # the e is Cyrillic
        {"fields": {"": "1" * 64}},
        {"previous": []},
        {"note": "an extra member"},
        {"signatures": []},
        {"assents": {}},
        {"assents": [{"key": "0" * 64}]},
        {"assents": [ASSENT, ASSENT]},
        {"assents": [{**ASSENT, "key": "1" * 64}, ASSENT]},
        {"assents": [{**ASSENT, "note": 1}]},
        {"assents": [{**ASSENT, "sig": "AA=="}]},
        {"assents": [{**ASSENT, "base": {"root": "0" * 64}}]},
        {"base": None},
        {"base": {"root": "0" * 64, "size": -1}},
        {"base": {"root": "0" * 64, "size": True}},
        {"base": {"root": "0" * 63, "size": 1}},
        {"base": {"root": "0" * 64, "size": 1, "note": 1}},
        {"log": "izyum.example/log"},
        {"log": "A" * 64},
        {"office": "0"},
    ],
    ids=lambda header: ascii(next(iter(header.items()))),
)
def test_an_entry_is_not_of_the_form(story: Story, tmp_path: Path, header: dict[str, Any]) -> None:
    # Version 2, where a predecessor is due, unless a first version is meant.
    quarantine(story, story.unit())
    entry = {**story.log.entries[-1], **header}
    story.log.entries[-1] = signed(entry, story.scene.key)
    story.log.rebuild()
    assert "entry-malformed" in codes(story.log.bundle(tmp_path / "bundle", story.prosecutor))


@pytest.mark.parametrize(
    "header", [{"previous": ["0" * 64]}, {"previous": []}, {"previous": ["0" * 64, "1" * 64]}], ids=str
)
def test_a_version_has_as_many_predecessors_as_it_must(story: Story, tmp_path: Path, header: dict[str, Any]) -> None:
    if len(header["previous"]) == 1:
        story.registered()
    else:
        story.unit()
    story.log.entries[-1] = signed({**story.log.entries[-1], **header}, story.scene.key)
    story.log.rebuild()
    assert "entry-malformed" in codes(story.log.bundle(tmp_path / "bundle", story.prosecutor))


@pytest.mark.parametrize("name", ["act", "actor", "assents", "at", "base", "fields", "files", "kind", "log", "office",
                                  "previous", "record", "signature", "v", "version"])  # fmt: skip
def test_an_entry_lacks_a_member(story: Story, tmp_path: Path, name: str) -> None:
    del story.log.entries[-1][name]
    story.log.rebuild()
    if name == "files":
        story.log.entries[-1]["files"] = []

        def leave_off(entries: Lines, openings: Lines) -> None:
            del entries[-1]["entry"]["files"]

        found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor, change_lines=leave_off))
    else:
        found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor))
    assert "entry-malformed" in found


def test_an_entry_is_too_long(story: Story, tmp_path: Path) -> None:
    story.log.file("graves.open_site", "graves.Site", story.scene, {f"f{i}": 0 for i in range(1000)})
    assert "entry-malformed" in codes(story.log.bundle(tmp_path / "bundle", story.prosecutor))


def test_an_entry_is_as_long_as_it_may_be(story: Story, tmp_path: Path) -> None:
    """Files of an entry are many; that alone is no fault, up to 65,535 bytes."""
    entry, openings = story.log.version("graves.open_site", "graves.Site", story.scene, {})
    room = 65_535 - len(canonical(signed(entry, story.scene.key)))
    files = [story.log.keep(b"%d" % number) for number in range((room + 1) // 74)]
    entry["files"] = sorted(f"sha256:{file}" for file in files)
    story.log.append(signed(entry, story.scene.key), openings)
    assert 65_535 - 74 < len(canonical(story.log.entries[-1])) <= 65_535
    assert_faults(story, tmp_path)


def test_a_field_of_another_record_is_claimed(story: Story, tmp_path: Path) -> None:
    other = story.log.file("graves.open_site", "graves.Site", story.scene, {"name": "other"})
    theirs = next(o for o in story.log.records[other].openings if o[1] == "name")
    story.log.file("graves.open_site", "graves.Site", story.scene, openings={"name": theirs})
    assert_faults(story, tmp_path, "field-of-two-records")


def test_a_field_has_the_digest_of_another_name(story: Story, tmp_path: Path) -> None:
    """Known under one name in the first version, and under another in the second."""
    held = {o[1]: o for o in story.log.records[story.site].openings}
    story.change("graves.open_site", story.site, story.scene, {},
                 openings={"name": held["description"], "description": (story.log.salt(), "description", "x")})  # fmt: skip
    assert "field-under-two-names" in codes(story.log.bundle(tmp_path / "bundle", story.prosecutor))


def test_a_field_is_opened_under_the_name_of_another(story: Story, tmp_path: Path) -> None:
    """The entry says `name`; what is opened says `description`."""
    wrong = (story.log.salt(), "description", "x")
    story.log.file("graves.open_site", "graves.Site", story.scene, openings={"name": wrong})
    assert_faults(story, tmp_path, "opening-of-nothing", "field-not-declared")


# --- the bundle that the operator makes -------------------------------------------------------------------------------


def names(entry: dict[str, Any], name: str) -> tuple[str, str] | None:
    return TO_JUDGE if name == "name" else None


def test_withheld_names_that_are_declared_are_no_fault(story: Story, tmp_path: Path) -> None:
    story.tell()
    assert_faults(story, tmp_path, withhold=names)


def test_redaction_is_not_declared(story: Story, tmp_path: Path) -> None:
    assert_faults(story, tmp_path, "field-not-declared", withhold=names, change_manifest=lambda m: m["withheld"].pop())


def test_redaction_without_a_code(story: Story, tmp_path: Path) -> None:
    assert_faults(story, tmp_path, "withheld-without-ground", withhold=names,
                  change_manifest=lambda m: m["withheld"][0].update(code=" "))  # fmt: skip


def test_redaction_without_an_authority(story: Story, tmp_path: Path) -> None:
    assert_faults(story, tmp_path, "withheld-without-ground", withhold=names,
                  change_manifest=lambda m: m["withheld"][0].update(authority=""))  # fmt: skip


def test_redaction_is_declared_twice(story: Story, tmp_path: Path) -> None:
    assert_faults(story, tmp_path, "withheld-twice", withhold=names,
                  change_manifest=lambda m: m["withheld"].append(m["withheld"][0]))  # fmt: skip


def test_redaction_is_declared_for_what_does_not_exist(story: Story, tmp_path: Path) -> None:
    row = {"authority": "X", "code": "B.2", "digest": "0" * 64, "index": 5}
    assert_faults(story, tmp_path, "withheld-what-is-not-there", change_manifest=lambda m: m["withheld"].append(row))


def test_redaction_is_declared_with_another_entry(story: Story, tmp_path: Path) -> None:
    assert_faults(story, tmp_path, "withheld-what-is-not-there", withhold=names,
                  change_manifest=lambda m: m["withheld"][0].update(index=2))  # fmt: skip


def test_what_is_declared_as_withheld_is_shown(story: Story, tmp_path: Path) -> None:
    row = {"authority": "X", "code": "B.2", "digest": story.log.entries[0]["fields"]["name"], "index": 0}
    assert_faults(story, tmp_path, "withheld-and-shown", change_manifest=lambda m: m["withheld"].append(row))


def test_a_withheld_file_that_is_declared_is_no_fault(story: Story, tmp_path: Path) -> None:
    story.unit()
    photo = next(iter(story.log.files))
    assert_faults(story, tmp_path, withhold_files={photo: TO_JUDGE})


def test_a_file_is_withheld_without_saying_so(story: Story, tmp_path: Path) -> None:
    story.unit()
    photo = next(iter(story.log.files))
    assert_faults(story, tmp_path, "file-not-declared", withhold_files={photo: TO_JUDGE},
                  change_manifest=lambda m: m["withheld_files"].clear())  # fmt: skip


def test_a_file_is_withheld_and_enclosed(story: Story, tmp_path: Path) -> None:
    story.unit()
    photo = next(iter(story.log.files))
    row = {"authority": "X", "code": "B.2", "file": f"sha256:{photo}", "index": story.log.size - 1}
    assert_faults(story, tmp_path, "withheld-and-shown", change_manifest=lambda m: m["withheld_files"].append(row))


def test_a_file_is_enclosed_that_no_entry_names(story: Story, tmp_path: Path) -> None:
    stray = story.log.keep(b"planted")
    assert_faults(story, tmp_path, "file-of-no-entry",
                  change_files=lambda files: files.update({f"files/{stray}": b"planted"}))  # fmt: skip


def test_a_redacted_file_is_a_file_of_its_own(story: Story, tmp_path: Path) -> None:
    unit = story.unit()
    original = next(iter(story.log.files))
    redacted = story.log.keep(b"\xff\xd8 with a black box")
    story.log.file("graves.photograph", "graves.Photograph", story.scene, {"unit": unit}, files=[redacted])
    assert_faults(story, tmp_path, withhold_files={original: TO_JUDGE})


def test_a_file_has_the_name_of_another(story: Story, tmp_path: Path) -> None:
    story.unit()
    photo = next(iter(story.log.files))
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor,
                                   change_files=lambda files: files.update({f"files/{photo}": b"forged"})))  # fmt: skip
    assert found == {"file-not-named-by-its-hash", "file-not-declared", "file-of-no-entry"}


Lines = list[dict[str, Any]]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda e, o: e.append(e[-1]), {"entries-out-of-order"}),
        (lambda e, o: e.reverse(), {"entries-out-of-order", "entry-not-there", "opening-without-entry"}),
        (lambda e, o: e[-1].update(index=5), {"entries-out-of-order"}),
        (lambda e, o: e[-1].update(index=10_000), {"entry-beyond-the-log", "entry-not-there", "entry-not-listed"}),
        (lambda e, o: e[-1].update(index=-1), {"entry-malformed", "entry-not-there"}),
        (lambda e, o: e[-1]["proof"].pop(), {"proof-malformed"}),
        (lambda e, o: e[-1]["proof"].append(e[-1]["proof"][0]), {"proof-malformed"}),
        (lambda e, o: e[-1]["proof"].reverse(), {"entry-not-in-the-log"}),
        (lambda e, o: e[-1].update(proof=[1, 2]), {"entry-malformed"}),
        (lambda e, o: e[-1].update(proof="no"), {"entry-malformed"}),
        (lambda e, o: e[-1].update(more=1), {"entry-malformed"}),
        (lambda e, o: o.append(o[-1]), {"openings-out-of-order", "opening-repeated"}),
        (lambda e, o: o[-1]["openings"].append(o[-1]["openings"][0]), {"opening-repeated"}),
        (lambda e, o: o[-1]["openings"].append(["0" * 64, "state", 1]), {"opening-of-nothing"}),
        (lambda e, o: o[-1].update(openings=5), {"opening-malformed", "field-not-declared"}),
        (lambda e, o: o[1].update(openings=5), {"opening-malformed", "constitution-malformed"}),
        (lambda e, o: o[0].update(index="0"), {"opening-malformed", "constitution-malformed"}),
        (lambda e, o: o.reverse(), {"openings-out-of-order"}),
        (lambda e, o: o[-1]["openings"][0].__setitem__(2, "forged"), {"opening-of-nothing", "field-not-declared"}),
        (lambda e, o: o[-1]["openings"][0].__setitem__(0, "short"), {"opening-malformed", "field-not-declared"}),
        (lambda e, o: o[-1]["openings"][0].__setitem__(1, "stаte"), {"opening-malformed", "field-not-declared"}),
        (lambda e, o: o[-1]["openings"][0].append(1), {"opening-malformed", "field-not-declared"}),
        (lambda e, o: o[-1].update(index=10_000), {"opening-without-entry", "field-not-declared"}),
        (lambda e, o: o[-1].update(openings=[]), {"opening-malformed", "field-not-declared"}),
    ],
)  # fmt: skip
def test_the_lines_of_the_log_are_tampered_with(
    story: Story, tmp_path: Path, change: Callable[[Lines, Lines], None], expected: set[str]
) -> None:
    story.unit()
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor, change_lines=change))
    assert expected <= found


def test_an_opening_stands_with_a_later_entry(story: Story, tmp_path: Path) -> None:
    unit = story.unit()
    quarantine(story, unit)
    carried = next(o for o in story.log.records[unit].openings if o[1] == "description")

    def move(entries: Lines, openings: Lines) -> None:
        openings[-3]["openings"].remove(list(carried))
        openings[-1]["openings"].append(list(carried))

    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor, change_lines=move))
    assert found == {"opening-with-a-later-entry", "field-not-declared"}


def test_entries_of_another_log_are_mixed_in(story: Story, tmp_path: Path) -> None:
    other = Story(seed=2)
    other.unit()
    story.unit()

    def mix(entries: Lines, openings: Lines) -> None:
        entries[-1]["entry"] = other.log.entries[-1]

    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor, change_lines=mix))
    assert {"entry-not-in-the-log", "log-is-another", "key-unknown", "office-unknown"} <= found
