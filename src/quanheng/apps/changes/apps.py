from django.apps import AppConfig


class ChangesConfig(AppConfig):
    name = "quanheng.apps.changes"
    label = "changes"
