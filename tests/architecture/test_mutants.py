"""The mutation campaign itself: what it breaks, that it breaks it in memory only, and that its lists are not stale."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from mutants.mutations import mutants_of, mutated  # noqa: E402

HERE = ROOT / "tools" / "mutants"
SOURCE = '''\
"""Left alone."""
from dokaz.errors import WrongState, sentence

LIMITS = (1, 5)


def rule(record: "int | str", others, reason=""):
    """Left alone."""
    if record.state not in ("lifted", "stored") and others.filter(state=record.state, until=None):
        raise WrongState("left alone", sentence("left alone"), [])
    record.state = "released"
    for other in others:
        check(other, reason=reason)
    return record
'''


def changes(tmp_path, source=SOURCE):
    (tmp_path / "rule.py").write_text(source, encoding="utf-8")
    return {(m.line, m.before, m.after) for m in mutants_of(tmp_path, "rule.py")}


def test_every_part_of_a_rule_is_broken(tmp_path):
    found = changes(tmp_path)
    test = "record.state not in ('lifted', 'stored') and others.filter(state=record.state, until=None)"
    query = "others.filter(state=record.state, until=None)"
    for line, before, after in (
        (4, "(1, 5)", "without 1"),
        (4, "5", "6"),
        (9, f"if {test}", "if False"),
        (9, test, query),
        (9, "record.state not in ('lifted', 'stored')", "record.state in ('lifted', 'stored')"),
        (9, "('lifted', 'stored')", "without 'stored'"),
        (9, query, "others"),
        (9, query, "without until=None"),
        (9, query, "others.exclude(state=record.state, until=None)"),
        (11, "record.state = 'released'", "nothing"),
        (12, "for other in others", "for other in ()"),
        (13, "check(other, reason=reason)", "nothing"),
        (13, "check(other, reason=reason)", "without reason=reason"),
        (14, "return record", "return None"),
    ):
        assert (line, before, after) in found
    assert not [before for _, before, _ in found if "left alone" in before.lower()]
    assert {line for line, _, _ in found} == {4, 9, 11, 12, 13, 14}


def test_every_mutant_is_a_program_and_another_one(tmp_path):
    changes(tmp_path)
    sound = compile(SOURCE, "rule.py", "exec")
    mutants = mutants_of(tmp_path, "rule.py")
    assert len({m.key for m in mutants}) == len(mutants) > 20
    for mutant in mutants:
        assert compile(mutated(tmp_path, mutant), "rule.py", "exec") != sound, mutant.key
    assert (tmp_path / "rule.py").read_text(encoding="utf-8") == SOURCE


def test_a_mutant_runs_in_memory_and_the_file_stays(tmp_path):
    """In a process of its own, for nothing puts the broken function back."""
    path = "src/dokaz/ledger/merkle.py"
    before = (ROOT / path).read_bytes()
    program = f"""
import json, sys
from pathlib import Path
from dokaz.ledger.merkle import verify_consistency
from dokaz.errors import BadProof
from mutants.instead import Running, exchange
from mutants.mutations import mutants_of
(mutant,) = [m for m in mutants_of(Path.cwd(), {path!r}) if m.key.endswith("if old != old_root → if False")]
def accepted():
    try:
        verify_consistency(3, 4, [b"1" * 32] * 3, b"0" * 32, b"2" * 32)
    except BadProof as refused:
        return str(refused)
    return "accepted"
sound = accepted()
exchange(Path.cwd(), mutant, Running.of(Path.cwd() / mutant.path))
print(json.dumps([sound, accepted()]))
"""
    environment = {"PYTHONPATH": str(ROOT / "tools"), "PATH": ""}
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    sound, broken = json.loads(run.stdout)
    assert "does not lead to the older tree" in sound
    assert "does not begin with" in broken
    assert (ROOT / path).read_bytes() == before


RULE = """\
def may(age):
    if age < 18 or age > 150:
        return False
    return True
"""
ONE = """\
import os
import pytest
HERE = os.getpid()
@pytest.fixture
def house():
    return HERE
def test_ready(house):
    assert house
def test_that_fails_in_every_child():
    assert os.getpid() == HERE
"""
TWO = """\
from rule import may
def test_of_age():
    assert may(18) and not may(17)
"""
FORKS = """
import json, sys
from pathlib import Path
import pytest
from mutants.mutations import mutants_of
from mutants.trying import Forks, Order
tests = json.loads(sys.argv[1])
of_age = {"two/test_two.py::test_of_age": 1}
order = Order({"room/rule.py": {"2": of_age, "4": of_age}}, dict.fromkeys(tests, 0.1), declared=(), most_seconds=5)
tried = []
forks = Forks(Path.cwd(), mutants_of(Path.cwd(), "room/rule.py"), order, tried.append)
code = pytest.main(["-q", "-p", "no:cacheprovider", "one/test_one.py", "two/test_two.py"], plugins=[forks])
print(json.dumps([int(code), {t.mutant.before + " to " + t.mutant.after: t.outcome for t in tried}]), file=sys.stderr)
"""


def campaign_of(tmp_path, *tests):
    """What becomes of the mutants of a rule whose test lies in another folder than what is prepared first."""
    for name, text in {"room/rule.py": RULE, "one/test_one.py": ONE, "two/test_two.py": TWO}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-c", FORKS, json.dumps(tests)],
        cwd=tmp_path,
        env={"PYTHONPATH": f"{ROOT / 'tools'}:{tmp_path / 'room'}", "PATH": "", "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return json.loads(run.stderr.splitlines()[-1])


def test_a_mutant_is_killed_by_a_test_that_notices_it_and_by_no_other(tmp_path):
    code, outcome = campaign_of(tmp_path, "one/test_one.py::test_ready", "two/test_two.py::test_of_age")
    assert code == 0
    assert outcome["18 to 19"] == outcome["18 to 17"] == outcome["age < 18 to age >= 18"] == "killed"
    assert outcome["150 to 151"] == outcome["150 to 149"] == outcome["age > 150 to age >= 150"] == "survived"


def test_nothing_is_tried_where_a_test_fails_in_a_child_in_which_nothing_is_broken(tmp_path):
    code, outcome = campaign_of(
        tmp_path, "one/test_one.py::test_that_fails_in_every_child", "two/test_two.py::test_of_age"
    )
    assert (code, outcome) == (1, {})


def plan():
    return tomllib.loads((HERE / "campaign.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("key", ["files", "tests"])
def test_what_the_campaign_names_is_there(key):
    named = [[*part[key]] for part in plan()["part"]]
    assert [path for part in named for path in part if not (ROOT / path).exists()] == []
    assert [len(part) for part in named] == [len(set(part)) for part in named]
    assert min(map(len, named)) > 0


def test_no_file_is_in_two_parts_of_the_campaign():
    files = [path for part in plan()["part"] for path in part["files"]]
    assert len(files) == len(set(files))


@pytest.mark.parametrize("key", ["declared", "deselected"])
def test_tests_that_the_campaign_treats_apart_are_there(key):
    assert [path for path in plan()[key] if not (ROOT / path).is_file()] == []


def test_the_acts_of_every_room_are_in_the_campaign():
    rooms = ROOT / "src" / "dokaz"
    there = {*rooms.glob("*/acts.py"), *rooms.glob("*/acts/*.py")} - {
        rooms / "errors" / "acts.py",
        *rooms.glob("*/acts/__init__.py"),
    }
    files = {path for part in plan()["part"] for path in part["files"]}
    assert sorted({path.relative_to(ROOT).as_posix() for path in there} - files) == []


def test_every_accepted_mutant_is_there_and_has_a_reason():
    listed = tomllib.loads((HERE / "equivalent.toml").read_text(encoding="utf-8")).get("mutant", [])
    known = {m.key for path in {each["key"].partition("::")[0] for each in listed} for m in mutants_of(ROOT, path)}
    assert [each["key"] for each in listed if each["key"] not in known or len(each["reason"]) < 20] == []
