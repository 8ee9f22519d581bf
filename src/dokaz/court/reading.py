"""The part of a bundle that people read: a page that needs no server, tables, and how to check it all.

Derived from the openings in the bundle, hence hashed but no evidence of itself; every table reproduces from
``log/openings.jsonl``.
"""

from __future__ import annotations

import csv
import html
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dokaz.casework.trial import is_trial
from dokaz.exchange.reading.formulas import harmless
from dokaz.ledger import canonical

if TYPE_CHECKING:
    from dokaz.court.contents import Contents

# Above everything that is read of a trial: the log says that one administrator founded it.
TRIAL = (
    "THIS IS A TRIAL, not the log of an investigation: one administrator alone founded it.",
    "ЦЕ ПРОБНИЙ ЖУРНАЛ, а не журнал розслідування: його заснував один адміністратор.",
)

README = """\
{mark}WHAT THIS IS
A bundle of evidence from the Dokaz ledger: {entries} entries of a log that held {size} when this was made.
Purpose: {purpose}

HOW TO CHECK IT
Take the verifier from somebody whom you trust, not from whoever gave you this bundle: it is the folder verifier/ of the
sources of Dokaz. Install it there (pip install ./verifier; it needs Python 3.11 or newer, and no network afterwards), then:

    dokaz-verify .

Compare the fingerprint that it prints with the one that the investigation has published elsewhere.
The format is specified in docs/ledger-format.md of the Dokaz sources; anybody may write a verifier of their own.

WHAT A SUCCESSFUL CHECK SHOWS
That nothing was changed since it was recorded, and who signed what in which office. It does not show that what was
recorded is true, nor that nothing was left out. Open index.html to read; the tables are in tables/.


ЩО ЦЕ
Пакет доказів із журналу Dokaz: {entries} записів із {size}, що були в журналі на час його створення.
Мета: {purpose}

ЯК ПЕРЕВІРИТИ
Візьміть програму перевірки в того, кому довіряєте, а не в того, хто дав вам цей пакет: це тека verifier/ у вихідних
кодах Dokaz. Встановіть її там (pip install ./verifier; потрібен Python 3.11 або новіший, мережа далі не потрібна):

    dokaz-verify .

Порівняйте відбиток ключа, який вона покаже, з тим, що слідство оприлюднило деінде.

ЩО ДОВОДИТЬ УСПІШНА ПЕРЕВІРКА
Що від часу запису нічого не змінено і хто, на якій посаді, що підписав. Вона не доводить, що записане є правдою або що
нічого не випущено. Для читання відкрийте index.html; таблиці лежать у tables/.
"""

# Stands in tables and on the page where something is withheld; an empty cell is one where nothing was stated.
WITHHELD = "[withheld: {code}]"
ERASED = "[erased: {order}]"

_PAGE = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body{{font:16px/1.5 "IBM Plex Sans",system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;color:#1b1f24;
background:#fbfaf6}} h1,h2{{font-weight:600}} table{{border-collapse:collapse;width:100%;font-size:.85rem}}
th,td{{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #d9d4c7;overflow-wrap:anywhere}}
th{{white-space:nowrap}} code{{font-family:"IBM Plex Mono",monospace;font-size:.85em}} details{{margin:.6rem 0}}
summary{{cursor:pointer;font-weight:600}} .withheld{{background:#efeadd}}
.trial{{font-weight:600;border:2px solid;padding:.3rem .6rem}} @media print{{details{{display:block}}}}
</style></head><body>
{body}
</body></html>
"""


def write_for_reading(target: Path, contents: Contents, *, purpose: str, size: int) -> None:
    """Write README.txt, index.html and one CSV table a kind of record."""
    (target / "README.txt").write_text(_readme(contents, purpose, size), encoding="utf-8")
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    for index, entry in contents.entries:
        shown = {name: _text(value) for name, value in contents.versions[index].items()}
        shown |= {name: WITHHELD.format(code=each.code) for name, each in contents.kept_back[index].items()}
        shown |= {name: ERASED.format(order=order) for name, order in contents.erased.get(index, {}).items()}
        rows[entry.kind].append(
            {
                "index": str(index),
                "record": entry.record,
                "version": str(entry.version),
                "act": entry.act,
                "at": entry.at,
                **shown,
            }
        )
    (target / "tables").mkdir(exist_ok=True)
    for kind, table in sorted(rows.items()):
        _write_table(target / "tables" / f"{kind}.csv", table)
    (target / "index.html").write_text(_page(contents, rows, purpose, size), encoding="utf-8")


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else canonical(value).decode()


def _columns(table: list[dict[str, str]]) -> list[str]:
    first = ["index", "record", "version", "act", "at", "number"]
    names = sorted({name for row in table for name in row} - set(first))
    return first + names


def _write_table(path: Path, table: list[dict[str, str]]) -> None:
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, _columns(table), restval="", lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(_harmless(row) for row in table)


def _harmless(row: dict[str, str]) -> dict[str, str]:
    return {name: harmless(value) for name, value in row.items()}


def _page(contents: Contents, rows: dict[str, list[dict[str, str]]], purpose: str, size: int) -> str:
    escape = html.escape
    parts = [
        *(f'<p class="trial own">{escape(line)}</p>' for line in (TRIAL if is_trial() else ())),
        f"<h1>{escape(purpose)}</h1>",
        f"<p class=own>{len(contents.entries)} entries of a log that held {size}; {len(contents.files)} files; "
        f"{len(contents.withheld)} fields and {len(contents.withheld_files)} files withheld; "
        f"{len(_erased(contents))} fields erased by order. "
        "Run <code>dokaz-verify .</code> in this directory to check all of it; see README.txt.</p>",
    ]
    for kind, table in sorted(rows.items()):
        newest: dict[str, dict[str, str]] = {}
        for row in table:
            newest[row["record"]] = row
        columns = [c for c in _columns(table) if c not in ("record", "act")]
        head = "".join(f"<th scope=col>{escape(c)}</th>" for c in columns)
        lines = "".join(
            "<tr>" + "".join(f"<td>{escape(row.get(c, ''))}</td>" for c in columns) + "</tr>"
            for row in sorted(newest.values(), key=lambda r: (r.get("voided") == "true", r.get("number", "")))
        )
        void = sum(row.get("voided") == "true" for row in newest.values())
        counted = f"{len(newest) - void} records" + (f", and {void} void" if void else "")
        parts.append(
            f"<details><summary class=own>{escape(kind)}: {counted}</summary>"
            f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></details>"
        )
    if contents.withheld or contents.withheld_files:
        parts.append(
            "<h2 class=own>Withheld</h2><table><thead><tr><th>entry</th><th>kind</th><th>record</th><th>what</th>"
            f"<th>digest</th><th>code</th><th>authority</th></tr></thead><tbody>{''.join(_withheld(contents))}</tbody></table>"
        )
    if contents.erased:
        lines = "".join(
            "<tr class=withheld>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
            for row in _erased(contents)
        )
        parts.append(
            "<h2 class=own>Erased by order</h2><table><thead><tr><th>entry</th><th>kind</th><th>record</th><th>what</th>"
            f"<th>digest</th><th>order</th></tr></thead><tbody>{lines}</tbody></table>"
        )
    return _PAGE.format(title=escape(purpose), body="\n".join(parts))


def _withheld(contents: Contents) -> Iterator[str]:
    """What is not shown, line by line: of which entry, which field or file, under which code, by whose authority."""
    entries = dict(contents.entries)
    names = {index: {digest: name for name, digest in entry.fields.items()} for index, entry in contents.entries}
    lines = [(row, names[row["index"]][row["digest"]], row["digest"]) for row in contents.withheld]
    lines += [(row, "file", row["file"]) for row in contents.withheld_files]
    for row, what, digest in sorted(lines, key=lambda line: (line[0]["index"], line[1])):
        entry = entries[row["index"]]
        cells = (str(row["index"]), entry.kind, entry.record, what, digest, row["code"], row["authority"])
        yield "<tr class=withheld>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>"


def _erased(contents: Contents) -> list[tuple[str, ...]]:
    """What was erased, each digest once: of which entry, which field, by which order."""
    found: dict[str, tuple[str, ...]] = {}
    for index, entry in contents.entries:
        for name, order in sorted(contents.erased.get(index, {}).items()):
            digest = entry.fields[name]
            found.setdefault(digest, (str(index), entry.kind, entry.record, name, digest, order))
    return list(found.values())


def own_lines(contents: Contents, *, size: int) -> dict[str, list[str]]:
    """The lines of README.txt that every bundle has."""
    return {"README.txt": _readme(contents, "", size).splitlines()}


def _readme(contents: Contents, purpose: str, size: int) -> str:
    mark = "".join(f"{line}\n" for line in TRIAL) + "\n" if is_trial() else ""
    return README.format(mark=mark, entries=len(contents.entries), size=size, purpose=purpose)
