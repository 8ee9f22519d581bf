"""Custody: things that pass to somebody, or from somebody, without the two signatures that this takes."""

from __future__ import annotations

from forgery import GAP, PARTS, Attacked, forgery


@forgery("custody", by="operator, mortuary", finds="change-not-allowed")
def the_receiver_swaps_the_things_that_the_giver_signed_for(told: Attacked) -> None:
    transfer, other = told.hand_over(told.unit()), told.unit()
    told.attack(told.mortuary)
    told.take_over(transfer, things=[told.thing(other)])


@forgery("custody", by="operator, mortuary", finds="field-must-be-open")
def the_receiver_swaps_the_things_and_they_are_withheld(told: Attacked) -> dict[str, object]:
    transfer, other = told.hand_over(told.unit()), told.unit()
    told.attack(told.mortuary)
    told.take_over(transfer, things=[told.thing(other)])
    return {"withheld": "things"}


@forgery("custody", by="operator, dna_examiner", finds="rule-actor-is")
def somebody_other_than_the_receiver_takes_over(told: Attacked) -> None:
    transfer = told.hand_over(told.unit())
    told.attack(told.dna)
    told.confirm(transfer, by=told.dna)


@forgery("custody", by="operator, dna_examiner", finds="change-not-allowed")
def somebody_puts_themselves_in_the_place_of_the_receiver(told: Attacked) -> None:
    transfer = told.hand_over(told.unit())
    told.attack(told.dna)
    told.confirm(transfer, by=told.dna, receiver=told.dna.person)


@forgery("custody", by="operator, board", finds="role-may-not-act")
def somebody_takes_over_in_an_office_that_holds_nothing(told: Attacked) -> None:
    transfer = told.hand_over(told.unit(), to=told.board)
    told.attack(told.board)
    told.confirm(transfer, by=told.board)


@forgery("custody", by="operator, scene", finds="rule-each-held-by")
def what_still_lies_in_the_ground_is_handed_over(told: Attacked) -> None:
    unit = told.registered()
    told.present("mortuary")
    told.attack(told.scene)
    told.hand_over(unit)


@forgery("custody", by="operator, scene", finds="not-blank-at-birth")
def what_still_lies_in_the_ground_is_already_held(told: Attacked) -> None:
    told.present("grave")
    told.attack(told.scene)
    told.registered(holder=told.scene.person)


@forgery("custody", by="operator, scene", finds="rule-only-one-lists")
def one_thing_is_handed_over_to_two_people_at_once(told: Attacked) -> None:
    unit = told.unit()
    told.present("mortuary", "dna")
    told.attack(told.scene)
    told.hand_over(unit)
    told.hand_over(unit, to=told.dna)


@forgery("custody", by="operator, mortuary", finds="move-not-allowed")
def the_receiver_confirms_what_the_giver_took_back(told: Attacked) -> None:
    transfer = told.hand_over(told.unit())
    told.change("casework.take_back", transfer, told.scene, {"state": "taken_back", "reason": "the road is shelled"})
    told.attack(told.mortuary)
    told.confirm(transfer)


@forgery("custody", by="operator, scene", finds="move-not-allowed")
def the_giver_takes_back_what_was_confirmed(told: Attacked) -> None:
    transfer = told.pass_on(told.unit())
    told.attack(told.scene)
    told.change("casework.take_back", transfer, told.scene, {"state": "taken_back", "reason": "it never left"})


@forgery("custody", by="operator, scene", finds="rule-actor-is")
def somebody_takes_back_what_another_handed_over(told: Attacked) -> None:
    transfer = told.hand_over(told.unit())
    told.attack(told.scene_too)
    told.change("casework.take_back", transfer, told.scene_too, {"state": "taken_back", "reason": "late"})


@forgery("custody", by="operator, mortuary", finds="rule-actor-is")
def somebody_refuses_what_was_meant_for_another(told: Attacked) -> None:
    transfer = told.hand_over(told.unit())
    told.attack(told.mortuary_too)
    told.change("casework.refuse", transfer, told.mortuary_too, {"state": "refused", "reason": "full"})


@forgery("custody", by="operator, mortuary", finds="rule-listed")
def the_receiver_says_that_more_arrived_than_was_handed_over(told: Attacked) -> None:
    unit, other = told.unit(), told.unit()
    transfer = told.hand_over(unit)
    told.attack(told.mortuary)
    told.confirm(transfer, taken=[told.thing(unit), told.thing(other)])


@forgery("custody", by="operator, mortuary", finds="rule-listed")
def the_receiver_takes_what_they_say_did_not_arrive(told: Attacked) -> None:
    unit, other = told.unit(), told.unit()
    transfer = told.hand_over(unit, other)
    told.attack(told.mortuary)
    with told.log.filing():
        told.take_over(transfer, taken=[told.thing(unit)])
        told.change_hands(unit, transfer)
        told.change_hands(other, transfer)


@forgery("custody", by="operator, mortuary at work", finds="rule-part-of")
def the_receiver_takes_a_thing_later_without_signing_for_it(told: Attacked) -> None:
    unit, other = told.unit(), told.unit()
    transfer = told.hand_over(unit, other)
    told.confirm(transfer, taken=[told.thing(unit)])
    session = told.begin_work(told.mortuary)
    told.attack(session)
    told.change_hands(other, transfer, by=session)


@forgery("custody", by="operator, mortuary", finds="rule-carried-out")
def the_receiver_signs_and_leaves_the_things_with_the_giver(told: Attacked) -> None:
    transfer = told.hand_over(told.unit())
    told.attack(told.mortuary)
    told.take_over(transfer)


@forgery("custody", by="operator, investigator", finds="rule-out-of-office")
def an_investigator_hands_over_for_somebody_who_is_still_there(told: Attacked) -> None:
    unit, investigator = told.unit(), told.enrol("investigator")
    told.present("mortuary")
    told.attack(investigator)
    told.hand_over_for(unit, giver=told.scene, by=investigator)


@forgery("custody", by="operator, investigator", finds="rule-actor-is-not")
def an_investigator_hands_the_things_of_a_leaver_over_to_themselves(told: Attacked) -> None:
    unit, investigator = told.unit(), told.enrol("investigator")
    told.dismiss(told.scene)
    told.attack(investigator)
    told.hand_over_for(unit, giver=told.scene, by=investigator, to=investigator)


@forgery("custody", by="operator, mortuary at work", finds="rule-actor-is")
def a_thing_is_put_away_by_somebody_who_does_not_hold_it(told: Attacked) -> None:
    unit, session = told.unit(), told.begin_work(told.mortuary)
    told.attack(session)
    shelf = told.log.file("casework.set_up_storage", "casework.StoragePlace", session, {"name": "A3"})
    told.change("casework.put_away", unit, session, {"kept_in": shelf, "place": "A3"})


@forgery("custody", by="operator, scene", finds="rule-actor-is")
def a_hand_over_signed_by_one_names_another_as_the_giver(told: Attacked) -> None:
    unit = told.unit()
    told.present("mortuary", "scene_too")
    told.attack(told.scene_too)
    told.hand_over(unit, by=told.scene_too, giver=told.scene.person)


@forgery("custody", by="operator, scene", finds="rule-actor-is-not")
def somebody_hands_over_to_themselves(told: Attacked) -> None:
    unit = told.unit()
    told.present("mortuary")
    told.attack(told.scene)
    told.hand_over(unit, to=told.scene)


@forgery("custody", by="operator, scene", finds="rule-each-held-by")
def somebody_hands_over_what_another_holds(told: Attacked) -> None:
    unit = told.unit()
    told.present("mortuary", "scene_too")
    told.attack(told.scene_too)
    told.hand_over(unit, by=told.scene_too)


@forgery("custody", by="operator, scene", finds="rule-each-held-by")
def one_of_the_things_handed_over_is_anothers(told: Attacked) -> None:
    told.present("scene_too")
    unit, theirs = told.unit(), told.registered()
    told.lift(theirs, by=told.scene_too)
    told.present("mortuary")
    told.attack(told.scene)
    told.hand_over(unit, theirs)


@forgery("custody", by="operator, mortuary", finds="rule-listed")
def the_receiver_takes_what_was_not_handed_over(told: Attacked) -> None:
    transfer, other = told.hand_over(told.unit()), told.unit()
    told.attack(told.mortuary)
    with told.log.filing():
        told.take_over(transfer)
        told.change_hands(other, transfer)


@forgery("custody", by="operator, mortuary", finds="rule-refers")
def the_receiver_has_the_things_before_taking_over(told: Attacked) -> None:
    transfer = told.hand_over(unit := told.unit())
    told.attack(told.mortuary)
    told.change_hands(unit, transfer)


@forgery("custody", by="operator, mortuary", finds="rule-agrees")
def somebody_takes_things_by_the_transfer_of_another(told: Attacked) -> None:
    told.pass_on(unit := told.unit())
    transfer = told.log.records[unit].fields["transfer"]
    told.attack(told.mortuary_too)
    told.change_hands(unit, transfer, by=told.mortuary_too)


@forgery("custody", by="operator, mortuary", finds="rule-holds")
def things_change_hands_without_a_transfer(told: Attacked) -> None:
    unit = told.unit()
    told.attack(told.mortuary)
    told.change("casework.change_hands", unit, told.mortuary, {"holder": told.mortuary.person, "place": "store"})


@forgery("custody", by="operator, mortuary", finds="rule-actor-is")
def the_receiver_writes_the_things_on_somebody_else(told: Attacked) -> None:
    transfer = told.hand_over(unit := told.unit())
    told.present("scene_too")
    told.attack(told.mortuary)
    with told.log.filing():
        told.take_over(transfer)
        told.change_hands(unit, transfer, holder=told.scene_too.person)


@forgery("custody", finds="signature-wrong")
def the_operator_takes_over_in_the_name_of_the_receiver(told: Attacked) -> None:
    transfer = told.hand_over(told.unit())
    told.attack()
    told.take_over(transfer)


@forgery("custody", by="operator, mortuary at work", finds="not-signed-in-person")
def the_operator_takes_over_with_the_session_of_the_receiver(told: Attacked) -> None:
    transfer = told.hand_over(told.unit())
    session = told.begin_work(told.mortuary)
    told.attack(session)
    told.take_over(transfer, by=session)


@forgery("custody", by="operator, scene at work", finds="not-signed-in-person")
def the_operator_hands_over_with_the_session_of_the_giver(told: Attacked) -> None:
    unit, session = told.unit(), told.begin_work(told.scene)
    told.present("mortuary")
    told.attack(session)
    told.hand_over(unit, by=session)


@forgery("custody", by="operator, scene", finds="born-in-another-state")
def a_transfer_is_born_taken_over(told: Attacked) -> None:
    unit = told.unit()
    told.present("mortuary")
    told.attack(told.scene)
    told.hand_over(unit, state="taken_over")


@forgery("custody", by="operator, scene", finds="not-blank-at-birth")
def a_transfer_is_born_with_the_time_of_its_receipt(told: Attacked) -> None:
    unit = told.unit()
    told.present("mortuary")
    told.attack(told.scene)
    told.hand_over(unit, taken_at=told.log.now)


@forgery("custody", by="operator, mortuary", finds="move-not-allowed")
def a_transfer_is_taken_over_twice(told: Attacked) -> None:
    transfer = told.pass_on(told.unit())
    told.attack(told.mortuary)
    told.take_over(transfer)


@forgery("custody", by="operator, mortuary", finds="rule-holds")
def a_transfer_is_taken_over_at_no_time(told: Attacked) -> None:
    transfer = told.hand_over(told.unit())
    told.attack(told.mortuary)
    told.take_over(transfer, taken_at=None)


@forgery("custody", by="operator, scene", finds="rule-actor-is")
def remains_are_lifted_into_the_hands_of_another(told: Attacked) -> None:
    unit = told.registered()
    told.attack(told.scene_too)
    told.lift(unit, by=told.scene_too, holder=told.scene.person)


@forgery("custody", by="operator, mortuary", finds="rule-actor-is")
def remains_are_received_by_somebody_who_does_not_hold_them(told: Attacked) -> None:
    unit = told.unit()
    told.attack(told.mortuary)
    told.change("mortuary.receive", unit, told.mortuary, {"state": "received"})


@forgery("custody", by="operator, mortuary", finds="rule-actor-is")
def a_sample_is_born_in_the_hands_of_another(told: Attacked) -> None:
    unit = told.examined()
    told.attack(told.mortuary)
    told.sample(unit, holder=told.scene.person)


@forgery("custody", by="operator, scene", finds="rule-agrees")
def a_part_of_remains_is_split_off_into_other_hands(told: Attacked) -> None:
    unit = told.unit()
    told.attack(told.scene_too)
    part = {"split_from": unit, "grave": told.grave, "holder": told.scene_too.person, "state": "lifted"}
    told.log.file("graves.split", "graves.RecoveryUnit", told.scene_too, part)


@forgery("custody", by="operator, scene", finds="points-to-nothing")
def a_thing_that_is_no_record_is_handed_over(told: Attacked) -> None:
    thing = told.thing(told.unit())
    told.present("mortuary")
    told.attack(told.scene)
    told.hand_over(things=[{**thing, "id": told.log.uuid()}])


@forgery("custody", by="operator, scene", finds="points-to-nothing")
def remains_are_handed_over_as_a_sample(told: Attacked) -> None:
    thing = told.thing(told.unit())
    told.present("mortuary")
    told.attack(told.scene)
    told.hand_over(things=[{**thing, "kind": "mortuary.Sample"}])


@forgery("custody", by="operator, mortuary", finds="change-not-allowed")
def the_giver_is_rewritten_when_the_receiver_takes_over(told: Attacked) -> None:
    transfer = told.hand_over(told.unit())
    told.present("scene_too")
    told.attack(told.mortuary)
    told.take_over(transfer, giver=told.scene_too.person)


@forgery("custody", by="operator, scene", unseen=PARTS, only="bundle")
def what_was_handed_over_together_is_not_shown(told: Attacked) -> dict[str, object]:
    unit, other = told.unit(), told.unit()
    transfer = told.hand_over(unit, other)
    told.attack(told.scene)
    del transfer
    return {"only": lambda entry: entry["record"] != other}


# --- what the rules of today do not find ------------------------------------------------------------------------------


@forgery("custody", by="operator, mortuary at work",
         finds="rule-not-before")  # fmt: skip
def whoever_once_received_a_thing_takes_it_back_by_the_old_transfer(told: Attacked) -> None:
    first = told.pass_on(unit := told.unit())
    told.pass_on(unit, by=told.mortuary, to=told.mortuary_too)
    session = told.begin_work(told.mortuary)
    told.attack(session)
    told.change_hands(unit, first, by=session)


@forgery("custody", by="operator, mortuary at work", finds="rule-not-before")
def a_thing_that_went_back_to_its_giver_is_taken_again_by_the_old_transfer(told: Attacked) -> None:
    first = told.pass_on(unit := told.unit())
    told.pass_on(unit, by=told.mortuary, to=told.scene)
    session = told.begin_work(told.mortuary)
    told.attack(session)
    told.change_hands(unit, first, by=session)


@forgery("custody", by="operator, dna_examiner, scene", finds="rule-agrees")
def one_thing_is_handed_over_to_two_and_goes_from_the_first_to_the_second(told: Attacked) -> None:
    unit = told.unit()
    told.present("dna")
    second = told.hand_over(unit, to=told.dna)
    told.pass_on(unit)
    told.attack(told.scene, told.dna)
    told.take_over(second, by=told.dna)
    told.change_hands(unit, second, by=told.dna)


@forgery("custody", by="operator, scene", finds="thing-of-another-number")
def a_thing_is_handed_over_under_the_number_of_another(told: Attacked) -> None:
    thing, other = told.thing(told.unit()), told.thing(told.unit())
    told.present("mortuary")
    told.attack(told.scene)
    told.hand_over(things=[{**thing, "number": other["number"]}])


@forgery("custody", by="operator, scene", finds="rule-holds")
def nothing_at_all_is_handed_over(told: Attacked) -> None:
    told.present("mortuary")
    told.attack(told.scene)
    told.hand_over(things=[])


@forgery("custody", by="operator, mortuary at work", finds="rule-actor-is")
def a_part_is_split_off_from_remains_that_another_holds(told: Attacked) -> None:
    unit, session = told.unit(), told.begin_work(told.mortuary)
    told.attack(session)
    part = {"split_from": unit, "grave": told.grave, "holder": told.scene.person, "state": "lifted"}
    told.log.file("graves.split", "graves.RecoveryUnit", session, part)


@forgery("custody", by="operator, mortuary", finds="rule-agrees")
def a_sample_is_taken_of_remains_that_another_holds(told: Attacked) -> None:
    unit = told.examined()
    told.present("mortuary_too")
    told.attack(told.mortuary_too)
    fields = {"unit": unit, "holder": told.mortuary_too.person, "taken_by": told.mortuary_too.person}
    told.log.file("mortuary.sample", "mortuary.Sample", told.mortuary_too, fields)


@forgery(
    "custody", by="operator, dna_examiner at work", unseen=GAP + "no rule leads from a profile to who holds its sample"
)
def a_profile_is_typed_of_a_sample_that_never_came_to_the_laboratory(told: Attacked) -> None:
    sample, session = told.sample(told.examined()), told.begin_work(told.dna)
    told.attack(session)
    told.log.file("mortuary.profile", "mortuary.Profile", session, {"sample": sample})


@forgery(
    "custody",
    by="operator, scene at work",
    finds="rule-filed-with",
)
def a_photograph_names_another_file_than_its_entry(told: Attacked) -> None:
    unit, session = told.unit(), told.begin_work(told.scene)
    told.attack(session)
    file = told.log.keep(b"\xff\xd8 another picture")
    fields = {"unit": unit, "sha256": "7" * 64}
    told.log.file("graves.photograph", "graves.Photograph", session, fields, files=[file])


@forgery(
    "custody",
    by="operator, scene at work",
    unseen=GAP + "no rule says that remains are photographed when they are lifted",
)
def remains_are_lifted_without_a_photograph(told: Attacked) -> None:
    unit, session = told.registered(), told.begin_work(told.scene)
    told.attack(session)
    told.change("graves.lift", unit, session, {"state": "lifted", "holder": session.person})
