"""What belongs to every list, below one address; the page of each list is where its subject is."""

from __future__ import annotations

from django.urls import path

from quanheng.web.lists import bulk, exports, pickers, views
from quanheng.web.lists.lists import ExportList

urlpatterns = [
    path("lists/<slug:key>/count/", views.count, name="list_count"),
    path("lists/<slug:key>/columns/", views.choose_columns, name="list_columns"),
    path("lists/<slug:key>/views/", views.save_view, name="list_save_view"),
    path("lists/<slug:key>/views/<int:view_id>/delete/", views.delete_view, name="list_delete_view"),
    path("lists/<slug:key>/export/", exports.request_export, name="list_export"),
    path("lists/<slug:key>/bulk/<slug:act_key>/", bulk.bulk, name="list_bulk"),
    path("exports/", views.list_view(ExportList), name="export_list"),
    path("exports/<int:job_id>/", exports.moved, name="export_moved"),
    path("pick/<slug:key>/", pickers.pick, name="pick"),
]
