"""Addresses of inspections."""

from __future__ import annotations

from django.urls import path

from quanheng.web.inspections import public, tasks, views
from quanheng.web.inspections.lists import CampaignList, InspectionList
from quanheng.web.lists.views import list_view

urlpatterns = [
    path("campaigns/", list_view(CampaignList), name="campaign_list"),
    path("campaigns/new/", views.campaign_new, name="campaign_new"),
    path("campaigns/<int:pk>/", views.campaign_page, name="campaign_page"),
    path("campaigns/<int:pk>/<slug:slug>/", views.campaign_act, name="campaign_act"),
    path("inspections/", list_view(InspectionList), name="inspection_list"),
    path("inspections/<int:pk>/", tasks.inspection_page, name="inspection_page"),
    path("inspections/<int:pk>/<slug:slug>/", tasks.inspection_act, name="inspection_act"),
    path("draws/", public.draws, name="draw_list"),
    path("draws/<slug:number>/", public.draw, name="draw_page"),
    path("draws/<slug:number>/commitment.json", public.commitment, name="draw_commitment"),
    path("draws/<slug:number>/proof.json", public.proof, name="draw_proof"),
]
