"""Bundles of what was erased by order: they hold the order and not the value, and kept ones that show it are taken away."""

import datetime as dt
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from casebook import assert_refused, identified, missing, units

from dokaz.casework.acts import order_erasure
from dokaz.casework.models import ErasureDue, ErasureOrder, JournalOpening
from dokaz.court.assembling import assemble, file, finish, make_bundle
from dokaz.court.erasing import take_away_bundles
from dokaz.court.keeping import drafted, new_draft, place_of
from dokaz.court.redaction import Redaction
from dokaz.errors import InputsChanged, OpeningMissing
from dokaz.identification.models import Comparison, Decision
from dokaz.missing.models import MissingPerson

VERIFY = Path(sys.executable).parent / "dokaz-verify"
DAY = dt.date(2026, 5, 1)


def verdict(folder):
    said = subprocess.run([VERIFY, folder, "--json"], capture_output=True, text=True, timeout=120, check=False)
    return json.loads(said.stdout)


def assert_verifies(folder):
    said = verdict(folder)
    assert said["verdict"] == "verified", said["faults"][:3]
    return said


def bundle_of(house, target, **kwargs):
    return make_bundle(house.store, target, by=house.acting("prosecutor"), clock=house.clock, purpose="Trial", **kwargs)


def erased(house, record, *fields):
    with house.filing("administrator", reason="outside of the mandate") as f:
        return order_erasure(type(record).every.get(pk=record.pk), f, fields=fields, authority="court",
                             document="12/26", ordered_on=DAY)  # fmt: skip


def a_case(house):
    (unit,), (person,) = units(house), missing(house, "Андрій")
    identified(house, unit, person)
    return house


@pytest.fixture
def house(house_after):
    return house_after(a_case)


@pytest.fixture
def case(house):
    return house


def person_of(house):
    return MissingPerson.objects.get(given_name="Андрій")


def test_a_bundle_holds_the_order_and_what_was_erased_is_neither_shown_nor_withheld(case, tmp_path):
    order = erased(case, person_of(case), "given_name")
    bundle_of(case, tmp_path / "bundle")
    said = assert_verifies(tmp_path / "bundle")
    assert [(row["name"], row["order"]) for row in said["erased"]] == [("given_name", order.number)]
    assert said["withheld"] == []


def test_a_bundle_of_one_decision_holds_the_orders_about_what_it_rests_on_and_no_others(case, tmp_path):
    (stranger,) = missing(case, "Чужий")
    own, other = erased(case, person_of(case), "given_name"), erased(case, stranger, "given_name")
    bundle_of(case, tmp_path / "bundle", decision=Decision.objects.get())
    said = assert_verifies(tmp_path / "bundle")
    assert {row["order"] for row in said["erased"]} == {own.number}
    lines = (tmp_path / "bundle/log/entries.jsonl").read_text().splitlines()
    shown = {json.loads(line)["entry"]["record"] for line in lines}
    assert str(own.pk) in shown and str(other.pk) not in shown


def test_what_was_erased_is_not_withheld_besides(case, tmp_path):
    erased(case, person_of(case), "given_name")
    withheld = Redaction("missing.MissingPerson", frozenset({"given_name", "note"}), "B.2", "Court, order 7")
    bundle_of(case, tmp_path / "bundle", redactions=[withheld])
    said = assert_verifies(tmp_path / "bundle")
    assert len(said["erased"]) == 1 and said["withheld"]
    assert {row["what"] for row in said["erased"]}.isdisjoint(row["what"] for row in said["withheld"])


def test_operator_destroys_an_opening_and_an_order_about_something_else_does_not_help(case, tmp_path):
    erased(case, person_of(case), "given_name")
    JournalOpening.objects.filter(name="statement").first().delete()
    assert_refused(OpeningMissing, lambda: bundle_of(case, tmp_path / "bundle"))
    assert not (tmp_path / "bundle").exists()


def test_a_bundle_that_was_written_before_an_order_is_not_filed_after_it(case):
    """It would show what was erased meanwhile."""
    draft, by = new_draft(case.store), case.acting("prosecutor")
    with drafted(draft):
        assembled = assemble(case.store, draft, by=by, at=case.clock(), purpose="Trial")
        erased(case, person_of(case), "given_name")

        def late():
            with case.filing("prosecutor") as f:
                file(f, assembled)

        assert_refused(InputsChanged, late)
    assert not draft.exists()


def kept(case):
    """A bundle that the store keeps, as the pages make it."""
    draft, by = new_draft(case.store), case.acting("prosecutor")
    with drafted(draft):
        assembled = assemble(case.store, draft, by=by, at=case.clock(), purpose="Trial")
        with case.filing("prosecutor") as f:
            made = file(f, assembled)
        finish(case.store, draft, made, place_of(case.store, made))
    return place_of(case.store, made)


def test_a_kept_bundle_that_shows_it_is_taken_away_and_others_stay(case):
    shows = kept(case)
    shutil.copytree(shows, other := shows.with_name("other"))
    manifest = json.loads((other / "bundle.json").read_bytes())
    digest = JournalOpening.objects.get(name="given_name", value='"Андрій"').digest
    manifest["withheld"].append({"digest": digest})
    (other / "bundle.json").write_text(json.dumps(manifest))
    erased(case, person_of(case), "given_name")
    assert not shows.exists() and other.exists()
    assert not ErasureDue.objects.exists()
    shutil.rmtree(other)
    assert_verifies(kept(case))


def test_a_removal_that_was_cut_short_is_finished_and_a_bundle_under_way_is_left_to_its_writer(case):
    shows = kept(case)
    opening = JournalOpening.objects.get(name="given_name", value='"Андрій"')
    shutil.rmtree(shows / "log")
    assert take_away_bundles(case.store, {opening.digest: opening.index}) is True
    assert not shows.exists()
    draft = new_draft(case.store)
    with drafted(draft):
        assemble(case.store, draft, by=case.acting("prosecutor"), at=case.clock(), purpose="Trial")
        assert take_away_bundles(case.store, {opening.digest: opening.index}) is False
        erased(case, person_of(case), "given_name")
        assert draft.exists() and ErasureDue.objects.exists(), "it stays due"
    case.store.publish()
    assert not ErasureDue.objects.exists()


def test_a_comparison_of_which_everything_was_erased_still_stands(case, tmp_path):
    comparison = Comparison.objects.get()
    erased(case, comparison, "inputs", "lines", "per_marker", "statement")
    bundle_of(case, tmp_path / "bundle", decision=Decision.objects.get())
    assert_verifies(tmp_path / "bundle")
    assert ErasureOrder.objects.count() == 1
