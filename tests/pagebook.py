"""What tests of pages share: a photograph with a secret in it, and what was filed meanwhile."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image

PASSPHRASE = "a sentence only she knows"


def jpeg(shade: int = 120, width: int = 64) -> bytes:
    """A photograph whose EXIF names a secret."""
    picture = Image.new("RGB", (width, width * 3 // 4), (shade, 90, 60))
    exif = Image.Exif()
    exif[0x010E] = "Secret"
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def flat_png(side: int) -> bytes:
    """A PNG of one shade: a few kilobytes that unfold to four bytes a pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    packing = zlib.compressobj(9)
    row = bytes(1 + 4 * side)
    pixels = b"".join(packing.compress(row) for _ in range(side)) + packing.flush()
    size = side.to_bytes(4, "big")
    head = chunk(b"IHDR", size + size + bytes([8, 6, 0, 0, 0]))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@contextmanager
def assert_files_nothing() -> Iterator[None]:
    """Whatever happens inside leaves no entry."""
    from dokaz.casework import journal

    before = journal.size()
    yield
    assert journal.size() == before


@contextmanager
def assert_files_one(act: str) -> Iterator[None]:
    """What happens inside files entries, the first of them by this act."""
    from dokaz.casework import journal
    from dokaz.casework.models import JournalEntry

    before = journal.size()
    yield
    entry = JournalEntry.objects.filter(index=before).first()
    assert entry is not None, "nothing was filed"
    assert entry.act == act
