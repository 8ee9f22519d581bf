"""What is written down about who it may be: searches, comparisons, a board's decisions, doubts, releases."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from dokaz.casework.models import Person, Record
from dokaz.graves.models import RecoveryUnit
from dokaz.missing.models import Family, Frequencies, MissingPerson
from dokaz.mortuary.models import Profile


class Search(Record):
    """One blind search of every usable profile against every family: what went in, and the candidates that came out.

    A candidate is a rank by a machine, never an identification.
    """

    frequencies = models.ForeignKey(Frequencies, on_delete=models.PROTECT, related_name="+")
    run_at = models.DateTimeField()
    ledger_size = models.PositiveBigIntegerField(help_text=_("entries in the ledger when the search began to read"))
    engine = models.TextField(help_text=_("program and version"))
    threshold_log10_lr = models.TextField()
    profiles = models.PositiveIntegerField(help_text=_("distinct DNA profiles compared"))
    families = models.PositiveIntegerField(help_text=_("families compared"))
    missing = models.PositiveIntegerField(help_text=_("missing persons compared"))
    left_out = models.JSONField(default=list, help_text='[{"what", "why"}, …]')
    candidates = models.JSONField(help_text='[{"profile", "unit", "family", "missing", "log10_lr"}, …] best first')

    class Meta(Record.Meta):
        verbose_name = _("search")


class Discipline(models.TextChoices):
    """What a comparison rests on. The first three are primary identifiers."""

    DNA = "dna", _("DNA")
    FRICTION_RIDGE = "friction_ridge", _("friction ridge")
    TEETH = "teeth", _("teeth")
    SECONDARY = "secondary", _("secondary identifiers")


PRIMARY = frozenset({Discipline.DNA.value, Discipline.FRICTION_RIDGE.value, Discipline.TEETH.value})


class Conclusion(models.TextChoices):
    """What the examiner concludes."""

    CONCORDANT = "concordant", _("concordant")
    DISCORDANT = "discordant", _("discordant")
    INCONCLUSIVE = "inconclusive", _("inconclusive")


class Bearing(models.TextChoices):
    """Whether a line of evidence speaks for or against."""

    SUPPORTS = "supports", _("speaks for")
    CONTRADICTS = "contradicts", _("speaks against")
    NEUTRAL = "neutral", _("says nothing either way")


class ComparisonState(models.TextChoices):
    """Where a comparison stands."""

    PROPOSED = "proposed", _("proposed, waits for two signatures")
    SIGNED = "signed", _("signed by two")
    SUPERSEDED = "superseded", _("superseded")


class Comparison(Record):
    """One missing person compared with one recovery unit in one discipline, with everything for and against."""

    missing_person = models.ForeignKey(MissingPerson, on_delete=models.PROTECT, related_name="comparisons")
    recovery_unit = models.ForeignKey(RecoveryUnit, on_delete=models.PROTECT, related_name="comparisons")
    discipline = models.CharField(max_length=16, choices=Discipline.choices)
    conclusion = models.CharField(max_length=16, choices=Conclusion.choices)
    state = models.CharField(max_length=16, choices=ComparisonState.choices, default=ComparisonState.PROPOSED)
    examiner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    compared_at = models.DateTimeField()
    signed_on = models.DateField(null=True)
    superseded_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    statement = models.TextField(blank=True, default="", help_text=_("the examiner's words"))
    lines = models.JSONField(
        default=list, help_text='[{"about", "bearing", "statement", "source", "explanation"}, …]: for and against'
    )
    profile = models.ForeignKey(Profile, null=True, on_delete=models.PROTECT, related_name="comparisons")
    family = models.ForeignKey(Family, null=True, on_delete=models.PROTECT, related_name="comparisons")
    frequencies = models.ForeignKey(Frequencies, null=True, on_delete=models.PROTECT, related_name="+")
    log10_lr = models.TextField(blank=True, default="", help_text=_("decimal text, or -inf"))
    per_marker = models.JSONField(default=list, help_text='[{"marker", "log10_lr" or null, "state"}, …]')
    other_candidates = models.JSONField(default=list, help_text='[{"missing", "unit", "log10_lr"}, …]')
    inputs = models.JSONField(default=dict, help_text=_("the versions that were compared, and the program"))

    class Meta(Record.Meta):
        verbose_name = _("comparison")


class DecisionState(models.TextChoices):
    """Where an identity stands."""

    BEFORE_BOARD = "before_board", _("before the board")
    CERTIFIED = "certified", _("certified")
    FAMILY_NOTIFIED = "family_notified", _("family notified")
    RELEASED = "released", _("released")
    EXCLUDED = "excluded", _("excluded")
    REVOKED = "revoked", _("revoked")
    WITHDRAWN = "withdrawn", _("withdrawn before a decision")


class Decision(Record):
    """What is laid before the board: that this unit is, or is not, this missing person."""

    recovery_unit = models.ForeignKey(RecoveryUnit, on_delete=models.PROTECT, related_name="decisions")
    missing_person = models.ForeignKey(MissingPerson, on_delete=models.PROTECT, related_name="decisions")
    question = models.CharField(max_length=16, choices=[("identify", _("identify")), ("exclude", _("exclude"))])
    comparisons = models.JSONField(help_text=_("ids of the signed comparisons that it rests on"))
    ruling = models.TextField(blank=True, default="", help_text=_("why, where more than the rule is needed"))
    contradictions = models.JSONField(default=list, help_text='[{"statement", "explanation"}, …]')
    laid_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    laid_at = models.DateTimeField()
    state = models.CharField(max_length=16, choices=DecisionState.choices, default=DecisionState.BEFORE_BOARD)
    decided_on = models.DateField(null=True)
    certificate_number = models.CharField(max_length=32, blank=True, default="")
    family_notified_on = models.DateField(null=True)
    released_on = models.DateField(null=True)
    revoked_on = models.DateField(null=True)

    class Meta(Record.Meta):
        verbose_name = _("decision")


class Doubt(Record):
    """Grounds for a second look at a decision: what was found, and in which records."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="doubts")
    grounds = models.TextField()
    evidence = models.JSONField(default=list, help_text=_("numbers of the records that it rests on"))
    raised_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()

    class Meta(Record.Meta):
        verbose_name = _("doubt")


class Review(Record):
    """A case reopened because a decision that it touches was revoked."""

    because_of = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="reviews")
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="reviewed_in")
    recovery_unit = models.ForeignKey(RecoveryUnit, null=True, on_delete=models.PROTECT, related_name="reviews")
    missing_person = models.ForeignKey(MissingPerson, null=True, on_delete=models.PROTECT, related_name="reviews")
    link = models.TextField(help_text=_("what ties it to the revoked decision"))
    closed_on = models.DateField(null=True)
    outcome = models.TextField(blank=True, default="")

    class Meta(Record.Meta):
        verbose_name = _("review")


class Release(Record):
    """Remains given back to a family, on a certificate, their recorded choice and a last identity check."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="releases")
    recovery_unit = models.ForeignKey(RecoveryUnit, on_delete=models.PROTECT, related_name="releases")
    released_to = models.TextField()
    family_choice = models.CharField(
        max_length=16, choices=[("partial_now", _("what is there now")), ("wait", _("wait for all parts"))]
    )
    identity_checked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField()

    class Meta(Record.Meta):
        verbose_name = _("release")
