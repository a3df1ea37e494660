"""Addresses of the search, and of what a scan leads a signed-in person to."""

from __future__ import annotations

from django.urls import path

from quanheng.web.search import opening, views

urlpatterns = [
    path("search/", views.search, name="search"),
    path("open/<str:address>", opening.open_code, name="open_code"),
    path("camera/", opening.camera, name="scan_camera"),
]
