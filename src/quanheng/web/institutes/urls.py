"""Addresses of the institutes."""

from __future__ import annotations

from django.urls import path

from quanheng.web.institutes import views, weeks
from quanheng.web.institutes.lists import InstituteList
from quanheng.web.lists.views import list_view

urlpatterns = [
    path("institutes/", list_view(InstituteList), name="institute_list"),
    path("institutes/<int:pk>/", views.institute_page, name="institute_page"),
    path("institutes/<int:pk>/contact/", views.institute_contact, name="institute_contact"),
    path("institutes/<int:pk>/weeks.json", weeks.weeks_chart, name="institute_weeks_chart"),
    path("institutes/<int:pk>/<slug:kind>/new/", views.capability_new, name="capability_new"),
    path("institutes/<int:pk>/<slug:kind>/<int:row>/end/", views.capability_end, name="capability_end"),
]
