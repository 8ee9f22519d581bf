"""Files by content: a local directory."""

from dokaz.vault.vault import Readable, StagedFile, Staging, StoredFile, Vault

__all__ = ["Readable", "StagedFile", "Staging", "StoredFile", "Vault"]
