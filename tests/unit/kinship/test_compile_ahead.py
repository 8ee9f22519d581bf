"""Compiling ahead: every part runs, and the command says what it did."""

from __future__ import annotations

from small_cases import run

from dokaz.kinship import compile_ahead


def test_every_part_is_compiled_and_named() -> None:
    result = run("warm")
    assert result.exit_code == 0, result.output
    assert [line.partition(":")[0] for line in result.output.splitlines()] == list(compile_ahead.PARTS)
