"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from dokaz.graves import act_views as acts
from dokaz.graves import unit_views, views

urlpatterns = [
    path("sites/", views.sites, name="sites"),
    path("sites/new/", acts.site_new, name="site_new"),
    path("sites/<str:number>/", views.site, name="site"),
    path("sites/<str:number>/open-grave/", acts.site_open_grave, name="site_open_grave"),
    path("graves/<str:number>/", views.grave, name="grave"),
    path("graves/<str:number>/survey/", acts.grave_survey, name="grave_survey"),
    path("graves/<str:number>/photograph/", acts.grave_photograph, name="grave_photograph"),
    path("units/", views.units, name="units"),
    path("units/<str:number>/", unit_views.unit, name="unit"),
    path("units/<str:number>/lift/", acts.unit_lift, name="unit_lift"),
    path("units/<str:number>/photograph/", acts.unit_photograph, name="unit_photograph"),
    path("units/<str:number>/split/", acts.unit_split, name="unit_split"),
    path("units/<str:number>/quarantine/", acts.unit_quarantine, name="unit_quarantine"),
    path("photographs/<str:number>/", views.photograph, name="photograph"),
    path("photographs/<str:number>/image/", views.photograph_image, name="photograph_image"),
    path("photographs/<str:number>/thumbnail/", views.photograph_thumbnail, name="photograph_thumbnail"),
    path("labels/", views.labels, name="labels"),
]
