"""What an investigation itself consists of: its mandate, its people with their keys and offices, custody, the journal."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from dokaz.casework.records import Record
from dokaz.casework.roles import Role
from dokaz.casework.states import StateChoices, Tone

__all__ = [
    "Account",
    "Assent",
    "Constitution",
    "ConstitutionState",
    "CustodyItem",
    "DeliveredRecord",
    "Delivery",
    "Investigation",
    "JournalEntry",
    "JournalHead",
    "JournalOpening",
    "Key",
    "Office",
    "Person",
    "Record",
    "SessionKey",
    "SecurityEvent",
    "Transfer",
    "TransferState",
]


class Investigation(Record):
    """What is investigated, by whom it was ordered, and on what legal ground."""

    name = models.TextField(_("name"))
    mandate = models.TextField(_("mandate"), help_text=_("what the investigation may do"))
    mandate_authority = models.TextField(_("who ordered it"), help_text=_("who ordered it"))
    mandate_reference = models.TextField(
        _("number and date of the order"), blank=True, default="", help_text=_("number and date of the order")
    )
    opened_on = models.DateField(_("opened on"))

    class Meta(Record.Meta):
        verbose_name = _("investigation")


class ConstitutionState(StateChoices):
    """Whether the log is kept by it."""

    PROPOSED = "proposed", Tone.DECIDE, _("proposed, waits for two administrators")
    IN_FORCE = "in_force", Tone.DONE, _("in force")


class Constitution(Record):
    """What may stand in this log: kinds of records, and acts with their rules (``casework.constitution``).

    The one that was adopted last is in force.
    """

    states = ConstitutionState

    rules = models.JSONField(_("rules"))
    sha256 = models.CharField(_("hash of the rules"), max_length=64)
    state = models.CharField(_("state"), max_length=16, choices=ConstitutionState.choices)

    class Meta(Record.Meta):
        verbose_name = _("constitution of the ledger")


class Person(Record):
    """Somebody who works in the investigation."""

    name = models.TextField(_("name"))
    organisation = models.TextField(_("organisation"), blank=True, default="")

    class Meta(Record.Meta):
        verbose_name = _("person of the investigation")


class Key(Record):
    """The public half of a person's signing key. Its number is the key id."""

    person = models.ForeignKey(Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="keys")
    public_key = models.CharField(_("public key"), max_length=64)
    possession = models.CharField(
        _("proof of possession"), max_length=88, help_text=_("signed with this key when it was enrolled")
    )
    retired_at = models.DateTimeField(_("retired"), null=True)

    class Meta(Record.Meta):
        verbose_name = _("signing key")


class Office(Record):
    """An appointment: this person, in this role, from then until revoked."""

    person = models.ForeignKey(Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="offices")
    role = models.CharField(_("role"), max_length=32, choices=Role.choices)
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True)

    class Meta(Record.Meta):
        verbose_name = _("office")


class SessionKey(Record):
    """A key for the routine acts of a working day, which a person delegates by their own. Its number is its key id."""

    listed = {"offices": Office}

    person = models.ForeignKey(Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="+")
    delegated_by = models.ForeignKey(Key, verbose_name=_("delegated by"), on_delete=models.PROTECT, related_name="+")
    offices = models.JSONField(_("offices"), default=list, help_text=_("in which it may be used"))
    public_key = models.CharField(_("public key"), max_length=64)
    until = models.DateTimeField(_("until"))
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta(Record.Meta):
        verbose_name = _("session key")


class Assent(Record):
    """One person's signature under one version of a record, given towards an act that needs several."""

    act = models.CharField(_("act"), max_length=64)
    record = models.UUIDField(_("record"), db_index=True)
    leaf = models.CharField(_("hash of the version that was read"), max_length=64, db_index=True)
    key = models.CharField(_("signing key"), max_length=64)
    office = models.UUIDField(_("office"))
    base_size = models.PositiveBigIntegerField(_("entries in the log when it was given"))
    base_root = models.CharField(_("root of the log when it was given"), max_length=64)
    sig = models.CharField(_("signature"), max_length=88)

    class Meta(Record.Meta):
        verbose_name = _("signature towards an act")


class TransferState(StateChoices):
    """Whether the receiving person has confirmed."""

    HANDED_OVER = "handed_over", Tone.DECIDE, _("handed over, not yet confirmed")
    TAKEN_OVER = "taken_over", Tone.DONE, _("taken over")


class Delivery(Record):
    """Files as somebody delivered them, kept whole, and what was taken from them."""

    form = models.CharField(
        _("what was delivered"), max_length=32, help_text=_("what was delivered: survey, profiles, families, …")
    )
    files = models.JSONField(_("files"), help_text='[{"name", "sha256", "bytes"}, …]')
    taken = models.JSONField(_("taken from them"), default=dict, help_text=_("how many records of what were made"))
    remarks = models.JSONField(
        _("remarks"), default=list, help_text=_("what the reader found odd or left aside: codes with their values")
    )

    class Meta(Record.Meta):
        verbose_name = _("delivery")


class DeliveredRecord(Record):
    """A record that may have been made of a delivery; it points to the files and to the row that it came from."""

    delivery = models.ForeignKey(
        Delivery, verbose_name=_("delivery"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    delivered_row = models.TextField(
        _("row of the delivery"), blank=True, default="", help_text=_("file and line, as survey.csv:7")
    )

    class Meta(Record.Meta):
        abstract = True


class Transfer(DeliveredRecord):
    """A two-party custody event: things, from whose hands into whose, where and when."""

    states = TransferState
    listed = {"things": None}

    things = models.JSONField(_("things"), help_text="[{kind, id, number}, …]")
    from_place = models.TextField(_("from where"))
    to_place = models.TextField(_("to where"))
    giver = models.ForeignKey(Person, verbose_name=_("giver"), on_delete=models.PROTECT, related_name="given")
    receiver = models.ForeignKey(Person, verbose_name=_("receiver"), on_delete=models.PROTECT, related_name="received")
    handed_at = models.DateTimeField(_("handed over"))
    taken_at = models.DateTimeField(_("taken over"), null=True)
    purpose = models.TextField(_("purpose"), blank=True, default="")
    seal = models.TextField(_("seal"), blank=True, default="")
    condition = models.TextField(_("condition, packing"), blank=True, default="")
    state = models.CharField(
        _("state"), max_length=16, choices=TransferState.choices, default=TransferState.HANDED_OVER
    )

    class Meta(Record.Meta):
        verbose_name = _("transfer")


class CustodyItem(DeliveredRecord):
    """A record of a thing that lies somewhere and that somebody answers for."""

    holder = models.ForeignKey(Person, verbose_name=_("holder"), null=True, on_delete=models.PROTECT, related_name="+")
    place = models.TextField(_("where it is"), blank=True, default="")
    transfer = models.ForeignKey(
        Transfer,
        verbose_name=_("transfer by which it came to its holder"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("by which it came to its holder"),
    )

    class Meta(Record.Meta):
        abstract = True

    @property
    def may_change_hands(self) -> bool:
        """Whether it can be given to somebody now."""
        return True


class Account(models.Model):
    """Ties a sign-in to a person. Not a record: passwords and second factors never enter the ledger."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="account")
    person_id = models.UUIDField(unique=True)


class SecurityEvent(models.Model):
    """Something at the locks that the auditor should see. Not a record: never in the ledger (``attempts.py``)."""

    class What(models.TextChoices):
        """What happened."""

        SIGNED_IN = "signed_in", _("signed in")
        SIGNED_OUT_IDLE = "signed_out_idle", _("signed out after a time without a request")
        PASSWORD_WRONG = "password_wrong", _("wrong password")
        PASSWORD_HELD = "password_held", _("too many wrong passwords: made to wait")
        PASSWORD_CHANGED = "password_changed", _("password changed")
        CODE_WRONG = "code_wrong", _("wrong code of the second factor")
        CODE_HELD = "code_held", _("too many wrong codes: made to wait")
        FACTOR_CHANGED = "factor_changed", _("second factor set or changed")
        PASSPHRASE_WRONG = "passphrase_wrong", _("wrong passphrase of a signing key")
        PASSPHRASE_HELD = "passphrase_held", _("too many wrong passphrases: made to wait")

    at = models.DateTimeField(_("when"))
    what = models.CharField(_("what"), max_length=32, choices=What.choices)
    who = models.CharField(_("login or person"), max_length=150)
    address = models.CharField(_("address"), max_length=64, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["what", "at"], name="security_what_at")]


class JournalEntry(models.Model):
    """An entry of the ledger as it was committed, in the transaction that wrote the row it speaks of."""

    index = models.PositiveBigIntegerField(primary_key=True)
    record = models.UUIDField()
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=64)
    act = models.CharField(max_length=64)
    actor = models.CharField(max_length=64)
    at = models.DateTimeField()
    leaf = models.CharField(max_length=64, unique=True)
    body = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "version"], name="one_entry_a_version")]
        indexes = [models.Index(fields=["act"])]


class JournalOpening(models.Model):
    """The opening of one field digest; destroyed by erasure, withheld by redaction."""

    digest = models.CharField(max_length=64, primary_key=True)
    index = models.PositiveBigIntegerField(db_index=True, help_text="the first entry that holds the digest")
    salt = models.CharField(max_length=64)
    name = models.CharField(max_length=64)
    value = models.TextField(help_text="canonical JSON")


class JournalHead(models.Model):
    """One row: how many entries there are, and the right edge of the tree over them."""

    size = models.PositiveBigIntegerField(default=0)
    frontier = models.JSONField(default=list)
