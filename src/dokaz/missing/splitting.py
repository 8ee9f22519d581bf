"""How a report is written down, and how one that turns out to be of two people becomes two."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass

from django.utils.translation import gettext_lazy as _

from dokaz.casework.corrections import tell_rooms
from dokaz.casework.effects import STATED, changes, exists, holds, makes, part_of, refers
from dokaz.casework.filing import Filing
from dokaz.casework.registry import act
from dokaz.casework.roles import Role
from dokaz.casework.rules import refuse_future, require_between, require_dates, require_fields
from dokaz.errors import WrongKind, sentence
from dokaz.missing.correcting import STATURE_CM
from dokaz.missing.models import MissingPerson, MissingState, ReportedSex
from dokaz.missing.queries import NOT_MATCHED


@dataclass(frozen=True, slots=True)
class WhatIsReported:
    """What is reported of one person, in the words and the script of the family.

    Args:
        born, last_seen_on: As far as they are known, in Extended Date/Time Format: 1987-04-12, 1987-04, 1987, 1987~.
    """

    family_name: str
    given_name: str = ""
    patronymic: str = ""
    sex: str = ReportedSex.UNKNOWN
    born: str = ""
    last_seen_on: str = ""
    last_seen_place: str = ""
    stature_cm: int | str | None = None
    marks: str = ""
    teeth: str = ""
    clothing: str = ""
    occupation: str = ""
    reported_on: dt.date | None = None
    reported_by: str = ""
    liaison: str = ""
    note: str = ""
    family_of_pedigree: str = ""
    member_of_pedigree: str = ""

    def written_down(
        self, filing: Filing, *, number: str = "", split_from: MissingPerson | None = None
    ) -> MissingPerson:
        """The report, not yet filed.

        Raises:
            EmptyField: there is no name at all.
            BadDate, InTheFuture: a date is none, or is later than now.
            OutOfRange: nobody is that short or tall.
        """
        require_fields(sentence("missing person"), sentence("a report names the person"), family_name=self.family_name)
        named = number or self.family_name
        require_dates(named, filing, born=self.born, last_seen_on=self.last_seen_on)
        refuse_future(named, filing, reported_on=self.reported_on)
        require_between(named, *STATURE_CM, stature_cm=self.stature_cm)
        stated = asdict(self) | {"stature_cm": str(self.stature_cm or "")}
        return MissingPerson(number=number or filing.next_number(MissingPerson, "MP"), split_from=split_from, **stated)


@act(
    roles={Role.FAMILY_LIAISON},
    past=_("split: two people"),
    files=(
        makes(
            MissingPerson,
            MissingState.REPORTED,
            blank="same_as",
            rules=(
                holds(split_from=STATED),
                refers("split_from", state=NOT_MATCHED),
                part_of("missing.split_report", field="split_from"),
            ),
        ),
        changes(
            MissingPerson,
            "",
            dict.fromkeys(NOT_MATCHED, MissingState.SPLIT),
            rules=(exists("missing.MissingPerson", "split_from"),),
        ),
    ),
)
def split_report(
    person: MissingPerson, filing: Filing, *, first: WhatIsReported, second: WhatIsReported
) -> list[MissingPerson]:
    """Close a report that turned out to be of two people, and take down one of each; all three stay readable.

    What was compared with the old report, and decided on it, is reopened until somebody answers. Pedigrees that name it
    wait until somebody says which of the two they mean.

    Raises:
        EmptyField: it is not said how it was found out; or one of the two has no name.
        WrongKind: both are told of in the same words.
        WrongState: the report is closed, or somebody was identified as its person: the decision is revoked first.
        BadDate, InTheFuture, OutOfRange: as of a report.
    """
    require_fields(person.number, sentence("say how it was found that these are two people"), reason=filing.reason)
    person.must_be(*NOT_MATCHED)
    if first == second:
        raise WrongKind("second", second.family_name, sentence("somebody else than the first"))
    made = [each.written_down(filing, split_from=person) for each in (first, second)]
    for each in made:
        filing.add(each)
    person.state = MissingState.SPLIT
    filing.add(person)
    tell_rooms(person, filing)
    return made
