"""The pages of the indicators."""

from __future__ import annotations

from django.urls import path

from quanheng.web.indicators import views
from quanheng.web.indicators.lists import RateRows
from quanheng.web.lists.views import list_view

urlpatterns = [
    path("indicators/t1/", views.rate, name="indicator_rate"),
    path("indicators/t1/data.json", views.rate_data, name="indicator_rate_data"),
    path("indicators/t1/trend.json", views.trend_chart, name="indicator_rate_trend_chart"),
    path("indicators/t1/trend/", views.trend, name="indicator_rate_trend"),
    path("indicators/t1/rows/", list_view(RateRows), name="indicator_rate_rows"),
]
