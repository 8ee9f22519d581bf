"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from dokaz.mortuary import act_views as acts
from dokaz.mortuary import views

urlpatterns = [
    path("mortuary/", views.mortuary, name="mortuary"),
    path("mortuary/samples/", views.samples, name="samples"),
    path("mortuary/profiles/", views.profiles, name="profiles"),
    path("samples/<str:number>/", views.sample, name="sample"),
    path("samples/<str:number>/profile/", acts.sample_profile, name="sample_profile"),
    path("profiles/<str:number>/", views.profile, name="profile"),
    path("profiles/<str:number>/withdraw/", acts.profile_withdraw, name="profile_withdraw"),
    path("examinations/<str:number>/", views.examination, name="examination"),
    path("units/<str:number>/receive/", acts.unit_receive, name="unit_receive"),
    path("units/<str:number>/examine/", acts.unit_examine, name="unit_examine"),
    path("units/<str:number>/sample/", acts.unit_sample, name="unit_sample"),
    path("units/<str:number>/store/", acts.unit_store, name="unit_store"),
]
