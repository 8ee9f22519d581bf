"""Whatever is erased of whatever record, in any order with corrections: check, verifier and rebuild find nothing amiss."""

from __future__ import annotations

import datetime as dt
import itertools
import os
import random
from collections.abc import Iterable
from typing import Any

from django.core import management
from dokaz_verify.store import verify_store
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from put_right_cases import correct, every_kind, void

from dokaz.casework import journal
from dokaz.casework.acts import agree, order_erasure, withdraw_proposal
from dokaz.casework.checking import check
from dokaz.casework.corrections import put_right
from dokaz.casework.models import ErasureDue, ErasureOrder, JournalOpening, ProposalState
from dokaz.casework.rebuilding import rebuild
from dokaz.casework.records import Record, record_kinds
from dokaz.errors import DokazError

STORIES = int(os.environ.get("DOKAZ_ERASURES", "8"))
TEXTS = ("", "said anew", "Ще раз", "[знищено / erased]")


class Telling:
    """One history that goes on from story to story; a refusal leaves nothing."""

    def __init__(self, house: Any) -> None:
        self.house = every_kind(house)
        self.done: set[str] = set()

    def step(self, numbers: list[int]) -> None:
        """One act; which one, on what, these numbers say, whatever there is to choose from."""
        rest = itertools.cycle(numbers)

        def pick(values: Iterable[Any]) -> Any:
            found = list(values)
            return found[next(rest) % len(found)]

        what = pick(
            [self.erase, self.erase, self.erase, self.correct, self.correct, self.void, self.agree, self.withdraw]
        )
        before = journal.size()
        try:
            what(pick)
        except DokazError:
            assert journal.size() == before
        else:
            self.done.add(what.__name__)

    @staticmethod
    def some_record(pick: Any) -> Record:
        kind = pick([each for each in record_kinds() if each.every.exists()])
        return pick(kind.every.order_by("number"))

    def erase(self, pick: Any) -> None:
        record = self.some_record(pick)
        names = [each.name for each in record.content_fields()]
        chosen = pick([[pick(names)], [pick(names), pick(names)], ["reason"], *[[name] for name in names]])
        versions = pick([[], [], [pick(range(1, record.version + 1))]])
        with self.house.filing(pick(["administrator", "investigator"]), reason="tried") as f:
            order_erasure(record, f, fields=chosen, authority=pick(["court", "law"]), document="1",
                          ordered_on=dt.date(2026, 5, 1), versions=versions)  # fmt: skip

    def correct(self, pick: Any) -> None:
        record = self.some_record(pick)
        how = put_right(type(record))
        names = [each.name for each in how.how.fields] if how is not None and how.correct is not None else []
        if names:
            correct(self.house, record, {pick(names): pick(TEXTS)})

    def void(self, pick: Any) -> None:
        record = self.some_record(pick)
        how = put_right(type(record))
        if how is not None and how.void is not None:
            void(self.house, record)

    def agree(self, pick: Any) -> None:
        for order in ErasureOrder.objects.filter(state=ProposalState.PROPOSED).order_by("number")[:1]:
            with self.house.filing("administrator") as f:
                agree(order, f)

    def withdraw(self, pick: Any) -> None:
        for order in ErasureOrder.objects.filter(state=ProposalState.PROPOSED).order_by("-number")[:1]:
            with self.house.filing("administrator", reason="not this court") as f:
                withdraw_proposal(order, f)


def everything() -> list[Any]:
    rows = {kind.kind(): [row.values_to_compare() + [row.erased] for row in kind.every.order_by("pk")]
            for kind in record_kinds()}  # fmt: skip
    return [rows, sorted(JournalOpening.objects.values_list("digest", "index", "salt", "name", "value"))]


def assert_nothing_is_amiss(house: Any) -> None:
    assert [each for each in check(house.store) if not each.file.startswith("keys")] == []
    found = verify_store(house.store.path)
    assert found.verified, found.faults[:3]
    ordered = {row["digest"] for order in ErasureOrder.objects.filter(state="in_force") for row in order.erases}
    assert {each.what for each in found.erased} == ordered
    assert not JournalOpening.objects.filter(digest__in=ordered).exists() and not ErasureDue.objects.exists()


def test_any_sequence_of_erasures_and_corrections_raises_no_alarm(house: Any) -> None:
    told = Telling(house)

    @settings(max_examples=STORIES, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(steps=st.lists(st.lists(st.integers(0, 9_999), min_size=16, max_size=16), min_size=4, max_size=12))
    def story(steps: list[list[int]]) -> None:
        for numbers in steps:
            told.step(numbers)
        assert_nothing_is_amiss(house)

    story()
    # However few orders the stories put in force, one there is: the same steps go on until then.
    numbers = random.Random(7)
    for _turn in range(500):
        if ErasureOrder.objects.filter(state="in_force").exists():
            break
        told.step([numbers.randrange(10_000) for _ in range(16)])
    assert "erase" in told.done and ErasureOrder.objects.filter(state="in_force").exists()
    assert_nothing_is_amiss(house)
    before = everything()
    management.call_command("flush", interactive=False, verbosity=0)
    rebuild(house.store)
    assert everything() == before
    assert_nothing_is_amiss(house)
