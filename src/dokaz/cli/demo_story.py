"""Tells what the demo did, from the records as they stand, in a person's words."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from dokaz.cli import demo_people as cast


def tell(directory: Path, *, port: int) -> Iterator[str]:
    """The story, line by line: counts with their units, the traps, the verifier's verdict, how to look at it."""
    told = json.loads((directory / "told.json").read_text(encoding="utf-8"))
    yield ""
    yield "Вигадане слідство «Кленодол»: an invented investigation; no person or place in it is real."
    yield ""
    for number, what in _figures():
        yield f"  {number:>7,}  {what}"
    yield ""
    yield "What trips real teams, and what the records show of it:"
    for words in (*told["traps"].values(), *told["station"]):
        yield f"  - {words}"
    yield ""
    yield f"The bundle {told['bundle']} lies in {directory / 'bundle'}. The independent verifier says:"
    yield from (f"  {line}" for line in _verdict(directory))
    yield f"  (try it: change one byte of any file in it, then: .venv/bin/dokaz-verify {directory / 'bundle'})"
    yield ""
    yield f"Look at it: http://127.0.0.1:{port}/"
    yield f"  password of everybody, and passphrase of their signing keys: {cast.PASSPHRASE}"
    yield f"  second factor: .venv/bin/dokaz user code LOGIN --store {directory / 'store'}"
    for invented in cast.PEOPLE:
        if invented.login:
            yield f"  {invented.login:<14} {', '.join(invented.roles):<28} {invented.name}"
    yield f"  {'administrator':<14} {'administrator':<28} {cast.ADMINISTRATOR}"


def _figures() -> list[tuple[int, str]]:
    from dokaz.casework import journal
    from dokaz.casework.models import Transfer
    from dokaz.detention.models import CheckedItem, Exhibit
    from dokaz.graves.models import PROGRESS, Grave, RecoveryUnit, Site, State
    from dokaz.identification.models import Comparison, Decision, DecisionState, Search
    from dokaz.identification.queries import IN_FORCE
    from dokaz.missing.models import Family, MissingPerson
    from dokaz.mortuary.models import Profile

    lifted = PROGRESS[PROGRESS.index(State.LIFTED) :]
    search = Search.objects.order_by("-number").first()
    decisions = Decision.objects.filter(question="identify")
    return [
        (Site.objects.count(), "sites"),
        (Grave.objects.count(), "graves"),
        (
            RecoveryUnit.objects.filter(state__in=lifted).count(),
            "recovery units lifted (bodies, parts, bones, artefacts)",
        ),
        (Transfer.objects.count(), "transfers, each signed by both parties"),
        (
            Exhibit.objects.count(),
            f"exhibits of a place of detention, in {CheckedItem.objects.count()} checks of its rooms",
        ),
        (Profile.objects.exclude(genotypes={}).count(), "DNA profiles of remains"),
        (
            MissingPerson.objects.count(),
            f"reports of missing persons, with {Family.objects.count()} families' pedigrees",
        ),
        (len(search.candidates) if search else 0, "candidates found by the blind search (ranks, not identifications)"),
        (Comparison.objects.filter(state="signed").count(), "comparisons signed by two examiners"),
        (decisions.filter(state__in=IN_FORCE).count(), "identifications certified by two board members and standing"),
        (decisions.filter(state=DecisionState.REVOKED).count(), "identifications revoked after a second look"),
        (journal.size(), "entries in the ledger"),
    ]


def _verdict(directory: Path) -> list[str]:
    """The verdict of the verifier on the demo's bundle, against the key that the log published: that it is a trial, too."""
    program = Path(sys.executable).parent / "dokaz-verify"
    key = directory / "store" / "ledger" / "key"
    command = [str(program), str(directory / "bundle"), "--key", str(key)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stdout or done.stderr).strip().partition("\n\n")[0].splitlines()
