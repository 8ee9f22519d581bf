"""Honest histories are changed in what they mean, signed anew by everybody, and read by the verifier and by its naive twin.

What the one accepts the other accepts. ``DOKAZ_FORGED_HISTORIES`` says how many histories are tried of all families together.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import casts
import mutations as m
import pytest
from drafts import Drafts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from naive_twin import refusal
from stores import write_store

import dokaz_verify
from dokaz_verify.store import verify_store

LATEST = "2026-11-30T00:00:00Z"
HISTORIES = int(os.environ.get("DOKAZ_FORGED_HISTORIES", "240"))


@dataclass(frozen=True)
class Family:
    """What is told honestly, and how it is changed."""

    tales: tuple[Callable[[], casts.Cast], ...]
    mutations: tuple[m.Mutation, ...]


ALL = (*m.WHO, *m.WHAT, *m.WHICH, *m.ORDER, *m.TIME, *m.AGREED)
FAMILIES = {
    "custody": Family(
        (casts.custody,), (*m.WHO, m.points_elsewhere, m.in_another_state, m.another_value, m.something_is_done)
    ),
    "birth": Family(
        (casts.decision, casts.missing, casts.custody), (m.in_another_state, *m.WHAT, m.dropped, m.something_is_done)
    ),
    "transition": Family(
        (casts.decision, casts.decisions), (*m.WHAT, m.something_is_done, m.dropped, m.moved, *m.AGREED)
    ),
    "replay": Family(
        (casts.decision, casts.people), (m.filed_twice, m.of_another_record, m.another_header, *m.ORDER, *m.AGREED)
    ),
    "time": Family((casts.people, casts.custody), (*m.TIME, *m.ORDER)),
    "power": Family((casts.people, casts.decision), (*m.WHO, *m.AGREED, m.another_act, m.something_is_done, m.moved)),
    "look-alikes": Family((casts.decisions, casts.custody), (m.looks_alike, m.another_kind, m.one_field_more_or_less)),
    "references": Family((casts.decisions, casts.missing), (*m.WHICH, m.another_value, m.another_agrees)),
    "people": Family(
        (casts.people,), (m.a_key_of_another_spelling, m.a_new_key, *m.WHO, m.another_value, m.something_is_done)
    ),
    "anything": Family((casts.custody, casts.decision, casts.decisions, casts.people, casts.missing), ALL),
}
COUNTED: Counter[str] = Counter()


@cache
def told(tale: Callable[[], casts.Cast]) -> Drafts:
    return Drafts.of(tale())


@pytest.fixture
def memory() -> Path:
    """A folder in memory where there is one: thousands of stores are written."""
    place = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(dir=place if place.is_dir() else None))
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize("name", FAMILIES)
def test_the_verifier_and_its_naive_twin_agree(name: str, memory: Path) -> None:
    family = FAMILIES[name]

    @settings(
        max_examples=max(1, HISTORIES // len(FAMILIES)),
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def tried(data: st.DataObject) -> None:
        def pick(found: object) -> object:
            return data.draw(st.sampled_from(found))

        drafts = told(pick(family.tales)).copied()
        applied = []
        for _ in range(pick([1, 1, 1, 2, 3])):
            mutation = pick(family.mutations)
            applied.append(mutation.__name__)
            mutation(drafts, pick)
        log = drafts.filed()
        why = refusal(log.entries, log.openings, key=log.vkey, latest=LATEST)
        shutil.rmtree(memory / "store", ignore_errors=True)
        found = verify_store(write_store(log, memory / "store"), now=m.time_of(LATEST).astimezone())
        COUNTED[name, bool(why)] += 1
        assert found.verified == (not why), (applied, why, dict(found.counts), found.faults[:2])

    tried()
