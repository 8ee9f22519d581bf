"""What a kind of delivery declares of itself: the files it asks for, who may bring it, how it is read and how it is filed.

Reading comes first and knows nothing of the store: bytes are parsed, photographs decoded, files hashed and copied while
others may file. Only then a filing is opened, in which nothing is computed that could be computed before it. The page
"Take in files", ``dokaz import`` and ``docs/files.md`` are made from these values.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Generic, Protocol, TypeVar

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dokaz.casework.acts import deliver
from dokaz.casework.apart import apart
from dokaz.casework.filing import Actor, Filing
from dokaz.casework.models import Delivery
from dokaz.casework.store import current_store
from dokaz.casework.tried_deliveries import tried
from dokaz.errors import ActRefused, BadFile, sentence
from dokaz.exchange.reading.faults import Faults
from dokaz.exchange.reading.limits import DELIVERED_RECORDS, FILING_SECONDS, OF_A_DELIVERY, TABLE_BYTES
from dokaz.exchange.reading.remarks import Remark
from dokaz.exchange.reading.rows import PlacedRow, Row
from dokaz.exchange.reading.sent_files import SentFile
from dokaz.exchange.reading.tables import Column, read_table
from dokaz.vault import StagedFile, Staging

Text = str | Promise
#: How many records of what were made of a delivery, by the words in ``DeliveryKind.counted``.
Taken = dict[str, int]
#: The person who files, in each office that they hold.
Offices = Mapping[str, Actor]
Progress = Callable[[int, int], None]


def silent(done: int, total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class AskedFile:
    """A file that a delivery consists of.

    Args:
        name: As the form and the command spell it.
        label, help: In words.
        is_many: Any number of files, none included; they become records of their own, and are not kept with the delivery.
        accept: What a browser offers to choose.
        columns: The columns of the table; empty where it is none.
    """

    name: str
    label: Text
    help: Text = ""
    is_many: bool = False
    accept: str = ""
    columns: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class AskedText:
    """A text that may be given with the files."""

    name: str
    label: Text
    help: Text = ""


@dataclass(frozen=True)
class Sent:
    """What was sent: files and texts by the names under which they were asked for, and where files wait for a filing."""

    files: Mapping[str, Sequence[SentFile]]
    staging: Staging
    texts: Mapping[str, str]

    def one(self, name: str) -> SentFile:
        """The one file of that name."""
        (file,) = self.files[name]
        return file


class Remarked(Protocol):
    """What a reader makes of files: anything that has remarks."""

    @property
    def remarks(self) -> Sequence[Remark]:
        """What the reader found odd, or kept in the file only."""


R = TypeVar("R", bound=Remarked)


@dataclass(frozen=True)
class Read(Generic[R]):
    """A delivery that was read and is not filed yet: what its reader made of it, and its staged files by name."""

    form: str
    content: R
    files: tuple[tuple[str, StagedFile], ...]

    def deliver(self, filing: Filing, taken: Taken) -> Delivery:
        """File the delivery itself, before the records that point to it.

        Raises:
            BadFile: more would be made of it than is filed at once.
        """
        if (count := sum(taken.values())) > DELIVERED_RECORDS:
            raise BadFile(
                sentence(
                    "{count:,} records would be made of it; at most {most:,} are filed at once",
                    count=count,
                    most=DELIVERED_RECORDS,
                ),
                file=self.files[0][0],
                next_step=sentence("cut it into several files"),
            )
        return deliver(filing, form=self.form, files=self.files, taken=taken, remarks=self.content.remarks)


def the_table(columns: Sequence[Column] = ()) -> AskedFile:
    """The one table of a delivery, with the columns that are read."""
    help = _("CSV, TSV or text, as it was delivered; nothing is changed in it")
    return AskedFile("file", _("The file"), help, columns=tuple(columns))


def of_one_file(reader: Callable[..., R]) -> Callable[[Sent], R]:
    """The reader of a delivery that is one file, from a reader of bytes and the file's name."""

    def read(sent: Sent) -> R:
        file = sent.one("file")
        return reader(file.read(), file=file.name)

    return read


@dataclass(frozen=True, kw_only=True)
class DeliveryKind(Generic[R]):
    """One kind of delivery.

    Args:
        name: As records of deliveries, addresses and ``dokaz import`` spell it.
        label: In words.
        help: What it holds.
        offices: Who may bring it; the likeliest first.
        rooms: The rooms in which its records are read, or single pages of theirs: to whoever sees these it is open.
        reader: Makes values of what was sent; raises ``BadFile``. It runs outside a filing and asks nothing of the store.
        filer: Files what was read, the delivery before the records that point to it; says what was taken.
        counted: What it counts, in words, by the names in ``Taken``.
        files: What it consists of.
        texts: What may be said beside the files.
        needs_all: Whether one person must hold all the offices, as the files hold the work of all.
        is_signed: Whether the person signs what is filed.
        is_evidence: Whether a bundle of a decision holds its files: a laboratory's raw table.
    """

    name: str
    label: Text
    help: Text
    offices: tuple[str, ...]
    rooms: tuple[str, ...]
    reader: Callable[[Sent], R]
    filer: Callable[[Read[R], Filing, Offices, Progress], Taken]
    counted: Mapping[str, Text]
    files: tuple[AskedFile, ...]
    texts: tuple[AskedText, ...] = ()
    needs_all: bool = False
    is_signed: bool = False
    is_evidence: bool = False

    def read(self, sent: Sent, progress: Progress = silent) -> Read[R]:
        """Stage the files that are kept with the delivery, and read them and all others in a process of its own.

        Raises:
            BadFile: it cannot be read as what it claims to be, or is larger than what is read.
            ReadersBusy: too many others are being read.
        """
        kept: list[tuple[str, StagedFile]] = []
        files = dict(sent.files)
        for asked in self.files:
            if not asked.is_many:
                file = sent.one(asked.name)
                file.must_be_at_most(TABLE_BYTES)
                with file.opened() as stream:
                    kept.append((file.name, sent.staging.put(stream)))
                # What is read is what is kept, whatever becomes of the file meanwhile.
                files[asked.name] = [SentFile(file.name, kept[-1][1].path)]
        content = apart(
            _read_as, self.name, replace(sent, files=files),
            within=OF_A_DELIVERY, turns=current_store().turns, file=kept[0][0], progress=progress,
        )  # fmt: skip
        return Read(self.name, content, tuple(kept))

    def file(
        self, read: Read[R], filing: Filing, offices: Offices, progress: Progress = silent, *, only_try: bool = False
    ) -> Taken:
        """File what was read.

        Args:
            only_try: Say what would be filed, and take it back; it asks for no reason.

        Raises:
            TriedOnly: it was only tried; says row by row what would have been filed.
            BadFile: a row that an act refuses; names file, line, column and value. Or it takes longer than others can wait.
        """
        begun = time.monotonic()

        def in_time(done: int, total: int) -> None:
            if time.monotonic() - begun > FILING_SECONDS:
                raise BadFile(
                    sentence("filing it takes more than {seconds} seconds, and nobody else can file meanwhile: {done:,} of"
                             " {total:,} were done", seconds=FILING_SECONDS, done=done, total=total),
                    file=read.files[0][0],
                    next_step=sentence("cut it into several files"),
                )  # fmt: skip
            progress(done, total)

        if only_try and not filing.reason.strip():
            filing.reason = "only tried"
        taken = self.filer(read, filing, offices, in_time)
        if only_try:
            raise tried(filing, taken)
        return taken


def _read_as(kind: str, sent: Sent) -> Any:
    """What the reader of a kind makes of what was sent; called in a process of its own."""
    from dokaz.casework.rooms import delivery_kinds

    return delivery_kinds()[kind].reader(sent)


@contextmanager
def row_of(delivery: Delivery, filing: Filing, row: PlacedRow, *, column: str, value: str) -> Iterator[None]:
    """File what one row says: new records point to the row, and what an act refuses is refused at its place.

    Raises:
        BadFile: an act refused it.
    """
    try:
        with filing.from_delivery(delivery, f"{row.file}:{row.line}"):
            yield
    except ActRefused as refusal:
        raise row.refused(column, value, refusal.what, refusal.next_step) from refusal


class Refusals:
    """The rows of a delivery that acts refuse: all of them are found before it is refused."""

    def __init__(self) -> None:
        self._faults = Faults()

    @contextmanager
    def row_of(self, delivery: Delivery, filing: Filing, row: PlacedRow, *, column: str, value: str) -> Iterator[None]:
        """As ``row_of``, of a row on which no other hangs: what an act refuses is noted, and the next row is tried."""
        with self._faults.of_rows(), row_of(delivery, filing, row, column=column, value=value):
            yield

    def refuse(self) -> None:
        """Refuse the delivery if a row was refused.

        Raises:
            BadFile: one row was; ``BadRows`` if more were.
        """
        self._faults.refuse()


# --- a table each of whose rows is one act --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RowsRead:
    """The rows of such a table, each with its cells as the fields of records read them."""

    rows: tuple[tuple[Row, Mapping[str, Any]], ...]
    remarks: tuple[Remark, ...]


def rows_of(
    act: Callable[..., Any],
    *,
    name: str,
    label: Text,
    help: Text,
    offices: tuple[str, ...],
    columns: tuple[Column, ...],
) -> DeliveryKind[RowsRead]:
    """A delivery of a table each of whose rows is one act; the columns bear the names of the act's arguments.

    A cell is read as the field reads it that its column names; a record is named by its number.

    Args:
        act: Called with the cells of a row; it checks them.
        columns: Each names its field, as ``missing.Donor.name``.
    """
    room = columns[0].field.split(".")[0]

    def read(sent: Sent) -> RowsRead:
        file = sent.one("file")
        table = read_table(file.read(), file=file.name, columns=columns)
        rows, faults = [], Faults()
        for given in table:
            with faults.of_row(given) as row:
                rows.append((given, {column.name: _cell(row, column) for column in columns}))
        faults.refuse()
        return RowsRead(tuple(rows), table.remarks)

    def file(read: Read[RowsRead], filing: Filing, offices: Offices, progress: Progress) -> Taken:
        taken = {name: len(read.content.rows)}
        delivery, refusals = read.deliver(filing, taken), Refusals()
        for done, (row, cells) in enumerate(read.content.rows):
            first = columns[0].name
            with refusals.row_of(delivery, filing, row, column=first, value=row.values.get(first, "")):
                act(filing=filing, **{column.name: _found(row, column, cells[column.name]) for column in columns})
            progress(done + 1, len(read.content.rows))
        refusals.refuse()
        return taken

    return DeliveryKind(
        name=name, label=label, help=help, offices=offices, rooms=(room,), reader=read, filer=file, counted={name: label},
        files=(the_table(columns),),
    )  # fmt: skip


def _cell(row: Row, column: Column) -> Any:
    """A cell as its field reads it; the number of a record stays a number until the row is filed."""
    text, field = row.text(column.name, required=column.required), _field(column)
    if not text or isinstance(field, models.ForeignKey):
        return text
    try:
        return field.to_python(text)
    except ValidationError as problem:
        raise row.bad(column.name, sentence("{problem}", problem=" ".join(problem.messages))) from problem


def _found(row: Row, column: Column, value: Any) -> Any:
    """The record that a cell names by its number; any other value as it is."""
    field = _field(column)
    if not value or not isinstance(field, models.ForeignKey):
        return value
    found = field.related_model._base_manager.filter(number=value).first()
    if found is None:
        raise row.bad(column.name, sentence("no record has this number"))
    return found


def _field(column: Column) -> Any:
    room, kind, name = column.field.split(".")
    return apps.get_model(room, kind)._meta.get_field(name)
