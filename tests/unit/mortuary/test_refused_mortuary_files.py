"""Refused examinations, samples and profiles name file, line, column and value, and change nothing."""

from refused_imports import assert_import_refused

from dokaz.mortuary.intake import EXAMINATIONS, PROFILES, SAMPLES


def by_known_hands(data, known="mortuary 1"):
    """A mortuary table in which everybody who is named works here."""
    for name in ("Білик Оксана", "Яворенко Ніна", "Крук Мар'яна", "Степаненко Лев"):
        data = data.replace(name.encode(), known.encode())
    return data


def test_an_examination_of_what_was_never_received(surveyed, delivered):
    data = by_known_hands((delivered / "examinations.csv").read_bytes())
    assert_import_refused(
        surveyed, "mortuary", EXAMINATIONS, ("examinations.csv", data),
        says=["examinations.csv, line 2", "column unit", "received"],
    )  # fmt: skip


def test_an_examination_by_nobody_of_the_investigation_is_not_ascribed_to_who_files_it(surveyed, delivered):
    data = (delivered / "examinations.csv").read_bytes()
    assert_import_refused(
        surveyed, "mortuary", EXAMINATIONS, ("examinations.csv", data),
        says=["examinations.csv, line 2, column examiner: nobody", "enrol the person"],
    )  # fmt: skip


def test_a_sample_taken_by_nobody_of_the_investigation(surveyed, delivered):
    data = (delivered / "samples.csv").read_bytes()
    assert_import_refused(
        surveyed, "mortuary", SAMPLES, ("samples.csv", data),
        says=["samples.csv, line 2, column taken_by: nobody", "Білик Оксана"],
    )  # fmt: skip


def test_a_sample_of_an_unknown_unit(house, delivered):
    data = (delivered / "samples.csv").read_bytes()
    assert_import_refused(house, "mortuary", SAMPLES, ("samples.csv", data), says=["samples.csv, line 2"])


def test_a_profile_of_an_unknown_sample(house, delivered):
    data = (delivered / "profiles_north.csv").read_bytes()
    assert_import_refused(house, "dna_examiner", PROFILES, ("p.csv", data), says=["p.csv, line", "column sample"])
