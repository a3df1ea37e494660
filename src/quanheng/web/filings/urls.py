"""Addresses of filing."""

from __future__ import annotations

from django.urls import path

from quanheng.web.filings import views
from quanheng.web.filings.lists import ProposalList
from quanheng.web.filings.proposals import proposal_page
from quanheng.web.lists.views import list_view

urlpatterns = [
    path("filings/", views.filing_list, name="filing_list"),
    path("filings/<int:pk>/", views.filing_review, name="filing_review"),
    path("proposals/", list_view(ProposalList), name="proposal_list"),
    path("proposals/<int:pk>/", proposal_page, name="proposal_page"),
]
