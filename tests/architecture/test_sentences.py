"""What errors say: each sentence is a literal, and what fills its holes is given where it is written."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import string
from pathlib import Path

import pytest

from dokaz import errors

SOURCE = Path(__file__).resolve().parent.parent.parent / "src" / "dokaz"


def holes(template: str) -> set[str]:
    return {hole for _, hole, _, _ in string.Formatter().parse(template) if hole is not None}


def test_every_sentence_is_a_literal_whose_holes_are_filled():
    wrong, seen = [], 0
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") != "sentence":
                continue
            seen += 1
            template = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
            given = {keyword.arg for keyword in node.keywords}
            if not isinstance(template, str) or (None not in given and holes(template) != given):
                wrong.append(f"{path.relative_to(SOURCE)}:{node.lineno}")
    assert wrong == []
    assert seen > 300


@pytest.mark.parametrize(
    "of", [one for one in vars(errors).values() if inspect.isclass(one) and dataclasses.is_dataclass(one)
           if issubclass(one, errors.DokazError)], ids=lambda one: one.__name__,
)  # fmt: skip
def test_the_templates_of_an_error_speak_of_its_fields(of):
    refused = of(*(["X"] for _ in dataclasses.fields(of)))
    assert holes(of.template) | holes(of.next_template) <= refused.values.keys()
