"""Runs the demo: the same importers and acts that users have, in the order of an investigation."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dokaz.cli import demo_people as cast
from dokaz.cli.demo_books import read_the_log
from dokaz.cli.demo_station import search_the_station
from dokaz.cli.demo_steps import Demo, Say, compare, identify, signed_by_two, take_in
from dokaz.cli.frame import Progress, now, open_store
from dokaz.cli.init import found_investigation

if TYPE_CHECKING:
    pass

# Identified in the demo beside the traps; the other candidates are left for the visitor.
IDENTIFIED = 48
RELEASED = 6
# Left unsigned, so that a visitor finds something to sign.
LEFT = 4
ON_THE_SHELF = 12
# log10 LR from which the demo's examiners call an undisputed candidate concordant.
CONCORDANT_FROM = 7.0


def unfinished(directory: Path) -> bool:
    """Whether there is no finished demo in the directory."""
    return not (directory / "told.json").exists()


def run(directory: Path, *, seed: int, remains: int, say: Say) -> None:
    """Run the whole thread into an empty directory; a run that was killed starts anew."""
    from dokaz.casework.store import make_store
    from dokaz.simulate import simulate

    began = time.monotonic()
    for part in ("store", "incoming", "bundle"):
        shutil.rmtree(directory / part, ignore_errors=True)
    store = make_store(directory / "store", origin="demo.dokaz.example/klenodol")
    # Wrapping keys is slow on purpose; it runs beside the drawing of photographs.
    with ThreadPoolExecutor(max_workers=1) as beside:
        keys = [beside.submit(store.new_personal_key, cast.PASSPHRASE) for _ in cast.PEOPLE]
        with Progress("inventing") as shown:
            written = simulate(directory / "incoming", seed=seed, remains=remains, progress=shown)
    say(
        f"Invented: {written.remains} human remains in {written.graves} graves, {written.missing} reports of the missing."
    )
    found_investigation(
        directory / "store",
        # One administrator, whose passphrase everybody can read: the demo is a trial, and says so everywhere.
        {cast.ADMINISTRATOR: cast.PASSPHRASE},
        name="Вигадане слідство «Кленодол»",
        mandate="Ексгумація, ідентифікація загиблих, документування слідів насильства. Усе вигадане.",
        mandate_authority="Вигадана прокуратура",
        mandate_reference="Вигадана постанова 1 від 01.05.2023",
    )
    demo = Demo(directory, open_store(directory / "store"), say, [key.result() for key in keys])
    for step in STEPS:
        step(demo)
    demo.told["seconds"] = round(time.monotonic() - began, 1)
    (directory / "told.json").write_text(json.dumps(demo.told, ensure_ascii=False, indent=1), encoding="utf-8")


def enrol_everybody(demo: Demo) -> None:
    """Enrol the people whom the files name, one for every office, and open their sign-ins."""
    from dokaz.casework.queries import actor, key_of, person_named
    from dokaz.cli.user import enrolled
    from dokaz.site.sign_ins import open_sign_in

    admin = person_named(cast.ADMINISTRATOR)
    own = key_of(admin.id)
    assert own is not None
    chief = actor(admin, "administrator", demo.store.unlock(own.number, cast.PASSPHRASE))
    open_sign_in(admin, "administrator", cast.PASSPHRASE)
    for invented, key in zip(cast.PEOPLE, demo.keys, strict=True):
        person = enrolled(
            demo.store, chief, invented.name, list(invented.roles), key, organisation=invented.organisation
        )
        for role in invented.roles:
            demo.actors[f"{invented.name}:{role}"] = actor(person, role, key)
        demo.actors[invented.name] = demo.actors[f"{invented.name}:{invented.roles[0]}"]
        if invented.login:
            open_sign_in(person, invented.login, cast.PASSPHRASE)
    demo.say(f"Enrolled: {len(cast.PEOPLE) + 1} people, each with a signing key and an office.")


def survey_and_lift(demo: Demo) -> None:
    """Take in the three field surveys, each from its own team."""
    from dokaz.graves.intake import SURVEY

    for name, surveyor in (
        ("survey_KLN1.csv", "Гончаренко Павло"),
        ("survey_KLN2.csv", "Левада Ірина"),
        ("survey_STV1.tsv", "Кременчук Остап"),
    ):
        take_in(demo, SURVEY, [name], surveyor)


def move(demo: Demo) -> None:
    """Follow everything from the ground through the cold wagon to the mortuary; both parties sign each transfer."""
    from dokaz.casework.acts import take_over
    from dokaz.casework.models import Transfer, TransferState
    from dokaz.mortuary.custody import CUSTODY

    moves = 0
    for giver, receiver in (
        ("Гончаренко Павло", "Сорока Данило"),
        ("Левада Ірина", "Сорока Данило"),
        ("Кременчук Остап", "Сорока Данило"),
        ("Сорока Данило", cast.MORTUARY),
    ):
        moves += take_in(demo, CUSTODY, ["custody.csv"], giver, says=False)["moves"]
        with demo.filing(receiver) as work:
            mine = Transfer.objects.filter(receiver=demo.acting(receiver).person, state=TransferState.HANDED_OVER)
            for transfer in mine.order_by("number"):
                take_over(transfer, work)
    demo.say(f"custody.csv: {moves:,} moves, each signed by the one who gave and the one who took.")


def examine_and_sample(demo: Demo) -> None:
    """Receive what arrived, take in examinations and samples."""
    from dokaz.graves.models import RecoveryUnit, State
    from dokaz.mortuary.acts import receive
    from dokaz.mortuary.intake import EXAMINATIONS, SAMPLES

    with demo.filing(cast.MORTUARY) as work:
        arrived = RecoveryUnit.objects.filter(state=State.LIFTED, holder=demo.acting(cast.MORTUARY).person)
        for unit in arrived.order_by("number"):
            receive(unit, work)
    _put_away(demo)
    take_in(demo, EXAMINATIONS, ["examinations.csv"], cast.MORTUARY)
    take_in(demo, SAMPLES, ["samples.csv"], cast.MORTUARY)


def _put_away(demo: Demo) -> None:
    """Put some of it on a shelf, and note a seal that was found broken."""
    from dokaz.casework.acts import note_discrepancy, put_away, set_up_storage
    from dokaz.casework.models import Transfer
    from dokaz.graves.models import RecoveryUnit

    keeper = demo.acting(cast.MORTUARY).person
    with demo.filing(cast.MORTUARY) as work:
        room = set_up_storage(work, name="Холодильна камера 1")
        shelf = set_up_storage(work, name="Полиця А3", inside=room)
        put_away(
            list(RecoveryUnit.objects.filter(holder=keeper).order_by("number")[:ON_THE_SHELF]), work, kept_in=shelf
        )
        last = Transfer.objects.filter(receiver=keeper).order_by("-number")[0]
        note_discrepancy(last, work, sort="seal_broken", label=last.things[0]["number"], note="пломба надірвана")
    demo.say(f"{ON_THE_SHELF} units lie on a shelf; one seal was found broken.")


def type_and_report(demo: Demo) -> None:
    """Take in profiles, reports (which the liaison officer then verifies), families and frequencies."""
    from dokaz.missing.acts import verify
    from dokaz.missing.intake import FAMILIES, FREQUENCIES, MISSING
    from dokaz.missing.models import MissingPerson
    from dokaz.mortuary.intake import PROFILES

    take_in(demo, PROFILES, ["profiles_north.csv"], cast.EXAMINERS[0])
    take_in(demo, PROFILES, ["profiles_south_genemapper.txt"], cast.EXAMINERS[1])
    take_in(demo, MISSING, ["missing_persons.csv"], cast.LIAISON)
    with demo.filing(cast.LIAISON, "family_liaison") as work:
        for person in MissingPerson.objects.order_by("number"):
            verify(person, work)
    names = ("families.ped", "family_genotypes.csv", "relatives.csv")
    take_in(demo, FAMILIES, names, cast.LIAISON, "family_liaison")
    take_in(demo, FREQUENCIES, ["allele_frequencies.csv"], cast.EXAMINERS[0], says=False)


def search_and_identify(demo: Demo) -> None:
    """Search, compare and sign: the undisputed candidates, then the traps."""
    from dokaz.cli import demo_traps
    from dokaz.cli.search import table_named
    from dokaz.identification import acts, searching

    table = table_named("")
    found = searching.compute(table)
    with demo.filing(cast.EXAMINERS[0]) as work:
        filed = acts.search(work, result=searching.result_of(found))
    demo.told |= {"search": filed.number, "candidates": len(filed.candidates)}
    demo.say(
        f"{filed.number}: {filed.profiles} profiles x {filed.missing} missing: {len(filed.candidates)} candidates."
    )
    truth = json.loads(demo.incoming("truth.json").read_text(encoding="utf-8"))
    traps = {trap["id"]: trap for trap in truth["traps"]}
    kept_apart = {unit for trap in traps.values() for unit in trap["units"]}
    plain = [pair for pair in undisputed(filed.candidates) if pair[0] not in kept_apart]
    decisions = identify(demo, plain[:IDENTIFIED], table, found)
    demo.say(
        f"Certified: {len(decisions)} identifications, each on a comparison signed by two and a decision signed by two."
    )
    _release(demo, decisions[:RELEASED])
    demo_traps.spring(demo, traps, table, found)
    leave_for_the_visitor(demo, plain[IDENTIFIED : IDENTIFIED + LEFT], table, found)


def undisputed(candidates: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    """Pairs (unit, missing person) that are each other's only candidate, strong, and contradicted by nothing recorded."""
    from collections import Counter

    from dokaz.graves.models import RecoveryUnit
    from dokaz.identification.circumstances import circumstances
    from dokaz.missing.models import MissingPerson

    units = Counter(c["unit"] for c in candidates)
    people = Counter(c["missing"] for c in candidates)
    pairs = []
    for c in candidates:
        if units[c["unit"]] > 1 or people[c["missing"]] > 1 or float(c["log10_lr"]) < CONCORDANT_FROM:
            continue
        lines = circumstances(
            RecoveryUnit.objects.get(number=c["unit"]), MissingPerson.objects.get(number=c["missing"])
        )
        if not any(line.bearing == "contradicts" for line in lines):
            pairs.append((c["unit"], c["missing"]))
    return pairs


def leave_for_the_visitor(demo: Demo, pairs: Sequence[tuple[str, str]], table: Any, found: Any) -> None:
    """Leave some work half done: a comparison nobody signed, one that lacks a signature, decisions before the board."""
    from dokaz.identification import acts

    comparisons = [compare(demo, unit, person, table, found) for unit, person in pairs]
    signed_by_two(demo, comparisons[2:])
    with demo.filing(cast.EXAMINERS[0]) as work:
        for comparison in comparisons[1:2]:
            acts.sign_comparison(comparison, work)
    with demo.filing(cast.INVESTIGATOR) as work:
        for comparison in comparisons[2:]:
            acts.lay_before_board(work, comparisons=[comparison])
    demo.say(f"Left for you to sign: {len(comparisons[:2])} comparisons and {len(comparisons[2:])} decisions.")


def _release(demo: Demo, decisions: Sequence[Any]) -> None:
    from dokaz.casework.queries import person_named
    from dokaz.identification import acts

    with demo.filing(cast.LIAISON, "family_liaison") as work:
        for decision in decisions:
            acts.notify_family(decision, work)
    checker = person_named("Яворенко Ніна")
    with demo.filing(cast.MORTUARY) as work:
        for decision in decisions:
            acts.release(
                decision,
                work,
                released_to="Вигадана Марія, мати",
                document_seen="паспорт АА 000001",
                to_place="Кленодол, цвинтар",
                family_choice="partial_now",
                identity_checked_by=checker,
            )
    demo.say(f"Released to their families: {len(decisions)}.")


def bundle_it(demo: Demo) -> None:
    """Write a bundle of everything, donors' names withheld, and have the independent verifier check it."""
    from dokaz.court.assembling import make_bundle
    from dokaz.court.redaction import Redaction

    names = Redaction("missing.Donor", frozenset({"name"}), "B.2", "Вигадана ухвала 7 від 02.03.2024")
    with Progress("bundle") as shown:
        made = make_bundle(
            demo.store,
            demo.directory / "bundle",
            by=demo.acting(cast.PROSECUTOR),
            clock=now,
            purpose="Вигадане слідство «Кленодол»: повний пакет для суду",
            recipient="Вигаданий суд",
            redactions=[names],
            # Donors bear the surnames of the missing, who are shown, and given names that everybody bears.
            names_may_stay=True,
            progress=shown,
        )
    demo.told["bundle"] = made.number
    demo.say(f"{made.number}: {made.entries:,} entries, {made.files:,} files; donors' names withheld under code B.2.")


STEPS: tuple[Callable[[Demo], None], ...] = (
    enrol_everybody,
    survey_and_lift,
    move,
    examine_and_sample,
    search_the_station,
    read_the_log,
    type_and_report,
    search_and_identify,
    bundle_it,
)
