"""The Record that every room builds on: numbered, versioned, written only by acts."""

from __future__ import annotations

import copy
import functools
import json
import uuid
from collections.abc import Iterable
from typing import Any, ClassVar, NoReturn, Self, cast

from django.core.exceptions import ValidationError
from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from dokaz.casework.states import StateChoices
from dokaz.casework.values import as_kept, from_json, to_json
from dokaz.errors import (
    BadChoice,
    DirectWriteRefused,
    DokazError,
    EmptyField,
    OutOfRange,
    TextTooLong,
    WrongKind,
    WrongState,
    sentence,
)

# Kept in an entry's header, not among its openings.
HEADER_FIELDS = frozenset({"id", "version", "entry_hash", "erased"})


class RecordQuerySet(models.QuerySet[Any]):
    """Reads like any other; refuses every write that would go round the acts."""

    def _refuse(self, verb: str) -> NoReturn:
        raise DirectWriteRefused(self.model._meta.label, verb)

    def update(self, **kwargs: Any) -> int:
        self._refuse("update")

    def delete(self) -> tuple[int, dict[str, int]]:
        self._refuse("delete")

    def bulk_create(self, *args: Any, **kwargs: Any) -> list[Any]:
        self._refuse("bulk_create")

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        self._refuse("bulk_update")

    def create(self, **kwargs: Any) -> Any:
        self._refuse("create")


class EveryRecord(models.Manager[Any]):
    """All records of a kind, void ones too."""

    def get_queryset(self) -> RecordQuerySet:
        """Refuses every write that would go round the acts."""
        return RecordQuerySet(self.model, using=self._db)


class Record(models.Model):
    """One thing written down: it has a number for people, versions, and the hash of its newest ledger entry.

    Saving outside an act is refused. Fields are of types whose value JSON can carry exactly; there are no floats.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("number"), max_length=64, unique=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    entry_hash = models.CharField(max_length=64, editable=False)
    #: The fields whose value was erased by order; they hold what ``erased_value`` says, unless one was stated since.
    erased = models.JSONField(default=list, editable=False)
    reason = models.TextField(_("reason"), blank=True, default="")

    #: Its states, where it has a field ``state``.
    states: ClassVar[type[StateChoices] | None] = None
    #: Fields that list other records by id, with their kind; None: ``[{"kind", "id", "number"}, …]`` of whatever kinds.
    listed: ClassVar[dict[str, type[Record] | None]] = {}
    #: The fields that together are the name of the person whom it is about. Whoever is withheld from a bundle is looked for
    #: by them in every field and file of every record: no other field has to say whether it may name people.
    named_in: ClassVar[tuple[str, ...]] = ()
    #: Fields in which somebody else is named in words: who reported, to whom something was given.
    names_others_in: ClassVar[tuple[str, ...]] = ()
    #: Its dates, each with those that it cannot be earlier than: fields of its own, or of a record to which it points.
    follows: ClassVar[dict[str, tuple[str, ...]]] = {}
    #: Fields that point to records which tell of the same person, and are withheld with them.
    told_of_in: ClassVar[tuple[str, ...]] = ()
    #: Fields that hold what a laboratory typed: markers with their alleles.
    typed_in: ClassVar[tuple[str, ...]] = ()
    #: The fields that are kept from everybody else as long as ``kept_apart`` lists the record; divided by spaces.
    blind: ClassVar[str] = ""
    #: What fields hold once they were erased, where their type does not say it (``erasure``): ``{"genotypes": {}}``.
    erased_as: ClassVar[dict[str, Any]] = {}

    objects: ClassVar[models.Manager[Any]] = EveryRecord()
    #: Void records too: for whoever asks for numbers that were given, for histories, or for a record by its id.
    every: ClassVar[models.Manager[Any]] = EveryRecord()

    class Meta:
        abstract = True
        base_manager_name = "every"
        default_manager_name = "objects"

    def __str__(self) -> str:
        return self.number

    @classmethod
    def kind(cls) -> str:
        """Name of this kind of record in the ledger, ``room.Model``."""
        return f"{cls._meta.app_label}.{cls.__name__}"

    @property
    def tone(self) -> str:
        """How its state stands; empty for kinds of records that have no state."""
        return str(self.states.tone_of(getattr(self, "state"))) if self.states is not None else ""  # noqa: B009

    def kinds_to_read(self) -> Iterable[type[Record]]:
        """The kinds all of which are open to whoever reads this record."""
        return (type(self),)

    @classmethod
    def kept_apart(cls) -> models.QuerySet[Any]:
        """The records of this kind of which ``blind`` fields are shown to nobody but their writer for now."""
        return cls.every.none()

    def is_kept_from(self, person: uuid.UUID | None) -> bool:
        """Whether the content is kept from a person for now, whatever their office: two who read blind to each other."""
        return False

    def must_be(self, *states: str) -> None:
        """Refuse an act that does not start from the record's state.

        Raises:
            WrongState: the record is in none of ``states``.
        """
        state = getattr(self, "state")  # noqa: B009 - kinds of records that have no state have no such acts
        if state not in states:
            labels = dict(cast("models.Field[Any, Any]", self._meta.get_field("state")).flatchoices)
            needed = [sentence("the state “{label}”", label=labels[each]) for each in states]
            raise WrongState(self.number, labels[state], needed)

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: a record is written by an act, which hands it to its filing."""
        raise DirectWriteRefused(self._meta.label, "save")

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: nothing is ever deleted."""
        raise DirectWriteRefused(self._meta.label, "delete")

    @classmethod
    def content_fields(cls) -> list[models.Field[Any, Any]]:
        """The fields that an entry commits to: all columns but the header's."""
        return [f for f in cls._meta.concrete_fields if f.name not in HEADER_FIELDS]

    def content(self) -> dict[str, Any]:
        """Every content field as a JSON value, by name."""
        return {f.name: to_json(f.value_from_object(self), f) for f in self.content_fields()}

    def settle(self) -> None:
        """Turn every value into what its column will give back, so that what is committed to is what will be read.

        Raises:
            WrongKind: a column does not hold values of this kind.
            UnreadableCharacter: a text that not every database keeps.
        """
        for field in self.content_fields():
            setattr(self, field.attname, as_kept(field.value_from_object(self), field))

    def values_to_compare(self) -> list[object]:
        """The version and every column's value; a change of any of them, within lists too, is seen later by comparing."""
        found = [self.version, *(getattr(self, field.attname) for field in self.content_fields())]
        # A list or mapping would change along with the record: its text does not.
        return [json.dumps(v, sort_keys=True, default=repr) if isinstance(v, list | dict) else v for v in found]

    def differing_from(self, values: list[object]) -> list[str]:
        """Names of the columns whose values are not those that were to be compared."""
        names = ["version", *(field.name for field in self.content_fields())]
        return [name for name, now, then in zip(names, self.values_to_compare(), values, strict=True) if now != then]

    def must_fit(self) -> None:
        """Refuse what the fields of this kind do not hold.

        Raises:
            EmptyField: a field that cannot be blank is.
            BadChoice: a value is not in the vocabulary of its field.
            OutOfRange, TextTooLong: a number or a text is beyond what the field holds.
        """
        for field in self.content_fields():
            _must_fit(field, field.value_from_object(self), self.number)

    @classmethod
    def from_content(
        cls, *, id: uuid.UUID, version: int, entry_hash: str, content: dict[str, Any], erased: Iterable[str] = ()
    ) -> Self:
        """The row that ``content()`` was taken from.

        Args:
            erased: The fields whose values were erased; of them ``content`` need say nothing.

        Raises:
            KeyError: a field is missing; the caller names the entry.
        """
        gone = set(erased)
        values = {
            f.attname: erased_value(cls, f) if f.name in gone else from_json(content[f.name], f)
            for f in cls.content_fields()
        }
        return cls(id=id, version=version, entry_hash=entry_hash, erased=sorted(gone), **values)


class RecordsInForce(EveryRecord):
    """The records that are not void: lists, counts, searches and pictures show no others."""

    def get_queryset(self) -> RecordQuerySet:
        """All of them but those that are void."""
        return super().get_queryset().filter(voided=False)


class VoidableRecord(Record):
    """A record that may be found not to be one: entered twice, at the wrong grave.

    A void record keeps its number and its history, and is in no list, count, search or picture (``corrections``).
    """

    voided = models.BooleanField(_("void"), default=False)

    objects: ClassVar[models.Manager[Any]] = RecordsInForce()

    class Meta(Record.Meta):
        abstract = True


#: What stands in a field of text whose value was erased: pages, tables and searches show it as it is.
ERASED = "[знищено / erased]"


def erased_value(kind: type[Record], field: models.Field[Any, Any]) -> Any:
    """What a field holds in its table once its value was erased.

    Raises:
        ValueError: its type has no value that says nothing, so it is never erased.
    """
    if field.name in kind.erased_as:
        return copy.copy(kind.erased_as[field.name])
    if field.null:
        return None
    if isinstance(field, models.TextField):
        return ERASED
    if isinstance(field, models.CharField) and field.blank:
        return ""
    # A choice that says so ("unknown"), an empty list; no number, day, yes or no: these would say something else.
    if isinstance(field, models.CharField | models.JSONField) and field.has_default():
        return field.get_default()
    raise ValueError(field.name)


def is_void(record: Record) -> bool:
    """Whether a record is void; of some kinds none ever is."""
    return isinstance(record, VoidableRecord) and record.voided


@functools.cache
def links_of(kind: type[Record]) -> tuple[models.Field[Any, Any], ...]:
    """The fields by which records of a kind point to other records."""
    return tuple(field for field in kind.content_fields() if isinstance(field, models.ForeignKey))


def field_of(kind: type[Record], name: str) -> models.Field[Any, Any]:
    """A field of a kind by its name."""
    return cast("models.Field[Any, Any]", kind._meta.get_field(name))


def _must_fit(field: models.Field[Any, Any], value: Any, number: str) -> None:
    name = field.name
    is_text = isinstance(field, models.CharField | models.TextField)
    if (value is None and field.null) or (value == "" and field.blank):
        return
    if field.choices:
        if value not in dict(field.flatchoices):
            raise BadChoice(name, value, [str(known) for known, _label in field.flatchoices])
        return
    if value is None or (is_text and not field.blank and not str(value).strip()):
        raise EmptyField(number, name, sentence("write down what is known"))
    for check in field.validators:
        try:
            check(value)
        except ValidationError as wrong:
            raise _beyond(field, value, number) from wrong


def _beyond(field: models.Field[Any, Any], value: Any, number: str) -> DokazError:
    if isinstance(field, models.CharField):
        return TextTooLong(field.name, len(str(value)), int(field.max_length or 0))
    if isinstance(field, models.DecimalField):
        return WrongKind(
            field.name, str(value), sentence("a number of at most {places} decimals", places=field.decimal_places)
        )
    low, high = connection.ops.integer_field_range(field.get_internal_type())
    return OutOfRange(number, field.name, value, low, high)


def record_kinds() -> Iterable[type[Record]]:
    """Every kind of record that the installed rooms define, in the order of the rooms and of their models."""
    from django.apps import apps

    return [m for m in apps.get_models() if issubclass(m, Record)]


def kind_named(name: str) -> type[Record] | None:
    """The kind of record that the ledger calls so, as ``graves.Site``; None where no installed room has it."""
    return next((kind for kind in record_kinds() if kind.kind() == name), None)


def kind_in_words(name: str) -> str:
    """What a kind of record is called, by its name in the ledger; that name where no installed room has it."""
    kind = kind_named(name)
    return str(kind._meta.verbose_name) if kind is not None else name
