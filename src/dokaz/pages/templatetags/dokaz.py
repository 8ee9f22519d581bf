"""The parts that pages are made of: figures that name their unit, states, hashes, tables, the ledger strip."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from dokaz.casework.records import Record
from dokaz.pages.local_time import offset_of
from dokaz.pages.parts import Cell, Choice, Crumb, Fact, ListColumn, MapPlace, Signing, Strip
from dokaz.pages.ways import history_of

register = template.Library()
Text = str | Promise

_ICONS = {
    "open": '<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="2"/>',
    "doing": '<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="2"/>'
    '<path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor"/>',
    "done": '<circle cx="8" cy="8" r="7" fill="currentColor"/>',
    "decide": '<path d="M8 1.5 15 14H1z" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round"/>'
    '<path d="M8 6v4m0 1v1.2" stroke="currentColor" stroke-width="1.8"/>',
    "broken": '<path d="M3 3l10 10M13 3 3 13" stroke="currentColor" stroke-width="2.5"/>',
    "void": '<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="2"/>'
    '<path d="M3.5 12.5l9-9" stroke="currentColor" stroke-width="2"/>',
    "copy": '<path d="M5.5 5.5h8v8h-8zM10.5 5V2.5h-8v8H5" fill="none" stroke="currentColor" stroke-width="1.4"/>',
    "theme": '<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.6"/>'
    '<path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor"/>',
    "up": '<path d="M8 4l4 7H4z" fill="currentColor"/>',
    "down": '<path d="M8 12l4-7H4z" fill="currentColor"/>',
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A small drawing beside words; always decoration, never the only sign."""
    return mark_safe(f'<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">{_ICONS[name]}</svg>')


@register.simple_tag
def state(label: Text, tone: str = "doing") -> SafeString:
    """A state: glyph and words. ``{% state unit.get_state_display unit.tone %}``"""
    return format_html('<span class="state {}">{}{}</span>', tone, icon(tone if tone in _ICONS else "doing"), label)


@register.simple_tag
def number(value: str, url: str = "") -> SafeString:
    """A record's number, in the letters of a label."""
    if url:
        return format_html('<a class="no" href="{}">{}</a>', url, value)
    return format_html('<span class="no">{}</span>', value)


@register.filter
def history(record: Record) -> str:
    """The address at which every version of a record is read."""
    return history_of(record)


@register.simple_tag
def hash(value: str, ends: int = 6) -> SafeString:
    """A hash by its ends; the whole of it in the title, on paper, and on the clipboard."""
    short = value if len(value) <= 2 * ends + 1 else f"{value[:ends]}…{value[-ends:]}"
    return format_html(
        '<span class="hash"><code title="{whole}" data-whole="{whole}">{short}</code>'
        '<button type="button" class="quiet copy" data-copy="{whole}" data-said="{said}" aria-label="{label}" '
        'title="{label}">{icon}</button></span>',
        whole=value,
        short=short,
        said=gettext("Copied"),
        label=gettext("Copy %(hash)s") % {"hash": short},
        icon=icon("copy"),
    )


@register.simple_tag
def when(value: datetime | date | None, fallback: Text = "") -> SafeString | Text:
    """A time by the clock of the investigation, which says how far that is from UTC; for machines, in UTC."""
    if not value:  # a template gives "" for the date of a moment that is not known
        return fallback or gettext("not recorded")
    if isinstance(value, datetime):
        moment = value.astimezone(UTC) if timezone.is_aware(value) else value.replace(tzinfo=UTC)
        written = formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")
        return format_html(
            '<time datetime="{}">{} {}</time>', moment.strftime("%Y-%m-%dT%H:%M:%SZ"), written, offset_of(moment)
        )
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), formats.date_format(value, "DATE_FORMAT"))


@register.filter
def count(value: float | None) -> str:
    """A number with its thousands apart; a dash where there is none."""
    return "–" if value is None else formats.number_format(value, use_l10n=True, force_grouping=True)


@register.inclusion_tag("pages/parts/figure.html")
def figure(value: Any, unit: Text, url: str = "", note: Text = "", tone: str = "") -> dict[str, Any]:
    """A number that names its unit and opens the list behind it."""
    return {"value": value, "unit": unit, "url": url, "note": note, "tone": tone}


@register.inclusion_tag("pages/parts/crumbs.html")
def crumbs(path: Iterable[Crumb | tuple[Text, str]]) -> dict[str, Any]:
    """The way to this page. Takes crumbs, or pairs of label and address."""
    return {"path": [step if isinstance(step, Crumb) else Crumb(*step) for step in path or ()]}


@register.inclusion_tag("pages/parts/record.html")
def record_header(
    number: str = "",
    kind: Text = "",
    title: Text = "",
    state: Text = "",
    tone: str = "doing",
    next: Text = "",
    next_url: str = "",
    next_label: Text = "",
) -> dict[str, Any]:
    """The head of a record's page: number, state, and what comes next."""
    return locals()


@register.inclusion_tag("pages/parts/facts.html")
def facts(rows: Iterable[Fact | Sequence[Any]]) -> dict[str, Any]:
    """The facts of a record. Takes facts, or tuples in their order."""
    return {"rows": [row if isinstance(row, Fact) else Fact(*row) for row in rows or ()]}


@register.inclusion_tag("pages/parts/strip.html")
def ledger_strip(strip: Strip | None) -> dict[str, Any]:
    """The strip along the edge: version, who signed, when, receipt, history."""
    return {"strip": strip}


@register.inclusion_tag("pages/parts/signing.html", takes_context=True)
def signing_panel(context: dict[str, Any], signing: Signing) -> dict[str, Any]:
    """The place where a person signs: what is said, who did, who is missing, the passphrase."""
    return {"signing": signing, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("pages/parts/empty.html")
def empty(what: Text, next: Text = "", url: str = "", label: Text = "") -> dict[str, Any]:
    """A page with nothing on it says what to do."""
    return {"what": what, "next": next, "url": url, "label": label}


@register.inclusion_tag("pages/parts/drawing.html")
def drawing(svg: str, caption: Text = "") -> dict[str, Any]:
    """A picture out of ``dokaz.pages.pictures``, with its caption. Its text was escaped where it was drawn."""
    return {"svg": mark_safe(svg), "caption": caption}


@register.inclusion_tag("pages/parts/graphic.html")
def graphic(
    src: str, alt: Text, caption: Text = "", url: str = "", hidden: bool = True, label: Text = ""
) -> dict[str, Any]:
    """A photograph, blurred until asked for; ``url`` opens it in the viewer."""
    return {"src": src, "alt": alt, "caption": caption, "url": url, "hidden": hidden, "label": label}


@register.inclusion_tag("pages/parts/viewer.html")
def viewer(src: str, alt: Text, hidden: bool = True, width: int = 0, height: int = 0) -> dict[str, Any]:
    """A picture to look into: ``src`` is an image, or a pyramid (``.dzi``)."""
    return {"src": src, "alt": alt, "hidden": hidden, "width": width, "height": height}


@register.inclusion_tag("pages/parts/map.html")
def site_map(sites: Iterable[MapPlace]) -> dict[str, Any]:
    """A map of sites, and beside it the list that says the same. The page also loads ``pages/parts/map_scripts.html``."""
    places = list(sites)
    data = [{"number": one.number, "name": str(one.name), "lon": one.longitude, "lat": one.latitude} for one in places]
    return {"sites": places, "data": data}


_SORTED = {"": "ascending", "-": "descending"}


@register.inclusion_tag("pages/parts/heads.html", takes_context=True)
def heads(context: dict[str, Any], columns: Iterable[ListColumn]) -> dict[str, Any]:
    """The head of a table, with links that order it (``?order=key``, ``?order=-key``)."""
    order = context["request"].GET.get("order", "")
    rows = [
        {
            "column": column,
            "sort": _SORTED.get(order.removesuffix(column.key)) if column.key and order.endswith(column.key) else "",
            "next": f"-{column.key}" if order == column.key else column.key,
        }
        for column in columns
    ]
    return {"rows": rows, "request": context["request"]}


@register.inclusion_tag("pages/parts/pages.html", takes_context=True)
def pagination(context: dict[str, Any], page: Page[Any], unit: Text = "") -> dict[str, Any]:
    """The pages of a list; says how many lines there are, and of what."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        "numbers": list(numbers),
        "gap": page.paginator.ELLIPSIS,
        "unit": unit,
        "request": context["request"],
    }


@register.inclusion_tag("pages/parts/filter.html", takes_context=True)
def filter_bar(
    context: dict[str, Any], choices: Iterable[Choice] = (), search: bool = True, target: str = "list", label: Text = ""
) -> dict[str, Any]:
    """Filters above a list. They answer in place where scripts run, and with a button where they do not."""
    return {
        "choices": list(choices),
        "search": search,
        "target": target,
        "label": label,
        "request": context["request"],
        "q": context["request"].GET.get("q", ""),
        "order": context["request"].GET.get("order", ""),
    }


@register.simple_tag
def cell(cell: Cell) -> SafeString:
    """What stands in one place of a list: its value as its column shows it, and the note beside or below it."""
    value, column = cell.value, cell.column
    shown: Any
    if column.acts:
        buttons = [(link.url, link.label, cell.of) for link in cell.links]
        return format_html_join(" ", '<a href="{}">{}<span class="unseen"> {}</span></a>', buttons)
    if value is None or value == "":
        shown = "–"
    elif column.kind == "number":
        shown = number(value, cell.url)
    elif column.kind == "state":
        shown = state(value[0], value[1])
    elif column.kind == "when":
        shown = when(value)
    elif column.is_number and isinstance(value, int):
        shown = count(value)
    else:
        shown = value
    if cell.url and column.kind != "number":
        shown = format_html('<a href="{}">{}</a>', cell.url, shown)
    if cell.note:
        style = "soft small under" if column.under else "soft"
        return format_html('{} <span class="{}">{}</span>', shown, style, cell.note)
    return format_html("{}", shown)
