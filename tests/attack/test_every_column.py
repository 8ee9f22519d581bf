"""Every column of every table that the ledger speaks of, changed by SQL: `check` names it, and `rebuild` cures it."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from contextlib import contextmanager

import pytest
from anything import files_anything
from casebook import a_profile, compare, doubted, identified, lay, lay_keys, missing, told, units
from django.db import IntegrityError, connection, models, transaction

from dokaz.casework.acts import order_erasure, propose_log_key
from dokaz.casework.checking import check
from dokaz.casework.filing import filing
from dokaz.casework.models import JournalEntry, JournalHead, JournalOpening
from dokaz.casework.rebuilding import rebuild
from dokaz.casework.records import record_kinds

JOURNAL = (JournalEntry, JournalOpening, JournalHead)


def simple(field, there):
    """A value that a field takes."""
    if field.has_default():
        return field.get_default()
    if field.null:
        return None
    if field.choices:
        return field.flatchoices[0][0]
    if isinstance(field, models.ForeignKey):
        return there[field.related_model][0].pk
    return {
        models.UUIDField: uuid.UUID(int=1), models.DateTimeField: dt.datetime(2026, 5, 4, tzinfo=dt.UTC),
        models.DateField: dt.date(2026, 5, 4), models.JSONField: [], models.BooleanField: True,
    }.get(type(field), 1 if isinstance(field, models.IntegerField) else "written down")  # fmt: skip


def needed_by(kind):
    """The kinds to which a record of this one must point."""
    fields = kind.content_fields()
    return {field.related_model for field in fields if isinstance(field, models.ForeignKey) and not field.null}


@pytest.fixture
def case(house):
    """A case with two versions and more of some records, and with one record at least of every kind."""
    lay_keys(house)
    one, other = units(house, 2)
    first, second = missing(house, "Андрій", "Богдан")
    a_profile(house, other)
    doubted(house, told(house, identified(house, one, first)))
    lay(house, compare(house, other, second))
    with house.store.new_log_key() as public, house.filing("administrator", reason="routine") as work:
        propose_log_key(work, key=public)
    with house.filing("administrator", reason="tried") as work:
        order_erasure(newest(second), work, fields=["given_name", "born"], authority="court", document="1",
                      ordered_on=dt.date(2026, 5, 1))  # fmt: skip
    by = house.acting("scene")
    with filing(by=by, at=house.clock(), store=house.store) as work, work._doing(files_anything()):
        left = [kind for kind in record_kinds() if not kind.objects.exists()]
        while left:  # those first to which others point
            there = {each: list(each.objects.all()[:1]) for each in record_kinds()}
            kind = next(kind for kind in left if all(there[needed] for needed in needed_by(kind)))
            values = {field.attname: simple(field, there) for field in kind.content_fields()}
            work.add(kind(**values | {"number": f"{kind.__name__}-1"}))
            left.remove(kind)
    assert check(house.store) == []
    return house


def newest(record):
    return type(record).every.get(pk=record.pk)


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def another(value, field):
    """A value of the same type that is not this one."""
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    if value is None:
        return simple_of_type(target)
    if isinstance(value, bool):
        return not value
    if isinstance(value, uuid.UUID):
        return uuid.UUID(int=value.int ^ 1)
    if isinstance(value, dt.datetime):
        return value + dt.timedelta(seconds=1)
    if isinstance(value, dt.date):
        return value + dt.timedelta(days=1)
    if isinstance(value, bytes | memoryview):
        return bytes(value)[:-1] + b" "
    if isinstance(value, str):
        return ("0" if value[:1] != "0" else "1") + value[1:]
    if isinstance(target, models.JSONField):
        return [*value, "x"] if isinstance(value, list) else {**value, "x": "x"}
    return value + 100_000


def simple_of_type(field):
    if isinstance(field, models.DecimalField | models.IntegerField):
        return 1
    found = simple(type(field)(), {}) if not isinstance(field, models.CharField) else "x"
    return found if found is not None else "x"


def changed(model, column, value, pk):
    """Write one value of one row by SQL."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quote(model._meta.db_table)} SET {quote(column)} = %s WHERE {quote(model._meta.pk.column)} = %s",
            [value, pk],
        )
        assert cursor.rowcount == 1


def rows_to_change(model):
    """A row of a record's table; of the journal, the first, one in the middle and the last, where it has so many."""
    rows = list(model._base_manager.order_by("pk"))
    return [rows[nth] for nth in sorted({0, len(rows) // 2, len(rows) - 1} if model in JOURNAL else {0})]


def emptied():
    with connection.cursor() as cursor:
        for table in [*record_kinds(), *JOURNAL]:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table._meta.db_table)}")


def assert_named(case, what):
    findings = [finding for finding in check(case.store) if not finding.unfinished]
    assert findings, f"{what}: not found"
    assert all(finding.what and finding.next_step for finding in findings), findings
    return findings


def mutations(value_of):
    """Rounds of changes, each as (model, row, field, value): one column of every record table at a time, since each table
    is named by itself; and every column of every journal table alone."""
    kinds = list(record_kinds())
    for nth in range(max(len(kind._meta.concrete_fields) for kind in kinds)):
        those = [(kind, rows_to_change(kind)[0], kind._meta.concrete_fields[nth]) for kind in kinds
                 if nth < len(kind._meta.concrete_fields)]  # fmt: skip
        yield [(kind, row, field, value_of(row, field)) for kind, row, field in those]
    for model in JOURNAL:
        for row in rows_to_change(model):
            for field in model._meta.concrete_fields:
                yield [(model, row, field, value_of(row, field))]


def not_found(case, changes):
    """Which of the changes `check` does not name."""
    findings = [finding for finding in check(case.store) if not finding.unfinished]
    return [
        f"{model._meta.label}.{field.name} of {row.pk}"
        for model, row, field, _ in changes
        if not any(model in JOURNAL or finding.file.startswith(f"database, {model.kind()}") for finding in findings)
    ]


def test_every_column_changed_by_sql_is_found(case):
    tried, missed = 0, []
    for changes in mutations(
        lambda row, field: field.get_db_prep_save(another(getattr(row, field.attname), field), connection)
    ):
        with undone():
            for model, row, field, value in changes:
                changed(model, field.column, value, model._meta.pk.get_db_prep_save(row.pk, connection))
                tried += 1
            missed += not_found(case, changes)
    assert missed == []
    assert tried > 200


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps the types of columns by itself")
def test_every_column_filled_with_garbage_is_named_without_a_traceback(case):
    garbage, missed = itertools.cycle(["garbage", b"\xff\x00", -1.5]), []
    for changes in mutations(lambda row, field: next(garbage)):
        with undone():
            done = []
            for change in changes:
                model, row, field, value = change
                try:
                    with transaction.atomic():
                        changed(model, field.column, value, model._meta.pk.get_db_prep_save(row.pk, connection))
                    done.append(change)
                except IntegrityError:
                    pass  # what SQLite itself refuses nobody can write
            missed += not_found(case, done)
    assert missed == []


def test_what_rebuild_is_said_to_cure_it_cures(case):
    with undone():
        for model in [*record_kinds(), *JOURNAL]:
            row = rows_to_change(model)[-1]
            field = next(f for f in model._meta.concrete_fields if f.name in ("reason", "act", "value", "frontier"))
            value = field.get_db_prep_save(another(getattr(row, field.attname), field), connection)
            changed(model, field.column, value, model._meta.pk.get_db_prep_save(row.pk, connection))
        findings = assert_named(case, "something of every table")
        assert len(findings) > len(list(record_kinds()))
        assert [finding for finding in findings if "`dokaz rebuild`" not in finding.next_step] == []
        emptied()
        rebuild(case.store)
        assert check(case.store) == []


def removed(model):
    """Remove the last row of a table by SQL; which one."""
    quote, row = connection.ops.quote_name, rows_to_change(model)[-1]
    with connection.cursor() as cursor:
        table, pk = quote(model._meta.db_table), quote(model._meta.pk.column)
        cursor.execute(f"DELETE FROM {table} WHERE {pk} = %s", [model._meta.pk.get_db_prep_save(row.pk, connection)])
        assert cursor.rowcount == 1
    return row


def test_a_row_removed_from_any_table_is_found(case):
    """Of all tables of records at once, each of which is named by itself; of every table of the journal alone."""
    with undone():
        gone = [(kind, removed(kind), kind._meta.pk, None) for kind in record_kinds()]
        assert not_found(case, gone) == []
    for model in JOURNAL:
        with undone():
            removed(model)
            assert_named(case, f"{model._meta.label} without a row")


def test_openings_of_superseded_versions_are_found_changed_and_missing(case):
    """No erasure was ordered, so none may be missing."""
    newest = {digest for kind in record_kinds() for one in kind.objects.all() for digest in fields_of(one)}
    superseded = JournalOpening.objects.exclude(digest__in=newest).order_by("index").first()
    assert superseded is not None
    other = another(superseded.digest, JournalOpening._meta.pk)
    for sql, values in (
        ("UPDATE casework_journalopening SET digest = %s WHERE digest = %s", [other, superseded.digest]),
        ("DELETE FROM casework_journalopening WHERE digest = %s", [superseded.digest]),
    ):
        with undone():
            with connection.cursor() as cursor:
                cursor.execute(sql, values)
            named = assert_named(case, sql)
            assert all(finding.file.startswith("database") for finding in named)


def fields_of(record):
    from dokaz.ledger import Entry

    return Entry.parse(bytes(JournalEntry.objects.get(leaf=record.entry_hash).body)).fields
