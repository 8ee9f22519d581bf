"""Who is withheld from a bundle, and everything that follows: fields, versions, files and deliveries that name them.

A rule says what is withheld: fields of a kind, or one record. From it follows, without any list of fields:

* whoever a withheld record is about is withheld: their name, number, contacts and alleles, under every version of it, are
  looked for in every field of every entry and in every file; what names them is withheld too;
* with a person go the records that belong to them (``goes_with``) and those that tell of them (``told_of_in``);
* of a record of which anything is withheld, the files and the delivered originals are withheld whole, and so is all that
  is attached to it.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from dokaz.casework.constitution import always_open, blank_at_birth, constitution
from dokaz.casework.corrections import put_right
from dokaz.casework.models import Attachment, Correction
from dokaz.casework.records import Record, kind_named, record_kinds
from dokaz.casework.rooms import record_declarations
from dokaz.court.redaction import FILES, Redaction, whole_of
from dokaz.court.sought import Sought, Withheld
from dokaz.court.spelling import words
from dokaz.court.texts_in_files import MOST_READ, Unreadable, texts_in
from dokaz.ledger import Entry

# Types whose values the program or a clock writes; nobody is named in them.
_CODED = frozenset({"boolean", "choice", "date", "decimal", "integer", "record", "records", "time", "uuid"})
# In a field where somebody is named in words, these words say who they are to whom, and are no names.
_NO_NAMES = frozenset((
    "мати", "мама", "батько", "тато", "дружина", "чоловік", "син", "донька", "дочка", "сестра", "брат", "бабуся", "дідусь",
    "дід", "баба", "тітка", "дядько", "племінник", "племінниця", "онук", "онука", "зять", "невістка", "теща", "свекруха",
    "свекор", "тесть", "родина", "сусід", "сусідка", "громадянин", "громадянка", "пан", "пані", "заявник", "заявниця",
    "mother", "father", "wife", "husband", "son", "daughter", "sister", "brother", "grandmother", "grandfather", "aunt",
    "uncle", "nephew", "niece", "family", "neighbour", "parents", "relative", "mr", "mrs", "ms",
))  # fmt: skip


#: Kind and id of a record.
Key = tuple[str, str]


class Files(Protocol):
    """Where the files lie."""

    def read(self, sha256: str) -> bytes:
        """The bytes of a file."""

    def size(self, sha256: str) -> int:
        """How many there are."""


@dataclass(frozen=True)
class Basis:
    """Why something is withheld.

    Args:
        code, authority: Of the rule from which it follows.
        why: ``rule``: it says so; ``tells``: the record tells of somebody withheld; ``name``, ``number``, ``contact``,
            ``profile``: it holds that of somebody withheld; ``original``: something made of this file is withheld;
            ``attached``: it is attached to something of which something is withheld;
            ``unreadable``: somebody may be named in it.
        who: The number of the record of whoever it names, where it does.
    """

    code: str
    authority: str
    why: str
    who: str = ""


@dataclass(frozen=True)
class Leak:
    """A place where somebody who is withheld would be named all the same.

    Args:
        place: Entry and field, or file and line.
        who: The number of their record.
        by: By what they are named: ``name``, ``number``, ``contact``, ``profile``.
        why: ``open``: in a field that is always open; ``also``: it is also the name of somebody who is shown; ``stated``:
            somebody wrote it for this bundle; ``found``: the last search found it.
        also: The number of the record of whoever else bears the name.
    """

    place: str
    who: str
    by: str
    why: str
    also: str = ""


@dataclass
class Withholding:
    """What is withheld from some entries, field by field and file by file, and what hinders it.

    Args:
        sought: Everybody who is withheld.
        fields: By the digest of the field.
        files: By name, as entries name them.
        leaks: Why the bundle cannot be made.
        numbers: Of the records, for whoever makes the bundle.
    """

    sought: Sought
    fields: dict[str, Basis] = field(default_factory=dict)
    files: dict[str, Basis] = field(default_factory=dict)
    leaks: list[Leak] = field(default_factory=list)
    numbers: dict[Key, str] = field(default_factory=dict)


Entries = Sequence[tuple[int, Entry]]


@functools.cache
def _agreed_kinds() -> tuple[str, ...]:
    """The kinds whose corrections two people agree to."""
    found = ((kind.kind(), put_right(kind)) for kind in record_kinds())
    return tuple(name for name, how in found if how is not None and how.agree is not None)


@dataclass(frozen=True)
class _Rule:
    said: Redaction
    why: str = "rule"
    who: str = ""

    @property
    def ground(self) -> Basis:
        return Basis(self.said.code, self.said.authority, self.why, self.who)


class Deciding:
    """Decides what is withheld from some entries and their files.

    Args:
        values: What the fields hold, by their digest.
        may_stay: Whether names that are also those of people who are shown may stay where nothing else tells the two apart.
    """

    def __init__(
        self, entries: Entries, values: Mapping[str, Any], redactions: Sequence[Redaction], *, may_stay: bool = False
    ) -> None:
        self.entries, self._values = entries, values
        self._versions: dict[Key, list[Entry]] = defaultdict(list)
        for _index, entry in entries:
            self._versions[entry.kind, entry.record].append(entry)
        self._pointing: dict[Key, dict[str, set[str]]] = {}
        self._rules: dict[str, list[_Rule]] = defaultdict(list)
        for rule in (*(_Rule(said) for said in redactions), *self._with_people(redactions)):
            self._rules[rule.said.kind].append(rule)
        self.sought = Sought(list(self._people()), self._shown(), may_stay=may_stay)
        self._touched: dict[Key, Basis] = {}
        self._blank: set[str] = set()
        self._done = Withholding(self.sought)

    def decide(self, files: Files) -> Withholding:
        """Field by field, then file by file."""
        done = self._done
        done.numbers = {key: self._number(key) for key in self._versions}
        done.leaks += [Leak("", each.who.label, "name", "also", each.also) for each in self.sought.shared]
        for index, entry in self.entries:
            self._fields_of(index, entry)
        self._attached()
        self._originals()
        if self.sought:
            self._read_files(files)
        return done

    # --- whom the rules withhold -------------------------------------------------------------------------------------

    def _value(self, entry: Entry, name: str) -> Any:
        return self._values.get(entry.fields.get(name, ""))

    def _number(self, key: Key) -> str:
        return str(self._value(self._versions[key][-1], "number"))

    def _rule(self, kind: str, record: str, name: str) -> _Rule | None:
        """The rule that withholds a field, or ``FILES``; the first one counts.

        A correction holds values of another record: they are withheld wherever anything of that kind is.
        """
        if (kind, name) == (Correction.kind(), "openings"):
            of_values = next((rule for of in _agreed_kinds() for rule in self._rules.get(of, ())), None)
            if of_values is not None:
                return of_values
        return next(
            (
                each
                for each in self._rules.get(kind, ())
                if name in each.said.fields and each.said.record in ("", record)
            ),
            None,
        )

    def _with_people(self, redactions: Sequence[Redaction]) -> Iterator[_Rule]:
        """Rules for the records that belong to the people who are withheld, or tell of them."""
        waiting = [(rule, key) for rule in redactions if rule.is_whole for key in self._people_of(rule)]
        seen = {key for _rule, key in waiting}
        while waiting:
            rule, key = waiting.pop()
            for near in sorted(self._near(key) - seen):
                seen.add(near)
                made = Redaction(near[0], whole_of(near[0]), rule.code, rule.authority, near[1])
                yield _Rule(made, "tells", self._number(key))
                if _kind(near[0]).named_in:
                    waiting.append((made, near))

    def _people_of(self, rule: Redaction) -> Iterator[Key]:
        if _kind(rule.kind).named_in:
            yield from (key for key in self._versions if key[0] == rule.kind and rule.record in ("", key[1]))

    def _near(self, key: Key) -> set[Key]:
        """The records of which a person's record says that they tell of them, and those that belong to them."""
        kind, record = key
        found: set[Key] = set()
        for name in _kind(kind).told_of_in:
            target = str(constitution()["kinds"][kind]["fields"][name]["kind"])
            found |= {(target, str(told)) for entry in self._versions[key] if (told := self._value(entry, name))}
            if target == kind:
                found |= {(kind, of) for of in self._pointing_by(kind, name).get(record, ())}
        for declared in record_declarations():
            for name in declared.goes_with:
                if declared.model._meta.get_field(name).related_model is _kind(kind):
                    of = declared.model.kind()
                    found |= {(of, each) for each in self._pointing_by(of, name).get(record, ())}
        return {each for each in found if each in self._versions}

    def _pointing_by(self, kind: str, name: str) -> dict[str, set[str]]:
        """Which records of a kind point by a field to which."""
        if (kind, name) not in self._pointing:
            found: dict[str, set[str]] = defaultdict(set)
            for (of, record), versions in self._versions.items():
                if of == kind:
                    for entry in versions:
                        found[str(self._value(entry, name))].add(record)
            self._pointing[kind, name] = found
        return self._pointing[kind, name]

    def _people(self) -> Iterator[Withheld]:
        """Everybody whom the rules withhold, and every profile."""
        for (kind, record), versions in self._versions.items():
            model = kind_named(kind)
            if model is None:
                continue
            rules = {name: self._rule(kind, record, name) for name in _naming(model)}
            for rule in dict.fromkeys(each for each in rules.values() if each is not None):
                under = [name for name, each in rules.items() if each is rule]
                yield from self._of_record(model, self._number((kind, record)), versions, rule.said, under)

    def _of_record(
        self, model: type[Record], number: str, versions: Sequence[Entry], rule: Redaction, under: Sequence[str]
    ) -> Iterator[Withheld]:
        said = [{name: self._value(entry, name) for name in entry.fields} for entry in versions]
        is_person = bool(model.named_in) and "number" in under
        own = [name for name in model.named_in if name in under]
        names = {tuple(words(" ".join(str(each.get(name) or "") for name in own))) for each in said}
        typed = [each.get(name) for each in said for name in model.typed_in if name in under]
        # What is written about a person who is withheld whole may hold how to reach them.
        texts = {text for each in said for text in _texts(each) if rule.is_whole and is_person}
        if is_person or own or typed:
            yield Withheld(
                number, rule.code, rule.authority, tuple(sorted(filter(None, names))), (number,) if is_person else (),
                tuple(sorted(texts)), tuple(each for each in typed if isinstance(each, dict)),
            )  # fmt: skip
        # Whom else a record names is not withheld with it, but by a rule that says just that.
        for name in () if rule.is_whole else [name for name in model.names_others_in if name in under]:
            stated = sorted({str(each.get(name) or "") for each in said} - {""})
            people = tuple(filter(None, map(_named_in_words, stated)))
            yield Withheld(f"{number}: {name}", rule.code, rule.authority, people, (), tuple(stated))

    def _shown(self) -> Iterator[tuple[str, list[str]]]:
        """The names of people of whose names nothing is withheld."""
        for (kind, record), versions in self._versions.items():
            model = kind_named(kind)
            if model is None or any(self._rule(kind, record, name) for name in model.named_in):
                continue
            for entry in versions if model.named_in else ():
                stated = " ".join(str(self._value(entry, name) or "") for name in model.named_in)
                yield self._number((kind, record)), words(stated)

    # --- fields ------------------------------------------------------------------------------------------------------

    def _fields_of(self, index: int, entry: Entry) -> None:
        blank = blank_at_birth(entry.act, entry.kind) if entry.version == 1 else frozenset[str]()
        key = (entry.kind, entry.record)
        for name, digest in entry.fields.items():
            # That nothing was stated yet when the record was made is withheld from nobody: the verifier checks it.
            if name in blank:
                self._blank.add(digest)
            if digest in self._blank or digest in self._done.fields:
                continue
            rule = self._rule(*key, name)
            ground = rule.ground if rule is not None else self._names(index, entry, name, self._values.get(digest))
            if ground is not None:
                self._done.fields[digest] = ground
                self._touched.setdefault(key, ground)

    def _names(self, index: int, entry: Entry, name: str, value: Any) -> Basis | None:
        """Why a field that no rule withholds is withheld: it names somebody."""
        if not self.sought or not value or _is_coded(entry.kind, name):
            return None
        if isinstance(value, str) and value in vocabulary():
            return None
        found = self.sought.in_value(value)
        if found is None:
            return None
        model = kind_named(entry.kind)
        if model is not None and name in model.named_in and self.sought.shared:
            return None  # the same name of somebody else: said once, with both numbers
        if name in always_open().get(entry.kind, frozenset()):
            self._done.leaks.append(Leak(f"№ {index}, {entry.kind}.{name}", found.who.label, found.by, "open"))
            return None
        return Basis(found.who.code, found.who.authority, found.by, found.who.label)

    # --- files -------------------------------------------------------------------------------------------------------

    def _attached(self) -> None:
        """Withhold whole what is attached to whatever is withheld, in part or with its files."""
        needed = always_open()[Attachment.kind()]
        for key, versions in self._versions.items():
            of = (self._value(versions[0], "of") or []) if key[0] == Attachment.kind() else []
            grounds = [ground for one in of if (ground := self._ground_of(one["kind"], one["id"])) is not None]
            for ground in grounds[:1]:
                self._touched[key] = Basis(ground.code, ground.authority, "attached", ground.who)
                for digest in (d for entry in versions for n, d in entry.fields.items() if n not in needed):
                    if digest not in self._blank:
                        self._done.fields.setdefault(digest, self._touched[key])

    def _ground_of(self, kind: str, record: str) -> Basis | None:
        """Why something of a record is withheld; None where nothing is."""
        rule = self._rule(kind, record, FILES)
        return self._touched.get((kind, record)) or (rule.ground if rule is not None else None)

    def _originals(self) -> None:
        """Withhold the files of whatever is withheld, and what it was made of, whole."""
        delivered: dict[Key, Basis] = {}
        for key, ground in self._touched.items():
            original = Basis(ground.code, ground.authority, "original", ground.who)
            for entry in self._versions[key]:
                if delivery := self._value(entry, "delivery"):
                    delivered.setdefault(("casework.Delivery", str(delivery)), original)
        for _index, entry in self.entries:
            key = (entry.kind, entry.record)
            rule = self._rule(*key, FILES)
            said = rule.ground if rule is not None else self._touched.get(key) or delivered.get(key)
            for name in entry.files:
                if said is not None:
                    self._done.files.setdefault(name, said)

    def _read_files(self, files: Files) -> None:
        """Withhold every other file that names somebody, or that cannot be read."""
        hidden = frozenset(name.removeprefix("sha256:") for name in self._done.files)
        first = self.sought.withheld[0]
        for name in sorted({name for _index, entry in self.entries for name in entry.files} - self._done.files.keys()):
            sha256 = name.removeprefix("sha256:")
            try:
                if files.size(sha256) > MOST_READ:
                    raise Unreadable(sha256)
                found = self.sought.in_readings(texts_in(files.read(sha256), hidden=hidden))
            except Unreadable:
                self._done.files[name] = Basis(first.code, first.authority, "unreadable")
                continue
            if found is not None:
                self._done.files[name] = Basis(found.who.code, found.who.authority, found.by, found.who.label)


@functools.cache
def vocabulary() -> frozenset[str]:
    """What the program calls things: kinds, fields, acts, codes, members of its files."""
    found = {
        "bundle",
        "files",
        "log",
        "tables",
        "README.txt",
        "index.html",
        "entries",
        "checkpoint",
        "openings",
        "bases",
    }
    waiting: list[Any] = [constitution()]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            found.add(value)
        elif isinstance(value, dict):
            found |= set(value)
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return frozenset(found)


def _kind(name: str) -> type[Record]:
    found = kind_named(name)
    assert found is not None, name
    return found


def _naming(model: type[Record]) -> tuple[str, ...]:
    """The fields of a kind that say who somebody is."""
    return (*model.named_in, *model.names_others_in, *model.typed_in, *(("number",) if model.named_in else ()))


def _is_coded(kind: str, name: str) -> bool:
    """Whether the program writes a field, so that nobody is named in it; of an unknown kind everything is read."""
    declared = constitution()["kinds"].get(kind, {}).get("fields", {}).get(name, {})
    return declared.get("type") in _CODED or (kind, name) == ("casework.Constitution", "rules")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def _named_in_words(text: str) -> tuple[str, ...]:
    """The name in "мати, Петренко Марія": the words that begin with a capital and are no words for kin."""
    return tuple(word for word in words(text) if word[0].isupper() and word.casefold() not in _NO_NAMES)
