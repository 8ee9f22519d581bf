"""A list as a file: CSV, XLSX or JSON of exactly the lines that were asked for, with what was asked, when and by whom."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeData
from django.utils.translation import gettext as _

from dokaz.casework import journal
from dokaz.exchange.reading.formulas import harmless
from dokaz.pages.acting import Acting
from dokaz.pages.lists import LongList
from dokaz.pages.parts import Cell, ListColumn, Text

#: A longer list is asked for in parts.
MOST_LINES = 100_000
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class ListFile:
    """What a file of a list says.

    Args:
        title: The name of the list.
        about: What was asked, of which ledger, when and by whom; by its name.
        heads: The columns, in words.
        rows: The lines, each with a plain value a column.
    """

    title: str
    about: dict[str, str | int]
    heads: Sequence[str]
    rows: Iterator[list[Any]]


def list_file(
    request: HttpRequest,
    acting: Acting,
    lines: LongList,
    columns: Sequence[ListColumn],
    row_of: Callable[[Sequence[ListColumn], Any, Acting], list[Cell]],
    *,
    name: str,
    title: Text,
    unit: Text,
) -> HttpResponse | None:
    """The list in the form that the address asks for (``file``); none where it asks for none, or the list is too long.

    Args:
        lines: What was asked for, in its order.
        row_of: Gives the cells of a line.
        name: Of the file, without its ending.
        unit: What is counted.
    """
    write = _FORMS.get(request.GET.get("file", ""))
    if write is None or lines.count > MOST_LINES:
        return None
    shown = [column for column in columns if column.label and not column.acts]
    asked = "&".join(f"{key}={value}" for key, value in request.GET.items() if key not in ("file", "page") and value)
    about: dict[str, str | int] = {
        "list": str(title),
        "unit": str(unit),
        "lines": lines.count,
        "asked": asked or _("all of it"),
        "ledger entries": journal.size(),
        "taken at": timezone.localtime().isoformat(timespec="seconds"),
        "taken by": f"{acting.person.name}, {acting.role_label}",
    }
    heads = [head for column in shown for head in _heads(column)]
    rows = ([value for cell in row_of(shown, line, acting) for value in _values(cell)] for line in _lines(lines))
    media_type, content = write(ListFile(str(title), about, heads, rows))
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}.{request.GET["file"]}"'
    return answer


def _lines(lines: LongList) -> Iterator[Any]:
    """All lines in their order, some at once, with what they show of other records."""
    keys = list(lines.query.values_list("pk", flat=True))
    for first in range(0, len(keys), _AT_ONCE):
        part = keys[first : first + _AT_ONCE]
        query = lines.query.model._base_manager.filter(pk__in=part)
        found = {line.pk: line for line in (lines.fetch(query) if lines.fetch else query)}
        yield from (found[key] for key in part if key in found)


def _heads(column: ListColumn) -> list[str]:
    label = str(column.label)
    return [label] if column.note is None else [label, _("%(column)s, beside it") % {"column": label}]


def _values(cell: Cell) -> list[Any]:
    value = cell.value[0] if cell.column.kind == "state" and cell.value else cell.value
    return [_plain(value)] if cell.column.note is None else [_plain(value), _plain(cell.note)]


def _plain(value: Any) -> Any:
    """A value as every program reads it: a number, or a text."""
    if value is None or isinstance(value, bool | int | float):
        return "" if value is None else value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).isoformat(timespec="minutes")
    if isinstance(value, dt.date):
        return value.isoformat()
    return strip_tags(str(value)) if isinstance(value, SafeData) else str(value)


def _as_csv(file: ListFile) -> tuple[str, bytes]:
    """With a byte-order mark, for spreadsheets; what it is stands above the header, as in files that are read here."""
    text = io.StringIO(newline="")
    for name, said in file.about.items():
        text.write(f"# {name}: {' '.join(str(said).split())}\r\n")
    table = csv.writer(text)
    table.writerow([harmless(head) for head in file.heads])
    for row in file.rows:
        table.writerow([harmless(str(value)) for value in row])
    return "text/csv; charset=utf-8", text.getvalue().encode("utf-8-sig")


def _as_xlsx(file: ListFile) -> tuple[str, bytes]:
    """One sheet with the lines, one with what they are. A text stays a text: none is run as a formula."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(
        content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet(_("lines"))
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, file.heads, bold)
        for nth, row in enumerate(file.rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(nth, column, value)
                else:
                    sheet.write(nth, column, value)
        sheet.autofit()
        about = book.add_worksheet(_("what this is"))
        for nth, (name, said) in enumerate(file.about.items()):
            about.write_string(nth, 0, name, bold)
            about.write_string(nth, 1, str(said))
        about.autofit()
    return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", content.getvalue()


def _as_json(file: ListFile) -> tuple[str, bytes]:
    said = {name.replace(" ", "_"): value for name, value in file.about.items()}
    whole = {**said, "columns": list(file.heads), "rows": list(file.rows)}
    return "application/json", json.dumps(whole, ensure_ascii=False, indent=1).encode()


_FORMS: dict[str, Callable[[ListFile], tuple[str, bytes]]] = {"csv": _as_csv, "xlsx": _as_xlsx, "json": _as_json}
FORMS = tuple(_FORMS)
