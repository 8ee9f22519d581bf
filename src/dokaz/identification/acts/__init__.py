"""What people decide about who lies here: compare and sign, decide as a board, tell the family, give the remains back."""

from dokaz.identification.acts.board import (
    certify,
    close_review,
    doubt,
    exclude,
    lay_before_board,
    reopen,
    revoke,
    sign_decision,
    sign_revocation,
    withdraw,
)
from dokaz.identification.acts.comparisons import compare, search, sign_comparison, supersede
from dokaz.identification.acts.families import CHECK_LABELS, notify_family, release

__all__ = [
    "CHECK_LABELS",
    "certify",
    "close_review",
    "compare",
    "doubt",
    "exclude",
    "lay_before_board",
    "notify_family",
    "release",
    "reopen",
    "revoke",
    "search",
    "sign_comparison",
    "sign_decision",
    "sign_revocation",
    "supersede",
    "withdraw",
]
