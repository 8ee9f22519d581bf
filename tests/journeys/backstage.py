"""Answers what a browser cannot see: the code on a telephone, numbers of records, the size of the ledger.

A process beside the server, on the same store: one JSON request a line in, one JSON answer a line out.
"""

from __future__ import annotations

import io
import json
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any


def code(login: str) -> str:
    from dokaz.site.sign_ins import code_now

    return code_now(login)


def size() -> int:
    from dokaz.casework import journal

    return journal.size()


def new_person(name: str, roles: list[str], login: str, passphrase: str, chief: str, chief_passphrase: str) -> str:
    """Enrol somebody with a key, offices and a sign-in; returns their number."""
    from dokaz.casework.queries import actor, key_of, person_named
    from dokaz.casework.store import current_store
    from dokaz.cli.user import enrolled
    from dokaz.site.sign_ins import open_sign_in

    store = current_store()
    admin = person_named(chief)
    by = actor(admin, "administrator", store.unlock(key_of(admin.id).number, chief_passphrase))
    person = enrolled(store, by, name, roles, store.new_personal_key(passphrase))
    open_sign_in(person, login, passphrase)
    return person.number


def forget_second_factor(login: str) -> None:
    """As if the sign-in had been opened without an authenticator."""
    from allauth.mfa.models import Authenticator

    Authenticator.objects.filter(user__username=login).delete()


def url_names() -> list[list[Any]]:
    """Every page there is: its name, and the names of what its address is made of."""
    from django.urls import get_resolver

    resolver = get_resolver()
    found = []
    for pattern in resolver.url_patterns:
        for one in getattr(pattern, "url_patterns", None) or [pattern]:
            found.append([one.name, list(one.pattern.converters)])
    return found


def addresses(named: list[list[Any]]) -> list[str]:
    """The paths of (name, arguments, query)."""
    from django.urls import reverse

    return [reverse(name, args=arguments) + query for name, arguments, query in named]


def numbers() -> dict[str, str]:
    """A record of every kind, the one that shows most."""
    from django.db.models import Count

    from dokaz.casework.models import Account, Delivery, Discrepancy, JournalEntry, Key, StoragePlace, Transfer
    from dokaz.court.models import Bundle
    from dokaz.graves.models import Grave, Photograph, RecoveryUnit, Site
    from dokaz.identification.models import Comparison, Decision, Release, Review, Search
    from dokaz.missing.models import Donor, Family, MissingPerson
    from dokaz.mortuary.models import Examination, Profile, Sample

    decisions = Decision.objects.order_by("number")
    certified = decisions.filter(question="identify").exclude(state__in=["revoked", "before_board"]).first()
    revoked = decisions.filter(state="revoked").first()
    person = certified.missing_person if certified else MissingPerson.objects.order_by("number").first()
    families = [f for f in Family.objects.order_by("number") if any(m["missing"] == person.number for m in f.members)]
    signed = Comparison.objects.filter(state="signed", discipline="dna").order_by("number")
    found: dict[str, Any] = {
        "site": Site.objects.annotate(n=Count("graves")).order_by("number").first(),
        "grave": Grave.objects.order_by("number").first(),
        "unit": certified and certified.recovery_unit,
        "unit in the ground": _unit_in_the_ground(),
        "emergency unit": RecoveryUnit.objects.exclude(emergency_reason="").order_by("number").first(),
        "reopened unit": revoked and revoked.recovery_unit,
        "photograph": Photograph.objects.exclude(unit=None).order_by("number").first(),
        "sample": certified and Sample.objects.filter(unit=certified.recovery_unit).first(),
        "profile": certified and Profile.objects.filter(sample__unit=certified.recovery_unit).first(),
        "withdrawn profile": Profile.objects.filter(withdrawn=True).first(),
        "examination": Examination.objects.annotate(n=Count("findings")).order_by("-n", "number").first(),
        "missing": person,
        "missing not matched": MissingPerson.objects.filter(state="verified").order_by("number").first(),
        "duplicate": MissingPerson.objects.filter(state="duplicate").first(),
        "family": families[0] if families else Family.objects.first(),
        "donor": Donor.objects.filter(withdrawn=False).order_by("number").first(),
        "search": Search.objects.order_by("-number").first(),
        "comparison": signed.first(),
        "discordant": Comparison.objects.filter(conclusion="discordant").first(),
        "certified": certified,
        "revoked": revoked,
        "excluded": decisions.filter(question="exclude").first(),
        "review": Review.objects.filter(closed_on=None).order_by("number").first(),
        "bundle": Bundle.objects.first(),
        "transfer": Transfer.objects.order_by("-number").first(),
        "discrepancy": Discrepancy.objects.order_by("number").first(),
        "storage": StoragePlace.objects.order_by("-number").first(),
        "release": Release.objects.order_by("number").first(),
        "open transfer": Transfer.objects.filter(state="handed_over").first(),
        "delivery": Delivery.objects.filter(form="profiles").order_by("number").first(),
        "doubt": _doubt_about(decisions.filter(question="exclude").first()),
        "attachment": person and _attached_to(person),
    }
    found |= _of_detention()
    told = {kind: record.number for kind, record in found.items() if record}
    signed_entry = JournalEntry.objects.filter(act="identification.certify").order_by("index").first()
    told |= {f"{kind} kind": kind for kind in ("survey", "families")}
    told |= {"examination record": Examination.kind(), "profile record": Profile.kind()}
    told |= {"missing record": MissingPerson.kind()}
    chief = Account.objects.get(user__username="administrator").person_id
    told["administrator's key"] = Key.objects.get(person=chief, retired_at=None).number
    told["entry"] = str(signed_entry.index if signed_entry else 0)
    return told


def _of_detention() -> dict[str, Any]:
    """A record of every kind of the police station."""
    from dokaz.detention.log_books import BookEntry, BookFields, BookPage, LogBook, PageReading, PageSettlement
    from dokaz.detention.models import (
        Assembly,
        CheckedItem,
        Control,
        Exhibit,
        FloorPlan,
        FunctionOpinion,
        PictureNote,
        PlaceOfDetention,
        PlaceRoom,
        PlaceSearch,
        Seal,
        SearchedRoom,
        SearchWitness,
        Trace,
    )

    assembly = Assembly.objects.order_by("number").first()
    return {
        "place of detention": PlaceOfDetention.objects.order_by("number").first(),
        "claim of control": Control.objects.order_by("number").first(),
        "floor plan": FloorPlan.objects.order_by("number").first(),
        "place room": PlaceRoom.objects.order_by("number").first(),
        "place search": PlaceSearch.objects.order_by("number").first(),
        "search witness": SearchWitness.objects.order_by("number").first(),
        "searched room": SearchedRoom.objects.order_by("number").last(),
        "checked item": CheckedItem.objects.filter(state="excused").first(),
        "exhibit": assembly and Exhibit.objects.filter(pk__in=assembly.parts).order_by("number").first(),
        "assembly": assembly,
        "function opinion": FunctionOpinion.objects.order_by("number").first(),
        "seal": Seal.objects.filter(state="on").order_by("number").first(),
        "broken seal": Seal.objects.filter(state="broken").first(),
        "trace": Trace.objects.filter(sort="writing").first(),
        "exhibit picture": (note := PictureNote.objects.order_by("number").first()) and note.picture,
        "picture note": note,
        "log book": LogBook.objects.order_by("number").first(),
        "log book exhibit": Exhibit.objects.filter(look="log_book").first(),
        "book fields": BookFields.objects.order_by("number").first(),
        "book page": BookPage.objects.filter(settlements__isnull=False).first(),
        "unread page": BookPage.objects.filter(position=6).first(),
        "page read twice": BookPage.objects.filter(position=2).first(),
        "page reading": PageReading.objects.exclude(beside=None).order_by("number").first(),
        "reading kept apart": PageReading.kept_apart().order_by("number").first(),
        "page settlement": PageSettlement.objects.order_by("number").first(),
        "book entry": BookEntry.objects.order_by("number").first(),
    }


def _acted(login: str, perform: Callable[[Any], Any]) -> Any:
    """What somebody of the demo files now."""
    from django.utils import timezone

    from dokaz.casework.filing import filing
    from dokaz.casework.models import Account, Person
    from dokaz.casework.queries import actor, key_of
    from dokaz.casework.store import current_store
    from dokaz.cli.demo_people import PASSPHRASE

    person = Person.objects.get(pk=Account.objects.get(user__username=login).person_id)
    key = current_store().unlock(key_of(person.pk).number, PASSPHRASE)
    role = {"liaison": "family_liaison"}.get(login, login)
    with filing(by=actor(person, role, key), at=timezone.now()) as f:
        return perform(f)


def _unit_in_the_ground() -> Any:
    """A unit that was surveyed and not lifted; the demo lifts them all."""
    from dokaz.graves.acts import register_unit
    from dokaz.graves.models import Grave, RecoveryUnit

    found = RecoveryUnit.objects.filter(state="surveyed").first()
    grave = Grave.objects.order_by("number").last()
    return found or _acted("scene", lambda f: register_unit(grave, f, type="B"))


def _doubt_about(decision: Any) -> Any:
    """A doubt that waits for its answer; the demo raises none."""
    from dokaz.identification.acts import doubt
    from dokaz.identification.models import Doubt

    found = Doubt.objects.filter(state="open").first()
    return found or _acted("investigator", lambda f: doubt(decision, f, grounds="Invented: two tubes bear one number."))


def _attached_to(person: Any) -> Any:
    """A file on a person's page; the demo attaches none."""
    from dokaz.casework.acts.attaching import AttachedFile, attach
    from dokaz.casework.models import Attachment

    file = AttachedFile("form.txt", io.BytesIO(b"invented"), "text/plain")
    found = Attachment.objects.first()
    return found or _acted("liaison", lambda f: attach(person, f, file=file, description="Invented form"))


def tie(units: list[str]) -> dict[str, str]:
    """The signed comparison of a unit that fits two brothers alike."""
    from dokaz.identification.models import Comparison

    found = Comparison.objects.filter(recovery_unit__number__in=units, state="signed").first()
    return {"comparison": found.number, "unit": found.recovery_unit.number, "missing": found.missing_person.number}


def records(kind: str, **filters: Any) -> list[str]:
    """Numbers of the records of a kind that fit."""
    from django.apps import apps

    return list(apps.get_model(kind).objects.filter(**filters).order_by("number").values_list("number", flat=True))


def main(store: str) -> None:
    from dokaz.cli.frame import start_django

    start_django(Path(store))
    answers = {f.__name__: f for f in (code, size, new_person, forget_second_factor, url_names, addresses, numbers,
                                       tie, records)}  # fmt: skip
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        name, given = json.loads(line)
        try:
            answer = {"answer": answers[name](**given)}
        except Exception:  # noqa: BLE001  # whoever asked is told, and this process goes on
            answer = {"fault": traceback.format_exc()}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
