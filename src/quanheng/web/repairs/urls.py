"""Address of what was sent to repairers."""

from __future__ import annotations

from django.urls import path

from quanheng.web.lists.views import list_view
from quanheng.web.repairs.lists import RepairList

urlpatterns = [path("repairs/", list_view(RepairList), name="repair_list")]
