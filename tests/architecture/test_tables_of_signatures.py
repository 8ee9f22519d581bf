"""Who must sign what: the acts declare it, the format and the verifier repeat it; the three never differ."""

import re
from pathlib import Path

from dokaz_verify.acts import ACTS

from dokaz.casework.constitution import always_open
from dokaz.casework.effects import Changes
from dokaz.casework.registry import acts
from dokaz.casework.roles import ANY_ROLE

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


def signed():
    return {name: act for name, act in acts().items() if act.signing}


def _changed(act):
    """The fields that an act under assent changes; its reason too."""
    return frozenset({"reason"}).union(*(effect.fields for effect in act.files if isinstance(effect, Changes)))


def product():
    return {
        n: (str(a.signing.over), a.signing.count, a.roles, _changed(a) if a.signing.over == "assent" else frozenset())
        for n, a in signed().items()
    }


def verifier():
    return {n: (r.over, r.signatures, r.roles or ANY_ROLE, r.may_change) for n, r in ACTS.items()}


def test_the_product_signs_what_the_format_says():
    assert product() == documented()


def test_every_act_is_open_to_the_offices_that_the_page_of_acts_names():
    page = (FORMAT.parent / "acts.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z]+\.[a-z_]+)` \| .+ \| ([a-z_, ]+) \| [^|]+ \|$", page, re.M)
    shown = {name: ANY_ROLE if roles == "any" else frozenset(roles.split(", ")) for name, roles in rows}
    assert shown == {name: act.roles for name, act in acts().items()}


def test_the_verifier_checks_what_the_format_says():
    assert verifier() == documented()


def test_no_field_that_a_signed_act_changes_can_be_withheld():
    for name, act in signed().items():
        if act.signing.over == "assent":
            kind = "identification.Comparison" if "comparison" in name else "identification.Decision"
            assert _changed(act) - {"reason"} <= always_open()[kind], name
