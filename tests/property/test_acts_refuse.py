"""Every act, called from Python with hostile values: it files what holds and can be read, or refuses and writes nothing.

The acts are those of the registry, and values are made for whatever their signatures ask for; so a new act is tried too.
"""

import datetime as dt
import inspect
import io
import os
import typing
import uuid
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from decimal import Decimal

import pytest
from casebook import a_grave, a_profile, compare, identified, lay, missing, told, units
from django.contrib.auth.models import User
from django.db import models, transaction
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dokaz.casework import journal
from dokaz.casework.checking import _check_table, ordered_by_the_journal
from dokaz.casework.filing import filing
from dokaz.casework.models import Account
from dokaz.casework.records import Record, kind_named, record_kinds
from dokaz.casework.registry import acts
from dokaz.errors import DokazError
from dokaz.ledger import UnlockedKey
from dokaz.ledger.personal import from_seed
from dokaz.pages.ways import address_of
from dokaz.vault import Readable, StagedFile

# Calls of each act. DOKAZ_CALLS_OF_AN_ACT=300 tries harder.
CALLS = int(os.environ.get("DOKAZ_CALLS_OF_AN_ACT", "30"))

HOSTILE_TEXTS = [
    "",
    " ",
    "\0",
    "a\x1bb",
    "\u202eabc",
    "x" * 100_000,
    "nowhere",
    "../../etc/passwd",
    "NaN",
    "2099-01-01",
    "-1",
]
WRONG_KINDS = [None, True, 7, -1, 2.5, float("nan"), b"bytes", [], {}, [[]], {"a": 1}, object(), 10**30]
TEXTS = ["Вигаданий", "01", "LIS", "EPSG:32637", "B", "femur:left", "identify", "1990", "0.5", "a" * 64]
VOCABULARY = sorted(
    {
        str(value)
        for kind in record_kinds()
        for field in kind._meta.concrete_fields
        for value, _label in field.flatchoices
    }
    | set(acts())
)


def kinds_below(kind):
    """Kinds of records that fit an annotation; an abstract kind stands for all below it."""
    return [one for one in record_kinds() if issubclass(one, kind)]


def fitting(kind, found):
    """Values of the kind that a signature states, good ones and bad ones of that kind."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if kind is type(None):
        return st.none()
    if inner and origin in (typing.Union, type(int | str)):
        return st.one_of(*(fitting(one, found) for one in inner))
    if origin is tuple and inner[-1] is not ...:
        return st.tuples(*(fitting(one, found) for one in inner))
    if origin is not None and issubclass(origin, typing.Mapping.__origin__):
        return st.dictionaries(fitting(inner[0], found), fitting(inner[1], found), max_size=2)
    if origin is not None:
        return st.lists(fitting(inner[0], found), max_size=2)
    if kind in (typing.Any, object):
        return st.sampled_from(["x", 1, None, 0.5, ["x"], {"x": "y"}, {1: 2}, object()])
    if typing.is_typeddict(kind):
        return st.fixed_dictionaries({name: fitting(one, found) for name, one in typing.get_type_hints(kind).items()})
    if kind is StagedFile:
        return st.nothing()
    if kind is Readable:
        return st.builds(io.BytesIO, st.binary(max_size=8))
    if kind is UnlockedKey:
        return st.just(from_seed(b"7" * 32))
    if is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return st.builds(kind, **{one.name: fitting(hints[one.name], found) for one in fields(kind)})
    if isinstance(kind, type) and issubclass(kind, Record):
        return st.sampled_from([one for each in kinds_below(kind) for one in found.get(each, [each()])])
    return {
        str: st.sampled_from([*TEXTS, *VOCABULARY, *HOSTILE_TEXTS, *found["numbers"]]),
        int: st.sampled_from([0, 1, -1, 5, 170, 10**6, 10**30]),
        bool: st.booleans(),
        bytes: st.binary(max_size=8),
        uuid.UUID: st.sampled_from([uuid.UUID(int=0), uuid.UUID(int=7), *found["ids"]]),
        Decimal: st.sampled_from([Decimal("1.5"), Decimal("NaN"), Decimal("Infinity"), Decimal("1e99"), Decimal(-200)]),
        dt.date: st.sampled_from([dt.date(2026, 5, 1), dt.date(2099, 1, 1), dt.date(1, 1, 1), dt.date(1900, 1, 1)]),
        dt.datetime: st.sampled_from(
            [dt.datetime(2026, 5, 1), dt.datetime.max, dt.datetime(1, 1, 1, tzinfo=dt.UTC),
             dt.datetime(2026, 5, 1, tzinfo=dt.UTC), dt.datetime(2099, 1, 1, tzinfo=dt.UTC)]
        ),
    }[kind]  # fmt: skip


def hostile(kind, found):
    """Mostly values of the right kind; now and then of any kind, another record among them."""
    strangers = st.sampled_from([one for each in found.values() for one in each if isinstance(one, models.Model)])
    wrong = st.one_of(st.sampled_from(WRONG_KINDS), strangers)
    return st.integers(0, 7).flatmap(lambda n: wrong if n == 0 else fitting(kind, found))


def call_of(act, found):
    function = inspect.unwrap(FUNCTIONS[act.name])
    hints = typing.get_type_hints(function)
    needed = {}
    for name, parameter in inspect.signature(function).parameters.items():
        if name == "filing":
            continue
        value = hostile(hints[name], found)
        needed[name] = value if parameter.default is parameter.empty else st.one_of(st.just(parameter.default), value)
    return st.fixed_dictionaries(needed)


FUNCTIONS = {
    name: getattr(__import__(f"dokaz.{name.split('.')[0]}.acts", fromlist=["acts"]), name.split(".")[1])
    for name in acts()
}


@contextmanager
def undone():
    """Whatever is filed inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def case(house):
    """A small case with records in many states, and one record of each kind that was never filed here."""
    one, other, third = units(house, 3)
    first, second = missing(house, "Андрій", "Богдан")
    a_profile(house, third)
    told(house, identified(house, one, first))
    lay(house, compare(house, other, second))
    a_grave(house, "02")
    house.found = {kind: [*kind.objects.all()[:4], kind(number="NOT-FILED")] for kind in record_kinds()}
    house.size = journal.size()
    house.reader = somebody_at_a_browser(house, "investigator")
    house.found["ids"] = [one.pk for each in house.found.values() for one in each][:20]
    house.found["numbers"] = [str(one.number) for kind in record_kinds() for one in house.found[kind]][:60]
    return house


def somebody_at_a_browser(house, role):
    """Whoever reads all pages, signed in."""
    actor = house.acting(role)
    user = User.objects.create(username=role)
    Account.objects.create(user=user, person_id=actor.person)
    client = Client()
    client.force_login(user)
    session = client.session
    session["second_factor"], session["office"] = user.pk, str(actor.office)
    session.save()
    return client


def assert_pages_show(client, filed):
    """The page of every record that was filed can be read, and its entry in the ledger."""
    for one in {entry.record: entry for entry in filed}.values():
        record = kind_named(one.kind).every.get(pk=one.record)
        for address in filter(None, (address_of(record), reverse("entry", args=[one.index]))):
            answer = client.get(address)
            assert answer.status_code == 200, f"{address}: {answer.status_code}"
            assert escape(record.number) in answer.content.decode(), f"{address} does not name {record.number!r}"


def assert_rows_are_what_the_ledger_holds():
    for kind in record_kinds():
        assert _check_table(kind, lambda step, done: None, ordered_by_the_journal()) == []


def attempt(case, act, arguments, reason):
    """Call an act in a filing that is taken back, whatever comes of it."""
    role = next(role for role in sorted(act.roles) if f"{role}1" in case.people)
    with undone():
        try:
            with filing(by=case.acting(role), at=case.clock(), reason=reason, store=case.store) as f:
                FUNCTIONS[act.name](filing=f, **arguments)
        except DokazError:
            assert journal.size() == case.size
        else:
            assert_rows_are_what_the_ledger_holds()
            assert_pages_show(case.reader, f.receipt.entries)


def tried(case, act):
    """Try one act with many arguments."""

    @settings(max_examples=CALLS, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(arguments=call_of(act, case.found), reason=st.sampled_from(["", "because", " ", "\0"]))
    def once(arguments, reason):
        attempt(case, act, arguments, reason)

    once()


def test_every_act_files_what_holds_or_refuses_and_writes_nothing(case):
    faults = {}
    for name, act in sorted(acts().items()):
        try:
            tried(case, act)
        except Exception as fault:  # noqa: BLE001 - the faults of every act are told together
            faults[name] = f"{type(fault).__name__}: {fault}"[:300]
    assert faults == {}
