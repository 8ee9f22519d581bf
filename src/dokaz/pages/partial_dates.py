"""Dates as families know them, in words: 1987, about 1959, March 2022, between 30 March 2022 and 2 April 2022."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _


def in_words(edtf: str) -> str:
    """A date in Extended Date/Time Format (ISO 8601-2) as people say it; what is no such date stays as it was reported."""
    first, slash, second = edtf.partition("/")
    if slash and first and second:
        return _("between %(first)s and %(second)s") % {"first": _bound(first), "second": _bound(second)}
    if edtf.endswith("~"):
        return _("about %(date)s") % {"date": _written(edtf[:-1], inflected=True)}
    if edtf.endswith("?"):
        return _("%(date)s, uncertain") % {"date": _written(edtf[:-1])}
    return _written(edtf)


def _bound(edtf: str) -> str:
    return _written(edtf, inflected=True) if edtf[-1] not in "~?" else in_words(edtf)


def _written(edtf: str, *, inflected: bool = False) -> str:
    """A day or a month written out; a year, and what is no date, as it is.

    Args:
        inflected: The month stands within a phrase: Ukrainian then says «березня», not «березень».
    """
    try:
        if len(edtf) == len("2022-03"):
            month = date.fromisoformat(edtf + "-01")
            of_it = date_format(month, "E Y")
            alone = date_format(month, "YEAR_MONTH_FORMAT")
            # Django begins a month that stands alone with a capital, in Ukrainian too.
            return of_it if inflected else alone.lower() if of_it.islower() else alone
        return date_format(date.fromisoformat(edtf), "DATE_FORMAT") if len(edtf) == len("2022-03-30") else edtf
    except ValueError:
        return edtf
