"""Entries, commitments, Merkle tree, proofs, checkpoints."""
