"""Carries on what a killed process left of a store, or clears it away: at the start of every command and server."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dokaz.casework.store import Store
from dokaz.ledger.durable import UNFINISHED, make_directory, write_whole


def carry_on(store: Store) -> None:
    """Publish what was committed, finish bundles that were filed, and remove what no living process writes any more."""
    store.vault.sweep()
    store.sweep()
    store.publish()
    bundles = store.path / "bundles"
    # Reading the libraries that write bundles takes longer than most commands.
    if bundles.is_dir() and (any(bundles.glob(f"draft-*{UNFINISHED}")) or any(_notes(store))):
        from dokaz.court.assembling import settle, settle_drafts

        settle_drafts(store)
        for note in _notes(store):
            with contextlib.suppress(FileNotFoundError):
                draft = Path(note.read_text(encoding="utf-8"))
                settle(store, draft, lambda made, draft=draft: draft.with_name(draft.name.removesuffix(UNFINISHED)))  # type: ignore[misc]
                if not draft.exists():
                    note.unlink()


@contextmanager
def noted(store: Store, draft: Path) -> Iterator[None]:
    """Note in the store where a bundle is being written, so that the next start finds it if this process is killed."""
    note = store.path / "bundles" / "elsewhere" / hashlib.sha256(str(draft.absolute()).encode()).hexdigest()
    make_directory(note.parent, mode=0o700)
    write_whole(note, str(draft.absolute()).encode(), mode=0o600)
    try:
        yield
    finally:
        if not draft.exists():
            note.unlink(missing_ok=True)


def _notes(store: Store) -> list[Path]:
    return sorted(
        path for path in (store.path / "bundles" / "elsewhere").glob("*") if not path.name.endswith(UNFINISHED)
    )
