"""What is written down of a place of detention: who ran it, its rooms, its searches, what was found there, and seals."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dokaz.casework.models import Attachment, CustodyItem, DeliveredRecord, Person, Record
from dokaz.casework.states import StateChoices, Tone

# Django looks for models here.
from dokaz.detention import log_books as log_books

CORNERS = _("corner points of the plan, in their order")


class PlaceKind(models.TextChoices):
    """What a place was before people were held there."""

    POLICE = "police", _("police station")
    PRISON = "prison", _("prison")
    BASEMENT = "basement", _("basement")
    SCHOOL = "school", _("school")
    GARAGE = "garage", _("garage or workshop")
    DWELLING = "dwelling", _("dwelling")
    INDUSTRIAL = "industrial", _("industrial site")
    CAMP = "camp", _("camp")
    OTHER = "other", _("other")


class PlaceOfDetention(DeliveredRecord):
    """A place where people were held. Its number is the short code with which the numbers of all finds begin."""

    name = models.TextField(pgettext_lazy("place", "name"))
    kind_of_place = models.CharField(_("kind of place"), max_length=16, choices=PlaceKind.choices)
    address = models.TextField(_("address"), blank=True, default="")
    latitude_deg = models.DecimalField(_("latitude, degrees"), max_digits=10, decimal_places=7, null=True, blank=True)
    longitude_deg = models.DecimalField(_("longitude, degrees"), max_digits=10, decimal_places=7, null=True, blank=True)
    accuracy_m = models.CharField(
        _("accuracy of the coordinates, metres"), max_length=16, blank=True, default="", help_text=_("WGS 84")
    )
    description = models.TextField(_("description"), blank=True, default="")

    class Meta(DeliveredRecord.Meta):
        verbose_name = _("place of detention")


class Control(DeliveredRecord):
    """A claim: who ran a place, and when. Claims of several sources stand beside each other."""

    names_others_in = ("who", "source")

    place = models.ForeignKey(
        PlaceOfDetention, on_delete=models.PROTECT, related_name="controls", verbose_name=_("place of detention")
    )
    who = models.TextField(
        _("who ran it"), help_text=_("a unit, a service, a group; people by name only if the source does")
    )
    held = models.CharField(
        _("from when to when"),
        max_length=32,
        blank=True,
        default="",
        help_text=_("as far as it is known: 2022-03/2022-09-10, 2022-04, 2022~"),
    )
    source = models.TextField(_("source"), help_text=_("who says so, or which document"))

    class Meta(DeliveredRecord.Meta):
        verbose_name = _("claim of control")


class FloorPlan(DeliveredRecord):
    """One floor as it was measured: its outline in metres, or a picture of it, in the picture's dots."""

    place = models.ForeignKey(
        PlaceOfDetention, on_delete=models.PROTECT, related_name="plans", verbose_name=_("place of detention")
    )
    name = models.TextField(_("floor"), help_text=_("ground floor, basement, …"))
    outline = models.JSONField(_("outline"), default=list, help_text=CORNERS)
    picture = models.ForeignKey(
        Attachment,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("picture of the plan"),
        help_text=_("an attachment of the place"),
    )

    class Meta(DeliveredRecord.Meta):
        verbose_name = _("floor plan")


class RoomKind(models.TextChoices):
    """What a room was used for when people were held."""

    CELL = "cell", _("cell")
    INTERROGATION = "interrogation", _("interrogation room")
    OFFICE = "office", _("office")
    CORRIDOR = "corridor", _("corridor or stairs")
    SANITARY = "sanitary", _("sanitary room")
    STORE = "store", _("store")
    YARD = "yard", _("yard")
    OTHER = "other", _("other")


class Side(models.TextChoices):
    """A side of a room."""

    NORTH = "N", _("north")
    EAST = "E", _("east")
    SOUTH = "S", _("south")
    WEST = "W", _("west")


class PlaceRoom(DeliveredRecord):
    """A cell or another room of a place, as it was measured. Its number is the place's and its own code."""

    place = models.ForeignKey(
        PlaceOfDetention, on_delete=models.PROTECT, related_name="rooms", verbose_name=_("place of detention")
    )
    name = models.TextField(
        pgettext_lazy("place", "name"), blank=True, default="", help_text=_("as it is written on the door")
    )
    used_as = models.CharField(_("used as"), max_length=16, choices=RoomKind.choices)
    plan = models.ForeignKey(
        FloorPlan, null=True, blank=True, on_delete=models.PROTECT, related_name="rooms", verbose_name=_("floor plan")
    )
    corners = models.JSONField(_("corners on the plan"), default=list, help_text=CORNERS)
    # Decimal text, so that the digits stay as they were measured.
    area_m2 = models.CharField(_("area, m²"), max_length=16, blank=True, default="")
    height_m = models.CharField(_("height, m"), max_length=16, blank=True, default="")
    windows = models.TextField(
        _("windows"), blank=True, default="", help_text=_("how many, how large, barred, blocked")
    )
    door_side = models.CharField(_("side of the door"), max_length=1, choices=Side.choices, blank=True, default="")
    capacity_people = models.PositiveSmallIntegerField(_("capacity, people"), null=True, blank=True)
    capacity_basis = models.TextField(
        _("how the capacity was found"), blank=True, default="", help_text=_("bunks counted, 4 m² a person, …")
    )
    description = models.TextField(_("description"), blank=True, default="")

    class Meta(DeliveredRecord.Meta):
        verbose_name = _("room of a place")


class SearchState(StateChoices):
    """Whether the search still goes on."""

    UNDER_WAY = "under_way", Tone.DOING, _("under way")
    CLOSED = "closed", Tone.DONE, _("closed")


class PlaceSearch(Record):
    """One search of a place: on whose authority, by whom, from when to when, by which checklist."""

    states = SearchState
    names_others_in = ("team",)
    follows = {"started_at": ("warrant_on",), "ended_at": ("started_at",)}

    place = models.ForeignKey(
        PlaceOfDetention, on_delete=models.PROTECT, related_name="searches", verbose_name=_("place of detention")
    )
    authority = models.TextField(_("on whose authority"), help_text=_("the court or the official who allowed it"))
    warrant = models.TextField(_("number of the warrant"))
    warrant_on = models.DateField(_("date of the warrant"))
    team = models.TextField(_("team"), help_text=_("who searches: names and offices"))
    checklist = models.CharField(_("version of the checklist"), max_length=16)
    started_at = models.DateTimeField(_("begun"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    state = models.CharField(_("state"), max_length=16, choices=SearchState.choices, default=SearchState.UNDER_WAY)

    class Meta(Record.Meta):
        verbose_name = _("search of a place")


class SearchWitness(DeliveredRecord):
    """Somebody who was called to see a search, and is no party to it."""

    named_in = ("name",)

    search = models.ForeignKey(
        PlaceSearch, on_delete=models.PROTECT, related_name="witnesses", verbose_name=_("search of a place")
    )
    name = models.TextField(pgettext_lazy("person", "name"))

    class Meta(DeliveredRecord.Meta):
        verbose_name = _("witness of a search")


class SearchedRoom(Record):
    """A room in one search: what is done there, what is found there. It is closed with its search."""

    states = SearchState

    search = models.ForeignKey(
        PlaceSearch, on_delete=models.PROTECT, related_name="searched", verbose_name=_("search of a place")
    )
    room = models.ForeignKey(
        PlaceRoom, on_delete=models.PROTECT, related_name="searched", verbose_name=_("room of a place")
    )
    place = models.ForeignKey(
        PlaceOfDetention, on_delete=models.PROTECT, related_name="+", verbose_name=_("place of detention")
    )
    checklist = models.CharField(_("version of the checklist"), max_length=16)
    state = models.CharField(_("state"), max_length=16, choices=SearchState.choices, default=SearchState.UNDER_WAY)

    class Meta(Record.Meta):
        verbose_name = _("room in a search")


class ItemState(StateChoices):
    """What became of one item of a checklist in one room."""

    DONE = "done", Tone.DONE, _("done")
    EXCUSED = "excused", Tone.DECIDE, _("not done, excused")


class CheckedItem(Record):
    """One item of the checklist in one room: done by whom and when, or not done and why."""

    states = ItemState
    follows = {"done_at": ("searched_room.search.started_at",)}

    searched_room = models.ForeignKey(
        SearchedRoom, on_delete=models.PROTECT, related_name="items", verbose_name=_("room in a search")
    )
    item = models.CharField(_("item of the checklist"), max_length=32)
    state = models.CharField(_("state"), max_length=16, choices=ItemState.choices)
    done_at = models.DateTimeField(pgettext_lazy("when", "done"), null=True)
    done_by = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("done by")
    )
    why_not = models.TextField(_("why it was not done"), blank=True, default="")
    note = models.TextField(_("note"), blank=True, default="")

    class Meta(Record.Meta):
        verbose_name = _("item of a checklist")


class ExhibitKind(models.TextChoices):
    """What an exhibit is by its look; what it was for is an opinion."""

    CABLE = "cable", _("electrical cable")
    CLAMP = "clamp", _("clamp or clip")
    TELEPHONE = "telephone", _("field telephone")
    POWER = "power", _("power source")
    BATON = "baton", _("baton or stick")
    RESTRAINT = "restraint", _("restraint")
    HOOD = "hood", _("hood, mask or blindfold")
    BLADE = "blade", _("blade or tool")
    AMMUNITION = "ammunition", _("ammunition")
    WEAPON = "weapon", _("weapon")
    DEVICE = "device", _("electronic device")
    LOG_BOOK = "log_book", _("log book")
    DOCUMENT = "document", _("document")
    CLOTHING = "clothing", _("clothing")
    BELONGING = "belonging", _("personal belonging")
    OTHER = "other", _("other")


class Exhibit(CustodyItem):
    """One thing that was seized in a search, as it was seen. What it was for is an opinion, never written here."""

    follows = {"taken_at": ("searched_room.search.started_at",)}
    first_held = "taken_at"

    searched_room = models.ForeignKey(
        SearchedRoom, on_delete=models.PROTECT, related_name="exhibits", verbose_name=_("room in a search")
    )
    look = models.CharField(_("what it is by its look"), max_length=16, choices=ExhibitKind.choices)
    seen = models.TextField(_("what is seen"), help_text=_("not what it was for: that is an opinion of its own"))
    position = models.JSONField(_("where it lay on the plan"), default=list, help_text=_("one point of the plan"))
    taken_at = models.DateTimeField(_("seized"), null=True)
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("seized by"))
    packaging = models.TextField(
        _("packaging"), blank=True, default="", help_text=_("bag, box, tube; its seal is a record")
    )

    class Meta(CustodyItem.Meta):
        verbose_name = _("exhibit")


class Connected(models.TextChoices):
    """Whether the parts were connected when they were found."""

    YES = "yes", _("connected when found")
    NO = "no", _("lay apart when found")
    UNKNOWN = "unknown", _("not recorded")


class Assembly(DeliveredRecord):
    """Exhibits that were found as one thing; each part keeps its number, and belongs to one assembly at most."""

    listed = {"parts": Exhibit}

    search = models.ForeignKey(
        PlaceSearch, on_delete=models.PROTECT, related_name="assemblies", verbose_name=_("search of a place")
    )
    parts = models.JSONField(_("parts"), default=list)
    connected = models.CharField(_("connected"), max_length=8, choices=Connected.choices)
    seen = models.TextField(_("how they were found"))
    seen_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("seen by"))

    class Meta(DeliveredRecord.Meta):
        verbose_name = _("assembly of exhibits")


class FunctionOpinion(DeliveredRecord):
    """What an expert holds an exhibit, or an assembly, to have been for: an opinion, signed by one who did not seize it."""

    follows = {"given_on": ("exhibit.taken_at",)}

    exhibit = models.ForeignKey(
        Exhibit, null=True, on_delete=models.PROTECT, related_name="opinions", verbose_name=_("exhibit")
    )
    assembly = models.ForeignKey(
        Assembly, null=True, on_delete=models.PROTECT, related_name="opinions", verbose_name=_("assembly of exhibits")
    )
    function = models.TextField(_("function"), help_text=_("what it could be used for, and how surely"))
    basis = models.TextField(_("what the opinion rests on"), help_text=_("measured, tried, compared; literature"))
    qualification = models.TextField(_("qualification of the expert"))
    expert = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("expert"))
    seized_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("seized by"))
    given_on = models.DateField(_("given on"), null=True)

    class Meta(DeliveredRecord.Meta):
        verbose_name = _("opinion on function")


class SealState(StateChoices):
    """Whether a seal still holds."""

    ON = "on", Tone.DONE, _("applied")
    BROKEN = "broken", Tone.BROKEN, _("found broken, not accounted for")
    ACCOUNTED = "accounted", Tone.DONE, _("broken, accounted for")
    REPLACED = "replaced", Tone.VOID, _("replaced")


class Seal(DeliveredRecord):
    """One seal on the packaging of an exhibit, by the number that is printed on it."""

    states = SealState
    follows = {"applied_at": ("exhibit.taken_at",), "checked_at": ("applied_at",)}

    exhibit = models.ForeignKey(Exhibit, on_delete=models.PROTECT, related_name="seals", verbose_name=_("exhibit"))
    label = models.CharField(_("number on the seal"), max_length=32)
    replaces = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="replaced_by", verbose_name=_("takes the place of")
    )
    applied_at = models.DateTimeField(_("applied"))
    applied_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("applied by"))
    checked_at = models.DateTimeField(_("last looked at"), null=True)
    checked_by = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("looked at by")
    )
    seen = models.TextField(_("what is seen"), blank=True, default="")
    account = models.TextField(_("how it came to be broken"), blank=True, default="")
    accounted_by = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("accounted for by")
    )
    state = models.CharField(_("state"), max_length=16, choices=SealState.choices, default=SealState.ON)

    class Meta(DeliveredRecord.Meta):
        verbose_name = _("seal")


class TraceKind(models.TextChoices):
    """How a trace is secured, or what it is."""

    SWAB = "swab", _("swab")
    TAPE = "tape", _("tape lift")
    PRINT = "print", _("latent print")
    BLOOD = "blood", _("blood pattern")
    WRITING = "writing", _("writing on a wall")
    OTHER = "other", _("other")


class Trace(CustodyItem):
    """One trace of a room or on an exhibit. What cannot be taken away stays where it is, and nobody holds it."""

    follows = {"taken_at": ("searched_room.search.started_at",)}
    first_held = "taken_at"

    searched_room = models.ForeignKey(
        SearchedRoom, on_delete=models.PROTECT, related_name="traces", verbose_name=_("room in a search")
    )
    exhibit = models.ForeignKey(
        Exhibit, null=True, on_delete=models.PROTECT, related_name="traces", verbose_name=_("exhibit")
    )
    sort = models.CharField(_("sort of trace"), max_length=16, choices=TraceKind.choices)
    seen = models.TextField(_("what is seen"), help_text=_("where exactly, how large, of what colour"))
    transcription = models.TextField(
        _("transcription"),
        blank=True,
        default="",
        help_text=_("writing, letter by letter as it stands; […] where it cannot be read"),
    )
    position = models.JSONField(_("where it is on the plan"), default=list, help_text=_("one point of the plan"))
    taken_at = models.DateTimeField(_("secured"), null=True)
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("secured by"))

    class Meta(CustodyItem.Meta):
        verbose_name = _("trace")


class Direction(models.TextChoices):
    """Where a camera looked."""

    NORTH = "N", _("to the north")
    EAST = "E", _("to the east")
    SOUTH = "S", _("to the south")
    WEST = "W", _("to the west")
    UP = "UP", _("upwards")
    DOWN = "DOWN", _("downwards")


class PictureNote(DeliveredRecord):
    """What an attached photograph shows, by which scale it is measured, and where the camera looked."""

    picture = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+", verbose_name=_("photograph"))
    shows = models.TextField(_("what it shows"))
    scale_cm = models.CharField(
        _("scale in the picture, cm"),
        max_length=16,
        blank=True,
        default="",
        help_text=_("empty where none was laid beside it"),
    )
    direction = models.CharField(
        _("where the camera looked"), max_length=4, choices=Direction.choices, blank=True, default=""
    )

    class Meta(DeliveredRecord.Meta):
        verbose_name = _("note on a photograph")
