"""Addresses of the verification records."""

from __future__ import annotations

from django.urls import path

from quanheng.web.lists.views import list_view
from quanheng.web.records.lists import RecordList

urlpatterns = [path("verification-records/", list_view(RecordList), name="record_list")]
