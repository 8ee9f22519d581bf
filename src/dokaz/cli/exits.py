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
    INTERRUPTED = 130


EXIT_CODES = """\
Exit codes: 0 done; 1 something was found wrong (check, verify); 2 wrong usage; 3 refused by a rule;
4 a file could not be read as what it claims to be; 5 no store; 130 interrupted.
"""
