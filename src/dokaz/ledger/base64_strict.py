"""Base64 with one spelling: text that does not re-encode to itself is refused."""

from __future__ import annotations

import base64
import binascii

from dokaz.errors import NotBase64


def encode(data: bytes) -> str:
    """Write bytes as standard, padded base64 (RFC 4648, section 4)."""
    return base64.b64encode(data).decode("ascii")


def decode(text: str, *, length: int | None = None) -> bytes:
    """Read standard, padded base64 and refuse every second spelling of the same bytes.

    Lenient readers ignore the unused bits of the last character, so that a flipped bit goes unseen.

    Args:     length: the number of bytes that there must be, if known.
    Raises:   NotBase64: another alphabet, wrong padding, unused bits that are not zero, or another length.
    """
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise NotBase64(f"{text[:100]!r} is not standard base64: {error}") from error
    if encode(data) != text:
        raise NotBase64(f"{text[:100]!r} is not how its bytes are written in base64 ({encode(data)[:100]!r} is)")
    if length is not None and len(data) != length:
        raise NotBase64(f"{text[:100]!r} holds {len(data)} bytes where {length} are due")
    return data
