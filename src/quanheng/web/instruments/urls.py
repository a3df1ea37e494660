"""Addresses of the ledger."""

from __future__ import annotations

from django.urls import path

from quanheng.web.instruments import views
from quanheng.web.instruments.lists import InstrumentList
from quanheng.web.lists.views import list_view

urlpatterns = [
    path("instruments/", list_view(InstrumentList), name="instrument_list"),
    path("instruments/new/", views.instrument_new, name="instrument_new"),
    path("instruments/<int:pk>/", views.instrument_page, name="instrument_page"),
    path("instruments/<int:pk>/edit/", views.instrument_edit, name="instrument_edit"),
    path("instruments/<int:pk>/unchanged/", views.instrument_unchanged, name="instrument_unchanged"),
    path("instruments/<int:pk>/<slug:slug>/", views.instrument_act, name="instrument_act"),
]
