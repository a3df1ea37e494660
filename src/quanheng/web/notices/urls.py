"""Addresses of notices."""

from __future__ import annotations

from django.urls import path

from quanheng.web.notices import views

urlpatterns = [
    path("notices/", views.notice_list, name="notice_list"),
    path("notices/read/", views.notices_read, name="notices_read"),
    path("notices/<int:pk>/read/", views.notice_read, name="notice_read"),
    path("notices/settings/", views.notice_settings, name="notice_settings"),
]
