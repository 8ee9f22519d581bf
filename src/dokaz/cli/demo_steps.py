"""What the steps of the demo share: the store and its people, taking in, comparing, signing, identifying."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dokaz.cli import demo_people as cast
from dokaz.cli.frame import Progress, counted, filing_as

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dokaz.casework.delivery_kinds import DeliveryKind
    from dokaz.casework.filing import Actor, Filing
    from dokaz.casework.store import Store
    from dokaz.ledger import UnlockedKey

Say = Callable[[str], None]


@dataclass
class Demo:
    """What the steps of the demo share."""

    directory: Path
    store: Store
    say: Say
    keys: list[UnlockedKey]
    actors: dict[str, Actor] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)

    @contextmanager
    def filing(self, name: str, role: str = "", reason: str = "") -> Iterator[Filing]:
        """Open a filing as a person of the demo, in one of their offices."""
        with filing_as(self.store, self.acting(name, role), reason) as work:
            yield work

    def acting(self, name: str, role: str = "") -> Actor:
        """A person of the demo, key unlocked, in an office."""
        return self.actors[f"{name}:{role}" if role else name]

    def incoming(self, name: str) -> Path:
        """A delivered file."""
        return self.directory / "incoming" / name


def take_in(
    demo: Demo, kind: DeliveryKind[Any], names: Sequence[str], who: str, role: str = "", *, says: bool = True
) -> dict[str, int]:
    """Take in a delivery as `dokaz import` does, and say so."""
    from dokaz.casework.delivery_kinds import Sent
    from dokaz.exchange.reading.sent_files import SentFile

    tables = [one.name for one in kind.files if not one.is_many]
    files = {one: [SentFile(name, demo.incoming(name))] for one, name in zip(tables, names, strict=True)}
    pictures = [SentFile(path.name, path) for path in demo.incoming("photographs").iterdir()]
    files |= {one.name: pictures for one in kind.files if one.is_many}
    offices = {one.role: one for one in demo.actors.values() if one.person == demo.acting(who).person}
    with demo.store.vault.staging() as staging, Progress(names[0]) as shown:
        read = kind.read(Sent(files, staging, {}))
        with demo.filing(who, role) as work:
            taken = kind.file(read, work, offices, shown)
    if says:
        companions = " and its companions" if len(names) > 1 else ""
        demo.say(f"{names[0]}{companions}: {counted(taken)}.")
    return taken


def identify(
    demo: Demo, pairs: Sequence[tuple[str, str]], table: Any, found: Any, *, words: dict[str, str] | None = None
) -> list[Any]:
    """Compare each pair, let two examiners sign, lay it before the board, let two members sign."""
    from dokaz.identification import acts
    from dokaz.identification.models import Decision

    comparisons = [compare(demo, unit, person, table, found, explanations=words) for unit, person in pairs]
    signed_by_two(demo, comparisons)
    with demo.filing(cast.INVESTIGATOR) as work:
        laid = [acts.lay_before_board(work, comparisons=[c]).pk for c in comparisons]
    for member in cast.BOARD:
        with demo.filing(member) as work:
            for decision in Decision.objects.filter(pk__in=laid).order_by("number"):
                acts.sign_decision(decision, work)
    return list(Decision.objects.filter(pk__in=laid).order_by("number"))


def compare(
    demo: Demo,
    unit: str,
    person: str,
    table: Any,
    found: Any,
    *,
    conclusion: str = "concordant",
    statement: str = "Профіль узгоджується з родиною; обставини враховано.",
    explanations: dict[str, str] | None = None,
) -> Any:
    """File one comparison by the first examiner."""
    from dokaz.graves.models import RecoveryUnit
    from dokaz.identification import acts
    from dokaz.identification.circumstances import circumstances, with_words
    from dokaz.identification.comparing import best_profile, dna_evidence
    from dokaz.missing.models import MissingPerson

    the_unit, the_person = RecoveryUnit.objects.get(number=unit), MissingPerson.objects.get(number=person)
    evidence = dna_evidence(best_profile(the_unit), the_person, table, found=found)
    with demo.filing(cast.EXAMINERS[0]) as work:
        return acts.compare(
            work,
            missing_person=the_person,
            recovery_unit=the_unit,
            discipline="dna",
            conclusion=conclusion,
            statement=statement,
            lines=with_words(circumstances(the_unit, the_person), explanations or {}, {}),
            evidence=evidence,
        )


def signed_by_two(demo: Demo, comparisons: Sequence[Any]) -> None:
    """Let both examiners sign comparisons, each in one sitting."""
    from dokaz.identification import acts

    for examiner in cast.EXAMINERS:
        with demo.filing(examiner) as work:
            for comparison in comparisons:
                comparison.refresh_from_db()
                acts.sign_comparison(comparison, work)
    for comparison in comparisons:
        comparison.refresh_from_db()
