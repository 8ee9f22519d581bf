"""What went round the acts is found; what was lost is rebuilt."""

import pytest
from casebook import lay_keys
from django.db import connection, transaction

from dokaz.casework.checking import check
from dokaz.casework.models import JournalEntry, JournalHead, JournalOpening, Person
from dokaz.casework.rebuilding import rebuild
from dokaz.casework.records import record_kinds
from dokaz.errors import CannotRebuild, DatabaseNotEmpty
from dokaz.graves.acts import open_grave, open_site, register_unit
from dokaz.graves.models import Photograph
from dokaz.graves.places import Point


@pytest.fixture
def surveyed(house):
    lay_keys(house)
    with house.filing("scene") as f:
        site = open_site(f, code="LIS", name="Invented forest", crs="EPSG:32637")
        grave = open_grave(site, f, code="01")
        for _ in range(3):
            register_unit(grave, f, type="B", points=[Point("385201.00", "5450002.00")])
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
        "UPDATE casework_journalentry SET act = 'graves.lift' WHERE act = 'graves.register_unit'",
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


def test_a_key_of_the_log_that_is_lost_damaged_or_another_is_found(surveyed):
    from dokaz.ledger import LogKey

    path = surveyed.store.path / "keys" / "log.pem"
    whole = path.read_bytes()
    for harm in (
        lambda: path.write_bytes(whole[:60]),
        path.unlink,
        lambda: LogKey.generate("example.org/x").save(path),
    ):
        harm()
        vars(surveyed.store).pop("log_key", None)
        assert [f.file for f in check(surveyed.store)] == ["keys/log.pem"]
    path.unlink()
    path.touch(0o600)
    path.write_bytes(whole)
    vars(surveyed.store).pop("log_key", None)
    assert check(surveyed.store) == []


def test_a_signing_key_that_is_lost_or_cut_short_is_found_with_its_owner(surveyed):
    one, other = (surveyed.people[f"board{nth}"] for nth in (1, 2))
    people = surveyed.store.path / "keys" / "people"
    (people / f"{one.key_id}.pem").unlink()
    cut = people / f"{other.key_id}.pem"
    cut.write_bytes(cut.read_bytes()[:100])
    found = {f.file: f.what for f in check(surveyed.store) if not f.unfinished}
    assert set(found) == {f"keys/people/{each.key_id}.pem" for each in (one, other)}
    assert sorted(what.rsplit(" ", 3)[1:] for what in found.values()) == [
        ["1", "is", "missing"],
        ["2", "is", "damaged"],
    ]


def test_a_retired_key_may_go_and_a_key_of_nobody_is_told(surveyed):
    from dokaz.casework.acts import retire_key
    from dokaz.casework.models import Key
    from dokaz.ledger import generate_personal_key

    old = surveyed.people["scene2"]
    with surveyed.filing("administrator", reason="lost") as f:
        retire_key(Key.objects.get(number=old.key_id), f)
    people = surveyed.store.path / "keys" / "people"
    (people / f"{old.key_id}.pem").unlink()
    nobodys = generate_personal_key(people, "a sentence only she knows")
    assert [(f.file, f.unfinished) for f in check(surveyed.store)] == [(f"keys/people/{nobodys.key_id}.pem", True)]


def test_a_copy_without_keys_is_for_reading(surveyed):
    import shutil

    shutil.rmtree(surveyed.store.path / "keys")
    assert [(f.file, f.unfinished) for f in check(surveyed.store)] == [("keys", True)]


def emptied():
    with connection.cursor() as cursor:
        for kind in [*record_kinds(), JournalEntry, JournalOpening, JournalHead]:
            cursor.execute(f'DELETE FROM "{kind._meta.db_table}"')


def test_tables_are_not_made_anew_from_entries_that_the_checkpoint_does_not_sign_for(surveyed):
    """Somebody who can write the files alters an entry and its hash alike; the signature of the log they do not have."""
    from dokaz.ledger import leaf_hash
    from dokaz.ledger.tiles import pack_entries, unpack_entries

    (bundle,) = (surveyed.store.path / "ledger" / "tile" / "entries" / "000.p").glob(str(surveyed.store.log.size))
    entries = unpack_entries(bundle.read_bytes(), file="")
    entries[9] = entries[9].replace(b"2026-05-04", b"2026-05-05")
    bundle.write_bytes(pack_entries(entries))
    (surveyed.store.path / "ledger" / "tile" / "0" / "000.p" / bundle.name).write_bytes(
        b"".join(leaf_hash(each) for each in entries)
    )
    with transaction.atomic():
        emptied()
        with pytest.raises(CannotRebuild, match="not those that the checkpoint signs for"), transaction.atomic():
            rebuild(surveyed.store)
        assert not JournalEntry.objects.exists()
        transaction.set_rollback(True)


def test_tables_are_not_made_anew_from_openings_of_something_else(surveyed):
    file = surveyed.store.path / "openings" / "000.jsonl"
    file.write_bytes(file.read_bytes().replace(b'"board 1"', b'"board 9"'))
    with transaction.atomic():
        emptied()
        with pytest.raises(CannotRebuild, match="says of name what entry"), transaction.atomic():
            rebuild(surveyed.store)
        assert not Person.objects.exists()
        transaction.set_rollback(True)
