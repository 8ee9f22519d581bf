"""Pages of what was found in a search: exhibits, their seals, assemblies, opinions on what they were for, traces."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from dokaz.casework.filing import Filing
from dokaz.casework.models import Attachment, CustodyItem
from dokaz.detention import acts
from dokaz.detention.forms import (
    AccountForm,
    ApplySealForm,
    AssembleForm,
    BrokenSealForm,
    IntactSealForm,
    OpinionForm,
    PictureNoteForm,
    ReplaceSealForm,
    SeizeForm,
    TraceForm,
)
from dokaz.detention.models import (
    Assembly,
    Exhibit,
    FunctionOpinion,
    PictureNote,
    PlaceSearch,
    Seal,
    SealState,
    SearchedRoom,
    SearchState,
    Trace,
)
from dokaz.detention.panels import OPEN_TO
from dokaz.detention.queries import without_opinion
from dokaz.pages.act_page import ActPage
from dokaz.pages.acting import Acting
from dokaz.pages.custody import BY_HOLDER, BY_PLACE, HAND_ON, WHERE, where_it_is
from dokaz.pages.list_page import Empty, Filter, ListPage
from dokaz.pages.named import column_of, fact_of, filter_of, label_of
from dokaz.pages.parts import Fact, Pick
from dokaz.pages.record_page import RecordPage
from dokaz.pages.ways import address_of

_CHOSEN = Pick(gettext_lazy("What to do with the chosen things"), "thing", HAND_ON)
_OF_A_FIND = ("searched_room__search", "searched_room__room__plan", "holder", "kept_in", "taken_by")
_FEWER = gettext_lazy("Take a filter off, or search for less of the number.")


def _is_held(thing: CustodyItem, acting: Acting) -> bool:
    return thing.holder_id == acting.person.id


def _room_fact(find: Exhibit | Trace) -> Fact:
    """The room where it was found, and the search; the way leads to the room in that search."""
    searched, label = find.searched_room, label_of(SearchedRoom, "room")
    return Fact(label, searched.room.number, searched.search.number, address_of(searched), "number")


def _exhibit_facts(exhibit: Exhibit, acting: Acting) -> list[Fact]:
    return [
        *(fact_of(exhibit, name) for name in ("look", "seen")),
        _room_fact(exhibit),
        fact_of(exhibit, "taken_at", exhibit.taken_by.name),
        Fact(label_of(Exhibit, "position"), " ".join(exhibit.position)),
        fact_of(exhibit, "packaging"),
        where_it_is(exhibit),
    ]


def _trace_facts(trace: Trace, acting: Acting) -> list[Fact]:
    return [
        *(fact_of(trace, name) for name in ("sort", "seen", "transcription")),
        _room_fact(trace),
        fact_of(trace, "exhibit"),
        fact_of(trace, "taken_at", trace.taken_by.name),
        Fact(label_of(Trace, "position"), " ".join(trace.position)),
        where_it_is(trace),
    ]


def _seal_facts(seal: Seal, acting: Acting) -> list[Fact]:
    return [
        fact_of(seal, "exhibit"),
        fact_of(seal, "label"),
        fact_of(seal, "applied_at", seal.applied_by.name),
        fact_of(seal, "checked_at", seal.checked_by.name if seal.checked_by else ""),
        fact_of(seal, "seen"),
        fact_of(seal, "account", seal.accounted_by.name if seal.accounted_by else ""),
        *([fact_of(seal, "replaces")] if seal.replaces else []),
    ]


def _opinion_facts(opinion: FunctionOpinion, acting: Acting) -> list[Fact]:
    about = "exhibit" if opinion.exhibit_id else "assembly"
    return [
        fact_of(opinion, about),
        *(fact_of(opinion, name) for name in ("function", "basis")),
        fact_of(opinion, "expert", opinion.expert.name),
        *(fact_of(opinion, name) for name in ("qualification", "given_on")),
    ]


def _opine(about: Exhibit | Assembly, filing: Filing, values: dict[str, Any]) -> FunctionOpinion:
    return acts.opine(about, filing, **values)


def _opinion_on(name: str, at: str, kind: type[Any]) -> ActPage:
    return ActPage(
        name=name,
        at=at,
        record=kind,
        act=acts.opine,
        title=gettext_lazy("Give an opinion on its function"),
        lead=gettext_lazy(
            "An opinion stands beside what was seen, never in its place. Whoever seized it is not its expert."
        ),
        verb=gettext_lazy("Sign the opinion"),
        message=gettext_lazy("Opinion %(n)s is signed."),
        form=OpinionForm,
        perform=_opine,
    )


PAGES_OF_FINDS = (
    ActPage(
        name="searched_room_seize",
        at="searched-rooms/<str:number>/seize/",
        record=SearchedRoom,
        act=acts.seize,
        title=gettext_lazy("Seize an exhibit"),
        lead=gettext_lazy(
            "What is seen, not what it was for. Photographs, with scale and direction, are attached to its page."
        ),
        verb=gettext_lazy("It is seized"),
        message=gettext_lazy("Exhibit %(n)s is seized."),
        form=SeizeForm,
        starts_from=(SearchState.UNDER_WAY,),
    ),
    ActPage(
        name="searched_room_trace",
        at="searched-rooms/<str:number>/secure-trace/",
        record=SearchedRoom,
        act=acts.secure_trace,
        title=gettext_lazy("Secure a trace"),
        verb=gettext_lazy("It is secured"),
        message=gettext_lazy("Trace %(n)s is secured."),
        form=TraceForm,
        starts_from=(SearchState.UNDER_WAY,),
    ),
    ListPage(
        name="exhibits",
        at="exhibits/",
        open_to=OPEN_TO,
        label=gettext_lazy("Exhibits"),
        lead=gettext_lazy("Things that were seized in places of detention, as they were seen."),
        lists=Exhibit,
        search=("number", "seen"),
        filters=(
            filter_of(Exhibit, "look"),
            Filter(
                "opinion",
                gettext_lazy("Opinion"),
                (("none", gettext_lazy("nobody has spoken of its function")),),
                lambda found, value: found & without_opinion(),
            ),
            Filter("at", apply=lambda found, number: found.filter(searched_room__room__place__number=number)),
            BY_PLACE,
            BY_HOLDER,
        ),
        columns=(
            column_of(Exhibit, "number", "number"),
            column_of(Exhibit, "look", note=lambda exhibit: exhibit.seen[:80], under=True),
            column_of(Exhibit, "searched_room__room"),
            WHERE,
            column_of(Exhibit, "taken_at", "taken", order=("taken_at", "number")),
        ),
        pick=_CHOSEN,
        fetch=lambda found: found.select_related("searched_room__room", "holder"),
        unit=gettext_lazy("exhibits"),
        empty=Empty(
            gettext_lazy("No exhibit has been seized."),
            gettext_lazy("An exhibit is seized in a search, from the page of its room."),
            "places_of_detention",
            gettext_lazy("To the places of detention"),
        ),
        none_fits=Empty(gettext_lazy("No exhibit fits."), _FEWER),
        under="places_of_detention",
        stop="exhibits",
    ),
    RecordPage(
        name="exhibit",
        at="exhibits/<str:number>/",
        open_to=OPEN_TO,
        shows=Exhibit,
        under="exhibits",
        stop="exhibits",
        title=lambda exhibit: exhibit.get_look_display(),
        fetch=lambda query: query.select_related(*_OF_A_FIND),
        facts=_exhibit_facts,
    ),
    ActPage(
        name="search_assemble",
        at="searches-of-places/<str:number>/assemble/",
        record=PlaceSearch,
        act=acts.assemble,
        title=gettext_lazy("Found as one thing"),
        label=gettext_lazy("Say which exhibits were one thing"),
        lead=gettext_lazy(
            "Each part keeps its number. Whether they were connected is what was seen; what for is an opinion."
        ),
        verb=gettext_lazy("They were one"),
        message=gettext_lazy("Assembly %(n)s is filed."),
        form=AssembleForm,
    ),
    RecordPage(
        name="assembly",
        at="assemblies/<str:number>/",
        open_to=OPEN_TO,
        shows=Assembly,
        parent=lambda assembly: assembly.search,
        facts=lambda assembly, acting: [
            fact_of(assembly, "connected"),
            fact_of(assembly, "seen", assembly.seen_by.name),
        ],
    ),
    _opinion_on("exhibit_opine", "exhibits/<str:number>/opine/", Exhibit),
    _opinion_on("assembly_opine", "assemblies/<str:number>/opine/", Assembly),
    RecordPage(
        name="function_opinion",
        at="opinions-on-function/<str:number>/",
        open_to=OPEN_TO,
        shows=FunctionOpinion,
        parent=lambda opinion: opinion.exhibit or opinion.assembly,
        facts=_opinion_facts,
    ),
    ActPage(
        name="exhibit_seal",
        at="exhibits/<str:number>/seal/",
        record=Exhibit,
        act=acts.apply_seal,
        title=gettext_lazy("Seal its packaging"),
        verb=gettext_lazy("It is sealed"),
        message=gettext_lazy("Seal %(n)s is on file."),
        form=ApplySealForm,
        offered=_is_held,
        is_due=lambda exhibit, acting: not exhibit.seals.filter(state=SealState.ON).exists(),
    ),
    ListPage(
        name="seals",
        at="seals/",
        open_to=OPEN_TO,
        label=gettext_lazy("Seals"),
        lists=Seal,
        search=("number", "label"),
        filters=(Filter("state", label_of(Seal, "state"), SealState.choices),),
        columns=(
            column_of(Seal, "number", "number"),
            column_of(Seal, "label", "label"),
            column_of(Seal, "exhibit"),
            column_of(Seal, "state", "state"),
            column_of(Seal, "applied_at"),
            column_of(Seal, "checked_at"),
        ),
        fetch=lambda found: found.select_related("exhibit"),
        unit=gettext_lazy("seals"),
        empty=Empty(
            gettext_lazy("No seal is on file."), gettext_lazy("A seal is applied from the page of an exhibit.")
        ),
        none_fits=Empty(gettext_lazy("No seal fits."), _FEWER),
        under="places_of_detention",
    ),
    RecordPage(
        name="seal",
        at="seals/<str:number>/",
        open_to=OPEN_TO,
        shows=Seal,
        under="seals",
        title=lambda seal: seal.label,
        facts=_seal_facts,
    ),
    ActPage(
        name="seal_intact",
        at="seals/<str:number>/intact/",
        record=Seal,
        act=acts.find_intact,
        title=gettext_lazy("Found intact"),
        verb=gettext_lazy("It is whole"),
        message=gettext_lazy("Seal %(n)s was looked at, and is whole."),
        form=IntactSealForm,
        starts_from=(SealState.ON,),
    ),
    ActPage(
        name="seal_broken",
        at="seals/<str:number>/broken/",
        record=Seal,
        act=acts.find_broken,
        title=gettext_lazy("Found broken"),
        lead=gettext_lazy(
            "Broken, missing, or another seal than the one that was applied. It waits until somebody accounts for it."
        ),
        verb=gettext_lazy("It is broken"),
        message=gettext_lazy("Seal %(n)s is on file as broken."),
        form=BrokenSealForm,
        starts_from=(SealState.ON,),
    ),
    ActPage(
        name="seal_account",
        at="seals/<str:number>/account/",
        record=Seal,
        act=acts.account_for_seal,
        title=gettext_lazy("Account for it"),
        lead=gettext_lazy("Neither who applied it nor who found it broken accounts for it."),
        verb=gettext_lazy("Sign how it came about"),
        message=gettext_lazy("Seal %(n)s is accounted for."),
        form=AccountForm,
        starts_from=(SealState.BROKEN,),
        is_due=lambda seal, acting: True,
    ),
    ActPage(
        name="seal_replace",
        at="seals/<str:number>/replace/",
        record=Seal,
        act=acts.replace_seal,
        title=gettext_lazy("Open and seal again"),
        verb=gettext_lazy("It bears the new seal"),
        message=gettext_lazy("Seal %(n)s takes its place."),
        form=ReplaceSealForm,
        starts_from=(SealState.ON,),
        offered=lambda seal, acting: _is_held(seal.exhibit, acting),
    ),
    ListPage(
        name="traces",
        at="traces/",
        open_to=OPEN_TO,
        label=gettext_lazy("Traces"),
        lead=gettext_lazy("Swabs, lifts, prints, patterns and writing. What cannot be taken away stays where it is."),
        lists=Trace,
        search=("number", "seen", "transcription"),
        filters=(filter_of(Trace, "sort"), BY_PLACE, BY_HOLDER),
        columns=(
            column_of(Trace, "number", "number"),
            column_of(Trace, "sort", note=lambda trace: trace.seen[:80], under=True),
            column_of(Trace, "searched_room__room"),
            column_of(Trace, "exhibit"),
            WHERE,
            column_of(Trace, "taken_at", "taken", order=("taken_at", "number")),
        ),
        pick=_CHOSEN,
        fetch=lambda found: found.select_related("searched_room__room", "exhibit", "holder"),
        unit=gettext_lazy("traces"),
        empty=Empty(
            gettext_lazy("No trace has been secured."),
            gettext_lazy("A trace is secured in a search, from the page of its room."),
        ),
        none_fits=Empty(gettext_lazy("No trace fits."), _FEWER),
        under="places_of_detention",
    ),
    RecordPage(
        name="trace",
        at="traces/<str:number>/",
        open_to=OPEN_TO,
        shows=Trace,
        under="traces",
        title=lambda trace: trace.get_sort_display(),
        fetch=lambda query: query.select_related("exhibit", *_OF_A_FIND),
        facts=_trace_facts,
    ),
    ActPage(
        name="picture_note_new",
        at="attachments/<str:number>/note-picture/",
        record=Attachment,
        act=acts.note_picture,
        title=gettext_lazy("Say what the photograph shows"),
        verb=gettext_lazy("It shows that"),
        message=gettext_lazy("Note %(n)s is filed."),
        form=PictureNoteForm,
        offered=lambda picture, acting: acts.is_of_this_room(picture),
    ),
    RecordPage(
        name="picture_note",
        at="notes-on-photographs/<str:number>/",
        open_to=OPEN_TO,
        shows=PictureNote,
        parent=lambda note: note.picture.subject,
        facts=lambda note, acting: [fact_of(note, name) for name in ("picture", "shows", "scale_cm", "direction")],
    ),
)
