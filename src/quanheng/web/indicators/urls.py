"""The pages of the indicators."""

from __future__ import annotations

from django.urls import path

from quanheng.web.indicators import views

urlpatterns = [
    path("indicators/<slug:key>/", views.page, name="indicator"),
    path("indicators/<slug:key>/data.json", views.data, name="indicator_data"),
    path("indicators/<slug:key>/trend.json", views.trend_chart, name="indicator_trend_chart"),
    path("indicators/<slug:key>/trend/", views.trend, name="indicator_trend"),
    path("indicators/<slug:key>/rows/", views.rows, name="indicator_rows"),
]
