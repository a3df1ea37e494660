"""Addresses of the import."""

from __future__ import annotations

from django.urls import path

from quanheng.web.imports import views
from quanheng.web.imports.lists import ImportList
from quanheng.web.lists.views import list_view

urlpatterns = [
    path("imports/", list_view(ImportList), name="import_list"),
    path("imports/new/", views.import_new, name="import_new"),
    path("imports/template.xlsx", views.import_template, name="import_template"),
    path("imports/<int:pk>/", views.import_page, name="import_page"),
    path("imports/<int:pk>/columns/", views.import_columns, name="import_columns"),
    path("imports/<int:pk>/confirm/", views.import_confirm, name="import_confirm"),
    path("imports/<int:pk>/give-up/", views.import_give_up, name="import_give_up"),
    path("imports/<int:pk>/undo/", views.import_undo, name="import_undo"),
    path("imports/<int:pk>/report.xlsx", views.import_report, name="import_report"),
]
