"""What the reader may do with a record: the acts that are open to their office, as links to their forms."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class ActLink:
    """One act that starts from a page.

    Args:
        act: Its name, as ``graves.lift``.
        label: What the button says.
        url: The page with its form.
        is_due: It is what comes next.
    """

    act: str
    label: str | Promise
    url: str
    is_due: bool = False
