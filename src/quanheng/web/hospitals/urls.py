"""Addresses of the half-year reports of hospitals."""

from __future__ import annotations

from django.urls import path

from quanheng.web.hospitals import views
from quanheng.web.hospitals.lists import HalfYearReportList
from quanheng.web.lists.views import list_view

urlpatterns = [
    path("half-year-reports/", list_view(HalfYearReportList, "hospitals/list.html"), name="half_year_list"),
    path("half-year-reports/areas/", views.half_year_areas, name="half_year_areas"),
    path("half-year-reports/<int:pk>/", views.half_year_page, name="half_year_page"),
    path("half-year-reports/<int:pk>/report.pdf", views.half_year_print, name="half_year_print"),
    path("half-year-reports/<int:pk>/write/", views.half_year_write, name="half_year_write"),
    path("half-year-reports/<int:pk>/return/", views.half_year_return, name="half_year_return"),
    path(
        "half-year-reports/<int:pk>/<slug:line>/<slug:standing>/", views.half_year_rows, name="half_year_rows"
    ),
]
