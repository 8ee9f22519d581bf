"""Times by the clock of the investigation: how far they are from UTC is said wherever they are typed or shown."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext


def offset_of(moment: dt.datetime) -> str:
    """How far the local clock was from UTC at a moment: ``UTC+3``, ``UTC-4:30``, ``UTC``."""
    offset = timezone.localtime(moment).utcoffset() or dt.timedelta()
    hours, minutes = divmod(round(abs(offset).total_seconds() / 60), 60)
    if not hours and not minutes:
        return "UTC"
    return f"UTC{'-' if offset < dt.timedelta() else '+'}{hours}{f':{minutes:02d}' if minutes else ''}"


def in_local_time(moment: dt.datetime) -> str:
    """A moment by the local clock, on one line: ``2026-07-04 12:12 UTC+3``; with its seconds, where it has any."""
    local = timezone.localtime(moment)
    written = local.strftime("%Y-%m-%d %H:%M:%S" if local.second else "%Y-%m-%d %H:%M")
    return f"{written} {offset_of(moment)}"


def _by_which_clock(more: Any = "") -> str:
    here = {"zone": timezone.get_current_timezone(), "offset": offset_of(timezone.now())}
    return " ".join(filter(None, [gettext("By the clock of %(zone)s, now %(offset)s.") % here, str(more)]))


_clock_words = lazy(_by_which_clock, str)


class LocalTimeField(forms.DateTimeField):
    """A time by the clock of the investigation; one that the clock showed twice is written with its offset.

    Args:
        seconds: Whether they are asked for.
        more: What else is said below the field.
    """

    def __init__(self, *, seconds: bool = True, more: Any = "", **kwargs: Any) -> None:
        written = "%Y-%m-%dT%H:%M:%S" if seconds else "%Y-%m-%dT%H:%M"
        step = {"step": "1"} if seconds else {}
        kwargs.setdefault("help_text", _clock_words(more))
        kwargs.setdefault("widget", forms.DateTimeInput(attrs={"type": "datetime-local", **step}, format=written))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, dt.datetime) and len(_meant(timezone.make_naive(value))) == 2:
            self.widget.input_type = "text"
            return timezone.localtime(value).isoformat()
        return super().prepare_value(value)

    def to_python(self, value: Any) -> dt.datetime | None:
        """The moment.

        Raises:
            ValidationError: no time; one that a change of the clocks skipped, or showed twice.
        """
        try:
            return super().to_python(value)
        except forms.ValidationError as refused:
            if refused.code != "ambiguous_timezone":
                raise
        meant = _meant(dt.datetime.fromisoformat(value.strip()))
        if not meant:
            raise forms.ValidationError(gettext("The clocks were put forward: this time was skipped."))
        self.widget.input_type = "text"  # that of a browser takes no offset
        first, second = (moment.isoformat() for moment in meant)
        raise forms.ValidationError(
            gettext("The clocks were put back: this time came twice. Write %(first)s or %(second)s.")
            % {"first": first, "second": second}
        )


def _meant(local: dt.datetime) -> list[dt.datetime]:
    """The moments at which the local clock showed a time, earlier first: one, as a rule; none, or two."""
    zone = timezone.get_current_timezone()
    read = [local.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
    shown = [moment for moment in read if moment.astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None) == local]
    return shown if len({moment.utcoffset() for moment in shown}) == 2 else shown[:1]
