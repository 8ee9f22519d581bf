"""Where one investigation's data lie on disk, and how what was committed is published.

The database is the only place where a filing is decided; everything here follows it. ``publish`` carries the journal into
openings files, tiles and a signed checkpoint, in this order, and may be killed at any point: the next call goes on.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from dokaz.errors import (
    BadFile,
    DamagedSecret,
    FiledNotPublished,
    NoStore,
    StoreExists,
    StoreOpenToOthers,
    sentence,
)
from dokaz.ledger import Log, LogKey, UnlockedKey, VerifierKey, generate_personal_key, unlock
from dokaz.ledger.durable import sweep, sync_directory, write_whole
from dokaz.vault import Vault

# What dokaz.toml may say.
_SETTINGS = {"store": ("origin",), "database": ("url",)}


@dataclass(frozen=True)
class Store:
    """A store directory (docs/ledger-format.md, "A store on disk")."""

    path: Path

    @cached_property
    def settings(self) -> dict[str, dict[str, str]]:
        """What ``dokaz.toml`` says.

        Raises:
            NoStore: the directory is not a store.
            BadFile: the file cannot be read as TOML.
        """
        file = str(self.path / "dokaz.toml")
        restore = sentence("restore it from a copy")
        try:
            read = tomllib.loads((self.path / "dokaz.toml").read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            if not (self.path / "ledger").is_dir():
                raise NoStore(str(self.path)) from None
            again = sentence("restore it from a copy, or write it again: docs/ledger-format.md, A store on disk")
            raise BadFile(sentence("missing"), file=file, next_step=again) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            raise BadFile(sentence("{error}", error=error), file=file, next_step=restore) from error
        for table, values in read.items():
            known = _SETTINGS.get(table, ())
            unknown = [table] if not known or not isinstance(values, dict) else [n for n in values if n not in known]
            wrong = unknown or [name for name, value in values.items() if not isinstance(value, str)]
            if wrong:
                raise BadFile(sentence("{name} is no setting of a store", name=wrong[0]), file=file, next_step=restore)
        if "origin" not in read.get("store", {}):
            raise BadFile(sentence("does not say what the log is called"), file=file, next_step=restore)
        return read

    @property
    def origin(self) -> str:
        """The name under which the log signs its checkpoints."""
        return self.settings["store"]["origin"]

    @cached_property
    def vault(self) -> Vault:
        """Files by content."""
        return Vault(self.path / "vault")

    @property
    def turns(self) -> Path:
        """Where processes that read what others sent take turns."""
        return self.path / "cache" / "turns"

    @cached_property
    def log(self) -> Log:
        """The published ledger: openings, tiles, checkpoint."""
        return Log(self.path)

    @cached_property
    def log_key(self) -> LogKey:
        """The key under which the log was founded."""
        return LogKey.load(self.path / "keys" / "log.pem", self.origin)

    def log_key_at(self, size: int) -> LogKey:
        """The key that signs the log of so many entries: the newest that was put in force by then."""
        from dokaz.casework.journal import checkpoint_key

        return self.private_half(checkpoint_key(size))

    def private_half(self, public: str) -> LogKey:
        """The private half of a key of the log; of the first one, if none is named."""
        if not public:
            return self.log_key
        return LogKey.load(self.path / "keys" / log_key_file(public), self.origin)

    @contextmanager
    def new_log_key(self) -> Iterator[str]:
        """Make another key for the log, and give its public half; it is gone again if what is done inside is refused."""
        key = LogKey.generate(self.origin)
        path = self.path / "keys" / log_key_file(str(key.verifier_key))
        key.save(path)
        sync_directory(path.parent)
        try:
            yield str(key.verifier_key)
        except FiledNotPublished:
            raise  # it is proposed, or signs
        except BaseException:
            path.unlink()
            raise

    # --- keys --------------------------------------------------------------------------------------------------------

    def new_personal_key(self, passphrase: str) -> UnlockedKey:
        """Make a person's signing key; the private half is kept wrapped by the passphrase.

        Raises:
            WeakPassphrase: the passphrase is easily guessed.
        """
        from dokaz.casework.passphrases import refuse_weak

        refuse_weak(passphrase)
        return generate_personal_key(self.path / "keys" / "people", passphrase)

    @contextmanager
    def key_for(self, passphrase: str) -> Iterator[UnlockedKey]:
        """Make a person's signing key for what is done inside; it is gone again if that is refused."""
        key = self.new_personal_key(passphrase)
        try:
            yield key
        except FiledNotPublished:
            raise  # its owner is enrolled
        except BaseException:
            (self.path / "keys" / "people" / f"{key.key_id}.pem").unlink()
            raise

    def unlock(self, key_id: str, passphrase: str) -> UnlockedKey:
        """A person's private key.

        Raises:
            WrongPassphrase: the passphrase does not open it.
        """
        return unlock(self.path / "keys" / "people" / f"{key_id}.pem", passphrase)

    def sweep(self) -> None:
        """Remove the unfinished files of killed processes; the vault sweeps its own, bundles are finished by their room."""
        for folder in ("ledger", "openings", "keys", "cache"):
            sweep(self.path / folder)
        sweep(self.path, below=False)

    # --- the published ledger ----------------------------------------------------------------------------------------

    def publish(self) -> None:
        """Carry everything committed into openings files, tiles and a checkpoint, and what was ordered to be erased out.

        Does nothing when nothing is new.
        """
        from dokaz.casework.carrying_out import carry_out_erasures
        from dokaz.casework.journal import entry_bodies, new_openings, size

        first, committed = self.log.size, size()
        if first < committed:
            self.log.publish(
                entry_bodies(first, committed),
                new_openings(first, committed),
                first=first,
                key=self.log_key_at(committed),
            )
        carry_out_erasures(self)


def log_key_file(public: str) -> str:
    """The name of the file that holds the private half of a later key of the log."""
    return f"log-{VerifierKey.parse(public).fingerprint[:16]}.pem"


def make_store(path: Path, *, origin: str, database_url: str = "") -> Store:
    """Lay out an empty store: directories, the log's key, Django's secret.

    Args:
        path: A directory that does not exist yet, or is empty.
        origin: The log's name, without a scheme, as ``example.org/dokaz/vyshneve``.
        database_url: ``postgresql://…``; SQLite in the store if empty.

    Raises:
        StoreExists: there is something there already.
    """
    refuse_existing(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    for part in (".", "vault", "keys", "keys/people"):
        (path / part).mkdir(mode=0o700, exist_ok=True)
    path.chmod(0o700)  # it may have been there, and open
    write_secret(path)
    key = LogKey.generate(origin)
    key.save(path / "keys" / "log.pem")
    Log.found(path, key)
    database = f'\n[database]\nurl = "{database_url}"\n' if database_url else ""
    write_whole(path / "dokaz.toml", f'[store]\norigin = "{origin}"\n{database}'.encode())
    return Store(path)


def write_secret(path: Path) -> None:
    """Make the secret that keys sessions and second factors, with a sum at its end by which damage shows."""
    secret = secrets.token_urlsafe(50)
    write_whole(path / "secret", f"{secret}.{_sum(secret)}\n".encode(), mode=0o600)
    sync_directory(path)


def is_whole_secret(data: bytes) -> bool:
    """Whether a secret is as it was written."""
    secret, _, rest = data.decode("latin-1").rpartition(".")
    return rest == f"{_sum(secret)}\n"


def _sum(secret: str) -> str:
    return hashlib.sha256(f"dokaz secret {secret}".encode()).hexdigest()[:16]


def refuse_open_store(path: Path) -> None:
    """Refuse a store that other users of the machine can read: it holds names, photographs and the log's key.

    On media that cannot be written nobody can close it, and whoever holds the disc reads it anyway.

    Raises:
        StoreOpenToOthers: its directory lets others in.
    """
    mode = path.stat().st_mode & 0o777
    if mode & 0o077 and not os.statvfs(path).f_flag & os.ST_RDONLY:
        raise StoreOpenToOthers(str(path), f"{mode:o}")


def must_have_secret(path: Path) -> bool:
    """Make a secret where it is lost; one that is damaged is not replaced.

    Returns: Whether one was made: sessions and second factors that an earlier one keyed are void.

    Raises:
        DamagedSecret: it is not as it was written.
    """
    try:
        if is_whole_secret((path / "secret").read_bytes()):
            return False
    except FileNotFoundError:
        write_secret(path)
        return True
    except OSError as error:
        raise DamagedSecret(str(path / "secret")) from error
    raise DamagedSecret(str(path / "secret"))


def refuse_existing(path: Path) -> None:
    """Refuse to make a store where there is something.

    Raises:
        StoreExists: the directory is not empty, or is a file.
    """
    if path.exists() and not (path.is_dir() and not any(path.iterdir())):
        raise StoreExists(str(path))


def current_store() -> Store:
    """The store that this process was started on (``--store``, ``DOKAZ_STORE``)."""
    from django.conf import settings

    return _store_at(Path(settings.STORE))


_stores: dict[Path, Store] = {}


def _store_at(path: Path) -> Store:
    if path not in _stores:
        _stores[path] = Store(path)
    return _stores[path]
