"""A report as one HTML file: nothing is loaded from elsewhere, nothing runs, and it reads well aloud and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from dokaz.reports.document import (
    ReportBlock,
    ReportDocument,
    ReportFacts,
    ReportHeading,
    ReportPictures,
    ReportSignatures,
    ReportTable,
    ReportText,
    shown_of,
)

_STYLE = """
:root { --ink: #1b1b1b; --soft: #555; --hair: #bbb; --accent: #1d3f72; --band: #eef1f6; }
body { color: var(--ink); background: #fff; font: 15px/1.5 "IBM Plex Sans", system-ui, sans-serif; margin: 0; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.8rem; line-height: 1.2; margin: 0 0 1rem; }
h2 { color: var(--accent); font-size: 1.15rem; margin: 2.2rem 0 .6rem; break-after: avoid; }
p { max-width: 44rem; }
.strong { border: 1px solid var(--accent); border-left-width: 4px; font-weight: 600; padding: .6rem .8rem; }
dl { display: grid; gap: .3rem 1.2rem; grid-template-columns: minmax(8rem, 28%) 1fr; margin: .8rem 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
.blank { border-bottom: 1px solid var(--ink); min-height: 1.4em; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .88rem; margin: .8rem 0; }
caption { font-weight: 600; padding: .2rem 0; text-align: left; }
th, td { border-bottom: 1px solid var(--hair); padding: .22rem .6rem; }
th, td { text-align: left; vertical-align: top; }
thead th { border-bottom: 2px solid var(--ink); }
th[scope=row] { font-weight: 400; }
.number { font-variant-numeric: tabular-nums; text-align: right; white-space: nowrap; }
.set-off > * { background: var(--band); font-weight: 600; }
.pictures { display: flex; flex-wrap: wrap; gap: 1.5rem; }
figure { flex: 1 1 20rem; margin: 0; min-width: 0; }
figcaption { font-weight: 600; margin-bottom: .5rem; }
svg { color: var(--ink); height: auto; max-width: 100%; }
svg .hair { color: var(--hair); } svg .soft { color: var(--soft); } svg .on-ink { color: #fff; }
.signatures { break-inside: avoid; width: 100%; }
.signatures td { border-bottom: 1px solid var(--ink); height: 2.2rem; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin: 0 0 .6rem; } }
@media print { main { max-width: none; padding: 0; } body { font-size: 10pt; } tr, figure { break-inside: avoid; } }
"""


def as_html(document: ReportDocument) -> bytes:
    """The report as an HTML file in UTF-8."""
    title = _said(f"{document.title}: {document.subtitle}")
    # A browser numbers the pages as it prints them; CSS has no place for a title, so it stands in a margin as a string.
    mark = document.page_of % {"page": '" counter(page) "', "pages": '" counter(pages) "'}
    head = _css_text(f"{document.title} · {document.subtitle} · {document.date.isoformat()}")
    pages = (
        f'@page {{ size: A4; margin: 20mm 18mm; @bottom-right {{ content: "{mark}"; font-size: 8pt; }} '
        f'@top-left {{ content: "{head}"; font-size: 8pt; }} }}'
    )
    body = "\n".join(part for block in document.blocks for part in _block(block))
    written = (
        f'<!DOCTYPE html>\n<html lang="{document.language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{title}</title>\n<style>{_STYLE}{pages}\n</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{_said(document.title)}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    )
    return written.encode()


def _said(text: str) -> str:
    return escape(text)


def _css_text(text: str) -> str:
    """Text within a string of CSS within a style element."""
    return "".join(letter if letter.isalnum() or letter in " .-·" else f"\\{ord(letter):06x}" for letter in text)


def _block(block: ReportBlock) -> Iterator[str]:
    match block:
        case ReportHeading(text):
            yield f"<h2>{_said(text)}</h2>"
        case ReportText(text, is_strong):
            yield f'<p class="strong">{_said(text)}</p>' if is_strong else f"<p>{_said(text)}</p>"
        case ReportFacts(rows):
            yield "<dl>"
            for name, text in rows:
                yield f"<dt>{_said(name)}</dt>" + (f"<dd>{_said(text)}</dd>" if text else '<dd class="blank"></dd>')
            yield "</dl>"
        case ReportTable():
            if not block.is_for_workbooks:
                yield from _table(block)
        case ReportPictures():
            yield '<div class="pictures">'
            for picture in block.pictures:
                yield f"<figure><figcaption>{_said(picture.title)}</figcaption>{picture.svg}</figure>"
            yield f"</div>\n{block.legend_svg}"
        case ReportSignatures():
            yield from _signatures(block)


def _table(table: ReportTable) -> Iterator[str]:
    def look(k: int) -> str:
        return ' class="number"' if k in table.numeric else ""

    heads = "".join(f'<th scope="col"{look(k)}>{_said(name)}</th>' for k, name in enumerate(table.columns))
    yield f'<div class="scroll" role="region" tabindex="0" aria-label="{_said(table.caption)}"><table>'
    yield f"<caption>{_said(table.caption)}</caption>\n<thead><tr>{heads}</tr></thead>\n<tbody>"
    for r, row in enumerate(table.rows):
        first, *others = row
        cells = f'<th scope="row"{look(0)}>{_said(shown_of(first))}</th>'
        cells += "".join(f"<td{look(k)}>{_said(shown_of(cell))}</td>" for k, cell in enumerate(others, start=1))
        yield f'<tr class="set-off">{cells}</tr>' if r in table.strong_rows else f"<tr>{cells}</tr>"
    yield "</tbody></table></div>"


def _signatures(signatures: ReportSignatures) -> Iterator[str]:
    people = "".join(f'<th scope="col">{_said(person)}</th>' for person in signatures.people)
    yield f'<table class="signatures"><thead><tr><td></td>{people}</tr></thead>\n<tbody>'
    for line in signatures.lines:
        yield f'<tr><th scope="row">{_said(line)}</th>{"<td></td>" * len(signatures.people)}</tr>'
    yield "</tbody></table>"
