"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from dokaz.casework import views

urlpatterns = [
    path("inventory/", views.inventory, name="inventory"),
    path("custody/", views.transfers, name="transfers"),
    path("custody/hand-over/", views.hand_over, name="hand_over"),
    path("custody/<str:number>/", views.transfer, name="transfer"),
    path("custody/<str:number>/take-over/", views.take_over, name="take_over"),
]
