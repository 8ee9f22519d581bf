"""A forgery: what is told honestly, whose keys the attacker holds, what they file, and what the verifier must say to it.

The attacker is always whoever runs the system: they hold the log's key, order and drop entries, and write what they like
into stores and bundles. Of the people's keys they hold those of the insiders whom a forgery names with ``told.attack``.
Whatever is filed in the name of anybody else after that is signed with a key that nobody knows, so that no forgery cheats.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from builder import Fields, Key, Log, Who, standard
from casts import ROLES, Cast

OPERATOR = "operator"

# What the specification says of forgeries that nobody can see.
LEFT_OUT = "A whole record that was left out of the bundle, or newer versions"
SECOND_HISTORY = "A second history."
WITHHELD = "What a withheld field holds, hence whether it is of its type."
PARTS = "In a bundle of a part: whether records outside of it break a rule"
ENROLLED = "Whether a person was who the administrators enrolled"
READING = "Whether `index.html`, `tables/` and `README.txt` say what the entries say."
SO = "Whether what people saw, wrote and signed is so"
WORDS = "Who is meant where somebody is named in words only"
CLOCK = "When something happened."

# What the specification does not say yet: these verify, and ought not to, or ought to be said.
GAP = "not said yet: "


class AttackedLog(Log):
    """A log in which, once it is attacked, only the attacker's keys sign."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.hands: set[str] | None = None
        self.stray = Key(self.rng)

    def held(self, key: Key) -> Key:
        """That key, or one that nobody knows where the attacker does not hold it."""
        return key if self.hands is None or key.id in self.hands else self.stray

    def file(self, act: str, kind: str, by: Who, fields: Fields | None = None, *, sign_with: Key | None = None,
             **more: Any) -> str:  # fmt: skip
        return super().file(act, kind, by, fields, sign_with=self.held(sign_with or by.key), **more)


class Attacked(Cast):
    """A cast of which some turn out to help the operator."""

    log: AttackedLog

    def __init__(self, rules: Any = None) -> None:
        self.known, self.profiles, self.families = {}, {}, {}
        self.rules = standard() if rules is None else rules
        self.log = AttackedLog(1, standard())
        self.insiders: list[Who] = []
        founders = self._found()
        self.admin, self.admin_too = founders[0], founders[-1]

    def __getattr__(self, name: str) -> Any:
        if name in ROLES and self.__dict__["log"].hands is not None:
            raise AssertionError(f"{name} must be enrolled before the attack")
        return super().__getattr__(name)

    def present(self, *names: str) -> None:
        """Enrol these people now."""
        for name in names:
            getattr(self, name)

    def attack(self, *insiders: Who) -> None:
        """From now on only these people sign what they are told to, and the keys that the attacker makes up."""
        self.insiders = list(insiders)
        self.log.hands = {who.key.id for who in insiders}

    @property
    def by(self) -> str:
        """Who it takes."""
        sessions = {each.record for each in self.records_of("casework.SessionKey")}
        names = sorted(f"{who.role} at work" if who.key_record in sessions else who.role for who in self.insiders)
        return ", ".join([OPERATOR, *names])

    def records_of(self, kind: str) -> list[Any]:
        return [_Named(record) for record, held in self.log.records.items() if held.kind == kind]

    def stranger(self, role: str, *, person: str = "") -> Who:
        who = super().stranger(role, person=person)
        self._made(who)
        return who

    def begin_work(self, who: Who, *, by: Who | None = None, **more: Any) -> Who:
        session = super().begin_work(who, by=by, **more)
        self._made(session)
        return session

    def given(self, who: Who, act: str, record: str, **more: Any) -> Fields:
        return super().given(who.with_key(self.log.held(who.key)), act, record, **more) | {"key": who.key.id}

    def _made(self, who: Who) -> None:
        if self.log.hands is not None:
            self.log.hands.add(who.key.id)


@dataclass(frozen=True)
class _Named:
    record: str


Build = Callable[..., Mapping[str, Any] | None]


@dataclass(frozen=True)
class Forgery:
    """One row of the catalogue.

    Args:
        build: Files it; may give options for the bundle, and ``erased`` for the store.
        finds: The code that verifier and check must find; empty if nobody can see it.
        unseen: Then, the sentence that says so.
        only: ``bundle`` or ``store``, where it cannot be made in the other.
    """

    name: str
    family: str
    by: str
    finds: str
    unseen: str
    only: str
    build: Build
    given: tuple[Any, ...] = ()
    rules: Any = field(default=None, compare=False)


CATALOGUE: list[Forgery] = []
NOTHING = object()


def forgery(
    family: str,
    *,
    by: str = OPERATOR,
    finds: str = "",
    unseen: str = "",
    only: str = "",
    of: Iterable[Any] = (),
    rules: Callable[[Any], Any] | None = None,
) -> Callable[[Build], Build]:
    """Enter a function in the catalogue; with ``of``, once for each of these values (a tuple with a code brings its own).

    Args:
        by: Who it takes beside the operator.
        rules: The constitution by which the log is founded, where it is another.
    """

    def enter(build: Build) -> Build:
        name = build.__name__.strip("_").replace("_", " ")
        cases = [(each if isinstance(each, tuple) else (each, finds)) for each in of] or [(NOTHING, finds)]
        for value, code in cases:
            shown = name if value is NOTHING else f"{name}: {str(value)[:40]!a}"
            given = () if value is NOTHING else (value,)
            CATALOGUE.append(Forgery(shown, family, by, code, unseen, only, build, given, rules))
        return build

    return enter
