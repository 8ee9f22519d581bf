"""Corrections and voiding: what no correction changes, what is signed, and void records that somebody still uses."""

from __future__ import annotations

from forgery import Attacked, forgery

REASON = {"reason": "a typing mistake"}


@forgery("correction", by="operator, scene", finds="change-not-allowed",
         of=["grave", "number", "holder", "place", "split_from", "state", "voided"])  # fmt: skip
def a_correction_changes_of_a_unit(told: Attacked, name: str) -> None:
    unit, other = told.unit(), told.unit()
    grave = told.log.file("graves.open_grave", "graves.Grave", told.scene, {"site": told.site})
    told.attack(told.scene)
    values = {"grave": grave, "number": "LIS-01-0009-B-X", "holder": None, "place": "elsewhere", "split_from": other,
              "state": "stored", "voided": True}  # fmt: skip
    told.change("graves.correct_find", unit, told.scene, {name: values[name], **REASON})


@forgery("correction", by="operator, dna_examiner", finds="rule-holds")
def one_examiner_corrects_a_comparison_that_two_have_signed(told: Attacked) -> None:
    signed = told.signed_comparison(told.unit(), told.missing())
    told.attack(told.dna)
    told.change("identification.correct_comparison", signed, told.dna, {"conclusion": "discordant", **REASON})


@forgery("correction", by="operator, mortuary", finds="rule-actor-is")
def the_receiver_corrects_what_the_giver_wrote(told: Attacked) -> None:
    transfer = told.hand_over(told.unit())
    told.attack(told.mortuary)
    told.change("casework.correct_transfer", transfer, told.mortuary, {"seal": "B-2", **REASON})


@forgery("correction", by="operator, scene", finds="role-may-not-act")
def somebody_at_the_grave_corrects_a_profile(told: Attacked) -> None:
    profile = told.profile(told.sample(told.examined()))
    told.attack(told.scene)
    told.change("mortuary.correct_profile", profile, told.scene, {"kit": "another", **REASON})


@forgery("correction", by="operator, mortuary", finds="rule-unless-pointed-at")
def a_sample_is_made_void_that_has_a_profile(told: Attacked) -> None:
    sample = told.sample(told.examined())
    told.profile(sample)
    told.attack(told.mortuary)
    told.change("mortuary.void_examination", sample, told.mortuary, {"voided": True, **REASON})


@forgery("correction", by="operator, scene", finds="void-and-changed")
def a_void_unit_is_lifted(told: Attacked) -> None:
    unit = told.registered()
    told.change("graves.void_find", unit, told.scene, {"voided": True, **REASON})
    told.attack(told.scene)
    told.lift(unit)


@forgery("correction", by="operator, dna_examiner", finds="points-to-void")
def a_void_sample_is_typed(told: Attacked) -> None:
    unit = told.examined()
    sample = told.sample(unit)
    told.change("mortuary.void_examination", sample, told.mortuary, {"voided": True, **REASON})
    told.attack(told.dna)
    told.profile(sample)


@forgery("correction", by="operator, scene", finds="points-to-void")
def a_grave_comes_back_whose_site_is_void(told: Attacked) -> None:
    site = told.log.file("graves.open_site", "graves.Site", told.scene)
    grave = told.log.file("graves.open_grave", "graves.Grave", told.scene, {"site": site})
    for record in (grave, site):
        told.change("graves.void_find", record, told.scene, {"voided": True, **REASON})
    told.attack(told.scene)
    told.change("graves.void_find", grave, told.scene, {"voided": False, **REASON})


@forgery("correction", by="operator, scene", finds="not-blank-at-birth")
def a_unit_is_born_void(told: Attacked) -> None:
    told.present("scene")
    told.attack(told.scene)
    told.registered(voided=True)
