"""Replay and time: entries that are carried elsewhere, and clocks that are set."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from builder import Fields, Log, sha, signed
from forgery import CLOCK, ENROLLED, LEFT_OUT, SECOND_HISTORY, Attacked, forgery


def cut(told: Attacked, wanted: Callable[[Fields], bool]) -> None:
    """The operator takes entries out of the log, and hashes it anew."""
    log = told.log
    kept = [i for i in range(log.size) if not wanted(log.entries[i])]
    log.entries, log.openings = [log.entries[i] for i in kept], [log.openings[i] for i in kept]
    log.rebuild()


def moved(told: Attacked, old: int, new: int) -> None:
    log = told.log
    for rows in (log.entries, log.openings):
        rows.insert(new, rows.pop(old))
    log.rebuild()


def index_of(told: Attacked, act: str, nth: int = -1) -> int:
    return [i for i, entry in enumerate(told.log.entries) if entry["act"] == act][nth]


# --- replay -----------------------------------------------------------------------------------------------------------


@forgery("replay", finds="log-is-another")
def every_entry_of_one_log_is_replayed_into_another_log(told: Attacked) -> None:
    told.certified()
    told.attack()
    told.log.key = Log(2).key


@forgery("replay", finds="log-is-another")
def an_entry_of_a_training_copy_is_filed_in_the_log(told: Attacked) -> None:
    told.missing()
    other = Attacked()
    other.log.id = sha(b"a training copy")
    other.missing()
    told.attack()
    entry, openings = other.log.entries[-1], other.log.openings[-1]
    told.log.append(entry, openings)


@forgery("replay", finds="version-filed-twice")
def an_entry_is_filed_again_as_it_is(told: Attacked) -> None:
    told.missing()
    told.attack()
    told.log.append(told.log.entries[-1], told.log.openings[-1])


@forgery("replay", finds="signature-wrong")
def an_entry_is_filed_again_as_another_record(told: Attacked) -> None:
    told.missing()
    told.attack()
    told.log.append({**told.log.entries[-1], "record": told.log.uuid()}, told.log.openings[-1])


@forgery("replay", finds="filed-in-between")
def an_entry_is_signed_now_and_placed_later(told: Attacked) -> None:
    entry, openings = told.log.version("missing.report", "missing.MissingPerson", told.liaison, {})
    entry = signed(entry, told.liaison.key)
    told.unit()
    told.attack()
    told.log.append(entry, openings)


@forgery("replay", finds="base-not-of-this-log")
def an_entry_is_placed_before_what_its_signer_saw(told: Attacked) -> None:
    told.unit()
    told.missing()
    told.attack()
    moved(told, told.log.size - 1, told.log.size - 3)


@forgery("replay", finds="base-is-later")
def two_neighbours_change_places(told: Attacked) -> None:
    told.missing()
    told.missing()
    told.attack()
    moved(told, told.log.size - 1, told.log.size - 2)


@forgery("replay", finds="base-is-later")
def a_signed_dismissal_is_dropped_from_a_rewritten_log(told: Attacked) -> None:
    told.present("board", "liaison")
    told.dismiss(told.board)
    told.missing()
    told.attack()
    cut(told, lambda entry: entry["act"] == "casework.dismiss")


@forgery("replay", finds="base-is-later", by="operator, dna_examiner")
def a_signed_retirement_of_a_stolen_key_is_moved_behind_its_use(told: Attacked) -> None:
    unit, missing = told.typed_pair()
    told.present("dna")
    told.retire(told.dna)
    told.attack(told.dna)
    told.compare(unit, missing)
    moved(told, told.log.size - 2, told.log.size - 1)


@forgery("replay", finds="key-retired", by="operator, dna_examiner")
def a_stolen_key_is_used_after_its_retirement(told: Attacked) -> None:
    unit, missing = told.typed_pair()
    told.present("dna")
    told.retire(told.dna)
    told.attack(told.dna)
    told.compare(unit, missing)


def used_just_before_the_retirement(told: Attacked, *, at_its_time: bool) -> None:
    """The use of a stolen key is put before its retirement, on the head on which that was signed."""
    unit, missing = told.typed_pair()
    told.present("dna")
    told.retire(told.dna)
    told.attack(told.dna)
    log = told.log
    retirement = (log.entries.pop(), log.openings.pop())
    log.rebuild()
    fields = {"recovery_unit": unit, "missing_person": missing, "examiner": told.dna.person}
    header = {"at": retirement[0]["at"]} if at_its_time else {}
    log.file("identification.compare", "identification.Comparison", told.dna, fields, **header)
    log.entries.append(retirement[0])
    log.openings.append(retirement[1])
    log.rebuild()


@forgery("replay", finds="time-runs-backwards", by="operator, dna_examiner")
def a_stolen_key_signs_on_the_head_of_its_retirement_at_a_later_time(told: Attacked) -> None:
    used_just_before_the_retirement(told, at_its_time=False)


@forgery("replay", finds="not-of-one-filing", by="operator, dna_examiner")
def a_stolen_key_signs_on_the_head_of_its_retirement_at_its_time(told: Attacked) -> None:
    used_just_before_the_retirement(told, at_its_time=True)


@forgery("replay", unseen=SECOND_HISTORY, by="operator, dna_examiner")
def a_stolen_key_is_used_in_a_log_that_ends_before_its_retirement(told: Attacked) -> None:
    unit, missing = told.typed_pair()
    told.present("dna")
    told.retire(told.dna)
    told.attack(told.dna)
    cut(told, lambda entry: entry["act"] == "casework.retire_key")
    told.compare(unit, missing)


@forgery("replay", finds="signature-wrong")
def a_proof_of_possession_is_replayed_for_another_person(told: Attacked) -> None:
    board, other = told.board, told.scene
    fields = {**told.key_fields(board), "person": other.person}
    told.attack()
    told.log.file("casework.enrol", "casework.Key", told.admin, fields)


@forgery("replay", finds="key-not-possessed", by="operator, administrator")
def a_key_is_enrolled_with_the_proof_of_another_log(told: Attacked) -> None:
    who = told.stranger("board")
    fields = told.key_fields(who)
    told.attack(told.admin)
    own, told.log.id = told.log.id, sha(b"another log")
    fields = told.key_fields(who)
    told.log.id = own
    told.enter_person(who)
    told.log.file("casework.enrol", "casework.Key", told.admin, fields)


@forgery("replay", finds="assent-not-filed", by="operator, board")
def an_assent_is_replayed_for_a_later_version(told: Attacked) -> None:
    """What two agreed to was withdrawn, and is certified as it stood."""
    ready = told.ready_decision()
    given = told.assents("identification.certify", ready, told.board, told.board_too)
    told.change("identification.withdraw", ready, told.board, {"state": "withdrawn", "reason": "a doubt"})
    told.attack(told.board)
    told.change("identification.certify", ready, told.board, told.certificate_fields(), assents=given)


@forgery("replay", finds="assent-not-filed", by="operator, board")
def an_assent_is_carried_to_another_head(told: Attacked) -> None:
    ready = told.ready_decision()
    given = told.assents("identification.certify", ready, told.board, told.board_too)
    told.attack(told.board)
    later = [{**each, "base": told.log.head()} for each in given]
    told.change("identification.certify", ready, told.board, told.certificate_fields(), assents=later)


@forgery("replay", finds="assent-of-another", by="operator, prosecutor")
def an_assent_is_filed_by_somebody_else(told: Attacked) -> None:
    ready = told.ready_decision()
    given = told.given(told.board, "identification.certify", ready)
    told.attack(told.prosecutor)
    told.file_assent(told.prosecutor, "identification.certify", ready, given)


@forgery("replay", finds="assent-of-another", by="operator, board")
def an_assent_is_filed_long_after_it_was_given(told: Attacked) -> None:
    ready = told.ready_decision()
    given = told.given(told.board, "identification.certify", ready)
    told.missing()
    told.attack(told.board)
    told.file_assent(told.board, "identification.certify", ready, given)


@forgery("replay", finds="session-ended", by="operator, scene at work")
def a_session_goes_on_after_its_end(told: Attacked) -> None:
    session = told.begin_work(told.scene)
    told.end_work(session)
    told.attack(session)
    told.log.file("graves.open_site", "graves.Site", session)


@forgery("replay", finds="manifest-not-of-this-receipt", only="bundle")
def the_receipt_of_another_bundle_lies_beside_this_one(told: Attacked) -> dict[str, Any]:
    told.missing()
    told.attack()
    return {"receipt_fields": {"manifest_sha256": sha(b"another manifest")}}


@forgery("replay", finds="receipt-within-the-log", only="bundle")
def a_bundle_is_filed_before_the_log_that_it_shows(told: Attacked) -> dict[str, Any]:
    told.missing()
    told.attack()
    return {"meanwhile": -1}


@forgery("replay", unseen=LEFT_OUT)
def the_last_hundred_entries_are_rolled_back(told: Attacked) -> None:
    told.certified()
    told.attack()
    cut(told, lambda entry: told.log.entries.index(entry) > told.log.size - 6)


# --- time -------------------------------------------------------------------------------------------------------------


@forgery("time", by="operator, family_liaison", of=[
    ("2031-01-01T00:00:00Z", "time-to-come"), ("9999-12-31T23:59:59Z", "time-to-come"),
    ("1999-01-01T00:00:00Z", "time-runs-backwards"), ("2024-05-01T00:00:00Z", "time-runs-backwards"),
    ("2024-02-30T00:00:00Z", "entry-malformed"), ("2024-05-01T24:00:00Z", "entry-malformed"),
    ("2024-05-01 10:00:00", "entry-malformed"), ("2024-05-01T10:00:00.5Z", "entry-malformed"),
    (1714557600, "entry-malformed"),
    ("٢٠٢٤-٠٥-٠١T٠٠:٠٠:٠٠Z", "entry-malformed"),
])  # fmt: skip
def an_entry_is_filed_at(told: Attacked, at: object) -> None:
    told.present("liaison")
    told.attack(told.liaison)
    told.log.file("missing.report", "missing.MissingPerson", told.liaison, {}, at=at)


@forgery("time", finds="time-runs-backwards", by="operator, family_liaison")
def the_clock_is_set_back_after_one_entry(told: Attacked) -> None:
    told.present("liaison")
    told.attack(told.liaison)
    told.log.wait(days=30)
    told.missing()
    told.log.wait(days=-29)
    told.missing()


@forgery("time", unseen=CLOCK, by="operator, family_liaison")
def the_clock_jumps_a_year_ahead_and_stays_there(told: Attacked) -> None:
    told.present("liaison")
    told.attack(told.liaison)
    told.log.wait(days=365)
    told.missing()


@forgery("time", only="bundle", of=[
    ("9999-12-31T23:59:59Z", "made-at-another-time"), ("2023-01-01T00:00:00Z", "made-at-another-time"),
    ("2024-05-01T00:00:00Z", "made-at-another-time"), ("yesterday", "manifest-malformed"),
])  # fmt: skip
def a_bundle_is_made_at(told: Attacked, at: str) -> dict[str, Any]:
    told.attack()
    return {"change_manifest": lambda manifest: manifest.update(made_at=at)}


@forgery("time", only="bundle", of=[
    ("1999-01-01T00:00:00Z", "time-runs-backwards"), ("9999-01-01T00:00:00Z", "time-to-come"),
])  # fmt: skip
def a_receipt_is_filed_in(told: Attacked, at: str) -> dict[str, Any]:
    told.attack()
    return {"change_receipt": lambda receipt: receipt.update(at=at)}


@forgery("time", finds="session-ended", by="operator, scene at work")
def a_session_is_used_after_its_time(told: Attacked) -> None:
    session = told.begin_work(told.scene, until=told.log.now)
    told.attack(session)
    told.log.wait(hours=1)
    told.log.file("graves.open_site", "graves.Site", session)


@forgery("time", finds="session-ended", by="operator, scene at work")
def a_session_is_used_in_the_second_in_which_it_ends(told: Attacked) -> None:
    told.present("scene")
    until = told.log.clock + timedelta(hours=1)
    session = told.begin_work(told.scene, until=until.strftime("%Y-%m-%dT%H:%M:%SZ"))
    told.attack(session)
    told.log.file("graves.open_site", "graves.Site", session, at=until.strftime("%Y-%m-%dT%H:%M:%SZ"))


@forgery("time", by="operator, scene", finds="session-too-long")
def a_session_lasts_for_ever(told: Attacked) -> None:
    told.present("scene")
    told.attack(told.scene)
    session = told.begin_work(told.scene, until="9999-12-31T23:59:59Z")
    told.log.file("graves.open_site", "graves.Site", session)


@forgery("time", finds="office-ended", by="operator, board")
def somebody_dismissed_from_next_year_on_acts_today(told: Attacked) -> None:
    ready = told.ready_decision()
    told.dismiss(told.board, until="2025-01-01T00:00:00Z")
    told.attack(told.board)
    told.change("identification.withdraw", ready, told.board, {"state": "withdrawn", "reason": "x"})


@forgery("time", finds="not-blank-at-birth", by="operator, administrator")
def somebody_is_appointed_to_an_office_that_ends(told: Attacked) -> None:
    told.attack(told.admin)
    who = told.enrol("board")
    told.appoint(told.stranger("board", person=who.person), until="2030-01-01T00:00:00Z")


@forgery("time", unseen=CLOCK, by="operator, scene")
def remains_were_lifted_before_the_war(told: Attacked) -> None:
    unit = told.registered()
    told.attack(told.scene)
    told.lift(unit, lifted_at="1999-01-01T00:00:00Z")


@forgery(
    "time",
    by="operator, dna_examiner, dna_examiner",
    finds="value-not-of-its-type",
    of=["2024-02-30", "2024-5-2", 20240502],
)
def a_comparison_is_signed_on(told: Attacked, day: object) -> None:
    unit, missing = told.unit(), told.missing()
    told.present("dna_too")
    compared = told.compare(unit, missing)
    told.attack(told.dna, told.dna_too)
    told.sign_comparison(compared, signed_on=day)


@forgery("time", finds="base-is-later", by="operator, family_liaison")
def an_entry_is_signed_on_a_log_that_is_still_to_come(told: Attacked) -> None:
    told.present("liaison")
    told.attack(told.liaison)
    told.log.file("missing.report", "missing.MissingPerson", told.liaison, {}, base={"root": "6" * 64, "size": 999})


@forgery("time", unseen=ENROLLED, by="operator, scene")
def a_key_that_was_stolen_last_week_is_retired_today(told: Attacked) -> None:
    told.present("scene")
    told.attack(told.scene)
    told.log.file("graves.open_site", "graves.Site", told.scene)
    told.log.hands = None
    told.retire(told.scene)


@forgery("time", by="operator, board", finds="field-holds-something-else")
def somebody_appointed_from_next_year_on_acts_today(told: Attacked) -> None:
    ready = told.ready_decision()
    later = told.in_office(told.board_too, "board", since="2030-01-01T00:00:00Z")
    told.attack(later)
    told.change("identification.withdraw", ready, later, {"state": "withdrawn", "reason": "x"})


@forgery("time", by="operator, administrator", unseen=CLOCK)
def a_dismissal_is_dated_back_by_years(told: Attacked) -> None:
    told.present("board")
    told.attack(told.admin)
    told.dismiss(told.board, until="1999-01-01T00:00:00Z")
