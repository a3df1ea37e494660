"""Addresses of the codes."""

from __future__ import annotations

from django.urls import path

from quanheng.web.codes import views
from quanheng.web.codes.lists import CodeList
from quanheng.web.lists.views import list_view

urlpatterns = [
    path("codes/", list_view(CodeList), name="code_list"),
    path("codes/blank/new/", views.blank_new, name="code_blank_new"),
    path("codes/bind/", views.bind, name="code_bind"),
    path("entities/<int:pk>/issue-code/", views.entity_code_issue, name="entity_code_issue"),
]
