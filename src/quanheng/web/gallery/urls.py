"""Addresses of the gallery."""

from __future__ import annotations

from django.urls import path

from quanheng.web.gallery import views

urlpatterns = [
    path("gallery/", views.gallery, name="gallery"),
    path("gallery/list/<str:kind>/", views.sample_list, name="gallery_list"),
    path("gallery/error/<str:code>/", views.sample_error, name="gallery_error"),
    path("gallery/progress/", views.sample_progress, name="gallery_progress"),
    path("gallery/chart/<str:kind>/", views.sample_chart, name="gallery_chart"),
]
