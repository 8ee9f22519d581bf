"""What people fill in about what leaves the house."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dokaz.casework.roles import Role
from dokaz.court.choosing import called, find
from dokaz.court.redaction import CODES, Redaction, record_numbered
from dokaz.errors import BadRedaction
from dokaz.identification.models import Decision
from dokaz.pages.acting import ActForm, Acting
from dokaz.pages.fields import PersonField, RecordField
from dokaz.pages.refusals import what_and_next


class BundleForm(ActForm):
    """Make a bundle."""

    is_signed = True
    purpose = forms.CharField(
        label=_("Purpose"), help_text=_("stands on the first page, as: disclosure in case 12/2026")
    )
    recipient = forms.CharField(
        label=_("For whom"),
        required=False,
        help_text=_("in words: a court, somebody outside of this investigation"),
    )
    addressee = PersonField(
        label=_("Which counsel of the defence may see it here"),
        roles=(Role.DEFENCE,),
        required=False,
        help_text=_("they see it when they sign in, and nobody else of the same name does"),
    )
    decision = RecordField(
        Decision,
        unknown=_("No decision bears this number."),
        label=_("Only what this decision rests on"),
        required=False,
        help_text=_("number of a decision, as DEC-000012; left empty, everything goes out"),
    )
    find = forms.CharField(
        label=_("Find whom or what to withhold"),
        required=False,
        help_text=_("a name or a number, or the beginning of one"),
    )
    found = forms.MultipleChoiceField(
        label=_("Found"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("what is ticked is withheld whole: all that names them, and the files that it came from"),
    )  # fmt: skip
    code = forms.ChoiceField(
        label=_("Under which code"), required=False, initial="B.2",
        choices=[(code, format_lazy("{} {}", code, group)) for code, group in CODES.items()],
    )  # fmt: skip
    chosen = forms.MultipleChoiceField(
        label=_("Withheld"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("what is not ticked is shown"),
    )
    redactions = forms.CharField(
        label=_("Further rules"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "mono", "spellcheck": "false"}),
        help_text=_(
            "one a line: what=code or what:field,field=code, where what is a kind or a number, as missing.Donor:name=B.2; "
            "*files* stands for files"
        ),
    )
    authority = forms.CharField(
        label=_("Who allowed it to be withheld"), required=False, help_text=_("the order, its number and date")
    )
    names_may_stay = forms.BooleanField(
        label=_("Names that are also those of people who are shown may stay where nothing else tells the two apart"),
        required=False,
        help_text=_(
            "a family's name, for instance; without it such a bundle is refused, and told whose names these are"
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked: Mapping[str, Any] = self.initial
        if isinstance(self.data, QueryDict):
            asked = {"find": self.data.get("find", ""), "chosen": self.data.getlist("chosen")}
        self._offer(asked.get("find", ""), asked.get("chosen", ()))

    @classmethod
    def searching(cls, posted: QueryDict, acting: Acting) -> BundleForm:
        """The form with what was typed and chosen, and what the search finds; nothing is checked yet."""
        return cls(acting=acting, initial=posted.dict() | {"chosen": _chosen(posted), "found": [], "passphrase": ""})

    def _offer(self, words: str, chosen: Sequence[str]) -> None:
        found, rules = self.fields["found"], self.fields["chosen"]
        assert isinstance(found, forms.MultipleChoiceField) and isinstance(rules, forms.MultipleChoiceField)
        taken = {rule.partition("=")[0] for rule in chosen}
        found.choices = [(one.number, called(one)) for one in find(words, self.acting.role) if one.number not in taken]
        rules.choices = [(rule, _in_words(rule)) for rule in chosen]
        for field in (found, rules):
            if not field.choices:
                field.widget = forms.MultipleHiddenInput()

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        authority, rules = values.pop("authority", ""), []
        ticked = [f"{number}={values.get('code', '')}" for number in values.pop("found", [])]
        for rule in [*values.pop("chosen", []), *ticked]:
            try:
                rules.append(Redaction.parse(rule, authority))
            except BadRedaction as refused:
                self.add_error("find", " ".join(what_and_next(refused)))
        for nth, line in enumerate(values.get("redactions", "").splitlines(), 1):
            if not line.strip():
                continue
            try:
                rules.append(Redaction.parse(line.strip(), authority))
            except BadRedaction as refused:
                what, next_step = what_and_next(refused)
                said = gettext("Line %(line)d: %(what)s. %(next)s") % {"line": nth, "what": what, "next": next_step}
                self.add_error("redactions", said)
        values["redactions"] = rules
        for name in ("find", "code"):
            values.pop(name, None)
        return values


def _chosen(posted: QueryDict) -> list[str]:
    """What was chosen before, and what was ticked now."""
    ticked = [f"{number}={posted.get('code', '')}" for number in posted.getlist("found")]
    return list(dict.fromkeys([*posted.getlist("chosen"), *ticked]))


def _in_words(rule: str) -> str:
    number, _equals, code = rule.partition("=")
    try:
        record = record_numbered(number)
    except BadRedaction:
        return rule
    return f"{called(record)} · {code} {CODES.get(code, '')}"
