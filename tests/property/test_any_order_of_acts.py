"""Whatever people do in whatever order: rules hold, tables are what the ledger says, nobody is stuck, the verifier accepts.

A Hypothesis state machine performs acts by random people in random offices on random records. Most attempts are refused, as
they are in life; a refusal writes nothing. ``DOKAZ_STEPS=10000`` makes it long; otherwise it is a few short stories.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import dokaz_verify
import pytest
from casebook import a_profile, evidence, identified, units
from casebook import missing as brothers
from django.core import management
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from dokaz.casework import acts as casework
from dokaz.casework import journal
from dokaz.casework.checking import _check_table, ordered_by_the_journal
from dokaz.casework.corrections import put_right
from dokaz.casework.filing import filing
from dokaz.casework.models import Assent, Correction, Key, Person, Transfer
from dokaz.casework.records import VoidableRecord, kind_named, links_of, record_kinds
from dokaz.casework.registry import act_named, name_of
from dokaz.court.assembling import make_bundle
from dokaz.errors import DokazError
from dokaz.graves import acts as graves
from dokaz.graves.models import Grave, RecoveryUnit, State
from dokaz.graves.places import Point
from dokaz.identification import acts as identification
from dokaz.identification.lines import Line
from dokaz.identification.models import Comparison, Decision, Doubt, Release, Review
from dokaz.identification.queries import IN_FORCE
from dokaz.missing import acts as missing
from dokaz.missing.models import Donor, Family, MissingPerson
from dokaz.mortuary import acts as mortuary
from dokaz.mortuary.models import Examination, Profile, Sample

STEPS = int(os.environ.get("DOKAZ_STEPS", "0"))
SMALL = 40  # steps of a story where nobody asks for more
ROLES = ("scene", "mortuary", "family_liaison", "dna_examiner", "board", "investigator")
EXAMINERS = [f"{role}{n}" for role in ("dna_examiner", "mortuary") for n in (1, 2)]
# A field of each kind that is corrected in the stories.
CORRECTED = {RecoveryUnit: "description", Examination: "marks", Sample: "laboratory", Profile: "kit",
             MissingPerson: "marks", Family: "name", Comparison: "statement", Decision: "ruling", Transfer: "seal",
             Release: "released_to"}  # fmt: skip
GENOTYPES = {"D3S1358": ["15", "17"], "TH01": ["6", "9.3"], "FGA": ["21", "24"]}

nth = st.integers(1, 2)
number = st.integers(0, 9)
# Mostly whoever may; now and then somebody else tries.
stranger = st.sampled_from([None, None, None, None, None, *ROLES])
why = st.sampled_from(["because", "because", "because", ""])


class AnyOrder(RuleBasedStateMachine):
    """People at work."""

    make: Callable[[], Any]

    def __init__(self) -> None:
        super().__init__()
        self.house = type(self).make()
        self.size = journal.size()
        # A story begins in the middle: two bodies on the table, two brothers who are missed, one of them identified.
        one, other = units(self.house, 2)
        a_profile(self.house, other)
        person, _brother = brothers(self.house, "Андрій", "Богдан")
        identified(self.house, one, person)

    # --- how people act ---

    def attempt(self, role: str, who: int, stranger: str | None, why: str, act: Callable[[Any], Any]) -> None:
        """Act once; what is refused leaves nothing."""
        before = journal.size()
        actor = self.house.acting(stranger or role, who)
        try:
            with filing(by=actor, at=self.house.clock(), reason=why, store=self.house.store) as f:
                act(f)
        except DokazError:
            assert journal.size() == before

    @staticmethod
    def some(kind: Any, number: int) -> Any:
        """One of the records of a kind."""
        found = list(kind.objects.order_by("number"))
        return found[number % len(found)]

    # --- at the grave ---

    @rule(who=nth, stranger=stranger, type=st.sampled_from(["B", "BP", "A"]), surveyed=st.booleans())
    def register(self, who, stranger, type, surveyed):
        points = [Point("385201.00", "5450002.00")] if surveyed else []
        grave = Grave.objects.get()
        self.attempt("scene", who, stranger, "", lambda f: graves.register_unit(grave, f, type=type, points=points))

    @precondition(lambda self: RecoveryUnit.objects.exists())
    @rule(who=nth, stranger=stranger, number=number, picture=st.booleans(), emergency=st.sampled_from(["", "shelling"]))
    def lift(self, who, stranger, number, picture, emergency):
        unit = self.some(RecoveryUnit, number)
        pictures = [graves.Upload("a.jpg", io.BytesIO(b"x"), "image/jpeg", 4, 3)] if picture else []
        self.attempt("scene", who, stranger, "",
                     lambda f: graves.lift(unit, f, photographs=pictures, emergency_reason=emergency))  # fmt: skip

    @precondition(lambda self: RecoveryUnit.objects.exists())
    @rule(who=nth, role=st.sampled_from(["scene", "mortuary"]), number=number, why=why,
          act=st.sampled_from([graves.quarantine, graves.end_quarantine]))  # fmt: skip
    def set_aside(self, who, role, number, why, act):
        unit = self.some(RecoveryUnit, number)
        self.attempt(role, who, None, why, lambda f: act(unit, f))

    @precondition(lambda self: RecoveryUnit.objects.exists())
    @rule(who=nth, stranger=stranger, number=number)
    def split(self, who, stranger, number):
        unit = self.some(RecoveryUnit, number)
        self.attempt("mortuary", who, stranger, "", lambda f: graves.split(unit, f, type="BP", description="a part"))

    # --- custody ---

    @precondition(lambda self: RecoveryUnit.objects.exists())
    @rule(number=number, count=st.integers(1, 3), to=st.sampled_from(ROLES), to_nth=nth, whose=st.booleans(), who=nth)
    def hand_over(self, number, count, to, to_nth, whose, who):
        things = list(RecoveryUnit.objects.order_by("number"))[number % RecoveryUnit.objects.count() :][:count]
        holder = next((name for name, a in self.house.people.items() if a.person == things[0].holder_id), "scene1")
        giver = holder if whose else f"scene{who}"
        receiver = Person.objects.get(pk=self.house.acting(to, to_nth).person)
        self.attempt(giver[:-1], int(giver[-1]), None, "", lambda f: casework.hand_over(
            things, f, to=receiver, from_place="here", to_place=f"{to} {to_nth}"))  # fmt: skip

    @precondition(lambda self: Transfer.objects.exists())
    @rule(number=number, whose=st.booleans(), who=nth, role=st.sampled_from(ROLES))
    def take_over(self, number, whose, who, role):
        transfer = self.some(Transfer, number)
        named = next(name for name, a in self.house.people.items() if a.person == transfer.receiver_id)
        taker = named if whose else f"{role}{who}"
        self.attempt(taker[:-1], int(taker[-1]), None, "", lambda f: casework.take_over(transfer, f))

    # --- in the mortuary and the laboratory ---

    @precondition(lambda self: RecoveryUnit.objects.exists())
    @rule(who=nth, stranger=stranger, number=number, sex=st.sampled_from([None, 1, 5]),
          element=st.sampled_from([[], ["femur:left"], ["femur:right"]]))  # fmt: skip
    def examine(self, who, stranger, number, sex, element):
        unit = self.some(RecoveryUnit, number)

        def act(f):
            if unit.state == State.LIFTED:
                mortuary.receive(unit, f)
            mortuary.examine(unit, f, sex=sex, age_years=(25, 35), elements=element)

        holder = next((int(n[-1]) for n, a in self.house.people.items() if a.person == unit.holder_id), who)
        self.attempt("mortuary", holder, stranger, "", act)

    @precondition(lambda self: RecoveryUnit.objects.exists())
    @rule(who=nth, stranger=stranger, number=number, act=st.sampled_from(["sample", "store"]))
    def sample_or_store(self, who, stranger, number, act):
        unit = self.some(RecoveryUnit, number)
        more = {"element": "femur:left"} if act == "sample" else {}
        self.attempt("mortuary", who, stranger, "", lambda f: getattr(mortuary, act)(unit, f, **more))

    @precondition(lambda self: Sample.objects.exists())
    @rule(who=nth, stranger=stranger, number=number, failed=st.sampled_from([False, False, True]))
    def type_profile(self, who, stranger, number, failed):
        source = self.some(Sample, number)
        genotypes = {} if failed else GENOTYPES
        self.attempt("dna_examiner", who, stranger, "", lambda f: mortuary.profile(
            source, f, laboratory="L", kit="K", genotypes=genotypes))  # fmt: skip

    @precondition(lambda self: Profile.objects.exists())
    @rule(who=nth, stranger=stranger, number=number, why=why)
    def withdraw_profile(self, who, stranger, number, why):
        typed = self.some(Profile, number)
        self.attempt("dna_examiner", who, stranger, why, lambda f: mortuary.withdraw_profile(typed, f))

    # --- families ---

    @rule(who=nth, stranger=stranger, sex=st.sampled_from(["male", "female", "unknown"]))
    def report_with_family(self, who, stranger, sex):
        def act(f):
            person = missing.report(f, family_name="Вигаданий", sex=sex, born="1990")
            father = {"id": "F", "father": None, "mother": None, "sex": "male", "born": None, "missing": None}
            child = {"id": "C", "father": "F", "mother": None, "sex": sex, "born": None, "missing": person.number}
            family = missing.draw_pedigree(f, members=[father, child])
            missing.enrol_donor(family, f, member="F", consent="identification")

        self.attempt("family_liaison", who, stranger, "", act)

    @precondition(lambda self: MissingPerson.objects.exists())
    @rule(who=nth, stranger=stranger, number=number, other=number, why=why)
    def mark_duplicate(self, who, stranger, number, other, why):
        one, same = self.some(MissingPerson, number), self.some(MissingPerson, other)
        self.attempt("family_liaison", who, stranger, why, lambda f: missing.mark_duplicate(one, f, same_as=same))

    @precondition(lambda self: Donor.objects.exists())
    @rule(who=nth, number=number, withdrawn=st.sampled_from([False, False, False, True]))
    def type_or_withdraw_donor(self, who, number, withdrawn):
        donor = self.some(Donor, number)
        if withdrawn:
            self.attempt("family_liaison", who, None, "", lambda f: missing.withdraw_consent(donor, f))
        else:
            self.attempt("dna_examiner", who, None, "",
                         lambda f: missing.type_reference(donor, f, genotypes=GENOTYPES))  # fmt: skip

    # --- comparing and deciding ---

    @precondition(lambda self: Profile.objects.exists() and Family.objects.exists())
    @rule(number=number, person=number, who=nth, conclusion=st.sampled_from(["concordant", "concordant", "discordant"]),
          discipline=st.sampled_from(["dna", "dna", "teeth", "secondary"]), facing=st.booleans(),
          instead=st.sampled_from([False, False, True]))  # fmt: skip
    def compare(self, number, person, who, conclusion, discipline, facing, instead=False):
        from dokaz.identification.circumstances import circumstances

        profile, missed = self.some(Profile, number), self.some(MissingPerson, person)
        unit = profile.sample.unit
        lines = [
            Line(**{**vars(line), "explanation": "mistyped" if line.bearing == "contradicts" else ""})
            for line in (circumstances(unit, missed) if facing else [])
        ]
        dna = evidence(self.house, unit, missed, profile=profile) if discipline == "dna" else None
        older = list(Comparison.objects.filter(recovery_unit=unit, missing_person=missed)[:2]) if instead else []
        self.attempt("dna_examiner", who, None, "", lambda f: identification.compare(
            f, missing_person=missed, recovery_unit=unit, discipline=discipline, conclusion=conclusion,
            statement="As seen.", lines=lines, evidence=dna, supersedes=older, why_better="seen better"))  # fmt: skip

    @precondition(lambda self: Comparison.objects.exists())
    @rule(number=number, who=nth, role=st.sampled_from(["dna_examiner", "dna_examiner", "mortuary", "board"]))
    def sign_comparison(self, number, who, role):
        made = self.some(Comparison, number)
        self.attempt(role, who, None, "", lambda f: identification.sign_comparison(made, f))

    @precondition(lambda self: Profile.objects.exists() and Family.objects.exists())
    @rule(
        number=number, person=number, question=st.sampled_from(["identify", "identify", "exclude"]), told=st.booleans()
    )
    def decide(self, number, person, question, told):
        """Everything that a decision needs, one after the other; each step may be refused."""
        before = {c.id for c in Comparison.objects.all()}
        conclusion = "concordant" if question == "identify" else "discordant"
        self.compare(number=number, person=person, who=1, conclusion=conclusion, discipline="dna", facing=True)
        for made in Comparison.objects.exclude(id__in=before):
            for who in (1, 2):
                fresh = Comparison.objects.get(pk=made.pk)
                self.attempt("dna_examiner", who, None, "", lambda f, m=fresh: identification.sign_comparison(m, f))
            fresh = Comparison.objects.get(pk=made.pk)
            self.attempt("investigator", 1, None, "", lambda f, m=fresh: identification.lay_before_board(
                f, comparisons=[m], question=question))  # fmt: skip
        for decision in Decision.objects.filter(state="before_board"):
            for who in (1, 2):
                fresh = Decision.objects.get(pk=decision.pk)
                self.attempt("board", who, None, "", lambda f, d=fresh: identification.sign_decision(d, f))
            if told:
                fresh = Decision.objects.get(pk=decision.pk)
                self.attempt("family_liaison", 1, None, "", lambda f, d=fresh: identification.notify_family(d, f))

    @precondition(lambda self: Decision.objects.exists())
    @rule(number=number)
    def revoke(self, number):
        """A doubt, and two signatures under the revocation."""
        for act, who in (("doubt", 1), ("sign_revocation", 1), ("sign_revocation", 2)):
            self.after_a_decision(number=number, who=who, why="because", act=act)

    @precondition(lambda self: Comparison.objects.exists())
    @rule(number=number, who=nth, stranger=stranger, question=st.sampled_from(["identify", "identify", "exclude"]))
    def lay(self, number, who, stranger, question):
        made = self.some(Comparison, number)
        self.attempt("investigator", who, stranger, "", lambda f: identification.lay_before_board(
            f, comparisons=[made], question=question))  # fmt: skip

    @precondition(lambda self: Decision.objects.exists())
    @rule(number=number, who=nth, stranger=stranger)
    def sign_decision(self, number, who, stranger):
        decision = self.some(Decision, number)
        self.attempt("board", who, stranger, "", lambda f: identification.sign_decision(decision, f))

    @precondition(lambda self: Decision.objects.exists())
    @rule(
        number=number, who=nth, why=why, act=st.sampled_from(["withdraw", "doubt", "sign_revocation", "notify_family"])
    )
    def after_a_decision(self, number, who, why, act):
        decision = self.some(Decision, number)
        role = {"sign_revocation": "board", "notify_family": "family_liaison"}.get(act, "investigator")
        more = {"grounds": "Swapped tubes."} if act == "doubt" else {}
        self.attempt(role, who, None, why, lambda f: getattr(identification, act)(decision, f, **more))

    @precondition(lambda self: Decision.objects.exists())
    @rule(number=number, who=nth, checker=st.sampled_from(["mortuary1", "mortuary2", "scene1"]))
    def release(self, number, who, checker):
        decision = self.some(Decision, number)
        by = Person.objects.get(pk=self.house.people[checker].person)
        self.attempt("mortuary", who, None, "", lambda f: identification.release(
            decision, f, released_to="Mother", document_seen="AB 1", to_place="Izium",
            family_choice="wait", identity_checked_by=by))  # fmt: skip

    @precondition(lambda self: Review.objects.exists())
    @rule(number=number, who=nth)
    def close_review(self, number, who):
        review = self.some(Review, number)
        self.attempt("board", who, None, "", lambda f: identification.close_review(review, f, outcome="it stands"))

    # --- putting right ---

    @rule(kind=st.sampled_from(sorted(CORRECTED, key=lambda kind: kind.kind())), number=number, who=nth, why=why)
    def correct(self, kind, number, who, why):
        found = list(kind.objects.order_by("number"))
        if found:
            record, how = found[number % len(found)], put_right(kind)
            values = {CORRECTED[kind]: f"corrected {journal.size()}"}
            self.attempt(self.role_for(how.correct), who, None, why, lambda f: how.correct(record, f, values=values))

    @rule(number=number, who=nth, why=why)
    def agree(self, number, who, why):
        found = list(Correction.objects.filter(state="proposed").order_by("number"))
        if found:
            proposed = found[number % len(found)]
            agree = put_right(kind_named(proposed.of_kind)).agree
            self.attempt(self.role_for(agree), who, None, why, lambda f: agree(proposed, f))

    @rule(number=st.integers(0, 60), who=nth, why=why)
    def void(self, number, who, why):
        """Make a record of whatever kind void, or undo that."""
        kinds = [kind for kind in record_kinds() if put_right(kind).void is not None]
        found = [one for kind in kinds for one in kind.every.order_by("number")]
        record = found[number % len(found)]
        act = put_right(type(record)).void
        self.attempt(self.role_for(act), who, None, why, lambda f: act(record, f))

    def role_for(self, act):
        return next(role for role in ROLES if role in act_named(name_of(act)).roles)

    # --- what holds, whatever was done ---

    @invariant()
    def tables_are_what_the_ledger_says(self):
        size = journal.size()
        if size != self.size:
            for kind in record_kinds():
                assert _check_table(kind, lambda step, done: None, ordered_by_the_journal()) == []
            self.size = size

    @invariant()
    def nothing_points_to_what_is_void(self):
        for kind in record_kinds():
            for link in links_of(kind):
                if issubclass(link.related_model, VoidableRecord):
                    assert not kind.objects.filter(**{f"{link.name}__voided": True}).exists(), (kind, link.name)

    @invariant()
    def one_unit_is_one_person(self):
        in_force = Decision.objects.filter(question="identify", state__in=IN_FORCE)
        named = list(in_force.values_list("recovery_unit", flat=True))
        assert len(named) == len(set(named))
        for decision in in_force:
            assert decision.missing_person.state in ("matched", "closed_dead")
            pair = {"recovery_unit": decision.recovery_unit, "missing_person": decision.missing_person}
            assert not Decision.objects.filter(**pair, state="excluded").exists()

    @invariant()
    def whoever_is_matched_is_identified(self):
        identified = set(
            Decision.objects.filter(question="identify", state__in=IN_FORCE).values_list("missing_person", flat=True)
        )
        assert set(MissingPerson.objects.filter(state="matched").values_list("id", flat=True)) <= identified

    @invariant()
    def two_people_signed_whatever_is_signed(self):
        owner = dict(Key.objects.values_list("number", "person_id"))

        def signers(record, act, version):
            leaf = journal.history(record.id)[version].entry.previous[0]
            return {owner[a.key] for a in Assent.objects.filter(record=record.id, act=act, leaf=leaf)}

        for made in Comparison.objects.filter(state="signed"):
            assert len(signers(made, "identification.sign_comparison", -1)) == 2
        for decision in Decision.objects.filter(state__in=("certified", "excluded")):
            to = "identification.certify" if decision.question == "identify" else "identification.exclude"
            board = signers(decision, to, -1)
            assert len(board) == 2
            found = {c.conclusion for c in Comparison.objects.filter(pk__in=decision.comparisons)}
            assert {"identify": "concordant", "exclude": "discordant"}[decision.question] in found

    @invariant()
    def what_is_gone_was_released_and_what_is_under_way_is_there_once(self):
        gone = set(RecoveryUnit.objects.filter(state="released").values_list("id", flat=True))
        assert gone == set(Release.objects.values_list("recovery_unit", flat=True)) - aside()
        under_way = [
            t["id"] for x in Transfer.objects.filter(state="handed_over").values_list("things", flat=True) for t in x
        ]
        assert len(under_way) == len(set(under_way))
        for transfer in Transfer.objects.all():
            assert transfer.giver_id != transfer.receiver_id

    @invariant()
    def a_duplicate_points_to_a_report_that_is_open(self):
        for one in MissingPerson.objects.filter(state="duplicate"):
            assert one.same_as_id is not None and one.same_as_id != one.id

    @invariant()
    def nobody_is_stuck(self):
        """Whatever waits, somebody can do something about it now."""
        for transfer in Transfer.objects.filter(state="handed_over"):
            who = next(name for name, a in self.house.people.items() if a.person == transfer.receiver_id)
            self.can(who, "", lambda f, t=transfer: casework.take_over(t, f))
        for made in Comparison.objects.filter(state="proposed"):
            assert self.one_can(EXAMINERS, lambda f, m=made: identification.sign_comparison(m, f)), made
        for decision in Decision.objects.filter(state="before_board"):
            self.can("investigator1", "because", lambda f, d=decision: identification.withdraw(d, f))
        for decision in Decision.objects.filter(state="certified").exclude(doubts__state="open"):
            self.can("family_liaison1", "", lambda f, d=decision: identification.notify_family(d, f))
        for decision in Decision.objects.filter(state__in=(*IN_FORCE, "excluded")):
            self.can("investigator1", "", lambda f, d=decision: identification.doubt(d, f, grounds="a second look"))
        for review in Review.objects.filter(closed_on=None):
            assert self.one_can(EXAMINERS, lambda f, r=review: identification.close_review(r, f, outcome="it stands"))
        for doubt in Doubt.objects.filter(state="open"):
            assert self.one_can(EXAMINERS, lambda f, d=doubt: identification.answer_doubt(d, f, answer="it holds"))
        for unit in RecoveryUnit.objects.filter(state="quarantined"):
            self.can("mortuary1", "cleared", lambda f, u=unit: graves.end_quarantine(u, f))
        for unit in RecoveryUnit.objects.filter(state__in=("in_situ", "surveyed")):
            self.can("scene1", "", lambda f, u=unit: graves.lift(u, f, emergency_reason="shelling"))

    def can(self, who, why, act):
        """Somebody can do that now; it is taken back."""
        before = journal.size()
        with (
            undone(),
            filing(by=self.house.people[who], at=self.house.clock(), reason=why, store=self.house.store) as f,
        ):
            act(f)
        assert journal.size() == before

    def one_can(self, people, act):
        for who in people:
            try:
                self.can(who, "", act)
            except DokazError:
                continue
            return True
        return False

    def teardown(self):
        """At the end a bundle of everything is written, and the verifier accepts it."""
        folder = self.house.store.path.parent / f"bundle-{self.house.store.path.name}"
        make_bundle(self.house.store, folder, by=self.house.acting("prosecutor"), clock=self.house.clock, purpose="all")
        assert dict(dokaz_verify.verify(folder).counts) == {}


def aside():
    """Units that were released, and set aside afterwards."""
    return set(RecoveryUnit.objects.filter(state="quarantined").values_list("id", flat=True))


@contextmanager
def undone():
    """Whatever is filed inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def houses(house, kept_house, tmp_path, settings):
    """Makes founded investigations, each in a database that was emptied."""
    made = iter(range(10**9))

    def another():
        management.call_command("flush", interactive=False, verbosity=0)
        settings.STORE = tmp_path / f"store{next(made)}"
        return kept_house().copied(settings.STORE)

    return another


def test_rules_hold_in_whatever_order_people_act(houses):
    machine = type("Machine", (AnyOrder,), {"make": staticmethod(houses)})
    stories = max(1, STEPS // 200) if STEPS else 4
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=stories,
            stateful_step_count=200 if STEPS else SMALL,
            derandomize=not STEPS,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Person.objects.exists()
