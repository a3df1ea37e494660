from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "quanheng.apps.inspections"
    label = "inspections"
