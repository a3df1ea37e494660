from django.apps import AppConfig


class CalculationsConfig(AppConfig):
    name = "quanheng.calculations"
    label = "calculations"
