"""The checks of a bundle, in the order of docs/ledger-format.md, "A verifier checks".

Each check notes what is wrong and goes on, so that one run names everything that can be named. What one check could
not read, the next ones do without: a bundle without a sound checkpoint is still checked for changed files and missing
signatures.

    from dokaz_verify import verify
    verdict = verify("bundle", key="vkey as published")
    verdict.verified, verdict.faults, verdict.withheld
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from dokaz_verify import canonical
from dokaz_verify.bundle_files import (
    BASES,
    CHECKPOINT,
    ENTRIES,
    KEY,
    MANIFEST,
    OPENINGS,
    RECEIPT_BASE,
    RECEIPT_CONSISTENCY,
    RECEIPT_ENTRY,
    RECEIPT_OPENINGS,
    RECEIPT_PROOF,
    check_files,
)
from dokaz_verify.canonical import Malformed
from dokaz_verify.chronicle import go_through
from dokaz_verify.entries import LONGEST_ENTRY, Entry, Opening
from dokaz_verify.erasure import Erased, check_missing
from dokaz_verify.faults import Faults
from dokaz_verify.fields import Laws, Values, differences_of, read_constitutions
from dokaz_verify.folder import Folder, Progress, Unreadable
from dokaz_verify.founding import check_founding
from dokaz_verify.history import History
from dokaz_verify.logkeys import check_signed, keys_of
from dokaz_verify.manifest import GROUNDS, Manifest, Withheld, is_count, is_list_of_text, members
from dokaz_verify.notes import Checkpoint, LoggedProof, LogKey, decode_hash, decode_text
from dokaz_verify.timeline import Span, check_bases, check_times
from dokaz_verify.tree import is_consistent, root_from_inclusion
from dokaz_verify.verdict import Verdict

BUNDLE, FILE_BUNDLE = "court.Bundle", "court.bundle"

# What is read whole has a limit: the manifest may list a million files, a note is a few lines, one field may hold a
# long text.
LARGEST_MANIFEST, LARGEST_NOTE, LONGEST_OPENINGS = 1 << 29, 1 << 20, 1 << 28
LONGEST_ENTRY_LINE = LONGEST_ENTRY + 16_384


def verify(
    bundle: str | Path,
    *,
    key: LogKey | str | None = None,
    constitution: str = "",
    now: datetime | None = None,
    not_older_than: timedelta | None = None,
    progress: Progress = lambda done, total: None,
) -> Verdict:
    """Check a bundle.

    Args:
        bundle: Its folder.
        key: The log's public key as it was published elsewhere; without it, the key inside the bundle is used, which
            only shows that the bundle agrees with itself.
        constitution: SHA-256 of a constitution that the reader accepts although it is not the standard one.
        now: The time by the reader's clock; the machine's if it is not given.
        not_older_than: How old the newest entry may be, for a reader who wants a log as it stands now.
        progress: Told now and then how many bytes were read, and of how many.

    Returns:
        The verdict; ``verified`` only if nothing at all is wrong.

    Raises:
        Unreadable: there is no such folder, it holds no ``bundle.json``, or reading was refused.
        Malformed: ``key`` is not a key.
    """
    outside = LogKey.parse(key) if isinstance(key, str) else key
    span = Span.of(now or datetime.now(UTC), not_older_than)
    return _Verification(Folder.look(Path(bundle), progress), outside, constitution, span).run()


class _Verification:
    """One bundle under examination."""

    def __init__(self, folder: Folder, outside: LogKey | None, accepted: str, span: Span) -> None:
        if MANIFEST not in folder.files:
            raise Unreadable(f"{folder.root}: {MANIFEST}")
        self.folder, self.outside, self.accepted = folder, outside, accepted
        self.span, self.head_at = span, ""
        self.faults, self.history = Faults(), History()
        self.shown = self.founders = 0
        self.erased: tuple[Erased, ...] = ()
        self.laws: Laws | None = None
        self.values = Values(self.history, None, self.faults)

    def run(self) -> Verdict:
        """Go through the checks."""
        manifest = self._manifest()
        first, checkpoint = self._log_key(), self._checkpoint()
        proof = self._receipt_proof()
        if checkpoint and proof:
            self._consistent(checkpoint, proof.checkpoint)
        if manifest:
            if checkpoint:
                self._agrees(manifest, checkpoint)
            self._entries(manifest, checkpoint)
            lines = self._lines(OPENINGS, LONGEST_OPENINGS, quiet=True)
            self.laws = read_constitutions(self.history, lines, self.accepted, self.faults)
            self.values = Values(self.history, self.laws, self.faults)
            self._openings()
        keys = keys_of(self.history, first, self.faults) if first else []
        if self.outside and first and self.outside not in keys:
            self.faults.add("key-is-another", file=KEY, given=self.outside.text, found=first.text)
            first, keys = self.outside, [self.outside]
        # Which key signs, the entries say: without a manifest, none are read.
        if keys and manifest:
            self._signed(CHECKPOINT, checkpoint, keys)
            self._signed(RECEIPT_PROOF, proof.checkpoint if proof else None, keys)
        if manifest:
            receipt = self._receipt(manifest, proof)
            self._withheld(manifest)
            size = checkpoint.size if checkpoint else None
            self.founders = check_founding(self.history, size, self.faults)
            self._investigated(manifest)
            check_bases(self.history, self._lines(BASES, LONGEST_ENTRY_LINE), checkpoint, self.faults)
            self.head_at = check_times(self.history, manifest, receipt, self.span, self.faults)
            if self.laws is not None:
                # Without a usable key, the entries are still held against each other.
                log = first.log if first else self.history.entries[1].log
                whole = manifest.entries == tuple(range(manifest.size))
                go_through(self.history, self._and(receipt), self.laws, self.faults, log=log, whole=whole)
            check_files(self.folder, manifest, self.faults)
        return Verdict(
            faults=tuple(self.faults.kept),
            counts=self.faults.counts,
            manifest=manifest,
            key=keys[-1] if keys else None,
            earlier_keys=tuple(keys[:-1]),
            key_from_outside=self.outside is not None,
            entries=self.shown,
            erased=self.erased,
            shown_size=checkpoint.size if checkpoint else None,
            filed_at=proof.index if proof else None,
            constitution=self.laws.newest.digest if self.laws else "",
            differences=differences_of(self.laws.newest if self.laws else None),
            founders=self.founders,
            head_at=self.head_at,
        )

    # --- 1: the manifest and the files ------------------------------------------------------------------------------

    def _manifest(self) -> Manifest | None:
        try:
            return Manifest.parse(self.folder.read(MANIFEST, limit=LARGEST_MANIFEST))
        except Malformed as error:
            self.faults.malformed("manifest-malformed", error, file=MANIFEST)
            return None

    # --- 2: key and checkpoints -------------------------------------------------------------------------------------

    def _log_key(self) -> LogKey | None:
        """The key that the log was founded under, as the bundle has it; the one from outside where it has none."""
        inside = None
        try:
            text = decode_text(self.folder.read(KEY, limit=LARGEST_NOTE))
            inside = LogKey.parse(text.removesuffix("\n"))
        except Malformed as error:
            self.faults.malformed("file-malformed", error, file=KEY)
        return inside or self.outside

    def _checkpoint(self) -> Checkpoint | None:
        try:
            return Checkpoint.parse(self.folder.read(CHECKPOINT, limit=LARGEST_NOTE))
        except Malformed as error:
            self.faults.malformed("file-malformed", error, file=CHECKPOINT)
            return None

    def _receipt_proof(self) -> LoggedProof | None:
        try:
            return LoggedProof.parse(self.folder.read(RECEIPT_PROOF, limit=LARGEST_NOTE))
        except Malformed as error:
            self.faults.malformed("file-malformed", error, file=RECEIPT_PROOF)
            return None

    def _signed(self, file: str, checkpoint: Checkpoint | None, keys: list[LogKey]) -> None:
        if checkpoint is not None:
            check_signed(checkpoint, keys, file, self.faults)

    def _consistent(self, first: Checkpoint, second: Checkpoint) -> None:
        """The log at the receipt is the log of the bundle, whatever was filed while that was written, and the receipt."""
        if second.size <= first.size:
            self.faults.add("receipt-within-the-log", file=RECEIPT_PROOF, least=first.size + 1, found=second.size)
        try:
            if not is_consistent(first.size, second.size, first.root, second.root, self._hashes(RECEIPT_CONSISTENCY)):
                self.faults.add("log-was-rewritten", file=RECEIPT_CONSISTENCY, old=first.size, new=second.size)
        except Malformed as error:
            self.faults.malformed("file-malformed", error, file=RECEIPT_CONSISTENCY)

    def _hashes(self, file: str) -> list[bytes]:
        """A proof of a hash a line; nothing but these lines, as no manifest covers the file."""
        text = decode_text(self.folder.read(file, limit=LARGEST_NOTE))
        if not text.endswith("\n"):
            raise Malformed("last-line-is-cut")
        return [decode_hash(line) for line in text[:-1].split("\n")]

    def _agrees(self, manifest: Manifest, checkpoint: Checkpoint) -> None:
        for name in ("origin", "size"):
            says, found = getattr(manifest, name), getattr(checkpoint, name)
            if says != found:
                self.faults.add("manifest-differs", file=MANIFEST, name=name, says=says, found=found)

    # --- 3: entries -------------------------------------------------------------------------------------------------

    def _entries(self, manifest: Manifest, checkpoint: Checkpoint | None) -> None:
        """Every entry is well-formed, and stands at its index in the tree that the log signed."""
        indices: list[int] = []
        for number, value in self._lines(ENTRIES, LONGEST_ENTRY_LINE):
            index: int | None = None
            try:
                row = members(value, entry=lambda _: True, index=is_count, proof=is_list_of_text)
                index = row["index"]
                entry = Entry.of(row["index"], row["entry"])
            except Malformed as error:
                self.faults.malformed("entry-malformed", error, file=ENTRIES, index=index, line=number)
                continue
            if indices and entry.index <= indices[-1]:
                self.faults.add("entries-out-of-order", file=ENTRIES, entry=entry, line=number)
                continue
            indices.append(entry.index)
            self.history.take(entry, self.faults)
            self._included(entry, row["proof"], checkpoint)
        self.shown = len(indices)
        for index in sorted(set(manifest.entries) - set(indices)):
            self.faults.add("entry-not-there", file=ENTRIES, index=index)
        for index in sorted(set(indices) - set(manifest.entries)):
            self.faults.add("entry-not-listed", file=ENTRIES, entry=self.history.entries[index])

    def _included(self, entry: Entry, proof: list[Any], checkpoint: Checkpoint | None) -> None:
        if checkpoint is None:
            return
        if entry.index >= checkpoint.size:
            self.faults.add("entry-beyond-the-log", file=ENTRIES, entry=entry, size=checkpoint.size)
            return
        try:
            path = [decode_hash(text) for text in proof]
            root = root_from_inclusion(entry.index, checkpoint.size, bytes.fromhex(entry.leaf), path)
        except Malformed as error:
            self.faults.malformed("proof-malformed", error, file=ENTRIES, index=entry.index)
            return
        if root != checkpoint.root:
            self.faults.add("entry-not-in-the-log", file=ENTRIES, entry=entry)

    # --- 4: openings, and what was withheld -------------------------------------------------------------------------

    def _openings(self) -> None:
        """Every opening belongs to the entry it stands with; no version has a field of one name twice."""
        last = -1
        for number, value in self._lines(OPENINGS, LONGEST_OPENINGS):
            index: int | None = None
            try:
                row = members(value, index=is_count, openings=lambda found: isinstance(found, list) and bool(found))
                index = row["index"]
                openings = [Opening.of(each) for each in row["openings"]]
            except Malformed as error:
                self.faults.malformed("opening-malformed", error, file=OPENINGS, index=index, line=number)
                continue
            if row["index"] <= last:
                self.faults.add("openings-out-of-order", file=OPENINGS, index=index, line=number)
            last = max(last, row["index"])
            entry = self.history.entries.get(row["index"])
            if entry is None:
                self.faults.add("opening-without-entry", file=OPENINGS, index=index, line=number)
                continue
            for opening in openings:
                self.values.open(entry, opening)

    def _withheld(self, manifest: Manifest) -> None:
        """What is neither shown, nor withheld, nor erased is missing; what is two of these is a lie in one place."""
        history, faults = self.history, self.faults
        fields = self._declared(manifest.withheld, history.first, "field")
        for digest in sorted(fields & history.opened, key=history.first.__getitem__):
            entry = history.entries[history.first[digest]]
            faults.add("withheld-and-shown", file=OPENINGS, entry=entry, what=history.name_of(digest))
        self.erased = check_missing(history, fields, faults)
        first_file: dict[str, int] = {}
        for entry in history.entries.values():
            for file in entry.files:
                first_file.setdefault(file, entry.index)
        kept_back = self._declared(manifest.withheld_files, first_file, "file")
        there = {f"sha256:{row.sha256}" for row in manifest.files if row.path.startswith("files/")}
        for file, index in first_file.items():
            if file not in there and file not in kept_back:
                faults.add("file-not-declared", file=MANIFEST, entry=history.entries[index], what=file)
            elif file in there and file in kept_back:
                faults.add("withheld-and-shown", file=MANIFEST, entry=history.entries[index], what=file)
        for file in sorted(there - first_file.keys()):
            faults.add("file-of-no-entry", file=f"files/{file.removeprefix('sha256:')}")

    def _declared(self, rows: tuple[Withheld, ...], first: dict[str, int], sort: str) -> set[str]:
        """The digests or files that are declared as withheld, each once, where it first stands, with a ground."""
        declared: set[str] = set()
        for row in rows:
            if row.what in declared:
                self.faults.add("withheld-twice", file=MANIFEST, index=row.index, what=row.what)
            elif first.get(row.what) != row.index:
                self.faults.add("withheld-what-is-not-there", file=MANIFEST, index=row.index, what=row.what)
            if row.code not in GROUNDS or not any(map(str.isalnum, row.authority)):
                self.faults.add("withheld-without-ground", file=MANIFEST, index=row.index, what=row.what)
            declared.add(row.what)
        return declared

    def _investigated(self, manifest: Manifest) -> None:
        first = self.history.entries.get(0)
        if first and first.record != manifest.investigation:
            says, found = manifest.investigation, first.record
            self.faults.add("manifest-differs", file=MANIFEST, name="investigation", says=says, found=found)

    def _and(self, receipt: Entry | None) -> list[Entry]:
        """The entries, and the receipt behind them, unless it stands among them."""
        entries = list(self.history.entries.values())
        return [*entries, receipt] if receipt is not None and receipt.index not in self.history.entries else entries

    # --- 8: the receipt ---------------------------------------------------------------------------------------------

    def _receipt(self, manifest: Manifest, proof: LoggedProof | None) -> Entry | None:
        """The log itself holds the filing of this bundle: who made it, and the hash of its manifest."""
        index = proof.index if proof else manifest.size
        try:
            data = self.folder.read(RECEIPT_ENTRY, limit=LONGEST_ENTRY)
            entry = Entry.of(index, canonical.read(data))
        except Malformed as error:
            self.faults.malformed("file-malformed", error, file=RECEIPT_ENTRY)
            return None
        if entry.act != FILE_BUNDLE or entry.kind != BUNDLE:
            self.faults.add("receipt-of-another-act", file=RECEIPT_ENTRY, entry=entry)
        if entry.files:
            self.faults.add("receipt-names-files", file=RECEIPT_ENTRY, entry=entry)
        if proof:
            self._receipt_included(manifest, entry, proof)
        for digest in entry.fields.values():
            first = self.history.first.get(digest)
            if first is not None:
                other = self.history.entries[first].record
                self.faults.add("field-of-two-records", file=RECEIPT_ENTRY, entry=entry, digest=digest, other=other)
        self._receipt_openings(entry)
        if proof:
            self._receipt_base(manifest, entry, proof)
        return entry

    def _receipt_base(self, manifest: Manifest, entry: Entry, proof: LoggedProof) -> None:
        """The receipt was signed on this log too, after what the bundle shows."""
        base, head = entry.base, proof.checkpoint
        if not manifest.size <= base.size <= entry.index:
            self.faults.add("base-is-later", file=RECEIPT_ENTRY, entry=entry, size=base.size)
            return
        try:
            root = bytes.fromhex(base.root)
            if not is_consistent(base.size, head.size, root, head.root, self._hashes(RECEIPT_BASE)):
                self.faults.add("base-not-of-this-log", file=RECEIPT_BASE, entry=entry, size=base.size)
        except Malformed as error:
            self.faults.malformed("file-malformed", error, file=RECEIPT_BASE)

    def _receipt_included(self, manifest: Manifest, entry: Entry, proof: LoggedProof) -> None:
        if entry.index < manifest.size:
            self.faults.add("receipt-within-the-log", file=RECEIPT_PROOF, least=manifest.size, found=entry.index)
        if proof.checkpoint.size != entry.index + 1:
            found = proof.checkpoint.size
            self.faults.add("receipt-not-the-last-entry", file=RECEIPT_PROOF, due=entry.index + 1, found=found)
        try:
            root = root_from_inclusion(entry.index, proof.checkpoint.size, bytes.fromhex(entry.leaf), proof.path)
        except Malformed as error:
            self.faults.malformed("proof-malformed", error, file=RECEIPT_PROOF, index=entry.index)
            return
        if root != proof.checkpoint.root:
            self.faults.add("entry-not-in-the-log", file=RECEIPT_PROOF, entry=entry)

    def _receipt_openings(self, entry: Entry) -> None:
        """All fields of the receipt's entry are open, in their order, and one of them is the manifest's hash."""
        try:
            value = canonical.read(self.folder.read(RECEIPT_OPENINGS, limit=LONGEST_OPENINGS))
            openings = [Opening.of(each) for each in (value if isinstance(value, list) else [value])]
        except Malformed as error:
            self.faults.malformed("file-malformed", error, file=RECEIPT_OPENINGS)
            return
        if [(opening.name, opening.digest) for opening in openings] != sorted(entry.fields.items()):
            self.faults.add("receipt-not-opened", file=RECEIPT_OPENINGS, entry=entry)
            return
        for opening in openings:
            self.history.first.setdefault(opening.digest, entry.index)
            self.values.take(entry, opening)
        said = [opening.value for opening in openings if opening.name == "manifest_sha256"]
        found = self.folder.sha256(MANIFEST)
        if said != [found]:
            self.faults.add("manifest-not-of-this-receipt", file=MANIFEST, entry=entry, found=found)

    # ----------------------------------------------------------------------------------------------------------------

    def _lines(self, file: str, longest: int, *, quiet: bool = False) -> Any:
        """The values of a file's lines, with their numbers; what is not canonical JSON is noted and passed over.

        Args:
            quiet: Note nothing, because the file is read again.
        """
        try:
            for line in self.folder.lines(file, longest=longest):
                try:
                    if line.data is None:
                        raise Malformed("line-too-long-or-cut")
                    yield line.number, canonical.read(line.data)
                except Malformed as error:
                    if not quiet:
                        self.faults.malformed("line-malformed", error, file=file, line=line.number)
        except Malformed as error:
            if not quiet:
                self.faults.malformed("file-malformed", error, file=file)
