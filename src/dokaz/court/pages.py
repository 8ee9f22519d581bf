"""Pages of this room: bundles, what they hold and withhold, how a stranger verifies them."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dokaz.casework import journal
from dokaz.casework.constitution import always_open
from dokaz.casework.corrections import put_right_since
from dokaz.casework.filing import Actor
from dokaz.casework.published import fingerprint
from dokaz.casework.records import kind_in_words, kind_named
from dokaz.casework.roles import Role
from dokaz.casework.store import current_store
from dokaz.court.acts import bundle
from dokaz.court.assembling import assemble, file, finish, settle_drafts
from dokaz.court.choosing import Preview, preview
from dokaz.court.forms import BundleForm
from dokaz.court.keeping import drafted, kept, new_draft, place_of, zipped
from dokaz.court.leaks import place, what_next
from dokaz.court.models import Bundle
from dokaz.court.queries import MAKERS, bundles_for
from dokaz.court.redaction import CODES, FILES, whole_of
from dokaz.errors import ActRefused, DokazError
from dokaz.pages.acting import Acting, act_on, acting_of
from dokaz.pages.drawn_page import DrawnPage
from dokaz.pages.list_page import Empty, ListPage
from dokaz.pages.named import column_of, fact_of, field_of, label_of
from dokaz.pages.parts import Crumb, Fact
from dokaz.pages.putting_right import corrected_since
from dokaz.pages.record_page import RecordPage
from dokaz.pages.refusals import in_words, what_and_next
from dokaz.pages.templatetags.dokaz import count
from dokaz.pages.ways import address_of, way_to_page

# The defence sees the bundles that were made for it; it takes nothing out by itself.
OPEN_TO = MAKERS | {Role.DEFENCE}
# Letters of a preview on the page; of a longer one the command line says what is withheld.
_LONGEST_PREVIEW = 2_000_000
_MOST_PLACES = 50


def _is_mine(found: Bundle, acting: Acting) -> bool:
    return bundles_for(acting.person, acting.role).filter(pk=found.pk).exists()


def _facts(found: Bundle, acting: Acting) -> list[Fact]:
    whole = found.entries == found.size
    part = (
        _("all entries of the log") if whole else _("of %(size)s in the log at that time") % {"size": count(found.size)}
    )
    return [
        fact_of(found, "purpose"),
        fact_of(found, "recipient"),
        *(
            [Fact(label_of(Bundle, "addressee"), found.addressee.name, found.addressee.number)]
            if found.addressee
            else ()
        ),
        Fact(label_of(Bundle, "made_by"), found.made_by.name),
        fact_of(found, "made_at"),
        Fact(label_of(Bundle, "entries"), count(found.entries), part),
        Fact(label_of(Bundle, "files"), count(found.files)),
        fact_of(found, "manifest_sha256", _("of bundle.json; every byte of the bundle hangs on it")),
        *corrected_since(
            [one for one in put_right_since(found.size) if acting.reads(one)],
            _("after the log that this bundle shows; a new bundle shows what they say now"),
        ),
    ]


def _field_in_words(kind: str, name: str) -> str:
    """What a withheld field is called; its name where the kind has no such field."""
    model = kind_named(kind)
    if name == FILES:
        return str(_("files"))
    known = {field.name for field in model.content_fields()} if model is not None else set()
    return str(field_of(model, name).verbose_name) if model is not None and name in known else name


def _fields_in_words(kind: str, names: list[str]) -> str:
    if kind_named(kind) is not None and frozenset(names) >= whole_of(kind):
        return gettext("everything that can be withheld")
    return ", ".join(_field_in_words(kind, name) for name in names)


def _number_for(acting: Acting, rule: dict[str, Any]) -> str:
    """The number of the one record that a rule withholds, for whoever may read it; the defence is told no number."""
    model = kind_named(rule["what"])
    if not rule.get("record") or model is None or not acting.reads(model):
        return ""
    found = model.objects.filter(pk=rule["record"]).first()
    return found.number if found is not None and acting.reads(found) else ""


def _what_is_here(found: Bundle, acting: Acting) -> dict[str, Any]:
    """The files of a bundle, if they lie in this store, and what was withheld from it."""
    store = current_store()
    if kept(store, found) is None:
        settle_drafts(store)
    folder = kept(store, found)
    return {
        "withheld": [
            {
                **rule,
                "called": kind_in_words(rule["what"]),
                "number": _number_for(acting, rule),
                "fields": _fields_in_words(rule["what"], rule["fields"]),
                "group": CODES.get(rule["code"], ""),
            }
            for rule in found.withheld
        ],
        "is_here": folder is not None,
        "bytes": sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) if folder else 0,
        "receipt": (folder / "receipt" / "proof").read_text(encoding="utf-8") if folder else "",
        "fingerprint": fingerprint(store),
    }


def _new(request: HttpRequest) -> HttpResponse:
    """Make a bundle, in steps: choose what is withheld, look at what its reader will see, write it while one waits."""
    acting = acting_of(request)
    step = request.POST.get("step", "")
    if step == "search":
        return _drawn(request, BundleForm.searching(request.POST, acting))
    form = BundleForm(request.POST or None, acting=acting, initial={"decision": request.GET.get("decision", "")})
    if step == "preview":
        return _looked_at(request, form, acting)
    store = current_store()
    draft = new_draft(store)
    with ExitStack() as until_then:

        def write(actor: Actor, values: dict[str, Any]) -> dict[str, Any]:
            if actor.key is None:
                raise ActRefused(_("A bundle is signed by whoever makes it."))
            settle_drafts(store)
            until_then.enter_context(drafted(draft))
            return {"assembled": assemble(store, draft, by=actor, at=timezone.now(), **values)}

        done = act_on(
            request,
            form,
            lambda f, values: file(f, values["assembled"]),
            message=_("The bundle is written and filed."),
            prepare=write,
        )
        if done:
            finish(store, draft, done.result, place_of(store, done.result))
            return redirect(address_of(done.result))
    return _drawn(request, form)


def _looked_at(request: HttpRequest, form: BundleForm, acting: Acting) -> HttpResponse:
    """The preview: it asks for no passphrase, as nothing is signed."""
    passphrase = form.fields.pop("passphrase", None)
    seen, refused = None, ""
    if form.is_valid():
        try:
            seen = preview(current_store(), by=acting.actor(), **form.cleaned_data)
        except DokazError as problem:
            refused = " ".join(what_and_next(problem))
        form = BundleForm.searching(request.POST, acting)
    elif passphrase is not None:
        form.fields["passphrase"] = passphrase
    return _drawn(request, form, seen=seen, refused=refused)


def _drawn(request: HttpRequest, form: BundleForm, *, seen: Preview | None = None, refused: str = "") -> HttpResponse:
    shown: dict[str, Any] = {}
    if seen is not None:
        body = seen.page.partition("</h1>")[2].partition("</body>")[0]
        shown = {
            "refusals": [in_words(place(leak)) for leak in seen.leaks[:_MOST_PLACES]],
            "advice": in_words(what_next(seen.leaks)) if seen.leaks else "",
            "records": seen.records(),
            "files": seen.files(),
            # Made by ``court.reading``, where every value is escaped.
            "reader": mark_safe(body) if len(body) <= _LONGEST_PREVIEW else "",
        }
    return render(
        request,
        "court/bundle_new.html",
        {
            "path": [*way_to_page("bundles"), Crumb(_("Make a bundle"))],
            "form": form,
            "entries": journal.size(),
            "codes": CODES.items(),
            "always": [(kind, ", ".join(sorted(fields))) for kind, fields in always_open().items()],
            "seen": seen,
            "refused": refused,
            **shown,
        },
    )


def _download(request: HttpRequest, number: str) -> StreamingHttpResponse:
    """The bundle as one zip archive."""
    acting = acting_of(request)
    folder = kept(current_store(), get_object_or_404(bundles_for(acting.person, acting.role), number=number))
    if folder is None:
        raise Http404
    answer = StreamingHttpResponse(zipped(folder), content_type="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{number}.zip"'
    return answer


PAGES = (
    ListPage(
        name="bundles",
        at="bundles/",
        open_to=OPEN_TO,
        label=_("Bundles"),
        lead=_(
            "What left the house, for whom, and what was withheld from it. A bundle can be verified by a stranger, "
            "offline, without trusting whoever made it."
        ),
        lists=Bundle,
        records=lambda acting: bundles_for(acting.person, acting.role),
        search=("number", "purpose", "recipient", "manifest_sha256"),
        columns=(
            column_of(Bundle, "number", "number", order=("-number",)),
            column_of(Bundle, "purpose"),
            column_of(Bundle, "recipient", value=lambda one: one.recipient or (one.addressee and one.addressee.name)),
            column_of(Bundle, "entries"),
            column_of(Bundle, "files"),
            column_of(Bundle, "withheld", is_number=True, value=lambda one: len(one.withheld)),
            column_of(Bundle, "made_at", "made", value=lambda one: one.made_at),
        ),
        fetch=lambda query: query.select_related("made_by", "addressee"),
        unit=_("bundles"),
        empty=Empty(
            _("No bundle here."),
            _("A prosecutor, an investigator or an auditor makes one, of everything or of one decision."),
        ),
        acts=("bundle_new",),
        is_first_due=True,
    ),
    DrawnPage(
        name="bundle_new",
        at="bundles/new/",
        open_to=MAKERS,
        draw=_new,
        act=bundle,
        title=_("Make a bundle"),
    ),
    RecordPage(
        name="bundle",
        at="bundles/<str:number>/",
        open_to=OPEN_TO,
        shows=Bundle,
        is_open=_is_mine,
        under="bundles",
        title=lambda found: found.purpose,
        facts=_facts,
        template="court/bundle.html",
        more=_what_is_here,
    ),
    DrawnPage(name="bundle_download", at="bundles/<str:number>/download/", open_to=OPEN_TO, draw=_download),
)  # fmt: skip
