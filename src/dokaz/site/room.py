"""What belongs to no one room: overview, map, deliveries, custody, the ledger and its people."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from dokaz.casework.models import (
    Assent,
    Attachment,
    CheckpointKey,
    Constitution,
    Correction,
    CorrectionState,
    CustodyItem,
    Delivery,
    Discrepancy,
    DiscrepancyState,
    ErasureOrder,
    Investigation,
    Key,
    Office,
    Person,
    SessionKey,
    StoragePlace,
    Transfer,
    TransferState,
)
from dokaz.casework.records import Record
from dokaz.casework.roles import Role
from dokaz.casework.rooms import EVERYBODY, READERS, RecordKind, RecordPanel, Room, Step, Stop
from dokaz.pages.drawn_page import DrawnPage
from dokaz.site import deliveries, overview, security
from dokaz.site import ledger_pages as ledger
from dokaz.site import putting_right_pages as putting_right
from dokaz.site.attachment_pages import attached_part, links_to_attach
from dokaz.site.attachment_pages import pages_for as attachments_for
from dokaz.site.custody_acts import links_of
from dokaz.site.custody_pages import PAGES as CUSTODY
from dokaz.site.custody_pages import custody_panel, next_step, things_of, waits_for
from dokaz.site.delivery_progress import progress
from dokaz.site.erasure_pages import record_erase
from dokaz.site.proposal_pages import PAGES as PROPOSALS
from dokaz.site.storage_pages import PAGES as STORAGE
from dokaz.site.storage_pages import kept_in

# Who acts, in which office, with which key, is open to everybody who may read the ledger; the content of records is not.
LEDGER = EVERYBODY - {Role.DEFENCE}
# A correction holds values of records that differ in who may read them: of what was compared, decided and handed over.
CORRECTIONS = frozenset({Role.BOARD, Role.INVESTIGATOR, Role.PROSECUTOR, Role.AUDITOR})


def _proposed() -> QuerySet[Correction]:
    return Correction.objects.filter(state=CorrectionState.PROPOSED)


def _on_the_way() -> QuerySet[Transfer]:
    return Transfer.objects.filter(state=TransferState.HANDED_OVER)


def _differs() -> QuerySet[Discrepancy]:
    return Discrepancy.objects.filter(state=DiscrepancyState.OPEN)


ROOM = Room(
    name="site",
    label=_("Overview"),
    rail=(
        Stop("overview", _("Overview"), 110),
        Stop("map", _("Map"), 120),
        Stop("deliveries", _("Deliveries"), 130),
        Stop("ledger", _("Ledger"), 390),
    ),
    open_to=EVERYBODY,
    records=(
        RecordKind(Investigation, EVERYBODY - {Role.ADMINISTRATOR}),
        RecordKind(Constitution, LEDGER),
        RecordKind(CheckpointKey, LEDGER),
        RecordKind(ErasureOrder, LEDGER),
        RecordKind(SessionKey, LEDGER),
        RecordKind(Person, LEDGER),
        RecordKind(Key, LEDGER),
        RecordKind(Office, LEDGER),
        RecordKind(Assent, LEDGER),
        RecordKind(Correction, CORRECTIONS),
        RecordKind(Transfer, READERS),
        RecordKind(Discrepancy, READERS, goes_with=("transfer",)),
        RecordKind(StoragePlace, READERS),
        RecordKind(Delivery, READERS),
        # Record by record: open to whom what it is attached to is open.
        RecordKind(Attachment, LEDGER),
    ),
    pages=(
        DrawnPage(name="overview", at="", open_to=EVERYBODY, draw=overview.overview, to_nobody=True),
        DrawnPage(name="act_as", at="acting/", open_to=EVERYBODY, draw=overview.act_as),
        DrawnPage(name="map", at="map/", open_to=READERS, draw=overview.site_map, stop="map"),
        DrawnPage(name="deliveries", at="deliveries/", open_to=READERS, draw=deliveries.deliveries, stop="deliveries"),
        deliveries.TakingInPage(name="delivery_new", at="deliveries/new/", draw=deliveries.delivery_choose),
        deliveries.TakingInPage(name="delivery_new_of", at="deliveries/new/<str:what>/", draw=deliveries.delivery_new),
        deliveries.TakingInPage(name="delivery_progress", at="deliveries/progress/<str:token>/", draw=progress),
        DrawnPage(name="delivery", at="deliveries/<str:number>/", open_to=READERS, draw=deliveries.delivery,
                  stop="deliveries"),
        *CUSTODY,
        *STORAGE,
        *attachments_for(LEDGER),
        DrawnPage(name="ledger", at="ledger/", open_to=LEDGER, draw=ledger.ledger, stop="ledger"),
        DrawnPage(name="ledger_checkpoint", at="ledger/checkpoint/", open_to=LEDGER, draw=ledger.checkpoint, stop="ledger"),
        DrawnPage(name="ledger_entries", at="ledger/entries/", open_to=LEDGER, draw=ledger.entries, stop="ledger"),
        DrawnPage(name="ledger_people", at="ledger/people/", open_to=LEDGER, draw=ledger.people, stop="ledger",
                  label=_("People and offices"), under="ledger"),
        *PROPOSALS,
        DrawnPage(name="security", at="ledger/security/", open_to=security.OPEN_TO, draw=security.security, stop="ledger"),
        DrawnPage(name="entry", at="ledger/entries/<int:index>/", open_to=LEDGER, draw=ledger.entry, stop="ledger"),
        DrawnPage(name="corrections", at="corrections/", open_to=EVERYBODY - {Role.DEFENCE}, draw=putting_right.corrections,
                  stop="ledger"),
        DrawnPage(name="correction_agree", at="corrections/<str:number>/agree/", open_to=EVERYBODY - {Role.DEFENCE},
                  draw=putting_right.correction_agree, stop="ledger"),
        DrawnPage(name="correction_decline", at="corrections/<str:number>/decline/", open_to=EVERYBODY - {Role.DEFENCE},
                  draw=putting_right.correction_decline, stop="ledger"),
        DrawnPage(name="record_history", at="records/<str:kind>/<str:number>/", open_to=EVERYBODY - {Role.DEFENCE},
                  draw=putting_right.record_history, stop="ledger"),
        DrawnPage(name="record_correct", at="records/<str:kind>/<str:number>/correct/", open_to=EVERYBODY - {Role.DEFENCE},
                  draw=putting_right.record_correct, stop="ledger"),
        DrawnPage(name="record_erase", at="records/<str:kind>/<str:number>/erase/", open_to=EVERYBODY - {Role.DEFENCE},
                  draw=record_erase, stop="ledger"),
        DrawnPage(name="record_void", at="records/<str:kind>/<str:number>/void/", open_to=EVERYBODY - {Role.DEFENCE},
                  draw=putting_right.record_void, stop="ledger"),
        DrawnPage(name="receipt", at="ledger/entries/<int:index>/receipt/", open_to=LEDGER, draw=ledger.receipt,
                  stop="ledger"),
        DrawnPage(name="entry_what_if", at="ledger/entries/<int:index>/what-if/", open_to=LEDGER, draw=ledger.entry_what_if,
                  stop="ledger"),
    ),
    steps=(
        Step("corrections to agree to", _("corrections that wait for a second person"), (), _proposed, "corrections"),
        Step("on the way", _("transfers not confirmed by the receiver"), (), _on_the_way, "inventory"),
        Step("discrepancies", _("open discrepancies"), (), _differs, "discrepancies", f"state={DiscrepancyState.OPEN}"),
    ),
    panels=(
        RecordPanel("things", Transfer, READERS, "site/transfer_things.html", things_of),
        RecordPanel("kept in", StoragePlace, READERS, "site/panels/kept_in.html", kept_in),
        RecordPanel("attachments", Record, LEDGER, "site/panels/attachments.html", attached_part, 950),  # type: ignore[type-abstract]
        RecordPanel("custody", CustodyItem, READERS, "site/panels/custody.html", custody_panel, 900),  # type: ignore[type-abstract]
    ),
    links=((CustodyItem, links_of), (Record, links_to_attach)),
    next_steps=((Transfer, waits_for), (CustodyItem, next_step)),
)  # fmt: skip
