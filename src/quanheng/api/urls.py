"""Addresses of the API: the operations, its description, and the page about it."""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from quanheng.api import hooks, page
from quanheng.api.v1 import api

urlpatterns = [
    path("", page.reference, name="api_reference"),
    path("openapi.json", page.openapi_document, name="api_openapi"),
    path("hooks/national-scales", hooks.national_scales, name="hook_national_scales"),
    # The library's own root page looks for a documentation page that we do not serve.
    path("v1/", RedirectView.as_view(pattern_name="api_reference"), name="api_root"),
    path("v1/", api.urls),
]
