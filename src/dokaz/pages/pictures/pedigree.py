"""The pedigree of a family on a page, in the words of the page's language."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import translation

from dokaz.pages.pictures.pedigree_strokes import DrawnMember, draw_pedigree

__all__ = ["DrawnMember", "pedigree"]


def pedigree(members: Sequence[DrawnMember], *, title: str = "", key: str = "pedigree") -> str:
    """Draw a pedigree; see `draw_pedigree`."""
    return draw_pedigree(members, words=translation, title=title, key=key)
