"""Addresses of the webhooks."""

from __future__ import annotations

from django.urls import path

from quanheng.web.lists.views import list_view
from quanheng.web.webhooks import views
from quanheng.web.webhooks.lists import WebhookList

urlpatterns = [
    path("webhooks/", list_view(WebhookList), name="webhook_list"),
    path("webhooks/new/", views.webhook_new, name="webhook_new"),
    path("webhooks/<int:pk>/", views.webhook_page, name="webhook_page"),
    path("webhooks/<int:pk>/act/", views.webhook_act, name="webhook_act"),
]
