"""Keep docs/commands.md, docs/acts.md, docs/access.md, docs/records.md and the tables of docs/files.md as the code is.

The constitution that the verifier knows as the standard one is written with them.

python tools/reference.py update    write the pages anew from the commands, the acts, the rooms and the models
python tools/reference.py check     fail where a page no longer says what the code does
"""

from __future__ import annotations

import importlib
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
STANDARD = ROOT / "verifier" / "src" / "dokaz_verify" / "standard.json"

# Options of every command, or of the option parser; the head of the page speaks of them.
SAID_ONCE = ("help", "store", "as_json", "install_completion", "show_completion")

COMMANDS_HEAD = """\
# Commands

Written by `python tools/reference.py update` from the commands themselves. Every command takes `--help`. Those that work
on a store take `--store DIRECTORY` (or `DOKAZ_STORE`; `./store` if neither is given). Passphrases are asked for on the
terminal, or taken from `DOKAZ_PASSPHRASE`. `--json` prints one JSON object whose members stay as they are. Progress is
shown on a terminal and not in a pipe.

{exits}"""

ACTS_HEAD = """\
# Acts

Written by `python tools/reference.py update` from the code. An act is the only way to write a record; each states its rule
in its docstring, checks it, and files what changed. Every entry is signed by whoever acts: *in person*, with their own key,
or in their *session*, with a key that they delegated when they began to work. Where several people decide, so many *assent*
to the version that they have read; then one of them files the act.

The second table of a room says what each act files, and under which rules; a filing refuses the rest. These declarations
are the constitution of a log, by which the verifier checks it: what the rules mean is said in
[ledger-format.md](ledger-format.md). *New* records are born in one of the states, with the fields named blank;
of others, the fields named change (and the reason), and the state moves as shown. An act that files nothing itself, and so
signs nothing (–), is made of others.
"""


ACCESS_HEAD = """\
# Who may see what

Written by `python tools/reference.py update` from the rooms' declarations (`room.py`). Access has no default: what is not
in these tables exists for nobody, and to an office that is not named a page answers as one that does not exist. *In part*:
the page decides record by record, and its room says how. Signing in and out and choosing a language are open to everybody.

`x` open, `·` does not exist for this office.
"""

RECORDS_HEAD = """\
# Kinds of records

Written by `python tools/reference.py update` from the models. What a kind and a field are called here is what pages,
histories, the ledger and files call them. Besides its own fields every record has a number, and the reason of its last
change.
"""


def _rooms() -> Any:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dokaz.site.settings")
    os.environ.setdefault("DOKAZ_STORE", tempfile.gettempdir())
    import django

    django.setup()
    from dokaz.casework.rooms import rooms

    return rooms()


def access() -> str:
    """The page of who may see what, room by room: pages, contents of records, panels."""
    from dokaz.casework.roles import Role

    def row(name: str, open_to: Any, note: str = "") -> str:
        marks = " | ".join("x" if role in open_to else "·" for role in Role.values)
        return f"| `{name}` | {marks} | {note} |"

    parts = [ACCESS_HEAD]
    heads = " | ".join(role.replace("_", " ") for role in Role.values)
    rule = "|---" * (len(Role.values) + 2) + "|"
    for room in _rooms():
        parts.append(f"## {room.name}\n\n| page | {heads} | |\n{rule}")
        for page in room.pages:
            note = "in part" if getattr(page, "is_open", None) else ""
            parts.append(row(f"/{page.at}", page.open_to, note))
        parts.append(f"\n| content of records | {heads} | |\n{rule}")
        parts += [row(kind.model.kind(), kind.open_to) for kind in room.records]
        if room.panels:
            parts.append(f"\n| panel | {heads} | on the page of |\n{rule}")
            parts += [row(panel.name, panel.open_to, panel.on.kind()) for panel in room.panels]
        parts.append("")
    return "\n".join(parts)


def records() -> str:
    """The page of kinds of records and their fields, room by room."""
    rooms = _rooms()
    parts = [RECORDS_HEAD]
    for room in rooms:
        for kind in room.records:
            meta = kind.model._meta
            summary = (kind.model.__doc__ or "").strip().split("\n")[0]
            parts.append(f"## {kind.model.kind()}: {meta.verbose_name}\n\n{summary}\n")
            parts.append("| field | what it is called |\n|---|---|")
            for field in kind.model.content_fields():
                if field.name in ("number", "reason"):
                    continue
                parts.append(f"| `{field.name}` | {field.verbose_name} |")
            parts.append("")
    return "\n".join(parts)


def commands() -> str:
    """The page of commands."""
    import typer

    from dokaz.cli.exits import EXIT_CODES
    from dokaz.cli.main import COMMANDS

    parts = [COMMANDS_HEAD.format(exits=EXIT_CODES)]
    for name, (module, line) in COMMANDS.items():
        command = typer.main.get_command(importlib.import_module(module).app)
        parts.append(f"## dokaz {name}\n")
        parts += _command(f"dokaz {name}", command, line)
    return "\n".join(parts)


def _command(path: str, command: Any, line: str = "") -> Iterator[str]:
    yield _prose(command.help or line) + "\n"
    if hasattr(command, "commands"):
        for name, inner in command.commands.items():
            yield f"### {path} {name}\n"
            yield from _command(f"{path} {name}", inner)
        return
    shown = [p for p in command.params if p.name not in SAID_ONCE]
    if shown:
        rows = "\n".join(f"| `{_name(p)}` | {_meaning(p)} |" for p in shown)
        yield f"| | |\n|---|---|\n{rows}\n"


def _prose(text: str) -> str:
    return text.replace("\b", "").strip()


def _name(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        name = (parameter.metavar or parameter.name).upper()
        return name if parameter.required else f"[{name}]"
    return ", ".join([*parameter.opts, *parameter.secondary_opts])


def _meaning(parameter: Any) -> str:
    words = (parameter.help or "").replace("|", "\\|").replace("\n", " ")
    return f"{words} Required." if parameter.required and parameter.param_type_name == "option" else words


def acts() -> str:
    """The page of acts, room by room."""
    rooms = ["casework", *(room.name for room in _rooms() if room.name != "site")]
    from dokaz.casework.registry import acts as every_act
    from dokaz.casework.roles import ANY_ROLE

    parts = [ACTS_HEAD]
    for room in rooms:
        rows = []
        for act in every_act().values():
            if act.name.startswith(f"{room}."):
                roles = "any" if act.roles >= ANY_ROLE else ", ".join(sorted(act.roles))
                rows.append(f"| `{act.name}` | {act.summary} | {roles} | {_signed(act.name)} |")
        parts.append(f"## {room}\n\n| act | what it does | open to | signed |\n|---|---|---|---|")
        parts += rows
        parts.append("\n| act | files | under the rules |\n|---|---|---|")
        parts += [row for act in every_act().values() if act.name.startswith(f"{room}.") for row in _files(act.name)]
        parts.append("")
    return "\n".join(parts)


def _law_of(act: str) -> dict[str, Any]:
    from dokaz.casework.constitution import constitution

    law: dict[str, Any] = constitution()["acts"][act]
    return law


def _signed(act: str) -> str:
    law = _law_of(act)
    by = {"person": "in person", "session": "in the session"}[law["signed_by"]]
    return f"{law['assents']} assent; {by}" if law["assents"] else by if law["files"] else "–"


def _files(act: str) -> Iterator[str]:
    """Rows of what an act files, one for each kind."""
    for kind, effects in sorted(_law_of(act)["files"].items()):
        for sort, effect in sorted(effects.items()):
            said = _new(kind, effect) if sort == "new" else _changed(kind, effect)
            rules = ", ".join(f"`{_rule(rule)}`" for rule in effect["rules"])
            yield f"| `{act}` | {said} | {rules or '–'} |"


def _new(kind: str, effect: dict[str, Any]) -> str:
    states = f", {' or '.join(f'`{state}`' for state in effect['states'])}" if effect["states"] else ""
    named = [name for name in effect["blank"] if name != "voided"]  # of nothing it is stated: nothing is born void
    blank = f", blank: {_named(named)}" if named else ""
    return f"new `{kind}`{states}{blank}"


def _changed(kind: str, effect: dict[str, Any]) -> str:
    fields = _named(name for name in effect["fields"] if name not in ("reason", "state"))
    moves: dict[str, list[str]] = {}
    for was, now in sorted(effect["moves"].items()):
        moves.setdefault(_named(now), []).append(was)
    moved = "; ".join(f"{_named(was)} → {now}" for now, was in moves.items())
    return f"`{kind}`: " + "; ".join(part for part in (fields, moved) if part)


def _rule(rule: dict[str, Any]) -> str:
    """A rule as it is declared, shortly: what it is about, its conditions, and how it is narrowed."""
    about = [_plain(rule[name], ", ") for name in ("kind", "field", "fields", "same", "where") if rule.get(name)]
    more = {name: value for name, value in rule.items() if name in ("within", "filed_by", "newest", "some", "offices",
                                                                   "if_shown", "when") and value}  # fmt: skip
    about += [f"{name}: {_plain(value, ' or ')}" for name, value in more.items()]
    return f"{rule['rule']}({'; '.join(about)})"


def _plain(value: Any, between: str) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} = {_plain(each, ' or ')}" for name, each in value.items())
    if isinstance(value, list):
        return between.join(
            f"({_plain(each, ' or ')})" if isinstance(each, dict) else _plain(each, "") for each in value
        )
    return {True: "true", False: "false", None: "null"}.get(value, str(value))


def _named(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def files() -> str:
    """The page of files, with a table of columns behind each `<!-- columns KIND FILE -->`."""
    asked = {(kind.name, one.name): one for room in _rooms() for kind in room.deliveries for one in kind.files}

    def table(match: re.Match[str]) -> str:
        rows = "\n".join(_column(one) for one in asked[match[1], match[2]].columns)
        head = "| Column | Also read as | Українською | Filed as |\n|---|---|---|---|"
        return f"<!-- columns {match[1]} {match[2]} -->\n\n{head}\n{rows}\n\n<!-- end -->"

    text = (DOCS / "files.md").read_text(encoding="utf-8")
    return re.sub(r"<!-- columns (\w+) (\w+) -->.*?<!-- end -->", table, text, flags=re.DOTALL)


def _column(one: Any) -> str:
    ukrainian = [name for name in one.aliases if re.search("[а-яіїєґ]", name)]
    english = [name for name in one.aliases if name not in ukrainian]
    fields = ", ".join(f"`{field}`" for field in one.field.split())
    names = (", ".join(f"`{name}`" for name in some) for some in (english, ukrainian))
    filed = fields or f"kept in the file only: {one.kept}"
    return f"| `{one.name}`{' (required)' if one.required else ''} | {' | '.join(names)} | {filed} |"


def standard() -> str:
    """The constitution of the rooms that Dokaz has: canonical JSON and nothing more."""
    _rooms()
    from dokaz.casework.constitution import constitution
    from dokaz.ledger import canonical

    return canonical(constitution()).decode()


PAGES = {"commands.md": commands, "acts.md": acts, "access.md": access, "records.md": records, "files.md": files}


def main(arguments: list[str]) -> int:
    if arguments not in (["update"], ["check"]):
        print(__doc__, file=sys.stderr)
        return 2
    stale = 0
    written = {DOCS / name: page().rstrip() + "\n" for name, page in PAGES.items()} | {STANDARD: standard()}
    for path, text in written.items():
        if arguments == ["update"]:
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            print(f"{path.relative_to(ROOT)} is not as the code is; run: python tools/reference.py update")
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
