"""Whether the log is kept by other rules than this program files by, and what may be filed all the same."""

from __future__ import annotations

from dokaz.casework.constitution import constitution_hash
from dokaz.casework.models import Constitution, JournalEntry, ProposalState

# What is the same under every constitution, so that another one can be put in force.
UNDER_ANY_CONSTITUTION = frozenset(
    {"casework.propose_constitution", "casework.put_in_force", "casework.assent", "casework.begin_work",
     "casework.end_work"}
)  # fmt: skip


def other_constitution() -> str:
    """The hash of the constitution in force, where this program has another; empty where it is the same."""
    found = list(Constitution.objects.filter(state=ProposalState.IN_FORCE).values_list("sha256", "entry_hash"))
    if len(found) > 1:
        leaves = JournalEntry.objects.filter(leaf__in=[leaf for _sha256, leaf in found]).order_by("-index")
        newest = leaves.values_list("leaf", flat=True)[0]
        found = [row for row in found if row[1] == newest]
    return found[0][0] if found and found[0][0] != constitution_hash() else ""
