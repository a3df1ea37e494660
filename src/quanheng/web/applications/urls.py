"""Addresses of applications for verification."""

from __future__ import annotations

from django.urls import path

from quanheng.web.applications import applying, lines, views
from quanheng.web.applications.lists import ApplicationList
from quanheng.web.lists.views import list_view

urlpatterns = [
    path("applications/", list_view(ApplicationList), name="application_list"),
    path("applications/new/", applying.application_new, name="application_new"),
    path("applications/<int:pk>/", views.application_page, name="application_page"),
    path("applications/<int:pk>/slip/", views.application_slip, name="application_slip"),
    path("applications/arrived/<str:slip>", views.application_arrived, name="application_arrived"),
    path("applications/lines/<int:pk>/<slug:slug>/", lines.line_act, name="line_act"),
]
