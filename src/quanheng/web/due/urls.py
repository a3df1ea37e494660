"""Addresses of due work and of the messages about it."""

from __future__ import annotations

from django.urls import path

from quanheng.web.due.lists import DueList, MessageList
from quanheng.web.lists.views import list_view

urlpatterns = [
    path("due/", list_view(DueList, "due/list.html"), name="due_list"),
    path("messages/", list_view(MessageList), name="message_list"),
]
