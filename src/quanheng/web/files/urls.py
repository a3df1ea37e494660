"""Addresses of attached files."""

from __future__ import annotations

from django.urls import path

from quanheng.web.files import views

urlpatterns = [
    path("files/<int:pk>/", views.file_page, name="file_page"),
    path("files/<int:pk>/content/", views.file_content, name="file_content"),
    path("entities/<int:pk>/files/new/", views.entity_attach, name="entity_attach"),
]
