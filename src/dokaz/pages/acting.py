"""Who acts: the person behind a sign-in, the office they act in, what is open to it, and how a form becomes an act.

Every form is an ``ActForm`` and is filed by ``act_on``, the only place where a page opens a filing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import fields_for_model
from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from dokaz.casework.attempts import trying_passphrase
from dokaz.casework.errors_of_disk import naming_full_disk
from dokaz.casework.filing import Actor, FiledReceipt, Filing, filing
from dokaz.casework.models import Investigation, Office, Person, Record
from dokaz.casework.queries import account_of, key_of, local_zone, offices_of
from dokaz.casework.registry import act_named
from dokaz.casework.rooms import delivery_kinds, first_page, may_read, may_read_this, page_named
from dokaz.casework.store import current_store
from dokaz.errors import ChangedMeanwhile, DokazError, FiledNotPublished, NobodyOfThatName, SessionOver, sentence
from dokaz.ledger import UnlockedKey
from dokaz.pages.addresses import address_of
from dokaz.pages.fields import MomentField, PersonField
from dokaz.pages.refusals import what_and_next
from dokaz.pages.work_session import WorkSession, begin, forget, going_on, hand_out

Answer = Callable[..., HttpResponseBase]
#: What takes long, done before a filing: see ``act_on``.
Prepare = Callable[[Actor, dict[str, Any]], dict[str, Any] | AbstractContextManager[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Appointment:
    """An office that somebody holds, by its name in words."""

    pk: str
    label: str


@dataclass(frozen=True)
class Acting:
    """What the reader of a page acts as.

    Args:
        person: Who they are.
        office: The office in which they act now.
        offices: All the offices that they hold, oldest first.
        investigation: The name of the investigation.
        work: The session of work that goes on; None before the first act.
    """

    person: Person
    office: Office
    offices: tuple[Office, ...]
    investigation: str
    work: WorkSession | None = None

    @property
    def role(self) -> str:
        """The role of the office, as ``scene``."""
        return str(self.office.role)

    @property
    def role_label(self) -> str:
        """The role in words."""
        return str(self.office.get_role_display())

    @property
    def office_id(self) -> str:
        """Which office is chosen, as the form that changes it spells it."""
        return str(self.office.pk)

    @property
    def others(self) -> list[Appointment]:
        """The offices to choose from; empty if there is nothing to choose."""
        if len(self.offices) < 2:
            return []
        return [Appointment(str(one.pk), str(one.get_role_display())) for one in self.offices]

    def is_one_of(self, roles: Iterable[str]) -> bool:
        """Whether the office is one of these roles."""
        return self.role in {str(role) for role in roles}

    def opens(self, page: str) -> bool:
        """Whether a page, by the name of its address, is open to the office; one that no room declares is closed."""
        declared = page_named(page)
        return declared is not None and self.role in declared.open_to

    def reads(self, what: type[Record] | Record) -> bool:
        """Whether the content of a record, or of a kind, is open to the office; of one that no room declares it is not.

        A record that is read blind is closed to all but its writer, for as long as that lasts.
        """
        if isinstance(what, Record):
            return may_read_this(self.role, what) and not what.is_kept_from(self.person.pk)
        return may_read(self.role, what)

    def opens_delivery(self, form: str) -> bool:
        """Whether everything that a kind of delivery brings may be read by the office."""
        kind = delivery_kinds().get(form)
        return kind is not None and all(self.opens(first_page(name)) for name in kind.rooms)

    def may(self, act: str) -> bool:
        """Whether an act, as ``graves.lift``, is open to the office."""
        return self.role in act_named(act).roles

    def actor(self, key: UnlockedKey | None = None) -> Actor:
        """The person as a filing knows them.

        Raises:
            NobodyOfThatName: the person has no signing key in use; every entry names one.
        """
        in_use = key_of(self.person.id)
        if in_use is None:
            raise NobodyOfThatName(sentence("{name}: a signing key in use", name=self.person.name), 0)
        return Actor(self.person.id, self.office.id, self.role, in_use.number, key, self.session_key)

    @property
    def session_key(self) -> UnlockedKey | None:
        """The key of the session, where it may be used in the office in which one acts."""
        return self.work.key if self.work is not None and self.office_id in self.work.offices else None

    @property
    def signs_until(self) -> dt.datetime | None:
        """How long the session goes on, where it covers the office in which one acts."""
        return self.work.until if self.work is not None and self.session_key is not None else None

    def who_ends_work(self) -> Actor | None:
        """Who ends the session: the person, in an office that it covers; None where there is nothing to end."""
        work = self.work
        office = next((one for one in self.offices if work is not None and str(one.pk) in work.offices), None)
        if work is None or office is None:
            return None
        return Actor(self.person.id, office.id, str(office.role), work.delegated_by, session=work.key)


def acting_as(user_id: int, office: str = "") -> Acting | None:
    """What a signed-in user acts as; None if the sign-in is no person's, or the person holds no office.

    Args:
        office: The office chosen before; one that the person does not hold any longer is passed over.
    """
    account = account_of(user_id)
    person = Person.objects.filter(pk=account.person_id).first() if account else None
    held = tuple(offices_of(person.id)) if person else ()
    if person is None or not held:
        return None
    chosen = next((one for one in held if str(one.pk) == office), held[0])
    name = Investigation.objects.order_by("number").values_list("name", flat=True).first() or ""
    return Acting(person, chosen, held, name)


class ActingAs:
    """Sets ``request.acting`` on every request: an ``Acting``, or None for whoever has no office.

    Times on the page are those of the investigation's zone.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        acting = (
            acting_as(request.user.pk, request.session.get("office", "")) if request.user.is_authenticated else None
        )
        request.acting = replace(acting, work=going_on(request)) if acting is not None else None  # type: ignore[attr-defined]
        with timezone.override(local_zone() if acting is not None else None):
            response = self.get_response(request)
        hand_out(request, response)
        return response


def acting_of(request: HttpRequest) -> Acting:
    """What the reader acts as, on a page that is open to their office."""
    acting: Acting | None = getattr(request, "acting", None)
    if acting is None:
        raise Http404
    return acting


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, even if it is empty; None where the form is only asked for."""
    return request.POST if request.method == "POST" else None


SIGNED_IN_PERSON = _("This act is signed by you in person. The passphrase is used once and kept nowhere.")
BEGINS_WORK = _(
    "Your work begins with it: until you sign out, for twelve hours at most, what you file is signed with a key of this "
    "session. Acts of weight will ask for it again. It is kept nowhere."
)


class RecordForm(forms.Form):
    """A form that asks for fields of a record: words and choices are the model's."""

    #: The kind of record whose fields the form asks for, and their names in order.
    #: A field that the form reads in a way of its own, or that the model has not, is declared and named in its place.
    of: type[Record] | None = None
    names: tuple[str, ...] = ()
    #: Texts of more than one line.
    long: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.of is not None:
            made = fields_for_model(self.of, fields=self.names, formfield_callback=self._form_field)
            for name in self.names:
                if name in self.fields and made.get(name):  # read in a way of its own; the words are the model's
                    self.fields[name].label = self.fields[name].label or made[name].label
                    self.fields[name].help_text = self.fields[name].help_text or made[name].help_text
            self.fields = {name: self.fields.get(name) or made[name] for name in self.names} | self.fields

    def _form_field(self, field: Any, **kwargs: Any) -> Any:
        """A model's field as people fill it in: few choices side by side, local times, dates as a calendar."""
        words = {"label": capfirst(field.verbose_name), "help_text": field.help_text}
        if field.choices and len(field.choices) <= 5:
            initial = field.default if field.has_default() else None
            choices = [("", _("not recorded")), *field.choices] if field.blank else field.choices
            return forms.ChoiceField(choices=choices, required=not field.blank, widget=forms.RadioSelect,
                                     initial=initial, **words)  # fmt: skip
        if isinstance(field, models.DateTimeField):
            return MomentField(**{name: said for name, said in words.items() if said})
        made = field.formfield(**kwargs)
        if isinstance(made.widget, forms.Textarea):
            made.widget = forms.Textarea(attrs={"rows": 3}) if field.name in self.long else forms.TextInput()
        if isinstance(made, forms.DateField):
            made.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return made


# What a form that becomes an act asks besides the fields of its record, none of which may bear these names.
OF_EVERY_FORM = ("version_seen", "passphrase")


class ActForm(RecordForm):
    """A form that becomes one act.

    It carries the version of the record that its reader saw, so that an act on an older version is refused. It asks for the
    passphrase if the act ``is_signed`` in person, and wherever no session of work goes on; ``asks_why`` is ``required`` or
    ``optional`` where the act takes a reason.
    """

    is_signed = False
    asks_why = ""
    why_label: Any = _("Reason")
    why_help: Any = ""

    def __init__(self, *args: Any, acting: Acting, record: Record | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record, self.acting = record, acting
        for field in self.fields.values():
            if isinstance(field, PersonField) and field.others_only:
                field.leave_out(acting.person)
        if record is not None:
            self.fields["version_seen"] = forms.IntegerField(
                widget=forms.HiddenInput, initial=record.version, required=False
            )
        if self.asks_why:
            self.fields["reason"] = forms.CharField(
                label=self.why_label,
                help_text=self.why_help,
                required=self.asks_why == "required",
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        if self.is_signed or acting.session_key is None:
            self.ask_for_passphrase()

    def ask_for_passphrase(self) -> None:
        """Ask for the passphrase: at each act that is signed in person, and at the first of a session."""
        self.fields["passphrase"] = forms.CharField(
            label=_("Passphrase of your signing key"),
            help_text=SIGNED_IN_PERSON if self.is_signed else BEGINS_WORK,
            widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
            strip=False,
        )


@dataclass(frozen=True, slots=True)
class Done:
    """What an act gave back, and the receipt of what was filed."""

    result: Any
    receipt: FiledReceipt


def act_on(
    request: HttpRequest,
    form: ActForm,
    perform: Callable[[Filing, dict[str, Any]], Any],
    *,
    message: str | Promise | Callable[[Any], str | Promise],
    prepare: Prepare | None = None,
) -> Done | None:
    """File what a form says, or show at the form why not.

    Args:
        form: Its fields ``reason`` and ``passphrase``, where it has them, go to the filing and the key.
        perform: Does the act: is handed the filing and the other fields of the form.
        message: What to say once it is done; a function is handed what ``perform`` returned.
        prepare: Does before the filing whatever takes long, as nobody else can file meanwhile: is handed who acts and the
            fields of the form, and returns what ``perform`` is handed in their place, or a context that gives it and is
            left when the filing is over.

    Returns: What was done; None if the form was only asked for, does not hold, or was refused.
    """
    if request.method != "POST" or not form.is_valid():
        return None
    values = dict(form.cleaned_data)
    passphrase, reason, seen = values.pop("passphrase", ""), values.pop("reason", ""), values.pop("version_seen", None)
    record = form.record
    try:
        with naming_full_disk(), ExitStack() as until_filed:
            actor = _who_signs(request, form, passphrase)
            if prepare is not None:
                prepared = prepare(actor, values)
                values = prepared if isinstance(prepared, dict) else until_filed.enter_context(prepared)
            with filing(by=actor, at=timezone.now(), reason=reason) as f:
                if record is not None and seen is not None and seen != record.version:
                    raise ChangedMeanwhile(record.number, seen, record.version)
                result = perform(f, values)
    except FiledNotPublished as late:
        messages.warning(request, " ".join(what_and_next(late)))
        return Done(result, f.receipt)
    except DokazError as refused:
        field = getattr(refused, "field", None)
        said = ValidationError([part for part in what_and_next(refused) if part])
        form.add_error(field if field in form.fields else None, said)
        if isinstance(refused, SessionOver):
            # It ended since the form was asked for; what was typed stays, and the passphrase is asked for beside it.
            forget(request)
            request.acting = replace(acting_of(request), work=None)  # type: ignore[attr-defined]
            form.ask_for_passphrase()
        if record is not None:
            # The act may have changed it before it was refused; the page shows what is in force.
            record.refresh_from_db()
        return None
    words = message(result) if callable(message) else message
    messages.success(request, f"{words} {_filed(f.receipt)}".strip())
    return Done(result, f.receipt)


def _who_signs(request: HttpRequest, form: ActForm, passphrase: str) -> Actor:
    """Whoever acts, with the key that signs: their own for an act that is signed in person, else that of their session."""
    acting = acting_of(request)
    actor = acting.actor()
    if not passphrase:
        return actor
    with trying_passphrase(acting.person.number, address=address_of(request)):
        actor = acting.actor(current_store().unlock(actor.key_id, passphrase))
    if form.is_signed:
        return actor
    work = begin(request, actor)
    request.acting = replace(acting, work=work)  # type: ignore[attr-defined]
    # Work has begun, whatever becomes of this act: it is not asked for again.
    del form.fields["passphrase"]
    return replace(actor, key=None, session=work.key)


def say_refusal(request: HttpRequest, form: forms.Form) -> None:
    """Say at the head of the page why an act was refused, where its form no longer stands on the page."""
    for problem in form.non_field_errors():
        messages.error(request, str(problem))


def _filed(receipt: FiledReceipt) -> str:
    if not receipt.entries:
        return ""
    first = number_format(receipt.entries[0].index, force_grouping=True)
    last = number_format(receipt.entries[-1].index, force_grouping=True)
    if first == last:
        return gettext("Filed as entry № %(first)s.") % {"first": first}
    count = len(receipt.entries)
    return ngettext(
        "Filed as %(count)s entry, № %(first)s to %(last)s.",
        "Filed as %(count)s entries, № %(first)s to %(last)s.",
        count,
    ) % {"count": count, "first": first, "last": last}
