"""Opens log books, states their fields, adds their pages, and draws what is to be read on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from dokaz.casework.acts import AttachedFile, attach
from dokaz.casework.effects import STATED, agrees, changes, holds, makes, only_one, part_of, refers, unless_pointed_at
from dokaz.casework.filing import Filing
from dokaz.casework.registry import act
from dokaz.casework.roles import Role
from dokaz.casework.rules import require_between, require_fields
from dokaz.detention.books import as_list, field_lists, newest_list
from dokaz.detention.log_books import BookFields, BookPage, LogBook, PageCondition, PageReading
from dokaz.detention.models import Exhibit, ExhibitKind
from dokaz.detention.regions import read_regions, texts_of
from dokaz.errors import BadTranscription, NotYours, NumberTaken, RestedOn, WrongKind, sentence
from dokaz.transcription.field_lists import LogField, revised
from dokaz.transcription.pages import MOST_PIXELS

MAY_TRANSCRIBE = {Role.SCENE, Role.INVESTIGATOR, Role.ANALYST}
#: A book has no more pages than this.
MOST_PAGES = 100_000
#: Where a field is written: once on the page, above the rows, or in each row.
ON_PAGE, IN_ROW = "page", "row"


@act(
    roles=MAY_TRANSCRIBE,
    past=_("opened the log book"),
    files=(
        makes(LogBook, rules=(only_one("exhibit"), refers("exhibit", look=[ExhibitKind.LOG_BOOK]))),
        makes(BookFields, rules=(only_one("book edition"), holds(fields=STATED))),
    ),
)
def open_log_book(exhibit: Exhibit, filing: Filing, *, title: str, fields: Sequence[Mapping[str, str]]) -> LogBook:
    """Take up an exhibit as a book that is read, with the fields that it has.

    Args:
        fields: Each with ``id``, ``label`` and ``of``: ``row``, or ``page`` where it is written once above the rows.

    Raises:
        WrongKind: the exhibit is no log book, or the fields cannot be.
        NotYours: it was taken up before.
        EmptyField: the title or the fields are missing.
    """
    if exhibit.look != ExhibitKind.LOG_BOOK:
        raise WrongKind("exhibit", exhibit.number, sentence("a log book by its look"))
    if (other := exhibit.log_books.first()) is not None:
        raise NotYours(
            exhibit.number, sentence("taken up as {number}", number=other.number), sentence("go on with that one")
        )
    require_fields(exhibit.number, sentence("say what the book is, and what its columns hold"), title=title,
                   fields=list(fields))  # fmt: skip
    book = LogBook(number=filing.next_number(LogBook, "BOOK"), exhibit=exhibit, title=title)
    filing.add(book)
    _state_fields(book, filing, fields, edition=1)
    return book


@act(
    roles=MAY_TRANSCRIBE,
    past=_("stated the fields of the book anew"),
    files=(makes(BookFields, rules=(only_one("book edition"), holds(fields=STATED))),),
)
def amend_field_list(book: LogBook, filing: Filing, *, fields: Sequence[Mapping[str, str]]) -> BookFields:
    """State the fields of a book anew. What was read stays under the id of its field, whatever the order is now.

    Raises:
        WrongKind: a field that was left out comes back, moves between page and rows, or is named twice.
        EmptyField: no field is named.
    """
    require_fields(book.number, sentence("say what its columns hold"), fields=list(fields))
    return _state_fields(book, filing, fields, edition=newest_list(book).edition + 1)


def _state_fields(book: LogBook, filing: Filing, fields: Sequence[Mapping[str, str]], *, edition: int) -> BookFields:
    stated = BookFields(
        number=f"{book.number}-F{edition}", book=book, edition=edition, fields=[_field(each) for each in fields]
    )
    try:
        revised(field_lists(book) if edition > 1 else (), as_list(stated).fields)
    except BadTranscription as error:
        raise WrongKind("fields", error.problem, sentence("fields each under an id of its own, for ever")) from error
    filing.add(stated)
    return stated


def _field(stated: Mapping[str, str]) -> dict[str, str]:
    if set(stated) != {"id", "label", "of"} or stated["of"] not in (ON_PAGE, IN_ROW):
        raise WrongKind("fields", dict(stated), sentence("id, label and of (page or row)"))
    try:
        LogField(stated["id"], stated["label"])
    except BadTranscription as error:
        raise WrongKind("fields", stated["id"], sentence("letters, digits, - . _, and a label on one line")) from error
    return dict(stated)


@act(
    roles=MAY_TRANSCRIBE,
    past=_("added the page"),
    files=(
        makes(
            BookPage,
            blank="field_list regions",
            rules=(
                only_one("book position", voided=[False]),
                holds(condition=[PageCondition.WHOLE, PageCondition.TORN], picture=STATED, width_px=STATED),
                part_of("casework.attach", field="picture"),
            ),
        ),
    ),
)
def add_page(
    book: LogBook,
    filing: Filing,
    *,
    photograph: AttachedFile,
    size_px: tuple[int, int],
    position: int | None = None,
    label: str = "",
    side: str = "",
    condition: str = PageCondition.WHOLE,
    remark: str = "",
) -> BookPage:
    """Add a page with its photograph, which is attached to the exhibit byte for byte.

    Args:
        size_px: Width and height of the photograph, the right way up.
        position: Its place in the book, missing pages counted; the next one if it is not said.

    Raises:
        NumberTaken: another page is at that place.
        WrongKind: it is no picture; a page without anything on it is stated as missing.
        EmptyField: it is torn, and it is not said what is torn off.
        OutOfRange, BadChoice, TextTooLong: no such place, side or condition.
    """
    if not photograph.media_type.startswith("image/"):
        raise WrongKind("photograph", photograph.name, sentence("a photograph: JPEG or PNG"))
    if condition == PageCondition.MISSING:
        raise WrongKind("condition", condition, sentence("whole or torn: a missing page has no photograph"))
    if condition == PageCondition.TORN:
        require_fields(book.number, sentence("say what is torn off"), remark=remark)
    require_between(book.number, 1, MOST_PIXELS, width_px=size_px[0], height_px=size_px[1])
    picture = attach(book.exhibit, filing, file=photograph, description=_words(book, label, position))
    sides = {"width_px": size_px[0], "height_px": size_px[1]}
    said = {"label": label, "side": side, "condition": condition, "remark": remark}
    return _add(book, filing, position, picture=picture, **sides, **said)


@act(
    roles=MAY_TRANSCRIBE,
    past=_("stated that a page is missing"),
    files=(
        makes(
            BookPage,
            blank="picture width_px height_px field_list regions",
            rules=(only_one("book position", voided=[False]), holds(condition=[PageCondition.MISSING])),
        ),
    ),
)
def state_page_missing(
    book: LogBook, filing: Filing, *, remark: str, position: int | None = None, label: str = "", side: str = ""
) -> BookPage:
    """State that a page of the book is not there, and how that is known; it keeps its place.

    Raises:
        NumberTaken: another page is at that place.
        EmptyField: it is not said how that is known.
        OutOfRange, BadChoice, TextTooLong: no such place or side.
    """
    require_fields(book.number, sentence("say how it is known"), remark=remark)
    return _add(book, filing, position, label=label, side=side, condition=PageCondition.MISSING, remark=remark)


def _words(book: LogBook, label: str, position: int | None) -> str:
    return " ".join(filter(None, (book.number, str(position or ""), label))).strip()


def _add(book: LogBook, filing: Filing, position: int | None, **said: Any) -> BookPage:
    if position is None:
        last = BookPage.objects.filter(book=book).order_by("-position").first()
        position = last.position + 1 if last is not None else 1
    page = BookPage(number=filing.next_number(BookPage, "PAGE"), book=book, position=position, **said)
    must_be_at_its_place(page)
    filing.add(page)
    return page


def must_be_at_its_place(page: BookPage) -> None:
    """Refuse a page at a place where another is.

    Raises:
        NumberTaken: one is.
        OutOfRange: pages are counted from 1.
    """
    if not 1 <= page.position <= MOST_PAGES:
        raise WrongKind("position", page.position, sentence("a place from 1 to {most:,}", most=MOST_PAGES))
    others = BookPage.objects.filter(book=page.book_id).exclude(pk=page.pk)
    for other in others:
        if other.position == page.position:
            raise NumberTaken(f"{page.book.number}: {page.position} ({other.number})")
        before, after = sorted((page, other), key=lambda each: each.position)
        if after.number in _continued_by(before):
            raise WrongKind("position", page.position, sentence("a place behind the page whose table goes on there"))


def _continued_by(page: BookPage) -> set[str]:
    """The pages from which tables go on here, by their numbers."""
    return {region["continues"][0] for region in page.regions if region["sort"] == "table" and region["continues"]}


@act(
    roles=MAY_TRANSCRIBE,
    past=_("drew what is to be read on the page"),
    files=(
        changes(
            BookPage,
            "regions field_list",
            rules=(
                unless_pointed_at(kind="detention.PageReading"),
                agrees("field_list", book="book"),
                holds(condition=[PageCondition.WHOLE, PageCondition.TORN], field_list=STATED),
            ),
        ),
    ),
)
def draw_regions(page: BookPage, filing: Filing, *, regions: Sequence[Mapping[str, Any]]) -> None:
    """Draw tables with their cells, and heads, each under a field of the book, before anybody reads the page.

    Args:
        regions: As ``detention.regions`` keeps them, in pixels of the photograph.

    Raises:
        WrongKind: the page is missing; a region is filed under a field that the book has not, or that belongs elsewhere;
            nothing is to be read; what is drawn cannot be.
        RestedOn: somebody has read the page: what they read would come to stand elsewhere.
    """
    if page.condition == PageCondition.MISSING:
        raise WrongKind("page", page.number, sentence("a page that is there"))
    if read := list(PageReading.objects.filter(page=page).order_by("number")):
        raise RestedOn(page.number, [one.number for one in read])
    drawn = read_regions(regions)
    stated = newest_list(page.book)
    known = {one["id"]: one["of"] for one in stated.fields}
    for region in regions:
        for part in _parts(region):
            if part["field"] and known.get(part["field"]) != (IN_ROW if region["sort"] == "table" else ON_PAGE):
                raise WrongKind(
                    "field", part["field"], sentence("a field of this book, at the place where it is written")
                )
    own = BookPage(book=page.book, position=page.position, regions=[dict(each) for each in regions])
    earlier = BookPage.objects.filter(book=page.book, position__lt=page.position).values_list("number", flat=True)
    if not _continued_by(own) <= set(earlier):
        raise WrongKind("continues", sorted(_continued_by(own)), sentence("an earlier page of this book"))
    if not drawn or not texts_of(regions):
        raise WrongKind("regions", len(drawn), sentence("at least one cell under a field"))
    page.regions, page.field_list = own.regions, stated
    filing.add(page)


def _parts(region: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    match region["sort"]:
        case "table":
            return [cell for row in region["rows"] for cell in row["cells"]]
        case "head":
            return list(region["parts"])
    return [region]
