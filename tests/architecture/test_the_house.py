"""The repository about itself: names, lengths, docstrings, tests that test something, pages that say what the code does."""

from __future__ import annotations

import ast
import doctest
import importlib
import pkgutil
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
# Longer than one would like, each with the reason why it is not two files.
LONG_FOR_A_REASON = {}
LONGEST = 500


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("no git checkout: tracked files cannot be listed")
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def sources() -> list[Path]:
    return [p for p in tracked("src/**.py", "verifier/src/**.py") if "migrations" not in p.parts]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def first_line(path: Path) -> str:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return docstring.split("\n")[0]


# --- modules ------------------------------------------------------------------------------------------------------------


def test_every_module_says_what_it_is_for_in_one_line():
    silent = [name(p) for p in sources() if p.stat().st_size and not first_line(p).endswith((".", "?"))]
    assert silent == []


def test_no_module_has_a_name_that_says_nothing():
    banned = re.compile(r"(^|_)(utils?|helpers?|common|misc|stuff|shared)(_|$)")
    assert [name(p) for p in tracked("*.py") if banned.search(p.stem)] == []


def test_no_two_modules_of_tests_have_the_same_name():
    """Tests import each other's modules by their bare names: of two, the one that is found first would be taken."""
    found: dict[str, list[str]] = {}
    for path in tracked("tests/**.py", "verifier/tests/**.py"):
        if path.stem not in ("__init__", "conftest"):
            found.setdefault(path.stem, []).append(name(path))
    assert [paths for paths in found.values() if len(paths) > 1] == []


def test_no_two_classes_have_the_same_name():
    classes: dict[str, list[str]] = {}
    for path in sources():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if path.is_relative_to(ROOT / "src") and isinstance(node, ast.ClassDef):
                classes.setdefault(node.name, []).append(name(path))
    assert len(classes) > 100
    assert {named: paths for named, paths in classes.items() if len(paths) > 1} == {}


def test_no_file_is_longer_than_one_can_read_from_top_to_bottom():
    long = {name(p) for p in tracked("*.py") if len(p.read_text(encoding="utf-8").splitlines()) > LONGEST}
    assert sorted(long - set(LONG_FOR_A_REASON)) == []
    assert sorted(set(LONG_FOR_A_REASON) - long) == [], "no longer long: take it off the list"


def test_the_table_of_folders_in_the_readme_is_what_the_packages_say():
    shown = dict(
        re.findall(r"^\| `src/dokaz/([\w.]+?)/?` \| (.+?) \|$", (ROOT / "README.md").read_text(encoding="utf-8"), re.M)
    )
    packages = {
        p.parent.name: first_line(p) for p in sources() if p.name == "__init__.py" and p.parent.parent.name == "dokaz"
    }
    packages.pop("dokaz", None)
    packages["numbers.py"] = first_line(ROOT / "src" / "dokaz" / "numbers.py")
    assert shown == packages


# --- tests --------------------------------------------------------------------------------------------------------------


def _checks(function: ast.AST) -> bool:
    for node in ast.walk(function):
        if isinstance(node, ast.Assert) and not isinstance(node.test, ast.Constant):
            return True
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in ("raises", "fail", "warns") or called.lstrip("_").startswith("assert_"):
                return True
    return False


def test_every_test_checks_something():
    idle = []
    for path in tracked("tests/**test_*.py", "verifier/tests/**test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not _checks(node):
                idle.append(f"{name(path)}::{node.name}")
    assert idle == []


def test_unit_tests_mirror_the_packages():
    """A package without tests of its own, or tests of a package that is gone, are noticed."""
    packages = {p.parent.name for p in sources() if p.name == "__init__.py" and p.parent.parent.name == "dokaz"}
    folders = {p.relative_to(ROOT / "tests" / "unit").parts[0] for p in tracked("tests/unit/**test_*.py")}
    assert sorted(packages - {"dokaz"} - folders) == []
    assert sorted(folders - packages) == []


def _with_examples() -> list[str]:
    found = []
    for path in sources():
        if "src/dokaz/" in name(path) and ">>> " in path.read_text(encoding="utf-8"):
            found.append(".".join(path.relative_to(ROOT / "src").with_suffix("").parts))
    return found


@pytest.mark.parametrize("module", _with_examples())
def test_every_example_in_a_docstring_holds(module):
    found = doctest.testmod(importlib.import_module(module))
    assert found.attempted > 0
    assert found.failed == 0


# --- pages --------------------------------------------------------------------------------------------------------------


def test_every_link_in_the_documentation_leads_somewhere():
    dead = []
    for page in tracked("*.md"):
        text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            where, _, anchor = target.partition("#")
            if where.startswith(("http://", "https://", "mailto:")):
                continue
            file = (page.parent / where).resolve() if where else page
            if not file.exists() or (anchor and file.suffix == ".md" and anchor not in _anchors(file)):
                dead.append(f"{name(page)}: {target}")
    assert dead == []


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", h.lower()).strip().replace(" ", "-") for h in headings}


@pytest.mark.parametrize("tool", ["example.py", "reference.py"])
def test_what_the_pages_show_is_genuine(tool):
    run = subprocess.run([sys.executable, str(ROOT / "tools" / tool), "check"], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


def test_every_run_time_dependency_has_a_decision():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    listed = list(project["dependencies"])
    for extra in project["optional-dependencies"].values():
        listed += extra
    npm = re.search(
        r'"dependencies": \{(.*?)\}', (ROOT / "frontend" / "package.json").read_text(encoding="utf-8"), re.DOTALL
    )
    needed = {re.split(r"[\[<>=~ ]", each)[0] for each in listed}
    needed |= set(re.findall(r'"([^"]+)":', npm[1])) if npm else set()
    records = "\n".join(p.read_text(encoding="utf-8") for p in (DOCS / "decisions").glob("[0-9]*.md"))
    decided = set(re.findall(r"`([^`\n]+)`", " ".join(re.findall(r"^Dependencies: (.+)$", records, re.M))))
    assert sorted(needed - decided) == []


def test_decisions_are_numbered_without_gaps_and_listed():
    files = sorted(p.name for p in (DOCS / "decisions").glob("[0-9]*.md"))
    assert [int(f[:4]) for f in files] == list(range(1, len(files) + 1))
    index = (DOCS / "decisions" / "README.md").read_text(encoding="utf-8")
    assert [f for f in files if f"({f})" not in index] == []


# --- nothing of one machine ---------------------------------------------------------------------------------------------


def test_no_file_names_a_place_on_somebodys_machine_or_a_registry():
    machine = re.compile(r"(?<![\w./}>-])/(work|root|home|Users|mnt)/[\w.-]+/")
    registry = re.compile(
        r"(https?://[\w.-]*(pypi|pythonhosted|npmjs|npmmirror)[\w.-]*|index-url|extra-index|find-links)"
    )
    allowed = {"uv.lock": ("https://pypi.org", "https://files.pythonhosted.org")}
    own = name(Path(__file__))
    found = []
    for path in tracked():
        if path.suffix in {".png", ".jpg", ".mo", ".woff", ".woff2"} or name(path) == own:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [f"{name(path)}: {m[0]}" for m in machine.finditer(text)]
        found += [f"{name(path)}: {m[0]}" for m in registry.finditer(text) if m[0] not in allowed.get(name(path), ())]
    assert found == []


def test_the_locks_name_no_registry_but_the_public_one():
    lock = (ROOT / "uv.lock").read_text(encoding="utf-8")
    assert set(re.findall(r"https?://[^/\"]+", lock)) == {"https://pypi.org", "https://files.pythonhosted.org"}
    assert '"resolved"' not in (ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8")


# --- what import-linter does not say ------------------------------------------------------------------------------------


# A folder with a declaration is a room, but for what is above all rooms.
ROOMS = {path.parent.name for path in (ROOT / "src" / "dokaz").glob("*/room.py")} - {"site"}


def _contracts() -> list[dict[str, object]]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]


def test_the_contracts_place_every_package_and_a_new_one_would_fail():
    house = _contracts()[0]
    assert house["exhaustive"] is True
    placed = {part.strip(" ()") for layer in house["layers"] for part in re.split(r"[|:]", layer)}
    import dokaz

    there = {m.name for m in pkgutil.iter_modules(dokaz.__path__)}
    assert sorted(there - placed) == []


def test_no_contract_makes_a_wildcard_exception():
    exceptions = [each for contract in _contracts() for each in contract.get("ignore_imports", [])]
    assert [each for each in exceptions if "*" in each] == []


def test_every_rule_of_a_room_is_held_apart_from_its_pages():
    """A module of a room that imports no part of a page is a rule, and the contract names it."""
    contract = next(each for each in _contracts() if each["name"] == "Rules do not know their pages")
    named = {str(each) for each in contract["source_modules"]}
    free = []
    for path in sources():
        parts = path.relative_to(ROOT / "src").with_suffix("").parts if "src/dokaz/" in name(path) else ()
        if len(parts) != 3 or parts[1] not in ROOMS or parts[2] in ("__init__", "apps", "room"):
            continue
        module = ".".join(parts)
        uses_pages = re.search(r"^from dokaz\.pages", path.read_text(encoding="utf-8"), re.M)
        if not uses_pages and not named & {module, f"dokaz.*.{parts[2]}"}:
            free.append(module)
    assert free == []
