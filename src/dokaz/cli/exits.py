"""What the exit code of a command says."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What a command's exit code says; ``dokaz --help`` shows this table."""

    OK = 0
    FOUND_WRONG = 1
    USAGE = 2
    REFUSED = 3
    BAD_FILE = 4
    NO_STORE = 5
    MACHINE = 6
    INTERRUPTED = 130


EXIT_CODES = """\
Exit codes: 0 done; 1 something was found wrong (check, verify); 2 wrong usage; 3 refused by a rule;
4 a file was refused, and nothing of it was filed; 5 no store; 6 memory, disk, database or network failed; 130 interrupted.
"""
