"""The smallest question and victim files, and `dokaz kinship` run on them, for tests."""

from __future__ import annotations

import copy
import json
from pathlib import Path

from typer.testing import CliRunner

from dokaz.cli.kinship import app

QUESTION = {
    "case": "paternity",
    "theta": 0,
    "H1": [
        {
            "members": [
                {"id": "man", "father": None, "mother": None, "sex": 1},
                {"id": "child", "father": "man", "mother": None, "sex": 2},
            ]
        }
    ],
    "H2": [
        {"members": [{"id": "man", "father": None, "mother": None, "sex": 1}]},
        {"members": [{"id": "child", "father": None, "mother": None, "sex": 2}]},
    ],
    "markers": [
        {"name": "L1", "chrom": None, "alleles": ["1", "2", "3"], "freqs": [0.1, 0.2, 0.7], "mutation": None},
        {"name": "L2", "chrom": "23", "alleles": ["1", "2"], "freqs": [0.25, 0.75], "mutation": None},
    ],
    "genotypes": {
        "man": {"L1": ["1", "3"], "L2": ["1"]},
        "child": {"L1": ["1", "2"], "L2": ["1", "2"]},
    },
}
VICTIMS = {
    "case": "two",
    "markers": [QUESTION["markers"][0]],
    "pm": [
        {"id": "V1", "sex": 1, "genotypes": {"L1": ["1", "1"]}},
        {"id": "V2", "sex": 2, "genotypes": {"L1": ["2", "3"]}},
    ],
    "am": [
        {
            "family": "F1",
            "components": [
                {
                    "members": [
                        {"id": "R1", "father": None, "mother": None, "sex": 1},
                        {"id": "M1", "father": "R1", "mother": None, "sex": 1},
                        {"id": "M2", "father": "R1", "mother": None, "sex": 0},
                    ]
                }
            ],
            "genotypes": {"R1": {"L1": ["1", "1"]}},
        }
    ],
    "missing": ["M1", "M2"],
}


def written(tmp_path: Path, data: object, name: str = "case.json") -> Path:
    path = tmp_path / name
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return path


def changed(data: dict, path: str, value: object) -> dict:
    """A copy with one value replaced, as "H1.0.members.0.sex"; a value of None removes the key."""
    copied = copy.deepcopy(data)
    *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    target = copied
    for part in parents:
        target = target[part]
    target[last] = value
    return copied


def run(*arguments: object):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])
