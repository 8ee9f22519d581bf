"""Other programs on the same lists, with the settings of their own tutorials, for `bench/linkage.py --peers`."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from dokaz.linkage import Blocks, Listed, prepare

Scores = dict[tuple[int, int], float]
FIELDS = ("surname", "given", "patronymic", "dob", "place")


def _frame(people: Sequence[Listed]) -> Any:
    import pandas as pd

    frame = pd.DataFrame([{f: getattr(p, f) or None for f in FIELDS} for p in people])
    frame.insert(0, "unique_id", range(len(frame)))
    return frame


def _filled(*lists: Sequence[Listed]) -> list[str]:
    """Fields that are not empty throughout."""
    return [f for f in FIELDS if any(getattr(p, f) for each in lists for p in each)]


def splink(left: Sequence[Listed], right: Sequence[Listed] | None) -> Scores:
    """Splink: NameComparison with term frequencies, DateOfBirthComparison on ISO dates, exact and Levenshtein places.

    Blocking: surname; date; given name and place. Trained by random sampling for u and EM on two rules, as in
    its tutorials.
    """
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    fields = _filled(left, *([right] if right else []))
    names = [
        cl.NameComparison(f).configure(term_frequency_adjustments=True) for f in fields if f not in ("dob", "place")
    ]
    others = [cl.LevenshteinAtThresholds(f, [1, 2]) for f in fields if f in ("dob", "place")]
    pairs = [("surname",), ("dob",), ("given", "place")]
    settings = SettingsCreator(
        link_type="link_only" if right else "dedupe_only",
        comparisons=[*names, *others],
        blocking_rules_to_generate_predictions=[block_on(*p) for p in pairs if set(p) <= set(fields)],
    )
    api = DuckDBAPI()
    frames = [
        api.register(_frame(each), table_name=f"list_{at}")
        for at, each in enumerate([left, right] if right else [left])
    ]
    linker = Linker(frames, settings, log_level=50)
    linker.training.estimate_probability_two_random_records_match([block_on("surname", "given", "dob")], recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=1_000_000, seed=1)
    for rule in (block_on("surname", "given"), block_on("dob")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=0.001).as_pandas_dataframe()
    ids = zip(found["unique_id_l"].tolist(), found["unique_id_r"].tolist(), strict=True)
    ordered = ids if right else ((min(pair), max(pair)) for pair in ids)
    return dict(zip(ordered, found["match_weight"].tolist(), strict=True))


def recordlinkage_ecm(left: Sequence[Listed], right: Sequence[Listed] | None) -> Scores:
    """recordlinkage: Jaro–Winkler above 0.85 for names and places, equal dates, its ECM classifier; blocked as we are."""
    import pandas as pd
    import recordlinkage as rl

    fields = _filled(left, *([right] if right else []))
    pairs = pd.MultiIndex.from_tuples(_candidates(left, right))
    compare = rl.Compare()
    for field in fields:
        if field == "dob":
            compare.exact(field, field, label=field)
        else:
            compare.string(field, field, method="jarowinkler", threshold=0.85, label=field)
    frames = [_frame(each) for each in ([left, right] if right else [left])]
    features = compare.compute(pairs, *frames)
    ecm = rl.ECMClassifier(binarize=0.5)
    ecm.fit(features)
    return dict(zip(features.index.tolist(), ecm.prob(features).tolist(), strict=True))


def jaro_winkler(left: Sequence[Listed], right: Sequence[Listed] | None) -> Scores:
    """The mean Jaro–Winkler similarity of the fields that both have, as written; blocked as we are."""
    from rapidfuzz.distance import JaroWinkler

    other = right or left
    scores = {}
    for a, b in _candidates(left, right):
        both = [(getattr(left[a], f), getattr(other[b], f)) for f in FIELDS]
        known = [JaroWinkler.similarity(x, y) for x, y in both if x and y]
        scores[a, b] = sum(known) / len(known) if known else 0.0
    return scores


def _candidates(left: Sequence[Listed], right: Sequence[Listed] | None) -> Iterable[tuple[int, int]]:
    lists = prepare(left, right)
    blocks = Blocks(lists, budget=100_000)
    a, b, _ = blocks.pairs(0, len(left))
    return list(zip(a.tolist(), b.tolist(), strict=True))


def _where_installed(module: str, run: Callable[..., Scores]) -> Callable[..., Scores]:
    def checked(left: Sequence[Listed], right: Sequence[Listed] | None) -> Scores:
        from linkage import Absent

        if importlib.util.find_spec(module) is None:
            raise Absent(f"{module} is not installed (uv sync --group bench)")
        return run(left, right)

    return checked


PEERS: dict[str, Callable[..., Scores]] = {
    "Splink": _where_installed("splink", splink),
    "recordlinkage": _where_installed("recordlinkage", recordlinkage_ecm),
    "Jaro–Winkler": jaro_winkler,
}
