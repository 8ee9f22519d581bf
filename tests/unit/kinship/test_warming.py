"""Compiling ahead: every part runs, and the command says what it did."""

from __future__ import annotations

from test_case_files import run

from dokaz.kinship import warming


def test_every_part_is_compiled_and_named() -> None:
    result = run("warm")
    assert result.exit_code == 0, result.output
    assert [line.partition(":")[0] for line in result.output.splitlines()] == list(warming.PARTS)
