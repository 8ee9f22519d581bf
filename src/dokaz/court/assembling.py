"""Writes a bundle: entries with their proofs, openings, files, what is withheld, and pages for reading.

The order follows docs/ledger-format.md, "A bundle": everything but the receipt is written and hashed into the manifest
(``assemble``); the manifest's hash is filed (``file``); the receipt of that filing closes the bundle (``finish``). Only
the second of the three is done inside a filing: writing a large bundle keeps nobody from filing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from dokaz.casework.filing import Actor, Filing, filing
from dokaz.casework.journal import not_before_the_newest
from dokaz.casework.models import JournalEntry, JournalOpening, Person
from dokaz.casework.queries import investigation
from dokaz.casework.registry import act_named
from dokaz.casework.roles import Role
from dokaz.casework.store import Store
from dokaz.casework.values import timestamp
from dokaz.court.acts import bundle
from dokaz.court.contents import Contents, gather
from dokaz.court.keeping import abandoned, drafted, drafts, filed_as, place_of, unfinished
from dokaz.court.leaks import leaks_in, refuse_leaks, stated_leaks
from dokaz.court.leftovers import noted
from dokaz.court.models import Bundle
from dokaz.court.reading import own_lines, write_for_reading
from dokaz.court.redaction import Redaction, read_blind, refuse_closed_kinds
from dokaz.court.selection import everything, kinds_of, of_decision
from dokaz.errors import BundleExists, NotInOffice, SignatureNeeded, sentence
from dokaz.identification.models import Decision
from dokaz.ledger import (
    Checkpoint,
    Entry,
    Frontier,
    Receipt,
    canonical,
    consistency_proof,
    inclusion_proof,
    parse,
)

Progress = Callable[[int, int], None]

FILED_AS = "court.bundle"

_CHUNK = 500


def write_contents(store: Store, target: Path, contents: Contents, *, note: str, size: int, progress: Progress) -> None:
    """Write log, openings and files of a bundle under a checkpoint of ``size`` entries, signed as ``note``."""
    (target / "log").mkdir()
    (target / "log" / "checkpoint").write_text(note, encoding="utf-8")
    (target / "log" / "key").write_text(f"{store.log.verifier_key}\n", encoding="utf-8")
    total = len(contents.entries) + len(contents.files)
    # Neighbouring entries share most of their paths; each hash is read and computed once.
    read_hash = lru_cache(maxsize=None)(store.log.tiles.read_hash)
    with open(target / "log" / "entries.jsonl", "wb") as lines:
        for done, (index, entry) in enumerate(contents.entries):
            proof = [_b64(h) for h in inclusion_proof(index, size, read_hash)]
            lines.write(canonical({"entry": entry.to_json(), "index": index, "proof": proof}) + b"\n")
            progress(done, total)
    with open(target / "log" / "openings.jsonl", "wb") as lines:
        for index, openings in sorted(contents.openings.items()):
            lines.write(canonical({"index": index, "openings": openings}) + b"\n")
    # A log of no entries needs no proof that it grew.
    bases = {entry.base.size: entry.base for _, entry in contents.entries if entry.base.size}
    with open(target / "log" / "bases.jsonl", "wb") as lines:
        for base in sorted(bases.values(), key=lambda each: each.size):
            grown = [_b64(h) for h in consistency_proof(base.size, size, read_hash)]
            lines.write(canonical({"proof": grown, "root": base.root, "size": base.size}) + b"\n")
    if contents.files:
        (target / "files").mkdir()
    for done, sha256 in enumerate(sorted(contents.files), start=len(contents.entries)):
        with store.vault.open(sha256) as source, open(target / "files" / sha256, "wb") as copy:
            shutil.copyfileobj(source, copy, 1 << 20)
        progress(done, total)


def _b64(data: bytes) -> str:
    return b64encode(data).decode()


def manifest(target: Path, contents: Contents, *, store: Store, investigation: str, made_at: str, purpose: str,
             size: int) -> bytes:  # fmt: skip
    """The manifest over everything written so far, as canonical JSON."""
    files = []
    for path in sorted(p for p in target.rglob("*") if p.is_file()):
        name = path.relative_to(target).as_posix()
        if name == "bundle.json" or name.startswith("receipt/"):
            continue
        files.append({"bytes": path.stat().st_size, "path": name, "sha256": _sha256(path)})
    return canonical(
        {
            "entries": [index for index, _ in contents.entries],
            "files": sorted(files, key=lambda f: str(f["path"])),
            "investigation": investigation,
            "made_at": made_at,
            "origin": store.origin,
            "purpose": purpose,
            "size": size,
            "v": 2,
            "withheld": contents.withheld,
            "withheld_files": contents.withheld_files,
        }
    )


def _sha256(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_receipt(store: Store, target: Path, index: int) -> None:
    """Close a bundle with the receipt of its own filing: entry ``index`` under the log that ends with it."""
    folder = target / "receipt"
    folder.mkdir()
    for name, content in receipt_of(store, target, index).items():
        (folder / name).write_bytes(content)


def receipt_of(store: Store, target: Path, index: int) -> dict[str, bytes]:
    """What the receipt of a bundle holds, file by file; the same whenever it is made."""
    log = store.log
    body = log.tiles.read_entry(index)
    entry = Entry.parse(body)
    rows = JournalOpening.objects.in_bulk(list(entry.fields.values()))
    openings = [[rows[d].salt, n, parse(rows[d].value.encode())] for n, d in sorted(entry.fields.items())]
    root = Frontier.read(index + 1, log.tiles.read_hash).root
    note = store.log_key_at(index + 1).sign(Checkpoint(store.origin, index + 1, root))
    receipt = Receipt(index, tuple(log.inclusion(index, size=index + 1)), note)
    hashes = log.consistency(log.open(_note_of(target)).size, size=index + 1)
    based = log.consistency(entry.base.size, size=index + 1)
    return {
        "entry.json": body,
        "openings.json": canonical(openings),
        "proof": str(receipt).encode(),
        "consistency": "".join(f"{_b64(h)}\n" for h in hashes).encode(),
        "base": "".join(f"{_b64(h)}\n" for h in based).encode(),
    }


def _note_of(target: Path) -> str:
    """The checkpoint of the log that a bundle shows."""
    return (target / "log" / "checkpoint").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Assembled:
    """A bundle that is written and not yet filed: everything but its receipt.

    Args:
        manifest: What ``bundle.json`` holds.
        size: How many entries the log held that it shows.
        entries: How many of them it shows.
        files: How many files.
        decision: What it is about; None: the whole log.
    """

    manifest: bytes
    purpose: str
    recipient: str
    addressee: Person | None
    size: int
    entries: int
    files: int
    redactions: tuple[Redaction, ...]
    decision: Decision | None


@dataclass(frozen=True)
class Wanted:
    """What a bundle is to hold, for whom, and what is withheld from it.

    Args:
        decision: Only what it rests on; None: the whole log.
        recipient: Who receives it, in words.
        addressee: Counsel of the defence who see it here; their record goes into it.
        names_may_stay: Whether names of people who are withheld may stay where they are also those of people who are shown.
    """

    purpose: str
    recipient: str = ""
    addressee: Person | None = None
    decision: Decision | None = None
    redactions: Sequence[Redaction] = ()
    names_may_stay: bool = False

    @property
    def stated(self) -> dict[str, str]:
        """What whoever makes it wrote for it; all of it leaves with its receipt."""
        said: dict[str, str] = {sentence("the purpose"): self.purpose, sentence("the recipient"): self.recipient}
        return said | {sentence("the authority for {code}", code=rule.code): rule.authority for rule in self.redactions}


def assemble(
    store: Store,
    target: Path,
    *,
    by: Actor,
    at: dt.datetime,
    progress: Progress = lambda done, total: None,
    **wanted: Any,
) -> Assembled:
    """Write everything of a bundle but its receipt; others may file meanwhile.

    It shows the log up to its newest checkpoint. The entries, hashes and files of a log up to there never change, whatever
    is filed afterwards, so that no lock and no snapshot of the database is needed to read them.

    Args:
        by: Who is going to file it; their key and office belong into it.
        at: The time now.
        wanted: As ``Wanted``.

    Raises:
        NotInOffice: the office hands out no bundles.
        SignatureNeeded: the key is not unlocked.
        ClosedKind: a kind that it would hold is closed to the office, and not withheld whole.
        WouldName: it would name somebody whom it withholds.
        NoInvestigation: there is nothing to bundle yet.
    """
    want = Wanted(**wanted)
    refuse_other_offices(by)
    if by.key is None:
        raise SignatureNeeded(FILED_AS)
    note, size, contents = gathered(store, want, by)
    refuse_leaks([*contents.withholding.leaks, *stated_leaks(contents.withholding.sought, want.stated)])
    write_contents(store, target, contents, note=note, size=size, progress=progress)
    write_for_reading(target, contents, purpose=want.purpose, size=size)
    refuse_leaks(leaks_in(target, contents.withholding.sought, own=own_lines(contents, size=size)))
    text = manifest(
        target,
        contents,
        store=store,
        investigation=str(investigation().id),
        made_at=timestamp(not_before_the_newest(at)),
        purpose=want.purpose,
        size=size,
    )
    (target / "bundle.json").write_bytes(text)
    return Assembled(
        text, want.purpose, want.recipient, want.addressee, size, len(contents.entries), len(contents.files),
        tuple(want.redactions), want.decision,
    )  # fmt: skip


def refuse_other_offices(by: Actor) -> None:
    """Refuse whoever hands out no bundles.

    Raises:
        NotInOffice: the office hands out none.
    """
    if by.role not in act_named(FILED_AS).roles:
        raise NotInOffice(FILED_AS, Role(by.role), [Role(role) for role in sorted(act_named(FILED_AS).roles)])


def gathered(store: Store, want: Wanted, by: Actor) -> tuple[str, int, Contents]:
    """The checkpoint that a bundle shows, the size of its log, and what goes into the bundle."""
    store.publish()
    note = store.log.note
    size = store.log.open(note).size
    indices = (
        of_decision(want.decision, size, filed_by=by, addressee=want.addressee) if want.decision else everything(size)
    )
    refuse_closed_kinds(by.role, kinds_of(indices), [(r.kind, r.fields) for r in want.redactions if not r.record])
    # Asked after the size of the log is known: what is read blind from then on is not in it.
    redactions = [*want.redactions, *read_blind()]
    return note, size, gather(indices, redactions, store.vault, size=size, names_may_stay=want.names_may_stay)


def file(work: Filing, assembled: Assembled) -> Bundle:
    """File a bundle that was assembled.

    Raises:
        InputsChanged: it is about a decision, and something that belongs into it was filed since.
    """
    return bundle(
        work,
        manifest=assembled.manifest,
        purpose=assembled.purpose,
        recipient=assembled.recipient,
        addressee=assembled.addressee,
        size=assembled.size,
        entries=assembled.entries,
        files=assembled.files,
        withheld=[rule.to_json() for rule in assembled.redactions],
        decision=assembled.decision,
    )


def make_bundle(store: Store, target: Path, *, by: Actor, clock: Callable[[], dt.datetime], **wanted: Any) -> Bundle:
    """Write a bundle and file it; the lock on the ledger is held for its one entry only.

    Args:
        target: A directory that does not exist, or is empty.
        clock: Gives the time now.
        wanted: As ``Wanted``.

    Raises:
        BundleExists: there is something in the directory, or somebody is writing it; or a killed process had filed a bundle
            for it, which is now finished.
        InputsChanged: see ``file``.
    """
    if target.exists() and any(target.iterdir()):
        raise BundleExists(str(target))
    aside = unfinished(target)
    if settle(store, aside, lambda made: target):
        raise BundleExists(str(target))
    with noted(store, aside), drafted(aside) as draft:
        assembled = assemble(store, draft, by=by, at=clock(), **wanted)
        with filing(by=by, at=clock(), store=store) as work:
            made = file(work, assembled)
        finish(store, draft, made, target)
    return made


def finish(store: Store, draft: Path, made: Bundle, target: Path) -> None:
    """Close a bundle that is filed with its receipt, and give it its place; may be repeated after a killed process."""
    store.publish()
    # What a killed process left of it.
    shutil.rmtree(draft / "receipt", ignore_errors=True)
    write_receipt(store, draft, JournalEntry.objects.get(record=made.id, version=1).index)
    draft.rename(target)


def settle(store: Store, draft: Path, place: Callable[[Bundle], Path]) -> Path | None:
    """Finish what a killed process left: a bundle that was filed gets its receipt and its place, any other is removed.

    Args:
        draft: Where it was written.
        place: Where a bundle belongs.

    Returns: Where the finished bundle lies; None if there was none to finish.
    """
    with abandoned(draft) as is_abandoned:
        made = filed_as(draft) if is_abandoned else None
        if made is not None:
            finish(store, draft, made, place(made))
            return place(made)
        if is_abandoned:
            shutil.rmtree(draft)
    return None


def settle_drafts(store: Store) -> None:
    """Finish or remove every bundle of the web pages whose process was killed."""
    for draft in drafts(store):
        settle(store, draft, lambda made: place_of(store, made))
