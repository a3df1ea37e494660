"""Addresses of the campaign."""

from __future__ import annotations

from django.urls import path

from quanheng.web.campaign import views

urlpatterns = [
    path("campaign/scales/", views.campaign_scales, name="import_campaign"),
    path("campaign/scales/report.xlsx", views.campaign_sheet, name="import_campaign_sheet"),
    path("campaign/scales/report.pdf", views.campaign_print, name="import_campaign_print"),
]
