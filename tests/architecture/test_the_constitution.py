"""What a log allows: the rooms declare it, the format specifies it, the verifier interprets it; the three never differ."""

import inspect
import re
from pathlib import Path

from dokaz_verify.constitution import RULES, standard

from dokaz.casework import effects
from dokaz.casework.constitution import constitution, constitution_hash
from dokaz.casework.effects import Rule

FORMAT = Path(__file__).parents[2] / "docs" / "ledger-format.md"


def documented():
    """The rules of the table in docs/ledger-format.md, "Rules between records"."""
    text = FORMAT.read_text(encoding="utf-8")
    table = text[text.index("### Rules between records") :].split("\n\n")[1]
    return {name for row in table.splitlines()[2:] for name in re.findall(r"`(\w+)`", row.split("|")[1])}


def declarable():
    """The rules that a room can declare."""
    return {
        name
        for name, made in inspect.getmembers(effects, inspect.isfunction)
        if not name.startswith("_") and inspect.signature(made).return_annotation in ("Rule", Rule)
    }


def test_the_format_specifies_every_rule_that_the_verifier_interprets():
    assert documented() == set(RULES)


def test_a_room_declares_no_other_rules():
    assert declarable() == set(RULES)


def test_the_verifier_carries_the_constitution_that_is_filed():
    assert standard().digest == constitution_hash()
    assert (standard().acts, standard().kinds) == (constitution()["acts"], constitution()["kinds"])
