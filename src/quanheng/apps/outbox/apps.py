from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "quanheng.apps.outbox"
    label = "outbox"
