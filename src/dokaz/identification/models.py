"""What is written down about who it may be: searches, comparisons, a board's decisions, doubts, releases."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from dokaz.casework.models import Attachment, Person, Record, VoidableRecord
from dokaz.casework.states import StateChoices, Tone
from dokaz.graves.models import RecoveryUnit
from dokaz.missing.models import Family, Frequencies, MissingPerson
from dokaz.mortuary.models import Profile


class Search(VoidableRecord):
    """One blind search of every usable profile against every family: what went in, and the candidates that came out.

    A candidate is a rank by a machine, never an identification.
    """

    erased_as = {"candidates": []}

    frequencies = models.ForeignKey(
        Frequencies, verbose_name=_("allele frequencies"), on_delete=models.PROTECT, related_name="+"
    )
    run_at = models.DateTimeField(_("run"))
    ledger_size = models.PositiveBigIntegerField(
        _("computed from entries"), help_text=_("entries in the ledger when the search began to read")
    )
    engine = models.TextField(_("program"), help_text=_("program and version"))
    threshold_log10_lr = models.TextField(_("kept from log10 LR"))
    profiles = models.PositiveIntegerField(_("distinct DNA profiles"), help_text=_("distinct DNA profiles compared"))
    families = models.PositiveIntegerField(_("families"), help_text=_("families compared"))
    missing = models.PositiveIntegerField(_("missing persons"), help_text=_("missing persons compared"))
    left_out = models.JSONField(_("left out, and why"), default=list, help_text='[{"what", "why": code, values}, …]')
    candidates = models.JSONField(
        _("candidates"), help_text='[{"profile", "unit", "family", "missing", "log10_lr"}, …] best first'
    )

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


class Subject(models.TextChoices):
    """What a line of evidence is about."""

    SEX = "sex", _("sex")
    AGE = "age", _("age")
    STATURE = "stature", _("stature")
    ELEMENTS = "elements", _("duplicated elements")
    MARKS = "marks", _("marks on the body")
    TEETH = "teeth", _("teeth")
    CLOTHING = "clothing", _("clothing")
    DOCUMENT = "document", _("document")
    RECOGNITION = "recognition", _("recognition")
    PLACE = "place", _("place")
    OTHER = "other", _("something else")


class MarkerState(models.TextChoices):
    """What a comparison found at one marker."""

    TYPED = "typed", _("typed")
    INCONSISTENT = "inconsistent", _("inconsistent")
    NOT_IN_REMAINS = "not_in_remains", _("not typed in the remains")
    NOT_IN_FAMILY = "not_in_family", _("not typed in the family")
    PEDIGREE_CONTRADICTED = "pedigree_contradicted", _("the family contradicts its own pedigree")


class ComparisonState(StateChoices):
    """Where a comparison stands."""

    PROPOSED = "proposed", Tone.OPEN, _("proposed, waits for two signatures")
    SIGNED = "signed", Tone.DONE, _("signed by two")
    SUPERSEDED = "superseded", Tone.VOID, _("superseded")


class Comparison(VoidableRecord):
    """One missing person compared with one recovery unit in one discipline, with everything for and against."""

    states = ComparisonState
    follows = {"compared_at": ("recovery_unit.lifted_at", "profile.typed_on"), "signed_on": ("compared_at",)}

    missing_person = models.ForeignKey(
        MissingPerson, verbose_name=_("missing person"), on_delete=models.PROTECT, related_name="comparisons"
    )
    recovery_unit = models.ForeignKey(
        RecoveryUnit, verbose_name=_("recovery unit"), on_delete=models.PROTECT, related_name="comparisons"
    )
    discipline = models.CharField(_("discipline"), max_length=16, choices=Discipline.choices)
    conclusion = models.CharField(_("conclusion"), max_length=16, choices=Conclusion.choices)
    state = models.CharField(
        _("state"), max_length=16, choices=ComparisonState.choices, default=ComparisonState.PROPOSED
    )
    examiner = models.ForeignKey(Person, verbose_name=_("examiner"), on_delete=models.PROTECT, related_name="+")
    compared_at = models.DateTimeField(_("compared"))
    signed_on = models.DateField(_("signed on"), null=True)
    supersedes = models.JSONField(
        _("takes the place of"),
        default=list,
        help_text=_("ids of older comparisons of the two, once this one is signed"),
    )
    why_better = models.TextField(_("why it takes their place"), blank=True, default="")
    superseded_by = models.ForeignKey(
        "self", verbose_name=_("superseded by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    statement = models.TextField(
        _("in the examiner's words"), blank=True, default="", help_text=_("the examiner's words")
    )
    lines = models.JSONField(
        _("for and against"),
        default=list,
        help_text='[{"about", "bearing", "finding", "statement", "source", "explanation", "distinguishes"}, …]',
    )
    rests_on = models.JSONField(
        _("files that were compared"),
        default=list,
        help_text=_("ids of attached files: images, charts, marked points, of the remains and of the person"),
    )
    profile = models.ForeignKey(
        Profile, verbose_name=_("DNA profile"), null=True, on_delete=models.PROTECT, related_name="comparisons"
    )
    family = models.ForeignKey(
        Family, verbose_name=_("family"), null=True, on_delete=models.PROTECT, related_name="comparisons"
    )
    frequencies = models.ForeignKey(
        Frequencies, verbose_name=_("allele frequencies"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    log10_lr = models.TextField(_("log10 LR"), blank=True, default="", help_text=_("decimal text, or -inf"))
    per_marker = models.JSONField(
        _("marker by marker"), default=list, help_text='[{"marker", "log10_lr" or null, "state"}, …]'
    )
    other_candidates = models.JSONField(
        _("who else fits"), default=list, help_text='[{"missing", "unit", "log10_lr"}, …]'
    )
    inputs = models.JSONField(
        _("inputs and program"), default=dict, help_text=_("the versions that were compared, and the program")
    )

    class Meta(Record.Meta):
        verbose_name = _("comparison")


Comparison.listed = {"supersedes": Comparison, "rests_on": Attachment}


class DecisionState(StateChoices):
    """Where an identity stands."""

    BEFORE_BOARD = "before_board", Tone.DECIDE, _("before the board")
    CERTIFIED = "certified", Tone.DONE, _("certified")
    FAMILY_NOTIFIED = "family_notified", Tone.DONE, _("family notified")
    RELEASED = "released", Tone.DONE, _("released")
    EXCLUDED = "excluded", Tone.DONE, _("excluded")
    REVOKED = "revoked", Tone.VOID, _("revoked")
    WITHDRAWN = "withdrawn", Tone.VOID, _("withdrawn before a decision")


class Decision(VoidableRecord):
    """What is laid before the board: that this unit is, or is not, this missing person."""

    states = DecisionState
    listed = {"comparisons": Comparison}
    follows = {
        "decided_on": ("laid_at",),
        "family_notified_on": ("decided_on",),
        "released_on": ("decided_on", "family_notified_on"),
        "revoked_on": ("decided_on",),
    }

    recovery_unit = models.ForeignKey(
        RecoveryUnit, verbose_name=_("recovery unit"), on_delete=models.PROTECT, related_name="decisions"
    )
    missing_person = models.ForeignKey(
        MissingPerson, verbose_name=_("missing person"), on_delete=models.PROTECT, related_name="decisions"
    )
    question = models.CharField(
        _("the question"), max_length=16, choices=[("identify", _("identify")), ("exclude", _("exclude"))]
    )
    comparisons = models.JSONField(_("it rests on"), help_text=_("ids of the signed comparisons that it rests on"))
    ruling = models.TextField(
        _("reasons in writing"), blank=True, default="", help_text=_("why, where more than the rule is needed")
    )
    contradictions = models.JSONField(
        _("what spoke against"), default=list, help_text='[{"finding", "statement", "explanation"}, …]'
    )
    laid_by = models.ForeignKey(Person, verbose_name=_("laid by"), on_delete=models.PROTECT, related_name="+")
    laid_at = models.DateTimeField(_("laid before the board"))
    state = models.CharField(
        _("state"), max_length=16, choices=DecisionState.choices, default=DecisionState.BEFORE_BOARD
    )
    decided_on = models.DateField(_("decided"), null=True)
    certificate_number = models.CharField(_("certificate"), max_length=32, blank=True, default="")
    family_notified_on = models.DateField(_("family told"), null=True)
    released_on = models.DateField(_("released"), null=True)
    revoked_on = models.DateField(_("revoked"), null=True)

    class Meta(Record.Meta):
        verbose_name = _("decision")


class DoubtState(StateChoices):
    """Whether somebody has answered it."""

    OPEN = "open", Tone.DECIDE, _("waits for an answer")
    ANSWERED = "answered", Tone.DONE, _("answered")


class Doubt(VoidableRecord):
    """Grounds for a second look at a decision: what was found, in which records, and what was answered."""

    states = DoubtState
    follows = {"answered_at": ("raised_at",)}

    decision = models.ForeignKey(Decision, verbose_name=_("decision"), on_delete=models.PROTECT, related_name="doubts")
    grounds = models.TextField(_("what was found"))
    evidence = models.JSONField(
        _("records that it rests on"), default=list, help_text=_("numbers of the records that it rests on")
    )
    raised_by = models.ForeignKey(Person, verbose_name=_("raised by"), on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(_("raised"))
    state = models.CharField(_("state"), max_length=16, choices=DoubtState.choices, default=DoubtState.OPEN)
    answer = models.TextField(_("the answer"), blank=True, default="", help_text=_("why the decision still holds"))
    answered_by = models.ForeignKey(
        Person, verbose_name=_("answered by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered"), null=True)

    class Meta(Record.Meta):
        verbose_name = _("doubt")


class ReviewLink(models.TextChoices):
    """What ties a reopened case to the revoked decision."""

    UNIT = "unit", _("the unit of the revoked decision")
    PERSON = "person", _("the person of the revoked decision")
    SAME_UNIT = "same_unit", _("about the same unit")
    SAME_PERSON = "same_person", _("about the same person")
    SAME_FAMILY = "same_family", _("about a member of the same family")
    SAME_TRANSFER = "same_transfer", _("about a unit of the same grave, moved in the same transfer")
    CORRECTED = "corrected", _("rests on a value that was corrected since")


class Review(Record):
    """A case reopened because a decision that it touches was revoked, or because what it rests on was corrected."""

    because_of = models.ForeignKey(
        Decision, verbose_name=_("because of"), null=True, on_delete=models.PROTECT, related_name="reviews"
    )
    corrected = models.TextField(_("number of the record that was corrected"), blank=True, default="")
    correction = models.CharField(_("hash of the version that corrected it"), max_length=64, blank=True, default="")
    comparison = models.ForeignKey(
        Comparison, verbose_name=_("comparison"), null=True, on_delete=models.PROTECT, related_name="reviews"
    )
    decision = models.ForeignKey(
        Decision, verbose_name=_("decision"), null=True, on_delete=models.PROTECT, related_name="reviewed_in"
    )
    recovery_unit = models.ForeignKey(
        RecoveryUnit, verbose_name=_("recovery unit"), null=True, on_delete=models.PROTECT, related_name="reviews"
    )
    missing_person = models.ForeignKey(
        MissingPerson, verbose_name=_("missing person"), null=True, on_delete=models.PROTECT, related_name="reviews"
    )
    link = models.CharField(_("what ties it to that"), max_length=16, choices=ReviewLink.choices)
    closed_on = models.DateField(_("closed on"), null=True)
    outcome = models.TextField(_("what the review found"), blank=True, default="")

    class Meta(Record.Meta):
        verbose_name = _("review")


class Release(Record):
    """Remains given back on a certificate, from their holder to a named recipient; and their return, if it is revoked."""

    names_others_in = ("released_to",)
    follows = {"released_at": ("decision.decided_on", "decision.family_notified_on"), "returned_at": ("released_at",)}

    decision = models.ForeignKey(
        Decision, verbose_name=_("decision"), on_delete=models.PROTECT, related_name="releases"
    )
    recovery_unit = models.ForeignKey(
        RecoveryUnit, verbose_name=_("recovery unit"), on_delete=models.PROTECT, related_name="releases"
    )
    released_by = models.ForeignKey(
        Person, verbose_name=_("given by"), on_delete=models.PROTECT, related_name="+", help_text=_("who held them")
    )
    released_to = models.TextField(_("given to"), help_text=_("name of the person who receives the remains"))
    document_seen = models.TextField(
        _("document seen"), help_text=_("by which the recipient showed who they are: kind and number")
    )
    to_place = models.TextField(_("where they are taken"), help_text=_("cemetery, town; the unit says so from now on"))
    family_choice = models.CharField(
        _("the family's choice"),
        max_length=16,
        choices=[("partial_now", _("what is there now")), ("wait", _("wait for all parts"))],
    )
    identity_checked_by = models.ForeignKey(
        Person, verbose_name=_("label and remains checked by"), on_delete=models.PROTECT, related_name="+"
    )
    released_at = models.DateTimeField(_("released"))
    returned_by = models.TextField(_("brought back by"), blank=True, default="")
    return_document = models.TextField(_("document seen at the return"), blank=True, default="")
    returned_at = models.DateTimeField(_("returned"), null=True)
    returned_to = models.ForeignKey(
        Person, verbose_name=_("returned to"), null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(Record.Meta):
        verbose_name = _("release")
