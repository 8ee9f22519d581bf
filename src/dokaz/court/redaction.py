"""What may be withheld from a bundle, under which code, and what never can be."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from dokaz.casework.constitution import always_open
from dokaz.casework.records import Record, kind_in_words, kind_named, record_kinds
from dokaz.casework.roles import Role
from dokaz.casework.rooms import may_read
from dokaz.errors import BadRedaction, ClosedKind, sentence

# Redaction codes by group (docs/glossary.md); a withheld field or file bears one, and the authority that allowed it.
CODES: dict[str, Promise] = {
    "A.1": pgettext_lazy("word", "places"),
    "A.2": pgettext_lazy("word", "staff"),
    "A.3": pgettext_lazy("word", "interpreters"),
    "A.4": pgettext_lazy("word", "investigators"),
    "A.5": pgettext_lazy("word", "intermediaries"),
    "A.6": pgettext_lazy("word", "leads"),
    "A.7": pgettext_lazy("word", "means of communication"),
    "A.8": pgettext_lazy("word", "other, internal"),
    "B.1": pgettext_lazy("word", "witness contact"),
    "B.2": pgettext_lazy("word", "family"),
    "B.3": pgettext_lazy("word", "third parties at risk"),
    "B.4": pgettext_lazy("word", "protected-programme location"),
    "B.5": pgettext_lazy("word", "other, persons"),
}

#: Why a bundle withholds what one of two people has read who read blind to each other.
READ_BLIND = "read blind; shown once a second person has read the same"

# Stands for the files of a record in a rule.
FILES = "*files*"

_KIND = re.compile(r"[a-z][a-z0-9_]*\.[A-Z][A-Za-z0-9]*")


@dataclass(frozen=True)
class Redaction:
    """One rule: withhold these fields (or files) of one record, or of all of a kind, under this code, by this authority.

    What else follows from it, because it names the same people, is for ``withholding`` to say.

    Args:
        kind: As ``missing.MissingPerson``.
        fields: Names of fields; ``FILES`` stands for the record's files. With a code what was stated beside it is withheld,
            too: with ``relationship`` also ``relationship_stated``.
        code: One of ``CODES``.
        authority: Who allowed it: an order, its date.
        record: Id of the record; empty: all of the kind.

    Raises:
        BadRedaction: an unknown code, no authority, no such kind or field, or a field that a stranger needs to check
            signatures.
    """

    kind: str
    fields: frozenset[str]
    code: str
    authority: str
    record: str = ""

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise BadRedaction(
                sentence("{code!r} is no redaction code", code=self.code),
                sentence("one of: {allowed}", allowed=", ".join(CODES)),
            )
        if not any(map(str.isalnum, self.authority)):
            raise BadRedaction(
                sentence("{kind}: no authority is named", kind=self.kind),
                sentence("name the order that allows it, and its date"),
            )
        _must_exist(self.kind, self.fields)
        stated = {f"{name}_stated" for name in self.fields} & whole_of(self.kind)
        object.__setattr__(self, "fields", self.fields | stated)
        needed = self.fields & always_open().get(self.kind, frozenset())
        if needed:
            raise BadRedaction(
                sentence("{kind}: {fields} cannot be withheld", kind=self.kind, fields=", ".join(sorted(needed))),
                sentence("signatures could not be checked without it; withhold what identifies a person elsewhere"),
            )

    @property
    def is_whole(self) -> bool:
        """Whether it withholds all that can be withheld of a record."""
        return self.fields >= whole_of(self.kind)

    def to_json(self) -> dict[str, object]:
        """The rule as the record of a bundle states it."""
        fields = sorted(self.fields)
        said: dict[str, object] = {"what": self.kind, "fields": fields, "code": self.code, "authority": self.authority}
        return said | {"record": self.record} if self.record else said

    @classmethod
    def parse(cls, text: str, authority: str) -> Redaction:
        """Read ``what=code`` or ``what:field,field=code``, where ``what`` is a kind or the number of a record.

        As ``DON-000012=B.2``, ``missing.Donor=B.2``, ``missing.Donor:name,relationship=B.2``.

        Raises:
            BadRedaction: the text has another form, or no record bears the number.
        """
        rule, _, code = text.partition("=")
        what, colon, fields = (part.strip() for part in rule.partition(":"))
        named = frozenset(name.strip() for name in fields.split(",")) if colon else None
        if not (what and code.strip()) or named == frozenset({""}):
            raise BadRedaction(
                sentence("{text!r} is no redaction", text=text),
                sentence(
                    "write what is withheld and a code, as DON-000012=B.2, missing.Donor=B.2 or missing.Donor:name=B.2"
                ),
            )
        if _KIND.fullmatch(what):
            return cls(what, whole_of(what) if named is None else named, code.strip(), authority)
        return cls.of(record_numbered(what), code.strip(), authority, named)

    @classmethod
    def of(cls, record: Record, code: str, authority: str, fields: frozenset[str] | None = None) -> Redaction:
        """Withhold one record, or some fields of it."""
        kind = record.kind()
        return cls(kind, whole_of(kind) if fields is None else fields, code, authority, str(record.id))


def record_numbered(number: str) -> Record:
    """The record of any kind that bears a number.

    Raises:
        BadRedaction: none does.
    """
    for kind in record_kinds():
        found: Record | None = kind.objects.filter(number=number).first()
        if found is not None:
            return found
    raise BadRedaction(
        sentence("no record bears the number {number}", number=number),
        sentence("write the number of a record, or a kind as missing.Donor"),
    )


def whole_of(kind: str) -> frozenset[str]:
    """All that can be withheld of a record of a kind: its files, and its fields but those that rules read."""
    return (_fields_of(kind) | {FILES}) - always_open().get(kind, frozenset())


def _fields_of(kind: str) -> frozenset[str]:
    model = kind_named(kind)
    return frozenset(field.name for field in model.content_fields()) if model is not None else frozenset()


def _must_exist(kind: str, fields: frozenset[str]) -> None:
    """A mistyped name would withhold nothing, and nobody would notice before it is too late."""
    known = {model.kind(): {f.name for f in model.content_fields()} for model in record_kinds()}
    if kind not in known:
        raise BadRedaction(
            sentence("{kind!r} is no kind of record", kind=kind),
            sentence("one of: {allowed}", allowed=", ".join(sorted(known))),
        )
    unknown = fields - known[kind] - {FILES}
    if unknown or not fields:
        raise BadRedaction(
            sentence("{kind} has no field {field}", kind=kind, field=sorted(unknown))
            if unknown
            else sentence("{kind}: no field is named", kind=kind),
            sentence("one of: {allowed}", allowed=", ".join(sorted(known[kind]))),
        )


def refuse_closed_kinds(role: str, kinds: Iterable[str], withheld: Iterable[tuple[str, Iterable[str]]]) -> None:
    """Refuse to hand out what whoever hands it out may not read.

    Args:
        role: The office in which the bundle is made.
        kinds: Of the records that the bundle holds.
        withheld: Kinds with the names of fields, and ``FILES``, that are withheld from all of their records.

    Raises:
        ClosedKind: a kind is not open to the office, and not withheld whole.
    """
    rules = [(kind, frozenset(fields)) for kind, fields in withheld]
    for name in sorted(set(kinds)):
        kind = kind_named(name)
        if kind is not None and may_read(role, kind):
            continue
        # States and links, which rules read, cannot be withheld from anybody.
        needed = whole_of(name) if kind is not None else {name}
        if needed - frozenset[str]().union(*(fields for kind_name, fields in rules if kind_name == name)):
            raise ClosedKind(Role(role), kind_in_words(name))


def read_blind() -> list[Redaction]:
    """What nobody but its writer may see yet, a bundle's reader included: it could come to whoever is to read the same."""
    return [
        Redaction(kind.kind(), frozenset(kind.blind.split()), "A.8", READ_BLIND, record=str(one.pk))
        for kind in record_kinds()
        for one in kind.kept_apart()
    ]
