"""What the columns of a log book hold: a list of fields in versions, in which no field changes its meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dokaz.errors import BadTranscription
from dokaz.transcription.names import checked_line, checked_name


@dataclass(frozen=True, slots=True)
class LogField:
    """One thing that a book says of an entry.

    Args:
        id: What readings are filed under, for ever: ``surname``.
        label: What people call it; may be reworded.
        is_of_page: Whether it stands once above the rows (date, shift, room) instead of in each of them.
    """

    id: str
    label: str
    is_of_page: bool = False

    def __post_init__(self) -> None:
        checked_name(self.id, "a field")
        if not checked_line(self.label, f"the label of {self.id}"):
            raise BadTranscription(f"{self.id}: a field without a label", "say what the column holds")


@dataclass(frozen=True, slots=True)
class FieldList:
    """The fields of a book in the order in which they are entered, in one version."""

    version: int
    fields: tuple[LogField, ...]

    def __post_init__(self) -> None:
        if self.version < 1:
            raise BadTranscription(f"version {self.version} of a list of fields", "count versions from 1")
        if not self.fields:
            raise BadTranscription(f"version {self.version} of a list of fields has none", "name what the columns hold")
        _refuse_twice([each.id for each in self.fields], "is a field twice")


def revised(lists: Sequence[FieldList], fields: Sequence[LogField]) -> tuple[FieldList, ...]:
    """The same lists, and a new version behind them.

    Readings are filed by the field's id, not by its place, so that no value moves when fields are added, left out,
    reworded or put in another order.

    Raises:
        BadTranscription: a field of the page that becomes one of the rows or the reverse, or one that was left out and
            comes back: its old values would become the new field's.

    Example:
        >>> first = revised((), [LogField("surname", "Прізвище"), LogField("cell", "Камера")])
        >>> second = revised(first, [LogField("cell", "Камера №"), LogField("surname", "Прізвище")])
        >>> [[field.id for field in each.fields] for each in second]
        [['surname', 'cell'], ['cell', 'surname']]
    """
    return checked_versions((*lists, FieldList(len(lists) + 1, tuple(fields))))


def checked_versions(lists: Sequence[FieldList]) -> tuple[FieldList, ...]:
    """Versions of one list as they are, if no field changes its meaning between them.

    Raises:
        BadTranscription: as ``revised``; versions that do not count from 1.
    """
    if [each.version for each in lists] != list(range(1, len(lists) + 1)):
        found = ", ".join(str(each.version) for each in lists)
        raise BadTranscription(f"versions {found} of a list of fields", "count them from 1, each once")
    seen: dict[str, LogField] = {}
    before: set[str] = set()
    for each in lists:
        for one in each.fields:
            if one.id in seen and one.id not in before:
                raise BadTranscription(
                    f"{one.id} was left out before version {each.version}", "give the new field an id of its own"
                )
            if one.id in seen and seen[one.id].is_of_page != one.is_of_page:
                raise BadTranscription(
                    f"{one.id} moves between page and rows in version {each.version}",
                    "give the new field an id of its own",
                )
        seen |= {one.id: one for one in each.fields}
        before = {one.id for one in each.fields}
    return tuple(lists)


def _refuse_twice(names: Sequence[str], what: str) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BadTranscription(f"{', '.join(twice)} {what}", "give each an id of its own")
