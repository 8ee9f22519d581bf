"""An opening may be missing only where an order that two administrators put in force names that very field and version."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builder import TO_JUDGE, Fields, canonical, sha
from dokaz_verify import report
from dokaz_verify.store import verify_store
from findings import assert_faults, codes, verdict, withholding, without
from story import Story


def codes_of_store(story: Story, folder: Path) -> set[str]:
    return set(verify_store(story.log.store(folder / "store")).counts)


def assert_found(story: Story, folder: Path, *expected: str, **bundle: Any) -> None:
    """In the bundle of the whole log, and in the store."""
    assert_faults(story, folder, *expected, **bundle)
    assert codes_of_store(story, folder) == set(expected)


# --- honest -----------------------------------------------------------------------------------------------------------


def test_what_was_ordered_and_carried_out_verifies_and_is_told(story: Story, tmp_path: Path) -> None:
    missing = story.missing()
    made = story.erase(missing, "family_name", "note")
    assert_found(story, tmp_path)
    found, order = verdict(tmp_path / "bundle"), story.log.records[made].fields["number"]
    assert {row.order for row in found.erased} == {order}
    assert {(row.name, row.authority, row.document) for row in found.erased} == {
        ("family_name", "court", "Court 7/24"), ("note", "court", "Court 7/24")}  # fmt: skip
    assert {row.what for row in found.erased} == story.log.erased
    text = "\n".join(report.as_text(found, "en"))
    assert f"{order}, court, Court 7/24: 2" in text and "Withheld: nothing." in text
    assert f"{order}, court, Court 7/24: 2" in "\n".join(report.as_text(found, "uk"))
    assert f"{order}, court, Court 7/24: 2" in "\n".join(report.as_text(verify_store(tmp_path / "store"), "en"))


def test_a_record_goes_on_after_an_erasure(story: Story, tmp_path: Path) -> None:
    missing = story.missing()
    story.erase(missing, "family_name")
    story.change("missing.verify", missing, story.liaison, {"state": "verified"})
    assert_found(story, tmp_path)


def test_one_version_is_erased_and_another_stays(story: Story, tmp_path: Path) -> None:
    missing = story.missing()
    story.change("missing.correct_report", missing, story.liaison, {"note": "another", "reason": "misread"})
    story.erase(missing, "note", versions=[1])
    assert_found(story, tmp_path)


def test_an_order_in_force_about_records_outside_of_a_part(story: Story, tmp_path: Path) -> None:
    missing, other = story.missing(), story.missing()
    story.erase(missing, "note")
    story.erase(other, "note")
    assert codes(story.log.bundle(tmp_path / "part", story.prosecutor, only=without(missing))) == set()


def test_in_a_trial_one_administrator_is_enough(tmp_path: Path) -> None:
    story = Story(founders=1)
    story.erase(story.missing(), "note")
    assert_found(story, tmp_path)


def test_a_bundle_from_before_the_order_shows_everything(story: Story, tmp_path: Path) -> None:
    missing = story.missing()
    rows = story.erases(missing, "note")
    story.order_erasure(missing, rows)
    assert_found(story, tmp_path)


# --- missing, and no order covers it ----------------------------------------------------------------------------------


def test_an_opening_is_missing_without_any_order(story: Story, tmp_path: Path) -> None:
    story.destroy(story.erases(story.missing(), "family_name"))
    assert_found(story, tmp_path, "field-not-declared")


def test_an_order_that_was_only_proposed(story: Story, tmp_path: Path) -> None:
    missing = story.missing()
    rows = story.erases(missing, "note")
    story.order_erasure(missing, rows)
    story.destroy(rows)
    assert_found(story, tmp_path, "field-not-declared")


def test_an_order_that_was_withdrawn(story: Story, tmp_path: Path) -> None:
    missing = story.missing()
    rows = story.erases(missing, "note")
    story.withdraw(story.order_erasure(missing, rows))
    story.destroy(rows)
    assert_found(story, tmp_path, "field-not-declared")


@pytest.mark.parametrize("names", [("family_name",), ("given_name", "born")])
def test_an_order_for_other_fields(story: Story, tmp_path: Path, names: tuple[str, ...]) -> None:
    missing = story.missing()
    story.erase(missing, *names)
    story.destroy(story.erases(missing, "note"))
    assert_found(story, tmp_path, "field-not-declared")


def test_an_order_for_another_record(story: Story, tmp_path: Path) -> None:
    story.erase(story.missing(), "note")
    story.destroy(story.erases(story.missing(), "note"))
    assert_found(story, tmp_path, "field-not-declared")


def test_an_order_for_another_version(story: Story, tmp_path: Path) -> None:
    missing = story.missing()
    story.change("missing.correct_report", missing, story.liaison, {"note": "another", "reason": "misread"})
    story.erase(missing, "note", versions=[1])
    story.destroy(story.erases(missing, "note", versions=[2]))
    assert_found(story, tmp_path, "field-not-declared")


def test_an_order_is_left_out_of_the_bundle(story: Story, tmp_path: Path) -> None:
    order = story.erase(story.missing(), "note")
    part = story.log.bundle(tmp_path / "part", story.prosecutor, only=without(order))
    assert codes(part) == {"field-not-declared"}


# --- shown, or withheld, all the same ---------------------------------------------------------------------------------


def test_an_order_was_not_carried_out(story: Story, tmp_path: Path) -> None:
    missing = story.missing()
    story.put_in_force(story.order_erasure(missing, story.erases(missing, "note")))
    assert_found(story, tmp_path, "erased-and-shown")


def test_what_was_erased_is_declared_as_withheld(story: Story, tmp_path: Path) -> None:
    missing = story.missing()
    story.put_in_force(story.order_erasure(missing, story.erases(missing, "note")))
    assert_faults(story, tmp_path, "withheld-and-erased", withhold=withholding(missing, "note"))


# --- what an order may name -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["state", "number", "same_as", "delivery", "voided"])
def test_what_a_rule_reads_links_and_numbers_are_never_erased(story: Story, tmp_path: Path, name: str) -> None:
    story.erase(story.missing(), name)
    assert "rule-erases" in codes(story.log.bundle(tmp_path / "bundle", story.prosecutor))
    assert "rule-erases" in codes_of_store(story, tmp_path)


def test_what_is_blank_at_birth_is_not_erased(story: Story, tmp_path: Path) -> None:
    unit = story.registered()
    story.erase(unit, "lifted_by")
    assert_found(story, tmp_path, "rule-erases", "field-must-be-open")


@pytest.mark.parametrize("kind", ["casework.ErasureOrder", "casework.Key", "casework.Office", "casework.Constitution"])
def test_orders_keys_offices_and_constitutions_are_never_erased(story: Story, tmp_path: Path, kind: str) -> None:
    story.erase(story.missing(), "note")
    record = next(entry["record"] for entry in reversed(story.log.entries) if entry["kind"] == kind)
    rows = story.erases(record, "reason")
    story.put_in_force(story.order_erasure(record, rows))
    assert {"rule-erases", "erased-and-shown"} == codes_of_store(story, tmp_path)


def other(row: Fields, **changed: Any) -> list[Fields]:
    return [{**row, **changed}]


@pytest.mark.parametrize("change", [
    lambda row, story: other(row, version=2),
    lambda row, story: other(row, field="note2"),
    lambda row, story: other(row, field="clothing"),
    lambda row, story: other(row, record=story.log.uuid()),
    lambda row, story: other(row, record=story.missing()),
    lambda row, story: other(row, digest="0" * 64),
    lambda row, story: other(row, digest=row["digest"].upper()),
    lambda row, story: other(row, version=True),
    lambda row, story: other(row, more=1),
    lambda row, story: [row["digest"]],
    lambda row, story: [None],
], ids=range(11))  # fmt: skip
def test_an_order_names_what_there_is_not(
    story: Story, tmp_path: Path, change: Callable[[Fields, Story], list[Any]]
) -> None:
    missing = story.missing()
    (row,) = story.erases(missing, "note")
    named = change(row, story)
    story.put_in_force(story.order_erasure(missing, named))
    assert_found(story, tmp_path, "rule-erases")
    story.destroy([row])
    assert codes_of_store(story, tmp_path / "erased") == {"rule-erases", "field-not-declared"}


def test_an_order_of_what_is_filed_later(story: Story, tmp_path: Path) -> None:
    """A blank order, by somebody who knows already with which salt they will say what ought not to be said."""
    missing = story.missing()
    opening = (story.log.salt(), "note", "said later")
    blank = {"digest": sha(canonical(opening)), "field": "note", "record": missing, "version": 2}
    story.put_in_force(story.order_erasure(missing, [blank]))
    told = {"note": "said later", "reason": "heard"}
    story.change("missing.correct_report", missing, story.liaison, told, openings={"note": opening})
    assert story.erases(missing, "note", versions=[2]) == [blank]
    story.destroy([blank])
    assert_found(story, tmp_path, "rule-erases", "field-not-declared")


def test_an_order_names_a_version_that_only_carries_the_value_on(story: Story, tmp_path: Path) -> None:
    missing = story.missing()
    story.change("missing.verify", missing, story.liaison, {"state": "verified"})
    (row,) = story.erases(missing, "note")
    story.put_in_force(story.order_erasure(missing, other(row, version=2)))
    story.destroy([row])
    assert_found(story, tmp_path, "rule-erases", "field-not-declared")


@pytest.mark.parametrize(("name", "value"), [("erases", []), ("document", ""), ("reason", "")])
def test_an_order_says_what_why_and_by_which_document(story: Story, tmp_path: Path, name: str, value: Any) -> None:
    missing = story.missing()
    story.put_in_force(story.order_erasure(missing, story.erases(missing, "note"), **{name: value}))
    story.destroy(story.erases(missing, "note"))
    found = {"rule-holds", *(["field-not-declared"] if name == "erases" else [])}
    assert_found(story, tmp_path, *found)


def test_an_order_on_an_authority_that_there_is_not(story: Story, tmp_path: Path) -> None:
    missing = story.missing()
    story.put_in_force(story.order_erasure(missing, story.erases(missing, "note"), authority="the operator"))
    story.destroy(story.erases(missing, "note"))
    assert_found(story, tmp_path, "value-not-of-its-type")


# --- who orders -------------------------------------------------------------------------------------------------------


def test_one_administrator_alone(story: Story, tmp_path: Path) -> None:
    story.erase(story.missing(), "note", signers=[story.admin])
    assert_found(story, tmp_path, "signatures-not-as-many")


def test_an_order_is_in_force_from_its_proposal_on(story: Story, tmp_path: Path) -> None:
    missing = story.missing()
    rows = story.erases(missing, "note")
    story.order_erasure(missing, rows, state="in_force")
    story.destroy(rows)
    assert_found(story, tmp_path, "born-in-another-state")


def test_somebody_of_another_office_orders(story: Story, tmp_path: Path) -> None:
    missing = story.missing()
    story.order_erasure(missing, story.erases(missing, "note"), by=story.liaison)
    assert_found(story, tmp_path, "role-may-not-act")


def test_the_order_itself_is_not_shown(story: Story, tmp_path: Path) -> None:
    order = story.erase(story.missing(), "note")
    hidden = lambda entry, name: TO_JUDGE if entry["record"] == order and name == "erases" else None  # noqa: E731
    assert_faults(story, tmp_path, "field-must-be-open", "rule-holds", "field-not-declared", withhold=hidden)
