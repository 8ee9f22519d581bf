"""What an investigation itself consists of: its mandate, its people with their keys and offices, custody, the journal."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dokaz.casework.attached import Attachment
from dokaz.casework.records import Record, VoidableRecord
from dokaz.casework.roles import Role
from dokaz.casework.states import StateChoices, Tone

__all__ = [
    "Account",
    "Assent",
    "Attachment",
    "CheckpointKey",
    "Constitution",
    "Correction",
    "CorrectionState",
    "CustodyItem",
    "DeliveredRecord",
    "Delivery",
    "Discrepancy",
    "DiscrepancySort",
    "DiscrepancyState",
    "ErasureAuthority",
    "ErasureDue",
    "ErasureOrder",
    "Investigation",
    "JournalEntry",
    "JournalHead",
    "JournalOpening",
    "Key",
    "Office",
    "Person",
    "Proposal",
    "ProposalState",
    "Record",
    "SessionKey",
    "SecurityEvent",
    "StoragePlace",
    "Transfer",
    "TransferState",
    "VoidableRecord",
]


class Investigation(Record):
    """What is investigated, by whom it was ordered, and on what legal ground."""

    # A clock is still needed.
    erased_as = {"time_zone": "UTC"}

    name = models.TextField(_("name"))
    mandate = models.TextField(_("mandate"), help_text=_("what the investigation may do"))
    mandate_authority = models.TextField(_("who ordered it"), help_text=_("who ordered it"))
    mandate_reference = models.TextField(
        _("number and date of the order"), blank=True, default="", help_text=_("number and date of the order")
    )
    opened_on = models.DateField(_("opened on"))
    time_zone = models.TextField(
        _("time zone"), default="Europe/Kyiv", help_text=_("by whose clock times are typed and shown; kept in UTC")
    )

    class Meta(Record.Meta):
        verbose_name = _("investigation")


class ProposalState(StateChoices):
    """Whether two administrators have put it in force."""

    PROPOSED = "proposed", Tone.DECIDE, _("proposed, waits for a second administrator")
    IN_FORCE = "in_force", Tone.DONE, _("in force")
    WITHDRAWN = "withdrawn", Tone.VOID, _("withdrawn before it was in force")


class Proposal(Record):
    """What gives people power over others: it counts once two administrators have put it in force."""

    states = ProposalState

    state = models.CharField(_("state"), max_length=16, choices=ProposalState.choices)

    class Meta(Record.Meta):
        abstract = True


class Constitution(Proposal):
    """What may stand in this log: kinds of records, and acts with their rules (``casework.constitution``).

    The one that was adopted last is in force.
    """

    rules = models.JSONField(_("rules"))
    sha256 = models.CharField(_("hash of the rules"), max_length=64)

    class Meta(Record.Meta):
        verbose_name = _("constitution of the ledger")


class Person(Record):
    """Somebody who works in the investigation."""

    named_in = ("name",)

    name = models.TextField(_("name"))
    organisation = models.TextField(_("organisation"), blank=True, default="")

    class Meta(Record.Meta):
        verbose_name = _("person of the investigation")


class Key(Proposal):
    """The public half of a person's signing key. Its number is the key id."""

    person = models.ForeignKey(Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="keys")
    public_key = models.CharField(_("public key"), max_length=64)
    possession = models.CharField(
        _("proof of possession"), max_length=88, help_text=_("signed with this key when it was enrolled")
    )
    retired_at = models.DateTimeField(_("retired"), null=True)

    class Meta(Record.Meta):
        verbose_name = _("signing key")

    @classmethod
    def in_use(cls) -> models.QuerySet[Key]:
        """The keys that sign now."""
        return cls.objects.filter(state=ProposalState.IN_FORCE, retired_at=None)


class Office(Proposal):
    """An appointment: this person, in this role, from then until revoked."""

    person = models.ForeignKey(Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="offices")
    role = models.CharField(_("role"), max_length=32, choices=Role.choices)
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True)

    class Meta(Record.Meta):
        verbose_name = _("office")

    @property
    def is_held(self) -> bool:
        """Whether it is held now."""
        return bool(self.state == ProposalState.IN_FORCE and self.until is None)

    @classmethod
    def held(cls) -> models.QuerySet[Office]:
        """The offices that are held now."""
        return cls.objects.filter(state=ProposalState.IN_FORCE, until=None)


class CheckpointKey(Proposal):
    """A key that signs the log's checkpoints in place of the one before, which is revoked when this one is in force."""

    key = models.CharField(_("public key of the log"), max_length=512, help_text=_("name+hash+base64"))

    class Meta(Record.Meta):
        verbose_name = _("key of the log")


class ErasureAuthority(models.TextChoices):
    """On whose word something is erased."""

    COURT = "court", _("order of a court")
    PROSECUTOR = "prosecutor", _("decision of a prosecutor")
    SUPERVISOR = "supervisor", _("decision of the data protection authority")
    LAW = "law", _("a law that limits how long it is kept")
    CONSENT = "consent", _("consent withdrawn by the person whom it is about")


class ErasureOrder(Proposal):
    """What shall be erased of a record, on whose authority: it is destroyed when two administrators put this in force."""

    of_kind = models.CharField(_("kind of the record"), max_length=64)
    record = models.UUIDField(_("record"), db_index=True)
    erases = models.JSONField(
        _("what is erased"), default=list, help_text='[{"digest", "field", "record", "version"}, …]'
    )
    authority = models.CharField(_("on whose authority"), max_length=16, choices=ErasureAuthority.choices)
    document = models.TextField(_("document"), help_text=_("its number; it names nobody"))
    ordered_on = models.DateField(_("date of the document"))

    class Meta(Record.Meta):
        verbose_name = _("order of erasure")


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


class CorrectionState(StateChoices):
    """Whether a second person has agreed to a correction."""

    PROPOSED = "proposed", Tone.DECIDE, _("proposed, waits for a second person")
    MADE = "made", Tone.DONE, _("agreed to, and made")
    DECLINED = "declined", Tone.VOID, _("declined")


class Correction(Record):
    """What shall be corrected of a record that was signed or decided: it is, once a second person agrees."""

    states = CorrectionState

    of_kind = models.CharField(_("kind of the record"), max_length=64)
    record = models.UUIDField(_("record"), db_index=True)
    leaf = models.CharField(_("hash of the version that is corrected"), max_length=64, db_index=True)
    digests = models.JSONField(_("digests of the new values"), default=dict)
    openings = models.JSONField(_("the new values, each with its salt"), default=dict)
    proposed_by = models.ForeignKey(Person, verbose_name=_("proposed by"), on_delete=models.PROTECT, related_name="+")
    agreed_by = models.ForeignKey(
        Person, verbose_name=_("agreed to by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(
        _("state"), max_length=16, choices=CorrectionState.choices, default=CorrectionState.PROPOSED
    )

    class Meta(Record.Meta):
        verbose_name = _("correction for two")


class TransferState(StateChoices):
    """What became of a hand-over."""

    HANDED_OVER = "handed_over", Tone.DECIDE, _("handed over, not yet confirmed")
    TAKEN_OVER = "taken_over", Tone.DONE, _("taken over")
    TAKEN_BACK = "taken_back", Tone.VOID, _("taken back before it was confirmed")
    REFUSED = "refused", Tone.VOID, _("refused by the receiver")


class Delivery(VoidableRecord):
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


class DeliveredRecord(VoidableRecord):
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
    """A two-party custody event: things, from whose hands into whose, where and when; and which of them arrived."""

    states = TransferState
    listed = {"things": None, "taken": None}
    follows = {"taken_at": ("handed_at",)}

    things = models.JSONField(_("things"), help_text="[{kind, id, number}, …]")
    from_place = models.TextField(_("from where"))
    to_place = models.TextField(_("to where"))
    giver = models.ForeignKey(Person, verbose_name=_("giver"), on_delete=models.PROTECT, related_name="given")
    receiver = models.ForeignKey(Person, verbose_name=_("receiver"), on_delete=models.PROTECT, related_name="received")
    deputy = models.ForeignKey(
        Person,
        verbose_name=_("handed over for the giver by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("where the giver holds no office any more"),
    )
    courier = models.TextField(
        _("courier"),
        blank=True,
        default="",
        help_text=_("who carries it, if neither of the two: name, firm, consignment"),
    )
    handed_at = models.DateTimeField(_("handed over"))
    taken_at = models.DateTimeField(_("taken over"), null=True)
    taken = models.JSONField(_("things that arrived"), default=list, help_text="[{kind, id, number}, …]")
    condition_at_receipt = models.TextField(_("condition at receipt"), blank=True, default="")
    purpose = models.TextField(_("purpose"), blank=True, default="")
    seal = models.TextField(_("seal"), blank=True, default="")
    condition = models.TextField(_("condition, packing"), blank=True, default="")
    state = models.CharField(
        _("state"), max_length=16, choices=TransferState.choices, default=TransferState.HANDED_OVER
    )

    class Meta(Record.Meta):
        verbose_name = _("transfer")


class DiscrepancyState(StateChoices):
    """Whether it was found out what had happened."""

    OPEN = "open", Tone.DECIDE, _("open")
    SETTLED = "settled", Tone.DONE, _("settled")


class DiscrepancySort(models.TextChoices):
    """How what arrived differs from what was handed over."""

    MISSING = "missing", pgettext_lazy("thing", "missing")
    EXTRA = "extra", _("not on the list")
    SEAL_BROKEN = "seal_broken", _("seal broken")
    WRONG_LABEL = "wrong_label", _("wrong label")
    DAMAGED = "damaged", _("damaged")


class Discrepancy(Record):
    """How one thing that arrived, or did not, differs from what was handed over; open until somebody says what it was."""

    states = DiscrepancyState

    transfer = models.ForeignKey(
        Transfer, verbose_name=_("transfer"), on_delete=models.PROTECT, related_name="discrepancies"
    )
    sort = models.CharField(_("what differs"), max_length=16, choices=DiscrepancySort.choices)
    label = models.TextField(_("number on the label or list"), help_text=_("as it is listed, or as it was read"))
    note = models.TextField(_("what is seen"), blank=True, default="")
    noted_by = models.ForeignKey(Person, verbose_name=_("noted by"), on_delete=models.PROTECT, related_name="+")
    outcome = models.TextField(_("what it was"), blank=True, default="")
    state = models.CharField(_("state"), max_length=16, choices=DiscrepancyState.choices, default=DiscrepancyState.OPEN)

    class Meta(Record.Meta):
        verbose_name = _("discrepancy")


class StoragePlace(Record):
    """A store, a room or a shelf in which things are kept."""

    name = models.TextField(pgettext_lazy("place", "name"), help_text=_("as it is written on the door or shelf"))
    inside = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts", verbose_name=_("inside")
    )
    note = models.TextField(_("note"), blank=True, default="")

    class Meta(Record.Meta):
        verbose_name = _("storage place")

    @property
    def path(self) -> str:
        """Its name after those of what it lies in, the largest first."""
        return f"{self.inside.path} › {self.name}" if self.inside is not None else self.name


class CustodyItem(DeliveredRecord):
    """A record of a thing that lies somewhere. Whatever is neither in the ground nor given away is held by somebody."""

    #: The field that says when it first came into somebody's hands.
    first_held: ClassVar[str] = ""

    holder = models.ForeignKey(Person, verbose_name=_("holder"), null=True, on_delete=models.PROTECT, related_name="+")
    place = models.TextField(_("where it is"), blank=True, default="")
    kept_in = models.ForeignKey(
        StoragePlace, verbose_name=_("kept in"), null=True, on_delete=models.PROTECT, related_name="+"
    )
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


class ErasureDue(models.Model):
    """An opening that an order destroyed in the database, and that may lie on the disk still; gone once it does not."""

    digest = models.CharField(max_length=64, primary_key=True)
    index = models.PositiveBigIntegerField(help_text="the entry with which it stands")


class JournalHead(models.Model):
    """One row: how many entries there are, and the right edge of the tree over them."""

    size = models.PositiveBigIntegerField(default=0)
    frontier = models.JSONField(default=list)
