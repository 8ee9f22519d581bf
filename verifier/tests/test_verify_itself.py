"""The verifier held to its own promises: short, few dependencies, every fault named in both languages and tested."""

from __future__ import annotations

import ast
import re
import string
import sys
from pathlib import Path

import pytest
from dokaz_verify import acts, english, rules, topics, ukrainian

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
    code = "".join(source.read_text(encoding="utf-8") for source in SOURCES if source.name not in ("report.py",))
    noted = set(re.findall(r'(?:\.add|\.malformed)\(\s*"([a-z-]+)"', code))
    assert noted == set(english.FAULTS)
    raised = set(re.findall(r'Malformed\(\s*"([a-z0-9-]+)"', code))
    assert raised == set(english.REASONS)


@pytest.mark.parametrize("code", sorted(english.FAULTS))
def test_every_fault_has_a_test_that_names_it(code: str) -> None:
    assert f'"{code}"' in TESTS


def test_the_table_of_acts_is_that_of_the_specification() -> None:
    page = (HERE.parent / "docs" / "ledger-format.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z_.]+)` \| (.*) \| (entry|assent) \| (\d) \| (.*) \| ?(.*?) ?\|$", page, re.M)
    assert [row[0] for row in rows] == list(acts.ACTS)
    for name, kinds, over, signatures, roles, may_change in rows:
        act = acts.ACTS[name]
        if kinds != "as above":
            assert set(re.findall(r"`([\w.]+)`", kinds)) == act.kinds, name
        assert (over, int(signatures)) == (act.over, act.signatures)
        named = {role.strip() for role in roles.split(";")[0].split(",")}
        assert named == (act.roles or {"any"}), name
        assert set(re.findall(r"`(\w+)`", may_change)) == act.may_change, name
    assert acts.ACTS[acts.FOUND].kinds == set(rules.FOUNDING)


def test_closed_kinds_have_their_acts() -> None:
    assert acts.CLOSED_KINDS == acts.FIRST.keys() == acts.LATER.keys()
    for kind in acts.CLOSED_KINDS:
        for name in acts.FIRST[kind] | acts.LATER[kind]:
            assert kind in acts.ACTS[name].kinds


def test_the_readme_lists_every_module() -> None:
    readme = (HERE / "README.md").read_text(encoding="utf-8")
    for source in SOURCES:
        assert source.name == "__init__.py" or f"`{source.name}`" in readme, source.name
