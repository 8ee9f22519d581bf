"""Power, people, keys and namesakes: who is enrolled, in which office, and with which key."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from builder import Who
from casts import ROLES
from forgery import ENROLLED, WORDS, Attacked, forgery

# --- power: people ----------------------------------------------------------------------------------------------------


def a_board_of_puppets(told: Attacked, *insiders: Who) -> None:
    unit, missing = told.typed_pair()
    told.attack(*insiders)
    for name in ("dna", "dna_too", "board", "board_too"):
        setattr(told, name, told.enrol(ROLES[name]))
    good = told.signed_comparison(unit, missing)
    told.certify(told.decide(unit, missing, [good]))


@forgery("power", by="operator, administrator", finds="signature-wrong")
def one_administrator_mints_two_examiners_and_a_board_and_certifies(told: Attacked) -> None:
    a_board_of_puppets(told, told.admin)


@forgery("power", by="operator, administrator, administrator", unseen=ENROLLED)
def two_administrators_mint_two_examiners_and_a_board_and_certify(told: Attacked) -> None:
    a_board_of_puppets(told, told.admin, told.admin_too)


@forgery("power", by="operator, administrator", finds="rule-holds", of=["administrator", "board", "dna_examiner"])
def one_administrator_appoints_at_once_where_two_decide(told: Attacked, role: str) -> None:
    told.present("scene")
    told.attack(told.admin)
    told.propose_office(told.stranger(role, person=told.scene.person), state="in_force")


@forgery("power", by="operator, administrator", finds="rule-only-one", of=["board", "dna_examiner", "mortuary"])
def whoever_examines_or_decides_becomes_the_defence(told: Attacked, role: str) -> None:
    who = told.enrol(role)
    told.attack(told.admin)
    told.propose_office(told.stranger("defence", person=who.person), state="in_force")


@forgery("power", by="operator, administrator, administrator", finds="rule-only-one")
def the_defence_becomes_a_member_of_the_board(told: Attacked) -> None:
    who = told.enrol("defence")
    told.attack(told.admin, told.admin_too)
    told.appoint(told.stranger("board", person=who.person))


@forgery("power", by="operator, administrator", finds="signatures-not-as-many")
def one_administrator_puts_an_appointment_to_the_board_in_force(told: Attacked) -> None:
    told.present("scene")
    told.attack(told.admin)
    told.appoint(told.stranger("board", person=told.scene.person), [told.admin])


@forgery("power", by="operator, administrator", finds="not-put-in-force")
def a_member_of_the_board_who_is_only_proposed_certifies(told: Attacked) -> None:
    ready = told.ready_decision()
    told.present("scene", "board")
    told.attack(told.admin)
    puppet = told.stranger("board", person=told.scene.person).with_key(told.scene.key)
    told.propose_office(puppet)
    told.certify(ready, (told.board, puppet))


@forgery("power", by="operator, administrator, board", finds="rule-actor-is-not")
def an_administrator_of_the_board_agrees_to_become_an_examiner(told: Attacked) -> None:
    told.present("board")
    power = told.in_office(told.board, "administrator")
    told.attack(told.admin, told.board)
    told.appoint(replace(told.board, office=told.log.uuid(), role="dna_examiner"), [told.admin, power])


@forgery("power", by="operator, administrator", finds="rule-only-one")
def an_administrator_enrols_a_second_key_for_one_of_the_board_and_agrees_with_it(told: Attacked) -> None:
    ready = told.ready_decision()
    told.present("board_too")
    told.attack(told.admin)
    puppets = []
    for own in (told.board, told.board_too):
        twin = told.stranger("board", person=own.person)
        told.enter_key(twin, state="in_force")
        puppets.append(own.with_key(twin.key))
    told.certify(ready, puppets)


@forgery(
    "power", by="operator, administrator", finds="rule-actor-is-not", of=["board", "dna_examiner", "administrator"]
)
def an_administrator_appoints_themselves(told: Attacked, role: str) -> None:
    told.attack(told.admin)
    told.in_office(told.admin, role)


@forgery("power", by="operator, administrator, administrator", unseen=ENROLLED)
def an_administrator_is_appointed_by_a_puppet(told: Attacked) -> None:
    told.attack(told.admin, told.admin_too)
    own, told.admin = told.admin, told.enrol("administrator")
    told.in_office(own, "board")


@forgery("power", by="operator, administrator", finds="rule-another")
def the_only_administrator_dismisses_themselves(told: Attacked) -> None:
    told.dismiss(told.admin_too)
    told.attack(told.admin)
    told.dismiss(told.admin)


@forgery("power", by="operator, administrator", finds="key-retires-itself")
def the_only_administrator_retires_their_only_key(told: Attacked) -> None:
    told.present("prosecutor")
    told.dismiss(told.admin_too)
    told.attack(told.admin)
    told.retire_own(told.admin)


@forgery("power", by="operator, board", finds="role-may-not-act")
def one_of_the_board_appoints_an_accomplice(told: Attacked) -> None:
    told.present("board")
    told.attack(told.board)
    told.admin = told.board
    told.enrol("board")


@forgery("power", finds="signature-wrong")
def the_operator_enrols_somebody(told: Attacked) -> None:
    told.attack()
    told.enrol("board")


@forgery("power", by="operator, board at work", finds="not-signed-in-person")
def a_certificate_is_filed_with_a_session(told: Attacked) -> None:
    ready = told.ready_decision()
    given = told.assents("identification.certify", ready, told.board, told.board_too)
    session = told.begin_work(told.board)
    told.attack(session)
    told.change("identification.certify", ready, session, told.certificate_fields(), assents=given)


@forgery("power", by="operator, scene at work", unseen=ENROLLED)
def the_operator_files_a_routine_act_while_its_owner_works(told: Attacked) -> None:
    session = told.begin_work(told.scene)
    told.attack(session)
    told.log.file("graves.open_site", "graves.Site", session)


@forgery("power", by="operator, administrator", finds="rule-actor-is")
def an_administrator_opens_a_session_for_another(told: Attacked) -> None:
    told.present("board")
    told.attack(told.admin)
    told.begin_work(told.board, by=told.admin)


@forgery("power", by="operator, board at work", finds="not-signed-in-person")
def a_session_opens_the_next_session(told: Attacked) -> None:
    session = told.begin_work(told.board)
    told.attack(session)
    told.begin_work(told.board, by=session)


@forgery("power", by="operator, scene", finds="session-of-another")
def a_session_is_opened_under_the_key_of_another(told: Attacked) -> None:
    told.present("board", "scene")
    told.attack(told.scene)
    told.begin_work(told.scene, delegated_by=told.board.key_record)


@forgery("power", by="operator, scene at work", finds="session-not-in-this-office")
def a_session_is_used_in_another_office(told: Attacked) -> None:
    session = told.begin_work(told.scene)
    other = told.in_office(told.scene, "family_liaison")
    told.attack(session)
    told.log.file("missing.report", "missing.MissingPerson", other.with_key(session.key))


@forgery("power", by="operator, scene", finds="key-and-office-of-two")
def somebody_acts_in_the_office_of_another(told: Attacked) -> None:
    told.present("liaison", "scene")
    told.attack(told.scene)
    told.log.file("missing.report", "missing.MissingPerson", told.liaison.with_key(told.scene.key))


@forgery("power", by="operator, board", finds="office-ended")
def somebody_acts_after_their_dismissal(told: Attacked) -> None:
    ready = told.ready_decision()
    told.dismiss(told.board)
    told.attack(told.board)
    told.change("identification.withdraw", ready, told.board, {"state": "withdrawn", "reason": "x"})


@forgery("power", by="operator, board, board", finds="office-ended")
def somebody_agrees_after_their_dismissal(told: Attacked) -> None:
    ready = told.ready_decision()
    told.present("board_too")
    told.dismiss(told.board_too)
    told.attack(told.board, told.board_too)
    told.certify(ready, (told.board_too, told.board))


@forgery("power", by="operator, scene at work", finds="key-retired")
def a_session_outlives_the_key_that_opened_it(told: Attacked) -> None:
    session = told.begin_work(told.scene)
    told.retire(told.scene)
    told.attack(session)
    told.log.file("graves.open_site", "graves.Site", session)


@forgery("power", by="operator, administrator", finds="rule-held")
def a_dismissal_is_taken_back(told: Attacked) -> None:
    told.present("board")
    told.dismiss(told.board)
    told.attack(told.admin)
    told.dismiss(told.board, until=None)


@forgery("power", by="operator, administrator", finds="rule-held")
def the_retirement_of_a_key_is_taken_back(told: Attacked) -> None:
    told.present("board")
    told.retire(told.board)
    told.attack(told.admin)
    told.retire(told.board, retired_at=None)


@forgery("power", by="operator, administrator", finds="change-not-allowed")
def an_office_is_given_to_another_when_it_ends(told: Attacked) -> None:
    told.present("board", "scene")
    told.attack(told.admin)
    told.dismiss(told.board, person=told.scene.person)


@forgery("power", by="operator, board, board", finds="sits-alone")
def two_examiners_who_sit_on_the_board_certify_their_own_comparison(told: Attacked) -> None:
    pair = [told.in_office(told.dna, "board"), told.in_office(told.dna_too, "board")]
    ready = told.ready_decision()
    told.attack(*pair)
    told.certify(ready, pair)


# --- people -----------------------------------------------------------------------------------------------------------


@forgery("people", finds="act-changes-none-of-this-kind", by="operator, administrator")
def a_certifier_is_renamed(told: Attacked) -> None:
    told.present("board")
    told.attack(told.admin)
    told.change("casework.enrol", told.board.person, told.admin, {"name": "Somebody Else"})


@forgery("people", finds="act-unknown")
def a_certifier_is_renamed_by_an_act_that_nobody_knows(told: Attacked) -> None:
    told.present("board")
    told.attack()
    told.change("casework.rename", told.board.person, told.admin, {"name": "Somebody Else"})


@forgery("people", finds="founded-twice", by="operator, administrator")
def the_mandate_is_rewritten(told: Attacked) -> None:
    told.attack(told.admin)
    told.change("casework.found", told.log.entries[0]["record"], told.admin, {"mandate": "another"})


@forgery("people", finds="signature-wrong")
def a_profile_is_filed_in_the_name_of_an_examiner(told: Attacked) -> None:
    sample = told.sample(told.examined())
    told.present("dna")
    told.attack()
    told.profile(sample)


@forgery("people", finds="role-may-not-act", by="operator, scene")
def a_certificate_is_filed_by_somebody_of_no_board_office(told: Attacked) -> None:
    ready = told.ready_decision()
    given = told.assents("identification.certify", ready, told.board, told.board_too)
    told.attack(told.scene)
    told.change("identification.certify", ready, told.scene, told.certificate_fields(), assents=given)


@forgery("people", finds="key-unknown")
def somebody_acts_of_whom_the_log_knows_nothing(told: Attacked) -> None:
    told.attack()
    told.log.file("graves.open_site", "graves.Site", told.stranger("scene"))


@forgery("people", finds="points-to-nothing", by="operator, administrator")
def key_and_office_are_of_a_person_of_whom_there_is_no_record(told: Attacked) -> None:
    told.attack(told.admin)
    who = told.stranger("board")
    told.enter_key(who)
    told.appoint(who)


@forgery("people", finds="points-to-nothing", by="operator, administrator")
def somebody_is_appointed_before_they_are_enrolled(told: Attacked) -> None:
    told.attack(told.admin)
    who = told.stranger("board")
    told.appoint(who)
    told.enter_person(who)
    told.enter_key(who)


@forgery("people", finds="signature-wrong")
def the_operator_founds_with_a_key_that_is_not_the_founders(told: Attacked) -> None:
    told.attack()
    log = told.log
    log.entries[2] = {**log.entries[2], "signature": log.entries[3]["signature"]}
    log.rebuild()


# --- keys -------------------------------------------------------------------------------------------------------------

P = 2**255 - 19


def spelled(y: int, sign: int = 0) -> str:
    return (y | sign << 255).to_bytes(32, "little").hex()


@forgery("keys", by="operator, administrator", finds="key-is-no-key", of=[
    *(f"y = p + {more}" for more in range(19)), "ff * 32", "no point",
    "small order 1", "small order 0", "small order p - 1",
    "x = 0 with a sign",
])  # fmt: skip
def a_key_is_enrolled(told: Attacked, what: str) -> None:
    told.attack(told.admin)
    who = told.stranger("board")
    told.enter_person(who)
    public = {"ff * 32": "ff" * 32, "no point": spelled(2), "small order 1": spelled(1), "small order 0": spelled(0),
              "small order p - 1": spelled(P - 1), "x = 0 with a sign": spelled(1, 1)}  # fmt: skip
    told.enter_key(who, public_key=public.get(what) or spelled(P + int(what.split()[-1])))


@forgery(
    "keys", by="operator, administrator", of=[("AA", "field-holds-something-else"), ("", "field-holds-something-else")]
)
def a_key_is_enrolled_as_other_text(told: Attacked, text: str) -> None:
    told.attack(told.admin)
    who = told.stranger("board")
    told.enter_person(who)
    told.enter_key(who, public_key=text and who.key.public.hex().upper())


@forgery("keys", by="operator, administrator", finds="key-not-possessed")
def a_key_is_enrolled_that_nobody_holds(told: Attacked) -> None:
    told.attack(told.admin)
    who = told.stranger("board")
    told.enter_person(who)
    told.enter_key(who, public_key=told.log.stray.public.hex())


@forgery("keys", by="operator, administrator", finds="key-in-two-records")
def the_key_of_one_is_enrolled_for_another(told: Attacked) -> None:
    told.attack(told.admin)
    who = told.enrol("board")
    other = told.stranger("dna_examiner").with_key(who.key)
    told.enter_person(other)
    told.enter_key(other)


@forgery("keys", by="operator, scene", finds="key-in-two-records")
def a_personal_key_is_the_key_of_a_session_as_well(told: Attacked) -> None:
    told.present("scene")
    told.attack(told.scene)
    told.begin_work(told.scene, public_key=told.scene.key.public.hex())


@forgery("keys", by="operator, scene", finds="key-is-no-key")
def a_session_has_a_key_of_small_order(told: Attacked) -> None:
    told.present("scene")
    told.attack(told.scene)
    told.begin_work(told.scene, public_key=spelled(1))


# --- namesakes --------------------------------------------------------------------------------------------------------


@forgery("namesakes", by="operator, board", finds="same-person-twice")
def one_of_the_board_agrees_twice_with_two_keys(told: Attacked) -> None:
    ready = told.ready_decision()
    twin = told.enrol("board", person=told.board.person)
    told.attack(told.board)
    told.log.hands.add(twin.key.id)  # type: ignore[union-attr]
    told.certify(ready, (told.board, twin))


@forgery("namesakes", by="operator, board", finds="entry-malformed")
def one_of_the_board_agrees_twice_with_one_key(told: Attacked) -> None:
    ready = told.ready_decision()
    told.attack(told.board)
    told.certify(ready, (told.board, told.board))


@forgery("namesakes", by="operator, administrator, administrator", unseen=ENROLLED)
def one_human_being_is_enrolled_twice_under_one_name(told: Attacked) -> None:
    told.attack(told.admin, told.admin_too)
    told.enrol("board")
    told.enrol("board")


@forgery("namesakes", by="operator, administrator", finds="number-of-another")
def a_person_bears_the_number_of_another(told: Attacked) -> None:
    told.present("board")
    number = told.log.records[told.board.person].fields["number"]
    told.attack(told.admin)
    told.log.file("casework.enrol", "casework.Person", told.admin, {"name": "Ім’я", "number": number})


@forgery("namesakes", by="operator, scene", finds="number-of-another")
def remains_bear_the_number_of_others(told: Attacked) -> None:
    number = told.log.records[told.registered()].fields["number"]
    told.attack(told.scene)
    told.registered(number=number)


@forgery(
    "namesakes",
    by="operator, scene",
    finds="number-of-another",
    of=["N‐000001", "Ν-000001", "N-OOOOO1", "N-00000I"],
)
def remains_bear_a_number_that_looks_like_that_of_others(told: Attacked, number: str) -> None:
    told.registered(number="N-000001")
    told.attack(told.scene)
    told.registered(number=number)


@forgery("namesakes", by="operator, board, board", finds="rule-only-one")
def two_certificates_bear_one_number(told: Attacked) -> None:
    first, second = told.certified(), told.ready_decision()
    number = told.log.records[first].fields["certificate_number"]
    told.attack(told.board, told.board_too)
    told.certify(second, certificate_number=number)


@forgery(
    "namesakes",
    by="operator, board, board",
    finds="rule-only-one",
)
def two_certificates_bear_numbers_that_look_alike(told: Attacked) -> None:
    first, second = told.certified(), told.ready_decision()
    number = told.log.records[first].fields["certificate_number"]
    told.attack(told.board, told.board_too)
    told.certify(second, certificate_number=f"{number} ")


@forgery("namesakes", by="operator, administrator", finds="field-of-two-records")
def two_persons_share_one_opening(told: Attacked) -> None:
    told.present("board")
    opening = next(each for each in told.log.records[told.board.person].openings if each[1] == "name")
    told.attack(told.admin)
    told.log.file("casework.enrol", "casework.Person", told.admin, {}, openings={"name": opening})


@forgery("namesakes", by="operator, family_liaison", finds="kind-changed")
def a_missing_person_goes_on_as_a_family(told: Attacked) -> None:
    missing = told.missing()
    told.attack(told.liaison)
    told.log.file("missing.draw_pedigree", "missing.Family", told.liaison, {"members": {}}, record=missing)


@forgery("namesakes", by="operator, prosecutor", finds="rule-actor-is", only="bundle")
def a_bundle_is_filed_as_made_by_a_namesake(told: Attacked) -> dict[str, Any]:
    told.present("board")
    told.attack(told.prosecutor)
    return {"receipt_fields": {"made_by": told.board.person}}


@forgery("namesakes", finds="manifest-differs", only="bundle")
def a_bundle_names_another_investigation(told: Attacked) -> dict[str, Any]:
    told.attack()
    other = told.log.uuid()
    return {"change_manifest": lambda manifest: manifest.update(investigation=other)}


@forgery("namesakes", by="operator, prosecutor", unseen=WORDS)
def a_bundle_names_a_namesake_as_its_recipient(told: Attacked) -> None:
    told.attack(told.prosecutor)
    told.log.file(
        "court.bundle", "court.Bundle", told.prosecutor, {"made_by": told.prosecutor.person, "recipient": "І. Петренко"}
    )


@forgery("namesakes", by="operator, prosecutor", of=[
    ("a name", "value-not-of-its-type"), ("nobody", "points-to-nothing"), ("a missing person", "points-to-nothing")
])  # fmt: skip
def a_bundle_is_addressed_to_somebody_who_is_not_of_the_investigation(told: Attacked, who: str) -> None:
    missing = told.missing()
    told.attack(told.prosecutor)
    addressee = {"a name": "І. Петренко", "nobody": told.log.uuid(), "a missing person": missing}[who]
    fields = {"made_by": told.prosecutor.person, "addressee": addressee}
    told.log.file("court.bundle", "court.Bundle", told.prosecutor, fields)
