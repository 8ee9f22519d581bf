"""Pedigrees: who is whose child, in one family or under one hypothesis."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from dokaz.errors import BadPedigree
from dokaz.kinship.model.python_values import must_all_be


class Sex(IntEnum):
    """Sex as pedigree files code it."""

    UNKNOWN = 0
    MALE = 1
    FEMALE = 2


@dataclass(frozen=True)
class Member:
    """One person of a pedigree.

    Args:
        id: Unique within the pedigree.
        father, mother: Ids, or None. With one parent known, the other is a founder who appears nowhere else.
        sex: A father is male and a mother female even where this says unknown.
        inbreeding: Founders only: probability, 0 to 1, that the founder's two alleles are identical by descent.
    """

    id: str
    father: str | None = None
    mother: str | None = None
    sex: Sex = Sex.UNKNOWN
    inbreeding: float = 0.0

    @property
    def is_founder(self) -> bool:
        """Neither parent is in the pedigree."""
        return self.father is None and self.mother is None


@dataclass(frozen=True)
class Pedigree:
    """The relationships stated by one hypothesis, or by one family.

    Several unconnected components are one pedigree: unrelated persons simply have no path between them. Loops,
    inbreeding and half-relations need no special care.

    Args:
        members: In any order.
        identical_twins: Groups of monozygotic siblings, by id.
        name: What results call it, as "H1" or a family's number.

    Raises:
        BadPedigree: an id twice, a parent who is not a member, a person who is their own ancestor, a father who is
            female or a mother who is male, twins who differ in parents or sex.

    Example:
        >>> trio = Pedigree.of(child=("father", "mother"), father=(None, None), mother=(None, None))
        >>> [member.id for member in trio.founders]
        ['father', 'mother']
    """

    members: tuple[Member, ...]
    identical_twins: tuple[frozenset[str], ...] = ()
    name: str = ""
    _by_id: dict[str, Member] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        must_all_be(
            self.members, Member, "members of a pedigree", "write Pedigree.of(child=(father, mother), …)", BadPedigree
        )
        object.__setattr__(self, "members", tuple(self.members))
        object.__setattr__(self, "identical_twins", tuple(frozenset(group) for group in self.identical_twins))
        by_id: dict[str, Member] = {}
        for member in self.members:
            if member.id in by_id:
                raise BadPedigree(f"{self._label}{member.id} is listed twice", next_step="give every person one id")
            by_id[member.id] = member
        object.__setattr__(self, "_by_id", by_id)
        for member in self.members:
            self._check_parents(member)
        self._check_ancestry()
        self._check_twins()

    @classmethod
    def of(cls, *, name: str = "", **parents: tuple[str | None, str | None]) -> Pedigree:
        """A pedigree from `child=(father, mother)`; sexes follow from being somebody's father or mother."""
        fathers = {pair[0] for pair in parents.values()}
        mothers = {pair[1] for pair in parents.values()}
        members = tuple(
            Member(key, *pair, Sex.MALE if key in fathers else Sex.FEMALE if key in mothers else Sex.UNKNOWN)
            for key, pair in parents.items()
        )
        return cls(members, name=name)

    @classmethod
    def unrelated(cls, people: Mapping[str, Sex] | Iterable[str], name: str = "unrelated") -> Pedigree:
        """A pedigree of people without any relationship."""
        sexes = people if isinstance(people, Mapping) else dict.fromkeys(people, Sex.UNKNOWN)
        return cls(tuple(Member(person, sex=sex) for person, sex in sexes.items()), name=name)

    @property
    def _label(self) -> str:
        return f"{self.name}: " if self.name else ""

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids in the order given."""
        return tuple(self._by_id)

    @property
    def founders(self) -> tuple[Member, ...]:
        """Members without a parent in the pedigree."""
        return tuple(member for member in self.members if member.is_founder)

    def __getitem__(self, member_id: str) -> Member:
        try:
            return self._by_id[member_id]
        except KeyError:
            raise BadPedigree(
                f"{self._label}{member_id!r} is not a member", next_step=f"members: {', '.join(self.ids)}"
            ) from None

    def __contains__(self, member_id: object) -> bool:
        return member_id in self._by_id

    def __iter__(self) -> Iterator[Member]:
        return iter(self.members)

    def __len__(self) -> int:
        return len(self.members)

    def children_of(self, member_id: str) -> tuple[Member, ...]:
        """Children in the order given."""
        return tuple(m for m in self.members if member_id in (m.father, m.mother))

    def sex_of(self, member_id: str) -> Sex:
        """The stated sex, or the one that follows from being a father or a mother."""
        stated = self[member_id].sex
        if stated is not Sex.UNKNOWN:
            return stated
        for other in self.members:
            if other.father == member_id:
                return Sex.MALE
            if other.mother == member_id:
                return Sex.FEMALE
        return Sex.UNKNOWN

    def components(self) -> tuple[frozenset[str], ...]:
        """Ids of each set of connected members, in order of first appearance."""
        group = {member.id: {member.id} for member in self.members}
        links = [(m.id, p) for m in self.members for p in (m.father, m.mother) if p is not None]
        links += [(first, other) for twins in self.identical_twins for first in twins for other in twins]
        for one, other in links:
            if group[one] is not group[other]:
                group[one] |= group[other]
                for person in group[other]:
                    group[person] = group[one]
        found: list[frozenset[str]] = []
        for member in self.members:
            if not any(member.id in component for component in found):
                found.append(frozenset(group[member.id]))
        return tuple(found)

    def _check_parents(self, member: Member) -> None:
        if member.father is not None and member.father == member.mother:
            raise BadPedigree(
                f"{self._label}{member.id} has {member.father} as father and as mother",
                next_step="correct one of the two",
            )
        for role, parent, wrong in (("father", member.father, Sex.FEMALE), ("mother", member.mother, Sex.MALE)):
            if parent is None:
                continue
            if parent not in self._by_id:
                raise BadPedigree(
                    f"{self._label}{role} {parent!r} of {member.id} is not a member",
                    next_step="add the person, or leave the parent empty",
                )
            if self._by_id[parent].sex is wrong:
                raise BadPedigree(
                    f"{self._label}{role} {parent} of {member.id} is {wrong.name.lower()}",
                    next_step="correct the sex or the parent",
                )
        if not 0 <= member.inbreeding <= 1:
            raise BadPedigree(
                f"{self._label}{member.id} has inbreeding {member.inbreeding!r}", next_step="give a value from 0 to 1"
            )
        if member.inbreeding and not member.is_founder:
            raise BadPedigree(
                f"{self._label}{member.id} has inbreeding stated but is not a founder",
                next_step="draw the loop, or state it for a founder",
            )

    def _check_ancestry(self) -> None:
        fathers = {m.father for m in self.members}
        both = sorted(p for p in fathers & {m.mother for m in self.members} if p is not None)
        if both:
            raise BadPedigree(
                f"{self._label}{both[0]} is a father and a mother", next_step="correct the parents of their children"
            )
        done: set[str] = set()
        for start in self._by_id:
            path: list[str] = []
            stack: list[tuple[str, bool]] = [(start, False)]
            while stack:
                person, leaving = stack.pop()
                if leaving:
                    path.remove(person)
                    done.add(person)
                elif person in path:
                    raise BadPedigree(
                        f"{self._label}{person} is their own ancestor", next_step="correct the parents on that path"
                    )
                elif person not in done:
                    path.append(person)
                    stack.append((person, True))
                    member = self._by_id[person]
                    stack += [(p, False) for p in (member.father, member.mother) if p is not None]

    def _check_twins(self) -> None:
        seen: set[str] = set()
        for twins in self.identical_twins:
            people = [self[person] for person in sorted(twins)]
            if len(people) < 2 or seen & twins:
                raise BadPedigree(
                    f"{self._label}identical twins {sorted(twins)}: one person, or one in two groups",
                    next_step="give each group of twins once",
                )
            seen |= twins
            sexes = {person.sex for person in people} - {Sex.UNKNOWN}
            if len({(p.father, p.mother, p.inbreeding) for p in people}) > 1 or len(sexes) > 1:
                raise BadPedigree(
                    f"{self._label}identical twins {sorted(twins)} differ in parents or sex",
                    next_step="correct the pedigree",
                )
