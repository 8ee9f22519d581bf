"""What may be withheld from a bundle, under which code, and what never can be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from dokaz.casework.constitution import always_open
from dokaz.casework.records import kind_in_words, kind_named, record_kinds
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

# Stands for the files of a record in a rule.
FILES = "*files*"


@dataclass(frozen=True)
class Redaction:
    """One rule: withhold these fields (or files) of this kind of record, under this code, by this authority.

    Args:
        kind: As ``missing.MissingPerson``.
        fields: Names of fields; ``FILES`` stands for the record's files.
        code: One of ``CODES``.
        authority: Who allowed it: an order, its date.

    Raises:
        BadRedaction: an unknown code, no authority, no such kind or field, or a field that a stranger needs to check
            signatures.
    """

    kind: str
    fields: frozenset[str]
    code: str
    authority: str

    def __post_init__(self) -> None:
        if self.kind == "*" and not self.fields:
            return
        if self.code not in CODES:
            raise BadRedaction(
                sentence("{code!r} is no redaction code", code=self.code),
                sentence("one of: {allowed}", allowed=", ".join(CODES)),
            )
        if not self.authority.strip():
            raise BadRedaction(
                sentence("{kind}: no authority is named", kind=self.kind),
                sentence("name the order that allows it, and its date"),
            )
        _must_exist(self.kind, self.fields)
        needed = self.fields & always_open().get(self.kind, frozenset())
        if needed:
            raise BadRedaction(
                sentence("{kind}: {fields} cannot be withheld", kind=self.kind, fields=", ".join(sorted(needed))),
                sentence("signatures could not be checked without it; withhold what identifies a person elsewhere"),
            )

    @classmethod
    def parse(cls, text: str, authority: str) -> Redaction:
        """Read ``missing.Donor:name,relationship=B.2``.

        Raises:
            BadRedaction: the text has another form.
        """
        rule, _, code = text.partition("=")
        kind, _, fields = rule.partition(":")
        if not (kind and fields and code):
            raise BadRedaction(
                sentence("{text!r} is no redaction", text=text),
                sentence("write kind:field,field=code, as missing.Donor:name=B.2"),
            )
        return cls(kind.strip(), frozenset(f.strip() for f in fields.split(",")), code.strip(), authority)


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
        withheld: Kinds with the names of fields, and ``FILES``, that are withheld from them.

    Raises:
        ClosedKind: a kind is not open to the office, and not withheld whole.
    """
    rules = [(kind, frozenset(fields)) for kind, fields in withheld]
    for name in sorted(set(kinds)):
        kind = kind_named(name)
        if kind is not None and may_read(role, kind):
            continue
        whole = {field.name for field in kind.content_fields()} | {FILES} if kind is not None else {name}
        # States and links, which rules read, cannot be withheld from anybody.
        whole -= always_open().get(name, frozenset())
        if whole - frozenset[str]().union(*(fields for kind_name, fields in rules if kind_name == name)):
            raise ClosedKind(Role(role), kind_in_words(name))


def rule_for(kind: str, field: str, redactions: Sequence[Redaction]) -> Redaction | None:
    """The rule that withholds a field, if any does; the first one counts."""
    return next((r for r in redactions if r.kind == kind and field in r.fields), None)
