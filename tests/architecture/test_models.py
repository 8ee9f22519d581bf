"""The tables are what the models say."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command

import dokaz


@pytest.mark.django_db(databases="__all__")
def test_no_migration_is_missing():
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    except SystemExit as missing:
        pytest.fail(f"a model was changed without a migration (exit {missing.code})")


def test_every_kind_of_record_that_has_states_says_how_each_is_shown():
    from dokaz.casework.records import record_kinds
    from dokaz.casework.states import Tone

    with_states = [kind for kind in record_kinds() if any(field.name == "state" for field in kind._meta.fields)]
    assert len(with_states) > 4
    for kind in record_kinds():
        assert (kind.states is not None) == (kind in with_states), kind
        if kind.states is not None:
            assert kind._meta.get_field("state").choices == kind.states.choices
            assert all(isinstance(state.tone, Tone) for state in kind.states)
            assert kind(state=kind.states.values[0]).tone == str(next(iter(kind.states)).tone)


def test_numbers_with_one_prefix_are_of_one_kind():
    """``SRC-000001`` says to whoever reads it what it is the number of."""
    given = set()
    for file in Path(dokaz.__file__).parent.rglob("*.py"):
        given |= set(re.findall(r"next_number\((\w+), \"([A-Z]+)\"\)", file.read_text(encoding="utf-8")))
    prefixes = [prefix for _kind, prefix in given]
    assert len(prefixes) > 20
    assert sorted(prefix for prefix in set(prefixes) if prefixes.count(prefix) > 1) == []


def test_no_field_of_a_record_bears_the_name_of_what_every_form_asks():
    """A form adds the version that was seen and the passphrase: a field of these names would be overwritten."""
    from dokaz.casework.records import record_kinds
    from dokaz.pages.acting import OF_EVERY_FORM

    assert len(OF_EVERY_FORM) == 2
    named = [(kind, field.name) for kind in record_kinds() for field in kind.content_fields()]
    assert len(named) > 200
    assert [one for one in named if one[1] in OF_EVERY_FORM] == []
