"""Honest histories are changed in what they mean, signed anew by everybody, and read by the verifier and by its naive twin.

What the one accepts the other accepts. ``DOKAZ_FORGED_HISTORIES`` says how many are tried of all families together.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import casts
import dokaz_verify
import mutations as m
import pytest
from builder import Fields, Log, canonical, sha
from dokaz_verify.store import verify_store
from drafts import Drafts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from naive_verifier import refusal
from stores import write_store

LATEST = "2026-11-30T00:00:00Z"
NOW = m.time_of(LATEST).astimezone()
HISTORIES = int(os.environ.get("DOKAZ_FORGED_HISTORIES", "200"))


@dataclass(frozen=True)
class Family:
    """What is told honestly, and how it is changed."""

    tales: tuple[Callable[[], casts.Cast], ...]
    mutations: tuple[m.Mutation, ...]


DONE = m.something_is_done
MORE = (m.the_rules_are_changed, m.a_session_is_of_another, m.an_opening_is_that_of_another, DONE, DONE)
ALL = (*MORE, *m.WHO, *m.WHAT, *m.WHICH, *m.ORDER, *m.TIME, *m.AGREED)
EVERY_TALE = (casts.custody, casts.decision, casts.decisions, casts.people, casts.missing, casts.erasures)
FAMILIES = {
    "custody": Family((casts.custody,), (*m.WHO, m.points_elsewhere, m.another_value, *[DONE] * 4)),
    "birth": Family((casts.decision, casts.missing, casts.custody), (*m.WHAT, m.dropped, DONE, DONE)),
    "transition": Family((casts.decision, casts.decisions), (*m.WHAT, *[DONE] * 6, m.dropped, m.moved, *m.AGREED)),
    "replay": Family(
        (casts.decision, casts.people), (m.filed_twice, m.of_another_record, m.another_header, *m.ORDER, *m.AGREED)
    ),
    "time": Family((casts.people, casts.custody), (*m.TIME, *m.ORDER)),
    "power": Family((casts.people, casts.decision), (*m.WHO, *m.AGREED, *MORE, m.moved)),
    "look-alikes": Family((casts.decisions, casts.custody), (m.looks_alike, m.another_kind, m.one_field_more_or_less)),
    "references": Family((casts.decisions, casts.missing), (*m.WHICH, m.another_value, *[DONE] * 4)),
    "people": Family((casts.people,), (m.a_key_of_another_spelling, m.a_new_key, *m.WHO, m.another_value, DONE)),
    "erasure": Family(
        (casts.erasures,), (*m.WHAT, m.points_elsewhere, m.another_value, m.dropped, m.moved, *m.AGREED, DONE, DONE)
    ),
    "anything": Family(EVERY_TALE, ALL),
}
WITHHOLDING = ("withholding", "openings that are gone")
OF_A_FAMILY = max(1, HISTORIES // (len(FAMILIES) + len(WITHHOLDING)))
tried = settings(max_examples=OF_A_FAMILY, database=None, deadline=None, suppress_health_check=list(HealthCheck))


@cache
def told(tale: Callable[[], casts.Cast]) -> Drafts:
    return Drafts.of(tale())


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder in memory where there is one: thousands of stores are written."""
    place = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(dir=place if place.is_dir() else None))
    yield folder
    shutil.rmtree(folder)


def picking(data: st.DataObject) -> m.Pick:
    return lambda found: data.draw(st.sampled_from(found))


def changed(family: Family, pick: m.Pick) -> tuple[Log, list[str]]:
    """A history of a family after one change, or two, or three; and what was done to it."""
    drafts = told(pick(family.tales)).copied()
    applied = []
    for _ in range(pick([1, 1, 1, 2, 3])):
        mutation = pick(family.mutations)
        applied.append(mutation.__name__)
        mutation(drafts, pick)
    return drafts.filed(), applied


def stored(log: Log, folder: Path, **options: Any) -> dokaz_verify.Verdict:
    shutil.rmtree(folder, ignore_errors=True)
    return verify_store(write_store(log, folder, **options), now=NOW)


def why_refused(log: Log, withheld: frozenset[str] = frozenset()) -> str:
    return refusal(log.entries, shown(log, withheld), key=log.vkey, latest=LATEST, withheld=withheld)


def shown(log: Log, but: frozenset[str] = frozenset()) -> list[Any]:
    """What is opened of each version: neither what was erased, nor what is kept back."""
    return [[each for each in row if sha(canonical(each)) not in but | log.erased] for row in log.openings]


@pytest.mark.parametrize("name", FAMILIES)
def test_the_verifier_and_its_naive_twin_agree(name: str, memory: Path) -> None:
    @tried
    @given(data=st.data())
    def agree(data: st.DataObject) -> None:
        log, applied = changed(FAMILIES[name], picking(data))
        why, found = why_refused(log), stored(log, memory / "store")
        # The twin reads entries, not the checkpoint over them, which a changed log may have taken from its signer.
        of_entries = set(found.counts) - {"checkpoint-of-a-revoked-key"}
        assert (not of_entries) == (not why), (applied, why, dict(found.counts), found.faults[:2])

    agree()


def test_they_agree_on_what_is_erased_in_a_store(memory: Path) -> None:
    @tried
    @given(data=st.data())
    def agree(data: st.DataObject) -> None:
        pick = picking(data)
        log = told(pick(EVERY_TALE)).copied().filed()
        gone = {_somewhere(log, pick) for _ in range(pick([0, 0, 1, 2]))}
        brought_back = pick(sorted(log.erased)) if log.erased and pick([True, False, False]) else ""
        log.erased |= {log.entries[index]["fields"][name] for index, name in gone}
        log.erased -= {brought_back}
        why, found = why_refused(log), stored(log, memory / "store")
        assert found.verified == (not why), (gone, brought_back, why, dict(found.counts), found.faults[:2])

    agree()


def test_they_agree_on_what_a_bundle_withholds(memory: Path) -> None:
    """Of histories that may be forged besides, declared or in silence; the receipt is read as the last entry."""

    @tried
    @given(data=st.data())
    def agree(data: st.DataObject) -> None:
        pick = picking(data)
        if pick([True, False]):
            log, applied = changed(Family((casts.shown,), ALL), pick)
        else:
            log, applied = told(casts.shown).copied().filed(), []
        gone = {_somewhere(log, pick) for _ in range(pick([0, 1, 2]))}
        withheld = frozenset(log.entries[i]["fields"][n] for i, n in gone if n in log.entries[i]["fields"])
        silent = frozenset(pick(sorted(withheld)) for _ in range(pick([0, 0, 1]) if withheld else 0))
        found = bundled(log, memory / "bundle", withheld, silent)
        receipt = json.loads((memory / "bundle/receipt/entry.json").read_bytes())
        openings = json.loads((memory / "bundle/receipt/openings.json").read_bytes())
        why = refusal([*log.entries, receipt], [*shown(log, withheld), openings], key=log.vkey, latest=LATEST,
                      withheld=withheld - silent)  # fmt: skip
        assert found.verified == (not why), (applied, gone, silent, why, dict(found.counts), found.faults[:2])

    agree()


def bundled(log: Log, folder: Path, withheld: frozenset[str], silent: frozenset[str]) -> dokaz_verify.Verdict:
    shutil.rmtree(folder, ignore_errors=True)

    def ground(entry: Fields, name: str) -> tuple[str, str] | None:
        return ("A.8", "Registry") if entry["fields"].get(name) in withheld else None

    def kept_back(manifest: Fields) -> None:
        manifest["withheld"] = [row for row in manifest["withheld"] if row["digest"] not in silent]

    prosecutor = next(who for who in told(casts.shown).people if who.role == "prosecutor")
    log.clock = max(m.time_of(str(log.entries[-1]["at"])), m.time_of("2024-06-01T00:00:00Z")).astimezone()
    return dokaz_verify.verify(log.bundle(folder, prosecutor, withhold=ground, change_manifest=kept_back), now=NOW)


def _somewhere(log: Log, pick: m.Pick) -> tuple[int, str]:
    index = pick(range(len(log.entries)))
    return index, pick(sorted(log.entries[index]["fields"]) or ["reason"])


def test_what_is_harmless_verifies_by_both(memory: Path) -> None:
    """Two filings about different things change places, or somebody files something of their own in between."""

    @tried
    @given(data=st.data())
    def agree(data: st.DataObject) -> None:
        pick = picking(data)
        tale = pick(EVERY_TALE)
        honest, drafts = told(tale).copied().filed(), told(tale).copied()
        rows = drafts.rows
        apart = [i for i in range(5, len(rows) - 1) if _have_nothing_to_do_with_each_other(honest, drafts, i)]
        if apart and pick([True, False]):
            at = pick(apart)
            rows[at].at, rows[at + 1].at = rows[at + 1].at, rows[at].at
            rows[at], rows[at + 1] = rows[at + 1], rows[at]
        else:
            founded = 1 + max(i for i, row in enumerate(rows) if row.to is not None and row.to[0] == "casework.found")
            at = pick(
                [i for i in range(founded, len(rows) + 1) if i == len(rows) or rows[i - 1].filing != rows[i].filing]
            )
            by = drafts.people[0]
            own = m.Draft("casework.deliver", "casework.Delivery", m.str_uuid(at), by, {}, [], rows[at - 1].at, -1, [])
            rows.insert(at, own)
        log = drafts.filed()
        assert not why_refused(log), why_refused(log)
        assert not stored(log, memory / "store").counts

    agree()


def _have_nothing_to_do_with_each_other(log: Log, drafts: Drafts, at: int) -> bool:
    """Two neighbours of two filings, neither of them about people, of which none mentions the other or its things."""
    one, other = drafts.rows[at], drafts.rows[at + 1]
    filings = [row.filing for row in drafts.rows[at - 1 : at + 3]]
    if len(set(filings)) < len(filings) or any(row.kind.startswith("casework.") or row.assents for row in (one, other)):
        return False
    texts = [json.dumps(log.openings[i]) + log.entries[i]["record"] for i in (at, at + 1)]
    named = [{row.record for row in drafts.rows if row.record in text} for text in texts]
    things = {record for record, held in log.records.items() if not held.kind.startswith("casework.")}
    return not (named[0] & named[1] & things)
