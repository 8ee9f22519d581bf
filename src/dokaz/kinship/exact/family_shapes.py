"""Shapes of families: what is left of a family around one missing person when names do not matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dokaz.kinship.model.pedigree import Member, Pedigree, Sex


@dataclass(frozen=True)
class FamilyShape:
    """The part of a family that matters to one missing person, members in an order that depends on the shape alone.

    Two families of one shape share all their programs, whatever their members are called.

    Args:
        parents: (father, mother) positions of each member; -1: a founder's side.
        sexes: Of each member.
        inbreeding: Of each member.
        twins: Groups of identical twins, as positions.
        target: Position of the missing person.
    """

    parents: tuple[tuple[int, int], ...]
    sexes: tuple[int, ...]
    inbreeding: tuple[float, ...]
    twins: tuple[tuple[int, ...], ...]
    target: int

    def pedigree(self) -> Pedigree:
        """The shape as a pedigree whose members are called by their position."""
        names = [str(i) for i in range(len(self.parents))]
        members = tuple(
            Member(
                names[i],
                None if father < 0 else names[father],
                None if mother < 0 else names[mother],
                Sex(self.sexes[i]),
                self.inbreeding[i],
            )
            for i, (father, mother) in enumerate(self.parents)
        )
        return Pedigree(members, tuple(frozenset(names[i] for i in group) for group in self.twins))


def shape_of(pedigree: Pedigree, typed: Sequence[str], target: str) -> tuple[FamilyShape, list[str]]:
    """The shape of a family around one missing person.

    Args:
        pedigree: The whole family.
        typed: Members with a profile.
        target: The missing person.

    Returns:
        The shape, and the ids of its members in the shape's order.
    """
    members = {member.id: member for member in pedigree.members}
    twins_of = {person: group for group in pedigree.identical_twins for person in group}
    wanted: dict[str, None] = {}
    stack = [*typed, target]
    while stack:
        person = stack.pop()
        if person in wanted:
            continue
        wanted[person] = None
        member = members[person]
        stack += [p for p in (member.father, member.mother) if p is not None]
    people = [person for person in members if person in wanted]
    has_profile = set(typed)
    sexes = {person: int(members[person].sex) for person in people}
    for person in people:
        member = members[person]
        for parent, sex in ((member.father, Sex.MALE), (member.mother, Sex.FEMALE)):
            if parent is not None:
                sexes[parent] = int(sex)
    for person in people:
        if sexes[person] == 0:
            sexes[person] = int(pedigree.sex_of(person))
    colour = {p: hash((sexes[p], members[p].inbreeding, p == target, p in has_profile)) for p in people}
    if len(people) > 3:
        for _ in range(2):
            below: dict[str, int] = dict.fromkeys(people, 0)
            for p in people:
                m = members[p]
                for parent in (m.father, m.mother):
                    if parent is not None:
                        below[parent] += hash((colour[p], 7)) % 1_000_003
            colour = {
                p: hash(
                    (
                        colour[p],
                        colour.get(members[p].father or "", 1),
                        colour.get(members[p].mother or "", 2),
                        below[p],
                    )
                )
                for p in people
            }
    people.sort(key=colour.__getitem__)
    place = {person: i for i, person in enumerate(people)}
    groups = tuple(
        tuple(sorted(place[p] for p in group if p in place))
        for group in dict.fromkeys(twins_of[p] for p in people if p in twins_of)
    )
    shape = FamilyShape(
        tuple((_place(place, members[p].father), _place(place, members[p].mother)) for p in people),
        tuple(sexes[p] for p in people),
        tuple(members[p].inbreeding for p in people),
        tuple(sorted(group for group in groups if len(group) > 1)),
        place[target],
    )
    return shape, people


def _place(place: dict[str, int], person: str | None) -> int:
    return -1 if person is None else place[person]
