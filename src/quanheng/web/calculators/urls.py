"""Addresses of the calculators."""

from __future__ import annotations

from django.urls import path

from quanheng.web.calculators import views

urlpatterns = [
    path("calculators/", views.index, name="calculators"),
    path("calculators/draw/", views.draw, name="calculator_draw"),
    path("calculators/net-content/", views.calculate, {"slug": "net-content"}, name="calculator_net_content"),
    path("calculators/uncertainty/", views.calculate, {"slug": "uncertainty"}, name="calculator_uncertainty"),
    path(
        "calculators/decision-risk/",
        views.calculate,
        {"slug": "decision-risk"},
        name="calculator_decision_risk",
    ),
    path("calculators/gauge-study/", views.calculate, {"slug": "gauge-study"}, name="calculator_gauge_study"),
    *(
        path(
            f"calculators/{slug}/",
            views.calculate,
            {"slug": slug},
            name=f"calculator_{slug.replace('-', '_')}",
        )
        for slug in (
            "survey-rate",
            "proportion",
            "calibration-interval",
            "drift-interval",
            "run-length",
            "factor-change",
        )
    ),
    path("calculators/deadline/", views.calculate, {"slug": "deadline"}, name="calculator_deadline"),
]
