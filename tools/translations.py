"""Keep the Ukrainian catalogue whole: list what is said, refuse what is not translated, compile what the pages read.

    python tools/translations.py update    add what is new to the catalogue, drop what is no longer said
    python tools/translations.py check     fail where a string lacks a translation, or one loses a placeholder
    python tools/translations.py compile   write the .mo files

No GNU gettext is needed: strings are found in Python by its own parser, in templates by Django's. What deliberate errors
say, and records by codes, is found where it is written: in ``sentence("...")`` and ``template("...")``, and in
``template`` and ``next_template`` of a class.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "dokaz"
LOCALE = SOURCE / "locale"
LANGUAGES = ("uk",)
PLURALS = "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);"

# Which arguments of each function are context, message and plural.
FUNCTIONS = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
# What an error says has a context of its own (dokaz.pages.refusals).
SENTENCES = "refusal"
MARKERS = {"sentence", "template"}
TEMPLATES = {"template", "next_template"}
# What libraries say on our pages, where their own Ukrainian is missing or unfit.
SAID_BY_LIBRARIES = ROOT / "tools" / "said_by_libraries.txt"

_STRING = r"""u?("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
_CALL = re.compile(rf"\b(_|n?p?gettext)\(\s*{_STRING}(?:\s*,\s*{_STRING})?(?:\s*,\s*{_STRING})?")
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*(?:![rs])?(?::[^{}]*)?\}")


@dataclass(frozen=True, order=True, slots=True)
class Said:
    """One string that a reader may see: its context, its message, and the plural if it counts."""

    message: str
    plural: str = ""
    context: str = ""


def said() -> dict[Said, set[str]]:
    """Every translatable string, and the files that say it."""
    found: dict[Said, set[str]] = {}
    for path in sorted(SOURCE.rglob("*")):
        if path.suffix == ".py" and "migrations" not in path.parts:
            strings = in_python(path.read_text(encoding="utf-8"), str(path))
        elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
            strings = in_template(path.read_text(encoding="utf-8"), str(path))
        else:
            continue
        for one in strings:
            found.setdefault(one, set()).add(path.relative_to(ROOT).as_posix())
    for line in SAID_BY_LIBRARIES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            found.setdefault(Said(line), set()).add(SAID_BY_LIBRARIES.relative_to(ROOT).as_posix())
    return found


def in_python(text: str, name: str) -> Iterator[Said]:
    """Strings handed to gettext and its kin, and what errors say."""
    for node in ast.walk(ast.parse(text, name)):
        one = None
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in TEMPLATES:
            one = _sentence(node.value)
        elif isinstance(node, ast.Call):
            function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if function in MARKERS:
                one = _sentence(node.args[0])
            elif function in FUNCTIONS:
                one = _said(function, [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args])
        if one:
            yield one


def _sentence(value: ast.expr) -> Said | None:
    """What an error says; a frame such as ``{place}: {problem}`` has no words of its own."""
    template = value.value if isinstance(value, ast.Constant) else None
    has_words = isinstance(template, str) and re.search(r"[^\W\d_]", _PLACEHOLDER.sub("", template))
    return Said(template, context=SENTENCES) if has_words else None


def in_template(text: str, name: str) -> Iterator[Said]:
    """Strings in ``translate``, ``blocktranslate`` and ``_()``."""
    for match in _CALL.finditer(templatize(text, origin=name)):
        values = [ast.literal_eval(one) if one else None for one in match.groups()[1:]]
        one = _said(match.group(1), values)
        if one:
            yield one


def _said(function: str, values: list[object]) -> Said | None:
    context, message, plural = (
        values[place] if place is not None and place < len(values) else "" for place in FUNCTIONS[function]
    )
    if not isinstance(message, str) or not message:
        return None
    return Said(message, plural if isinstance(plural, str) else "", context if isinstance(context, str) else "")


def catalogue(language: str) -> polib.POFile:
    path = LOCALE / language / "LC_MESSAGES" / "django.po"
    if path.exists():
        return polib.pofile(str(path), wrapwidth=118)
    catalogue = polib.POFile(wrapwidth=118)
    catalogue.fpath = str(path)
    return catalogue


def update(language: str) -> None:
    """Rewrite the catalogue in the order of its strings, keeping every translation that is still needed."""
    before = {_key(one): one for one in catalogue(language) if not one.obsolete}
    after = polib.POFile(wrapwidth=118)
    after.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS,
    }
    for one, places in sorted(said().items()):
        entry = before.get(one) or polib.POEntry(
            msgid=one.message,
            msgid_plural=one.plural,
            msgctxt=one.context or None,
            msgstr_plural={0: "", 1: "", 2: ""} if one.plural else {},
        )
        entry.occurrences = [(place, "") for place in sorted(places)]
        after.append(entry)
    after.save(str(LOCALE / language / "LC_MESSAGES" / "django.po"))


def faults(language: str) -> list[str]:
    """What is wrong with a catalogue, each in one line."""
    entries = {_key(one): one for one in catalogue(language) if not one.obsolete}
    wrong: list[str] = []
    now = said()
    for one, places in sorted(now.items()):
        entry = entries.get(one)
        where = sorted(places)[0]
        if entry is None or not entry.translated():
            wrong.append(f"{where}: not translated into {language}: {one.message!r}")
            continue
        if "fuzzy" in entry.flags:
            wrong.append(f"{where}: marked fuzzy: {one.message!r}")
        needed = set(_PLACEHOLDER.findall(one.plural or one.message))
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            if text and set(_PLACEHOLDER.findall(text)) != needed:
                wrong.append(f"{where}: other placeholders than {one.message!r}: {text!r}")
        if entry.msgid_plural and set(map(int, entry.msgstr_plural)) != {0, 1, 2}:
            wrong.append(f"{where}: three plural forms are needed: {one.message!r}")
    wrong += [f"{language}: no longer said: {one.message!r}" for one in sorted(entries) if one not in now]
    return wrong


def compile_(language: str) -> None:
    one = catalogue(language)
    one.save_as_mofile(str(LOCALE / language / "LC_MESSAGES" / "django.mo"))


def _key(entry: polib.POEntry) -> Said:
    return Said(entry.msgid, entry.msgid_plural, entry.msgctxt or "")


def main(arguments: list[str]) -> int:
    command = arguments[0] if len(arguments) == 1 else ""
    if command not in {"update", "check", "compile"}:
        print(__doc__, file=sys.stderr)
        return 2
    wrong: list[str] = []
    for language in LANGUAGES:
        if command == "update":
            update(language)
        elif command == "compile":
            compile_(language)
        if command != "compile":
            wrong += faults(language)
    for line in wrong:
        print(line)
    if command == "check" and wrong:
        print(f"{len(wrong)} faults; run: python tools/translations.py update", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
