"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from dokaz.missing import act_views as acts
from dokaz.missing import views

urlpatterns = [
    path("missing/", views.missing, name="missing"),
    path("missing/report/", acts.missing_report, name="missing_report"),
    path("missing/<str:number>/", views.missing_person, name="missing_person"),
    path("missing/<str:number>/verify/", acts.missing_verify, name="missing_verify"),
    path("missing/<str:number>/duplicate/", acts.missing_duplicate, name="missing_duplicate"),
    path("families/new/", acts.pedigree_new, name="pedigree_new"),
    path("families/<str:number>/", views.family, name="family"),
    path("families/<str:number>/correct/", acts.pedigree_correct, name="pedigree_correct"),
    path("families/<str:number>/enrol-donor/", acts.donor_enrol, name="donor_enrol"),
    path("donors/<str:number>/withdraw/", acts.donor_withdraw, name="donor_withdraw"),
]
