"""Addresses of label printing."""

from __future__ import annotations

from django.urls import path

from quanheng.web.labels import views

urlpatterns = [
    path("labels/", views.choose, name="label_choose"),
    path("labels/preview", views.preview, name="label_preview"),
    path("labels/picture", views.picture, name="label_picture"),
    path("labels/<int:print_id>/", views.progress, name="label_progress"),
    path("labels/<int:print_id>/file", views.download, name="label_download"),
    path("labels/entity/<int:pk>.<str:kind>", views.entity_label, name="label_entity"),
    path("labels/<int:instrument_id>.<str:kind>", views.single, name="label_single"),
]
