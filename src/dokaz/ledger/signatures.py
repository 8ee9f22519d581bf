"""Ed25519 signatures, and the few public keys under which a signature would mean nothing."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

# The field of the curve, and its constant d = -121665/121666.
_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P


def holds(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether a signature was made over this message with this key.

    Source:   RFC 8032, section 5.1.7.
    """
    if has_small_order(public_key):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def has_small_order(public_key: bytes) -> bool:
    """Tell whether a public key is one of the curve's eight points of small order.

    Whoever enrols one can write a signature that holds under every message, and later say that they never signed.

    The points are those with y = 0, 1 or -1, and the four of order 8, where doubling gives y = 0. By the doubling formula
    that is x² = -y², which the curve's equation -x² + y² = 1 + d x² y² turns into d y⁴ + 2 y² - 1 = 0.
    """
    y = (int.from_bytes(public_key, "little") & (2**255 - 1)) % _P
    return y in (0, 1, _P - 1) or (_D * pow(y, 4, _P) + 2 * y * y - 1) % _P == 0
