"""Addresses of the catalogue."""

from __future__ import annotations

from django.urls import path

from quanheng.web.catalogue import views

urlpatterns = [
    path("catalogue/", views.catalogue_list, name="catalogue_list"),
    path("catalogue/<int:pk>/", views.catalogue_page, name="catalogue_item"),
    path("catalogue/<int:pk>/periods/new/", views.period_new, name="period_new"),
    path("catalogue/<int:pk>/periods/<int:period_id>/confirm/", views.period_confirm, name="period_confirm"),
    path("catalogue/<int:pk>/synonyms/", views.synonyms_edit, name="synonyms_edit"),
]
