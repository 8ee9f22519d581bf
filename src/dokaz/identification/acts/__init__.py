"""What people decide about who lies here: compare and sign, decide as a board, tell the family, give the remains back."""

from dokaz.identification.acts.board import (
    certify,
    exclude,
    lay_before_board,
    reopen,
    revoke,
    sign_decision,
    sign_revocation,
    withdraw,
)
from dokaz.identification.acts.comparisons import compare, search, sign_comparison, supersede
from dokaz.identification.acts.corrected import answer_correction, reopen_corrected, reopen_what_rests_on
from dokaz.identification.acts.correcting import (
    agree_comparison,
    agree_question,
    agree_release,
    correct_comparison,
    correct_doubt,
    correct_question,
    correct_release,
    correct_review,
    void_comparison,
    void_doubt,
    void_question,
    void_search,
)
from dokaz.identification.acts.doubts import answer_doubt, close_review, doubt
from dokaz.identification.acts.families import CHECK_LABELS, notify_family, release, take_return

__all__ = [
    "CHECK_LABELS",
    "agree_comparison",
    "agree_question",
    "agree_release",
    "answer_correction",
    "answer_doubt",
    "certify",
    "close_review",
    "compare",
    "correct_comparison",
    "correct_doubt",
    "correct_question",
    "correct_release",
    "correct_review",
    "doubt",
    "exclude",
    "lay_before_board",
    "notify_family",
    "release",
    "reopen",
    "reopen_corrected",
    "reopen_what_rests_on",
    "revoke",
    "search",
    "sign_comparison",
    "sign_decision",
    "sign_revocation",
    "supersede",
    "void_comparison",
    "void_doubt",
    "void_question",
    "void_search",
    "take_return",
    "withdraw",
]
