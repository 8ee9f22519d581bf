"""How records are put right on pages: a form of the record's own fields as they stand, and the buttons that lead there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.db import models
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dokaz.casework.corrections import may_agree, put_right
from dokaz.casework.models import Correction, CorrectionState
from dokaz.casework.records import Record, is_void
from dokaz.casework.registry import act_named, name_of
from dokaz.casework.second_person import decline_correction
from dokaz.casework.values import to_json
from dokaz.pages.act_links import ActLink
from dokaz.pages.acting import ActForm, Acting
from dokaz.pages.fields import DayField, RecordField
from dokaz.pages.local_time import LocalTimeField
from dokaz.pages.parts import Fact

_LONG = 60
# Of what was corrected, as many numbers as one can read.
_NAMED = 8


def links_to_put_right(record: Record, acting: Acting) -> list[ActLink]:
    """The buttons by which a reader corrects a record, agrees to a correction, makes it void, or undoes that."""
    found = put_right(type(record))
    if found is None:
        return []
    how, links = found.how, list[ActLink]()
    by_two = how.by_two if how.needs_two(record) else None
    is_open = not how.states or getattr(record, "state", "") in how.states
    is_own = _is_named(record, how.by, acting)
    if found.correct is not None and not is_void(record):
        if by_two is not None and _is_named(record, by_two.proposed_by, acting) and _is_in(by_two.roles, acting):
            links.append(_link(found.correct, _("Propose a correction"), "record_correct", record))
        elif by_two is None and is_open and is_own:
            links.append(_link(found.correct, _("Correct"), "record_correct", record))
    if found.void is not None and is_own and (is_open or is_void(record)):
        label = _("It is not void after all") if is_void(record) else _("Make void")
        links.append(_link(found.void, label, "record_void", record))
    links = [link for link in links if acting.may(link.act)]
    return [*(link for each in proposed_for(record) for link in links_to_decide(each, record, acting)), *links]


def proposed_for(record: Record) -> list[Correction]:
    """The corrections of a record that wait for a second person."""
    found = put_right(type(record))
    if found is None or found.agree is None:
        return []
    waiting = Correction.objects.filter(record=record.pk, leaf=record.entry_hash, state=CorrectionState.PROPOSED)
    return list(waiting.select_related("proposed_by").order_by("number"))


def links_to_decide(proposed: Correction, record: Record, acting: Acting) -> list[ActLink]:
    """The buttons by which somebody agrees to a correction, or declines it."""
    found = put_right(type(record))
    if found is None or found.agree is None or found.how.by_two is None:
        return []
    is_own, may = proposed.proposed_by_id == acting.person.pk, may_agree(proposed, acting.role)
    words = {"number": proposed.number}
    links = []
    if may and not is_own and _is_named(record, found.how.by_two.agreed_by, acting):
        links.append(ActLink(name_of(found.agree), _("Agree to %(number)s") % words,
                             reverse("correction_agree", args=[proposed.number]), True))  # fmt: skip
    if may or is_own:
        links.append(ActLink(name_of(decline_correction), _("Decline %(number)s") % words,
                             reverse("correction_decline", args=[proposed.number])))  # fmt: skip
    return links


def _is_named(record: Record, names: str, acting: Acting) -> bool:
    return all(getattr(record, f"{name}_id") == acting.person.pk for name in names.split())


def _is_in(roles: frozenset[str], acting: Acting) -> bool:
    return not roles or acting.role in roles


def _link(act: Any, label: Any, page: str, record: Record) -> ActLink:
    return ActLink(name_of(act), label, reverse(page, args=[record.kind(), record.number]))


def corrected_since(records: Sequence[Record], what_to_do: Any) -> list[Fact]:
    """A line that names records that were corrected since something was made of them; none where there are none."""
    numbers = ", ".join(record.number for record in records[:_NAMED]) + (" …" if len(records) > _NAMED else "")
    return [Fact(_("Corrected since"), numbers, what_to_do)] if records else []


class CorrectForm(ActForm):
    """The fields of a record that can be corrected, as they stand now."""

    asks_why = "required"
    why_label: Any = _("What was wrong, and how that is known")

    def __init__(self, *args: Any, record: Record, **kwargs: Any) -> None:
        how = put_right(type(record))
        assert how is not None and how.correct is not None
        self.is_signed = act_named(name_of(how.correct)).signing is not None
        self.corrected = how.how.fields
        super().__init__(*args, record=record, **kwargs)
        self.fields = {each.name: _field_of(record, each) for each in self.corrected} | self.fields

    def clean(self) -> dict[str, Any]:
        """What is not as the record says it, as the ledger writes it."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        assert self.record is not None
        before, changed = self.record.content(), {}
        for each in self.corrected:
            if each.name not in values:
                continue  # it was refused; the form says so
            value = values.pop(each.name)
            now = _to_json(value, each)
            if now == [] and isinstance(before[each.name], dict):
                now = {}  # an empty box
            if now != before[each.name]:
                changed[each.name] = now
        return values | {"values": changed}


class AgreeToCorrectionForm(ActForm):
    """What the second person has compared."""

    is_signed = True
    asks_why = "required"
    why_label: Any = _("What you have compared")


class DeclineForm(ActForm):
    """Why a correction is not made."""

    is_signed = True
    asks_why = "required"


class VoidForm(ActForm):
    """Why a record is void, or is so no longer."""

    asks_why = "required"

    def __init__(self, *args: Any, record: Record, **kwargs: Any) -> None:
        how = put_right(type(record))
        assert how is not None and how.void is not None
        self.is_signed = act_named(name_of(how.void)).signing is not None
        super().__init__(*args, record=record, **kwargs)


class JsonField(forms.CharField):
    """A list or a table of a record: a line for each part where that says it all, otherwise as the ledger writes it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, strip=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """What the box shows."""
        if value in ([], {}) or as_lines(value):
            return "\n".join(as_lines(value))
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)

    def clean(self, value: Any) -> Any:
        """The list or table that was typed."""
        text = super().clean(value).strip()
        if text[:1] in ("[", "{"):
            try:
                return json.loads(text, parse_float=_no_float)
            except (ValueError, RecursionError) as error:
                raise forms.ValidationError(gettext("This is not written as the ledger writes it: %(why)s.")
                                            % {"why": error}) from error  # fmt: skip
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if lines and all(": " in line for line in lines):
            named = [line.partition(": ") for line in lines]
            return {name: [word.strip() for word in words.split(",")] for name, _colon, words in named}
        return lines


def as_lines(value: Any) -> list[str]:
    """A list of texts, or names with their texts, a line for each; nothing where lines would not say it all."""
    if isinstance(value, list) and all(_is_line(one) for one in value):
        return value
    if isinstance(value, dict) and all(_are_words(name, words) for name, words in value.items()):
        return [f"{name}: {', '.join(words)}" for name, words in value.items()]
    return []


def _is_line(value: Any) -> bool:
    if not isinstance(value, str) or not value or value != value.strip() or value[0] in "[{":
        return False
    return "\n" not in value and ": " not in value


def _are_words(name: str, words: Any) -> bool:
    if not _is_line(name) or not isinstance(words, list) or not words:
        return False
    return all(_is_line(word) and "," not in word for word in words)


def _no_float(text: str) -> Any:
    raise ValueError(gettext("%(figure)s: write it as text, between quotation marks") % {"figure": text})


def _field_of(record: Record, declared: Any) -> forms.Field:
    """A field of the form: the words are the model's, what it holds is the record's."""
    value = getattr(record, declared.attname)
    said = {"label": capfirst(declared.verbose_name), "help_text": declared.help_text}
    needed = not (declared.null or declared.blank)
    if declared.choices:
        blank = [] if needed else [("", _("not recorded"))]
        return forms.ChoiceField(choices=[*blank, *declared.flatchoices], required=needed,
                                 initial="" if value is None else value, **said)  # fmt: skip
    if isinstance(declared, models.ForeignKey):
        of: Any = declared.related_model
        target = getattr(record, declared.name)
        said["help_text"] = getattr(target, "name", "") or said["help_text"]
        return RecordField(of, unknown=_("There is no record %(number)s."), required=needed,
                           initial=target.number if target is not None else "", **said)  # fmt: skip
    if isinstance(declared, models.JSONField):
        box = {"rows": min(24, max(2, len(value))), "class": "mono", "spellcheck": "false"}
        return JsonField(initial=value, widget=forms.Textarea(attrs=box), **said)
    if isinstance(declared, models.BooleanField):
        return forms.BooleanField(initial=value, required=False, **said)
    if isinstance(declared, models.DateTimeField):
        return LocalTimeField(initial=value, required=needed, label=said["label"])
    if isinstance(declared, models.DateField):
        return DayField(initial=value, required=needed, **said)
    if isinstance(declared, models.DecimalField):
        return forms.DecimalField(initial=value, required=needed, max_digits=declared.max_digits,
                                  decimal_places=declared.decimal_places, **said)  # fmt: skip
    if isinstance(declared, models.IntegerField):
        return forms.IntegerField(initial=value, required=needed, **said)
    is_long = isinstance(declared, models.TextField) and ("\n" in value or len(value) > _LONG)
    return forms.CharField(initial=value, required=needed, strip=False, max_length=declared.max_length,
                           widget=forms.Textarea(attrs={"rows": 3}) if is_long else forms.TextInput(), **said)  # fmt: skip


def _to_json(value: Any, declared: Any) -> Any:
    if isinstance(value, Record):
        return str(value.pk)
    if isinstance(declared, models.IntegerField) and declared.choices:
        return int(value) if value != "" else None
    if isinstance(declared, models.JSONField):
        return value
    if isinstance(declared, models.DecimalField) and value is not None:
        return to_json(declared.to_python(value).quantize(_unit(declared)), declared)
    if isinstance(value, str):
        # Browsers send line ends of their own.
        return value.replace("\r\n", "\n")
    return to_json(value, declared)


def _unit(declared: Any) -> Any:
    return Decimal(1).scaleb(-declared.decimal_places)
