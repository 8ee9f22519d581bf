"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from dokaz.identification import board_views as board
from dokaz.identification import review_views, views

urlpatterns = [
    path("identification/", views.identification, name="identification"),
    path("identification/search/new/", views.search_new, name="identification_search_new"),
    path("identification/search/<str:number>/", views.search, name="identification_search"),
    path("identification/comparisons/", views.comparisons, name="comparisons"),
    path("identification/compare/", views.comparison_new, name="comparison_new"),
    path("identification/comparison/<str:number>/", views.comparison, name="comparison"),
    path("identification/comparison/<str:number>/supersede/", views.comparison_supersede, name="comparison_supersede"),
    path("identification/comparison/<str:number>/lay/", board.decision_new, name="decision_new"),
    path("identification/decisions/", board.decisions, name="decisions"),
    path("identification/decision/<str:number>/", board.decision, name="decision"),
    path("identification/decision/<str:number>/certificate/", board.certificate, name="decision_certificate"),
    path("identification/decision/<str:number>/withdraw/", board.decision_withdraw, name="decision_withdraw"),
    path("identification/decision/<str:number>/doubt/", board.decision_doubt, name="decision_doubt"),
    path("identification/decision/<str:number>/revoke/", board.decision_revoke, name="decision_revoke"),
    path("identification/decision/<str:number>/tell/", board.decision_tell, name="decision_tell"),
    path("identification/decision/<str:number>/release/", board.decision_release, name="decision_release"),
    path("identification/reviews/", review_views.reviews, name="board_reviews"),
    path("identification/review/<str:number>/close/", review_views.review_close, name="board_review_close"),
]
