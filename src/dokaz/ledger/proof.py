"""Receipts: an entry's place in the log, as one text that can be checked offline (C2SP tlog-proof)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dokaz.errors import BadProof, NotBase64
from dokaz.ledger import base64_strict
from dokaz.ledger.checkpoint import Checkpoint, open_checkpoint
from dokaz.ledger.merkle import HASH_SIZE, verify_inclusion
from dokaz.ledger.note import VerifierKey

FIRST_LINE = "c2sp.org/tlog-proof@v1"
LONGEST_PATH = 63
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")


@dataclass(frozen=True)
class Receipt:
    """An entry's index, its inclusion proof, and the checkpoint that the proof leads to.

    Args:     index: of the entry.
              path: hashes from the leaf's sibling up.
              checkpoint: the signed note, as text.
              extra: bytes that nobody signs; Dokaz writes none and trusts none.
    """

    index: int
    path: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None

    def __str__(self) -> str:
        extra = "" if self.extra is None else f"extra {base64_strict.encode(self.extra)}\n"
        path = hash_lines(self.path)
        return f"{FIRST_LINE}\n{extra}index {self.index}\n{path}\n{self.checkpoint}"

    @classmethod
    def parse(cls, text: str) -> Receipt:
        """Read a receipt, verifying nothing yet.

        Raises:   BadProof: which line breaks the format, and how.
        """
        head, separator, checkpoint = text.partition("\n\n")
        if not separator:
            raise BadProof("no empty line separates the proof from its checkpoint")
        lines = head.split("\n")
        if lines.pop(0) != FIRST_LINE:
            raise BadProof(f"line 1 is {head[:60]!r}, not {FIRST_LINE}")
        extra = None
        if lines and lines[0].startswith("extra "):
            try:
                extra = base64_strict.decode(lines.pop(0).removeprefix("extra "))
            except NotBase64 as error:
                raise BadProof(f"extra line: {error.what}") from error
        match = _INDEX.fullmatch(lines.pop(0)) if lines else None
        if not match:
            raise BadProof("the line 'index <number>' is missing, or its number is not decimal without leading zeros")
        return cls(int(match[1]), tuple(read_hash_lines(lines)), checkpoint, extra)

    def verify(self, leaf: bytes, key: VerifierKey) -> Checkpoint:
        """Check that the log signed for the entry with this leaf hash.

        Returns:  the checkpoint under which the entry stands.
        Raises:   BadProof: the entry is not where the receipt says.
                  BadNote, NotSigned, WrongSignature, BadCheckpoint: the checkpoint is not this log's.
        """
        checkpoint = open_checkpoint(self.checkpoint, key)
        verify_inclusion(self.index, checkpoint.size, leaf, self.path, checkpoint.root)
        return checkpoint


def hash_lines(hashes: Sequence[bytes]) -> str:
    """Write hashes as base64, one a line; also the form of a bundle's ``receipt/consistency``."""
    return "".join(base64_strict.encode(each) + "\n" for each in hashes)


def read_hash_lines(lines: Sequence[str]) -> list[bytes]:
    """Read hashes, one a line.

    Raises:   BadProof: which hash is not 32 bytes in strict base64, or there are more than any log needs.
    """
    if len(lines) > LONGEST_PATH:
        raise BadProof(f"{len(lines)} hashes; no proof needs more than {LONGEST_PATH}")
    hashes = []
    for number, line in enumerate(lines, start=1):
        try:
            hashes.append(base64_strict.decode(line, length=HASH_SIZE))
        except NotBase64 as error:
            raise BadProof(f"hash {number}: {error.what}") from error
    return hashes
