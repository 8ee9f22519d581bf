"""The command line: reads a bundle, prints the report, and says the verdict in its exit code."""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import timedelta
from enum import IntEnum
from pathlib import Path
from typing import Any

from dokaz_verify.canonical import Malformed
from dokaz_verify.check import verify
from dokaz_verify.folder import Unreadable
from dokaz_verify.notes import LogKey
from dokaz_verify.report import LANGUAGES, as_json, as_text, plain
from dokaz_verify.store import is_store, verify_store


class Exit(IntEnum):
    """What the exit code says."""

    VERIFIED = 0
    FAULTY = 1
    UNREADABLE = 2


_EPILOG = """\
exit codes:
  0  verified: nothing in the bundle was changed since it was recorded
  1  something is wrong; the report names it
  2  the bundle or the key cannot be read, or the command line is wrong

Without --key, the bundle is checked against the key inside it. That shows only that
it agrees with itself: compare the fingerprint printed with the one published.

Українською: dokaz-verify ТЕКА --language uk
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: Those of the command line, if not given.

    Returns:
        The exit code, one of ``Exit``.
    """
    parser = argparse.ArgumentParser(
        prog="dokaz-verify",
        description="Checks a Dokaz evidence bundle offline, without trusting whoever made it.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("bundle", metavar="BUNDLE", type=Path, help="the folder that holds bundle.json, or a store")
    parser.add_argument(
        "--key", metavar="VKEY|FILE", help="the log's public key as published elsewhere, or a file with it"
    )
    parser.add_argument(
        "--constitution", metavar="SHA256", default="", help="a log's own constitution that you accept, by its hash"
    )
    parser.add_argument(
        "--not-older-than", metavar="AGE", type=_age, help="the oldest head that you accept: 12h, 30d, 4w"
    )
    parser.add_argument("--json", action="store_true", help="the report as JSON; lists up to 200 faults of each sort")
    parser.add_argument("--quiet", action="store_true", help="print nothing; the exit code is the answer")
    parser.add_argument("--language", choices=("en", "uk"), default="en", help="English (default) or Ukrainian")
    options = parser.parse_args(arguments)

    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that cannot show Ukrainian must not stop the report.
        sys.stdout.reconfigure(errors="backslashreplace")
    say = LANGUAGES[options.language].PHRASES

    def refuse(problem: str, text: str) -> int:
        if options.json and not options.quiet:
            print(json.dumps({"verdict": "unreadable", "problem": plain(text)}, indent=1))
        elif not options.quiet:
            print(str(say[problem]).format(problem=plain(text)))
            print(f"  → {say[problem + '-next']}")
        return Exit.UNREADABLE

    try:
        key = _key(options.key) if options.key is not None else None
    except (OSError, ValueError, Malformed):
        return refuse("bad-key", options.key)
    try:
        watched = sys.stderr.isatty() and not options.quiet
        accepted = options.constitution.replace(" ", "").lower()
        asked: dict[str, Any] = {"key": key, "constitution": accepted, "not_older_than": options.not_older_than}
        if is_store(options.bundle):
            verdict = verify_store(options.bundle, **asked)
        else:
            progress = _progress if watched else lambda done, total: None
            verdict = verify(options.bundle, progress=progress, **asked)
    except Unreadable as error:
        return refuse("unreadable", str(error))
    if not options.quiet:
        _print([as_json(verdict, options.language)] if options.json else as_text(verdict, options.language))
    return Exit.VERIFIED if verdict.verified else Exit.FAULTY


def _age(text: str) -> timedelta:
    """An age as it is written: a whole number of hours, days or weeks."""
    found = re.fullmatch(r"([0-9]{1,5})([hdw])", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no age: 12h, 30d or 4w")
    return timedelta(hours=int(found[1]) * {"h": 1, "d": 24, "w": 168}[found[2]])


def _print(lines: Iterable[str]) -> None:
    """Print to a reader who may leave before the end, as `head` does: the exit code is the answer all the same."""
    try:
        for line in lines:
            print(line)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _progress(done: int, total: int) -> None:
    """Say on a terminal how far the reading is; the line is wiped once all is read."""
    end = "\r\033[K" if done >= total - (1 << 20) else ""
    print(f"\r{done >> 20} / {total >> 20} MB{end}", end="", file=sys.stderr, flush=True)


def _key(given: str) -> LogKey:
    """The key, whether it was given itself or in a file."""
    try:
        return LogKey.parse(given.strip())
    except Malformed:
        with open(given, encoding="utf-8") as file:
            return LogKey.parse(file.read(10_000).strip())


if __name__ == "__main__":
    sys.exit(main())
