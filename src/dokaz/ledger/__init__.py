"""Entries, commitments, Merkle tree, proofs, checkpoints."""

from dokaz.ledger.audit import check_ledger
from dokaz.ledger.canonical import canonical, parse
from dokaz.ledger.checkpoint import Checkpoint, LogKey, open_checkpoint
from dokaz.ledger.entry import Base, Entry, PersonalSignature, assent_message, key_id, log_id, possession_message
from dokaz.ledger.log import Log
from dokaz.ledger.merkle import (
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    verify_consistency,
    verify_inclusion,
)
from dokaz.ledger.note import VerifierKey, open_note
from dokaz.ledger.opening import Opening
from dokaz.ledger.openings_store import OpeningsStore
from dokaz.ledger.personal import UnlockedKey, WrappedKey, generate_personal_key, unlock
from dokaz.ledger.proof import Receipt
from dokaz.ledger.tiles import TileStore

__all__ = [
    "Base",
    "Checkpoint",
    "Entry",
    "Frontier",
    "Log",
    "LogKey",
    "Opening",
    "OpeningsStore",
    "PersonalSignature",
    "Receipt",
    "TileStore",
    "UnlockedKey",
    "VerifierKey",
    "WrappedKey",
    "assent_message",
    "canonical",
    "check_ledger",
    "consistency_proof",
    "generate_personal_key",
    "inclusion_proof",
    "key_id",
    "leaf_hash",
    "log_id",
    "node_hash",
    "open_checkpoint",
    "open_note",
    "parse",
    "possession_message",
    "unlock",
    "verify_consistency",
    "verify_inclusion",
]
