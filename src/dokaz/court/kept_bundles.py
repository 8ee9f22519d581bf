"""Checks the bundles that the store keeps: each as it was filed, and nothing else beside them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from dokaz.casework.models import JournalEntry
from dokaz.casework.store import Store
from dokaz.court.assembling import receipt_of
from dokaz.court.keeping import UNFINISHED, place_of
from dokaz.court.models import Bundle
from dokaz.errors import Fault, TrustError

_AGAIN = "remove it, or restore it from a copy; `dokaz bundle` writes another"


def check_bundles(store: Store) -> list[Fault]:
    """Every bundle that is kept under ``bundles/``: its manifest is the filed one, and every file as the manifest says."""
    folder = store.path / "bundles"
    if not folder.is_dir():
        return []
    filed = {place_of(store, made): made for made in Bundle.objects.all()}
    findings: list[Fault] = []
    for path in sorted(folder.iterdir()):
        if path.name.endswith(UNFINISHED) or path.name == "elsewhere":
            continue  # named with what was left over
        made = filed.get(path)
        if made is None or not path.is_dir():
            findings.append(Fault(f"bundles/{path.name}", "is no bundle that was filed here", _AGAIN))
        else:
            findings += _check_bundle(path, made)
            findings += _check_receipt(store, path, made)
    return findings


def _check_bundle(folder: Path, made: Bundle) -> Iterator[Fault]:
    place = f"bundles/{folder.name}"
    try:
        manifest = (folder / "bundle.json").read_bytes()
    except OSError as error:
        yield Fault(f"{place}/bundle.json", f"cannot be read: {error.strerror}", _AGAIN)
        return
    if hashlib.sha256(manifest).hexdigest() != made.manifest_sha256:
        yield Fault(f"{place}/bundle.json", "is not the manifest that was filed", _AGAIN)
        return
    due = {str(file["path"]): str(file["sha256"]) for file in json.loads(manifest)["files"]}
    here = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    for name, sha256 in due.items():
        try:
            with (folder / name).open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                    yield Fault(f"{place}/{name}", "is not what the manifest says", _AGAIN)
        except OSError as error:
            yield Fault(f"{place}/{name}", f"cannot be read: {error.strerror}", _AGAIN)
    for name in sorted(here - due.keys() - {"bundle.json"}):
        if not name.startswith("receipt/"):
            yield Fault(f"{place}/{name}", "is not of this bundle", _AGAIN)


def _check_receipt(store: Store, folder: Path, made: Bundle) -> Iterator[Fault]:
    index = JournalEntry.objects.filter(record=made.id, version=1).values_list("index", flat=True).first()
    if index is None:
        return  # named with the journal
    try:
        due = receipt_of(store, folder, index)
    except (TrustError, OSError, KeyError):
        return  # whatever it is made of is named by itself
    receipt = folder / "receipt"
    here = {path.relative_to(receipt).as_posix(): path for path in receipt.rglob("*") if not path.is_dir()}
    for name, content in due.items():
        path = here.pop(name, None)
        try:
            if path is None or path.read_bytes() != content:
                yield Fault(f"bundles/{folder.name}/receipt/{name}", "is not the receipt of this bundle", _AGAIN)
        except OSError as error:
            yield Fault(f"bundles/{folder.name}/receipt/{name}", f"cannot be read: {error.strerror}", _AGAIN)
    for name in here:
        yield Fault(f"bundles/{folder.name}/receipt/{name}", "is not of this bundle", _AGAIN)
