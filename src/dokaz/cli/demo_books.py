"""The log book of the demo's police station: pages added and drawn, one read and settled, one read twice, one once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dokaz.cli import demo_people as cast
from dokaz.cli.demo_steps import Demo
from dokaz.simulate import police_station as station

if TYPE_CHECKING:
    from dokaz.detention.log_books import BookPage, LogBook

FIRST, SECOND, THIRD = "Числова Олена", cast.INVESTIGATOR, station.SEARCHER
_FIELDS = (("number", "№", "row"), ("surname", "Прізвище", "row"), ("given", "Ім'я, по батькові", "row"),
           ("birth_year", "Рік народження", "row"), ("cell", "Камера", "row"), ("date", "Дата", "page"))  # fmt: skip
_COLUMNS = [name for name, _label, of in _FIELDS if of == "row"]


def read_the_log(demo: Demo) -> None:
    """Take up the book that was seized, and read it as far as the demo goes."""
    from dokaz.detention.acts import open_log_book
    from dokaz.detention.models import Exhibit

    if not demo.incoming("log-book").is_dir():
        return
    exhibit = Exhibit.objects.get(look="log_book")
    fields = [{"id": name, "label": label, "of": of} for name, label, of in _FIELDS]
    with demo.filing(THIRD) as work:
        book = open_log_book(exhibit, work, title="Журнал обліку затриманих", fields=fields)
    pages = _add_pages(demo, book)
    told = [_stated(pages), _who_settles(demo, pages["p1"]), _first_alone(demo, pages["p4"])]
    _read(demo, pages["p2"], FIRST, "first")
    _read(demo, pages["p2"], SECOND, "second")
    demo.told["station"] = [*demo.told["station"], *told]
    for line in told:
        demo.say(line)
    demo.say(f"{book.number}: {len(pages)} pages, {pages['p1'].entries.count()} entries of the one that is settled.")


def _log(demo: Demo) -> dict[str, Any]:
    """What is written in the book."""
    truth: dict[str, Any] = json.loads(demo.incoming("truth.json").read_text(encoding="utf-8"))["log_book"]
    return truth


def _add_pages(demo: Demo, book: LogBook) -> dict[str, BookPage]:
    """Each page at its place, drawn by its ruling; by the names of their files."""
    from dokaz.casework.acts import AttachedFile
    from dokaz.detention import proposing
    from dokaz.detention.acts import add_page, draw_regions, state_page_missing
    from dokaz.detention.log_books import BookPage
    from dokaz.exchange.reading.page_images import upright_size

    log = _log(demo)
    found: dict[str, BookPage] = {}
    for nth, said in enumerate(log["pages"], start=1):
        name = f"{said['id']}.jpg"
        if said["missing"]:
            with demo.filing(THIRD) as work:
                found[said["id"]] = state_page_missing(
                    book, work, remark="аркуш вирвано, корінець лишився", label=str(nth)
                )
            continue
        path = demo.incoming("log-book") / name
        kind, *size = upright_size(path.read_bytes(), name)
        table = proposing.from_ruling(path.read_bytes(), name, _COLUMNS, 1)
        if said["goes_on"]:
            before = found[f"p{nth - 1}"]
            head, table = [], [each | {"continues": [before.number, "table"]} for each in table]
        else:
            head = proposing.head_of([("date", (90, 90, 560, 190))])
        torn = "правий нижній кут відірвано" if said["torn"] else ""
        with demo.filing(THIRD) as work, path.open("rb") as content:
            photograph = AttachedFile(name, content, kind, {"width_px": str(size[0]), "height_px": str(size[1])})
            page = add_page(
                book,
                work,
                photograph=photograph,
                size_px=(size[0], size[1]),
                label=str(nth),
                condition="torn" if torn else "whole",
                remark=torn,
            )
            draw_regions(page, work, regions=[*head, *table])
        found[said["id"]] = BookPage.objects.get(pk=page.pk)
    return found


def _read(demo: Demo, page: BookPage, who: str, slips: str) -> dict[str, str]:
    """What somebody types who sometimes loses a letter."""
    from dokaz.detention.acts import file_reading
    from dokaz.detention.regions import texts_of
    from dokaz.simulate.station_log import SLIPS, with_slips

    cells = _truth(demo, page, [place.id for place in texts_of(page.regions)])
    typed = with_slips(cells, SLIPS[slips])
    with demo.filing(who) as work:
        file_reading(page, work, cells=typed)
    return cells


def _truth(demo: Demo, page: BookPage, places: list[str]) -> dict[str, str]:
    """What is written in each cell; the head is a date."""
    log = _log(demo)
    here = f"p{page.position}"
    rows = {row["row"].rsplit("r", 1)[-1]: row for row in log["rows"] if row["page"] == here}
    found = {}
    for place in places:
        row, _, column = place.removeprefix("r").partition("c")
        field = _COLUMNS[int(column)] if column.isdigit() else ""
        found[place] = str(rows.get(row, {}).get(field, "")) if field else f"0{page.position}.03.2022"
    return found


def _stated(pages: dict[str, BookPage]) -> str:
    missing = next(page for page in pages.values() if page.condition == "missing")
    torn = next(page for page in pages.values() if page.condition == "torn")
    return (
        f"Pages of a log that are not there: {missing.number} is missing and keeps its place, {torn.number} is torn, and "
        "both say so."
    )


def _who_settles(demo: Demo, page: BookPage) -> str:
    """A reader who would settle their own page is refused; a third settles it."""
    from dokaz.detention.acts import settle_page
    from dokaz.detention.books import differing
    from dokaz.errors import NotYours

    truth = _read(demo, page, FIRST, "first")
    _read(demo, page, SECOND, "second")
    read: dict[bool, Any] = {one.beside_id is None: one for one in page.readings.all()}
    choices = {region: truth[region] for region in differing(read[True], read[False])}
    try:
        with demo.filing(SECOND) as work:
            settle_page(page, work, choices=choices)
        refused = "it was settled by one of the two"
    except NotYours as refusal:
        refused = str(refusal.what)
    with demo.filing(THIRD) as work:
        settled = settle_page(page, work, choices=choices)
    return (
        f"A reader who would settle their own page: refused ({refused}); {settled.number} is a third person's, of "
        f"{len(choices)} cells that the two read differently."
    )


def _first_alone(demo: Demo, page: BookPage) -> str:
    """What one person read is kept from the other until both have read; reading a page twice is refused."""
    from dokaz.detention.acts import file_reading
    from dokaz.detention.log_books import PageReading
    from dokaz.errors import NotYours

    _read(demo, page, FIRST, "first")
    try:
        with demo.filing(FIRST) as work:
            file_reading(page, work, cells={})
        refused = "one person read it twice"
    except NotYours as refusal:
        refused = str(refusal.what)
    (alone,) = PageReading.kept_apart().filter(page=page)
    return (
        f"One person who would read a page twice: refused ({refused}); {alone.number} is on no page and in no bundle for "
        "anybody else, until a second person has read the same."
    )
