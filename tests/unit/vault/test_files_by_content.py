"""The vault keeps each content once, under its own hash."""

import hashlib
import io

import pytest

from dokaz.errors import FileMissing
from dokaz.vault import StagedFile, StoredFile, Vault


@pytest.fixture
def vault(tmp_path):
    return Vault(tmp_path / "vault")


def test_a_file_lies_under_its_hash(vault):
    stored = vault.put(io.BytesIO(b"photograph"))
    sha256 = hashlib.sha256(b"photograph").hexdigest()
    assert stored == StoredFile(sha256, 10)
    assert (vault.path / "sha256" / sha256[:2] / sha256).read_bytes() == b"photograph"
    assert vault.read(sha256) == b"photograph"
    assert vault.size(sha256) == 10
    with vault.open(sha256) as file:
        assert file.read() == b"photograph"


def test_an_empty_file_is_a_file(vault):
    assert vault.put(io.BytesIO()) == StoredFile(hashlib.sha256().hexdigest(), 0)
    assert vault.read(hashlib.sha256().hexdigest()) == b""


def test_a_path_and_a_stream_of_the_same_content_are_one_file(vault, tmp_path):
    (tmp_path / "film").write_bytes(b"x" * 3_000_000)
    one = vault.put(tmp_path / "film")
    when = vault.place(one.sha256).stat().st_mtime_ns
    assert vault.put(io.BytesIO(b"x" * 3_000_000)) == one
    assert vault.place(one.sha256).stat().st_mtime_ns == when
    assert list((vault.path / "incoming").iterdir()) == []


def test_progress_is_told_in_bytes(vault):
    told = []
    vault.put(io.BytesIO(bytes(2_500_000)), progress=told.append)
    assert told == [1 << 20, 2 << 20, 2_500_000]
    told.clear()
    vault.copy(hashlib.sha256(bytes(2_500_000)).hexdigest(), io.BytesIO(), progress=told.append)
    assert told == [1 << 20, 2 << 20, 2_500_000]


def test_a_stream_that_fails_leaves_nothing(vault):
    class Torn:
        def __init__(self):
            self.left = 2

        def read(self, size):
            self.left -= 1
            if not self.left:
                raise ConnectionError("the upload broke off")
            return bytes(size)

    with pytest.raises(ConnectionError):
        vault.put(Torn())
    assert [p for p in vault.path.rglob("*") if p.is_file()] == []


def test_a_file_can_be_read_and_not_written(vault):
    stored = vault.put(io.BytesIO(b"x"))
    assert vault.place(stored.sha256).stat().st_mode & 0o777 == 0o400


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "\n", "/" * 64])
def test_what_is_not_a_hash_names_no_file(vault, name):
    for act in (vault.open, vault.read, vault.size, vault.place):
        with pytest.raises(FileMissing):
            act(name)


def test_a_file_that_no_entry_names_is_left_over_not_wrong(vault):
    one, two = vault.put(io.BytesIO(b"1")), vault.put(io.BytesIO(b"2"))
    assert vault.check() == []
    findings = vault.check([one.sha256])
    assert [(f.unfinished, two.sha256 in f.file) for f in findings] == [(True, True)]


def test_a_sweep_passes_over_what_is_being_written(vault):
    swept = []

    class Slow(io.BytesIO):
        def read(self, size=-1):
            swept.extend(vault.sweep())
            return super().read(size)

    vault.put(io.BytesIO(b"first"))
    (vault.path / "incoming" / "left.unfinished").write_bytes(b"half of a film")
    assert vault.put(Slow(b"film")).size == 4
    assert swept == ["left.unfinished"]
    assert vault.check() == []


def test_a_staged_file_gets_its_name_without_being_read_again(vault):
    with vault.staging() as staging:
        staged = staging.put(io.BytesIO(b"photograph"))
        assert staged.sha256 not in vault
        stored = vault.put(staged)
    assert stored == vault.put(io.BytesIO(b"photograph"))
    assert vault.read(stored.sha256) == b"photograph"
    assert vault.check() == []


def test_what_no_filing_took_from_staging_is_gone_afterwards(vault):
    with pytest.raises(KeyError), vault.staging() as staging:
        staging.put(io.BytesIO(b"photograph"))
        raise KeyError
    assert vault.check() == []
    assert not list((vault.path / "incoming").iterdir())


def test_a_sweep_passes_over_a_living_staging_and_removes_a_dead_one(vault):
    with vault.staging() as staging:
        staged = staging.put(io.BytesIO(b"photograph"))
        assert vault.sweep() == []
        assert staged.path.exists()
    dead = vault.path / "incoming" / "dead.staging"
    dead.mkdir()
    (dead / "left").write_bytes(b"photograph")
    assert len(vault.check()) == 1
    assert vault.sweep() == ["dead.staging"]
    assert vault.check() == []


def test_the_same_file_staged_twice_is_kept_once(vault):
    with vault.staging() as staging:
        one, two = staging.put(io.BytesIO(b"x")), staging.put(io.BytesIO(b"x"))
        assert not vault.put(one).was_here
        assert vault.put(two).was_here


def test_only_what_waits_in_the_vault_itself_gets_a_name(tmp_path):
    """Where a staged file lies may be said by a process that read hostile bytes."""
    vault = Vault(tmp_path / "vault")
    secret = tmp_path / "secret"
    secret.write_bytes(b"a key")
    sha256 = hashlib.sha256(b"a key").hexdigest()
    with vault.staging() as staging:
        staged = staging.put(io.BytesIO(b"a key"))
        link = staged.path.with_name("link")
        link.symlink_to(secret)
        for path in (secret, link, staged.path.with_name("absent"), staged.path.parent):
            with pytest.raises(FileMissing, match="no file that waits here"):
                vault.put(StagedFile(path, sha256, 5))
        assert sha256 not in vault
        assert vault.put(staged).sha256 == sha256
    assert secret.read_bytes() == b"a key"
