"""The verifier held to its own promises: short, few dependencies, every fault named in both languages and tested."""

from __future__ import annotations

import ast
import re
import string
import sys
from pathlib import Path
from typing import Any

import pytest
from builder import STANDARD
from dokaz_verify import constitution, english, rules, topics, ukrainian

HERE = Path(__file__).resolve().parents[1]
SOURCES = sorted((HERE / "src" / "dokaz_verify").glob("*.py"))
TESTS = "".join(file.read_text(encoding="utf-8") for file in sorted((HERE / "tests").glob("test_*.py")))


def blanks(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_it_imports_the_standard_library_and_cryptography_only(source: Path) -> None:
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names = [node.module or ""]
        for name in names:
            assert name.split(".")[0] in {*sys.stdlib_module_names, "cryptography", "dokaz_verify"}, name


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_every_module_is_short_and_opens_with_prose(source: Path) -> None:
    text = source.read_text(encoding="utf-8")
    assert text.startswith('"""') and len(text.splitlines()) <= 520


def test_it_opens_no_connection_and_runs_no_program() -> None:
    for source in SOURCES:
        assert not re.search(
            r"^\s*(import|from) (socket|urllib|http|subprocess|ssl|ctypes|pickle)\b", source.read_text(), re.M
        )


def test_both_languages_say_the_same_faults_with_the_same_blanks() -> None:
    for table in ("FAULTS", "REASONS", "PHRASES"):
        in_english, in_ukrainian = getattr(english, table), getattr(ukrainian, table)
        assert in_english.keys() == in_ukrainian.keys()
        for code, template in in_english.items():
            if isinstance(template, str):
                assert blanks(template) == blanks(in_ukrainian[code]), code
            else:
                assert len(template) == len(in_ukrainian[code])
    assert english.TOPICS.keys() == ukrainian.TOPICS.keys() == set(topics.TOPICS)
    assert english.FAULTS.keys() == topics.TOPIC_OF.keys()


def test_every_fault_that_is_noted_has_a_sentence_and_every_sentence_is_noted() -> None:
    words = ("english.py", "ukrainian.py", "topics.py", "report.py")
    code = "".join(source.read_text(encoding="utf-8") for source in SOURCES if source.name not in words)
    noted = set(re.findall(r'(?:\.add|\.malformed|_must_hold)\(\s*"([a-z-]+)"', code))
    chosen = set(re.findall(r'code = "([a-z-]+)" if .* else "([a-z-]+)"', code))
    assert noted | {each for pair in chosen for each in pair} == set(english.FAULTS)
    raised = set(re.findall(r'Malformed\(\s*"([a-z0-9-]+)"', code))
    assert raised == set(english.REASONS)


@pytest.mark.parametrize("code", sorted(english.FAULTS))
def test_every_fault_has_a_test_that_names_it(code: str) -> None:
    assert f'"{code}"' in TESTS


PAGE = (HERE.parent / "docs" / "ledger-format.md").read_text(encoding="utf-8")


def test_the_rules_are_those_of_the_specification() -> None:
    table = PAGE.split("### Rules between records")[1].split("## The tree")[0]
    named = [name for row in re.findall(r"^\| (`[^|]+) \|", table, re.M) for name in re.findall(r"`(\w+)`", row)]
    assert sorted(named) == sorted(constitution.RULES) and all(hasattr(rules.Rules, f"_{name}") for name in named)


def test_the_types_are_those_of_the_specification() -> None:
    sentence = re.search(r"`type` is (.*?); with `\"null\"", PAGE, re.DOTALL)
    assert sentence is not None
    known = {"choice", "decimal", "boolean", "date", "integer", "json", "list", "object", "record", "records", "text",
             "things", "time", "uuid"}  # fmt: skip
    assert known == {word for word in re.findall(r"`(\w+)`", sentence[1]) if word not in ("values", "kind")}
    assert known == {said["type"] for kind in STANDARD["kinds"].values() for said in kind["fields"].values()}


def read_by(rule: dict[str, Any], kind: str) -> set[tuple[str, str]]:
    """The fields that a rule reads, each with its kind, as docs/ledger-format.md explains the rule."""
    *way, own = rule.get("field", "").split(".")
    where, of, passed = set(rule.get("where", {})), kind, set()
    for step in way:
        passed.add((of, step))
        of = STANDARD["kinds"][of]["fields"][step]["kind"]
    if passed:
        theirs = where if rule["rule"] == "refers" else set(rule["same"].values())
        mine = set() if rule["rule"] == "refers" else {(kind, name) for name in rule["same"]}
        last = STANDARD["kinds"][of]["fields"][own]["kind"]
        return passed | mine | {(of, own)} | {(last, name) for name in theirs}
    target = STANDARD["kinds"][kind]["fields"].get(own, {}).get("kind", "")
    mine = {name: {(kind, each) for each in names} for name, names in {
        "holds": where, "held": where, "another": where, "actor_is": rule.get("fields", []),
        "actor_is_not": rule.get("fields", []), "out_of_office": rule.get("fields", []),
        "each_held_by": {rule.get("by", "")}, "only_one_lists": where,
        "only_one": {*rule.get("same", []), *where},
    }.items()}  # fmt: skip
    theirs: dict[str, set[str]] = {
        "refers": where,
        "agrees": set(rule["same"].values()) if rule["rule"] == "agrees" else set(),
        "listed": {rule.get("within", "")},
        "cites": {name for some in rule.get("some", []) for name in some if not name.startswith("own_")},
    }
    found = {(kind, name) for name in rule.get("when", {})} | mine.get(rule["rule"], set())
    if rule["rule"] == "as_agreed":
        return found | {(rule["kind"], "leaf"), (rule["kind"], "digests")}
    if rule["rule"] == "none":
        found |= {(of, name) for of in (kind, rule["kind"]) for name in rule["same"]}
        return found | {(rule["kind"], name) for name in where}
    if rule["rule"] == "exists":
        return found | {(rule["kind"], name) for name in (own, *where)}
    if rule["rule"] == "part_of" and rule["kind"]:
        return found | {(rule["kind"], own)}
    if rule["rule"] == "each_held_by":
        holding = (name for name, says in STANDARD["kinds"].items() if "holder" in says["fields"])
        found |= {(name, each) for name in holding for each in ("holder", "number")}
    if rule["rule"] in ("cites", "agrees"):
        found |= {(kind, name) for name in rule["same"]}
        found |= {(kind, name[4:]) for some in rule.get("some", []) for name in some if name.startswith("own_")}
        found |= {(target, name) for name in rule["same"]} if rule["rule"] == "cites" else set()
    if own:
        found |= {(kind, own)}
    return found | {(target, name) for name in theirs.get(rule["rule"], set())}


def test_what_rules_read_is_never_withheld() -> None:
    read = {
        each
        for act in STANDARD["acts"].values()
        for kind, effects in act["files"].items()
        for effect in effects.values()
        for rule in effect["rules"]
        for each in read_by(rule, kind)
    }
    read |= {(kind, "state") for kind, says in STANDARD["kinds"].items() if "state" in says["fields"]}
    assert len(read) > 40
    assert {(kind, name) for kind, name in read if name not in STANDARD["kinds"][kind]["open"]} == set()


def test_every_state_can_be_left_or_reached_by_declared_acts_only() -> None:
    """No act names a field or a state that its kind does not have."""
    for name, act in STANDARD["acts"].items():
        for kind, effects in act["files"].items():
            fields = STANDARD["kinds"][kind]["fields"]
            values = set(fields.get("state", {}).get("values", ()))
            new, change = effects.get("new", {}), effects.get("change", {})
            assert {*new.get("blank", ()), *change.get("fields", ())} <= fields.keys(), name
            states = {*new.get("states", ()), *change.get("moves", {})}
            assert states | {s for after in change.get("moves", {}).values() for s in after} <= values, name
            assert bool(new.get("states", values)) == bool(values), name
            assert ("state" in change.get("fields", ())) == bool(change.get("moves")), name


def code_of(source: Path) -> set[int]:
    """The lines that are neither empty, nor a comment, nor documentation."""
    text = source.read_text(encoding="utf-8")
    documented: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
            first = node.body[0]
            documented |= set(range(first.lineno, (first.end_lineno or 0) + 1))
    written = {n for n, line in enumerate(text.splitlines(), 1) if line.strip() and not line.strip().startswith("#")}
    return written - documented


def test_it_can_be_read_in_an_hour() -> None:
    """The tables of words aside, which say nothing of what is checked, and the documentation, which helps to read."""
    tables = ("english.py", "ukrainian.py", "topics.py")
    assert sum(len(code_of(source)) for source in SOURCES if source.name not in tables) <= 2_800


def test_the_readme_lists_every_module() -> None:
    readme = (HERE / "README.md").read_text(encoding="utf-8")
    for source in SOURCES:
        assert source.name == "__init__.py" or f"`{source.name}`" in readme, source.name
