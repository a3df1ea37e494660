from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "quanheng.apps.indicators"
    label = "indicators"
