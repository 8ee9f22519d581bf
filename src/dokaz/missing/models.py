"""What is written down about the missing and those who look for them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from dokaz.casework.models import DeliveredRecord, Record
from dokaz.casework.states import StateChoices, Tone


class ReportedSex(models.TextChoices):
    """Sex as the family reports it."""

    FEMALE = "female", _("female")
    MALE = "male", _("male")
    UNKNOWN = "unknown", _("unknown")


class MissingState(StateChoices):
    """Where the search for a missing person stands."""

    REPORTED = "reported", Tone.OPEN, _("reported")
    VERIFIED = "verified", Tone.DOING, _("verified")
    SUFFICIENT = "references_sufficient", Tone.DOING, _("references sufficient")
    MATCHED = "matched", Tone.DONE, _("matched")
    CLOSED_DEAD = "closed_dead", Tone.DONE, _("closed: dead")
    CLOSED_ALIVE = "closed_alive", Tone.DONE, _("closed: alive")
    DUPLICATE = "duplicate", Tone.VOID, _("closed: reported twice")
    SPLIT = "split", Tone.VOID, _("closed: two people")


class MissingPerson(DeliveredRecord):
    """One report of a missing person. A case is not a person: the same person may be reported twice."""

    states = MissingState
    named_in = ("family_name", "given_name", "patronymic")
    names_others_in = ("reported_by", "liaison")
    told_of_in = ("same_as", "split_from")
    follows = {"last_seen_on": ("born",), "reported_on": ("born", "last_seen_on")}

    family_name = models.TextField(_("family name"))
    given_name = models.TextField(_("given name"), blank=True, default="")
    patronymic = models.TextField(_("patronymic"), blank=True, default="")
    sex = models.CharField(_("sex"), max_length=8, choices=ReportedSex.choices, default=ReportedSex.UNKNOWN)
    born = models.CharField(
        _("born"),
        max_length=32,
        blank=True,
        default="",
        help_text=_("12.04.1987 or 1987-04-12; 1987-04; 1987; 1987~ if about"),
    )
    last_seen_on = models.CharField(
        _("last seen on"), max_length=32, blank=True, default="", help_text=_("09.03.2022 or 2022-03-09; 2022-03; 2022")
    )
    last_seen_place = models.TextField(_("last seen at"), blank=True, default="")
    # Decimal text, so that the digits stay as they were reported.
    stature_cm = models.CharField(
        _("stature, cm"), max_length=40, blank=True, default="", help_text=_("as the family says; families overstate")
    )
    marks = models.TextField(_("marks"), blank=True, default="")
    teeth = models.TextField(_("teeth"), blank=True, default="")
    clothing = models.TextField(_("clothing"), blank=True, default="")
    occupation = models.TextField(_("occupation"), blank=True, default="")
    reported_on = models.DateField(_("reported on"), null=True, blank=True)
    reported_by = models.TextField(_("reported by"), blank=True, default="", help_text=_("who, and how related"))
    liaison = models.TextField(_("liaison officer"), blank=True, default="")
    note = models.TextField(_("note"), blank=True, default="")
    family_of_pedigree = models.CharField(
        _("family of the pedigree"), max_length=64, blank=True, default="", db_index=True
    )
    member_of_pedigree = models.CharField(_("member of the pedigree"), max_length=64, blank=True, default="")
    state = models.CharField(_("state"), max_length=24, choices=MissingState.choices, default=MissingState.REPORTED)
    same_as = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="duplicates", verbose_name=_("the same person as")
    )
    split_from = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="parts", verbose_name=_("split from")
    )

    class Meta(Record.Meta):
        verbose_name = _("missing person")
        indexes = [models.Index(fields=["state", "number"], name="missing_by_state")]

    @property
    def name(self) -> str:
        """Family name, given name, patronymic."""
        return " ".join(part for part in (self.family_name, self.given_name, self.patronymic) if part)


class Family(DeliveredRecord):
    """A stated pedigree: who is whose child, which members gave a sample, which are missing."""

    erased_as = {"members": []}

    name = models.TextField(_("name of the family"), blank=True, default="")
    members = models.JSONField(
        _("members"),
        help_text='[{"id", "father", "mother", "sex", "born": date or null, "missing": number or null, "status"}, …]',
    )

    class Meta(Record.Meta):
        verbose_name = _("family")


class Consent(models.TextChoices):
    """What a donor agreed to. Family DNA serves identification only; no other purpose can be written down."""

    IDENTIFICATION = "identification", _("identification")
    REASSOCIATION = "identification and reassociation", _("identification and re-association")
    THIS_PERSON = "this missing person only", _("this missing person only")


class Relationship(models.TextChoices):
    """How a donor is related to the missing person."""

    FATHER = "father", _("father")
    MOTHER = "mother", _("mother")
    FULL_SIBLING = "full_sibling", _("full sibling")
    HALF_SIBLING = "half_sibling", _("half sibling")
    SPOUSE = "spouse", _("spouse")
    CHILD = "child", _("child")


class Donor(DeliveredRecord):
    """A relative who gave a sample, and what they agreed to."""

    named_in = ("name",)
    names_others_in = ("liaison",)
    told_of_in = ("family",)
    follows = {"consented_on": ("born",), "sampled_on": ("born",), "withdrawn_on": ("born", "consented_on")}

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="donors", verbose_name=_("family"))
    member = models.CharField(_("member of the pedigree"), max_length=64)
    name = models.TextField(_("name"), blank=True, default="")
    born = models.CharField(_("born"), max_length=32, blank=True, default="")
    relationship = models.CharField(
        _("relationship to the missing person"), max_length=16, choices=Relationship.choices, blank=True, default=""
    )
    relationship_stated = models.TextField(_("another relationship, in the family's words"), blank=True, default="")
    # Empty where only its withdrawal is known.
    consent = models.CharField(
        _("what the donor agreed to"),
        max_length=40,
        choices=Consent.choices,
        blank=True,
        help_text=_("Family DNA serves identification only; no other purpose can be written down."),
    )
    consented_on = models.DateField(_("agreed on"), null=True)
    withdrawn = models.BooleanField(_("withdrawn"), default=False)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True)
    sample = models.TextField(_("sample"), blank=True, default="")
    sampled_on = models.DateField(_("sampled on"), null=True)
    liaison = models.TextField(_("liaison officer"), blank=True, default="")
    note = models.TextField(_("note"), blank=True, default="")

    class Meta(Record.Meta):
        verbose_name = _("donor")


class Reference(DeliveredRecord):
    """A donor's DNA profile."""

    typed_in = ("genotypes", "lineage")
    erased_as = {"genotypes": {}}
    follows = {"typed_on": ("donor.born", "donor.sampled_on")}

    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="references", verbose_name=_("donor"))
    laboratory = models.TextField(_("laboratory"), blank=True, default="")
    kit = models.TextField(_("kit"), blank=True, default="")
    sample = models.TextField(_("sample"), blank=True, default="")
    typed_on = models.DateField(_("typed on"), null=True)
    genotypes = models.JSONField(_("genotypes"))
    lone_alleles = models.JSONField(_("markers with a lone allele"), default=list)
    lineage = models.JSONField(_("Y markers"), default=dict)
    no_result = models.JSONField(_("markers without a result"), default=list)

    class Meta(Record.Meta):
        verbose_name = _("reference profile")


class Frequencies(DeliveredRecord):
    """Allele frequencies of a population, with their source; every likelihood ratio names the table it used."""

    name = models.TextField(_("name"))
    population = models.TextField(_("population"), blank=True, default="")
    source = models.TextField(_("source"))
    markers = models.JSONField(_("markers"), help_text='{"D3S1358": {"15": "0.2463", …}, …}; mutation models beside it')
    mutation = models.JSONField(
        _("mutation"), default=dict, help_text=_("mutation model of each marker, where one is stated")
    )
    sample_sizes = models.JSONField(_("people counted for each marker"), default=dict)

    class Meta(Record.Meta):
        verbose_name = _("allele frequencies")
