"""Fields that several rooms ask for: photographs, people, times, intervals."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from dokaz.casework.models import Office, Person
from dokaz.casework.records import Record
from dokaz.pages.local_time import LocalTimeField


class _ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Files, as many as one likes."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", _ManyFiles(attrs={"multiple": True}))
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if self.required and not given:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return [super(FilesField, self).clean(one, initial) for one in given]


class PhotographsField(FilesField):
    """Photographs, as many as one likes, JPEG or PNG."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Photographs"))
        kwargs.setdefault(
            "help_text", _("JPEG or PNG, one or more. They are kept byte for byte as the camera wrote them.")
        )
        kwargs.setdefault("widget", _ManyFiles(attrs={"multiple": True, "accept": "image/jpeg,image/png"}))
        super().__init__(**kwargs)


class MomentField(LocalTimeField):
    """When something was done; empty means now."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("more", _("If it is left empty, the time of filing holds."))
        super().__init__(required=False, seconds=False, **kwargs)

    def clean(self, value: Any) -> Any:
        """The time that was given; now, as the form says, if none was."""
        return super().clean(value) or timezone.now().replace(microsecond=0)


class DayField(forms.DateField):
    """A whole date."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**kwargs)


class RecordField(forms.CharField):
    """The number of a record, which gives the record; nothing where it may be left empty.

    Args:
        kind: The kind of the record.
        unknown: What is said where no record of the kind bears the number; ``%(number)s`` is the number.
    """

    def __init__(self, kind: type[Record], *, unknown: Any, **kwargs: Any) -> None:
        self.kind, self.unknown = kind, unknown
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Record | None:
        number = super().clean(value)
        found: Record | None = self.kind.objects.filter(number=number).first() if number else None
        if number and found is None:
            raise forms.ValidationError(self.unknown % {"number": number})
        return found


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Somebody who works in the investigation and holds an office now, with their offices.

    Args:
        roles: One of these offices; any, if empty.
        others_only: Whether the person who acts is no answer.
    """

    def __init__(self, *, roles: Any = (), others_only: bool = False, **kwargs: Any) -> None:
        self.roles, self.others_only = roles, others_only
        kwargs.setdefault("empty_label", "–")
        super().__init__(queryset=_in_office(roles), **kwargs)

    def leave_out(self, person: Person) -> None:
        """Offer everybody but this person."""
        self.queryset = _in_office(self.roles).exclude(pk=person.pk)

    def label_from_instance(self, obj: Any) -> str:
        roles = ", ".join(dict.fromkeys(str(one.get_role_display()) for one in obj.offices.all() if one.is_held))
        return f"{obj.name} ({roles})" if roles else str(obj.name)


def _in_office(roles: Any) -> Any:
    held = Office.held()
    if roles:
        held = held.filter(role__in=[str(role) for role in roles])
    return Person.objects.filter(pk__in=held.values("person"))


class IntervalField(forms.MultiValueField):
    """A lowest and a highest whole number, both or neither."""

    def __init__(self, **kwargs: Any) -> None:
        ends = [forms.IntegerField(required=False) for _nth in range(2)]
        super().__init__(ends, require_all_fields=False, required=False, widget=IntervalInput(), **kwargs)

    def compress(self, data_list: Any) -> tuple[int, int] | None:
        low, high = (*data_list, None, None)[:2] if data_list else (None, None)
        if low is None and high is None:
            return None
        if low is None or high is None:
            raise forms.ValidationError(gettext("Give both ends of the interval, or neither."))
        return low, high


class IntervalInput(forms.MultiWidget):
    """Two small fields with a dash between them, each with a name of its own for those who listen."""

    template_name = "pages/parts/interval.html"
    use_fieldset = True

    def __init__(self) -> None:
        names = (gettext_lazy("lowest"), gettext_lazy("highest"))
        super().__init__([forms.NumberInput(attrs={"aria-label": name, "class": "short"}) for name in names])

    def decompress(self, value: Any) -> list[Any]:
        return list(value) if value else [None, None]
