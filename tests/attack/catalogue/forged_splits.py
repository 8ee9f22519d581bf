"""Reports that are split into none, or beside an open one; files that are attached to nothing, or are others."""

from __future__ import annotations

import uuid

from forgery import Attacked, forgery

PERSON = "missing.MissingPerson"


def alone(told: Attacked) -> None:
    told.present("liaison")
    told.attack(told.liaison)


@forgery("splits", by="operator, family_liaison", finds="rule-exists")
def a_report_is_closed_as_of_two_people_of_whom_nobody_is_reported(told: Attacked) -> None:
    person = told.missing()
    alone(told)
    told.change("missing.split_report", person, told.liaison, {"state": "split", "reason": "two people"})


@forgery("splits", by="operator, family_liaison", finds="rule-part-of")
def somebody_is_split_off_a_report_that_stays_open(told: Attacked) -> None:
    person = told.missing()
    alone(told)
    told.log.file("missing.split_report", PERSON, told.liaison, {"state": "reported", "split_from": person})


@forgery("splits", by="operator, family_liaison", finds="rule-refers")
def somebody_is_split_off_a_report_that_was_closed(told: Attacked) -> None:
    person = told.missing()
    told.change("missing.found_alive", person, told.liaison, {"state": "closed_alive", "reason": "seen"})
    alone(told)
    told.log.file("missing.split_report", PERSON, told.liaison, {"state": "reported", "split_from": person})


@forgery("splits", by="operator, family_liaison", finds="rule-filed-with")
def another_file_is_attached_than_the_record_says(told: Attacked) -> None:
    person = told.missing()
    alone(told)
    of = [{"kind": PERSON, "id": person, "number": told.log.records[person].fields["number"]}]
    file = told.log.keep(b"an invented form")
    fields = {"of": of, "sha256": "8" * 64, "bytes": 16}
    told.log.file("casework.attach", "casework.Attachment", told.liaison, fields, files=[file])


@forgery("splits", by="operator, family_liaison", finds="points-to-nothing")
def a_file_is_attached_to_a_record_that_there_is_not(told: Attacked) -> None:
    alone(told)
    file = told.log.keep(b"an invented form")
    of = [{"kind": PERSON, "id": str(uuid.UUID(int=7)), "number": "MP-000007"}]
    fields = {"of": of, "sha256": file, "bytes": 16}
    told.log.file("casework.attach", "casework.Attachment", told.liaison, fields, files=[file])
