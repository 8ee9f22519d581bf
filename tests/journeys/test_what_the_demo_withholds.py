"""The demo's own bundle withholds its donors, and names none of them."""

import csv
import json
from pathlib import Path


def test_no_donor_of_the_demo_is_named_in_its_bundle(demo_directory: Path) -> None:
    (relatives,) = demo_directory.rglob("relatives.csv")
    names = [row["name"] for row in csv.DictReader(relatives.read_text(encoding="utf-8-sig").splitlines())]
    texts = [data.decode(encoding, errors="ignore") for path in (demo_directory / "bundle").rglob("*") if path.is_file()
             for data in (path.read_bytes(),) for encoding in ("utf-8", "cp1251")]  # fmt: skip
    assert len(names) > 20 and sum(len(text) for text in texts) > 1_000_000
    # Somebody in a log of prisoners may bear the given name of a donor, under another surname.
    (truth,) = demo_directory.rglob("truth.json")
    listed = json.loads(truth.read_text(encoding="utf-8"))["log_book"]["rows"]
    in_the_log = {row["given"] for row in listed}
    assert not {f"{row['surname']} {row['given']}" for row in listed} & set(names)
    for name in names:
        surname, given, patronymic = name.split()
        for said in (name, f"{given} {patronymic} {surname}", f"{surname} {given}", f"{given} {patronymic}"):
            if said not in in_the_log:
                assert not any(said in text for text in texts), "a donor is named"
