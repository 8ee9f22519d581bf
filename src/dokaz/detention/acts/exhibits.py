"""Seizes exhibits as they are seen, says which were found as one; and, apart from that, what an expert holds them for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from dokaz.casework.effects import BLANK, STATED, actor_is, actor_is_not, agrees, holds, makes, only_one_lists
from dokaz.casework.filing import Filing
from dokaz.casework.models import Person
from dokaz.casework.registry import act
from dokaz.casework.roles import ONE_SIGNATURE, Role
from dokaz.casework.rules import refuse_future, require_fields
from dokaz.detention.acts.places import code_of
from dokaz.detention.acts.searches import IN_A_SEARCH_UNDER_WAY, UNDER_WAY, must_be_within
from dokaz.detention.models import Assembly, Exhibit, FunctionOpinion, PlaceRoom, PlaceSearch, SearchedRoom
from dokaz.detention.plans import point_of
from dokaz.detention.queries import assembly_of, numbers_given_in, parts_of
from dokaz.errors import BadNumber, NotYours, NumberTaken, WrongKind, sentence
from dokaz.numbers import number as make_number
from dokaz.numbers import parse_number

#: Those who examine, and those who analyse: never the office that seizes.
MAY_OPINE = {Role.ANALYST, Role.MORTUARY, Role.DNA_EXAMINER, Role.PRINT_EXAMINER}


@act(
    roles={Role.SCENE},
    past=_("seized"),
    files=(
        makes(
            Exhibit, blank="transfer kept_in", rules=(IN_A_SEARCH_UNDER_WAY, actor_is("holder"), holds(taken_at=STATED))
        ),
    ),
)
def seize(
    searched_room: SearchedRoom,
    filing: Filing,
    *,
    look: str,
    seen: str,
    position: Sequence[str] = (),
    taken_at: dt.datetime | None = None,
    taken_by: Person | None = None,
    packaging: str = "",
    number: str = "",
) -> Exhibit:
    """Seize a thing under a number of its own, and write down what is seen; whoever files holds it.

    Args:
        look: What it is by its look: a code of the vocabulary.
        position: Where it lay, as a point of the room's plan.
        taken_by: Who seized it, where it is not the person who files.
        number: The number on the label, where one was given; the room's next free one otherwise.

    Raises:
        WrongState: the search is closed: nothing is seized outside of a search.
        EmptyField: it is not said what is seen.
        BadNumber, NumberTaken: the label's number is mistyped, of another room or type, or was given before.
        InTheFuture, TooEarly: later than now, or before the search began.
    """
    searched_room.must_be(UNDER_WAY)
    require_fields(searched_room.number, sentence("say what is seen"), seen=seen)
    refuse_future(number or searched_room.number, filing, taken_at=taken_at)
    exhibit = Exhibit(
        number=give_number(searched_room.room, "E", number, filing),
        searched_room=searched_room,
        look=look,
        seen=seen,
        position=point_of("position", list(position)),
        taken_at=taken_at or filing.at,
        taken_by_id=taken_by.id if taken_by else filing.by.person,
        packaging=packaging,
        holder_id=filing.by.person,
        place=searched_room.room.number,
    )
    filing.add(exhibit)
    return exhibit


def give_number(room: PlaceRoom, type: str, label: str, filing: Filing) -> str:
    """The number of a find in a room; running numbers are given once, to whatever type of find.

    Raises:
        BadNumber: the label's number is mistyped, or of another room or type.
        NumberTaken: its running number was given before.
    """
    key = ("numbers in", room.id)
    if key not in filing.memory:
        filing.memory[key] = {parse_number(one).n for one in numbers_given_in(room)}
    taken: set[int] = filing.memory[key]
    place, code = room.place.number, code_of(room)
    if not label:
        label = make_number(place, code, max(taken, default=0) + 1, type)
    given = parse_number(label)
    if (given.site, given.grave, given.type, given.derivation) != (place, code, type, ()):
        raise BadNumber(label, sentence("not the number of such a find in {room}", room=room.number))
    if given.n in taken:
        raise NumberTaken(f"{room.number}-{given.n:04d}")
    taken.add(given.n)
    return label


@act(
    roles={Role.SCENE, Role.INVESTIGATOR},
    past=_("wrote down that they were found as one"),
    files=(makes(Assembly, rules=(holds(parts=STATED), only_one_lists("parts", voided=[False]), actor_is("seen_by"))),),
)
def assemble(search: PlaceSearch, filing: Filing, *, parts: Sequence[Exhibit], connected: str, seen: str) -> Assembly:
    """Write down that exhibits were found as one thing; each part keeps its number.

    Raises:
        EmptyField: it is not said how they were found.
        WrongKind: fewer than two parts, one of them twice, or one of another search.
        NotYours: one of them is a part of another assembly.
    """
    require_fields(search.number, sentence("say how they were found"), seen=seen)
    must_be_parts(search, parts)
    must_be_of_no_other(parts)
    assembly = Assembly(
        number=filing.next_number(Assembly, "ASM"),
        search=search,
        parts=[str(part.id) for part in parts],
        connected=connected,
        seen=seen,
        seen_by_id=filing.by.person,
    )
    filing.add(assembly)
    return assembly


def must_be_parts(search: PlaceSearch, parts: Sequence[Exhibit]) -> None:
    """Refuse what can be no parts of one thing.

    Raises:
        WrongKind: fewer than two, one of them twice, or one of another search.
    """
    numbers = [part.number for part in parts]
    if len(set(numbers)) < 2 or len(set(numbers)) != len(numbers):
        raise WrongKind("parts", numbers, sentence("two exhibits or more, each once"))
    for part in parts:
        if part.searched_room.search_id != search.id:
            raise WrongKind("parts", part.number, sentence("an exhibit of {number}", number=search.number))


def must_be_of_no_other(parts: Sequence[Exhibit], *, besides: Assembly | None = None) -> None:
    """Refuse parts that are parts of another assembly.

    Raises:
        NotYours: one is.
    """
    for part in parts:
        other = assembly_of(part)
        if other is not None and other != besides:
            raise NotYours(part.number, sentence("a part of {number}", number=other.number),
                           sentence("void that assembly first, if it is wrong"))  # fmt: skip


@act(
    roles=MAY_OPINE,
    past=_("gave an opinion on its function"),
    signed=ONE_SIGNATURE,
    files=(
        makes(
            FunctionOpinion,
            rules=(
                actor_is("expert"),
                actor_is_not("seized_by"),
                agrees("exhibit", seized_by="taken_by"),
                agrees("assembly", seized_by="seen_by"),
                holds({"exhibit": BLANK}, assembly=STATED),
                holds({"exhibit": STATED}, assembly=BLANK),
            ),
        ),
    ),
)
def opine(
    about: Exhibit | Assembly,
    filing: Filing,
    *,
    function: str,
    basis: str,
    qualification: str,
    given_on: dt.date | None = None,
) -> FunctionOpinion:
    """Sign what one, as an expert, holds a thing to have been for. What was seen on it stays as it is.

    Args:
        about: An exhibit, or an assembly as a whole.

    Raises:
        EmptyField: function, basis or qualification is missing.
        NotYours: one has seized it, or a part of it, oneself.
        InTheFuture, TooEarly: given later than now, or before it was seized.
    """
    require_fields(about.number, sentence("say what it was for, on what that rests, and as what you say so"),
                   function=function, basis=basis, qualification=qualification)  # fmt: skip
    refuse_future(about.number, filing, given_on=given_on)
    exhibit, whole = (about, None) if isinstance(about, Exhibit) else (None, about)
    seized_by = about.taken_by_id if isinstance(about, Exhibit) else about.seen_by_id
    parts = [about] if isinstance(about, Exhibit) else parts_of(about)
    if filing.by.person in {seized_by, *(part.taken_by_id for part in parts)}:
        raise NotYours(about.number, sentence("seized by the one who would be its expert"),
                       sentence("let an expert speak who did not seize it"))  # fmt: skip
    opinion = FunctionOpinion(
        number=filing.next_number(FunctionOpinion, "OPN"),
        exhibit=exhibit,
        assembly=whole,
        function=function,
        basis=basis,
        qualification=qualification,
        expert_id=filing.by.person,
        seized_by_id=seized_by,
        given_on=given_on or filing.at.date(),
    )
    filing.add(opinion)
    return opinion


def must_be_within_its_search(exhibit: Exhibit, filing: Filing, changed: frozenset[str]) -> None:
    """What holds of an exhibit that is put right."""
    point_of("position", exhibit.position)
    require_fields(exhibit.number, sentence("say what is seen"), seen=exhibit.seen)
    require_fields(exhibit.number, sentence("say when it was seized"), taken_at=exhibit.taken_at)
    must_be_within(exhibit.searched_room, "taken_at", exhibit.taken_at)
