"""Private keys under a passphrase, in the standard form that OpenSSL opens as well, and dear to guess at."""

from __future__ import annotations

import base64
import secrets
import textwrap
from collections.abc import Callable

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

# 16 MiB for each of 5 passes: the dearest setting that OpenSSL's own memory limit lets a person open by hand. The
# library's default (PBKDF2, 2,048 rounds) would let a thief of the file try many thousand passphrases a second.
SCRYPT_N, SCRYPT_R, SCRYPT_P = 2**14, 8, 5

_PBES2 = bytes.fromhex("06092a864886f70d01050d")
_SCRYPT = bytes.fromhex("06092b06010401da47040b")
_AES_256_CBC = bytes.fromhex("060960864801650304012a")


def wrap_pkcs8(plain: bytes, passphrase: str, *, random: Callable[[int], bytes] = secrets.token_bytes) -> bytes:
    """Encrypt a private key in DER.

    Args:     plain: PKCS#8 PrivateKeyInfo, DER.
              passphrase: not empty.
              random: gives n random bytes.
    Returns:  PEM, "ENCRYPTED PRIVATE KEY": PBES2 with scrypt and AES-256-CBC.
    Source:   RFC 5958 section 3, RFC 8018 section 6.2, RFC 7914 section 7.
    """
    salt, start = random(16), random(16)
    key = Scrypt(salt=salt, length=32, n=SCRYPT_N, r=SCRYPT_R, p=SCRYPT_P).derive(passphrase.encode())
    padder = padding.PKCS7(128).padder()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(start)).encryptor()
    secret = encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()
    derivation = _sequence(
        _SCRYPT, _sequence(_octets(salt), _integer(SCRYPT_N), _integer(SCRYPT_R), _integer(SCRYPT_P))
    )
    scheme = _sequence(_PBES2, _sequence(derivation, _sequence(_AES_256_CBC, _octets(start))))
    lines = textwrap.fill(base64.b64encode(_sequence(scheme, _octets(secret))).decode(), 64)
    return f"-----BEGIN ENCRYPTED PRIVATE KEY-----\n{lines}\n-----END ENCRYPTED PRIVATE KEY-----\n".encode()


def _tagged(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def _sequence(*parts: bytes) -> bytes:
    return _tagged(0x30, b"".join(parts))


def _octets(content: bytes) -> bytes:
    return _tagged(0x04, content)


def _integer(number: int) -> bytes:
    # One bit more than needed, so that the highest one, the sign, is zero.
    return _tagged(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))
