"""Reference figures of engines: the repository's own, and those of other licences where DOKAZ_CASES names a folder."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from dokaz.exchange.programs.case_reader import VictimCase
from dokaz.kinship import KinshipFamily

ROOT = Path(__file__).resolve().parents[1]
OWN = ROOT / "vectors" / "kinship"
OUTSIDE = Path(os.environ.get("DOKAZ_CASES", ROOT.parent / "shared" / "cases"))
needs_outside = pytest.mark.skipif(
    not OUTSIDE.is_dir(), reason="figures of other licences are not beside the repository (DOKAZ_CASES)"
)


def own(kind: str, *files: str) -> list[Any]:
    """The repository's own cases of a kind ("question" or "victims"), as parameters of a test."""
    found = [
        pytest.param(case, id=f"{file}: {case['case']}")
        for file in files or sorted(path.stem for path in OWN.glob("*.json"))
        for case in json.loads((OWN / f"{file}.json").read_text(encoding="utf-8"))["cases"]
        if kind in case
    ]
    assert found, f"no {kind} in {files}"
    return found


def own_case(name: str) -> dict[str, Any]:
    """One of the repository's own cases."""
    (case,) = (one.values[0] for kind in ("question", "victims") for one in own(kind) if one.values[0]["case"] == name)
    assert isinstance(case, dict)
    return case


def outside(pattern: str, folder: str = "dna") -> list[Any]:
    """The files outside that fit, as parameters of a test; one that is skipped where there are none."""
    found = [pytest.param(path, id=path.stem) for path in sorted((OUTSIDE / folder).glob(pattern))]
    return found or [pytest.param(None, id=pattern, marks=needs_outside)]


def families_of(case: VictimCase) -> list[KinshipFamily]:
    """The families of a victim file, as the searches take them."""
    return [KinshipFamily(f.name, f.pedigree, f.missing, f.profiles) for f in case.families]
