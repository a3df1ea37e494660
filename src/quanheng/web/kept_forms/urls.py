"""Addresses of what is kept of forms."""

from __future__ import annotations

from django.urls import path

from quanheng.web.kept_forms.views import kept_form_drop

urlpatterns = [path("me/kept-forms/<int:form_id>/drop/", kept_form_drop, name="kept_form_drop")]
