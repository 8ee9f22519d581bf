"""An act that may file anything, for tests of what happens to records whatever act files them."""

from __future__ import annotations

from typing import Any


def files_anything() -> Any:
    """Declared to make records of every kind in every state, and to change every field of them in whatever way."""
    from dokaz.casework.effects import changes, makes
    from dokaz.casework.records import record_kinds
    from dokaz.casework.registry import Act
    from dokaz.casework.roles import ANY_ROLE

    files = []
    for kind in record_kinds():
        states = list(kind.states.values) if kind.states else []
        names = " ".join(field.name for field in kind.content_fields() if field.name != "state")
        files += [makes(kind, states), changes(kind, names, dict.fromkeys(states, states))]
    return Act("casework.try", frozenset(ANY_ROLE), None, "tried", "", "", tuple(files))
