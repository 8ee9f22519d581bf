"""What went round the acts is found; what was lost is rebuilt."""

import pytest
from django.db import connection, transaction

from dokaz.casework.checking import check
from dokaz.casework.models import JournalEntry, JournalHead, JournalOpening, Person
from dokaz.casework.rebuilding import rebuild
from dokaz.casework.records import record_kinds
from dokaz.errors import DatabaseNotEmpty
from dokaz.graves.acts import Point, open_grave, open_site, survey
from dokaz.graves.models import Photograph


@pytest.fixture
def surveyed(house):
    with house.filing("scene") as f:
        site = open_site(f, code="LIS", name="Invented forest", crs="EPSG:32637")
        grave = open_grave(site, f, code="01")
        for _ in range(3):
            survey(grave, f, type="B", points=[Point("1.00", "2.00")])
    return house


def test_an_untouched_store_has_no_findings(surveyed):
    assert check(surveyed.store) == []


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE casework_person SET name = 'Somebody Else' WHERE number = 'PERS-000002'",
        "UPDATE casework_person SET version = 7 WHERE number = 'PERS-000002'",
        "DELETE FROM graves_recoveryunit",
        "UPDATE casework_journalopening SET value = '\"board\"' WHERE value = '\"scene\"'",
        "DELETE FROM casework_journalopening WHERE name = 'name'",
        "UPDATE casework_journalentry SET act = 'graves.lift' WHERE act = 'graves.survey'",
        'DELETE FROM casework_journalentry WHERE "index" = 5',
        "UPDATE casework_journalhead SET size = size - 1",
    ],
)
def test_operator_edits_the_database(surveyed, sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        assert cursor.rowcount >= 1
    assert check(surveyed.store) != []


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL keeps types and references by itself, and undoes a test's DROP"
)
@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("DROP TABLE graves_photograph", "database, graves.Photograph"),
        ("DROP TABLE casework_journalentry", "database"),
        (
            "UPDATE graves_recoveryunit SET id = 'garbage' WHERE number LIKE 'LIS-01-0001%'",
            "database, graves.RecoveryUnit",
        ),
        ("UPDATE casework_journalentry SET body = x'ff00' WHERE act = 'graves.open_site'", "database, journal entry"),
    ],
)
def test_what_cannot_even_be_read_is_named(surveyed, sql, named):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = OFF")
        cursor.execute(sql)
    try:
        assert any(finding.file.startswith(named) for finding in check(surveyed.store))
    finally:
        if "DROP" in sql:  # the next test needs the table again
            kind = JournalEntry if "journal" in sql else Photograph
            with connection.schema_editor() as editor:
                editor.create_model(kind)


def everything():
    rows = {kind.kind(): list(kind.objects.order_by("pk").values()) for kind in record_kinds()}
    journal = list(JournalEntry.objects.order_by("index").values())
    return rows, journal, list(JournalOpening.objects.order_by("digest").values()), JournalHead.objects.values().get()


def test_a_lost_database_is_rebuilt_as_it_was(surveyed):
    before = everything()
    with pytest.raises(DatabaseNotEmpty):
        rebuild(surveyed.store)
    with transaction.atomic(), connection.cursor() as cursor:
        for kind in [*record_kinds(), JournalEntry, JournalOpening, JournalHead]:
            cursor.execute(f'DELETE FROM "{kind._meta.db_table}"')
    assert not Person.objects.exists()
    counts = rebuild(surveyed.store)
    assert counts["graves.RecoveryUnit"] == 3
    assert everything() == before
    assert check(surveyed.store) == []
