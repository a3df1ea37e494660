"""Addresses of shoppers' reports."""

from __future__ import annotations

from django.urls import path

from quanheng.web.lists.views import list_view
from quanheng.web.reports import hotline, views
from quanheng.web.reports.lists import ReportList

urlpatterns = [
    path("reports/", list_view(ReportList), name="report_list"),
    path("reports/<int:pk>/", views.report_page, name="report_page"),
    path("reports/<int:pk>/take-up/", views.report_take_up, name="report_take_up"),
    path("reports/<int:pk>/reopen/", views.report_reopen, name="report_reopen"),
    path("reports/<int:pk>/hotline/<slug:slug>/", hotline.report_hotline, name="report_hotline"),
    path("reports/<int:pk>/photo/", views.report_photo, name="report_photo"),
]
