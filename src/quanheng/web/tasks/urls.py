"""Addresses of long tasks, of every kind."""

from __future__ import annotations

from django.urls import path

from quanheng.web.tasks import views

urlpatterns = [
    path("tasks/", views.task_list, name="task_list"),
    path("tasks/<slug:kind>/<int:pk>/", views.task_page, name="task_page"),
    path("tasks/<slug:kind>/<int:pk>/progress/", views.task_progress, name="task_progress"),
    path("tasks/<slug:kind>/<int:pk>/file/", views.task_file, name="task_file"),
    path("tasks/<slug:kind>/<int:pk>/cancel/", views.task_cancel, name="task_cancel"),
]
