"""Checks the files of a store beside ledger and vault: settings, secret, keys, databases, and what was left over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from dokaz.casework.models import CheckpointKey, Key
from dokaz.casework.store import Store, is_whole_secret, log_key_file, refuse_open_store
from dokaz.errors import DokazError, Fault, StoreOpenToOthers, TrustError
from dokaz.ledger import Log
from dokaz.ledger.durable import UNFINISHED, unfinished_in
from dokaz.ledger.personal import is_wrapped_key

ANEW = (
    "keep a copy of it, move it away, and `dokaz rebuild`: that makes the tables anew from the ledger (docs/operating.md, "
    "Restore)"
)
_COPY = "restore it from a copy"
_STRANGE = "find out who put it there, and remove it"
_SWEPT = "the next start removes it"
# What lies in a store, beside its databases; folders are checked by those to whom they belong.
_FILES = frozenset({"dokaz.toml", "secret"})
_FOLDERS = frozenset({"bundles", "cache", "keys", "ledger", "openings", "vault"})


def check_files(store: Store) -> list[Fault]:
    """What lies in the store's directory: nothing strange, nothing left over, settings and secret as they were written."""
    return [
        *_check_modes(store),
        *_check_names(store),
        *_check_settings(store),
        *_check_secret(store),
        *_check_left_over(store),
    ]


def _check_modes(store: Store) -> Iterator[Fault]:
    try:
        refuse_open_store(store.path)
    except StoreOpenToOthers as error:
        yield Fault(".", str(error.what), str(error.next_step))
    path = store.path / "secret"
    if path.is_file() and path.stat().st_mode & 0o077:
        yield Fault("secret", f"others may read it ({path.stat().st_mode & 0o777:o})", f"chmod 600 {path}")


def _check_names(store: Store) -> Iterator[Fault]:
    # The store's own databases stay where they are while others are used (DOKAZ_DATABASE).
    in_use = {path.name for path in map(_path_of, _on_sqlite()) if path.parent == store.path}
    databases = {"dokaz.sqlite3", "dokaz-sign-ins.sqlite3"} | in_use
    beside = {f"{name}{ending}" for name in databases for ending in ("-wal", "-shm", "-journal")}
    for path in sorted(store.path.iterdir()):
        is_folder = path.is_dir() and not path.is_symlink()
        if path.name in (_FOLDERS if is_folder else _FILES | databases | beside) or path.name.endswith(UNFINISHED):
            continue
        if is_folder and path.name in _FILES:
            yield Fault(path.name, "is a directory where a file is due", _COPY)
        else:
            yield Fault(path.name, "is nothing that belongs into a store", _STRANGE)


def _check_settings(store: Store) -> Iterator[Fault]:
    try:
        name = store.log.verifier_key_on_disk().name
        if store.origin != name:
            yield Fault("dokaz.toml", f"calls the log {store.origin}, but its key is that of {name}", _COPY)
    except TrustError:
        pass  # the key of the log is named where the ledger is checked
    except DokazError as error:
        yield Fault("dokaz.toml", str(error.what), str(error.next_step))


def _check_secret(store: Store) -> Iterator[Fault]:
    path = store.path / "secret"
    if not path.exists() and not (store.path / "keys").is_dir():
        yield Fault("secret", "is not here", "restore it from a copy; a copy for reading needs none", unfinished=True)
        return
    advice = (
        "restore it from a copy; if there is none, remove it: the next start makes another, and everybody signs in and "
        "sets up the second factor anew (`dokaz user sign-in --anew`)"
    )
    try:
        if path.is_dir() or is_whole_secret(path.read_bytes()):
            return
        yield Fault("secret", "is damaged", advice)
    except FileNotFoundError:
        yield Fault("secret", "is missing", advice)
    except OSError as error:
        yield Fault("secret", f"cannot be read: {error.strerror}", advice)


def _check_left_over(store: Store) -> Iterator[Fault]:
    here = [path for folder in ("keys", "cache") for path in unfinished_in(store.path / folder)]
    for path in [*unfinished_in(store.path, below=False), *here]:
        name = path.relative_to(store.path).as_posix()
        yield Fault(name, "left behind by a writing that was cut short", _SWEPT, unfinished=True)
    if (store.path / "bundles").is_dir():
        notes = (store.path / "bundles" / "elsewhere").glob("*")
        for path in [*sorted((store.path / "bundles").glob(f"*{UNFINISHED}")), *sorted(notes)]:
            what = "a bundle that was being written when its process was killed, or is being written now"
            advice = "the next start finishes it if it was filed, and else removes it"
            yield Fault(path.relative_to(store.path).as_posix(), what, advice, unfinished=True)


def check_keys(store: Store) -> list[Fault]:
    """The log's key and everybody's signing key: there, whole, theirs, and nothing beside them."""
    keys = store.path / "keys"
    if not keys.is_dir():
        said = "no private key is here, so nothing more can be filed"
        return [Fault("keys", said, "restore them from a copy; a copy for reading needs none", unfinished=True)]
    return [*_check_log_key(store), *_check_personal_keys(store)]


def _check_log_key(store: Store) -> Iterator[Fault]:
    """The key with which checkpoints are signed: there, whole, and the one that was published."""
    try:
        # Read anew: what a long-lived process remembers is not what is on the disk.
        first, *later = Log(store.path).signers
        signs = type(store)(store.path).private_half(str(later[-1]) if later else "").verifier_key
        if signs != (later[-1] if later else first):
            yield Fault("keys/log.pem", "is not the private half of ledger/key", "restore the one that is")
    except TrustError as error:
        if ".pem" in error.what:
            yield Fault(f"keys/{error.what.partition(':')[0]}", error.what, error.next_step or _COPY)
    except DokazError:
        pass  # dokaz.toml is named by itself


def _later_log_keys() -> list[str]:
    """The files of keys that were put in the place of the first one, or are proposed."""
    names = []
    for key in CheckpointKey.objects.values_list("key", flat=True):
        try:
            names.append(log_key_file(key))
        except TrustError:
            continue  # its row is not what was filed, which is named with the tables
    return names


def _check_personal_keys(store: Store) -> Iterator[Fault]:
    """The wrapped key of everybody who can sign, and no other; only its owner can tell whether it opens."""
    folder = store.path / "keys" / "people"
    for path in sorted((store.path / "keys").iterdir()):
        if path.name not in ("log.pem", "people", *_later_log_keys()) and not path.name.endswith(UNFINISHED):
            yield Fault(f"keys/{path.name}", "is no key of this store", _STRANGE)
    files = folder.iterdir() if folder.is_dir() else []
    here = {path.name: path for path in files if not path.name.endswith(UNFINISHED)}
    for key in Key.objects.select_related("person").order_by("person__number", "number"):
        name = f"{key.number}.pem"
        if name not in here and key.retired_at is not None:
            continue
        problem = _problem_of(here.pop(name), key.number) if name in here else "missing"
        if problem:
            what = f"the signing key of {key.person.number} {key.person.name} is {problem}"
            yield Fault(f"keys/people/{key.number}.pem", what, "restore it from a copy, or `dokaz user new-key`")
    for path in sorted(here.values()):
        if path.suffix == ".pem" and not _problem_of(path, path.stem):
            what = "belongs to nobody: an enrolment was refused"
            yield Fault(f"keys/people/{path.name}", what, "remove it", unfinished=True)
        else:
            yield Fault(f"keys/people/{path.name}", "is no key of this store", _STRANGE)


def _problem_of(path: Path, key_id: str) -> str:
    try:
        return "" if is_wrapped_key(path.read_bytes(), key_id) else "damaged"
    except OSError as error:
        return f"not to be read: {error.strerror}"


# --- databases on SQLite ---------------------------------------------------------------------------------------------


def check_database_files() -> list[Fault]:
    """Files of SQLite: their pages hold together, and nothing is behind the last one."""
    return [fault for connection in _on_sqlite() for fault in _check_database_file(connection)]


def _check_database_file(connection: BaseDatabaseWrapper) -> Iterator[Fault]:
    path = _path_of(connection)
    if not path.is_file():
        return  # a test's in memory; one that is lost is named where it is read
    try:
        with connection.cursor() as cursor:
            pages, size = (cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
            problems = [row[0] for row in cursor.execute("PRAGMA integrity_check(10)").fetchall()]
    except DatabaseError as error:
        yield Fault(path.name, f"cannot be read: {error}", ANEW)
        return
    surplus = path.stat().st_size - pages * size
    if surplus > 0:
        yield Fault(path.name, f"{surplus:,} bytes after its last page, which SQLite did not write", ANEW)
    for problem in problems if problems != ["ok"] else []:
        yield Fault(path.name, f"is damaged: {problem}", ANEW)


def _on_sqlite() -> list[BaseDatabaseWrapper]:
    return [connection for connection in connections.all() if connection.vendor == "sqlite"]


def _path_of(connection: BaseDatabaseWrapper) -> Path:
    return Path(unquote(urlsplit(str(connection.settings_dict["NAME"])).path))
