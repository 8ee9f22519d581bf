"""Keep docs/commands.md and docs/acts.md as the code is.

python tools/reference.py update    write both pages anew from the commands and the acts
python tools/reference.py check     fail where a page no longer says what the code does
"""

from __future__ import annotations

import importlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent.parent / "docs"

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
in its docstring, checks it, and files what changed. *Signed* says how many personal signatures the verifier demands, and
over what ([ledger-format.md](ledger-format.md)); a dash means none.
"""


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
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dokaz.site.settings")
    os.environ.setdefault("DOKAZ_STORE", tempfile.gettempdir())
    import django

    django.setup()
    rooms = ("casework", "graves", "mortuary", "missing", "identification", "court")
    for room in rooms:
        importlib.import_module(f"dokaz.{room}.acts")
    from dokaz.casework.filing import acts as every_act
    from dokaz.casework.roles import ANY_ROLE

    parts = [ACTS_HEAD]
    for room in rooms:
        rows = []
        for act in every_act().values():
            if act.name.startswith(f"{room}."):
                roles = "any" if act.roles >= ANY_ROLE else ", ".join(sorted(act.roles))
                signed = f"{act.signing.count}, over {act.signing.over}" if act.signing else "–"
                rows.append(f"| `{act.name}` | {act.summary} | {roles} | {signed} |")
        parts.append(
            f"## {room}\n\n| act | what it does | open to | signed |\n|---|---|---|---|\n" + "\n".join(rows) + "\n"
        )
    return "\n".join(parts)


PAGES = {"commands.md": commands, "acts.md": acts}


def main(arguments: list[str]) -> int:
    if arguments not in (["update"], ["check"]):
        print(__doc__, file=sys.stderr)
        return 2
    stale = 0
    for name, page in PAGES.items():
        text = page().rstrip() + "\n"
        path = DOCS / name
        if arguments == ["update"]:
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            print(f"docs/{name} is not as the code is; run: python tools/reference.py update")
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
