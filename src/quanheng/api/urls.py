"""Addresses of the API: the operations, its description, and the page about it."""

from __future__ import annotations

from django.urls import path

from quanheng.api import page
from quanheng.api.v1 import api

urlpatterns = [
    path("", page.reference, name="api_reference"),
    path("openapi.json", page.openapi_document, name="api_openapi"),
    path("v1/", api.urls),
]
