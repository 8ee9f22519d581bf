"""Who must sign what is written down three times, for three readers; the three never differ."""

import importlib
import re
from pathlib import Path

from dokaz_verify.acts import ACTS

from dokaz.casework.filing import acts
from dokaz.casework.roles import ANY_ROLE, SIGNATURE_RULES
from dokaz.court.redaction import ALWAYS_OPEN

FORMAT = Path(__file__).parents[2] / "docs" / "ledger-format.md"


def documented():
    """The rows of the table in docs/ledger-format.md."""
    rows = {}
    for line in FORMAT.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 6 and re.fullmatch(r"`[a-z]+\.[a-z_]+`", cells[0]):
            roles = {r.strip() for r in cells[4].split(";")[0].split(",")}
            rows[cells[0].strip("`")] = (
                cells[2],
                int(cells[3]),
                ANY_ROLE if roles == {"any"} else frozenset(roles),
                frozenset(re.findall(r"`(\w+)`", cells[5])),
            )
    return rows


def product():
    return {n: (str(r.over), r.count, frozenset(map(str, r.roles)), r.may_change) for n, r in SIGNATURE_RULES.items()}


def verifier():
    return {n: (r.over, r.signatures, r.roles or ANY_ROLE, r.may_change) for n, r in ACTS.items()}


def test_the_product_signs_what_the_format_says():
    assert product() == documented()


def test_the_verifier_checks_what_the_format_says():
    assert verifier() == documented()


def test_every_signed_act_exists_and_is_open_to_those_who_sign():
    for room in {name.split(".")[0] for name in SIGNATURE_RULES}:
        importlib.import_module(f"dokaz.{room}.acts")
    known = acts()
    for name, rule in SIGNATURE_RULES.items():
        assert known[name].signing is rule
        # Acts under assent are filed by whoever signs last; the others by the one who signs.
        assert known[name].roles <= rule.roles if rule.count == 1 else known[name].roles & rule.roles, name


def test_no_field_that_a_signed_act_changes_can_be_withheld():
    for name, rule in SIGNATURE_RULES.items():
        if rule.may_change:
            kind = "identification.Comparison" if "comparison" in name else "identification.Decision"
            assert rule.may_change <= ALWAYS_OPEN[kind], name
