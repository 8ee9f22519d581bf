"""`dokaz physical` in words: its answers for a reader, and what `--explain` says of its files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def _of_method(method: dict[str, Any]) -> list[str]:
    return [
        f"  by {method['name']}: {method['citation']}",
        f"  found in: {method['population']}; holds for: {method['validity']}",
    ]


def _estimates(answer: dict[str, Any]) -> str:
    lines = []
    for each in answer["estimates"]:
        low, high = each["interval"]
        scored = ", ".join(f"{name} {value}" for name, value in each["scored"].items())
        lines.append(
            f"{each['of']} {each['median']:.1f} {each['unit']} (median), {each['level']:.0%} from {low:.1f} to {high:.1f}; "
            f"scored: {scored}"
        )
        lines += _of_method(each["method"])
        lines += [f"  {remark}" for remark in each["remarks"]]
    if len(answer["estimates"]) > 1:
        lines.append("these repeat each other: they are not independent, and are never multiplied")
    return "\n".join(lines)


def _sex(answer: dict[str, Any]) -> str:
    log_lr = answer["log10_lr_male"]
    for_whom = "a man" if log_lr >= 0 else "a woman"
    lines = [
        f"male {answer['probability_male']:.3f}, female {1 - answer['probability_male']:.3f}: the scores are "
        f"{10 ** abs(log_lr):,.1f} times as likely in {for_whom}",
        *_of_method(answer["method"]),
        *(f"  {remark}" for remark in answer["remarks"]),
    ]
    return "\n".join(lines)


def _pairs(answer: dict[str, Any]) -> str:
    lines = [
        f"{answer['reference_pairs']} reference pairs; at most {answer['rate']:.1%} of true pairs are excluded "
        f"({', '.join(answer['measurements'])})"
    ]
    held_out = answer["excluded_when_held_out"]
    if held_out:
        lines.append(
            f"reference pairs excluded when held out: {held_out['ranked']:.1%} by ranks, {held_out['t']:.1%} by t"
        )
    for row in answer["pairs"]:
        verdict = "excluded" if row["excluded"] else "not excluded"
        lines.append(
            f"  {row['left']} – {row['right']}: {verdict}; differ by {row['difference_mm']:g} mm, as much as "
            f"{row['p_ranked']:.1%} of true pairs (t {row['t']:.2f}, {row['p_t']:.1%})"
        )
    lines.append("what is not excluded is not a pair: look at joint surfaces, refits and DNA")
    return "\n".join(lines)


def _people(answer: dict[str, Any]) -> str:
    lines = []
    if "paired" in answer:
        paired = answer["paired"]
        lines.append(
            f"{paired['left']} left, {paired['right']} right, {paired['pairs']} pairs: at least {paired['maximum']} people "
            f"by the more frequent side, at least {paired['at_least']} with the pairs"
        )
        if "refused" in paired:
            lines.append(f"  most likely number: refused: {paired['refused']}")
        else:
            low, high = paired["credible_set"]
            lines.append(
                f"  most likely {paired['most_likely']}, {paired['level']:.0%} from {low} to {high}; "
                f"Lincoln index {paired['lincoln']:.1f}"
            )
    if "fragments" in answer:
        found = answer["fragments"]
        proof = "" if found["proven"] else f" ({found['enough']} suffice; the least number lies between)"
        lines.append(
            f"{found['count']} fragments: at least {found['people_at_least']} people{proof}: {found['because']}"
        )
        lines += [f"  {name}: {count}" for name, count in found["by_element"].items()]
    return "\n".join(lines)


def _teeth(answer: dict[str, Any]) -> str:
    lines = [f"{answer['percentage']:.0f} % of {answer['compared']} teeth known in both charts agree"]
    for sort in ("explained", "excluding"):
        if answer[sort]:
            what = (
                "could have come to be since" if sort == "explained" else "cannot follow: another person, or a mistake"
            )
            lines.append(f"  {', '.join(answer[sort])}: {what}")
    if "share_as_similar" in answer:
        lines.append(f"  {answer['share_as_similar']:.1%} of {answer['population']} charts would agree as well")
    lines.append("a percentage ranks; an odontologist compares")
    return "\n".join(lines)


WORDS: dict[str, Callable[[dict[str, Any]], str]] = {
    "estimates": _estimates,
    "sex": _sex,
    "pairs": _pairs,
    "mni": _people,
    "teeth": _teeth,
}

_FIELDS = {
    "age": """\
method      one of those below
phase       as the method names it; or composite, a score of 5 to 19 (buckberry_chamberlain); or indicators (mcp_s_age)
sex         female or male, for methods with each apart
prior       ages that are possible, in years: starts, end and people of groups; or from and to, with mean and sd
            if you like. mcp_s_age needs one; without it a phase gives the ages of the reference sample""",
    "sex": """\
method      one of those below
scores      every trait of the method, 1 (most like a woman) to 5 (most like a man)
prior_male  share of men among those who could lie here""",
    "stature": """\
method      one of those below
sex         female or male
lengths_cm  maximum lengths of dry bones, in cm
age_years   if given, what is lost of height with age is taken off
reported    if given, the estimate is of what would be reported: overstated_cm on the average, spread_cm around it""",
    "pairs": """\
measurements  their names, in the order of the values, in mm
rate          share of true pairs that may be excluded
reference     pairs of known persons of the same kind
left, right   bones to be compared, each with a name and its values""",
    "mni": """\
paired      left, right and pairs of one element
fragments   name, element, side (left, right, none, unsided) and zones that are there; without zones the whole bone
same        pairs of names that are of one person: articulated, refitted, paired, of one DNA profile
different   pairs of names that are of two persons""",
    "teeth": """\
before      the chart made in life: FDI number and code
after       the later one, of the body
population  if given, charts of others, to say how many would agree as well
codes       V sound, F filled, C crown, X missing in life, P replaced, I implant, / unknown (also lost after death)""",
}


def explained(question: str) -> str:
    """What a file of a question looks like, and which methods there are."""
    from dokaz.exchange.programs.physical_files import EXAMPLES

    lines = [EXAMPLES[question], "", _FIELDS[question]]
    for method, parts in _methods(question):
        lines += ["", *parts] if method else []
    return "\n".join(lines)


def _methods(question: str) -> list[tuple[str, list[str]]]:
    from dokaz.physical import indicators
    from dokaz.physical.age import WITHOUT_SPREAD
    from dokaz.physical.methods import published

    if question not in ("age", "sex", "stature"):
        return []
    figures = published(question)
    entries = [*figures.get("methods", []), *figures.get("functions", []), *figures.get("tables", [])]
    found = []
    for entry in entries:
        takes = (
            ", ".join(each["phase"] for each in entry["phases"]) if "phases" in entry
            else ", ".join(each["bone"] for each in entry["equations"]) if "equations" in entry
            else ", ".join(entry.get("slopes", {entry.get("trait"): 0}))
        )  # fmt: skip
        sexed = f" ({entry['sex']})" if entry.get("sex") else ""
        found.append((entry["key"], [f"{entry['key']}{sexed}: {entry['name']}: {takes}", f"  {entry['citation']}"]))
    if question == "age":
        method = published("subadult")["method"]
        lines = [f"{method['key']}: {method['name']}", f"  {method['citation']}"]
        for code, name in indicators().items():
            stages = published("subadult")["indicators"][code].get("stages", [])
            lines.append(f"  {code:<9} {name}" + (": " if stages else "") + ", ".join(" or ".join(s) for s in stages))
        found.append((method["key"], lines))
        found += [(key, [f"{key}: not here: {why}"]) for key, why in WITHOUT_SPREAD.items()]
    return found
