from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "quanheng.apps.certificates"
    label = "certificates"
