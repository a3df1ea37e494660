"""Every address of the platform."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("quanheng.api.urls")),
    path("", include("quanheng.web.public.urls")),  # first: the most asked for
    path("", include("quanheng.web.health")),
    path("", include("quanheng.web.home.urls")),
    path("", include("quanheng.web.accounts.urls")),
    path("", include("quanheng.web.kept_forms.urls")),
    path("", include("quanheng.web.search.urls")),
    path("", include("quanheng.web.help.urls")),
    path("", include("quanheng.web.lists.urls")),
    path("", include("quanheng.web.tasks.urls")),
    path("", include("quanheng.web.notices.urls")),
    path("", include("quanheng.web.labels.urls")),
    path("", include("quanheng.web.codes.urls")),
    path("", include("quanheng.web.keys.urls")),
    path("", include("quanheng.web.webhooks.urls")),
    path("", include("quanheng.web.imports.urls")),
    path("", include("quanheng.web.indicators.urls")),
    path("", include("quanheng.web.calculators.urls")),
    path("", include("quanheng.web.gallery.urls")),
    path("", include("quanheng.web.people.urls")),
    path("", include("quanheng.web.hospitals.urls")),
    path("", include("quanheng.web.registry.urls")),
    path("", include("quanheng.web.files.urls")),
    path("", include("quanheng.web.instruments.urls")),
    path("", include("quanheng.web.catalogue.urls")),
    path("", include("quanheng.web.filings.urls")),
    path("", include("quanheng.web.due.urls")),
    path("", include("quanheng.web.records.urls")),
    path("", include("quanheng.web.repairs.urls")),
    path("", include("quanheng.web.reminders.urls")),
    path("", include("quanheng.web.institutes.urls")),
    path("", include("quanheng.web.applications.urls")),
    path("", include("quanheng.web.examinations.urls")),
    path("", include("quanheng.web.certificates.urls")),
    path("", include("quanheng.web.campaign.urls")),
    path("", include("quanheng.web.ecqs.urls")),
    path("", include("quanheng.web.exchange.urls")),
    path("", include("quanheng.web.reports.urls")),
    path("", include("quanheng.web.inspections.urls")),
    path("", include("quanheng.web.focus.urls")),
]
