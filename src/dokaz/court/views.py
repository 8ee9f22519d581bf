"""Pages of this room: bundles, what they hold and withhold, how a stranger verifies them. Nothing is written here."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dokaz.casework import journal
from dokaz.casework.filing import Actor
from dokaz.casework.published import fingerprint
from dokaz.casework.records import kind_in_words
from dokaz.casework.store import current_store
from dokaz.court.assembling import assemble, file, finish, settle_drafts
from dokaz.court.forms import BundleForm
from dokaz.court.keeping import drafted, kept, new_draft, place_of, zipped
from dokaz.court.queries import MAKERS, bundles_for
from dokaz.court.redaction import ALWAYS_OPEN, CODES
from dokaz.errors import ActRefused
from dokaz.pages.act_links import ActLink, open_act_links
from dokaz.pages.acting import act_on, acting_of
from dokaz.pages.ledger_strip import strip_of
from dokaz.pages.lists import matching, page_of, searched
from dokaz.pages.parts import Column, Crumb, Fact
from dokaz.pages.templatetags.dokaz import count


def _path(*steps: Crumb) -> list[Crumb]:
    return [Crumb(_("Bundles"), reverse("bundles")), *steps]


def _mine(request: HttpRequest) -> Any:
    acting = acting_of(request)
    return bundles_for(acting.person, acting.role)


def bundles(request: HttpRequest) -> HttpResponse:
    """Every bundle that was made."""
    query, words = _mine(request), searched(request)
    if words:
        query = query.filter(matching(words, "number", "purpose", "recipient", "manifest_sha256"))
    columns = [
        Column(_("Bundle"), "number"), Column(_("Purpose")), Column(_("For whom")), Column(_("Entries"), is_number=True),
        Column(_("Files"), is_number=True), Column(_("Withheld"), is_number=True), Column(_("Made"), "made"),
    ]  # fmt: skip
    page = page_of(request, query, orders={"number": ("-number",), "made": ("made_at",)},
                   fetch=lambda q: q.select_related("made_by"))  # fmt: skip
    acting = acting_of(request)
    act_links = (
        [ActLink("court.bundle", _("Make a bundle"), reverse("bundle_new"), is_due=True)]
        if acting.role in MAKERS
        else []
    )
    context = {"path": _path(), "page": page, "columns": columns, "act_links": open_act_links(acting, act_links)}
    return render(request, "court/bundles.html", context)


def bundle(request: HttpRequest, number: str) -> HttpResponse:
    """One bundle: its manifest's hash, its receipt, what was withheld, how to verify it."""
    found = get_object_or_404(_mine(request), number=number)
    store = current_store()
    if kept(store, found) is None:
        settle_drafts(store)
    folder = kept(store, found)
    part = _("all entries of the log") if found.entries == found.size else (
        _("of %(size)s in the log at that time") % {"size": count(found.size)})  # fmt: skip
    facts = [
        Fact(_("Purpose"), found.purpose),
        Fact(_("For whom"), found.recipient),
        Fact(_("Made by"), found.made_by.name),
        Fact(_("Made"), found.made_at, kind="when"),
        Fact(_("Entries"), count(found.entries), part),
        Fact(_("Files"), count(found.files)),
        Fact(
            _("Hash of its manifest"),
            found.manifest_sha256,
            _("of bundle.json; every byte of the bundle hangs on it"),
            kind="hash",
        ),
    ]
    return render(
        request,
        "court/bundle.html",
        {
            "path": _path(Crumb(number, is_number=True)),
            "bundle": found,
            "facts": facts,
            "withheld": [
                {
                    **rule,
                    "called": kind_in_words(rule["what"]),
                    "fields": ", ".join(rule["fields"]),
                    "group": CODES.get(rule["code"], ""),
                }
                for rule in found.withheld
            ],
            "is_here": folder is not None,
            "bytes": sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) if folder else 0,
            "receipt": (folder / "receipt" / "proof").read_text(encoding="utf-8") if folder else "",
            "fingerprint": fingerprint(store),
            "strip": strip_of(found) if acting_of(request).opens("ledger") else None,
        },
    )


def bundle_new(request: HttpRequest) -> HttpResponse:
    """Make a bundle; it is written while one waits."""
    form = BundleForm(request.POST or None, initial={"decision": request.GET.get("decision", "")})
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
            return redirect("bundle", done.result.number)
    return render(
        request,
        "court/bundle_new.html",
        {
            "path": _path(Crumb(_("Make a bundle"))),
            "form": form,
            "entries": journal.size(),
            "codes": CODES.items(),
            "always": {kind: ", ".join(sorted(fields)) for kind, fields in ALWAYS_OPEN.items()}.items(),
        },
    )


def bundle_download(request: HttpRequest, number: str) -> StreamingHttpResponse:
    """The bundle as one zip archive."""
    found = get_object_or_404(_mine(request), number=number)
    folder = kept(current_store(), found)
    if folder is None:
        raise Http404
    answer = StreamingHttpResponse(zipped(folder), content_type="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.number}.zip"'
    return answer
