"""Two people correct what two signed: one proposes, and another agrees."""

from __future__ import annotations

from typing import Any

from builder import Who, canonical, sha
from story import Story


def by_two(story: Story, record: str, *, first: Who, second: Who, values: dict[str, Any], filed: Any = None,
           state: str = "made", leaf: str = "", **besides: Any) -> None:  # fmt: skip
    """A signed comparison is corrected as one proposed and another agreed; the attack is in what differs."""
    log = story.log
    openings = {name: (log.salt(), name, value) for name, value in values.items()}
    fields = {"of_kind": "identification.Comparison", "record": record, "leaf": leaf or log.records[record].leaf,
              "digests": {name: sha(canonical(opening)) for name, opening in openings.items()},
              "openings": {name: [salt, value] for name, (salt, _name, value) in openings.items()},
              "proposed_by": first.person, "state": "proposed", "reason": "a typing mistake"}  # fmt: skip
    proposed = log.file("casework.propose_correction", "casework.Correction", first, fields)
    with log.filing():
        if state == "made":
            made = {"state": state, "agreed_by": second.person, "reason": "compared"}
            story.change("casework.make_correction", proposed, second, made)
        changed = {"state": "proposed", "signed_on": None, "reason": "compared", **(filed or {}), **besides}
        story.change("identification.agree_comparison", record, second, changed, openings=openings)
