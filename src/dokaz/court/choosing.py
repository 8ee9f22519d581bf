"""Choosing whom and what a bundle withholds: found by name or number, and looked at before the bundle is made."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dokaz.casework.filing import Actor
from dokaz.casework.records import Record, kind_in_words
from dokaz.casework.rooms import may_read, may_read_this, record_declarations
from dokaz.casework.store import Store
from dokaz.court.assembling import Wanted, gathered, refuse_other_offices
from dokaz.court.contents import Contents
from dokaz.court.leaks import leaks_in, stated_leaks
from dokaz.court.reading import own_lines, write_for_reading
from dokaz.court.redaction import CODES
from dokaz.court.withholding import Basis, Leak
from dokaz.pages.lists import matching

# More than these nobody looks through: a word more finds fewer.
MOST_FOUND = 30

WHY: dict[str, Promise] = {
    "rule": _("chosen"),
    "tells": _("tells of"),
    "name": _("names"),
    "number": _("holds the number of"),
    "contact": _("holds a contact of"),
    "profile": _("holds the DNA profile of"),
    "original": _("is the original of something that is withheld"),
    "unreadable": _("cannot be searched for names"),
    "attached": _("is attached to something that is withheld"),
}


def find(text: str, role: str) -> list[Record]:
    """Records whose number or name holds some words, people first; of the kinds that an office may read."""
    found: list[Record] = []
    kinds = [each.model for each in record_declarations() if may_read(role, each.model)]
    for model in sorted(kinds, key=lambda one: not one.named_in):
        if text.strip() and len(found) < MOST_FOUND:
            query = model.objects.filter(matching(text, "number", *model.named_in)).order_by("number")
            found += [one for one in query[: MOST_FOUND - len(found)] if may_read_this(role, one)]
    return found


def called(record: Record) -> str:
    """A record as it is chosen: its number, its kind, and whom it is about."""
    name = " ".join(str(getattr(record, part)) for part in record.named_in).strip()
    return " · ".join(filter(None, (record.number, kind_in_words(record.kind()), name)))


@dataclass(frozen=True)
class Kept:
    """What is withheld of one record, or one file.

    Args:
        what: The kind of the record in words; what a file is called, where that is shown.
        number: Of the record; for a file its hash.
        fields: The names of the fields.
        grounds: Why: code, reason, and whom it names.
    """

    what: str
    number: str
    fields: tuple[str, ...]
    grounds: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """What a bundle would hold and withhold, and what hinders it.

    Args:
        size: How many entries the log holds.
        page: What its reader would see, as HTML.
    """

    contents: Contents
    size: int
    leaks: list[Leak]
    page: str

    def records(self) -> list[Kept]:
        """What would be withheld, record by record."""
        fields: dict[tuple[str, str], set[str]] = defaultdict(set)
        grounds: dict[tuple[str, str], set[Basis]] = defaultdict(set)
        entries = dict(self.contents.entries)
        for index, kept_back in self.contents.kept_back.items():
            key = (entries[index].kind, entries[index].record)
            fields[key] |= set(kept_back)
            grounds[key] |= set(kept_back.values())
        numbers = self.contents.withholding.numbers
        return [
            Kept(kind_in_words(key[0]), numbers[key], tuple(sorted(names)), _in_words(grounds[key]))
            for key, names in sorted(fields.items(), key=lambda each: (each[0][0], numbers[each[0]]))
            if names
        ]

    def files(self) -> list[Kept]:
        """Which files would be withheld."""
        kept_back, names = self.contents.withholding.files, self._names_of_files()
        return [Kept(names.get(file, ""), file.removeprefix("sha256:"), (), _in_words({why}))
                for file, why in sorted(kept_back.items())]  # fmt: skip

    def _names_of_files(self) -> dict[str, str]:
        """What files are called where their names are shown: in deliveries, and of photographs."""
        found: dict[str, str] = {}
        for shown in self.contents.versions.values():
            stated = shown.get("files", ())
            listed = stated if isinstance(stated, list) else []
            for each in [*listed, {"sha256": shown.get("sha256"), "name": shown.get("file_name")}]:
                if isinstance(each, dict) and each.get("sha256") and each.get("name"):
                    found[f"sha256:{each['sha256']}"] = str(each["name"])
        return found


def _in_words(grounds: set[Basis]) -> tuple[str, ...]:
    said = set()
    for each in grounds:
        whom = f" ({each.who})" if each.why in ("original", "unreadable", "attached") else f" {each.who}"
        said.add(f"{each.code} {CODES[each.code]}: {WHY[each.why]}{whom if each.who else ''}")
    return tuple(sorted(said))


def preview(store: Store, *, by: Actor, **wanted: Any) -> Preview:
    """Look at a bundle before it is made; nothing is filed, and nothing stays on the disk.

    Raises:
        NotInOffice, ClosedKind, NoInvestigation: as ``assembling.assemble``.
    """
    want = Wanted(**wanted)
    refuse_other_offices(by)
    _note, size, contents = gathered(store, want, by)
    sought = contents.withholding.sought
    leaks = [*contents.withholding.leaks, *stated_leaks(sought, want.stated)]
    with tempfile.TemporaryDirectory(prefix="dokaz-preview-") as folder:
        write_for_reading(Path(folder), contents, purpose=want.purpose, size=size)
        if not leaks:
            leaks = leaks_in(Path(folder), sought, own=own_lines(contents, size=size))
        page = (Path(folder) / "index.html").read_text(encoding="utf-8")
    return Preview(contents, size, list(dict.fromkeys(leaks)), page)
