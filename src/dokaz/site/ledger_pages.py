"""Pages of the ledger: the newest checkpoint, every entry with its proof, what would break if, who held which office."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dokaz.casework import journal
from dokaz.casework.models import JournalEntry, Office, Person
from dokaz.casework.published import check_signatures, fingerprint, next_version, openings_of
from dokaz.casework.queries import Holder, holders_of, key_of
from dokaz.casework.records import Record, kind_in_words, kind_named, record_kinds
from dokaz.casework.registry import done_in_words
from dokaz.casework.roles import Role
from dokaz.casework.store import current_store
from dokaz.errors import NotSigned, TrustError, WrongSignature
from dokaz.ledger import Entry, canonical
from dokaz.pages.act_links import ActLink
from dokaz.pages.act_page import link_on, links_to
from dokaz.pages.acting import Acting, acting_of
from dokaz.pages.lists import once_per_filing, page_of, searched
from dokaz.pages.parts import Choice, Crumb, Fact, ListColumn
from dokaz.pages.pictures.merkle import inclusion_picture
from dokaz.pages.templatetags.dokaz import count
from dokaz.site import what_if
from dokaz.site.proposal_pages import waiting


def _path(*steps: Crumb) -> list[Crumb]:
    return [Crumb(_("Ledger"), reverse("ledger")), *steps]


def _entry_crumb(index: int) -> Crumb:
    return Crumb(f"№ {index}", reverse("entry", args=[index]), is_number=True)


def may_open(acting: Acting, row: JournalEntry) -> bool:
    """Whether the content of the record of an entry is open to the office."""
    model, record = kind_named(row.kind), _record_of(row)
    return model is not None and acting.reads(model) and (record is None or acting.reads(record))


class OlderForm(forms.Form):
    """A checkpoint that somebody kept."""

    older = forms.CharField(
        label=gettext_lazy("An older checkpoint"),
        widget=forms.Textarea(attrs={"rows": 6, "class": "mono", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "the whole text, from the name of the log to the signature; from a receipt, a bundle or a witness"
        ),
    )


def ledger(request: HttpRequest) -> HttpResponse:
    """The newest checkpoint to compare, and whether an older one is contained in it."""
    store = current_store()
    broken, head = "", None
    try:
        head = store.log.head
    except TrustError as error:
        broken = str(error)
    form, verdict = OlderForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        verdict = _consistent(form)
    acts = once_per_filing("acts", lambda: sorted(set(JournalEntry.objects.values_list("act", flat=True))))
    return render(
        request,
        "site/ledger.html",
        {
            "path": _path(),
            "note": store.log.note,
            "broken": broken,
            "head": head,
            "root": head.root.hex() if head else "",
            "origin": store.origin,
            "key": str(store.log.signers[-1]),
            "fingerprint": fingerprint(store),
            "waiting": journal.size() - head.size if head else 0,
            "newest": [_line(row) for row in _named(JournalEntry.objects.order_by("-index")[:8])],
            "acts": len(acts),
            "shows_security": acting_of(request).opens("security"),
            "form": form,
            "verdict": verdict,
        },
    )


def _consistent(form: OlderForm) -> dict[str, Any] | None:
    """Whether the log contains what it signed for before; None, and the form says why, where that cannot be asked."""
    log = current_store().log
    # Browsers send line ends of their own; a note has but one kind.
    older = form.cleaned_data["older"].replace("\r\n", "\n").strip("\n") + "\n"
    try:
        before = log.open(older)
    except WrongSignature as error:
        return {
            "holds": False,
            "what": _("This log's key did not sign this text: either the text or the signature was changed."),
            "next": _("Compare it with another copy."),
            "said_by_engine": str(error),
        }
    except NotSigned:
        form.add_error("older", _("The key of this log has not signed it: it is a checkpoint of another log."))
        return None
    except TrustError:
        form.add_error(
            "older", _("This is not a whole checkpoint. Paste it from the first line to the end of the last.")
        )
        return None
    try:
        log.must_extend(older)
    except TrustError as error:
        return {
            "holds": False,
            "what": _("The log does not begin with the %(size)s entries that it signed for before: it was rewritten.")
            % {"size": count(before.size)},
            "next": _("Keep both checkpoints: together they prove it."),
            "said_by_engine": str(error),
        }
    return {
        "holds": True,
        "size": before.size,
        "now": log.size,
        "hashes": [h.hex() for h in log.consistency(before.size)] if before.size else [],
    }


def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest checkpoint, as the text that the log signed."""
    return _text(current_store().log.note, "checkpoint.txt")


def _text(content: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _named(rows: Any) -> list[JournalEntry]:
    return list(rows.defer("body"))


def _line(row: JournalEntry) -> dict[str, Any]:
    return {"row": row, "act": done_in_words(row.act), "kind": kind_in_words(row.kind)}


def entries(request: HttpRequest) -> HttpResponse:
    """Every entry, newest first; by act, by kind, by record."""
    query = JournalEntry.objects.all()
    for name in ("act", "kind", "record"):
        asked = request.GET.get(name, "")
        if asked and (name != "record" or _is_uuid(asked)):
            query = query.filter(**{name: asked})
    words = searched(request)
    if words:
        query = _found(query, words, acting_of(request))
    page = page_of(request, query, orders={"index": ("-index",)}, fetch=lambda q: q.defer("body"))
    holders = holders_of(row.actor for row in page.object_list)
    acts = once_per_filing("acts", lambda: sorted(set(JournalEntry.objects.values_list("act", flat=True))))
    kinds = once_per_filing("kinds", lambda: sorted(set(JournalEntry.objects.values_list("kind", flat=True))))
    return render(
        request,
        "site/entries.html",
        {
            "path": _path(Crumb(_("Entries"))),
            "page": page,
            "lines": [{**_line(row), "by": _holder(row.actor, holders)} for row in page.object_list],
            "columns": [
                ListColumn(_("Entry"), "index", True), ListColumn(_("Act")), ListColumn(_("Record")),
                ListColumn(_("Version"), is_number=True), ListColumn(_("By")), ListColumn(_("Filed")),
                ListColumn(_("Hash")),
            ],
            "choices": [
                Choice("act", _("Act"), [(a, done_in_words(a)) for a in acts], request.GET.get("act", "")),
                Choice("kind", _("Kind"), [(k, kind_in_words(k)) for k in kinds], request.GET.get("kind", "")),
            ],
        },
    )  # fmt: skip


def _is_uuid(text: str) -> bool:
    try:
        return bool(uuid.UUID(text))
    except ValueError:
        return False


def _found(query: Any, words: str, acting: Acting) -> Any:
    """Entries by index, by the beginning of a hash, by a record's id or number."""
    if words.isdigit():
        return query.filter(index=int(words)) if len(words) < 18 else query.none()
    if _is_uuid(words):
        return query.filter(record=words)
    if len(words) >= 6 and all(c in "0123456789abcdef" for c in words):
        return query.filter(leaf__startswith=words)
    # By number only where the reader may read the record: a number that exists must not be told from one that does not.
    kinds = [kind for kind in record_kinds() if acting.reads(kind)]
    numbered = [one for kind in kinds for one in kind.every.filter(number=words)]
    return query.filter(record__in=[one.pk for one in numbered if acting.reads(one)])


def _record_of(row: JournalEntry) -> Record | None:
    kinds = {kind.kind(): kind for kind in record_kinds()}
    return kinds[row.kind].every.filter(pk=row.record).first() if row.kind in kinds else None


def entry(request: HttpRequest, index: int) -> HttpResponse:
    """One entry: its header, its signatures checked now, its openings, its path to the checkpoint."""
    row = get_object_or_404(JournalEntry, index=index)
    found, acting = Entry.parse(bytes(row.body)), acting_of(request)
    opened = may_open(acting, row)
    place = _place(row)
    record = _record_of(row) if opened else None
    signatures = check_signatures(found)
    actor = holders_of([found.actor]).get(found.actor)
    office = Office.objects.filter(pk=found.office).first()
    others = JournalEntry.objects.filter(record=row.record).order_by("version").defer("body")
    before = (
        set(Entry.parse(bytes(JournalEntry.objects.get(leaf=found.previous[0]).body)).fields.values())
        if found.previous
        else set()
    )
    return render(
        request,
        "site/entry.html",
        {
            "path": _path(Crumb(_("Entries"), reverse("ledger_entries")), _entry_crumb(index)),
            "row": row,
            "entry": found,
            "act": done_in_words(found.act),
            "kind": kind_in_words(found.kind),
            "record": record,
            "facts": _facts(row, found, actor, office),
            "versions": others,
            "signatures": [{"checked": each, "role": _role(each.role)} for each in signatures],
            "fields": _fields(found, before) if opened else [],
            "digests": len(found.fields),
            "opened": opened,
            "json": canonical(found.to_json()).decode(),
            "picture": inclusion_picture(row.index, place.size, row.leaf, [h.hex() for h in place.path]) if place else "",
            "covered": place is not None,
        },
    )  # fmt: skip


def _fields(found: Entry, before: set[str]) -> list[dict[str, Any]]:
    """Every field of an entry by name, those that can no longer be opened last."""
    shown = openings_of(found)
    orders = journal.orders_of_digests() if len(shown) < len(found.fields) else {}
    fields = [
        {
            "digest": digest,
            "name": name,
            "value": _value(shown[digest].value) if digest in shown else "",
            "kept": digest in before,
            "there": digest in shown,
            "order": orders.get(digest, ""),
        }
        for name, digest in sorted(found.fields.items())
    ]
    return sorted(fields, key=lambda each: not each["there"])


def _holder(key: str, holders: dict[str, Holder]) -> str:
    return holders[key].person.name if key in holders else key[:12]


def _role(role: str) -> str:
    return str(Role(role).label) if role in Role.values else role


def _value(value: Any) -> str:
    text = value if isinstance(value, str) else canonical(value).decode()
    return text if len(text) <= 2_000 else f"{text[:2_000]} …"


def _facts(row: JournalEntry, found: Entry, actor: Holder | None, office: Office | None) -> list[Fact]:
    facts = [
        Fact(_("Act"), f"{done_in_words(found.act)} ({found.act})"),
        Fact(
            _("Record"),
            f"{kind_in_words(found.kind)} ({found.kind})",
            found.record,
            f"{reverse('ledger_entries')}?record={found.record}",
        ),
        Fact(_("Version"), found.version),
        Fact(
            _("By"),
            actor.person.name if actor else found.actor,
            str(office.get_role_display()) if office else found.office,
        ),
        Fact(_("Filed"), row.at, _("by the clock of the machine; the order of entries is what is proven"), kind="when"),
        Fact(_("Hash of the entry"), row.leaf, kind="hash"),
    ]
    for leaf in found.previous:
        before = JournalEntry.objects.filter(leaf=leaf).values_list("index", flat=True).first()
        facts.append(
            Fact(
                _("Replaces"),
                leaf,
                _("entry № %(index)s") % {"index": before} if before is not None else "",
                kind="hash",
            )
        )
    for name in found.files:
        facts.append(Fact(_("File"), name.removeprefix("sha256:"), _("SHA-256 of what lies in the vault"), kind="hash"))
    return facts


def _place(row: JournalEntry) -> what_if.LogPlace | None:
    """Where an entry stands under the newest checkpoint; None if it is not published yet."""
    log = current_store().log
    try:
        head = log.head
        if row.index >= head.size:
            return None
        path = tuple(log.inclusion(row.index, size=head.size))
    except TrustError:
        return None
    after = JournalEntry.objects.filter(index=row.index + 1, index__lt=head.size).values_list("leaf", flat=True).first()
    return what_if.LogPlace(row.index, head.size, path, head.root, after or "")


def receipt(request: HttpRequest, index: int) -> HttpResponse:
    """The receipt of an entry (C2SP tlog-proof), to keep outside the house."""
    row = get_object_or_404(JournalEntry, index=index)
    log = current_store().log
    if row.index >= log.size:
        raise Http404
    return _text(str(log.receipt(row.index)), f"entry-{index}.tlog-proof")


def entry_what_if(request: HttpRequest, index: int) -> HttpResponse:
    """Change an entry on paper, and see which hashes no longer fit."""
    row = get_object_or_404(JournalEntry, index=index)
    found, place = Entry.parse(bytes(row.body)), _place(row)
    if place is None:
        raise Http404
    opened = may_open(acting_of(request), row)
    shown = {o.name: o for o in openings_of(found).values()} if opened else {}
    changes = {n: label for n, label in what_if.CHANGES.items() if n != "letter" or shown}
    change = request.GET.get("change", "")
    change = change if change in changes else next(iter(changes))
    field = request.GET.get("field", "")
    field = (
        field
        if field in shown
        else next((n for n in ("state", "number", "reason", *sorted(shown)) if n in shown and shown[n].value), "")
    )
    links, before, after = _tried(found, change, shown, field, place)
    return render(
        request,
        "site/what_if.html",
        {
            "path": _path(
                Crumb(_("Entries"), reverse("ledger_entries")), _entry_crumb(index), Crumb(_("What would break if …"))
            ),
            "row": row,
            "changes": changes.items(),
            "change": change,
            "label": changes[change],
            "fields": sorted(shown),
            "field": field,
            "before": before,
            "after": after,
            "links": links,
            "broken": sum(not each.fits for each in links),
            "picture": inclusion_picture(row.index, place.size, row.leaf, [h.hex() for h in place.path], altered=True),
        },
    )


def _tried(
    found: Entry, change: str, shown: dict[str, Any], field: str, place: what_if.LogPlace
) -> tuple[list[what_if.Link], str, str]:
    following = next_version(found)
    names_it = found.leaf_hash if following is not None and following.index < place.size else ""
    if change == "letter" and field in shown:
        changed = what_if.changed_opening(shown[field])
        return (
            what_if.letter(found, shown[field], place, names_it),
            _value(shown[field].value),
            _value(changed.value),
        )
    if change == "signature":
        holder = holders_of([found.actor]).get(found.actor)
        if holder is None:
            raise Http404
        return what_if.signature(found, holder.public_key, place, names_it), "", ""
    if change == "removal":
        return what_if.removal(found, place, names_it), "", ""
    return what_if.clock(found, place, names_it), "", ""


def _own_key(acting: Acting) -> ActLink | None:
    key = key_of(acting.person.id)
    return link_on(key, acting, "stop_key") if key is not None else None


def people(request: HttpRequest) -> HttpResponse:
    """Who held which office, since when and until when, and with which keys."""
    rows = Person.objects.order_by("number").prefetch_related("keys", "offices")
    return render(
        request,
        "site/people.html",
        {
            "path": _path(Crumb(_("People and offices"))),
            "waiting": waiting(acting_of(request)),
            "act_links": links_to(acting_of(request), "appoint"),
            "own_key": _own_key(acting_of(request)),
            "people": [
                {"person": each, "keys": sorted(each.keys.all(), key=lambda k: (k.retired_at is not None, k.number)),
                 "offices": sorted(each.offices.all(), key=lambda o: o.number)}
                for each in rows
            ],
        },
    )  # fmt: skip
