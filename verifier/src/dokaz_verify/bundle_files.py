"""The files of a bundle: where each of them lies, and that they are those of the manifest, byte for byte."""

from __future__ import annotations

from dokaz_verify.canonical import Malformed
from dokaz_verify.faults import Faults
from dokaz_verify.folder import Folder
from dokaz_verify.manifest import Manifest, is_path

MANIFEST, KEY, CHECKPOINT = "bundle.json", "log/key", "log/checkpoint"
ENTRIES, OPENINGS, BASES = "log/entries.jsonl", "log/openings.jsonl", "log/bases.jsonl"
RECEIPT_ENTRY, RECEIPT_OPENINGS = "receipt/entry.json", "receipt/openings.json"
RECEIPT_PROOF, RECEIPT_CONSISTENCY, RECEIPT_BASE = "receipt/proof", "receipt/consistency", "receipt/base"
ALWAYS_LISTED = (KEY, CHECKPOINT, ENTRIES, OPENINGS, BASES)
NEVER_LISTED = (MANIFEST, RECEIPT_ENTRY, RECEIPT_OPENINGS, RECEIPT_PROOF, RECEIPT_CONSISTENCY, RECEIPT_BASE)


def check_files(folder: Folder, manifest: Manifest, faults: Faults) -> None:
    """Every file that is listed is there as it was, and nothing else is there."""
    listed = {row.path for row in manifest.files}
    by_case: dict[str, str] = {}
    for row in manifest.files:
        if not is_path(row.path) or row.path in NEVER_LISTED or row.path.startswith("receipt/"):
            faults.add("path-not-allowed", file=row.path)
            continue
        other = by_case.setdefault(row.path.lower(), row.path)
        if other != row.path:
            faults.add("paths-differ-in-case", file=row.path, other=other)
        if row.path.startswith("files/") and row.path != f"files/{row.sha256}":
            faults.add("file-not-named-by-its-hash", file=row.path)
        _file(folder, row.path, row.size, row.sha256, faults)
    for path in ALWAYS_LISTED:
        if path not in listed:
            faults.add("file-not-listed", file=path)
    for path in NEVER_LISTED:
        if path not in folder.files:
            faults.add("file-missing", file=path)
    for path in sorted(folder.files.keys() - listed - set(NEVER_LISTED) - set(ALWAYS_LISTED)):
        faults.add("file-not-listed", file=path)
    for path in sorted(folder.strange):
        faults.add("not-an-ordinary-file", file=path)
    for path in sorted(folder.empty):
        faults.add("folder-is-empty", file=path)


def _file(folder: Folder, path: str, size: int, digest: str, faults: Faults) -> None:
    if path not in folder.files:
        faults.add("file-missing", file=path)
    elif folder.files[path] != size:
        # The size is compared first: nobody waits for the hash of a file that grew to terabytes.
        faults.add("file-size-differs", file=path, listed=size, found=folder.files[path])
    else:
        try:
            found = folder.sha256(path)
        except Malformed as error:
            faults.malformed("file-malformed", error, file=path)
            return
        if found != digest:
            faults.add("file-changed", file=path, listed=digest, found=found)
