"""Nothing is filed from tables that say something else than the ledger: an older database, a row changed by SQL."""

import pytest
from casebook import a_grave, assert_refused, newest, units
from django.db import connection
from put_right_cases import correct, void

from dokaz.casework import journal
from dokaz.casework.behind import must_not_be_behind
from dokaz.errors import DatabaseBehind, TableDiffers
from dokaz.graves.models import Grave


def test_a_database_older_than_the_ledger_files_nothing(house):
    """A backup of the database was put back beside the ledger as it is: its past is not written a second time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT size, frontier FROM casework_journalhead")
        older = cursor.fetchone()
        a_grave(house)
        held, published = journal.size(), house.store.log.note
        cursor.execute("UPDATE casework_journalhead SET size = %s, frontier = %s", older)
    with pytest.raises(DatabaseBehind) as refused, house.filing("scene"):
        pass
    assert (refused.value.published, refused.value.held) == (held, older[0])
    assert house.store.log.note == published


def test_a_database_of_another_past_files_nothing(house):
    root = house.store.log.head.root
    assert must_not_be_behind(house.store, journal.size(), root) is None
    assert must_not_be_behind(house.store, journal.size() + 1, bytes(32)) is None, "not published yet"
    with pytest.raises(DatabaseBehind):
        must_not_be_behind(house.store, journal.size(), bytes(32))


def test_a_ledger_that_cannot_be_read_is_told_by_whoever_publishes(house):
    (house.store.path / "ledger" / "checkpoint").write_text("nothing", encoding="utf-8")
    assert must_not_be_behind(house.store, journal.size(), bytes(32)) is None


def changed_by_sql(grave):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE graves_grave SET name = 'Nowhere' WHERE number = %s", [grave.number])
    return newest(grave)


def test_whoever_corrects_one_field_does_not_sign_for_another_that_was_changed_by_sql(house):
    grave = a_grave(house)
    harmed = changed_by_sql(grave)
    assert harmed.name == "Nowhere"
    refused = assert_refused(TableDiffers, lambda: correct(house, harmed, {"opened_at": "2026-05-01T00:00:00Z"}))
    assert refused.field == "name"
    assert_refused(TableDiffers, lambda: correct(house, newest(grave), {"name": "Another"}))


def test_a_row_that_was_changed_by_sql_is_not_made_void(house):
    units(house)
    with house.filing("scene") as f:
        from dokaz.graves.acts import open_grave

        spare = open_grave(Grave.objects.first().site, f, code="09", name="Spare")
    assert_refused(TableDiffers, lambda: void(house, changed_by_sql(spare)))
