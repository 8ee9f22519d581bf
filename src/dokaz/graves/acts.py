"""What people do at a grave. Each act states its rule, checks it, and files what changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from dokaz.casework.effects import (
    BLANK,
    STATED,
    actor_is,
    agrees,
    changes,
    filed_with,
    holds,
    makes,
    part_of,
    refers,
    restores,
)
from dokaz.casework.filing import Filing
from dokaz.casework.journal import history
from dokaz.casework.registry import act
from dokaz.casework.roles import Role
from dokaz.casework.rules import refuse_future, require_between, require_fields, require_held
from dokaz.errors import BadChoice, BadNumber, LiftedBlind, NumberTaken, WrongKind, WrongState, sentence
from dokaz.exchange.reading.remarks import Remark, must_be_remarks
from dokaz.graves.correcting import correct_find as correct_find
from dokaz.graves.correcting import correct_photograph as correct_photograph
from dokaz.graves.correcting import place_anew as place_anew
from dokaz.graves.correcting import void_find as void_find
from dokaz.graves.correcting import void_photograph as void_photograph
from dokaz.graves.models import CRS_NOT_STATED, Grave, Photograph, RecoveryUnit, Site, State, UnitType
from dokaz.graves.places import Point, Position, position_of, reference_system
from dokaz.numbers import derived_number, must_be_grave, must_be_site, parse_number
from dokaz.numbers import number as make_number
from dokaz.vault import Readable, StagedFile

MOST_PIXELS = 100_000
# In which states each act finds its unit.
TO_LIFT = (State.IN_SITU, State.SURVEYED)
TO_SET_ASIDE = tuple(state for state in State if state != State.QUARANTINED)
TO_SPLIT = (State.LIFTED, State.RECEIVED, State.EXAMINED, State.SAMPLED, State.STORED)
TO_RELEASE = TO_SPLIT


@dataclass(frozen=True)
class Upload:
    """A photograph as it was delivered, with what was read from it (``dokaz.exchange.reading.photographs``)."""

    file_name: str
    content: Readable | StagedFile
    media_type: str
    width_px: int
    height_px: int
    taken_at: dt.datetime | None = None
    position: Position | None = None
    camera: str = ""
    remarks: tuple[Remark, ...] = ()


def _surveyed(
    record: str, crs: str, points: Sequence[Point], position: Position | None, field: str
) -> tuple[list[dict[str, str | None]], Decimal | None, Decimal | None]:
    """Survey points as a record holds them, and the latitude and longitude: as they were given, or the middle."""
    middle = position_of(record, crs, points, field=field)
    return [asdict(point) for point in points], *_degrees(record, position or middle)


def _degrees(record: str, position: Position | None) -> tuple[Decimal | None, Decimal | None]:
    if position is None:
        return None, None
    position.must_be_on_the_globe(record)
    return position.latitude_deg, position.longitude_deg


@act(roles={Role.SCENE, Role.INVESTIGATOR}, past=_("took up the site"), files=(makes(Site),))
def open_site(
    filing: Filing,
    *,
    code: str,
    name: str,
    crs: str,
    position: Position | None = None,
    points: Sequence[Point] = (),
    surveyed_at: dt.datetime | None = None,
    surveyed_by: str = "",
    description: str = "",
) -> Site:
    """Take up a site under a short code that no other site bears.

    Args:
        crs: Code of the reference system of its survey, as EPSG:32637; ``CRS_NOT_STATED`` where points never come.

    Raises:
        NumberTaken: the code was given to another site.
        EmptyField: code, name or reference system is missing.
        BadNumber: the code is not one that numbers can begin with.
        UnknownReferenceSystem: there is no such reference system.
    """
    require_fields(
        code or "site", sentence("a site has a code, a name and a reference system"), code=code, name=name, crs=crs
    )
    must_be_site(code)
    if crs != CRS_NOT_STATED:
        reference_system(code, crs)
    held, latitude_deg, longitude_deg = _surveyed(code, crs, points, position, "points")
    site = Site(
        number=code,
        name=name,
        crs=crs,
        points=held,
        surveyed_at=surveyed_at,
        surveyed_by=surveyed_by,
        description=description,
        latitude_deg=latitude_deg,
        longitude_deg=longitude_deg,
    )
    filing.add(site)
    return site


@act(roles={Role.SCENE, Role.INVESTIGATOR}, past=_("took up the grave"), files=(makes(Grave),))
def open_grave(
    site: Site,
    filing: Filing,
    *,
    code: str,
    name: str = "",
    outline: Sequence[Point] = (),
    points: Sequence[Point] = (),
    opened_at: dt.datetime | None = None,
    surveyed_at: dt.datetime | None = None,
    surveyed_by: str = "",
    description: str = "",
) -> Grave:
    """Take up a grave at a site.

    Raises:
        NumberTaken: the site has a grave of that code.
        BadNumber: the code is not one that numbers can hold.
        InTheFuture: it is said to have been opened later than now.
        OutsideArea: a point lies where the site's reference system may not be used.
    """
    require_fields(site.number, sentence("a grave has a code"), code=code)
    must_be_grave(code)
    number = f"{site.number}-{code}"
    refuse_future(number, filing, opened_at=opened_at)
    drawn, _latitude, _longitude = _surveyed(number, site.crs, outline, None, "outline")
    held, _latitude, _longitude = _surveyed(number, site.crs, points, None, "points")
    grave = Grave(
        number=number,
        site=site,
        name=name,
        outline=drawn,
        points=held,
        opened_at=opened_at,
        surveyed_at=surveyed_at,
        surveyed_by=surveyed_by,
        description=description,
    )
    filing.add(grave)
    return grave


@act(
    roles={Role.SCENE},
    past=_("surveyed"),
    files=(
        makes(
            RecoveryUnit,
            TO_LIFT,
            blank="lifted_at lifted_by is_before_record emergency_reason split_from transfer holder kept_in",
        ),
    ),
)
def register_unit(
    grave: Grave,
    filing: Filing,
    *,
    type: str,
    number: str = "",
    points: Sequence[Point] = (),
    position: Position | None = None,
    surveyed_at: dt.datetime | None = None,
    surveyed_by: str = "",
    description: str = "",
) -> RecoveryUnit:
    """Give a find its number, once and for ever, and write down where it lies. Nobody holds it before it is lifted.

    Every detached part gets a number of its own, even a limb beside a torso: proximity is evidence, not identity. A unit
    without survey points stays "in situ".

    Args:
        type: ``B`` body, ``BP`` body part, ``GB`` general bone, ``A`` artefact.
        position: Where it lies on the globe, where a survey says it; the middle of the points otherwise.
        number: The number on the label, where the field has given it; the grave's next free one otherwise.

    Raises:
        BadChoice: no such type.
        BadNumber: the label's number is mistyped, or of another grave or type.
        NumberTaken: its running number was given before, to whatever type of unit.
        InTheFuture: it is said to have been surveyed later than now.
        OutsideArea: a point lies where the site's reference system may not be used.
    Source:   identification rules 1 and 2.
    """
    if type not in UnitType.values:
        raise BadChoice("type", type, list(UnitType.values))
    refuse_future(number or grave.number, filing, surveyed_at=surveyed_at)
    held, latitude_deg, longitude_deg = _surveyed(number or grave.number, grave.site.crs, points, position, "points")
    unit = RecoveryUnit(
        number=_give_number(grave, type, number, filing),
        grave=grave,
        type=type,
        state=State.SURVEYED if points else State.IN_SITU,
        points=held,
        latitude_deg=latitude_deg,
        longitude_deg=longitude_deg,
        description=description,
        surveyed_at=surveyed_at,
        surveyed_by=surveyed_by,
        place=grave.number,
    )
    filing.add(unit)
    return unit


def _give_number(grave: Grave, type: str, label: str, filing: Filing) -> str:
    site, code = grave.site.number, grave.number.removeprefix(f"{grave.site.number}-")
    taken = _serials(grave, filing)
    if not label:
        serial = max(taken, default=0) + 1
        taken.add(serial)
        return make_number(site, code, serial, type)
    given = parse_number(label)
    if (given.site, given.grave, given.type) != (site, code, type):
        raise BadNumber(
            label, sentence("not the number of a {label} of {number}", label=UnitType(type).label, number=grave.number)
        )
    if not given.derivation:
        if given.n in taken:
            raise NumberTaken(f"{grave.number}-{given.n:04d}")
        taken.add(given.n)
    return label


def _serials(grave: Grave, filing: Filing) -> set[int]:
    """Running numbers given in a grave; kept for the length of the filing, so that a long import stays linear."""
    if grave.id not in filing.memory:
        numbers = RecoveryUnit.every.filter(grave=grave).values_list("number", flat=True)
        filing.memory[grave.id] = {parse_number(n).n for n in numbers}
    found: set[int] = filing.memory[grave.id]
    return found


@act(
    roles={Role.SCENE, Role.MORTUARY}, past=_("photographed"), files=(makes(Photograph, rules=(filed_with("sha256"),)),)
)
def photograph(
    filing: Filing, *, upload: Upload, unit: RecoveryUnit | None = None, grave: Grave | None = None
) -> Photograph:
    """Keep a photograph of a unit or a grave, byte for byte as it was delivered.

    Raises:
        EmptyField: it is of neither, or has no name.
        WrongKind: it is of both.
        OutOfRange: it has no pixels.
        BadChoice: a remark is none that a page can say.
    """
    require_fields(sentence("photograph"), sentence("say of which unit or grave it is"), subject=unit or grave)
    if unit is not None and grave is not None:
        raise WrongKind("subject", f"{unit.number}, {grave.number}", sentence("one unit, or one grave"))
    require_fields(
        sentence("photograph"), sentence("a photograph has the name of its file"), file_name=upload.file_name
    )
    require_between(upload.file_name, 1, MOST_PIXELS, width_px=upload.width_px, height_px=upload.height_px)
    must_be_remarks(upload.remarks)
    latitude_deg, longitude_deg = _degrees(upload.file_name, upload.position)
    stored = filing.keep(upload.content)
    picture = Photograph(
        number=filing.next_number(Photograph, "PHO"),
        unit=unit,
        grave=grave,
        file_name=upload.file_name,
        sha256=stored.sha256,
        bytes=stored.size,
        media_type=upload.media_type,
        width_px=upload.width_px,
        height_px=upload.height_px,
        taken_at=upload.taken_at.replace(microsecond=0) if upload.taken_at else None,
        latitude_deg=latitude_deg,
        longitude_deg=longitude_deg,
        camera=upload.camera,
        remarks=list(upload.remarks),
    )
    filing.add(picture, files=[stored.sha256])
    return picture


@act(
    roles={Role.SCENE},
    past=_("lifted"),
    files=(
        changes(
            RecoveryUnit,
            "points latitude_deg longitude_deg emergency_reason is_before_record lifted_at lifted_by holder",
            dict.fromkeys(TO_LIFT, State.LIFTED),
            rules=(actor_is("holder"),),
        ),
    ),
)
def lift(
    unit: RecoveryUnit,
    filing: Filing,
    *,
    survey_points: Sequence[Point] = (),
    position: Position | None = None,
    photographs: Sequence[Upload] = (),
    lifted_at: dt.datetime | None = None,
    lifted_by: str = "",
    emergency_reason: str = "",
    is_before_record: bool = False,
) -> None:
    """Take a recovery unit out of the ground.

    Nothing is lifted without coordinates, a photograph and its context; in an emergency (shelling, flooding) the reason
    takes their place and stays visible on every page of the unit. Points and photographs that were filed before count.

    Args:
        is_before_record: It was recovered before this record began, and nobody states where it lay.

    Raises:
        WrongState: the unit was never surveyed, or was lifted before.
        LiftedBlind: coordinates or photographs are missing and no reason is given.
        InTheFuture: it is said to have been lifted later than now.
        OutsideArea: a point lies where the site's reference system may not be used.
    Source:   identification rule 3.
    """
    unit.must_be(*TO_LIFT)
    refuse_future(unit.number, filing, lifted_at=lifted_at)
    surveyed, latitude_deg, longitude_deg = _surveyed(
        unit.number, unit.grave.site.crs, survey_points, position, "survey_points"
    )
    points = surveyed or unit.points
    pictures = len(photographs) + unit.photographs.count()
    if not (points and pictures) and not emergency_reason.strip() and not is_before_record:
        raise LiftedBlind(unit.number, points=len(points), photographs=pictures)
    for upload in photographs:
        photograph(filing, upload=upload, unit=unit)
    unit.points, unit.emergency_reason, unit.is_before_record = points, emergency_reason.strip(), is_before_record
    if survey_points:
        unit.latitude_deg, unit.longitude_deg = latitude_deg, longitude_deg
    unit.state, unit.lifted_at = State.LIFTED, lifted_at
    unit.lifted_by, unit.holder_id = lifted_by, filing.by.person
    filing.add(unit)


@act(
    roles={Role.SCENE, Role.MORTUARY},
    past=_("split off"),
    files=(
        makes(
            RecoveryUnit,
            TO_SPLIT,
            blank="is_before_record transfer",
            rules=(holds(split_from=STATED), refers("split_from", state=TO_SPLIT), actor_is("holder"),
                   agrees("split_from", state="state", grave="grave", holder="holder")),
        ),
    ),
)  # fmt: skip
def split(unit: RecoveryUnit, filing: Filing, *, type: str, description: str) -> RecoveryUnit:
    """Give a part of a unit that one holds a number of its own; the derivation is recorded on both sides.

    Raises:
        WrongState: the unit is still in the ground, or released.
        NotYours: somebody else holds the unit.
    Source:   identification rule 1.
    """
    unit.must_be(*TO_SPLIT)
    require_held(unit, filing)
    require_fields(unit.number, sentence("say what was split off, and why"), description=description)
    part = RecoveryUnit(
        number=derived_number(unit.number, RecoveryUnit.every.filter(split_from=unit).count() + 1, type),
        grave=unit.grave,
        type=type,
        state=unit.state,
        points=unit.points,
        latitude_deg=unit.latitude_deg,
        longitude_deg=unit.longitude_deg,
        description=description,
        surveyed_at=unit.surveyed_at,
        lifted_at=unit.lifted_at,
        surveyed_by=unit.surveyed_by,
        lifted_by=unit.lifted_by,
        emergency_reason=unit.emergency_reason,
        split_from=unit,
        holder_id=unit.holder_id,
        place=unit.place,
        kept_in=unit.kept_in,
    )
    filing.add(part)
    return part


@act(
    roles={Role.SCENE, Role.MORTUARY},
    past=_("set aside in quarantine"),
    files=(changes(RecoveryUnit, "", dict.fromkeys(TO_SET_ASIDE, State.QUARANTINED)),),
)
def quarantine(unit: RecoveryUnit, filing: Filing) -> None:
    """Set a unit aside (booby trap, contamination, doubt about its number); says why.

    Raises:
        WrongState: it is in quarantine already.
    """
    require_fields(unit.number, sentence("say why it is set aside"), reason=filing.reason)
    if unit.state not in TO_SET_ASIDE:
        raise WrongState(unit.number, sentence("quarantined"), [sentence("any other state")])
    unit.state = State.QUARANTINED
    filing.add(unit)


@act(
    roles={Role.SCENE, Role.MORTUARY},
    past=_("ended the quarantine"),
    files=(changes(RecoveryUnit, "", {State.QUARANTINED: TO_SET_ASIDE}, rules=(restores("state"),)),),
)
def end_quarantine(unit: RecoveryUnit, filing: Filing) -> None:
    """Let a unit go on from where it stood when it was set aside; says why it is safe.

    Raises:
        WrongState: it is not in quarantine.
    """
    require_fields(unit.number, sentence("say why it need not be set aside any more"), reason=filing.reason)
    unit.must_be(State.QUARANTINED)
    before = [v.fields["state"] for v in history(unit.id) if v.fields.get("state") != State.QUARANTINED]
    unit.state = str(before[-1])
    filing.add(unit)


@act(
    roles={Role.MORTUARY, Role.FAMILY_LIAISON},
    past=_("carried the release over"),
    part_of="identification.release",
    files=(
        changes(
            RecoveryUnit,
            "holder place kept_in",
            dict.fromkeys(TO_RELEASE, State.RELEASED),
            rules=(
                holds(holder=BLANK, kept_in=BLANK),
                part_of("identification.release", kind="identification.Release", field="recovery_unit", if_shown=True),
            ),
        ),
    ),
)
def mark_released(unit: RecoveryUnit, filing: Filing, *, place: str) -> None:
    """Write on a unit that it was given back, and where it went; nobody of the investigation holds it any more."""
    unit.must_be(*TO_RELEASE)
    unit.state, unit.holder, unit.place, unit.kept_in = State.RELEASED, None, place, None
    filing.add(unit)


@act(
    roles={Role.MORTUARY},
    past=_("carried the return over"),
    part_of="identification.take_return",
    files=(
        changes(
            RecoveryUnit,
            "holder place",
            {State.RELEASED: State.RECEIVED},
            rules=(
                actor_is("holder"),
                part_of(
                    "identification.take_return", kind="identification.Release", field="recovery_unit", if_shown=True
                ),
            ),
        ),
    ),
)
def mark_returned(unit: RecoveryUnit, filing: Filing, *, place: str) -> None:
    """Write on a unit that it came back, into whose hands and where; it waits to be examined again."""
    unit.must_be(State.RELEASED)
    unit.state, unit.holder_id, unit.place = State.RECEIVED, filing.by.person, place
    filing.add(unit)
