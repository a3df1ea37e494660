"""Addresses of label printing."""

from __future__ import annotations

from django.urls import path

from quanheng.web.labels import views

urlpatterns = [
    path("labels/", views.choose, name="label_choose"),
    path("labels/preview", views.preview, name="label_preview"),
    path("labels/picture", views.picture, name="label_picture"),
    path("labels/<int:print_id>/", views.moved, name="label_moved"),
    path("labels/entity/<int:pk>.<str:kind>", views.entity_label, name="label_entity"),
    path("labels/<int:instrument_id>.<str:kind>", views.single, name="label_single"),
]
