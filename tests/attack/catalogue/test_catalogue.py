"""Every forgery of the catalogue is found, in a bundle and in a store, by the code that it names.

Or nobody can see it, and the specification says so; or it is not found yet, and the catalogue says what is missing.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import casts
import dokaz_verify
import forged_births  # noqa: F401
import forged_books  # noqa: F401
import forged_corrections  # noqa: F401
import forged_custody  # noqa: F401
import forged_detention  # noqa: F401
import forged_doubts  # noqa: F401
import forged_erasure  # noqa: F401
import forged_faces  # noqa: F401
import forged_founding  # noqa: F401
import forged_log_keys  # noqa: F401
import forged_order  # noqa: F401
import forged_people  # noqa: F401
import forged_references  # noqa: F401
import forged_releases  # noqa: F401
import forged_rules  # noqa: F401
import forged_splits  # noqa: F401
import forged_values  # noqa: F401
import forged_withholding  # noqa: F401
import pytest
from dokaz_verify.store import verify_store
from forgery import CATALOGUE, GAP, Attacked, Forgery
from stores import write_store

FORMAT_FILE = Path(__file__).resolve().parents[3] / "docs" / "ledger-format.md"
FORMAT = FORMAT_FILE.read_text(encoding="utf-8")


def found(row: Forgery, folder: Path) -> tuple[Attacked, dict[str, Counter[str]], bool]:
    """What the verifier says to a forgery, in the bundle and in the store, and whether the bundle withholds something."""
    told = Attacked(row.rules(*row.given) if row.rules else None)
    prosecutor = told.prosecutor
    options: dict[str, Any] = dict(row.build(told, *row.given) or {})
    withheld = options.pop("withheld", None)
    keeps = options.pop("keeps", lambda index, name: True)
    spoil = options.pop("spoil", None)
    if withheld is not None:
        options["withhold"] = lambda entry, name: ("A.8", "Registry") if name == withheld else None
        keeps = lambda index, name: name != withheld  # noqa: E731
    by = told.prosecutor if "prosecutor" in told.__dict__ else prosecutor
    counts = {}
    if row.only != "store":
        told.log.hands = None
        counts["bundle"] = dokaz_verify.verify(told.log.bundle(folder / "bundle", by, **options)).counts
    if row.only != "bundle":
        store = write_store(told.log, folder / "store", keeps=keeps)
        if spoil is not None:
            spoil(store)
        counts["store"] = verify_store(store).counts
    return told, counts, "withhold" in options


@pytest.mark.parametrize("row", CATALOGUE, ids=lambda row: f"{row.family}: {row.name}")
def test_it_is_found(row: Forgery, tmp_path: Path) -> None:
    told, counts, is_withheld = found(row, tmp_path)
    assert told.by == row.by
    if len(counts) == 2:
        # A bundle has its receipt besides, and proofs, which lack what an entry that nobody can read would have said. In a
        # store nothing can be withheld: what a bundle declares so is missing. An opening of two records is there twice.
        of_a_store = {"entries-not-of-this-head", *(["field-not-declared"] if is_withheld else [])}
        of_a_store |= {"opening-repeated"} if "field-of-two-records" in counts["bundle"] else set()
        assert counts["store"].keys() - of_a_store <= counts["bundle"].keys(), counts
    for where, codes in counts.items():
        if row.unseen:
            assert not codes, (where, codes)
        else:
            assert row.finds in codes, (where, codes)


def test_there_are_enough_of_them() -> None:
    assert len(CATALOGUE) >= 120
    assert len({(row.family, row.name) for row in CATALOGUE}) == len(CATALOGUE)


def test_what_nobody_can_see_is_said_in_the_specification() -> None:
    for row in CATALOGUE:
        assert bool(row.finds) != bool(row.unseen), row.name
        assert row.unseen.startswith(GAP) or row.unseen in FORMAT, row.name


def counted_of(families: list[str]) -> list[int]:
    """How many of some families are found, cannot be seen, and are not said yet."""
    rows = [row for row in CATALOGUE if row.family in families]
    gaps = sum(row.unseen.startswith(GAP) for row in rows)
    unseen = sum(bool(row.unseen) for row in rows) - gaps
    return [len(rows) - unseen - gaps, unseen, gaps]


def test_the_threat_model_says_how_many_there_are() -> None:
    text = (FORMAT_FILE.parent / "threat-model.md").read_text(encoding="utf-8")
    table = text.partition("| family |")[2].partition("\n\n")[0].splitlines()[2:]
    said = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    families = [family for families, *_counts in said for family in families.split(", ")]
    assert sorted(families) == sorted({row.family for row in CATALOGUE})
    for names, *counts in said:
        assert [0 if count == "–" else int(count) for count in counts] == counted_of(names.split(", ")), names
    assert f"builds {len(CATALOGUE)} forgeries" in text


@pytest.mark.parametrize(
    "tale",
    [casts.custody, casts.decision, casts.decisions, casts.people, casts.missing, casts.erasures, casts.searches],
)
def test_the_honest_twin_of_a_family_verifies(tale: Any, tmp_path: Path) -> None:
    told = tale()
    bundle = told.log.bundle(tmp_path / "bundle", told.prosecutor)
    assert not dokaz_verify.verify(bundle).counts
    assert not verify_store(write_store(told.log, tmp_path / "store")).counts
