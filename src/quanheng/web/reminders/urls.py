"""The address of the reminders."""

from __future__ import annotations

from django.urls import path

from quanheng.web.lists.views import list_view
from quanheng.web.reminders.lists import ReminderList

urlpatterns = [path("reminders/", list_view(ReminderList), name="reminder_list")]
