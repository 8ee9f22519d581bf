"""Every list leaves as CSV, XLSX and JSON: the lines that were asked for, nothing else, and what was asked."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
from django.urls import NoReverseMatch, reverse
from put_right_cases import every_kind

from dokaz.casework import journal
from dokaz.casework.rooms import rooms
from dokaz.exchange.reading.formulas import harmless
from dokaz.exchange.reading.workbooks import sheet_as_text
from dokaz.missing.models import MissingPerson
from dokaz.pages import list_files
from dokaz.pages.list_page import ListPage


@pytest.fixture
def house(house_after: Any) -> Any:
    return house_after(every_kind)


def lists() -> list[ListPage]:
    """The lists that stand alone; others need the record on whose page they are."""
    found = []
    for page in (page for room in rooms() for page in room.pages if isinstance(page, ListPage)):
        try:
            reverse(page.name)
        except NoReverseMatch:
            continue
        found.append(page)
    return found


def as_json(client: Any, page: str, query: str = "") -> dict[str, Any]:
    answer = client.get(f"{reverse(page)}?file=json{query}")
    assert answer.status_code == 200 and answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"] == f'attachment; filename="{page}.json"'
    said: dict[str, Any] = json.loads(answer.content)
    return said


def as_csv(client: Any, page: str, query: str = "") -> tuple[list[str], list[list[str]]]:
    """What stands above the header, and the rows with the header."""
    text = client.get(f"{reverse(page)}?file=csv{query}").content.decode("utf-8-sig")
    lines = text.split("\r\n")
    above = [line for line in lines if line.startswith("# ")]
    return above, list(csv.reader(io.StringIO("\r\n".join(lines[len(above) :]))))


def test_every_list_leaves_in_three_forms_that_say_the_same(house, browser):
    tried = 0
    for page in lists():
        client = browser(sorted(page.open_to)[0])
        shown = client.get(reverse(page.name))
        said = as_json(client, page.name)
        count = shown.context["page"].paginator.count
        assert said["lines"] == len(said["rows"]) == count, page.name
        assert said["list"] == str(page.label) and said["ledger_entries"] == journal.size()
        _above, rows = as_csv(client, page.name)
        assert rows[0] == said["columns"]
        assert rows[1:] == [[harmless(str(value)) for value in row] for row in said["rows"]]
        book = client.get(f"{reverse(page.name)}?file=xlsx").content
        sheet = list(
            csv.reader(
                io.StringIO(sheet_as_text(book, file="list.xlsx", sheet="lines").decode("utf-8-sig")), delimiter="\t"
            )
        )
        assert sheet[0] == said["columns"] and len(sheet) == count + 1
        # What the page shows, the file says: numbers of records, letter for letter.
        if count and count <= 50:
            html = shown.content.decode()
            number = next((nth for nth, column in enumerate(page.columns) if column.kind == "number"), None)
            assert number is None or all(str(row[number]) in html for row in said["rows"]), page.name
            tried += 1
        assert ("This list as a file:" in shown.content.decode()) == bool(count)
    assert tried > 8


def test_a_file_holds_what_was_asked_for_in_its_order_and_says_so(house, browser):
    client = browser("family_liaison")
    everybody, some = as_json(client, "missing"), as_json(client, "missing", "&q=Андрій&order=-number")
    assert 0 < some["lines"] < everybody["lines"]
    assert everybody["asked"] == "all of it" and some["asked"] == "q=Андрій&order=-number"
    numbers = [row[0] for row in some["rows"]]
    assert numbers == sorted(numbers, reverse=True)
    above, _rows = as_csv(client, "missing", "&q=Андрій")
    assert f"# lines: {some['lines']}" in above and "# asked: q=Андрій" in above
    assert any(line.startswith("# taken by: family_liaison 1, ") for line in above)
    assert re.fullmatch(
        r"# taken at: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", next(a for a in above if "taken at" in a)
    )


def test_no_cell_of_a_file_runs_as_a_formula(house, browser):
    from dokaz.missing.acts import report

    with house.filing("family_liaison") as f:
        report(f, family_name="=HYPERLINK(1)", given_name="@x")
    client = browser("family_liaison")
    _above, rows = as_csv(client, "missing")
    cell = next(value for row in rows for value in row if "HYPERLINK" in value)
    assert cell.startswith("'=")
    assert any("=HYPERLINK(1)" in str(row) for row in as_json(client, "missing")["rows"])
    book = client.get(f"{reverse('missing')}?file=xlsx").content
    assert b"=HYPERLINK(1)" in sheet_as_text(book, file="list.xlsx", sheet="lines")


def test_a_list_that_is_closed_leaves_nothing(house, browser):
    assert browser("scene").get(f"{reverse('missing')}?file=csv").status_code == 404
    assert browser("family_liaison").get(f"{reverse('missing')}?file=exe").context["page"].paginator.count


def test_a_list_that_is_too_long_says_so(house, browser, monkeypatch):
    from dokaz.pages import list_page

    monkeypatch.setattr(list_files, "MOST_LINES", 2)
    monkeypatch.setattr(list_page, "MOST_LINES", 2)
    assert MissingPerson.objects.count() > 2
    page = browser("family_liaison").get(f"{reverse('missing')}?file=csv").content.decode()
    assert "A list of more than 2 lines is taken as a file in parts" in page and "This list as a file" not in page


def test_thousands_of_lines_are_all_there_in_their_order(house, browser, monkeypatch):
    monkeypatch.setattr(list_files, "_AT_ONCE", 2)
    said = as_json(browser("family_liaison"), "missing", "&order=number")
    numbers = [row[0] for row in said["rows"]]
    assert len(numbers) > 3 and numbers == sorted(numbers) == sorted(set(numbers))
