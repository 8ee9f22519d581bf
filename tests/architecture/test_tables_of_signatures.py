"""Who must sign what, and which rules there are: code, format and verifier never differ in it."""

import inspect
import re
from pathlib import Path

from dokaz_verify.constitution import RULES, standard

from dokaz.casework import effects
from dokaz.casework.constitution import always_open, constitution
from dokaz.casework.effects import Changes
from dokaz.casework.registry import acts
from dokaz.casework.roles import ANY_ROLE, MAY_HOLD, Role

FORMAT = Path(__file__).parents[2] / "docs" / "ledger-format.md"

ADMINISTRATOR = frozenset({"administrator"})
EXAMINERS = frozenset({"dna_examiner", "mortuary", "print_examiner"})
TRANSCRIBERS = frozenset({"analyst", "investigator", "scene"})
# Acts of weight: how many people must agree, and in which offices. No other act needs the person's own key.
IN_PERSON = {
    "casework.agree_transfer": (0, ANY_ROLE),
    "casework.appoint": (0, ADMINISTRATOR),
    "casework.assent": (0, ANY_ROLE),
    "casework.begin_work": (0, ANY_ROLE),
    "casework.correct_investigation": (0, frozenset({"investigator", "prosecutor"})),
    "casework.correct_person": (0, ADMINISTRATOR),
    "casework.correct_transfer": (0, ANY_ROLE),
    "casework.decline_correction": (0, ANY_ROLE),
    "casework.dismiss": (0, ADMINISTRATOR),
    "casework.call_back": (0, frozenset({"investigator"})),
    "casework.enrol": (0, ADMINISTRATOR),
    "casework.found": (0, ADMINISTRATOR),
    "casework.make_correction": (0, ANY_ROLE),
    "casework.propose_correction": (0, ANY_ROLE),
    "casework.void_transfer": (0, ANY_ROLE),
    "casework.hand_over": (0, MAY_HOLD),
    "casework.hand_over_for": (0, frozenset({"investigator"})),
    "casework.propose_constitution": (0, ADMINISTRATOR),
    "casework.refuse": (0, MAY_HOLD),
    "casework.take_back": (0, MAY_HOLD),
    "casework.take_over": (0, MAY_HOLD),
    "casework.order_erasure": (0, frozenset({"administrator", "investigator", "prosecutor"})),
    "casework.propose_log_key": (0, ADMINISTRATOR),
    "casework.put_in_force": (2, ADMINISTRATOR),
    "casework.retire_key": (0, ADMINISTRATOR),
    "casework.retire_own_key": (0, ANY_ROLE),
    "casework.withdraw_proposal": (0, ADMINISTRATOR),
    "court.bundle": (0, frozenset({"auditor", "investigator", "prosecutor"})),
    "detention.account_for_seal": (0, frozenset({"investigator"})),
    "detention.agree_book_entry": (0, TRANSCRIBERS),
    "detention.begin_search": (0, frozenset({"scene"})),
    "detention.close_search": (0, frozenset({"scene"})),
    "detention.correct_book_entry": (0, TRANSCRIBERS),
    "detention.correct_opinion": (0, EXAMINERS | {"analyst"}),
    "detention.opine": (0, EXAMINERS | {"analyst"}),
    "detention.settle_page": (0, TRANSCRIBERS),
    "detention.void_book_entry": (0, TRANSCRIBERS),
    "detention.void_opinion": (0, EXAMINERS | {"analyst"}),
    "identification.agree_comparison": (0, EXAMINERS),
    "identification.agree_question": (0, frozenset({"board"})),
    "identification.agree_release": (0, frozenset({"family_liaison", "mortuary"})),
    "identification.certify": (2, frozenset({"board"})),
    "identification.correct_comparison": (0, EXAMINERS),
    "identification.correct_question": (0, frozenset({"board", "investigator"})),
    "identification.correct_release": (0, frozenset({"family_liaison", "mortuary"})),
    "identification.exclude": (2, frozenset({"board"})),
    "identification.release": (0, frozenset({"family_liaison", "mortuary"})),
    "identification.revoke": (2, frozenset({"board"})),
    "identification.answer_doubt": (0, EXAMINERS | {"board"}),
    "identification.sign_comparison": (2, EXAMINERS),
    "identification.void_comparison": (0, EXAMINERS),
    "identification.void_question": (0, frozenset({"board", "investigator"})),
    "identification.take_return": (0, frozenset({"mortuary"})),
}


def documented():
    """The rules of the table in docs/ledger-format.md."""
    section = FORMAT.read_text(encoding="utf-8").partition("### Rules between records")[2].partition("\n## ")[0]
    rows = (line.strip("|").split("|")[0] for line in section.splitlines() if line.startswith("| `"))
    return {rule for row in rows for rule in re.findall(r"`(\w+)`", row)}


def declarable():
    """The rules that a room can declare."""
    made = (
        found
        for _name, found in inspect.getmembers(effects, inspect.isfunction)
        if found.__module__ == effects.__name__
    )
    return {one.__name__ for one in made if inspect.signature(one).return_annotation == "Rule"} - {"_rule"}


def signed_in_person(laws):
    """Of a table of acts, those that are signed in person: how many must agree, and in which offices."""
    return {
        name: (law["assents"], frozenset(law["offices"])) for name, law in laws.items() if law["signed_by"] == "person"
    }


def test_the_acts_of_weight_are_signed_in_person_by_so_many_in_these_offices():
    assert signed_in_person(constitution()["acts"]) == IN_PERSON
    assert frozenset(Role.values) == ANY_ROLE


def test_the_verifier_knows_the_same_acts_of_weight():
    assert signed_in_person(standard().acts) == IN_PERSON


def test_code_format_and_verifier_know_the_same_rules():
    assert declarable() == documented() == set(RULES)


def test_no_field_that_a_signed_act_changes_can_be_withheld():
    several = [act for name, act in acts().items() if IN_PERSON.get(name, (0,))[0]]
    assert len(several) == 5
    for act in several:
        for effect in act.files:
            if isinstance(effect, Changes):
                assert effect.fields - {"reason"} <= always_open()[effect.kind.kind()], act.name
