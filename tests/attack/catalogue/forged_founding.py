"""Foundings: by one who says that they are two, and trials that would be something else."""

from __future__ import annotations

import contextlib
from typing import Any

from builder import Fields, Who
from forgery import Attacked, forgery


def refounded(told: Attacked, other: Attacked) -> None:
    """The log begins as another does."""
    told.log.entries, told.log.openings = other.log.entries, other.log.openings
    told.log.records, told.log.clock = other.log.records, other.log.clock
    told.known, told.admin, told.admin_too = other.known, other.admin, other.admin_too
    told.log.rebuild()
    told.prosecutor = told.enrol("prosecutor")


class InPieces(Attacked):
    """Founded in as many filings as there are entries, where one is due."""

    def _found(self, founders: int = 2) -> list[Who]:
        own, self.log.filing = self.log.filing, contextlib.nullcontext  # type: ignore[method-assign]
        admins = super()._found(founders)
        self.log.filing = own  # type: ignore[method-assign]
        return admins


@forgery("founding", finds="founding-wrong")
def a_log_is_founded_in_pieces(told: Attacked) -> None:
    refounded(told, InPieces())
    told.attack()


class Claimed(Attacked):
    """Founded by one; the second is named, and their assent to the founding is forged, or is not there."""

    forged = False

    def sign_founding(self, admin: Who, **changed: Any) -> None:
        if self.forged:
            super().sign_founding(admin.with_key(self.log.stray), **changed)


class Forged(Claimed):
    """Somebody else signs the founding in the name of the second administrator."""

    forged = True


@forgery("founding", by="operator, administrator", finds="founding-not-signed")
def a_founding_that_one_signed_is_claimed_by_two(told: Attacked) -> None:
    refounded(told, Claimed())
    told.attack(told.admin)


@forgery("founding", by="operator, administrator", finds="key-unknown")
def a_founding_is_signed_for_the_second_administrator_with_another_key(told: Attacked) -> None:
    refounded(told, Forged())
    told.attack(told.admin)


class Twice(Attacked):
    """Founded by one administrator, twice: under one key, or under one person."""

    same: tuple[str, ...] = ("public_key", "possession")

    def founding_rows(self, *admins: Who) -> list[tuple[str, str, Fields]]:
        rows = super().founding_rows(*admins)
        theirs = rows[3][2]
        rows[6][2].update({name: theirs[name] for name in self.same})
        if "person" in self.same:
            rows[7][2].update(person=theirs["person"])
        self.first = admins[0]
        return rows

    def sign_founding(self, admin: Who, **changed: Any) -> None:
        super().sign_founding(admin.with_key(self.first.key), **changed)


class OfOnePerson(Twice):
    """The second key and the second office are of the first person."""

    same = ("person",)

    def sign_founding(self, admin: Who, **changed: Any) -> None:
        Attacked.sign_founding(self, admin, **changed)


@forgery("founding", by="operator, administrator", finds="key-in-two-records")
def one_key_founds_as_two_administrators(told: Attacked) -> None:
    refounded(told, Twice())
    told.attack(told.admin)


@forgery("founding", by="operator, administrator", finds="founding-wrong")
def one_person_founds_as_two_administrators(told: Attacked) -> None:
    refounded(told, OfOnePerson())
    told.attack(told.admin)


class Trial(Attacked):
    """One administrator founds it."""

    def _found(self, founders: int = 1) -> list[Who]:
        return super()._found(1)


@forgery("founding", by="operator, administrator", finds="founding-missing", only="bundle")
def the_mark_of_a_trial_is_stripped_with_the_founding(told: Attacked) -> dict[str, Any]:
    """What says that one founded it is left out: neither a trial is shown, nor a log of an investigation."""
    refounded(told, Trial())
    told.attack(told.admin)
    return {"only": lambda entry: entry["act"] != "casework.found" or entry["kind"] == "casework.Constitution"}


@forgery("founding", by="operator, administrator", finds="founded-twice")
def the_mark_of_a_trial_is_stripped_by_founding_it_again(told: Attacked) -> None:
    refounded(told, Trial())
    told.attack(told.admin)
    other = told.stranger("administrator")
    with told.log.filing():
        for kind, record, fields in told.administrator_rows(other):
            told.log.file("casework.found", kind, told.admin, fields, record=record)
    told.sign_founding(other)
