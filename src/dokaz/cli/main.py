"""`dokaz`: from a coordinate in the ground to a page in a courtroom."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

from dokaz.cli.exits import EXIT_CODES, ExitCode

# Name: module and one line of help. Modules are imported when their command runs, so that help is quick.
COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("dokaz.cli.init", "Open an investigation in a new store."),
    "user": ("dokaz.cli.user", "People: enrol, appoint, list, sign-in."),
    "simulate": ("dokaz.cli.simulate", "Write the files of an invented investigation."),
    "import": ("dokaz.cli.take", "Take in files as teams deliver them."),
    "receive": ("dokaz.cli.receive", "Take units into the mortuary."),
    "search": ("dokaz.cli.search", "Compare every DNA profile with every family."),
    "compare": ("dokaz.cli.compare", "Compare one unit with one missing person, and conclude."),
    "board": ("dokaz.cli.board", "Lay a decision before the board; doubt one; release."),
    "sign": ("dokaz.cli.sign", "Sign what waits for you, or a record by its number."),
    "record": ("dokaz.cli.record", "Correct a record; make it void; read its history."),
    "erase": ("dokaz.cli.erase", "Order that fields be erased; list what was ordered."),
    "bundle": ("dokaz.cli.bundle", "Write a bundle that a stranger can verify."),
    "verify": ("dokaz.cli.verify", "Verify a bundle (runs dokaz-verify)."),
    "check": ("dokaz.cli.check", "Check the store: ledger, tables and files."),
    "constitution": ("dokaz.cli.constitution", "By which rules the log is kept; put those of this version in force."),
    "log-key": ("dokaz.cli.log_key", "The log's own key: which keys signed; put another in its place."),
    "rebuild": ("dokaz.cli.rebuild", "Make the tables anew from the ledger."),
    "serve": ("dokaz.cli.serve", "Serve the pages on this machine."),
    "kinship": ("dokaz.cli.kinship", "Likelihood ratios, searches and joint identification from files."),
    "linkage": ("dokaz.cli.linkage", "Who on one list of people is whom on another."),
    "estimate": ("dokaz.cli.estimate", "How many people are on none of several lists that overlap."),
    "physical": ("dokaz.cli.physical", "Age, sex, stature, pairs, numbers of people and dental charts."),
    "imagery": ("dokaz.cli.imagery", "Photographs: which are copies, what is written in them, the sun."),
    "transcription": ("dokaz.cli.transcription", "Log books, from a photographed page to entries."),
    "demo": ("dokaz.cli.demo", "Run the whole thread on an invented investigation."),
}


HELP = """\
Usage: dokaz COMMAND [OPTIONS]

  An evidence database for investigations of mass graves and places of torture.
  `dokaz COMMAND --help` says more about each.

Commands:
"""


def overview() -> str:
    """The help text: every command in a line, and what the exit codes say."""
    width = max(map(len, COMMANDS))
    lines = "".join(f"  {name:<{width}}  {line}\n" for name, (_, line) in COMMANDS.items())
    return f"{HELP}{lines}\n{EXIT_CODES}"


def main() -> None:
    """Run the command that the shell asked for."""
    os.umask(0o077)  # whatever is written is its owner's alone
    try:
        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # while modules were being read
        code = _interrupted()
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run a command, and read a deliberate error aloud instead of showing a traceback.

    Returns: The exit code.
    """
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        sys.stdout.write(overview())
        return ExitCode.OK if arguments else ExitCode.USAGE
    if arguments[0] == "--version":
        from importlib.metadata import version

        sys.stdout.write(f"dokaz {version('dokaz')}\n")
        return ExitCode.OK
    name, *rest = arguments
    if name not in COMMANDS:
        from difflib import get_close_matches

        close = get_close_matches(name, COMMANDS, n=1)
        hint = f"did you mean {close[0]}?" if close else "`dokaz --help` lists the commands"
        return _say(f"there is no command {name!r}\n  next: {hint}", ExitCode.USAGE)
    return _run_command(name, rest)


def _run_command(name: str, arguments: list[str]) -> int:
    import typer

    from dokaz.errors import BadFile, DiskFull, DokazError, FiledNotPublished, MachineFault, NoStore

    # Errors of usage: every one that the option parser raises has this base.
    usage_error = typer.BadParameter.__mro__[2]
    command = typer.main.get_command(importlib.import_module(COMMANDS[name][0]).app)
    try:
        result: Any = command.main(args=arguments, prog_name=f"dokaz {name}", standalone_mode=False)
    except NoStore as error:
        return _say(error, ExitCode.NO_STORE)
    except BadFile as error:
        return _say(error, ExitCode.BAD_FILE)
    except (DiskFull, FiledNotPublished, MachineFault) as error:
        return _say(error, ExitCode.MACHINE)
    except DokazError as error:
        return _say(error, ExitCode.REFUSED)
    except typer.Exit as error:
        return error.exit_code
    except (typer.Abort, KeyboardInterrupt):
        return _interrupted()
    except usage_error as error:  # type: ignore[misc]
        error.show()
        return ExitCode.USAGE
    except Exception as error:
        from dokaz.cli.faults import in_words

        said = in_words(error)
        if said is None:
            raise
        return _say(said, ExitCode.MACHINE)
    if result == ExitCode.INTERRUPTED:  # what the option parser makes of Ctrl-C, without a word
        return _interrupted()
    return result if isinstance(result, int) else ExitCode.OK


def _interrupted() -> int:
    return _say("interrupted; nothing that was under way was filed", ExitCode.INTERRUPTED)


def _say(words: object, code: ExitCode) -> int:
    sys.stderr.write(f"dokaz: {words}\n")
    return code
