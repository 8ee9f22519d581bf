"""Honest histories with few people, one a family: what the mutations and the forgeries start from."""

from __future__ import annotations

from builder import Log, standard
from drafts import Told
from searches import (
    accounted,
    assembled,
    begun,
    checked,
    closed,
    excused,
    found_broken,
    opined,
    replaced,
    sealed,
    seized,
)

from dokaz.detention.checklists import items_of


class Cast(Told):
    """An investigation with the people whom a family needs, each enrolled when the story first names them."""

    def __init__(self, seed: int = 1) -> None:
        self.known, self.profiles, self.families = {}, {}, {}
        self.rules = standard()
        self.log = Log(seed, standard())
        founders = self._found()
        self.admin, self.admin_too = founders[0], founders[-1]

    def __getattr__(self, name: str) -> object:
        if name in ROLES:
            found = self.enrol(ROLES[name])
        elif name == "site":
            found = self.log.file("graves.open_site", "graves.Site", self.scene)
        elif name == "grave":
            found = self.log.file("graves.open_grave", "graves.Grave", self.scene, {"site": self.site})
        else:
            raise AttributeError(name)
        setattr(self, name, found)
        return found


ROLES = {
    "admin_third": "administrator",
    "dna": "dna_examiner",
    "dna_too": "dna_examiner",
    "prints": "print_examiner",
    "mortuary": "mortuary",
    "mortuary_too": "mortuary",
    "board": "board",
    "board_too": "board",
    "board_third": "board",
    "scene": "scene",
    "scene_too": "scene",
    "analyst": "analyst",
    "investigator": "investigator",
    "liaison": "family_liaison",
    "prosecutor": "prosecutor",
}


def custody() -> Cast:
    """Remains and a sample that pass from hand to hand; one transfer is still open."""
    told = Cast()
    scene = told.begin_work(told.scene)
    unit = told.unit()
    told.log.file("graves.photograph", "graves.Photograph", scene, {"unit": unit})
    other = told.registered()
    told.lift(other)
    told.pass_on(unit)
    told.change("casework.take_back", told.hand_over(other), told.scene, {"state": "taken_back", "reason": "too late"})
    told.hand_over(other)
    told.change("mortuary.receive", unit, told.mortuary, {"state": "received"})
    told.examine(unit)
    sample = told.sample(unit)
    told.pass_on(sample, by=told.mortuary, to=told.dna)
    told.change("graves.quarantine", unit, told.mortuary, {"state": "quarantined", "reason": "fluid"})
    told.change("graves.end_quarantine", unit, told.mortuary, {"state": "sampled", "reason": "cleared"})
    told.end_work(scene)
    return told


def decision() -> Cast:
    """A comparison that two signed, a decision that two certified, the family told, the remains released."""
    told = Cast()
    unit, missing = told.kept(), told.missing()
    ready = told.decide(unit, missing, [told.signed_comparison(unit, missing)])
    told.certify(ready)
    told.notify(ready)
    told.release(ready)
    return told


def decisions() -> Cast:
    """Two pairs: one identified and revoked, one excluded; a comparison superseded, a decision withdrawn."""
    told = Cast()
    unit, other, missing = told.unit(), told.unit(), told.missing()
    good = told.signed_comparison(unit, missing)
    told.superseded(told.compare(unit, missing))
    first = told.decide(unit, missing, [good])
    told.change("identification.withdraw", first, told.board, {"state": "withdrawn", "reason": "too early"})
    second = told.decide(unit, missing, [good])
    told.certify(second)
    told.revoke(second, reopens=True)
    against = told.signed_comparison(other, missing, conclusion="discordant")
    told.exclude(told.decide(other, missing, [against], question="exclude"), (told.board, told.board_third))
    return told


def people() -> Cast:
    """People who come and go: sessions, a dismissal, a retired key, a second administrator, another constitution."""
    told = Cast()
    scene, board = told.begin_work(told.scene), told.begin_work(told.board)
    told.log.file("casework.deliver", "casework.Delivery", scene)
    told.in_office(told.board, "analyst")
    told.board_too = told.enrol("board", person=told.board_too.person)
    told.end_work(board)
    told.adopt(told.propose(told.log.constitution), (told.admin, told.admin_too))
    told.replace_log_key()
    told.retire(told.board)
    told.dismiss(told.scene)
    told.dismiss(told.admin_too)
    told.log.file("casework.deliver", "casework.Delivery", told.board_too)
    return told


def missing() -> Cast:
    """The missing, their families and donors, profiles and what is drawn from them."""
    told = Cast()
    person, again = told.missing(), told.missing()
    told.change("missing.verify", person, told.liaison, {"state": "verified"})
    told.change("missing.mark_duplicate", again, told.liaison, {"state": "duplicate", "same_as": person})
    donor = told.donor()
    told.reference(donor)
    told.withdraw_consent(donor)
    unit = told.examined()
    profile = told.profile(told.sample(unit))
    told.compare(unit, person, profile=profile)
    told.withdraw_profile(profile)
    return told


def erasures() -> Cast:
    """Fields that were erased by order, of records that went on; an order that waits, and one that was withdrawn."""
    told = Cast()
    person, donor = told.missing(), told.donor()
    told.erase(person, "family_name", "note")
    told.change("missing.verify", person, told.liaison, {"state": "verified"})
    told.change("missing.correct_report", person, told.liaison, {"note": "said anew", "reason": "asked again"})
    told.withdraw(told.order_erasure(donor, told.erases(donor, "born")))
    told.withdraw_consent(donor)
    told.erase(donor, "name", "note", versions=[1])
    told.order_erasure(donor, told.erases(donor, "liaison"))
    return told


def searches() -> Cast:
    """A cell that was searched to the end; an assembly, an opinion; a seal that was replaced, one that was found broken."""
    told = Cast()
    search = begun(told)
    first, *others = items_of("1")
    excused(told, first)
    checked(told, others)
    one, two = seized(told), seized(told)
    assembled(told, one, two)
    closed(told, search)
    opined(told, one)
    replaced(told, sealed(told, one))
    broken = sealed(told, two, label="AA 2")
    found_broken(told, broken)
    accounted(told, broken)
    return told


def shown() -> Cast:
    """A decision, and a prosecutor to whom it is shown."""
    told = decision()
    told.enrol("prosecutor")
    return told
