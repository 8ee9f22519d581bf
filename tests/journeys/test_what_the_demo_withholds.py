"""The demo's own bundle withholds its donors, and names none of them."""

import csv
from pathlib import Path


def test_no_donor_of_the_demo_is_named_in_its_bundle(demo_directory: Path) -> None:
    (relatives,) = demo_directory.rglob("relatives.csv")
    names = [row["name"] for row in csv.DictReader(relatives.read_text(encoding="utf-8-sig").splitlines())]
    texts = [data.decode(encoding, errors="ignore") for path in (demo_directory / "bundle").rglob("*") if path.is_file()
             for data in (path.read_bytes(),) for encoding in ("utf-8", "cp1251")]  # fmt: skip
    assert len(names) > 20 and sum(len(text) for text in texts) > 1_000_000
    for name in names:
        surname, given, patronymic = name.split()
        for said in (name, f"{given} {patronymic} {surname}", f"{surname} {given}", f"{given} {patronymic}"):
            assert not any(said in text for text in texts), "a donor is named"
