"""The two hypotheses of a report as pedigrees: pictures, and the same as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dokaz.kinship.model.pedigree import Pedigree, Sex
from dokaz.pages.pictures.pedigree_strokes import DrawnMember, draw_legend, draw_pedigree
from dokaz.reports.compared import Compared
from dokaz.reports.document import ReportPicture, ReportPictures, ReportTable
from dokaz.reports.words import ReportWords

_SEX = {Sex.MALE: "m", Sex.FEMALE: "f", Sex.UNKNOWN: ""}


def hypotheses_drawn(compared: Compared, titles: tuple[str, str], words: ReportWords) -> ReportPictures:
    """Both hypotheses side by side, with one legend.

    Args:
        titles: What stands above each.

    Raises:
        NoPedigree: as `arrange`; a `Pedigree` that could be built has a drawing.
    """
    members = [_members(compared, compared.h1, True, words), _members(compared, compared.h2, False, words)]
    pictures = tuple(
        ReportPicture(
            title,
            draw_pedigree(
                _with_unnamed_parents(theirs, words),
                words=words,
                title=title,
                key=f"h{k + 1}",
                identical_twins=[sorted(group) for group in pedigree.identical_twins],
                least_width=0.0,
                has_legend=False,
            ),
        )
        for k, (title, theirs, pedigree) in enumerate(zip(titles, members, (compared.h1, compared.h2), strict=True))
    )
    legend = draw_legend([*members[0], *members[1]], words=words, key="legend", width=620.0)
    return ReportPictures(pictures, legend, _as_table(titles, members, words))


def _members(compared: Compared, pedigree: Pedigree, is_h1: bool, words: ReportWords) -> list[DrawnMember]:
    """In the pedigree's order; of a searched pair the missing person bears the remains' name under H1."""
    pair = compared.pair
    found = []
    for member in pedigree:
        one = DrawnMember(
            member.id,
            _SEX[pedigree.sex_of(member.id)],
            member.father or "",
            member.mother or "",
            is_typed=member.id in compared.profiles,
        )
        if pair is not None and is_h1 and member.id == pair.remains:
            one = replace(one, is_missing=True, label=f"{pair.missing} = {pair.remains}")
        elif pair is not None and member.id == pair.missing:
            one = replace(one, is_missing=True)
        if member.id.startswith("\0"):
            one = replace(one, label=words.gettext("unnamed"))
        if member.inbreeding:
            one = replace(one, note=words.gettext("inbred: %(f)s") % {"f": words.number(member.inbreeding)})
        found.append(one)
    return found


def _with_unnamed_parents(members: Sequence[DrawnMember], words: ReportWords) -> list[DrawnMember]:
    """A child of whom one parent is named has another one, who appears nowhere else: what the engine computes is drawn."""
    found = []
    for one in members:
        if bool(one.father) != bool(one.mother):
            # No name of a file holds this character.
            other = f"\0{one.name}"
            found.append(DrawnMember(other, "m" if one.mother else "f", label=words.gettext("unnamed")))
            one = replace(one, father=one.father or other, mother=one.mother or other)
        found.append(one)
    return found


def _as_table(titles: Sequence[str], members: Sequence[Sequence[DrawnMember]], words: ReportWords) -> ReportTable:
    sex = {"m": words.gettext("male"), "f": words.gettext("female"), "": words.gettext("sex unknown")}
    rows = [
        (
            title,
            one.label or one.name,
            sex[one.sex],
            one.father,
            one.mother,
            words.gettext("typed") if one.is_typed else "",
        )
        for title, theirs in zip(titles, members, strict=True)
        for one in theirs
    ]
    columns = (
        words.gettext("Hypothesis"),
        words.gettext("Person"),
        words.gettext("Sex"),
        words.gettext("Father"),
        words.gettext("Mother"),
        words.gettext("Profile"),
    )
    return ReportTable(words.gettext("Pedigrees"), columns, tuple(rows), is_for_workbooks=True)
