"""Addresses of certificates in the office; the public's are in web/public."""

from __future__ import annotations

from django.urls import path

from quanheng.web.certificates import views
from quanheng.web.certificates.lists import CertificateList, ChangeList
from quanheng.web.lists.views import list_view

urlpatterns = [
    path("certificates/", list_view(CertificateList), name="certificate_list"),
    path("certificate-changes/", list_view(ChangeList), name="certificate_change_list"),
    path("certificates/<int:pk>/", views.certificate_page, name="certificate_page"),
    path("certificates/<int:pk>/change", views.change_ask, name="certificate_change"),
]
