"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from dokaz.court import views

urlpatterns = [
    path("bundles/", views.bundles, name="bundles"),
    path("bundles/new/", views.bundle_new, name="bundle_new"),
    path("bundles/<str:number>/", views.bundle, name="bundle"),
    path("bundles/<str:number>/download/", views.bundle_download, name="bundle_download"),
]
