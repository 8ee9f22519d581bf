"""Files that an invented investigation delivers, edited so that they must be refused."""

import pytest
from casebook import take_in

from dokaz.casework import journal
from dokaz.errors import BadFile


def pictures(delivered):
    return list((delivered / "photographs").iterdir())


def files_in(vault):
    return sorted(path for path in vault.path.rglob("*") if path.is_file())


def assert_import_refused(house, role, kind, *tables, says, **others):
    files = house.store.vault
    before, kept = journal.size(), files_in(files)
    with pytest.raises(BadFile) as refused:
        take_in(house, kind, role, *tables, **others)
    assert journal.size() == before
    for part in says:
        assert part in str(refused.value)
    assert files.check() == []
    assert files_in(files) == kept


def edited(data, old, new, *, times=1):
    text = data.decode("utf-8-sig")
    assert old in text
    return text.replace(old, new, times).encode()
