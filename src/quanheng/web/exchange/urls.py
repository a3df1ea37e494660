"""Addresses of the exchange with the national platform for scales."""

from __future__ import annotations

from django.urls import path

from quanheng.web.exchange import views
from quanheng.web.exchange.lists import AlarmList, EventList
from quanheng.web.lists.views import list_view

urlpatterns = [
    path("exchange/", views.exchange_page, name="exchange_page"),
    path("exchange/events/", list_view(EventList), name="platform_event_list"),
    path("exchange/events/<int:pk>/", views.platform_event, name="platform_event"),
    path("exchange/alarms/", list_view(AlarmList), name="platform_alarm_list"),
    path("exchange/alarms/<int:pk>/", views.platform_alarm, name="platform_alarm"),
    path("exchange/alarms/<int:pk>/take-up/", views.alarm_take_up, name="platform_alarm_take_up"),
]
