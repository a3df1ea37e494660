from django.apps import AppConfig


class HospitalsConfig(AppConfig):
    name = "quanheng.apps.hospitals"
    label = "hospitals"
