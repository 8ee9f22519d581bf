"""People are withheld on the command line: by the number of their record, and looked at before anything is written."""

import subprocess
import sys
from pathlib import Path

from commands import Desk

TABLE = (
    "номер,прізвище,ім'я,стать,заявник,примітка\n"
    'MP-1,Кравець,Андрій,ч,"мати, Кравець Соломія",\n'
    "MP-2,Явір,Тарас,ч,,бачили з Кравцем Андрієм\n"
)


def test_somebody_is_withheld_by_number_and_named_nowhere(tmp_path):
    desk = Desk(tmp_path / "store")
    desk.found()
    liaison, prosecutor = desk.enrol("Larysa Liaison", "family_liaison"), desk.enrol("Pavlo Prosecutor", "prosecutor")
    (tmp_path / "list.csv").write_text(TABLE, encoding="utf-8")
    desk.do("import", "missing", tmp_path / "list.csv", "--as", liaison)
    asked = ("--as", prosecutor, "--purpose", "for the court", "--withhold", "MP-1=B.5", "--authority", "Order 12")
    before = desk.size()
    seen = desk.do("bundle", tmp_path / "bundle", *asked, "--preview")
    assert "MP-2 (missing person): note – B.5 other, persons: names MP-1" in seen
    assert "file list.csv " in seen and "is the original of something that is withheld" in seen
    assert desk.read("bundle", tmp_path / "bundle", *asked, "--preview")["refused"] == []
    assert desk.size() == before and not (tmp_path / "bundle").exists()
    code, said = desk.attempt("bundle", tmp_path / "bundle", *asked[:3], "about MP-1", *asked[4:])
    assert code != 0 and "the purpose, as you wrote it, holds the number of MP-1" in said
    assert desk.size() == before and not (tmp_path / "bundle").exists()
    desk.do("bundle", tmp_path / "bundle", *asked)
    verifier = Path(sys.executable).parent / "dokaz-verify"
    assert subprocess.run([verifier, tmp_path / "bundle"], check=False, capture_output=True).returncode == 0
    written = "".join(path.read_text("utf-8") for path in (tmp_path / "bundle").rglob("*") if path.is_file())
    assert "Явір" in written and "Крав" not in written and "Андрі" not in written and "MP-1" not in written
