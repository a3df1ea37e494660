from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "quanheng.apps.audit"
    label = "audit"
