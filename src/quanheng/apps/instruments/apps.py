from django.apps import AppConfig


class InstrumentsConfig(AppConfig):
    name = "quanheng.apps.instruments"
    label = "instruments"
