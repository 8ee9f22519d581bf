"""The words of a report in English or Ukrainian, from the catalogue of the pages, and numbers as each language writes them.

Knows no Django: the catalogue is read by the standard library.
"""

from __future__ import annotations

import gettext as catalogues
import math
from decimal import Decimal
from pathlib import Path

from dokaz.errors import BadQuestion

LANGUAGES = ("en", "uk")
_LOCALE = Path(__file__).resolve().parent.parent / "locale"
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
#: Thousands and decimals.
_MARKS = {"en": (",", "."), "uk": ("\u00a0", ",")}


def gettext_noop(message: str) -> str:
    """A message that is translated later; this is how `tools/translations.py` finds it."""
    return message


class ReportWords:
    """Messages and numbers in one language.

    Args:
        language: One of `LANGUAGES`.

    Raises:
        BadQuestion: another language, or its catalogue was not compiled.

    Example:
        >>> words = ReportWords("en")
        >>> words.ratio(5.155), words.ratio(17.778), words.ratio(-math.inf)
        ('142,889', '5.998 × 10¹⁷', '0')
    """

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise BadQuestion(f"--language {language!r}", next_step=f"one of: {', '.join(LANGUAGES)}")
        self.language = language
        self._catalogue: catalogues.NullTranslations = catalogues.NullTranslations()
        if language != "en":
            try:
                self._catalogue = catalogues.translation("django", str(_LOCALE), [language])
            except OSError:
                raise BadQuestion(
                    f"--language {language}: its words are not compiled",
                    next_step="make setup, or python tools/translations.py compile",
                ) from None

    def gettext(self, message: str, /) -> str:
        """A message in the language."""
        return self._catalogue.gettext(message)

    def ngettext(self, singular: str, plural: str, number: int, /) -> str:
        """The form that goes with a number."""
        return self._catalogue.ngettext(singular, plural, number)

    def pgettext(self, context: str, message: str, /) -> str:
        """A message that means different things in different places."""
        return self._catalogue.pgettext(context, message)

    def number(self, value: float, spec: str = "") -> str:
        """A number by a format of Python, with the language's decimal mark, a true minus, and thousands set apart.

        Without a format, ten digits at most and no power of ten.

        >>> ReportWords("en").number(-1234.5, ",.1f"), ReportWords("en").number(0.000001)
        ('−1,234.5', '0.000001')
        """
        thousands, decimal = _MARKS[self.language]
        written = f"{value:{spec}}" if spec else f"{Decimal(f'{value:.10g}'):f}"
        return "".join({",": thousands, ".": decimal, "-": "−"}.get(sign, sign) for sign in written)

    def ratio(self, log10: float) -> str:
        """A likelihood ratio from its logarithm to base 10, four digits at least; 0: impossible under H1, ∞: under H2."""
        if math.isnan(log10):
            return "–"
        if math.isinf(log10):
            return "∞" if log10 > 0 else "0"
        if -3 <= log10 < 6:
            value = float(f"{10**log10:.4g}") if log10 < 3 else 10**log10
            decimals = max(0, 3 - math.floor(math.log10(value)))
            return self.number(value, f",.{decimals}f")
        exponent = math.floor(log10)
        mantissa = round(10 ** (log10 - exponent), 3)
        if mantissa >= 10:
            mantissa, exponent = 1.0, exponent + 1
        return f"{self.number(mantissa, '.3f')} × 10{str(exponent).translate(_SUPERSCRIPT)}"

    def logarithm(self, log10: float) -> str:
        """log10 LR to three decimals, with its sign."""
        if math.isnan(log10):
            return "–"
        if math.isinf(log10):
            return "∞" if log10 > 0 else "−∞"
        rounded = round(log10, 3) + 0.0  # −0.0 becomes 0
        return self.number(rounded, "+.3f" if rounded else ".3f")
