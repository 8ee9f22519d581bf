"""Look-alikes: values that a reader takes for another."""

from __future__ import annotations

from forgery import Attacked, forgery

LOOKS = [
    "сertified", "Certified", "CERTIFIED", "certified ", " certified", "certified\n", "certified\u200b", "\u202ecertified",
    "cert\u00adified", "ｃertified", ["certified"], {"state": "certified"}, True, 1, None, "",
]  # fmt: skip


@forgery("look-alikes", by="operator, board, board", finds="value-not-of-its-type", of=LOOKS)
def a_decision_is_certified_in_the_state(told: Attacked, state: object) -> None:
    ready = told.ready_decision()
    told.present("board_too")
    told.attack(told.board, told.board_too)
    told.certify(ready, state=state)


@forgery("look-alikes", by="operator, board", finds="value-not-of-its-type", of=LOOKS[:3])
def a_decision_is_born_in_the_state(told: Attacked, state: object) -> None:
    unit, missing = told.unit(), told.missing()
    good = told.signed_comparison(unit, missing)
    told.present("board")
    told.attack(told.board)
    told.decide(unit, missing, [good], state=state)


@forgery("look-alikes", by="operator, board", finds="fields-not-of-this-kind",
         of=["State", "STATE", "state_", "certificate.number"])  # fmt: skip
def a_decision_has_a_field_more(told: Attacked, name: str) -> None:
    unit, missing = told.unit(), told.missing()
    good = told.signed_comparison(unit, missing)
    told.present("board")
    told.attack(told.board)
    told.decide(unit, missing, [good], **{name: "certified"})


@forgery(
    "look-alikes",
    by="operator, board",
    finds="entry-malformed",
    of=["stаte", "state ", "", "_state", "état", "state\u200b"],
)
def a_field_is_called(told: Attacked, name: str) -> None:
    unit, missing = told.unit(), told.missing()
    good = told.signed_comparison(unit, missing)
    told.present("board")
    told.attack(told.board)
    told.decide(unit, missing, [good], **{name: "certified"})


@forgery("look-alikes", finds="entry-malformed", by="operator, board", of=[
    "identification.сertify", "identification.certify ", "Identification.certify", "identification.certify\u200b",
    "certify",
])  # fmt: skip
def an_act_is_called(told: Attacked, act: str) -> None:
    ready = told.ready_decision()
    told.attack(told.board)
    told.change(act, ready, told.board, told.certificate_fields())


@forgery(
    "look-alikes",
    finds="entry-malformed",
    by="operator, board",
    of=["identification.Dеcision", "identification.decision"],
)
def a_kind_is_called(told: Attacked, kind: str) -> None:
    told.present("board")
    told.attack(told.board)
    told.log.file("identification.lay_before_board", kind, told.board, {"number": "DEC-1"})


@forgery(
    "look-alikes",
    finds="kind-unknown",
    by="operator, board",
    of=["identification.Decisions", "identification.DECISION"],
)
def a_kind_is_called_almost_like_another(told: Attacked, kind: str) -> None:
    told.present("board")
    told.attack(told.board)
    told.log.file("identification.lay_before_board", kind, told.board, {"number": "DEC-1"})


@forgery(
    "look-alikes",
    finds="value-not-of-its-type",
    by="operator, administrator",
    of=["bоard", "Board", "board ", "chair", ["board"]],
)
def somebody_is_appointed_to_the_office_of(told: Attacked, role: object) -> None:
    told.present("scene")
    told.attack(told.admin)
    told.appoint(told.stranger("board", person=told.scene.person), role=role)


@forgery("look-alikes", finds="value-not-of-its-type", by="operator, dna_examiner", of=[
    ("discipline", "value-not-of-its-type"), ("conclusion", "value-not-of-its-type"), ("profile", "value-not-of-its-type"),
    ("inputs", "value-not-of-its-type"), ("compared_at", "value-not-of-its-type"),
])  # fmt: skip
def a_comparison_has_something_else_as_its(told: Attacked, name: str) -> None:
    values = {
        "discipline": "DNA",
        "conclusion": "concordаnt",
        "profile": "PRF-000001",
        "inputs": [],
        "compared_at": "today",
    }
    unit, missing = told.typed_pair()
    told.present("dna")
    told.attack(told.dna)
    told.compare(unit, missing, **{name: values[name]})


@forgery(
    "look-alikes", finds="value-not-of-its-type", by="operator, dna_examiner", of=[0, 1, "false", "true", None, [], {}]
)
def a_profile_is_withdrawn_as(told: Attacked, said: object) -> None:
    profile = told.profile(told.sample(told.examined()))
    told.attack(told.dna)
    told.change("mortuary.withdraw_profile", profile, told.dna, {"withdrawn": said, "reason": "x"})


@forgery(
    "look-alikes",
    finds="entry-malformed",
    by="operator, board",
    of=["v", "version", "files", "previous", "record", "office"],
)
def an_entry_has_something_else_as_its(told: Attacked, name: str) -> None:
    values = {"v": True, "version": "1", "files": ["x"], "previous": "", "record": "A" * 36, "office": None}
    told.present("board")
    told.attack(told.board)
    told.log.file("casework.deliver", "casework.Delivery", told.board, {}, **{name: values[name]})


@forgery("look-alikes", finds="entry-malformed", by="operator, board")
def an_entry_has_a_member_more(told: Attacked) -> None:
    told.present("board")
    told.attack(told.board)
    told.log.file("casework.deliver", "casework.Delivery", told.board, {}, Act="identification.certify")


@forgery(
    "look-alikes",
    by="operator, family_liaison",
    finds="value-not-of-its-type",
    of=[*"\u202e\u2066\u200f\u061c\u200b\u2060\ufeff\0\x1b\x85\uffff"],
)
def a_missing_person_has_a_name_with_a_mark_that_turns_or_hides_letters(told: Attacked, mark: str) -> None:
    told.present("liaison")
    told.attack(told.liaison)
    told.log.file("missing.report", "missing.MissingPerson", told.liaison, {"family_name": f"Пет{mark}ренко"})


@forgery("look-alikes", by="operator, mortuary", finds="value-not-of-its-type", of=["in it", "its name"])
def a_mark_that_turns_letters_stands_deep_in_a_list(told: Attacked, where: str) -> None:
    unit = told.unit()
    told.present("mortuary")
    told.attack(told.mortuary)
    part = {"\u202efemur": "left"} if where == "its name" else {"femur": "left\u202e"}
    told.log.file(
        "mortuary.examine", "mortuary.Examination", told.mortuary, {"recovery_unit": unit, "elements": [part]}
    )
