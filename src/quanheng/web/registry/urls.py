"""Addresses of the registry."""

from __future__ import annotations

from django.urls import path

from quanheng.web.lists.views import list_view
from quanheng.web.registry import views
from quanheng.web.registry.lists import EntityList

urlpatterns = [
    path("entities/", list_view(EntityList), name="entity_list"),
    path("entities/new/", views.entity_new, name="entity_new"),
    path("entities/<int:pk>/", views.entity_page, name="entity_page"),
    path("entities/<int:pk>/edit/", views.entity_edit, name="entity_edit"),
    path("entities/<int:pk>/confirm/", views.entity_confirm, name="entity_confirm"),
    path("entities/<int:pk>/file.pdf", views.entity_print, name="entity_print"),
    path("entities/<int:pk>/unchanged/", views.entity_unchanged, name="entity_unchanged"),
    path("entities/<int:pk>/close/", views.entity_close, name="entity_close"),
    path("entities/<int:pk>/contacts/", views.contact_edit, name="contact_edit"),
    path("entities/<int:pk>/contacts/<int:contact_id>/reveal/", views.contact_reveal, name="contact_reveal"),
]
