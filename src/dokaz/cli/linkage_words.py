"""What `dokaz linkage` says: links, weights and comparisons as values and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dokaz.exchange.programs.people_tables import PeopleTable
    from dokaz.linkage import Blocks, Evaluation, Linked, Listed, Lists, Missed, Weights

#: How many links words show; `--json` has all.
_SHOWN = 20


def links_as_values(linked: Linked, weights: Weights) -> list[dict[str, Any]]:
    """Links as the command prints them in JSON."""
    from dokaz.linkage import FIELDS, words
    from dokaz.linkage.comparing import level_of

    bits = {field: weights.of_field(field) for field in FIELDS}
    levels = {field: level_of(linked.pattern, field).tolist() for field in FIELDS}
    return [
        {
            "left": left,
            "right": right,
            "probability": round(chance, 6),
            "fields": {
                field: {
                    "agreement": words(field, levels[field][at]),
                    "bits": round(float(bits[field][levels[field][at]]), 2),
                }
                for field in FIELDS
                if levels[field][at]
            },
        }
        for at, (left, right, chance) in enumerate(
            zip(linked.left.tolist(), linked.right.tolist(), linked.probability.tolist(), strict=True)
        )
    ]


def in_words(
    tables: tuple[PeopleTable, PeopleTable],
    lists: Lists,
    blocks: Blocks,
    weights: Weights,
    linked: Linked,
    kept: Linked,
    missed: Missed,
) -> str:
    """What a reader is told of a linkage: what was read, learnt, compared, found and missed."""
    lines = [_read(table) for table in (tables[:1] if lists.is_one else tables)]
    if lists.unread_dates:
        lines.append(f"{lists.unread_dates:,} cells of dates say nothing; for ages, give the year with --ages-hold-in")
    lines += ["", weights_in_words(lists, weights), "", "compared: pairs that share"]
    lines += [f"  {rule!s:<32} {rule.pairs:>12,}" for rule in blocks.rules]
    found = float(kept.probability.sum())
    expected = float(linked.probability.sum()) + missed.pairs
    lines += [
        f"in all {linked.compared:,} of {lists.pairs:,} pairs",
        f"{len(kept.left):,} links, of which {found:,.1f} are right if the probabilities are; they would be "
        f"{found / max(expected, 1e-9):.0%} of all pairs of one person",
        f"not reached by any rule: about {missed.pairs:,.1f} pairs of one person (at most {missed.at_most:,.1f}), by "
        f"{missed.sampled:,} random pairs",
        "",
    ]
    for at in range(min(_SHOWN, len(kept.left))):
        left, right = int(kept.left[at]), int(kept.right[at])
        one, other = tables[0].people[left], tables[1].people[right]
        lines.append(f"  {kept.probability[at]:.4f}  {left:>6} {_name(one)}  —  {right:>6} {_name(other)}")
    if len(kept.left) > _SHOWN:
        lines.append(f"  … and {len(kept.left) - _SHOWN:,} more: --json prints all")
    lines.append("no link identifies anyone: two people look at both entries, and decide (docs/methods/linkage.md)")
    return "\n".join(lines)


def _read(table: PeopleTable) -> str:
    read = ", ".join(f"{field} from {header!r}" for field, header in table.read.items())
    rest = f"; not read: {', '.join(table.not_read)}" if table.not_read else ""
    return f"{table.file}: {len(table.people):,} people; {read}{rest}"


def _name(person: Listed) -> str:
    return (
        " ".join(part for part in (person.surname, person.given, person.patronymic, person.dob, person.place) if part)
        or "(empty)"
    )


def weights_in_words(lists: Lists, weights: Weights) -> str:
    """What each agreement is worth."""
    from dokaz.linkage import FIELDS, words

    shown = [f for f in FIELDS if lists.left[f].any() and lists.right[f].any()]
    same = weights.same_person * lists.pairs
    lines = [f"learnt: {same:,.0f} of {lists.pairs:,} pairs are of one person; what agreement is worth, in bits"]
    for field in shown:
        bits = weights.of_field(field)
        lines += [
            f"  {field:<11} {words(field, level):<46} {bits[level]:>6.1f}"
            for level in range(1, len(bits))
            if _possible(field, level)
        ]
    return "\n".join(lines)


def _possible(field: str, level: int) -> bool:
    """Places have no initials, and only a surname and a given name are exchanged."""
    return not (field == "place" and level in (5, 7)) and not (field == "patronymic" and level == 7)


def explained_as_values(
    lists: Lists, weights: Weights, one: Listed, other: Listed, rows: tuple[int, int], bits: float, pattern: int
) -> dict[str, Any]:
    """Two rows field by field."""
    import numpy as np

    from dokaz.linkage import FIELDS, probability, words
    from dokaz.linkage.comparing import level_of

    fields = {}
    for field in FIELDS:
        level = int(level_of(np.array([pattern]), field)[0])
        fields[field] = {
            "left": getattr(one, field),
            "right": getattr(other, field),
            "agreement": words(field, level),
            "bits": round(float(weights.of_field(field)[level]), 2),
        }
    of_fields = sum(each["bits"] for each in fields.values())
    return {
        "left": rows[0],
        "right": rows[1],
        "fields": fields,
        "before": round(weights.prior, 2),
        "rarity": round(bits - weights.prior - of_fields, 2),
        "bits": round(bits, 2),
        "probability": round(float(probability(np.array([bits]))[0]), 6),
    }


def explained_in_words(told: dict[str, Any]) -> str:
    """The same as a reader reads it."""
    lines = [f"row {told['left']} and row {told['right']}"]
    for field, each in told["fields"].items():
        pair = f"{each['left'] or '–'} | {each['right'] or '–'}"
        lines.append(f"  {field:<11} {pair:<44} {each['agreement']:<46} {each['bits']:>+6.1f}")
    lines += [
        f"  {'rare or common':<103} {told['rarity']:>+6.1f}",
        f"  {'any two rows, before they are looked at':<103} {told['before']:>+6.1f}",
        f"  {'together, in bits':<103} {told['bits']:>+6.1f}",
        f"probability of one person {told['probability']:.4f}: {_verdict(told['bits'])}",
        "each bit doubles the odds; no link identifies anyone",
    ]
    return "\n".join(lines)


def _verdict(bits: float) -> str:
    if abs(bits) < 1:
        return "it is open"
    times = 2 ** min(abs(bits), 40)
    return f"{times:,.0f} times {'likelier' if bits > 0 else 'less likely'} one person than two"


def evaluation_as_values(found: Evaluation) -> dict[str, Any]:
    """An evaluation as the command prints it in JSON."""
    return {
        "linked": found.linked,
        "true": found.true,
        "right": found.right,
        "precision": found.precision,
        "recall": found.recall,
        "f1": found.f1,
        "reliability": [
            {"from": each.low, "to": each.high, "links": each.links, "said": each.said, "right": each.right}
            for each in found.reliability
        ],
    }


def evaluation_in_words(found: Evaluation) -> str:
    """The same as a reader reads it."""
    lines = [
        f"{found.linked:,} links, {found.right:,} of them right; {found.true:,} pairs are of one person",
        f"precision {found.precision:.4f}, recall {found.recall:.4f}, F1 {found.f1:.4f}",
        "  probability      links   said  right",
    ]
    lines += [
        f"  {each.low:.2f} to {each.high:.2f} {each.links:>9,}  {each.said:.3f}  {each.right:.3f}"
        for each in found.reliability
    ]
    return "\n".join(lines)
