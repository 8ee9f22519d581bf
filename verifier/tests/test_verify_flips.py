"""One bit changed, anywhere in any file of a bundle, is found.

Every byte of a bundle is covered: by a hash in the manifest, the manifest by the receipt's entry, the entry by the tree,
and the tree by the log's signature. The positions are spread over each file; ``DOKAZ_EVERY_BYTE=1`` tries them all.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

import dokaz_verify
import pytest
from dokaz_verify import LogKey
from story import Story

FILES = (
    "README.txt",
    "bundle.json",
    "index.html",
    "log/bases.jsonl",
    "log/checkpoint",
    "log/entries.jsonl",
    "log/key",
    "log/openings.jsonl",
    "receipt/base",
    "receipt/consistency",
    "receipt/entry.json",
    "receipt/openings.json",
    "receipt/proof",
    "tables/units.csv",
    "files/",
)
SAMPLES = 20


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, LogKey]:
    """A sound bundle of which some names are withheld, and the log's key."""
    told = Story()
    told.unit()
    told.certify(told.ready_decision())
    folder = told.log.bundle(
        tmp_path_factory.mktemp("flips") / "bundle",
        told.prosecutor,
        withhold=lambda entry, name: ("B.2", "Trial Chamber") if name == "name" else None,
    )
    return folder, LogKey.parse(told.log.vkey)


def real(folder: Path, name: str) -> Path:
    """A file by its name; of ``files/``, the first."""
    return folder / name if not name.endswith("/") else min((folder / name).iterdir())


@pytest.mark.parametrize("name", FILES)
def test_one_flipped_bit_is_found(bundle: tuple[Path, LogKey], name: str) -> None:
    folder, _ = bundle
    file = real(folder, name)
    whole = file.read_bytes()
    rng = random.Random(name)
    step = 1 if os.environ.get("DOKAZ_EVERY_BYTE") else max(1, len(whole) // SAMPLES)
    places = sorted({*range(0, len(whole), step), len(whole) - 1})
    unseen = []
    try:
        for place in places:
            changed = bytearray(whole)
            changed[place] ^= 1 << rng.randrange(8)
            file.write_bytes(changed)
            if dokaz_verify.verify(folder).verified:
                unseen.append(place)
    finally:
        file.write_bytes(whole)
    assert unseen == []
    assert dokaz_verify.verify(folder).verified


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_cut_or_prolonged_is_found(bundle: tuple[Path, LogKey], name: str) -> None:
    folder, _ = bundle
    file = real(folder, name)
    whole = file.read_bytes()
    try:
        for changed in (
            b"",
            whole[:-1],
            whole[: len(whole) // 2],
            whole + b"\n",
            whole + b" ",
            whole + whole,
            b"\xef\xbb\xbf" + whole,
        ):
            file.write_bytes(changed)
            assert not dokaz_verify.verify(folder).verified, changed[-20:]
    finally:
        file.write_bytes(whole)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_found(bundle: tuple[Path, LogKey], name: str) -> None:
    folder, _ = bundle
    file = real(folder, name)
    whole = file.read_bytes()
    file.unlink()
    try:
        verdict = dokaz_verify.verify(folder)
        assert "file-missing" in verdict.counts
    except dokaz_verify.Unreadable:
        assert name == "bundle.json"
    finally:
        file.write_bytes(whole)


def test_the_list_of_files_above_is_complete(bundle: tuple[Path, LogKey]) -> None:
    folder, _ = bundle
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert {name for name in there if not name.startswith("files/")} | {"files/"} == set(FILES)
