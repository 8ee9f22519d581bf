"""Dates as families know them, in words: 1987, about 1959, between 2022-03 and 2022-04."""

from __future__ import annotations

from django.utils.translation import gettext as _


def in_words(edtf: str) -> str:
    """A date in Extended Date/Time Format (ISO 8601-2) as people say it; what is no such date stays as it was reported."""
    first, slash, second = edtf.partition("/")
    if slash and first and second:
        return _("between %(first)s and %(second)s") % {"first": in_words(first), "second": in_words(second)}
    if edtf.endswith("~"):
        return _("about %(date)s") % {"date": edtf[:-1]}
    if edtf.endswith("?"):
        return _("%(date)s, uncertain") % {"date": edtf[:-1]}
    return edtf
