"""Numbers and words of a report, in English and Ukrainian."""

from __future__ import annotations

import gettext
import math
from pathlib import Path

import pytest

from dokaz.errors import BadQuestion
from dokaz.reports import words as module
from dokaz.reports.words import ReportWords


@pytest.mark.parametrize(
    ("log10", "english", "ukrainian"),
    [
        (0.0, "1.000", "1,000"),
        (math.log10(2.5), "2.500", "2,500"),
        (math.log10(11.9777), "11.98", "11,98"),
        (math.log10(0.00244799), "0.002448", "0,002448"),
        (math.log10(142837.2), "142,837", "142\u00a0837"),
        (17.778, "5.998 × 10¹⁷", "5,998 × 10¹⁷"),
        (-20.5, "3.162 × 10⁻²¹", "3,162 × 10⁻²¹"),
        (math.log10(9.9999e11), "1.000 × 10¹²", "1,000 × 10¹²"),
        (math.inf, "∞", "∞"),
        (-math.inf, "0", "0"),
        (math.nan, "–", "–"),
    ],
)
def test_a_ratio_keeps_four_digits_in_either_language(log10: float, english: str, ukrainian: str) -> None:
    assert ReportWords("en").ratio(log10) == english
    assert ReportWords("uk").ratio(log10) == ukrainian


def test_a_logarithm_has_its_sign_and_a_true_minus() -> None:
    words = ReportWords("en")
    shown = [words.logarithm(value) for value in (5.1551, -2.6114, 0.0, -0.0001, math.inf, -math.inf, math.nan)]
    assert shown == ["+5.155", "−2.611", "0.000", "0.000", "∞", "−∞", "–"]


def test_small_numbers_are_written_out() -> None:
    assert ReportWords("en").number(1e-06) == "0.000001"
    assert ReportWords("uk").number(0.03) == "0,03"
    assert ReportWords("en").number(0.10664819944598338) == "0.1066481994"


def test_numbers_of_things_agree_with_their_words() -> None:
    words = ReportWords("uk")
    told = [words.ngettext("%(n)d repeat apart", "%(n)d repeats apart", n) % {"n": n} for n in (1, 2, 5, 21)]
    assert told == ["відстань 1 повтор", "відстань 2 повтори", "відстань 5 повторів", "відстань 21 повтор"]


def test_another_language_and_a_missing_catalogue_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadQuestion, match="'de'"):
        ReportWords("de")
    monkeypatch.setattr(module, "_LOCALE", tmp_path)
    monkeypatch.setattr(gettext, "_translations", {})
    with pytest.raises(BadQuestion, match="not compiled"):
        ReportWords("uk")
    assert ReportWords("en").gettext("Hypotheses") == "Hypotheses"
