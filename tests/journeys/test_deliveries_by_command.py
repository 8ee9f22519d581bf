"""What teams deliver, taken in on the command line alone: from the survey of the graves to candidates."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import Desk

from dokaz.simulate import simulate

SCENE = ("Гончаренко Павло", "Левада Ірина", "Кременчук Остап", "Сорока Данило")
MORTUARY = ("Білик Оксана", "Степаненко Лев", "Крук Мар'яна", "Яворенко Ніна")
LIAISON, EXAMINER = "Степняк Орест", "Зоря Марта"


@pytest.fixture(scope="module")
def incoming(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("incoming")
    simulate(directory, seed=3, remains=40)
    return directory


def test_every_delivered_file_is_taken_in_by_a_command(tmp_path: Path, incoming: Path) -> None:
    desk = Desk(tmp_path / "store")
    desk.found()
    for name in SCENE:
        desk.enrol(name, "scene")
    for name in MORTUARY:
        desk.enrol(name, "mortuary")
    desk.enrol(LIAISON, "family_liaison", "dna_examiner")
    desk.enrol(EXAMINER, "dna_examiner")

    for survey, surveyor in zip(sorted(incoming.glob("survey_*")), SCENE, strict=False):
        desk.do("import", "survey", survey, "--photographs", incoming / "photographs", "--as", surveyor)
    first = MORTUARY[0]
    code, said = desk.attempt("import", "examinations", incoming / "examinations.csv", "--as", first)
    assert code != 0
    assert "lifted" in said

    for giver in SCENE[:3]:
        desk.do("import", "custody", incoming / "custody.csv", "--as", giver)
    desk.do("sign", "--custody", "--as", SCENE[3])
    desk.do("import", "custody", incoming / "custody.csv", "--as", SCENE[3])
    desk.do("sign", "--custody", "--as", first)
    one, *rest = desk.read("receive", "--as", first)["received"]
    assert len(rest) >= 39
    code, said = desk.attempt("receive", one, "--as", first)
    assert code == 3, said
    assert "received" in said

    desk.do("import", "examinations", incoming / "examinations.csv", "--as", first)
    desk.do("import", "samples", incoming / "samples.csv", "--as", first)
    desk.do("import", "frequencies", incoming / "allele_frequencies.csv", "--as", EXAMINER)
    for table in ("profiles_north.csv", "profiles_south_genemapper.txt"):
        desk.do("import", "profiles", incoming / table, "--as", EXAMINER)
    desk.do("import", "missing", incoming / "missing_persons.csv", "--as", f"{LIAISON}:family_liaison")
    family = [incoming / name for name in ("families.ped", "family_genotypes.csv", "relatives.csv")]
    desk.do("import", "families", *family, "--as", f"{LIAISON}:family_liaison")
    assert len(desk.read("search", "--as", EXAMINER)["candidates"]) > 5
    desk.assert_sound()
