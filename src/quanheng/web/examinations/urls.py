"""Addresses of the bench."""

from __future__ import annotations

from django.urls import path

from quanheng.web.examinations import batch, deciding, views

urlpatterns = [
    path("examinations/", views.examination_list, name="examination_list"),
    path("examinations/tablet/", views.tablet, name="examination_tablet"),
    path("examinations/batch/", batch.batch, name="examination_batch"),
    path("examinations/decide/", deciding.decide, name="examination_decide"),
    path("examinations/<int:pk>/", views.examination_page, name="examination_page"),
    path("examinations/<int:pk>/record", views.record, name="examination_record"),
]
