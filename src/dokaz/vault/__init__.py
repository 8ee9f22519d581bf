"""Files by content: a local directory."""

from dokaz.vault.vault import StoredFile, Vault

__all__ = ["StoredFile", "Vault"]
