"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from dokaz.casework import ledger_views as ledger
from dokaz.casework import views

urlpatterns = [
    path("inventory/", views.inventory, name="inventory"),
    path("custody/", views.transfers, name="transfers"),
    path("custody/hand-over/", views.hand_over, name="hand_over"),
    path("custody/<str:number>/", views.transfer, name="transfer"),
    path("custody/<str:number>/take-over/", views.take_over, name="take_over"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/checkpoint/", ledger.checkpoint, name="ledger_checkpoint"),
    path("ledger/entries/", ledger.entries, name="ledger_entries"),
    path("ledger/people/", ledger.people, name="ledger_people"),
    path("ledger/entries/<int:index>/", ledger.entry, name="entry"),
    path("ledger/entries/<int:index>/receipt/", ledger.receipt, name="receipt"),
    path("ledger/entries/<int:index>/what-if/", ledger.entry_what_if, name="entry_what_if"),
]
