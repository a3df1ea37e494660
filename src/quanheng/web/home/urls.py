"""Addresses of the landing page, the desk and the reader's preferences."""

from __future__ import annotations

from django.urls import path

from quanheng.web.home import preferences, views

urlpatterns = [
    path("", views.landing, name="landing"),
    path("desk/", views.desk, name="desk"),
    path("preferences/", preferences.set_preferences, name="set_preferences"),
]
