"""Addresses of filing."""

from __future__ import annotations

from django.urls import path

from quanheng.web.filings import views

urlpatterns = [
    path("filings/", views.filing_list, name="filing_list"),
    path("filings/<int:pk>/", views.filing_review, name="filing_review"),
]
