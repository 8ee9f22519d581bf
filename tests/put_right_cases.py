"""A small case with a record of nearly every kind, and whoever may put each of them right."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from casebook import a_grave, a_profile, compare, doubted, frequencies, identified, lay, missing, units

NO_MUTATION = {"model": "equal", "rate": "0", "rate2": "0", "range": "0", "matrix": None, "stationary": False}


def every_kind(house: Any) -> Any:
    """A case with a record of every kind, some of it decided, some of it not."""
    from dokaz.casework import journal
    from dokaz.casework.acts import AttachedFile, attach, deliver, hand_over, note_discrepancy, set_up_storage
    from dokaz.casework.models import Person, Transfer
    from dokaz.graves.acts import Upload, lift, open_site, photograph, register_unit
    from dokaz.graves.models import Grave
    from dokaz.graves.places import Point
    from dokaz.identification.acts import search
    from dokaz.identification.evidence import SearchResult
    from dokaz.missing.acts import adopt_frequencies, draw_pedigree, report
    from dokaz.mortuary.acts import SeenFinding, examine

    one, other, third = units(house, 3)
    first, second, _third = missing(house, "Андрій", "Богдан", "Василь")
    a_profile(house, third)
    house.decision = identified(house, one, first)
    doubted(house, house.decision)
    house.signed = compare(house, other, second)
    lay(house, house.signed)
    house.proposed = compare(house, other, second, signed=False)
    a_grave(house, "02")
    with house.filing("scene") as f:
        open_site(f, code="SPARE", name="Another forest", crs="EPSG:32637")
        grave = Grave.objects.get(number="LIS-01")
        lone = register_unit(grave, f, type="A", points=[Point("385201.00", "5450002.00")])
        lift(lone, f, emergency_reason="shelling")
        photograph(f, upload=Upload("a.jpg", io.BytesIO(b"x"), "image/jpeg", 4, 3), unit=lone)
        to = Person.objects.get(pk=house.acting("mortuary").person)
        register_unit(grave, f, type="A")
    with house.filing("scene") as f:
        thing = type(lone).objects.get(pk=lone.pk)
        hand_over([thing], f, to=to, from_place="LIS-01", to_place="Mortuary 1")
    with house.filing("mortuary") as f:
        deliver(f, form="survey", files=[("empty.csv", io.BytesIO(b"x"))], taken={})
        examine(type(third).objects.get(pk=third.pk), f, age_years=(25, 35), stature_cm=(160, 170),
                findings=[SeenFinding("femur:left", "blunt")])  # fmt: skip
    with house.filing("mortuary") as f:
        set_up_storage(f, name="Shelf 1")
        arrived = Transfer.objects.filter(state="taken_over", receiver=house.acting("mortuary").person).first()
        note_discrepancy(arrived, f, sort="damaged", label=arrived.things[0]["number"])
    with house.filing("family_liaison") as f:
        spare = report(f, family_name="Зайвий")
        attach(spare, f, file=AttachedFile("form.txt", io.BytesIO(b"invented")), description="Invented form")
        draw_pedigree(f, name="Зайві", members=[{"id": "F", "father": None, "mother": None, "sex": "male", "born": None,
                                                 "missing": None}])  # fmt: skip
    table = frequencies(house)
    with house.filing("dna_examiner") as f:
        adopt_frequencies(f, name="Spare", source="invented", markers={"TH01": {"6": "0.5", "9.3": "0.5"}},
                          mutation={"TH01": {"female": NO_MUTATION, "male": NO_MUTATION}})  # fmt: skip
    a_searched_place(house)
    with house.filing("dna_examiner") as f:
        search(f, result=SearchResult(table, journal.size(), "x 1", "4", 0, 0, 0, [], []))
    return house


def a_searched_place(house: Any) -> None:
    """A place that was searched to the end, one in which a search goes on, and one that nobody has searched."""
    from detention_case import a_place, a_search, an_exhibit, closed, everything_done, rooms_of, sealed

    from dokaz.casework.acts import AttachedFile, attach
    from dokaz.detention.acts import assemble, draw_plan, note_picture, opine, secure_trace

    began, then = (dt.datetime(2026, 4, 30, hour, tzinfo=dt.UTC) for hour in (10, 12))
    searched = a_search(house, started_at=began)
    everything_done(house, searched, done_at=then)
    room = rooms_of(searched)[0]
    one, other, alone = (an_exhibit(house, room, taken_at=then) for _nth in range(3))
    sealed(house, alone)
    a_search(house, a_place(house, "SCH"))
    spare = a_place(house, "SPA")
    with house.filing("scene") as f:
        draw_plan(spare, f, name="basement", outline=[["0", "0"], ["3", "0"], ["3", "3"]])
        assemble(searched, f, parts=[one, other], connected="yes", seen="one device")
        secure_trace(room, f, sort="swab", seen="door handle", taken_at=then)
        said = {"width_px": "4", "height_px": "3"}
        picture = attach(
            one, f, file=AttachedFile("e.png", io.BytesIO(b"y"), "image/png", said), description="from above"
        )
        note_picture(picture, f, shows="the whole of it", scale_cm="10", direction="DOWN")
    a_read_book(house, an_exhibit(house, room, taken_at=then, look="log_book"))
    closed(house, searched)
    with house.filing("mortuary") as f:
        opine(type(alone).objects.get(pk=alone.pk), f, function="a lead", basis="measured", qualification="engineer")


def a_read_book(house: Any, exhibit: Any) -> None:
    """A log book with a page that is settled, one that one person has read, and a torn one that nobody has."""
    from log_book_case import FIELDS, a_page, read, read_twice, settle

    from dokaz.detention.acts import open_log_book

    with house.filing("scene") as f:
        book = open_log_book(exhibit, f, title="Книга обліку", fields=FIELDS)
    settle(house, read_twice(house, a_page(house, book)))
    read(house, a_page(house, book))
    a_page(house, book, drawn=False, condition="torn", remark="the lower corner")


def whoever_may(house: Any, act: Any, record: Any) -> Any:
    """Somebody in an office of the act; the person whose word the record is, where only they may."""
    from dokaz.casework.corrections import put_right
    from dokaz.casework.registry import act_named, name_of
    from dokaz.casework.rooms import may_read_this

    found = put_right(type(record))
    by, roles = found.how.by, act_named(name_of(act)).roles
    if act is found.correct and found.how.needs_two(record):
        by, roles = found.how.by_two.proposed_by, found.how.by_two.roles or roles
    people = [one for one in house.people.values() if one.role in roles and may_read_this(one.role, record)]
    return next(one for one in people if not by or one.person == getattr(record, f"{by}_id"))


def correct(house: Any, record: Any, values: dict[str, Any], reason: str = "a typing mistake", by: Any = None) -> Any:
    from dokaz.casework.corrections import put_right
    from dokaz.casework.filing import filing

    act = put_right(type(record)).correct
    record = type(record).every.get(pk=record.pk)
    with filing(by=by or whoever_may(house, act, record), at=house.clock(), reason=reason, store=house.store) as f:
        act(record, f, values=values)
    return record


def void(house: Any, record: Any, reason: str = "entered twice", by: Any = None) -> Any:
    from dokaz.casework.corrections import put_right
    from dokaz.casework.filing import filing

    act = put_right(type(record)).void
    record = type(record).every.get(pk=record.pk)
    with filing(by=by or whoever_may(house, act, record), at=house.clock(), reason=reason, store=house.store) as f:
        act(record, f)
    return record


def open_records(kind: Any) -> list[Any]:
    from dokaz.casework.corrections import put_right

    states = put_right(kind).how.states
    found = kind.objects.filter(state__in=states) if states else kind.objects.all()
    return list(found.order_by("number"))


def two_who_may(house: Any, record: Any) -> tuple[Any, Any]:
    """Who proposes a correction of what was signed, and who agrees to it."""
    from dokaz.casework.corrections import put_right
    from dokaz.casework.registry import act_named, name_of

    how = put_right(type(record))
    people = [one for one in house.people.values() if one.role in act_named(name_of(how.agree)).roles]
    by = how.how.by_two
    first = next(o for o in people if not by.proposed_by or o.person == getattr(record, f"{by.proposed_by}_id"))
    second = next(
        o for o in people
        if o.person != first.person and (not by.agreed_by or o.person == getattr(record, f"{by.agreed_by}_id"))
    )  # fmt: skip
    return first, second


def propose(house: Any, record: Any, values: dict[str, Any], by: Any) -> Any:
    from dokaz.casework.models import Correction

    correct(house, record, values, by=by)
    return Correction.objects.order_by("number").last()


def agree(house: Any, proposed: Any, by: Any, reason: str = "compared with the protocol") -> None:
    from dokaz.casework.corrections import put_right
    from dokaz.casework.filing import filing
    from dokaz.casework.records import kind_named

    act = put_right(kind_named(proposed.of_kind)).agree
    proposed = type(proposed).objects.get(pk=proposed.pk)
    with filing(by=by, at=house.clock(), reason=reason, store=house.store) as f:
        act(proposed, f)


def assert_tables_are_what_the_ledger_says() -> None:
    from dokaz.casework.checking import _check_table, ordered_by_the_journal
    from dokaz.casework.records import record_kinds

    for kind in record_kinds():
        assert _check_table(kind, lambda step, done: None, ordered_by_the_journal()) == []


def assert_verifies(house: Any, name: str) -> None:
    """A bundle of the whole log is accepted."""
    import dokaz_verify

    from dokaz.court.assembling import make_bundle

    folder = house.store.path.parent / name
    make_bundle(house.store, folder, by=house.acting("prosecutor"), clock=house.clock, purpose="all")
    assert dict(dokaz_verify.verify(folder).counts) == {}
