"""How log books, their pages, readings and entries are put right."""

from __future__ import annotations

from collections.abc import Iterable

from dokaz.casework.corrections import ByTwo, Correcting, Why, putting_right, staying
from dokaz.casework.effects import BLANK, STATED, holds, only_one
from dokaz.casework.filing import Filing
from dokaz.casework.records import Record
from dokaz.casework.roles import ONE_SIGNATURE
from dokaz.casework.rules import require_fields
from dokaz.detention.acts.log_books import MAY_TRANSCRIBE, must_be_at_its_place
from dokaz.detention.acts.readings import must_be_of_its_book, must_be_the_first
from dokaz.detention.log_books import (
    BookEntry,
    BookFields,
    BookPage,
    LogBook,
    PageCondition,
    PageReading,
    PageSettlement,
)
from dokaz.errors import WrongKind, sentence

_THERE = [PageCondition.WHOLE, PageCondition.TORN]


def _page(page: BookPage, filing: Filing, changed: frozenset[str]) -> None:
    must_be_at_its_place(page)
    if (page.condition == PageCondition.MISSING) != (page.picture_id is None):
        raise WrongKind("condition", page.condition, sentence("missing without a photograph, whole or torn with one"))
    if page.condition != PageCondition.WHOLE:
        require_fields(page.number, sentence("say what is missing, and how it is known"), remark=page.remark)


def _beside(reading: PageReading) -> Iterable[Record]:
    """A reading is void only while it is alone: whoever reads the page anew would have seen the other."""
    return PageReading.objects.filter(page=reading.page_id).exclude(pk=reading.pk)


correct_log_book, void_log_book, _none = putting_right(
    "dokaz.detention.acts",
    "log_book",
    Correcting(
        kind=LogBook,
        closed={Why.BELONGS: "exhibit"},
        never_void=sentence("its fields and pages are filed under it"),
    ),
    Correcting(
        kind=BookPage,
        closed={Why.BELONGS: "book", Why.FILE: "picture width_px height_px", Why.ACT: "regions field_list"},
        check=_page,
        rules=(
            only_one("book position", {"voided": [False]}, voided=[False]),
            holds({"condition": [PageCondition.MISSING]}, picture=BLANK),
            holds({"condition": _THERE}, picture=STATED),
        ),
    ),
    roles=MAY_TRANSCRIBE,
)
_none, void_reading, _none = putting_right(
    "dokaz.detention.acts",
    "reading",
    Correcting(
        kind=PageReading,
        closed={Why.BELONGS: "page beside", Why.SIGNED: "reader cells"},
        check=must_be_the_first,
        by="reader",
        rests=_beside,
        rules=(holds(beside=BLANK), only_one("page", {"voided": [False]}, beside=BLANK, voided=[False])),
    ),
    roles=MAY_TRANSCRIBE,
)
correct_book_entry, void_book_entry, agree_book_entry = putting_right(
    "dokaz.detention.acts",
    "book_entry",
    Correcting(
        kind=BookEntry,
        closed={Why.BELONGS: "page settlement", Why.ACT: "row line"},
        check=must_be_of_its_book,
        by_two=ByTwo(),
        rules=(only_one("page row", {"voided": [False]}, voided=[False]),),
    ),
    roles=MAY_TRANSCRIBE,
    signed=ONE_SIGNATURE,
)
staying(
    Correcting(kind=BookFields, closed={Why.BELONGS: "book", Why.ACT: "edition fields"}),
    Correcting(kind=PageSettlement, closed={Why.BELONGS: "page first second", Why.SIGNED: "reader cells"}),
)
