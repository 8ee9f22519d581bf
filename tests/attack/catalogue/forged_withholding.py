"""Withholding: what is kept back, or left out, so that a rule has nothing to read; what is opened as it was not filed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from builder import Fields
from forgery import LEFT_OUT, PARTS, WITHHELD, Attacked, forgery

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


@forgery("withholding", unseen=WITHHELD, only="bundle")
def the_names_of_all_who_signed_are_withheld(told: Attacked) -> dict[str, Any]:
    told.certified()
    told.attack()
    return hidden(told, "casework.Person", "name")


@forgery("withholding", unseen=WITHHELD, by="operator, family_liaison", only="bundle")
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
