"""Groups of entries under facts: what must be one person, what cannot be, and which facts speak against each other.

Links say how likely two entries are one person; facts say what cannot be: two lines of one page, two cells in one
night, alive after death, detained after being received in the mortuary, another sex, other prints, other DNA. Entries
are joined from the likeliest link down, and never where a fact forbids it: "not the same" outranks any score. A link
that a fact stopped is returned with that fact and with the links that led to it, because the fact may be what is
wrong: the log itself may lie.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations

from dokaz.errors import BadFacts

Entry = int


@dataclass(frozen=True, slots=True)
class EntryFact:
    """Why two entries are, or cannot be, one person; in the words of whoever says it."""

    one: Entry
    other: Entry
    why: str

    @property
    def pair(self) -> tuple[Entry, Entry]:
        """Both entries, the smaller first."""
        return min(self.one, self.other), max(self.one, self.other)


@dataclass(frozen=True, slots=True)
class Violated:
    """What would join two entries that a fact keeps apart.

    Args:
        because: The links or facts that join them, in the order from one entry to the other.
        against: The fact that keeps them apart.
    """

    because: tuple[EntryFact, ...]
    against: EntryFact


@dataclass(frozen=True, slots=True)
class Grouping:
    """Groups of entries, each of two or more, and what went to review instead of into a group."""

    groups: tuple[tuple[Entry, ...], ...]
    violated: tuple[Violated, ...]


def group_under_facts(
    entries: int,
    links: Mapping[tuple[Entry, Entry], float],
    *,
    same: Iterable[EntryFact] = (),
    apart: Iterable[EntryFact] = (),
    at_least: float = 0.5,
) -> Grouping:
    """Join entries by links and facts.

    Facts of sameness join first; where they meet a fact of being apart, both are returned, and neither is obeyed
    silently: the entries stay apart. Then links join from the likeliest down.

    Args:
        entries: How many there are; they are numbered from 0.
        links: Probability of each pair.
        same: Decisions that two entries are one person.
        apart: What cannot be one person.
        at_least: Links below this join nobody.

    Raises:
        BadFacts: an entry that is not there, or a fact about an entry and itself.

    Example: entry 1 is likely both 0 and 2, which stand on one page:
        >>> found = group_under_facts(3, {(0, 1): 0.99, (1, 2): 0.9}, apart=[EntryFact(0, 2, "two lines of page 4")])
        >>> found.groups, found.violated[0].against.why, len(found.violated[0].because)
        (((0, 1),), 'two lines of page 4', 2)
    """
    cannot: dict[tuple[Entry, Entry], EntryFact] = {}
    for fact in apart:
        cannot.setdefault(_known(fact, entries).pair, fact)
    joining = [_known(fact, entries) for fact in same]
    ranked = sorted((pair for pair in links if links[pair] >= at_least), key=lambda pair: (-links[pair], pair))
    joining += [_known(EntryFact(*pair, f"linked with probability {links[pair]:.4f}"), entries) for pair in ranked]

    group_of = list(range(entries))
    members: dict[int, list[Entry]] = {entry: [entry] for entry in range(entries)}
    by: dict[Entry, list[EntryFact]] = defaultdict(list)
    violated = []
    for fact in joining:
        a, b = group_of[fact.one], group_of[fact.other]
        if a == b:
            continue
        stopped = [(x, y) for x in members[a] for y in members[b] if (min(x, y), max(x, y)) in cannot]
        if stopped:
            for x, y in stopped:
                path = (*_path(by, x, _end(fact, members[a])), fact, *_path(by, _end(fact, members[b]), y))
                violated.append(Violated(path, cannot[min(x, y), max(x, y)]))
            continue
        by[fact.one].append(fact)
        by[fact.other].append(fact)
        for entry in members[b]:
            group_of[entry] = a
        members[a] += members.pop(b)
    groups = sorted(tuple(sorted(group)) for group in members.values() if len(group) > 1)
    return Grouping(tuple(groups), tuple(violated))


def _known(fact: EntryFact, entries: int) -> EntryFact:
    if not (0 <= fact.one < entries and 0 <= fact.other < entries):
        raise BadFacts(f"{fact.why}: there is no entry {max(fact.one, fact.other)}", f"entries are 0 to {entries - 1}")
    if fact.one == fact.other:
        raise BadFacts(f"{fact.why}: entry {fact.one} is held against itself", "name two entries")
    return fact


def _end(fact: EntryFact, members: Sequence[Entry]) -> Entry:
    return fact.one if fact.one in members else fact.other


def _path(by: Mapping[Entry, Sequence[EntryFact]], start: Entry, end: Entry) -> tuple[EntryFact, ...]:
    """The joins that lead from one entry of a group to another, in their order."""
    reached: dict[Entry, tuple[EntryFact, ...]] = {start: ()}
    waiting = [start]
    while waiting and end not in reached:
        at = waiting.pop(0)
        for fact in by.get(at, ()):
            to = fact.other if fact.one == at else fact.one
            if to not in reached:
                reached[to] = (*reached[at], fact)
                waiting.append(to)
    return reached[end]


@dataclass(frozen=True, slots=True)
class EntryCircumstances:
    """What is known of an entry that can speak against its being another one; nothing where nothing is known.

    Args:
        page: A page of a list, on which nobody is written twice.
        nights: For each night the cell that the entry was in.
        alive_on: Days on which the person was alive; ``died_by``: the last day on which the person can have died.
        received_on: The day on which the body was received. ``detained_on``: days in custody.
        sex: As far as it is sure. ``dna``, ``prints``: what a comparison of these established, alike where it is one
            person's.
    """

    page: Hashable = None
    nights: Mapping[date, str] = field(default_factory=dict)
    alive_on: Sequence[date] = ()
    died_by: date | None = None
    received_on: date | None = None
    detained_on: Sequence[date] = ()
    sex: str = ""
    dna: str = ""
    prints: str = ""


def what_speaks_against(one: EntryCircumstances, other: EntryCircumstances) -> list[str]:
    """All reasons why two entries cannot be one person, in words.

    Example:
        >>> what_speaks_against(EntryCircumstances(sex="male", page="3r"), EntryCircumstances(sex="female", page="3r"))
        ['two lines of page 3r', 'sex: male and female']
    """
    found = []
    if one.page is not None and one.page == other.page:
        found.append(f"two lines of page {one.page}")
    ours, theirs = dict(one.nights), dict(other.nights)
    for night in sorted(ours.keys() & theirs.keys()):
        if ours[night] != theirs[night]:
            found.append(f"in {ours[night]} and in {theirs[night]} in the night of {night.isoformat()}")
    for a, b in ((one, other), (other, one)):
        if a.died_by and (later := [day for day in b.alive_on if day > a.died_by]):
            found.append(f"alive on {min(later).isoformat()}, dead by {a.died_by.isoformat()}")
        if a.received_on and (late := [day for day in b.detained_on if day > a.received_on]):
            found.append(
                f"detained on {min(late).isoformat()}, received in the mortuary on {a.received_on.isoformat()}"
            )
    for what in ("sex", "dna", "prints"):
        x, y = getattr(one, what), getattr(other, what)
        if x and y and x != y:
            found.append(f"{what}: {x} and {y}" if what == "sex" else f"{what.replace('dna', 'DNA')} of two people")
    return found


def facts_against(
    circumstances: Sequence[EntryCircumstances], pairs: Iterable[tuple[Entry, Entry]] | None = None
) -> list[EntryFact]:
    """What keeps entries apart: of some pairs, or of all."""
    chosen = combinations(range(len(circumstances)), 2) if pairs is None else pairs
    return [EntryFact(a, b, why) for a, b in chosen for why in what_speaks_against(circumstances[a], circumstances[b])]
