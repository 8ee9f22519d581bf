"""Withholding: what is kept back, or left out, so that a rule has nothing to read; what is opened as it was not filed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from builder import Fields, sha
from forgery import GAP, LEFT_OUT, PARTS, WITHHELD, Attacked, forgery

GROUND = ("A.8", "Registry")


def hides(kind: str, name: str, version: int = 0) -> Callable[[Fields, str], tuple[str, str] | None]:
    def ground(entry: Fields, field: str) -> tuple[str, str] | None:
        is_it = entry["kind"] == kind and field == name and version in (0, entry["version"])
        return GROUND if is_it else None

    return ground


def hidden(told: Attacked, kind: str, name: str, version: int = 0) -> dict[str, Any]:
    """Withheld in the bundle, and erased in the store."""
    ground = hides(kind, name, version)
    return {"withhold": ground, "keeps": lambda index, field: ground(told.log.entries[index], field) is None}


@forgery("withholding", by="operator, mortuary, mortuary", finds="field-must-be-open")
def two_of_the_mortuary_sign_a_dna_comparison_and_its_discipline_is_withheld(told: Attacked) -> dict[str, Any]:
    unit, missing = told.typed_pair()
    told.present("mortuary", "mortuary_too")
    told.attack(told.mortuary, told.mortuary_too)
    told.sign_comparison(told.compare(unit, missing, by=told.mortuary), (told.mortuary, told.mortuary_too))
    return hidden(told, "identification.Comparison", "discipline")


@forgery("withholding", by="operator, board", finds="field-must-be-open")
def a_decision_is_born_certified_and_its_state_is_withheld(told: Attacked) -> dict[str, Any]:
    unit, missing = told.unit(), told.missing()
    good = told.signed_comparison(unit, missing)
    told.present("board")
    told.attack(told.board)
    told.decide(unit, missing, [good], state="certified")
    return hidden(told, "identification.Decision", "state")


@forgery("withholding", finds="field-must-be-open", of=[
    "identification.Decision: comparisons", "identification.Decision: recovery_unit", "identification.Decision: question",
    "identification.Decision: certificate_number", "identification.Comparison: conclusion",
    "identification.Comparison: missing_person", "identification.Comparison: superseded_by", "casework.Key: retired_at",
    "casework.Key: public_key", "casework.Key: possession", "casework.Office: role", "casework.Office: until",
    "casework.Assent: sig", "casework.Constitution: sha256", "graves.RecoveryUnit: holder", "graves.RecoveryUnit: state",
])  # fmt: skip
def what_a_rule_reads_is_withheld(told: Attacked, field: str) -> dict[str, Any]:
    told.certified()
    told.attack()
    return hidden(told, *field.split(": "))


@forgery("withholding", finds="constitution-malformed")
def the_constitution_is_withheld(told: Attacked) -> dict[str, Any]:
    told.attack()
    return hidden(told, "casework.Constitution", "rules")


@forgery("withholding", finds="not-blank-at-birth", by="operator, scene")
def what_must_be_blank_at_birth_is_withheld(told: Attacked) -> dict[str, Any]:
    told.present("grave")
    told.attack(told.scene)
    told.registered(lifted_by="a stranger", lifted_at="2024-05-01T00:00:00Z")
    return hidden(told, "graves.RecoveryUnit", "lifted_by")


@forgery("withholding", finds="field-not-declared", only="bundle")
def a_field_is_kept_back_in_silence(told: Attacked) -> dict[str, Any]:
    told.present("scene")
    told.attack()

    def silent(entries: list[Fields], lines: list[Fields]) -> None:
        for line in lines:
            line["openings"] = [each for each in line["openings"] if each[1] != "organisation"]

    return {"change_lines": silent}


@forgery("withholding", finds="file-not-declared", only="bundle")
def a_photograph_is_kept_back_in_silence(told: Attacked) -> dict[str, Any]:
    told.unit()
    told.attack()

    def silent(files: dict[str, bytes]) -> None:
        for path in [each for each in files if each.startswith("files/")]:
            del files[path]

    return {"change_files": silent}


@forgery("withholding", finds="withheld-and-shown", only="bundle")
def a_field_is_withheld_and_shown_with_another_value_beside_it(told: Attacked) -> dict[str, Any]:
    told.attack()
    digest = told.log.entries[0]["fields"]["mandate"]
    row = {"authority": "Registry", "code": "A.8", "digest": digest, "index": 0}
    return {"change_manifest": lambda manifest: manifest["withheld"].append(row)}


@forgery("withholding", finds="withheld-without-ground", only="bundle",
         of=["", " ", "\t\n", "zzz", "b.2", "\u0412.2", "B.2 ", "B.6"])  # fmt: skip
def a_name_is_withheld_without_a_ground(told: Attacked, code: str) -> dict[str, Any]:
    told.attack()
    return {"withhold": lambda entry, name: (code, "Registry") if name == "mandate_reference" else None}


@forgery("withholding", finds="withheld-without-ground", only="bundle", of=["", "-", " \t", "\u200b", "…"])
def a_name_is_withheld_by_nobody(told: Attacked, authority: str) -> dict[str, Any]:
    told.attack()
    return {"withhold": lambda entry, name: ("B.2", authority) if name == "mandate_reference" else None}


@forgery("withholding", unseen=WITHHELD)
def the_names_of_all_who_signed_are_withheld(told: Attacked) -> dict[str, Any]:
    told.certified()
    told.attack()
    return hidden(told, "casework.Person", "name")


@forgery("withholding", unseen=WITHHELD, by="operator, family_liaison")
def a_withheld_field_holds_something_of_another_type(told: Attacked) -> dict[str, Any]:
    told.present("liaison")
    told.attack(told.liaison)
    told.log.file("missing.report", "missing.MissingPerson", told.liaison, {"reported_on": ["Tuesday"]})
    return hidden(told, "missing.MissingPerson", "reported_on")


@forgery("withholding", only="bundle", of=[
    ("casework.Person", "points-to-nothing"), ("casework.Key", "key-unknown"), ("casework.Office", "office-unknown"),
    ("casework.Assent", "assent-not-filed"), ("identification.Comparison", "cited-not-signed"),
])  # fmt: skip
def the_records_of_whom_and_what_a_certificate_speaks_are_left_out(told: Attacked, kind: str) -> dict[str, Any]:
    told.certified()
    told.attack()
    return {"only": lambda entry: entry["kind"] != kind or entry["act"] == "casework.found"}


@forgery("withholding", finds="record-needed", only="bundle")
def the_report_of_whoever_was_identified_is_left_out(told: Attacked) -> dict[str, Any]:
    told.certified()
    told.attack()
    return {"only": lambda entry: entry["kind"] != "missing.MissingPerson"}


@forgery("withholding", finds="record-needed", only="bundle")
def the_remains_to_which_a_certificate_points_are_left_out(told: Attacked) -> dict[str, Any]:
    told.certified()
    told.attack()
    return {"only": lambda entry: entry["kind"] != "graves.RecoveryUnit"}


@forgery("withholding", unseen=LEFT_OUT, only="bundle")
def the_revocation_of_a_certificate_is_left_out(told: Attacked) -> dict[str, Any]:
    told.revoke(certified := told.certified())
    told.attack()
    return {"only": lambda entry: not (entry["record"] == certified and entry["version"] == 3)}


@forgery("withholding", unseen=LEFT_OUT, only="bundle")
def a_whole_comparison_that_contradicts_is_left_out(told: Attacked) -> dict[str, Any]:
    unit, missing = told.unit(), told.missing()
    good = told.signed_comparison(unit, missing)
    against = told.signed_comparison(unit, missing, conclusion="discordant")
    told.certify(told.decide(unit, missing, [good]))
    told.attack()
    return {"only": lambda entry: entry["record"] != against}


@forgery("withholding", finds="version-skipped", only="bundle")
def the_second_of_three_versions_is_left_out(told: Attacked) -> dict[str, Any]:
    told.revoke(certified := told.certified())
    told.attack()
    return {"only": lambda entry: not (entry["record"] == certified and entry["version"] == 2)}


@forgery("withholding", finds="founding-missing", only="bundle")
def the_founding_is_left_out(told: Attacked) -> dict[str, Any]:
    told.attack()
    return {"only": lambda entry: entry["act"] != "casework.found"}


@forgery("withholding", finds="entry-not-there", only="bundle")
def the_manifest_counts_an_entry_that_is_not_shown(told: Attacked) -> dict[str, Any]:
    told.certified()
    told.attack()
    return {"change_lines": lambda entries, lines: entries.pop()}


# --- erasure ----------------------------------------------------------------------------------------------------------


@forgery("erasure", unseen=WITHHELD)
def what_the_court_ordered_destroyed_is_gone(told: Attacked) -> dict[str, Any]:
    told.missing()
    told.attack()
    return hidden(told, "missing.MissingPerson", "note")


@forgery("erasure", finds="field-must-be-open")
def the_state_of_a_superseded_version_is_erased(told: Attacked) -> dict[str, Any]:
    told.revoke(told.certified())
    told.attack()
    return hidden(told, "identification.Decision", "state", 2)


@forgery("erasure", finds="opening-of-nothing", only="bundle")
def an_opening_is_shown_with_another_value(told: Attacked) -> dict[str, Any]:
    told.missing()
    told.attack()

    def changed(entries: list[Fields], lines: list[Fields]) -> None:
        for line in lines:
            line["openings"] = [[s, n, "Іваненко" if n == "family_name" else v] for s, n, v in line["openings"]]

    return {"change_lines": changed}


def rewrite(store: Path, old: bytes, new: bytes, where: str) -> None:
    path = store / where
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new))


@forgery("erasure", finds="opening-of-nothing", only="store")
def an_opening_in_the_store_is_given_another_value(told: Attacked) -> dict[str, Any]:
    told.missing()
    told.attack()
    old, new = '"family_name","Петренко"'.encode(), '"family_name","Іваненко"'.encode()
    return {"spoil": lambda store: rewrite(store, old, new, "openings/000.jsonl")}


@forgery("erasure", finds="opening-of-nothing", only="store")
def a_superseded_opening_in_the_store_is_given_another_salt(told: Attacked) -> dict[str, Any]:
    told.revoke(certified := told.certified())
    told.attack()
    index = next(i for i, e in enumerate(told.log.entries) if (e["record"], e["version"]) == (certified, 1))
    salt = next(salt for salt, name, _ in told.log.openings[index] if name == "reason")
    return {"spoil": lambda store: rewrite(store, salt.encode(), b"0" * 64, "openings/000.jsonl")}


@forgery("erasure", finds="opening-of-nothing", only="bundle")
def an_opening_is_shown_under_the_name_of_another_field(told: Attacked) -> dict[str, Any]:
    told.missing()
    told.attack()

    def renamed(entries: list[Fields], lines: list[Fields]) -> None:
        for line in lines:
            line["openings"] = [[s, "given_name" if n == "family_name" else n, v] for s, n, v in line["openings"]]

    return {"change_lines": renamed}


@forgery("erasure", finds="withheld-what-is-not-there", only="bundle")
def an_erasure_is_declared_of_what_never_was(told: Attacked) -> dict[str, Any]:
    told.attack()
    row = {"authority": "Court", "code": "erased", "digest": sha(b"nothing"), "index": 0}
    return {"change_manifest": lambda manifest: manifest["withheld"].append(row)}


@forgery(
    "erasure", unseen=GAP + "no act orders an erasure; a bundle declares it as any other field withheld", only="bundle"
)
def a_field_is_declared_erased_though_nobody_ordered_it(told: Attacked) -> dict[str, Any]:
    told.missing()
    told.attack()
    return {
        "withhold": lambda entry, name: (
            ("erased", "the order is in the record's next version") if name == "note" else None
        )
    }


@forgery(
    "erasure", unseen=GAP + "a store may lack an opening of a field that no rule reads, ordered or not", only="store"
)
def a_name_is_erased_in_the_store_without_any_order(told: Attacked) -> dict[str, Any]:
    told.missing()
    told.attack()
    return {"keeps": lambda index, name: name != "family_name"}


def entries_of(store: Path) -> Path:
    return next((store / "ledger" / "tile" / "entries").glob("000*/*"))


@forgery("erasure", finds="file-size-differs", only="store")
def the_tile_of_entries_is_cut(told: Attacked) -> dict[str, Any]:
    told.attack()
    return {"spoil": lambda store: entries_of(store).write_bytes(entries_of(store).read_bytes()[:-3])}


@forgery("erasure", finds="file-missing", only="store")
def the_tile_of_entries_is_gone(told: Attacked) -> dict[str, Any]:
    told.attack()
    return {"spoil": lambda store: entries_of(store).unlink()}


@forgery("erasure", finds="entry-malformed", only="store")
def a_byte_of_an_entry_is_changed(told: Attacked) -> dict[str, Any]:
    told.attack()

    def spoiled(store: Path) -> None:
        data = entries_of(store).read_bytes()
        entries_of(store).write_bytes(data.replace(b'"v":2', b'"v":3', 1))

    return {"spoil": spoiled}


@forgery("erasure", finds="entries-not-of-this-head", only="store")
def an_entry_is_taken_out_of_the_middle_and_the_old_head_is_kept(told: Attacked) -> dict[str, Any]:
    told.missing()
    told.unit()
    told.attack()

    def spoiled(store: Path) -> None:
        path = entries_of(store)
        data, place, kept = path.read_bytes(), 0, []
        while place < len(data):
            length = 2 + int.from_bytes(data[place : place + 2], "big")
            kept.append(data[place : place + length])
            place += length
        del kept[7]
        path.write_bytes(b"".join(kept) + kept[-1])

    return {"spoil": spoiled}


@forgery("erasure", finds="tile-of-another-width", only="store")
def bytes_stand_after_the_last_entry_of_a_tile(told: Attacked) -> dict[str, Any]:
    told.attack()
    return {"spoil": lambda store: entries_of(store).write_bytes(entries_of(store).read_bytes() + b"\0\1x")}


@forgery("withholding", unseen=LEFT_OUT, only="bundle", by="operator, board, board")
def the_superseding_of_a_comparison_is_left_out(told: Attacked) -> dict[str, Any]:
    unit, missing = told.unit(), told.missing()
    good = told.signed_comparison(unit, missing)
    told.superseded(good)
    told.present("board", "board_too")
    told.attack(told.board, told.board_too)
    told.certify(told.decide(unit, missing, [good]))
    return {"only": lambda entry: not (entry["record"] == good and entry["version"] == 3)}


@forgery("withholding", unseen=LEFT_OUT, only="bundle", by="operator, board")
def the_dismissal_of_somebody_who_acts_afterwards_is_left_out(told: Attacked) -> dict[str, Any]:
    ready = told.ready_decision()
    told.dismiss(told.board)
    told.attack(told.board)
    told.change("identification.withdraw", ready, told.board, {"state": "withdrawn", "reason": "x"})
    return {"only": lambda entry: entry["act"] != "casework.dismiss"}


@forgery("withholding", unseen=PARTS, only="bundle", by="operator, board, board")
def the_other_certificate_of_the_same_remains_is_left_out(told: Attacked) -> dict[str, Any]:
    first = told.certified()
    unit, missing = told.log.records[first].fields["recovery_unit"], told.missing()
    good = told.signed_comparison(unit, missing)
    told.attack(told.board, told.board_too)
    told.certify(told.decide(unit, missing, [good]))
    return {"only": lambda entry: entry["record"] != first}


def line_of(told: Attacked, record: str, new: bytes) -> dict[str, Any]:
    index = next(i for i, entry in enumerate(told.log.entries) if entry["record"] == record)

    def spoiled(store: Path) -> None:
        path = store / "openings" / "000.jsonl"
        lines = path.read_bytes().split(b"\n")
        lines[index] = new or lines[index - 1]
        path.write_bytes(b"\n".join(lines))

    return {"spoil": spoiled}


@forgery(
    "erasure",
    unseen=GAP + "a line of openings that cannot be read counts as erased, as dokaz check alone says",
    only="store",
)
def a_line_of_openings_is_overwritten_with_noise(told: Attacked) -> dict[str, Any]:
    told.present("board")
    told.attack()
    return line_of(told, told.board.person, b"\xffnoise")


@forgery("erasure", unseen=GAP + "a line of openings in the place of another counts as erased", only="store")
def a_line_of_openings_stands_in_the_place_of_another(told: Attacked) -> dict[str, Any]:
    told.present("board")
    told.attack()
    return line_of(told, told.board.person, b"")


@forgery("erasure", finds="file-not-declared", only="bundle")
def a_photograph_is_gone_from_the_vault(told: Attacked) -> dict[str, Any]:
    told.unit()
    told.attack()
    return {"change_files": lambda files: [files.pop(path) for path in list(files) if path.startswith("files/")]}


@forgery("withholding", only="bundle", by="operator, mortuary", of=[
    ("casework.Transfer", "record-needed"), ("missing.Donor", "record-needed"), ("mortuary.Profile", "record-needed"),
])  # fmt: skip
def the_record_of_which_a_rule_speaks_is_left_out(told: Attacked, kind: str) -> dict[str, Any]:
    unit, missing = told.examined(), told.missing()
    told.reference(told.donor())
    told.compare(unit, missing, profile=told.profile(told.sample(unit)))
    told.attack(told.mortuary)
    return {"only": lambda entry: entry["kind"] != kind}


def with_lines(change: Callable[[list[Fields]], object]) -> dict[str, Any]:
    return {"change_lines": lambda entries, lines: change(lines)}


@forgery("withholding", finds="opening-repeated", only="bundle")
def an_opening_is_shown_twice(told: Attacked) -> dict[str, Any]:
    told.attack()
    return with_lines(lambda lines: lines[0]["openings"].append(lines[0]["openings"][0]))


@forgery("withholding", finds="opening-of-nothing", only="bundle")
def an_opening_is_shown_with_another_entry(told: Attacked) -> dict[str, Any]:
    told.attack()
    return with_lines(lambda lines: lines[1]["openings"].append(lines[0]["openings"].pop()))


@forgery("withholding", finds="opening-without-entry", only="bundle")
def openings_of_no_entry_are_shown(told: Attacked) -> dict[str, Any]:
    told.attack()
    return with_lines(lambda lines: lines.append({"index": 10**6, "openings": lines[0]["openings"]}))


@forgery("withholding", finds="withheld-twice", only="bundle")
def a_field_is_withheld_on_two_authorities(told: Attacked) -> dict[str, Any]:
    told.attack()

    def twice(manifest: Fields) -> None:
        manifest["withheld"].append({**manifest["withheld"][0], "authority": "Ministry"})

    ground = hides("casework.Investigation", "mandate_reference")
    return {"withhold": ground, "change_manifest": twice}
