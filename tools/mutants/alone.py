"""Runs tests on one mutant: ``python -m mutants.alone PATH:NODE:VARIANT TEST…``."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from mutants.instead import import_from
from mutants.mutations import mutants_of, mutated


def main(named: str, tests: list[str]) -> int:
    """0 if every test passes although the file is broken."""
    root = Path.cwd()
    path, node, variant = named.rsplit(":", 2)
    (mutant,) = [m for m in mutants_of(root, path) if (m.node, m.variant) == (int(node), int(variant))]
    for name in [name for name in sys.modules if name.split(".")[0] in ("dokaz", "dokaz_verify")]:
        del sys.modules[name]
    broken = import_from(root / path, mutated(root, mutant))
    code = int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "-rfE", *tests]))
    assert broken.imported or code, f"{path} was never imported, so nothing was tried"
    return code


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], sys.argv[2:]))
