"""Addresses of the help."""

from __future__ import annotations

from django.urls import path

from quanheng.web.help import views

urlpatterns = [
    path("help/", views.of_page, name="help"),
    path("help/<slug:slug>/", views.of_section, name="help_section"),
]
