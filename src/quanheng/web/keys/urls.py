"""Addresses of the keys of the API."""

from __future__ import annotations

from django.urls import path

from quanheng.web.keys import views
from quanheng.web.keys.lists import KeyList
from quanheng.web.lists.views import list_view

urlpatterns = [
    path("keys/", list_view(KeyList), name="key_list"),
    path("keys/new/", views.key_new, name="key_new"),
    path("keys/<int:pk>/", views.key_page, name="key_page"),
    path("keys/<int:pk>/collect/", views.key_collect, name="key_collect"),
    path("keys/<int:pk>/revoke/", views.key_revoke, name="key_revoke"),
]
