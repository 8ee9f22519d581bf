"""Takes bundles away that the store keeps and that show what was erased: another can be made, which says so."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from dokaz.casework.store import Store
from dokaz.court.keeping import UNFINISHED, abandoned


def take_away_bundles(store: Store, erased: Mapping[str, int]) -> bool:
    """Remove every kept bundle that shows one of these openings; its record stays, and says what it was for.

    Args:
        erased: Digests, each with the index of its entry.

    Returns: Whether none is left; one that is being written is left to whoever writes it.
    """
    folder, is_gone = store.path / "bundles", True
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if not _shows(path, erased):
            continue
        if path.name.endswith(UNFINISHED):
            with abandoned(path) as is_abandoned:
                if is_abandoned:
                    _remove(path)
                else:
                    is_gone = False
        else:
            _remove(path)
    return is_gone


def _shows(folder: Path, erased: Mapping[str, int]) -> bool:
    try:
        manifest = json.loads((folder / "bundle.json").read_bytes())
        entries, withheld = set(manifest["entries"]), {row["digest"] for row in manifest["withheld"]}
    except (OSError, ValueError, TypeError, KeyError):
        return False  # no bundle, or one that `dokaz check` names
    return any(index in entries and digest not in withheld for digest, index in erased.items())


def _remove(folder: Path) -> None:
    """The manifest last: by it a bundle is found again whose removal was cut short."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != "bundle.json":
            path.unlink()
    shutil.rmtree(folder)
