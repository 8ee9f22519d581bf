"""The page of a list: searched, filtered, ordered, paged, each line opening what it speaks of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from dokaz.casework.records import Record
from dokaz.pages.act_page import link_on, links_to
from dokaz.pages.acting import Acting, acting_of
from dokaz.pages.list_files import FORMS, MOST_LINES, list_file
from dokaz.pages.lists import in_order, matching, page_of, searched
from dokaz.pages.parts import Cell, Choice, ListColumn, Pick, Text
from dokaz.pages.ways import way_to_page

Query = QuerySet[Any]


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter above a list.

    Args:
        name: Of the field of the address.
        label: In words; empty: only addresses ask for it, no field is shown.
        options: The values and what they are called; a function where they are known only when the page is asked for.
        apply: The query filtered by the chosen value; None: the field of that name equals it.
        default: The value that holds where none is asked for.
        note: Says above the list what it is filtered by, where no field does; ``%(value)s`` is what was asked for.
    """

    name: str
    label: Text = ""
    options: Sequence[tuple[str, Text]] | Callable[[], Sequence[tuple[str, Text]]] = ()
    apply: Callable[[Query, str], Query] | None = None
    default: str = ""
    note: Text = ""

    def listed(self) -> list[tuple[str, Text]]:
        """The options, asked for now."""
        return list(self.options() if callable(self.options) else self.options)


@dataclass(frozen=True, slots=True)
class Empty:
    """What a list says that has no line: what is so, what to do, and where."""

    what: Text
    next: Text
    page: str = ""
    label: Text = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """A list of records.

    Args:
        name: Of its address.
        at: The route.
        open_to: The offices to which it exists.
        label: Its title, and its name on the way to what it lists.
        lead: A sentence under the title.
        lists: The kind of record.
        records: The query, where not every record is listed for every reader; handed the reader.
        columns: What a line shows; the first that can be ordered is the order where none is asked for.
        unit: What is counted, in words that follow a number.
        empty: What it says while there is nothing to list.
        none_fits: What it says where nothing fits what was asked.
        search: The fields in which words are searched; none: no search is offered.
        filters: The filters above it.
        fetch: Adds to a query what the lines show of other records.
        acts: Names of the pages of acts that start from here.
        is_first_due: Whether the first of them is what comes next; while there is nothing to list, it is.
        see_also: Other pages that one goes to from here: name and label.
        pick: What can be done with lines that the reader chooses.
        under: The page above it.
        stop: The stop on the rail that it lights.
        template, context: Where something is drawn above the list.
    """

    name: str
    at: str
    open_to: frozenset[str]
    label: Text
    lists: type[Record]
    columns: Sequence[ListColumn]
    unit: Text
    empty: Empty
    records: Callable[[Acting], Query] | None = None
    none_fits: Empty | None = None
    lead: Text = ""
    search: Sequence[str] = ()
    filters: Sequence[Filter] = ()
    fetch: Callable[[Query], Query] | None = None
    acts: Sequence[str] = ()
    is_first_due: bool = False
    see_also: Sequence[tuple[str, Text]] = ()
    pick: Pick | None = None
    under: str = ""
    stop: str = ""
    template: str = "pages/list.html"
    context: Callable[[Acting], dict[str, Any]] | None = None

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The lines that the address asks for."""
        acting = acting_of(request)
        query, is_filtered = self.asked(request)
        if (file := self._file(request, acting, query)) is not None:
            return file
        lines = lines_of(request, query, self.columns, unit=self.unit, fetch=self.fetch, pick=self.pick)
        is_due = self.is_first_due or not (is_filtered or lines["page"].paginator.count)
        return render(
            request,
            self.template,
            {
                "path": way_to_page(self.name),
                "title": self.label,
                "lead": self.lead,
                "act_links": links_to(acting, *self.acts, due=is_due),
                "see_also": [(reverse(name), label) for name, label in self.see_also if acting.opens(name)],
                "has_filter": bool(self.search or any(each.label for each in self.filters)),
                "searchable": bool(self.search),
                "choices": [
                    Choice(each.name, each.label, each.listed(), request.GET.get(each.name, each.default))
                    for each in self.filters
                    if each.label
                ],
                **lines,
                "is_filtered": is_filtered,
                "notes": [
                    str(each.note) % {"value": value}
                    for each in self.filters
                    if each.note and (value := request.GET.get(each.name))
                ],
                "empty": self._empty(acting),
                "none_fits": self.none_fits or self.empty,
                "here": reverse(self.name),
                "file_forms": FORMS,
                "most_lines": MOST_LINES,
                **(self.context(acting) if self.context is not None else {}),
            },
        )

    def _file(self, request: HttpRequest, acting: Acting, query: Query) -> HttpResponse | None:
        """The list as a file, where the address asks for one."""
        lines = in_order(request, query, orders=orders_of(self.columns), fetch=self.fetch)
        return list_file(request, acting, lines, self.columns, row_of, name=self.name, title=self.label, unit=self.unit)

    def _empty(self, acting: Acting) -> Empty:
        """What it says while there is nothing; the way on only for whom it is open."""
        way_on = self.empty.page
        return self.empty if not way_on or acting.opens(way_on) else replace(self.empty, page="", label="")

    def asked(self, request: HttpRequest) -> tuple[Query, bool]:
        """The query with everything that the address asks for, and whether it asks for anything."""
        query: Query = self.lists.objects.all() if self.records is None else self.records(acting_of(request))
        words = searched(request)
        is_filtered = False
        if words and self.search:
            query, is_filtered = query.filter(matching(words, *self.search)), True
        for each in self.filters:
            is_named = each.name in request.GET
            value = request.GET.get(each.name, each.default)
            known = {option for option, _label in each.listed()}
            if (value == "" and (each.label or not is_named)) or (known and value not in known):
                continue
            query = each.apply(query, value) if each.apply is not None else query.filter(**{each.name: value})
            is_filtered = is_filtered or is_named
        return query, is_filtered


def orders_of(columns: Sequence[ListColumn]) -> dict[str, Sequence[Any]]:
    """The orders that an address may ask for."""
    return {column.key: column.order for column in columns if column.key}


def lines_of(
    request: HttpRequest,
    query: Query,
    columns: Sequence[ListColumn],
    *,
    unit: Text,
    fetch: Callable[[Query], Query] | None = None,
    pick: Pick | None = None,
) -> dict[str, Any]:
    """What ``pages/parts/lines.html`` draws: one page of a query, in the order that the address asks for."""
    page = page_of(request, query, orders=orders_of(columns), fetch=fetch)
    rows = [row_of(columns, one, acting_of(request)) for one in page]
    open_pages = (
        [(reverse(name), label) for name, label in pick.pages if acting_of(request).opens(name)] if pick else []
    )
    return {"columns": columns, "page": page, "rows": rows, "unit": unit, "pick": pick, "pick_pages": open_pages}


def table_of(
    acting: Acting,
    title: Text,
    columns: Sequence[ListColumn],
    records: Iterable[Any],
    *,
    empty: Text,
    next: Text = "",
    caption: Text = "",
) -> dict[str, Any]:
    """What ``pages/parts/table.html`` draws: records on the page of another, all of them and in their order.

    Args:
        empty: What it says where there is none.
        next: What to do then.
    """
    rows = [row_of(columns, one, acting) for one in records]
    return {"title": title, "columns": columns, "rows": rows, "empty": empty, "next": next, "caption": caption}


def row_of(columns: Sequence[ListColumn], line: Any, acting: Acting) -> list[Cell]:
    """What stands in a line, column by column."""
    return [
        Cell(
            column,
            column.value(line) if column.value is not None else "",
            column.url(line) if column.url is not None else "",
            column.note(line) if column.note is not None else "",
            [link for name in column.acts if (link := link_on(line, acting, name)) is not None],
            getattr(line, "number", ""),
        )
        for column in columns
    ]
