"""Addresses of the focus list."""

from __future__ import annotations

from django.urls import path

from quanheng.web.focus import views
from quanheng.web.focus.lists import FocusListingList
from quanheng.web.lists.views import list_view

urlpatterns = [
    path("focus/", list_view(FocusListingList), name="focus_list"),
    path("focus/<int:pk>/", views.focus_page, name="focus_page"),
    path("focus/<int:pk>/<slug:slug>/", views.focus_act, name="focus_act"),
]
