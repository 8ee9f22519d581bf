"""Two people read a page blind to each other, a third settles what they read differently; every reading stays."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from dokaz.casework.effects import (
    BLANK,
    STATED,
    actor_is,
    agrees,
    makes,
    none,
    only_one,
    part_of,
    refers,
)
from dokaz.casework.filing import Filing
from dokaz.casework.registry import act
from dokaz.casework.roles import ONE_SIGNATURE
from dokaz.casework.rules import require_fields
from dokaz.detention.acts.log_books import MAY_TRANSCRIBE
from dokaz.detention.books import SETTLED, by_region, differing, field_lists, named, page_value
from dokaz.detention.log_books import BookEntry, BookPage, PageReading, PageSettlement
from dokaz.detention.regions import texts_of
from dokaz.errors import BadNotation, BadTranscription, EmptyField, NotYours, WrongKind, sentence
from dokaz.transcription.entries import entries, with_dittos_resolved
from dokaz.transcription.marked_text import MarkedText
from dokaz.transcription.notation import read_notation, written_notation
from dokaz.transcription.pages import TranscribedBook

#: Whose a settled text is.
BOTH, FIRST, SECOND, THIRD = "both", "first", "second", "third"


@act(
    roles=MAY_TRANSCRIBE,
    past=_("read the page"),
    files=(
        makes(
            PageReading,
            rules=(
                actor_is("reader"),
                # Of a reading that was void, too: who has read a page once reads it no second time.
                only_one("page reader"),
                only_one("page", {"beside": BLANK}, beside=BLANK, voided=[False]),
                only_one("page", {"beside": STATED}, beside=STATED),
                agrees("beside", page="page"),
                refers("beside", beside=BLANK, voided=[False]),
                refers("page", field_list=STATED, regions=STATED),
            ),
        ),
    ),
)
def file_reading(page: BookPage, filing: Filing, *, cells: Mapping[str, str]) -> PageReading:
    """File what one has read on a page, by oneself: every cell, with its marks; an empty cell is an empty text.

    Args:
        cells: What was typed, by the id of the region.

    Raises:
        WrongKind: nothing is drawn on the page; a cell that is not there, or marks that cannot be read.
        EmptyField: a cell is not read.
        NotYours: one has read this page before, or two others have.
    """
    places = texts_of(page.regions)
    if not places:
        raise WrongKind("page", page.number, sentence("a page on which something is drawn"))
    before = list(PageReading.every.filter(page=page).order_by("number"))
    if any(one.reader_id == filing.by.person for one in before):
        raise NotYours(page.number, sentence("read by you before"), sentence("let another person read it"))
    read = [one for one in before if not one.voided]
    if len(read) > 1:
        raise NotYours(page.number, sentence("read by two people"), sentence("let a third person settle it"))
    unknown = sorted(cells.keys() - {place.id for place in places})
    if unknown:
        raise WrongKind("cells", unknown[0], sentence("a cell of this page"))
    typed = []
    for place in places:
        if place.id not in cells:
            raise EmptyField(page.number, place.id, sentence("read every cell; an empty one is an empty text"))
        typed.append({"region": place.id, "field": place.field, "text": _kept(place.id, cells[place.id])})
    reading = PageReading(
        number=filing.next_number(PageReading, "READ"),
        page=page,
        reader_id=filing.by.person,
        beside=read[0] if read else None,
        cells=typed,
    )
    filing.add(reading)
    return reading


def _kept(region: str, typed: str) -> str:
    """A text in the one spelling in which it is kept."""
    return written_notation(_read(region, typed))


def _read(region: str, typed: str) -> MarkedText:
    try:
        return read_notation(typed)
    except (BadNotation, BadTranscription) as error:
        raise WrongKind(region, typed[:80], sentence(r"marks that are closed and mark something; \( for a parenthesis")
                        ) from error  # fmt: skip


@act(
    roles=MAY_TRANSCRIBE,
    past=_("settled the page"),
    signed=ONE_SIGNATURE,
    files=(
        makes(
            PageSettlement,
            rules=(
                actor_is("reader"),
                only_one("page"),
                none("detention.PageReading", "page reader"),
                agrees("first", page="page"),
                agrees("second", page="page", first="beside"),
                refers("first", voided=[False]),
                refers("second", beside=STATED, voided=[False]),
            ),
        ),
        makes(
            BookEntry,
            rules=(
                part_of("detention.settle_page", field="settlement"),
                agrees("settlement", page="page"),
                only_one("page row", voided=[False]),
            ),
        ),
    ),
)
def settle_page(
    page: BookPage, filing: Filing, *, choices: Mapping[str, str], why: Mapping[str, str] | None = None
) -> PageSettlement:
    """Settle, as a third person, what two read differently; what they read alike stands. Its rows become entries.

    Args:
        choices: A text for every cell that they read differently, and for no other.
        why: For a text that neither of them read, on what it rests.

    Raises:
        NotYours: it is not read by two yet, one is one of the two, or it was settled.
        EmptyField: a difference is left open, or a third text comes without a reason.
        WrongKind: a cell is settled that they read alike; marks that cannot be read.
    """
    first, second = _two(page, filing)
    open_ = differing(first, second)
    for region in choices:
        if region not in open_:
            raise WrongKind("choices", region, sentence("a cell that the two read differently"))
    one, other, said = by_region(first.cells), by_region(second.cells), why or {}
    settled = []
    for cell in first.cells:
        region = cell["region"]
        if region not in open_:
            settled.append({**cell, "follows": BOTH, "why": ""})
            continue
        if region not in choices:
            raise EmptyField(
                page.number, region, sentence("choose a text; one of {count} that are open", count=len(open_))
            )
        text = _read(region, choices[region])
        follows = FIRST if text == one[region] else SECOND if text == other.get(region) else THIRD
        if follows == THIRD:
            require_fields(page.number, sentence("say why it is neither the one nor the other"),
                           **{region: said.get(region, "")})  # fmt: skip
        reason = said.get(region, "").strip() if follows == THIRD else ""
        settled.append({**cell, "text": written_notation(text), "follows": follows, "why": reason})
    settlement = PageSettlement(
        number=filing.next_number(PageSettlement, "STL"),
        page=page,
        first=first,
        second=second,
        reader_id=filing.by.person,
        cells=settled,
    )
    filing.add(settlement)
    _make_entries(settlement, filing)
    return settlement


def _two(page: BookPage, filing: Filing) -> tuple[PageReading, PageReading]:
    """The two readings that are settled, the first first."""
    read = {one.beside_id is None: one for one in PageReading.objects.filter(page=page)}
    if len(read) < 2:
        raise NotYours(page.number, sentence("not read by two people yet"), sentence("let another person read it"))
    if PageReading.every.filter(page=page, reader=filing.by.person).exists():
        raise NotYours(page.number, sentence("read by you"), sentence("let a third person settle it"))
    if page.settlements.exists():
        raise NotYours(page.number, sentence("settled already"), sentence("correct its entries, if they are wrong"))
    return read[True], read[False]


def _make_entries(settlement: PageSettlement, filing: Filing) -> None:
    """An entry for every row in which something is written."""
    page = settlement.page
    value = page_value(page, [(SETTLED, settlement.cells)])
    book = TranscribedBook("book", field_lists=field_lists(page.book), pages=(value,))
    for line, row in enumerate(with_dittos_resolved(entries(book, SETTLED)), start=1):
        values = {field: written_notation(text) for field, text in row.values.items()}
        if not any(values.values()):
            continue
        filing.add(
            BookEntry(
                number=f"{page.number}-{line:03d}",
                page=page,
                settlement=settlement,
                row=row.row,
                line=line,
                name=named(values),
                values=values,
            )
        )


def must_be_of_its_book(entry: BookEntry, filing: Filing, changed: frozenset[str]) -> None:
    """What holds of an entry that is put right: its name follows from what the book says, unless it is said as well."""
    known = {field.id for each in field_lists(entry.page.book) for field in each.fields}
    for field, text in entry.values.items():
        if field not in known or not isinstance(text, str):
            raise WrongKind("values", field, sentence("a field of this book, with its text"))
        _read(field, text)
    if "name" not in changed:
        entry.name = named(entry.values)


def must_be_the_first(reading: PageReading, filing: Filing, changed: frozenset[str]) -> None:
    """What holds of a reading that is void no longer, or is to be void: nobody has read the page beside it."""
    others = PageReading.objects.filter(page=reading.page_id).exclude(pk=reading.pk)
    if reading.beside_id is not None or others.exists():
        raise NotYours(
            reading.number,
            sentence("read beside another, which was shown since"),
            sentence("let a third person settle what is wrong in it"),
        )
