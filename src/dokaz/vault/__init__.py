"""Files by content: a local directory."""

from dokaz.vault.vault import Readable, StoredFile, Vault

__all__ = ["Readable", "StoredFile", "Vault"]
