"""Addresses of the exchange of files with e-CQS."""

from __future__ import annotations

from django.urls import path

from quanheng.web.ecqs import views
from quanheng.web.ecqs.lists import RunList
from quanheng.web.lists.views import list_view

urlpatterns = [
    path("exchange/ecqs/", list_view(RunList), name="ecqs_run_list"),
    path("exchange/ecqs/export/", views.ecqs_export, name="ecqs_export"),
    path("exchange/ecqs/import/", views.ecqs_import, name="ecqs_import"),
    path("exchange/ecqs/<int:pk>/", views.ecqs_run, name="ecqs_run"),
    path("exchange/ecqs/<int:pk>/file/", views.ecqs_file, name="ecqs_file"),
    path("exchange/ecqs/<int:pk>/report.xlsx", views.ecqs_report, name="ecqs_report"),
]
