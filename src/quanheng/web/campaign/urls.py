"""The address of the campaign."""

from __future__ import annotations

from django.urls import path

from quanheng.web.campaign import views

urlpatterns = [path("campaign/scales/", views.campaign_scales, name="import_campaign")]
